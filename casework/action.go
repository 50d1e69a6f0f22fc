package casework

import (
	"strconv"
	"time"
)

// Actor is who does an action: a line of the list, or ThePerson, who comes
// first in proportion to her potential (guide IV.C.2).
type Actor string

// ThePerson is the person accompanied, as actor.
const ThePerson Actor = "person"

// An Action is « qui fait quoi, pour quand ».
type Action struct {
	ID        string `json:"id"`
	Objective string `json:"objective"`
	What      string `json:"what"`
	Who       Actor  `json:"who"`
	Due       Day    `json:"due"`

	// SetAt is when the due day was last fixed.
	SetAt time.Time `json:"-"`
	Done  bool      `json:"-"`
	// Help is true from a call for help until the action moves again.
	Help bool `json:"-"`
	// Left is true from the day on which whoever had it left the circle until
	// somebody takes it over, or they come back.
	Left bool `json:"-"`
}

// ActionAssigned: someone took an action on.
type ActionAssigned struct {
	Action Action `json:"action"`
}

func (f ActionAssigned) apply(c *Case, e Entry) {
	f.Action.SetAt, f.Action.Done, f.Action.Help, f.Action.Left = e.At, false, false, false
	c.Actions = append(c.Actions, f.Action)
}

// ActionDone: it is done.
type ActionDone struct {
	Action string `json:"action"`
}

func (f ActionDone) apply(c *Case, _ Entry) {
	if a, ok := c.action(f.Action); ok {
		a.Done, a.Help = true, false
	}
}

// ActionPostponed: it has another day.
type ActionPostponed struct {
	Action string `json:"action"`
	Due    Day    `json:"due"`
}

func (f ActionPostponed) apply(c *Case, e Entry) {
	if a, ok := c.action(f.Action); ok {
		a.Due, a.SetAt, a.Help = f.Due, e.At, false
	}
}

// ActionReassigned: someone else does it.
type ActionReassigned struct {
	Action string `json:"action"`
	Who    Actor  `json:"who"`
}

func (f ActionReassigned) apply(c *Case, e Entry) {
	if a, ok := c.action(f.Action); ok {
		a.Who, a.SetAt, a.Help, a.Left = f.Who, e.At, false, false
	}
}

// HelpAsked: whoever has the action cannot go on alone.
type HelpAsked struct {
	Action string `json:"action"`
}

func (f HelpAsked) apply(c *Case, _ Entry) {
	if a, ok := c.action(f.Action); ok {
		a.Help = true
	}
}

func (c *Case) action(id string) (*Action, bool) {
	return find(c.Actions, id, func(a Action) string { return a.ID })
}

// Action gives the action id.
func (c *Case) Action(id string) (Action, bool) {
	a, ok := c.action(id)
	if !ok {
		return Action{}, false
	}
	return *a, true
}

// TopicOf gives the topic of an action: that of its objective.
func (c *Case) TopicOf(a Action) Topic {
	o, _ := c.Objective(a.Objective)
	return o.Topic
}

// Live reports whether an action is still to be done for an objective that is
// still worked on.
func (c *Case) Live(a Action) bool {
	o, ok := c.Objective(a.Objective)
	return ok && !a.Done && !o.Over()
}

// Does reports whether the action is for user: as the professional it names, or
// as the person's own account.
func (c *Case) Does(user UserID, a Action) bool {
	if a.Who == ThePerson {
		m, ok := c.Member(user)
		return ok && m.Role == RolePerson
	}
	p, ok := c.Professional(string(a.Who))
	return ok && user != "" && p.User == user
}

