package casework

import (
	"slices"
	"time"
)

// A Case is one person or one family who agreed to enter the démarche, as its
// journal tells it. Read its fields; it changes by Apply alone.
type Case struct {
	Code  Code
	Seq   uint64
	State State

	Author   UserID
	OpenedAt time.Time
	LastAt   time.Time
	// DecidedAt is when somebody last decided something; what the program notes
	// by itself is no decision.
	DecidedAt time.Time
	Person    string
	Household Household
	EntryPath string
	OwnWords  string

	// Aim and Problem are the final aim of the path and its problem put as one
	// question (guide, annexe 2.3).
	Aim, Problem string
	// Situation presents it as a whole (guide, annexe 2.4).
	Situation string

	Consents      []Consent
	Professionals []Professional
	Members       []Member
	Referents     []Mission
	Elements      []Element
	Objectives    []Objective
	Actions       []Action
	Commissions   []Commission
	Records       []Record
	Relatives     []Relative
	// Consultations are those by administrators who have no place in the case.
	Consultations []Consultation

	// Closing says how the démarche ended, ClosedAt when; zero before.
	Closing  Closing
	ClosedAt time.Time

	// Channel is the case's own channel, Home its pinned card; empty before
	// they exist.
	Channel ChannelID
	Home    MessageRef
	// Blank: the pinned card was emptied, and waits to say anything again.
	Blank bool
	// Posts are the other messages that stand in the channel and tell of the
	// case.
	Posts []Shown
	// Former are the channels that the case has left.
	Former []Former
	// Told are the messages that show somebody something of the case in private,
	// latest last.
	Told []Shown
	// Refusals counts the anonymous refusals of the register.
	Refusals int

	journal  []Entry
	reminded map[string]bool
	held     SharingHeld
	// shut: the consent ran out, and the channel is closed to the professionals.
	shut bool
	// endedAt is when it was closed or withdrawn.
	endedAt time.Time
	// months is how long the case is kept, since monthsAt; 0 where nothing was said.
	months   int
	monthsAt time.Time
}

// Fold gives the case that a journal tells. Any prefix of a journal is a
// journal.
func Fold(code Code, entries []Entry) *Case {
	c := &Case{Code: code, journal: make([]Entry, 0, len(entries))}
	for _, e := range entries {
		c.Apply(e)
	}
	return c
}

// Apply takes in the next entry of the journal.
func (c *Case) Apply(e Entry) {
	c.Seq = e.Seq
	if !e.At.Before(c.LastAt) {
		c.LastAt = e.At
	}
	if decided(e.Fact) && !e.At.Before(c.DecidedAt) {
		c.DecidedAt = e.At
	}
	c.journal = append(c.journal, e)
	e.Fact.apply(c, e)
}

// After gives the case as it will be once facts, decided by somebody at a moment, are
// written; c stays as it is.
func (c *Case) After(facts []Fact, by UserID, at time.Time) *Case {
	after := Fold(c.Code, c.History())
	for _, fact := range facts {
		after.Apply(Entry{Seq: after.Seq + 1, At: at, By: by, Fact: fact})
	}
	return after
}

// decided reports whether a fact is something people decided.
func decided(f Fact) bool {
	switch f.(type) {
	case Shown, Reminded, Withheld, ChannelOpened, ChannelMoved, SharingHeld, SharingResumed, SharingSuspended, RetentionSet, MissionEnded, ChannelShut, DocumentMade, Consulted:
		return false
	}
	return true
}

// History is the journal, oldest first. Its entries are not to be changed.
func (c *Case) History() []Entry { return slices.Clip(c.journal) }

// Ended reports whether the case takes no more decisions.
func (c *Case) Ended() bool { return c.State == Closed || c.State == Withdrawn }

// working refuses decisions that need a case alive and a consent in force.
func (c *Case) working(now time.Time) error {
	if c.Ended() {
		return Refuse(CaseEnded, "")
	}
	if c.State == Proposed {
		return Refuse(NoConsent, "")
	}
	if c.Consent().Suspended {
		return Refuse(ConsentInDoubt, "")
	}
	if !c.Consent().InForce(now) {
		return Refuse(ConsentGone, "")
	}
	return nil
}

