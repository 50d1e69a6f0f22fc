package casework

import (
	"slices"
	"time"
)

// Attendance says who of those called was at a meeting: a line of the list, or
// ThePerson.
type Attendance struct {
	Who      Actor    `json:"who"`
	Presence Presence `json:"presence"`
}

// Presence is whether somebody came.
type Presence string

// The presences.
const (
	Present Presence = "present"
	Excused Presence = "excused"
	Absent  Presence = "absent"
)

// TopicTaken: at a meeting, the person was asked whether a topic might be spoken
// of (guide IV.B.3).
type TopicTaken struct {
	Commission string `json:"commission"`
	Topic      Topic  `json:"topic"`
	Agreed     bool   `json:"agreed"`
}

func (f TopicTaken) apply(c *Case, _ Entry) {
	if m, ok := c.commission(f.Commission); ok {
		m.Topics = append(slices.DeleteFunc(slices.Clone(m.Topics), func(t TopicTaken) bool { return t.Topic == f.Topic }), f)
	}
}

// SessionOpened: the meeting began.
type SessionOpened struct {
	Commission string `json:"commission"`
}

func (f SessionOpened) apply(c *Case, e Entry) {
	if m, ok := c.commission(f.Commission); ok {
		m.OpenedAt, m.OpenedBy = e.At, e.By
	}
}

// AttendanceTaken: who is at the meeting was written down.
type AttendanceTaken struct {
	Commission string       `json:"commission"`
	Attendance []Attendance `json:"attendance"`
}

func (f AttendanceTaken) apply(c *Case, _ Entry) {
	if m, ok := c.commission(f.Commission); ok {
		m.Attendance = f.Attendance
	}
}

// ViewGiven: the person gave her view, in her own words.
type ViewGiven struct {
	Commission string `json:"commission"`
	Words      string `json:"words"`
}

func (f ViewGiven) apply(c *Case, _ Entry) {
	if m, ok := c.commission(f.Commission); ok {
		m.View = f.Words
	}
}

// SessionEnded: the meeting is over, and the day of the next one fixed.
type SessionEnded struct {
	Commission string `json:"commission"`
	NextOn     Day    `json:"next,omitempty"`
}

func (f SessionEnded) apply(c *Case, e Entry) {
	if m, ok := c.commission(f.Commission); ok {
		m.EndedAt = e.At
		m.fixNext(f.NextOn, e.At)
	}
}

// longest is how long a meeting that nobody ended counts as under way.
const longest = 12 * time.Hour

// Session is the meeting under way at now.
func (c *Case) Session(now time.Time) (Commission, bool) {
	for _, m := range c.Commissions {
		if !m.OpenedAt.IsZero() && m.EndedAt.IsZero() && now.Sub(m.OpenedAt) < longest {
			return m, true
		}
	}
	return Commission{}, false
}

// SetAside reports whether the person would not speak of topic at this meeting.
func (m Commission) SetAside(topic Topic) bool {
	return slices.ContainsFunc(m.Topics, func(t TopicTaken) bool { return t.Topic == topic && !t.Agreed })
}

// PresenceOf is what was written down of who at the meeting; empty before.
func (m Commission) PresenceOf(who Actor) Presence {
	for _, a := range m.Attendance {
		if a.Who == who {
			return a.Presence
		}
	}
	return ""
}

// Leads reports whether user may lead a meeting and write its record: its chair,
// the circle's chair and secretary, and whoever keeps the overview.
func (c *Case) Leads(user UserID, m Commission) bool {
	member, ok := c.Member(user)
	if !ok || !member.Joined {
		return false
	}
	return user == m.Chair || member.Role == RoleChair || member.Role == RoleSecretary || user == c.Coordinator()
}

// leading gives the meeting id to somebody who may lead it, from its day on.
func (c *Case) leading(id string, by UserID, now time.Time) (Commission, error) {
	return c.heldFor(id, func(m Commission) bool { return c.Leads(by, m) }, now)
}

// heldFor gives the meeting id, from its day on, if whoever asks may have it.
func (c *Case) heldFor(id string, may func(Commission) bool, now time.Time) (Commission, error) {
	if err := c.working(now); err != nil {
		return Commission{}, err
	}
	m, ok := c.Commission(id)
	switch {
	case !ok:
		return Commission{}, Refuse(UnknownItem, "commission")
	case !may(m):
		return Commission{}, Refuse(Forbidden, "")
	case m.Cancelled:
		return Commission{}, Refuse(MeetingOff, "")
	case DayOf(now) < DayOf(m.At.In(now.Location())):
		return Commission{}, Refuse(NotHeldYet, "commission")
	}
	return m, nil
}

