package casework

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// A Record is the decision record of a meeting: what was frozen, and who signed
// just that. A correction is another record of the same meeting, with the next
// version (guide, annexe 2.1).
type Record struct {
	ID         string  `json:"id"`
	Commission string  `json:"commission"`
	Version    int     `json:"version"`
	Text       Minutes `json:"text"`
	// Hash is the fingerprint of Text: SHA-256 of its JSON, in hexadecimal.
	Hash string `json:"hash"`

	At         time.Time   `json:"-"`
	By         UserID      `json:"-"`
	Signatures []Signature `json:"-"`
}

// Minutes are all that a decision record says, as it was on the day it was
// frozen. Names and titles stand in it, not references to what may change.
type Minutes struct {
	Person    string     `json:"person"`
	Household Household  `json:"household"`
	Relatives []Relative `json:"relatives,omitempty"`

	At            time.Time `json:"at"`
	Place         string    `json:"place"`
	Length        int       `json:"minutes"`
	Extraordinary bool      `json:"extraordinary,omitempty"`
	Phase         string    `json:"phase,omitempty"`
	// Previous is the day of the meeting before.
	Previous Day `json:"previous,omitempty"`
	// Chair is the line of whoever led the meeting; an account without a line
	// leaves it empty.
	Chair string `json:"chair,omitempty"`
	// Support is the list of professionals, and Attendance who of them came.
	Support    []Professional `json:"support"`
	Attendance []Attendance   `json:"attendance,omitempty"`

	Strengths  []Element   `json:"strengths,omitempty"`
	Reviews    []Reviewed  `json:"reviews,omitempty"`
	Objectives []Objective `json:"objectives,omitempty"`
	Actions    []Step      `json:"actions,omitempty"`

	// OwnWords are the person's from the beginning, View those of this meeting.
	OwnWords string `json:"words,omitempty"`
	View     string `json:"view,omitempty"`
	Notes    string `json:"notes,omitempty"`
	// Referent is the line of the referent.
	Referent string `json:"referent,omitempty"`
	NextOn   Day    `json:"next,omitempty"`
}

// Reviewed is an objective of an earlier meeting with what became of it since: no
// outcome when nobody said.
type Reviewed struct {
	Objective Objective `json:"objective"`
	Outcome   Outcome   `json:"outcome,omitempty"`
	Why       string    `json:"why,omitempty"`
}

// A Step is an action as a record says it.
type Step struct {
	Action Action `json:"action"`
	Done   bool   `json:"done,omitempty"`
}

// A Signature binds somebody to the text of a record.
type Signature struct {
	Record string `json:"record"`
	// Hash is that of the text signed.
	Hash string `json:"hash"`
	// Who signed: a line of the list, or ThePerson.
	Who Actor `json:"who"`
	// Name is who of the family signed on paper, before Witness.
	Name    string `json:"name,omitempty"`
	Witness string `json:"witness,omitempty"`
	// Part: they know of some of the topics alone, and sign for those.
	Part bool `json:"part,omitempty"`

	At time.Time `json:"-"`
	// By is the account that signed, or that recorded a signature on paper.
	By UserID `json:"-"`
}

// OnPaper reports whether the signature stands on paper.
func (s Signature) OnPaper() bool { return s.Witness != "" }

// RecordFrozen: the text of a record was fixed.
type RecordFrozen struct {
	Record Record `json:"record"`
}

func (f RecordFrozen) apply(c *Case, e Entry) {
	f.Record.At, f.Record.By, f.Record.Signatures = e.At, e.By, nil
	c.Records = append(c.Records, f.Record)
	if m, ok := c.commission(f.Record.Commission); ok {
		m.fixNext(f.Record.Text.NextOn, e.At)
	}
}

// RecordSigned: somebody signed the text of a record.
type RecordSigned struct {
	Signature Signature `json:"signature"`
}

func (f RecordSigned) apply(c *Case, e Entry) {
	if r, ok := find(c.Records, f.Signature.Record, recordID); ok {
		f.Signature.At, f.Signature.By = e.At, e.By
		r.Signatures = append(r.Signatures, f.Signature)
	}
}