// Opened: a professional proposed the démarche and the person did not refuse
// (guide IV.A.1).
type Opened struct {
	Person    string    `json:"person"`
	Household Household `json:"household"`
	EntryPath string    `json:"entry,omitempty"`
	OwnWords  string    `json:"words,omitempty"`
	// Author is the author's line of the list, the first.
	Author Professional `json:"author"`
}

func (f Opened) apply(c *Case, e Entry) {
	c.State = Proposed
	c.Author, c.OpenedAt = e.By, e.At
	c.Person, c.Household, c.EntryPath, c.OwnWords = f.Person, f.Household, f.EntryPath, f.OwnWords
	f.Author.SetAt = e.At
	c.Professionals = append(c.Professionals, f.Author)
	c.Members = append(c.Members, Member{User: e.By, Role: RoleAuthor, Professional: f.Author.ID, Joined: true})
}

// end leaves no question open.
func (c *Case) end(state State, at time.Time) {
	c.State, c.endedAt = state, at
	for i := range c.Members {
		c.Members[i].Asked = false
	}
	c.Referents = answered(c.Referents)
}

// ChannelOpened: the platform made the case's own channel.
type ChannelOpened struct {
	Channel ChannelID `json:"channel"`
}

func (f ChannelOpened) apply(c *Case, _ Entry) { c.Channel = f.Channel }

// Shown: something of the case was posted, or changed in place: what (the outbox
// key), where, by which view of which subject, and on which topics. Home marks
// the pinned card. One without a Message was sent, or may have been, and it is not
// known where it stands: it is to be looked for by its key.
type Shown struct {
	Key     string     `json:"key"`
	Channel ChannelID  `json:"channel,omitempty"`
	User    UserID     `json:"user,omitempty"`
	Message MessageRef `json:"message"`
	Topics  []Topic    `json:"topics,omitempty"`
	Home    bool       `json:"home,omitempty"`
	View    string     `json:"view,omitempty"`
	Subject string     `json:"subject,omitempty"`
}

func (f Shown) apply(c *Case, _ Entry) {
	switch {
	case f.Home:
		c.Home, c.Blank = f.Message, false
	case f.User != "":
		if f.View != "" {
			c.Told = with(c.Told, f, func(s Shown) bool { return s.Key == f.Key && s.shows(f.View, f.Subject, f.User) })
		}
	case f.Channel == c.Channel:
		c.Posts = with(c.Posts, f, f.replaces)
	}
}

// replaces reports whether other is the same post, perhaps before it was known where
// it stands.
func (f Shown) replaces(other Shown) bool {
	if other.Message == "" {
		return other.Key == f.Key
	}
	return other.Message == f.Message
}

func (f Shown) shows(view, subject string, user UserID) bool {
	return f.View == view && f.Subject == subject && f.User == user
}

// with gives messages with one more, in the place of the one it replaces.
func with(all []Shown, one Shown, replaces func(Shown) bool) []Shown {
	if i := slices.IndexFunc(all, replaces); i >= 0 {
		all = slices.Delete(slices.Clone(all), i, i+1)
	}
	return append(all, one)
}

// Standing gives the last message that stands and shows a subject by a view: to
// user in private or, when user is empty, to all in the channel.
func (c *Case) Standing(view, subject string, user UserID) (Shown, bool) {
	all := c.Posts
	if user != "" {
		all = c.Told
	}
	for _, s := range slices.Backward(all) {
		if s.Message != "" && s.shows(view, subject, user) {
			return s, true
		}
	}
	return Shown{}, false
}

// Withheld: messages were emptied, because somebody who reads them may not, or
// was to join the channel and may not know of all that they told: a newcomer
// reads the whole past of a channel. Keys are those of messages of which it was not
// known where they stand: they were looked for, and emptied if they were there.
type Withheld struct {
	Messages []MessageRef `json:"messages"`
	Keys     []string     `json:"keys,omitempty"`
}

