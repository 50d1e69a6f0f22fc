package casework

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Professional is on the person's list: someone who accompanies her (guide,
// annexes 2.1, 2.2 and 2.4). The list is drawn up with the person.
type Professional struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	FirstName   string     `json:"first_name,omitempty"`
	Service     string     `json:"service,omitempty"`
	Profession  Profession `json:"profession,omitempty"`
	Sector      Sector     `json:"sector,omitempty"`
	Address     string     `json:"address,omitempty"`
	Purpose     string     `json:"purpose,omitempty"`
	Email       string     `json:"email,omitempty"`
	Phone       string     `json:"phone,omitempty"`
	User        UserID     `json:"user,omitempty"`
	Measure     string     `json:"measure,omitempty"`
	Beneficiary string     `json:"beneficiary,omitempty"`
	Start       Day        `json:"start,omitempty"`
	End         Day        `json:"end,omitempty"`
	// Agreed: the person wants them on the list and contacted (guide IV.A.2).
	Agreed bool `json:"agreed"`
	// SetAt is when End was last fixed.
	SetAt time.Time `json:"-"`
}

// FullName is how a professional is named.
func (p Professional) FullName() string { return strings.TrimSpace(p.FirstName + " " + p.Name) }

// A Member has, or was offered, a place in the case's channel.
type Member struct {
	User UserID
	Role Role
	// Professional is their line in the list; empty for the person.
	Professional string
	// Joined is true from the acceptance until they leave.
	Joined bool
	// Asked is true while the invitation waits for an answer.
	Asked bool
	// Past is what is to become of the channel's past before they are let in;
	// empty when nothing was chosen, and once it is done.
	Past Past
}

// Actor is the member in what is done: the person, or their line of the list;
// empty for neither.
func (m Member) Actor() Actor {
	if m.Role == RolePerson {
		return ThePerson
	}
	return Actor(m.Professional)
}

// professionalID names the nth line of the list; the first is the author's.
func professionalID(n int) string { return "p" + strconv.Itoa(n) }

// Professional gives the line id of the list.
func (c *Case) Professional(id string) (Professional, bool) {
	p, ok := find(c.Professionals, id, func(p Professional) string { return p.ID })
	if !ok {
		return Professional{}, false
	}
	return *p, true
}

// ProfessionalOf gives the line of the list that bears user's account.
func (c *Case) ProfessionalOf(user UserID) (Professional, bool) {
	for _, p := range c.Professionals {
		if p.User == user && user != "" {
			return p, true
		}
	}
	return Professional{}, false
}

func (c *Case) member(user UserID) (*Member, bool) {
	return find(c.Members, string(user), func(m Member) string { return string(m.User) })
}

// Member gives user's place, joined or not.
func (c *Case) Member(user UserID) (Member, bool) {
	m, ok := c.member(user)
	if !ok {
		return Member{}, false
	}
	return *m, true
}

// IsMember reports whether user has joined the circle and not left it.
func (c *Case) IsMember(user UserID) bool {
	m, ok := c.Member(user)
	return ok && m.Joined
}

// Coordinates reports whether user may call the circle together: the referent,
// the chair, and the author as long as no referent has accepted.
func (c *Case) Coordinates(user UserID) bool {
	m, ok := c.Member(user)
	if !ok || !m.Joined {
		return false
	}
	return m.Role == RoleChair || user == c.Coordinator()
}

// KeepsConsent reports whether user records the person's agreement: the author
// and the referent.
func (c *Case) KeepsConsent(user UserID) bool {
	return user != "" && (user == c.Author || user == c.Coordinator())
}

// Coordinator is who keeps the overview: the referent, or the author until one
// has accepted.
func (c *Case) Coordinator() UserID {
	if r, ok := c.Referent(); ok {
		return r.User
	}
	return c.Author
}

// Answering gives who answers for the case before others, the first first: the
// referent, the author, whoever leads the meetings. One may be named twice.
func (c *Case) Answering() []UserID {
	return append([]UserID{c.Coordinator(), c.Author}, c.InRole(RoleChair)...)
}

// InRole gives the members who joined in a role.
func (c *Case) InRole(role Role) []UserID {
	var users []UserID
	for _, m := range c.Members {
		if m.Role == role && m.Joined {
			users = append(users, m.User)
		}
	}
	return users
}

// Away gives those of actors who are not in the circle, or may know of nothing at
// now: they are to be called, or written to.
func (c *Case) Away(actors []Actor, now time.Time) []Actor {
	away := slices.Clone(actors)
	for _, user := range c.coveredAmong(c.joined(), "", now) {
		m, _ := c.Member(user)
		away = slices.DeleteFunc(away, func(who Actor) bool { return who == m.Actor() })
	}
	return away
}

// Chair is the member who leads the meetings, if one joined as such.
func (c *Case) Chair() (UserID, bool) {
	chairs := c.InRole(RoleChair)
	if len(chairs) == 0 {
		return "", false
	}
	return chairs[0], true
}