// underWay gives the meeting id while it is under way.
func (c *Case) underWay(id string, by UserID, now time.Time) (Commission, error) {
	m, err := c.leading(id, by, now)
	if err != nil {
		return Commission{}, err
	}
	if open, ok := c.Session(now); !ok || open.ID != id {
		return Commission{}, Refuse(NoSession, "")
	}
	return m, nil
}

// OpenSession decides that a meeting begins. Errors: UnknownItem, Forbidden,
// MeetingOff, NotHeldYet before its day, AlreadyDone when it began before or
// another is under way, and those of a decision on a case at work.
func (c *Case) OpenSession(id string, by UserID, now time.Time) ([]Fact, error) {
	m, err := c.leading(id, by, now)
	if err != nil {
		return nil, err
	}
	if _, ok := c.Session(now); ok || !m.OpenedAt.IsZero() {
		return nil, Refuse(AlreadyDone, "")
	}
	return []Fact{SessionOpened{Commission: id}}, nil
}

// TakeAttendance decides who is at a meeting: those present and those excused, by
// the list; all others agreed to are absent. It may be done again, and after the
// meeting. Errors: NotListed, Missing when nobody is there, UnknownItem,
// Forbidden, MeetingOff, NotHeldYet, and those of a decision on a case at work.
func (c *Case) TakeAttendance(id string, present, excused []Actor, by UserID, now time.Time) ([]Fact, error) {
	if _, err := c.leading(id, by, now); err != nil {
		return nil, err
	}
	if len(present) == 0 {
		return nil, Refuse(Missing, "present")
	}
	called := c.Called()
	if err := first(among("present", present, called), among("excused", excused, called)); err != nil {
		return nil, err
	}
	taken := AttendanceTaken{Commission: id}
	for _, who := range called {
		presence := Absent
		switch {
		case slices.Contains(present, who):
			presence = Present
		case slices.Contains(excused, who):
			presence = Excused
		}
		taken.Attendance = append(taken.Attendance, Attendance{Who: who, Presence: presence})
	}
	return []Fact{taken}, nil
}

// among refuses somebody who is not called.
func among(field string, actors, called []Actor) error {
	if len(without(actors, called)) > 0 {
		return Refuse(NotListed, field)
	}
	return nil
}

// Called gives who is called to meetings: the person, and every professional she
// agreed to.
func (c *Case) Called() []Actor {
	called := []Actor{ThePerson}
	for _, p := range c.Professionals {
		if p.Agreed {
			called = append(called, Actor(p.ID))
		}
	}
	return called
}

// TakeTopic decides that the person was asked whether a topic may be spoken of at
// the meeting under way, and what she said; the last answer counts. Errors:
// Missing, NotAChoice, TopicVetoed, TopicNotShared, NoSession, UnknownItem,
// Forbidden, MeetingOff, NotHeldYet, and those of a decision on a case at work.
func (c *Case) TakeTopic(id string, topic Topic, agreed bool, by UserID, now time.Time) ([]Fact, error) {
	if _, err := c.underWay(id, by, now); err != nil {
		return nil, err
	}
	if err := c.topicOpen(topic); err != nil {
		return nil, err
	}
	return []Fact{TopicTaken{Commission: id, Topic: topic, Agreed: agreed}}, nil
}

// GiveView decides what the person says of a meeting, in her own words: by
// herself, or written down by whoever leads it. Errors: Missing, TooLong,
// UnknownItem, Forbidden, MeetingOff, NotHeldYet, and those of a decision on a
// case at work.
func (c *Case) GiveView(id, words string, by UserID, now time.Time) ([]Fact, error) {
	m, _ := c.Member(by)
	herself := m.Joined && m.Role == RolePerson
	_, err := c.heldFor(id, func(m Commission) bool { return herself || c.Leads(by, m) }, now)
	if err := first(err, area("words", words, true)); err != nil {
		return nil, err
	}
	return []Fact{ViewGiven{Commission: id, Words: words}}, nil
}

// EndSession decides that the meeting under way is over. The day of the next one
// is to be fixed before (guide IV.D.2). Errors: Missing, NotADate and PastDate for
// that day, NoSession, UnknownItem, Forbidden, MeetingOff, NotHeldYet, and those of
// a decision on a case at work.
func (c *Case) EndSession(id string, next Day, by UserID, now time.Time) ([]Fact, error) {
	if _, err := c.underWay(id, by, now); err != nil {
		return nil, err
	}
	if err := future("next_on", next, now); err != nil {
		return nil, err
	}
	return []Fact{SessionEnded{Commission: id, NextOn: next}}, nil
}
