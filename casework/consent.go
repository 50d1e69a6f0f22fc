package casework

import (
	"reflect"
	"slices"
	"time"
)

// Consent is the person's agreement to share some topics with some partners,
// for the démarche, until a day (guide III.B.3). Each change makes a version.
type Consent struct {
	Version int         `json:"version"`
	Form    ConsentForm `json:"form"`
	Witness string      `json:"witness,omitempty"`
	// Topics may be shared; Vetoes never are, whatever else is said
	// (guide, annexe 2.1).
	Topics []Topic `json:"topics"`
	Vetoes []Topic `json:"vetoes,omitempty"`
	// Until is the last day of the consent.
	Until Day `json:"until"`
	// Purpose is what the sharing serves.
	Purpose string `json:"purpose,omitempty"`
	// Shares say which partner may know of which topics.
	Shares []Share `json:"shares"`
	// SetAt is when Until was last fixed.
	SetAt time.Time `json:"-"`
	// Withdrawn is set by the withdrawal, not by a version.
	Withdrawn bool `json:"-"`
	// Suspended is set when an older copy of the journals was put back, and holds
	// until the next version.
	Suspended bool `json:"-"`
}

// A Share opens topics to one professional of the list.
type Share struct {
	Professional string  `json:"professional"`
	Topics       []Topic `json:"topics"`
}

// consentMonths is the length of a consent when none is said.
const consentMonths = 12

// Purpose is what sharing serves when nothing else is said: the démarche and
// nothing else (guide, annexe 2.1, foot of the decision record).
const Purpose = "référent de parcours"

// InForce reports whether the consent allows sharing at now.
func (v Consent) InForce(now time.Time) bool {
	return v.Version > 0 && !v.Withdrawn && !v.Suspended && DayOf(now) <= v.Until
}

// allows reports whether professional may know of topic. An empty topic asks
// whether they may know of anything.
func (v Consent) allows(professional string, topic Topic) bool {
	for _, share := range v.Shares {
		if share.Professional != professional {
			continue
		}
		return slices.ContainsFunc(share.Topics, func(t Topic) bool {
			return (topic == "" || t == topic) && v.Shared(t)
		})
	}
	return false
}

// Shared reports whether the person agreed to share topic and did not veto it.
func (v Consent) Shared(topic Topic) bool {
	return slices.Contains(v.Topics, topic) && !slices.Contains(v.Vetoes, topic)
}

// Consent is the version in use; its Version is 0 when there never was any.
func (c *Case) Consent() Consent {
	if len(c.Consents) == 0 {
		return Consent{}
	}
	return c.Consents[len(c.Consents)-1]
}

// Covers reports whether user may at now be shown what the case says of topic,
// or its general part when topic is empty. It is the rule the gate applies to
// everybody who could read a message:
//   - nothing is shared without a consent in force, and a vetoed topic with no
//     professional;
//   - the person may see all that is recorded of her;
//   - a professional must have joined the circle, and the consent name them
//     with this topic;
//   - before any consent, what was proposed is for its author alone;
//   - a case that was closed stays readable until its retention ends: to those
//     the consent covers as long as it runs, then to the person and to whoever
//     kept her consent.
func (c *Case) Covers(user UserID, topic Topic, now time.Time) bool {
	member, ok := c.Member(user)
	if !ok || !member.Joined {
		return false
	}
	if c.State == Proposed {
		return user == c.Author && topic == ""
	}
	if member.Role == RolePerson {
		return c.readable(now, true)
	}
	return c.readable(now, c.KeepsConsent(user)) && c.Consent().allows(member.Professional, topic)
}

// readable reports whether the case may be read at now: with a consent in force,
// or, once closed, by those who keep it until its retention ends.
func (c *Case) readable(now time.Time, keeper bool) bool {
	running := c.Consent().InForce(now)
	if c.State == Closed {
		return (running || keeper) && DayOf(now) <= c.KeptUntil(now.Location())
	}
	return running && !c.Ended()
}

// ConsentGiven: the person agreed, for the first time or anew.
type ConsentGiven struct {
	Consent Consent `json:"consent"`
}

func (f ConsentGiven) apply(c *Case, e Entry) {
	v, before := f.Consent.tidy(), c.Consent()
	v.SetAt, v.Withdrawn, v.Suspended = e.At, false, false
	if v.Until == before.Until {
		v.SetAt = before.SetAt
	}
	c.Consents, c.shut = append(c.Consents, v), false
	if c.State == Proposed {
		c.State = Consented
	}
}

// ConsentWithdrawn: the person took her agreement back, which she may at any
// time. Sharing stops at once.
type ConsentWithdrawn struct{}