func (f Withheld) apply(c *Case, _ Entry) {
	emptied := func(s Shown) bool {
		if s.Message == "" {
			return slices.Contains(f.Keys, s.Key)
		}
		return slices.Contains(f.Messages, s.Message)
	}
	c.Blank = c.Blank || slices.Contains(f.Messages, c.Home)
	c.Posts = slices.DeleteFunc(slices.Clone(c.Posts), emptied)
	c.Told = slices.DeleteFunc(slices.Clone(c.Told), emptied)
	c.Former = slices.Clone(c.Former)
	for i := range c.Former {
		c.Former[i].Posts = slices.DeleteFunc(slices.Clone(c.Former[i].Posts), emptied)
	}
}

// TooTelling gives what stands in the channel and tells more than newcomer may
// know at now; home is true when the pinned card might, if it is there.
func (c *Case) TooTelling(newcomer UserID, now time.Time) (posts []Shown, home bool) {
	for _, s := range c.Posts {
		if slices.ContainsFunc(s.Topics, func(t Topic) bool { return !c.Covers(newcomer, t, now) }) {
			posts = append(posts, s)
		}
	}
	home = c.Channel != "" && slices.ContainsFunc(c.Consent().Topics, func(t Topic) bool { return !c.Covers(newcomer, t, now) })
	return posts, home
}

// RefusalCounted: somebody refused the démarche. It is kept in a register apart
// from the cases, with neither name, author nor day, as a refusal has no
// consequence (guide IV.A.1).
type RefusalCounted struct {
	Household Household `json:"household"`
}

func (RefusalCounted) apply(c *Case, _ Entry) { c.Refusals++ }

// Register is the code of the register of refusals; no case can bear it.
const Register Code = "REFUS"

// Proposal is what a professional records of the first conversation.
type Proposal struct {
	Person    string
	Household Household
	EntryPath string
	OwnWords  string
	Answer    Answer
	Consent   Consent // when the answer is Accepts
	// Author is the professional who proposes, as the list will name them.
	Author Professional
	// Keep is that of the Policy.
	Keep int
}

// Open decides on a proposal that the person accepts or thinks over: the case,
// and the consent when she accepts. A refusal opens nothing; see CountRefusal.
// Errors: Missing, TooLong, NotAChoice, NotADate, PastDate, Forbidden without an
// author, and those of Grant.
func Open(code Code, by UserID, p Proposal, now time.Time) ([]Fact, error) {
	if by == "" {
		return nil, Refuse(Forbidden, "")
	}
	err := first(
		line("person", p.Person, true),
		oneOf("household", p.Household, OnePerson, Family),
		line("entry", p.EntryPath, false),
		oneOf("answer", p.Answer, Accepts, Thinking),
		area("own_words", p.OwnWords, false),
		p.Author.sized(), span(p.Author.Start, p.Author.End),
	)
	if err != nil {
		return nil, err
	}
	p.Author.ID, p.Author.User, p.Author.Agreed, p.Author.SetAt = professionalID(1), by, true, time.Time{}
	opened := Opened{Person: p.Person, Household: p.Household, EntryPath: p.EntryPath, OwnWords: p.OwnWords, Author: p.Author}
	c := Fold(code, []Entry{{Seq: 1, At: now, By: by, Fact: opened}})
	facts := append([]Fact{opened}, c.SetRetention(p.Keep)...)
	if p.Answer == Thinking {
		return facts, nil
	}
	given, err := c.Grant(by, p.Consent, now)
	if err != nil {
		return nil, err
	}
	return append(facts, given...), nil
}

// CountRefusal decides what is kept of a refusal: a count without a name.
// Errors: Missing, NotAChoice.
func CountRefusal(household Household) ([]Fact, error) {
	if err := oneOf("household", household, OnePerson, Family); err != nil {
		return nil, err
	}
	return []Fact{RefusalCounted{Household: household}}, nil
}

// find gives the item with this id.
func find[T any](items []T, id string, idOf func(T) string) (*T, bool) {
	i := slices.IndexFunc(items, func(item T) bool { return idOf(item) == id })
	if i < 0 {
		return nil, false
	}
	return &items[i], true
}