// AssignAction decides a new action; it takes the objective, what, who and the
// day from a. Whoever does it must be allowed to know of its topic. Errors:
// Missing, TooLong, NotListed, NotAgreed, UnknownItem, ObjectiveOver, PastDate,
// NotADate, TopicVetoed, TopicNotShared, TopicSetAside, and those of a decision on
// a case at work.
func (c *Case) AssignAction(a Action, now time.Time) ([]Fact, error) {
	if err := first(c.working(now), line("what", a.What, true)); err != nil {
		return nil, err
	}
	o, ok := c.Objective(a.Objective)
	switch {
	case a.Objective == "":
		return nil, Refuse(Missing, "objective")
	case !ok:
		return nil, Refuse(UnknownItem, "objective")
	case o.Over():
		return nil, Refuse(ObjectiveOver, "objective")
	}
	if err := first(c.topicNow(o.Topic, now), c.actor(a.Who, o.Topic), future("due", a.Due, now)); err != nil {
		return nil, err
	}
	id := "a" + strconv.Itoa(len(c.Actions)+1)
	return []Fact{ActionAssigned{Action: Action{ID: id, Objective: a.Objective, What: a.What, Who: a.Who, Due: a.Due}}}, nil
}

// actor refuses somebody who is not on the list with the person's agreement to
// share topic with them.
func (c *Case) actor(who Actor, topic Topic) error {
	if who == "" {
		return Refuse(Missing, "who")
	}
	if who == ThePerson {
		return nil
	}
	if _, ok := c.Professional(string(who)); !ok {
		return Refuse(NotListed, "who")
	}
	if !c.Consent().allows(string(who), topic) {
		return Refuse(NotAgreed, "who")
	}
	return nil
}

// future refuses a day that is none, or past.
func future(field string, d Day, now time.Time) error {
	switch {
	case d == "":
		return Refuse(Missing, field)
	case !d.Valid():
		return Refuse(NotADate, field)
	case d < DayOf(now):
		return Refuse(PastDate, field)
	}
	return nil
}

// changeable gives the action id if it is still to be done and by may change
// it: a professional of the circle who may know of its topic, or the person
// for her own.
func (c *Case) changeable(id string, by UserID, now time.Time) (Action, error) {
	if err := c.working(now); err != nil {
		return Action{}, err
	}
	a, ok := c.Action(id)
	switch m, _ := c.Member(by); {
	case !ok:
		return Action{}, Refuse(UnknownItem, "action")
	case !c.Covers(by, c.TopicOf(a), now), m.Role == RolePerson && a.Who != ThePerson:
		return Action{}, Refuse(Forbidden, "")
	case a.Done:
		return Action{}, Refuse(AlreadyDone, "")
	}
	return a, nil
}

// Finish decides that an action is done. Errors: UnknownItem, AlreadyDone,
// Forbidden, and those of a decision on a case at work.
func (c *Case) Finish(id string, by UserID, now time.Time) ([]Fact, error) {
	if _, err := c.changeable(id, by, now); err != nil {
		return nil, err
	}
	return []Fact{ActionDone{Action: id}}, nil
}

// Postpone decides another day for an action. Errors: those of Finish, and
// PastDate, NotADate, Missing, SameAgain for the day.
func (c *Case) Postpone(id string, due Day, by UserID, now time.Time) ([]Fact, error) {
	a, err := c.changeable(id, by, now)
	if err := first(err, future("due", due, now)); err != nil {
		return nil, err
	}
	if a.Due == due {
		return nil, Refuse(SameAgain, "due")
	}
	return []Fact{ActionPostponed{Action: id, Due: due}}, nil
}

// Reassign decides who does an action instead. Errors: those of Finish, and
// Missing, NotListed, NotAgreed, SameAgain for who.
func (c *Case) Reassign(id string, who Actor, by UserID, now time.Time) ([]Fact, error) {
	a, err := c.changeable(id, by, now)
	if err := first(err, c.actor(who, c.TopicOf(a))); err != nil {
		return nil, err
	}
	if a.Who == who {
		return nil, Refuse(SameAgain, "who")
	}
	return []Fact{ActionReassigned{Action: id, Who: who}}, nil
}

// AskHelp decides that whoever has the action calls the referent. Errors: those
// of Finish, and SameAgain while a call is open.
func (c *Case) AskHelp(id string, by UserID, now time.Time) ([]Fact, error) {
	a, err := c.changeable(id, by, now)
	if err != nil {
		return nil, err
	}
	if a.Help {
		return nil, Refuse(SameAgain, "")
	}
	return []Fact{HelpAsked{Action: id}}, nil
}