func recordID(r Record) string { return r.ID }

// Record gives the record id.
func (c *Case) Record(id string) (Record, bool) {
	r, ok := find(c.Records, id, recordID)
	if !ok {
		return Record{}, false
	}
	return *r, true
}

// LastRecord is the version in use of the last meeting that has a record.
func (c *Case) LastRecord() (Record, bool) {
	if len(c.Records) == 0 {
		return Record{}, false
	}
	last := c.Records[len(c.Records)-1]
	for _, r := range c.Records {
		if r.Text.At.After(last.Text.At) || r.Commission == last.Commission && r.Version > last.Version {
			last = r
		}
	}
	return last, true
}

// RecordOf is the version in use of the record of a meeting.
func (c *Case) RecordOf(commission string) (Record, bool) {
	for _, r := range slices.Backward(c.Records) {
		if r.Commission == commission {
			return r, true
		}
	}
	return Record{}, false
}

// Stale reports whether a later version took the place of r.
func (c *Case) Stale(r Record) bool {
	last, ok := c.RecordOf(r.Commission)
	return ok && last.ID != r.ID
}

// SignedBy gives who's signature of the record, if there is one.
func (r Record) SignedBy(who Actor) (Signature, bool) {
	for _, s := range r.Signatures {
		if s.Who == who {
			return s, true
		}
	}
	return Signature{}, false
}

// Unsigned gives who was at the meeting, or is called to them when that was not
// written down, and has not signed the record.
func (c *Case) Unsigned(r Record) []Actor {
	var unsigned []Actor
	expected := slices.Concat([]Actor{ThePerson}, c.were(r.Text))
	for _, who := range union(nil, expected) {
		if _, ok := r.SignedBy(who); !ok {
			unsigned = append(unsigned, who)
		}
	}
	return unsigned
}

func (c *Case) were(m Minutes) []Actor {
	if len(m.Attendance) == 0 {
		return c.Called()
	}
	var present []Actor
	for _, a := range m.Attendance {
		if a.Presence == Present {
			present = append(present, a.Who)
		}
	}
	return present
}