// ProfessionalListed: a line of the list, new or corrected.
type ProfessionalListed struct {
	Professional Professional `json:"professional"`
}

func (f ProfessionalListed) apply(c *Case, e Entry) {
	f.Professional.SetAt = e.At
	p, ok := find(c.Professionals, f.Professional.ID, func(p Professional) string { return p.ID })
	if !ok {
		c.Professionals = append(c.Professionals, f.Professional)
		return
	}
	if p.End == f.Professional.End {
		f.Professional.SetAt = p.SetAt
	}
	*p = f.Professional
}

// ListProfessional decides a new line of the list, or a correction of the line
// with the same account, or else the same name and service. With the person's
// agreement a new version of the consent opens to them the topics given, or all
// those shared when none is; without it they stay on the list, know of nothing,
// and leave the circle. The author's line stays agreed to. Whoever does not keep the
// consent, and is not the person, adds lines without agreement and corrects how to
// reach people. Errors: Missing, TooLong, NotADate, PastDate, TopicVetoed,
// TopicNotShared, AlreadyMember for a line whose account is in the circle and would
// change, or an account that is the person's own, ConsentKept, and those of a
// decision on a case at work.
func (c *Case) ListProfessional(by UserID, p Professional, topics []Topic, now time.Time) ([]Fact, error) {
	err := first(
		c.working(now),
		line("name", p.Name, true), line("service", p.Service, true), p.sized(),
		span(p.Start, p.End), c.allOpen("topics", topics),
	)
	if err != nil {
		return nil, err
	}
	if m, ok := c.Member(p.User); ok && m.Role == RolePerson && (m.Joined || m.Asked) {
		return nil, Refuse(AlreadyMember, "user")
	}
	p.ID, p.SetAt = professionalID(len(c.Professionals)+1), time.Time{}
	known, ok := c.lineOf(p)
	if ok {
		p.ID = known.ID
		if p.User == "" {
			p.User = known.User
		}
		if p.User != known.User && c.IsMember(known.User) {
			return nil, Refuse(AlreadyMember, "user")
		}
	}
	p.Agreed = p.Agreed || p.ID == professionalID(1)
	if !c.minds(by) {
		if err := p.sameReach(&known, topics, by); err != nil {
			return nil, err
		}
		return []Fact{ProfessionalListed{Professional: p}}, nil
	}
	facts := []Fact{ProfessionalListed{Professional: p}}
	if !p.Agreed && c.IsMember(p.User) {
		facts = append(facts, MemberLeft{User: p.User})
	}
	consent := c.Consent()
	named := consent.names(p.ID)
	switch {
	case p.Agreed && (!named || len(topics) > 0):
		if len(topics) == 0 {
			topics = consent.Topics
		}
		consent.Shares = append(consent.sharesWithout(p.ID), Share{Professional: p.ID, Topics: topics})
	case !p.Agreed && named:
		consent.Shares = consent.sharesWithout(p.ID)
	default:
		return facts, nil
	}
	return append(facts, c.versioned(consent)), nil
}

// sameReach refuses what a line in place of another would change of who knows what, and
// until when; each may end their own sooner. What is not said of when stays.
func (p *Professional) sameReach(known *Professional, topics []Topic, by UserID) error {
	if p.Start == "" {
		p.Start = known.Start
	}
	if p.End == "" {
		p.End = known.End
	}
	sooner := p.User == by && (known.End == "" || p.End < known.End)
	switch {
	case len(topics) > 0:
		return Refuse(ConsentKept, "topics")
	case p.Agreed != known.Agreed:
		return Refuse(ConsentKept, "agreed")
	case known.ID != "" && p.User != known.User:
		return Refuse(ConsentKept, "user")
	case known.ID != "" && p.Start != known.Start:
		return Refuse(ConsentKept, "start")
	case known.ID != "" && p.End != known.End && !sooner:
		return Refuse(ConsentKept, "end")
	}
	return nil
}

// lineOf gives the line that p corrects.
func (c *Case) lineOf(p Professional) (Professional, bool) {
	if known, ok := c.ProfessionalOf(p.User); ok {
		return known, true
	}
	same := func(known Professional) string { return known.Name + "\n" + known.Service }
	known, ok := find(c.Professionals, same(p), same)
	if !ok {
		return Professional{}, false
	}
	return *known, true
}

// sized refuses what a line of the list cannot hold.
func (p Professional) sized() error {
	return first(
		line("name", p.Name, false), line("first_name", p.FirstName, false), line("service", p.Service, false),
		oneOfOr("profession", p.Profession, Professions()...), oneOfOr("sector", p.Sector, Sectors()...),
		line("address", p.Address, false),
		area("purpose", p.Purpose, false), line("email", p.Email, false), line("phone", p.Phone, false),
		line("measure", p.Measure, false), line("beneficiary", p.Beneficiary, false),
	)
}