func (ConsentWithdrawn) apply(c *Case, e Entry) {
	if n := len(c.Consents); n > 0 {
		c.Consents[n-1].Withdrawn = true
	}
	c.end(Withdrawn, e.At)
	for _, m := range c.Members {
		if m.User != c.Author {
			c.gone(m.User)
		}
	}
}

// Grant decides the first consent of a case, or a new one in place of the last:
// then a veto stays unless its topic is among those agreed to. Topics and Form
// are needed; Until is in twelve months unless said; Shares open all topics to
// the author and to whoever records it unless they name them, and to others what
// they say. A member to whom nothing is open any more leaves the circle, save the
// author, who then knows of nothing. Errors: Missing, TooLong, NotAChoice, WitnessNeeded, NotADate, PastDate,
// NotListed, CaseEnded, Forbidden.
func (c *Case) Grant(by UserID, v Consent, now time.Time) ([]Fact, error) {
	if v.Until == "" {
		v.Until = DayOf(now).AddMonths(consentMonths)
	}
	v.Vetoes = union(v.Vetoes, without(c.Consent().Vetoes, v.Topics))
	keepers := []string{professionalID(1)}
	if m, ok := c.Member(by); ok && m.Joined && m.Professional != "" {
		keepers = append(keepers, m.Professional)
	}
	for _, keeper := range keepers {
		if !v.names(keeper) {
			v.Shares = append([]Share{{Professional: keeper, Topics: v.Topics}}, v.Shares...)
		}
	}
	if err := c.consentOpen(by); err != nil {
		return nil, err
	}
	return c.newConsent(v, now)
}

// Extension is a change to the consent in use; what is empty stays as it is.
type Extension struct {
	// Topics are added to those shared; with Partners, they are opened to these
	// alone, without Partners to everybody the consent already names. Partners
	// alone are opened all that is shared.
	Topics   []Topic
	Partners []string
	// Vetoes are added, and close their topics to everybody; a topic agreed to
	// again is no longer vetoed, and open to those said above alone.
	Vetoes  []Topic
	Until   Day
	Form    ConsentForm
	Witness string
}

// Extend decides a wider, longer or (by a veto) narrower consent: a new version
// of the one in use. Errors: those of Grant, NothingConsent when there is none to
// extend or nothing changes, and ConsentInDoubt while sharing is suspended.
func (c *Case) Extend(by UserID, x Extension, now time.Time) ([]Fact, error) {
	if err := c.consentOpen(by); err != nil {
		return nil, err
	}
	used := c.Consent()
	if used.Version == 0 {
		return nil, Refuse(NothingConsent, "action")
	}
	if used.Suspended {
		return nil, Refuse(ConsentInDoubt, "action")
	}
	v := used
	v.Topics = union(v.Topics, x.Topics)
	v.Vetoes = union(without(v.Vetoes, x.Topics), x.Vetoes)
	if x.Until != "" {
		v.Until = x.Until
	}
	if x.Form != "" {
		v.Form, v.Witness = x.Form, ""
	}
	if x.Witness != "" {
		v.Witness = x.Witness
	}
	v.Shares = widened(v, x)
	if reflect.DeepEqual(v.tidy(), used.tidy()) {
		return nil, Refuse(NothingConsent, "topics")
	}
	return c.newConsent(v, now)
}

// Narrow decides that topics are shared with nobody any more, at the person's
// word: by herself, or recorded by whoever keeps her consent. A member to whom
// nothing is open any more leaves the circle. Errors: Missing and NothingConsent
// for veto, CaseEnded, Forbidden, ConsentInDoubt while sharing is suspended, and
// PastDate for a consent that ran out.
func (c *Case) Narrow(by UserID, vetoes []Topic, now time.Time) ([]Fact, error) {
	if err := c.hers(by); err != nil {
		return nil, err
	}
	v := c.Consent()
	before := v.Vetoes
	v.Vetoes = union(before, vetoes)
	switch {
	case v.Suspended:
		// A new version would resume sharing, of more than she perhaps agrees to.
		return nil, Refuse(ConsentInDoubt, "action")
	case len(vetoes) == 0:
		return nil, Refuse(Missing, "veto")
	case len(v.Vetoes) == len(before):
		return nil, Refuse(NothingConsent, "veto")
	}
	return c.newConsent(v, now)
}

// hers refuses to take anything back from a consent that is none or is over, and to
// anybody but the person and whoever keeps it.
func (c *Case) hers(by UserID) error {
	if c.Ended() {
		return Refuse(CaseEnded, "")
	}
	if c.Consent().Version == 0 {
		return Refuse(NothingConsent, "action")
	}
	if !c.minds(by) {
		return Refuse(Forbidden, "")
	}
	return nil
}

// minds says whether the consent is somebody's to change: the person's, and that of
// whoever keeps it.
func (c *Case) minds(by UserID) bool {
	m, ok := c.Member(by)
	return c.KeepsConsent(by) || ok && m.Joined && m.Role == RolePerson
}