// Fingerprint is the hash of the text. The same text has the same one wherever
// and whenever it is computed.
func (m Minutes) Fingerprint() string {
	m.At = m.At.UTC()
	raw, err := json.Marshal(m)
	if err != nil {
		panic(err) // texts, numbers and a moment always encode
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// Minutes composes the decision record of a meeting from the journal as it is:
// earlier objectives with what became of them, those worked on now with who does
// what, the list, the referent. Whatever is of a vetoed topic, or of one that the
// person would not speak of at this meeting, is left out.
func (c *Case) Minutes(m Commission, notes string, next Day) Minutes {
	text := Minutes{
		Person: c.Person, Household: c.Household, OwnWords: c.OwnWords,
		At: m.At.UTC(), Place: m.Place, Length: m.Minutes, Extraordinary: m.Extraordinary, Phase: m.Phase,
		Attendance: m.Attendance, View: m.View, Notes: notes, NextOn: next,
	}
	told := func(t Topic) bool { return t == "" || c.Consent().Shared(t) && !m.SetAside(t) }
	for _, r := range c.Relatives {
		if told(r.Topic()) && !r.Left {
			text.Relatives = append(text.Relatives, r)
		}
	}
	if before, ok := c.Before(m); ok {
		text.Previous = DayOf(before.At)
	}
	if p, ok := c.ProfessionalOf(m.Chair); ok {
		text.Chair = p.ID
	}
	if r, ok := c.Referent(); ok {
		p, _ := c.ProfessionalOf(r.User)
		text.Referent = p.ID
	}
	for _, p := range c.Professionals {
		if p.Agreed {
			p.SetAt = time.Time{}
			text.Support = append(text.Support, p)
		}
	}
	for _, e := range c.Elements {
		if e.Kind == Strength && told(e.Topic) {
			text.Strengths = append(text.Strengths, e)
		}
	}
	c.decisions(&text, m, told)
	return text
}

// decisions adds the objectives and actions.
func (c *Case) decisions(text *Minutes, m Commission, told func(Topic) bool) {
	began := m.At
	if !m.OpenedAt.IsZero() {
		began = m.OpenedAt
	}
	before, met := c.Before(m)
	for _, o := range c.Objectives {
		if !told(o.Topic) {
			continue
		}
		news := !o.ReviewedAt.Before(began) || o.ReviewedAt.After(c.reported(before))
		earlier := met && o.SetAt.Before(began) && !o.SetAt.After(c.reported(before))
		bare := Objective{ID: o.ID, Topic: o.Topic, Title: o.Title, Horizon: o.Horizon, OwnWords: o.OwnWords}
		switch {
		case news:
			text.Reviews = append(text.Reviews, Reviewed{Objective: bare, Outcome: o.Outcome, Why: o.Why})
		case earlier && !o.Over():
			text.Reviews = append(text.Reviews, Reviewed{Objective: bare})
		}
		if o.Over() {
			continue
		}
		text.Objectives = append(text.Objectives, bare)
		for _, a := range c.Actions {
			if a.Objective == o.ID {
				step := Action{ID: a.ID, Objective: a.Objective, What: a.What, Who: a.Who, Due: a.Due}
				text.Actions = append(text.Actions, Step{Action: step, Done: a.Done})
			}
		}
	}
}

// reported is when all was said of a meeting: when the record in use was frozen,
// or else when it was over.
func (c *Case) reported(m Commission) time.Time {
	if r, ok := c.RecordOf(m.ID); ok {
		return r.At
	}
	if !m.EndedAt.IsZero() {
		return m.EndedAt
	}
	return m.Ends()
}

// Seen gives the text without what is of topics that told does not allow, and how
// many lines were left out.
func (m Minutes) Seen(told func(Topic) bool) (seen Minutes, hidden int) {
	topics := map[string]Topic{}
	for _, o := range m.Objectives {
		topics[o.ID] = o.Topic
	}
	keep := func(t Topic) bool {
		if t == "" || told(t) {
			return true
		}
		hidden++
		return false
	}
	seen = m
	seen.Relatives = kept(m.Relatives, func(r Relative) bool { return keep(r.Topic()) })
	seen.Strengths = kept(m.Strengths, func(e Element) bool { return keep(e.Topic) })
	seen.Reviews = kept(m.Reviews, func(r Reviewed) bool { return keep(r.Objective.Topic) })
	seen.Objectives = kept(m.Objectives, func(o Objective) bool { return keep(o.Topic) })
	seen.Actions = kept(m.Actions, func(s Step) bool { return keep(topics[s.Action.Objective]) })
	return seen, hidden
}

// Topics are those the text tells of.
func (m Minutes) Topics() []Topic {
	var topics []Topic
	m.Seen(func(t Topic) bool {
		topics = union(topics, []Topic{t})
		return true
	})
	return topics
}

func kept[T any](items []T, keep func(T) bool) []T {
	var some []T
	for _, item := range items {
		if keep(item) {
			some = append(some, item)
		}
	}
	return some
}

// FreezeRecord decides the text of a meeting's record, from its day on: the first
// version, or a correction. It ends the meeting if it is under way. Errors:
// Missing, UnknownItem, Forbidden, MeetingOff, NotHeldYet, TooLong, NotADate and
// PastDate for the next day, NoObjective when there is nothing to sign, SameAgain
// when nothing changed, LaterMeeting once a later one began (what it decided would
// slip in), and those of a decision on a case at work.
func (c *Case) FreezeRecord(commission, notes string, next Day, by UserID, now time.Time) ([]Fact, error) {
	if commission == "" {
		return nil, Refuse(Missing, "commission")
	}
	m, err := c.leading(commission, by, now)
	if err := first(err, area("notes", notes, false)); err != nil {
		return nil, err
	}
	if next == "" {
		next = m.NextOn
	} else if next != m.NextOn {
		if err := future("next_on", next, now); err != nil {
			return nil, err
		}
	}
	if c.overtaken(m) {
		return nil, Refuse(LaterMeeting, "commission")
	}
	text := c.Minutes(m, notes, next)
	if len(text.Objectives)+len(text.Reviews) == 0 {
		return nil, Refuse(NoObjective, "")
	}
	record := Record{
		ID: "r" + strconv.Itoa(len(c.Records)+1), Commission: commission, Version: 1,
		Text: text, Hash: text.Fingerprint(),
	}
	if last, ok := c.RecordOf(commission); ok {
		if last.Hash == record.Hash {
			return nil, Refuse(SameAgain, "notes")
		}
		record.Version = last.Version + 1
	}
	facts := []Fact{RecordFrozen{Record: record}}
	if open, ok := c.Session(now); ok && open.ID == commission {
		facts = append(facts, SessionEnded{Commission: commission, NextOn: next})
	}
	return facts, nil
}

// overtaken reports whether a later meeting began: a record of m would tell of it.
func (c *Case) overtaken(m Commission) bool {
	return slices.ContainsFunc(c.Commissions, func(later Commission) bool {
		return later.At.After(m.At) && !later.OpenedAt.IsZero()
	})
}

// Unrecorded reports whether the record of a meeting is still to be written.
func (c *Case) Unrecorded(m Commission) bool {
	_, recorded := c.RecordOf(m.ID)
	return !recorded && !m.Cancelled && !c.overtaken(m)
}

// Sign decides that user signs the text of a record: for themselves alone, and
// only the version in use. Errors: UnknownItem, StaleRecord, AlreadySigned,
// NotASigner for somebody who has no line of the list, and those of a decision on
// a case at work.
func (c *Case) Sign(id string, user UserID, now time.Time) ([]Fact, error) {
	r, err := c.signable(id, now)
	if err != nil {
		return nil, err
	}
	m, ok := c.Member(user)
	who := m.Actor()
	if !ok || !m.Joined || who == "" || !c.Covers(user, "", now) {
		return nil, Refuse(NotASigner, "")
	}
	if c.signed(r, who, "") {
		return nil, Refuse(AlreadySigned, "")
	}
	part := slices.ContainsFunc(r.Text.Topics(), func(t Topic) bool { return !c.Covers(user, t, now) })
	return []Fact{RecordSigned{Signature: Signature{Record: id, Hash: r.Hash, Who: who, Part: part}}}, nil
}

// SignOnPaper decides that somebody of the family signed the text of a record on
// paper, before a witness: recorded by whoever keeps her consent. Nobody else is
// signed for. Errors: Missing, TooLong, Forbidden, UnknownItem, StaleRecord,
// AlreadySigned, and those of a decision on a case at work.
func (c *Case) SignOnPaper(id, name, witness string, by UserID, now time.Time) ([]Fact, error) {
	r, err := c.signable(id, now)
	if err := first(err, line("name", name, true), line("witness", witness, true)); err != nil {
		return nil, err
	}
	if !c.KeepsConsent(by) {
		return nil, Refuse(Forbidden, "")
	}
	if c.signed(r, ThePerson, name) {
		return nil, Refuse(AlreadySigned, "name")
	}
	return []Fact{RecordSigned{Signature: Signature{Record: id, Hash: r.Hash, Who: ThePerson, Name: name, Witness: witness}}}, nil
}

// signed reports whether who signed the record: of the family, the one of this
// name on paper, or the person with her own account when there is none. Others of
// the family sign beside her.
func (c *Case) signed(r Record, who Actor, name string) bool {
	self, _ := c.Herself()
	herself := func(name string) bool { return name == "" || name == c.Person || name == self.FullName() }
	return slices.ContainsFunc(r.Signatures, func(s Signature) bool {
		return s.Who == who && (who != ThePerson || s.Name == name || herself(s.Name) && herself(name))
	})
}

// signable gives the record id if its text is the one in use.
func (c *Case) signable(id string, now time.Time) (Record, error) {
	if err := c.working(now); err != nil {
		return Record{}, err
	}
	r, ok := c.Record(id)
	switch {
	case !ok:
		return Record{}, Refuse(UnknownItem, "record")
	case c.Stale(r):
		return Record{}, Refuse(StaleRecord, "")
	}
	return r, nil
}