// names reports whether the consent has a share for professional, be it empty.
func (v Consent) names(professional string) bool {
	for _, share := range v.Shares {
		if share.Professional == professional {
			return true
		}
	}
	return false
}

func (v Consent) sharesWithout(professional string) []Share {
	var rest []Share
	for _, share := range v.Shares {
		if share.Professional != professional {
			rest = append(rest, share)
		}
	}
	return rest
}

// span refuses days that are none, and an end before the start.
func span(start, end Day) error {
	switch {
	case start != "" && !start.Valid():
		return Refuse(NotADate, "start")
	case end != "" && !end.Valid():
		return Refuse(NotADate, "end")
	case start != "" && end != "" && end < start:
		return Refuse(PastDate, "end")
	}
	return nil
}

// MemberInvited: somebody was offered a place.
type MemberInvited struct {
	User         UserID `json:"user"`
	Role         Role   `json:"role"`
	Professional string `json:"professional,omitempty"`
}

func (f MemberInvited) apply(c *Case, _ Entry) {
	m := Member{User: f.User, Role: f.Role, Professional: f.Professional, Asked: true}
	if known, ok := c.member(f.User); ok {
		*known = m
		return
	}
	c.Members = append(c.Members, m)
}

// InvitationAnswered: they took the place, or not.
type InvitationAnswered struct {
	User     UserID `json:"user"`
	Accepted bool   `json:"accepted"`
}

func (f InvitationAnswered) apply(c *Case, _ Entry) {
	if m, ok := c.member(f.User); ok {
		m.Asked, m.Joined = false, f.Accepted
		if f.Accepted {
			c.leaves(f.User, false)
		}
	}
}

// MemberLeft: they are in the circle no more.
type MemberLeft struct {
	User UserID `json:"user"`
}

func (f MemberLeft) apply(c *Case, _ Entry) { c.gone(f.User) }

// gone takes user's place away, and with it their mission as referent, given or
// offered: a referent is directly involved (guide IV.A.3).
func (c *Case) gone(user UserID) {
	if m, ok := c.member(user); ok {
		if m.Joined {
			c.leaves(user, true)
		}
		m.Asked, m.Joined = false, false
	}
	c.Referents = slices.DeleteFunc(c.Referents, func(m Mission) bool { return m.Asked && m.User == user })
	c.endMissions(user)
}

// endMissions ends what user had taken on as referent.
func (c *Case) endMissions(user UserID) {
	for i := range c.Referents {
		if m := &c.Referents[i]; m.User == user && m.Accepted {
			m.Ended = true
		}
	}
}

// Invite decides to offer user a place. Nobody is invited who is not on the
// person's list with her agreement to share something with them (guide IV.A.2);
// the person herself needs no line, and nobody who has one takes her place.
// Errors: Missing, NotListed, NotAgreed, AlreadyMember, NotAChoice, and those of
// a decision on a case at work.
func (c *Case) Invite(user UserID, role Role, now time.Time) ([]Fact, error) {
	err := first(c.working(now), oneOf("role", role, RolePartner, RoleChair, RoleSecretary, RolePerson))
	if err != nil {
		return nil, err
	}
	if user == "" {
		return nil, Refuse(Missing, "user")
	}
	if c.IsMember(user) {
		return nil, Refuse(AlreadyMember, "user")
	}
	p, listed := c.ProfessionalOf(user)
	switch {
	case listed && role == RolePerson:
		return nil, Refuse(NotAChoice, "role")
	case role == RolePerson:
		return []Fact{MemberInvited{User: user, Role: role}}, nil
	case !listed:
		return nil, Refuse(NotListed, "user")
	case !c.Consent().allows(p.ID, ""):
		return nil, Refuse(NotAgreed, "user")
	}
	return []Fact{MemberInvited{User: user, Role: role, Professional: p.ID}}, nil
}

// AnswerInvitation decides what user's answer does. Errors: NotInvited,
// AlreadyDone, NotAgreed when the person's agreement ended meanwhile or the line
// of the list is another account's now, and those of a decision on a case at
// work for an acceptance.
func (c *Case) AnswerInvitation(user UserID, accepts bool, now time.Time) ([]Fact, error) {
	m, ok := c.Member(user)
	switch {
	case ok && m.Joined && accepts:
		return nil, Refuse(AlreadyDone, "")
	case !ok || !m.Asked:
		return nil, Refuse(NotInvited, "")
	case !accepts:
		return []Fact{InvitationAnswered{User: user}}, nil
	}
	if err := c.working(now); err != nil {
		return nil, err
	}
	if m.Role != RolePerson {
		p, _ := c.ProfessionalOf(user)
		if p.ID != m.Professional || !c.Consent().allows(p.ID, "") {
			return nil, Refuse(NotAgreed, "")
		}
	}
	return []Fact{InvitationAnswered{User: user, Accepted: true}}, nil
}