// widened gives the shares of v with the topics of x opened to its partners.
func widened(v Consent, x Extension) []Share {
	partners := x.Partners
	if len(partners) == 0 && len(x.Topics) > 0 {
		for _, share := range v.Shares {
			partners = append(partners, share.Professional)
		}
	}
	topics := x.Topics
	if len(topics) == 0 {
		topics = v.Topics
	}
	shares := v.Shares
	for _, partner := range partners {
		shares = open(shares, partner, topics)
	}
	return shares
}

// consentOpen refuses changes of the consent of a case that ended, and by
// somebody who does not keep it.
func (c *Case) consentOpen(by UserID) error {
	if c.Ended() {
		return Refuse(CaseEnded, "")
	}
	if !c.KeepsConsent(by) {
		return Refuse(Forbidden, "")
	}
	return nil
}

func (c *Case) newConsent(v Consent, now time.Time) ([]Fact, error) {
	err := first(
		oneOf("form", v.Form, Written, Oral),
		line("witness", v.Witness, false), line("purpose", v.Purpose, false),
		allTopics("topics", v.Topics),
		allTopics("veto", v.Vetoes),
	)
	if err != nil {
		return nil, err
	}
	if len(v.Topics) == 0 {
		return nil, Refuse(Missing, "topics")
	}
	if v.Form == Oral && v.Witness == "" {
		return nil, Refuse(WitnessNeeded, "witness")
	}
	if !v.Until.Valid() {
		return nil, Refuse(NotADate, "until")
	}
	if v.Until < DayOf(now) {
		return nil, Refuse(PastDate, "until")
	}
	for _, share := range v.Shares {
		if p, ok := c.Professional(share.Professional); !ok || !p.Agreed {
			return nil, Refuse(NotListed, "partners")
		}
	}
	if v.Purpose == "" {
		v.Purpose = Purpose
	}
	given := c.versioned(v)
	return append([]Fact{given}, c.left(given.Consent)...), nil
}

// left gives the departures that follow from a consent: whoever it opens nothing to.
func (c *Case) left(v Consent) []Fact {
	var facts []Fact
	for _, m := range c.Members {
		if m.Joined && m.Role != RolePerson && m.User != c.Author && !v.allows(m.Professional, "") {
			facts = append(facts, MemberLeft{User: m.User})
		}
	}
	return facts
}

// versioned gives the next version of the consent.
func (c *Case) versioned(v Consent) ConsentGiven {
	v = v.tidy()
	v.Version, v.SetAt, v.Withdrawn = len(c.Consents)+1, time.Time{}, false
	return ConsentGiven{Consent: v}
}

// tidy gives v without repetitions, sharing memory with nobody, and with shares
// of open topics alone: a topic vetoed or not agreed to yet is not to be opened
// to somebody on the day it is agreed to for others.
func (v Consent) tidy() Consent {
	v.Topics, v.Vetoes = union(nil, v.Topics), union(nil, v.Vetoes)
	var shares []Share
	for _, share := range v.Shares {
		shares = open(shares, share.Professional, slices.DeleteFunc(slices.Clone(share.Topics),
			func(t Topic) bool { return !v.Shared(t) }))
	}
	v.Shares = shares
	return v
}

// open gives shares with topics opened to professional as well.
func open(shares []Share, professional string, topics []Topic) []Share {
	opened := slices.Clone(shares)
	i := slices.IndexFunc(opened, func(s Share) bool { return s.Professional == professional })
	if i < 0 {
		return append(opened, Share{Professional: professional, Topics: union(nil, topics)})
	}
	opened[i].Topics = union(opened[i].Topics, topics)
	return opened
}

// Withdraw decides the end of all sharing, at the person's word: by herself, or
// recorded by whoever keeps her consent. Errors: NothingConsent, CaseEnded,
// Forbidden.
func (c *Case) Withdraw(by UserID) ([]Fact, error) {
	if err := c.hers(by); err != nil {
		return nil, err
	}
	return []Fact{ConsentWithdrawn{}}, nil
}

func allTopics(field string, topics []Topic) error {
	for _, t := range topics {
		if err := oneOf(field, t, Topics()...); err != nil {
			return err
		}
	}
	return nil
}

// union gives the items of a, then those of b, each once.
func union[T comparable](a, b []T) []T {
	var all []T
	for _, x := range slices.Concat(a, b) {
		if !slices.Contains(all, x) {
			all = append(all, x)
		}
	}
	return all
}

// without gives the items of a that are not in b.
func without[T comparable](a, b []T) []T {
	return slices.DeleteFunc(slices.Clone(a), func(x T) bool { return slices.Contains(b, x) })
}
