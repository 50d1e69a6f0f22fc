package casework

import (
	"slices"
	"strconv"
	"time"
)

// A Commission is the meeting of the person and all the professionals (guide
// IV.B).
type Commission struct {
	ID    string    `json:"id"`
	At    time.Time `json:"at"`
	Place string    `json:"place"`
	// Chair leads the meeting, preferably without being involved in the support
	// (guide IV.B.3); empty when not known yet.
	Chair UserID `json:"chair,omitempty"`
	// Minutes is its length.
	Minutes       int  `json:"minutes"`
	Extraordinary bool `json:"extraordinary,omitempty"`
	// Why says why it is called at short notice.
	Why string `json:"why,omitempty"`
	// Phase is the phase of the path it belongs to, by the département's own name
	// for it; empty where there are none.
	Phase string `json:"phase,omitempty"`

	SetAt   time.Time       `json:"-"`
	Answers map[UserID]bool `json:"-"`
	// Cancelled: it will not be held, for the reason WhyOff.
	Cancelled bool   `json:"-"`
	WhyOff    string `json:"-"`

	// The rest is the meeting as it was lived; see session.go.
	OpenedAt, EndedAt time.Time    `json:"-"`
	OpenedBy          UserID       `json:"-"`
	Attendance        []Attendance `json:"-"`
	Topics            []TopicTaken `json:"-"`
	// View is what the person says of it, in her own words.
	View string `json:"-"`
	// NextOn is the day fixed for the next one, NextSetAt when it was.
	NextOn    Day       `json:"-"`
	NextSetAt time.Time `json:"-"`
}

// Bounds of a meeting (guide, annexe 2.1: invitations 15 to 20 days ahead, one
// hour to one hour and a half; longer is possible, a whole day is a mistake).
const (
	NoticeDays     = 15
	MinutesDefault = 90
	minutesMin     = 15
	minutesMax     = 240
)

// CommissionPlanned: a meeting has its date.
type CommissionPlanned struct {
	Commission Commission `json:"commission"`
}

func (f CommissionPlanned) apply(c *Case, e Entry) {
	f.Commission.SetAt, f.Commission.Answers = e.At, map[UserID]bool{}
	c.Commissions = append(c.Commissions, f.Commission)
}

// AttendanceAnswered: a member says whether they will come.
type AttendanceAnswered struct {
	Commission string `json:"commission"`
	User       UserID `json:"user"`
	Present    bool   `json:"present"`
}

func (f AttendanceAnswered) apply(c *Case, _ Entry) {
	if m, ok := c.commission(f.Commission); ok {
		m.Answers[f.User] = f.Present
	}
}

// CommissionCancelled: a meeting will not be held.
type CommissionCancelled struct {
	Commission string `json:"commission"`
	Why        string `json:"why,omitempty"`
}

func (f CommissionCancelled) apply(c *Case, _ Entry) {
	if m, ok := c.commission(f.Commission); ok {
		m.Cancelled, m.WhyOff = true, f.Why
	}
}

func (c *Case) commission(id string) (*Commission, bool) {
	return find(c.Commissions, id, func(m Commission) string { return m.ID })
}

// Commission gives the meeting id.
func (c *Case) Commission(id string) (Commission, bool) {
	m, ok := c.commission(id)
	if !ok {
		return Commission{}, false
	}
	return *m, true
}

// NextCommission is the earliest meeting that is not over at now.
func (c *Case) NextCommission(now time.Time) (next Commission, ok bool) {
	for _, m := range c.Commissions {
		over := m.Cancelled || !m.EndedAt.IsZero() || !m.Ends().After(now)
		if !over && (!ok || m.At.Before(next.At)) {
			next, ok = m, true
		}
	}
	return next, ok
}

// Ends is when the meeting should be over.
func (m Commission) Ends() time.Time { return m.At.Add(time.Duration(m.Minutes) * time.Minute) }

// Before gives the meeting that was held last before m.
func (c *Case) Before(m Commission) (last Commission, ok bool) {
	for _, known := range c.Commissions {
		if !known.Cancelled && known.At.Before(m.At) && (!ok || known.At.After(last.At)) {
			last, ok = known, true
		}
	}
	return last, ok
}

// fixNext takes in the day fixed for the next meeting.
func (m *Commission) fixNext(next Day, at time.Time) {
	if next != "" && next != m.NextOn {
		m.NextOn, m.NextSetAt = next, at
	}
}

// ToCall gives the last meeting that fixed a day for the next one, as long as that
// one is not called. An extraordinary meeting before the day does not take its
// place.
func (c *Case) ToCall(zone *time.Location) (last Commission, ok bool) {
	for _, m := range c.Commissions {
		if !m.Cancelled && m.NextOn != "" && (!ok || m.At.After(last.At)) {
			last, ok = m, true
		}
	}
	called := slices.ContainsFunc(c.Commissions, func(m Commission) bool {
		return !m.Cancelled && m.At.After(last.At) && (!m.Extraordinary || DayOf(m.At.In(zone)) >= last.NextOn)
	})
	return last, ok && !called
}

// Involved reports whether user takes part in the support: as referent, with a
// measure of their own, or with something to do. Whoever chairs a meeting should
// rather not (guide IV.B.3).
func (c *Case) Involved(user UserID) bool {
	p, _ := c.ProfessionalOf(user)
	r, ok := c.Referent()
	return ok && r.User == user || p.Measure != "" || slices.ContainsFunc(c.Actions, func(a Action) bool {
		return c.Live(a) && c.Does(user, a)
	})
}

// Phase is the phase of the path: that of the last meeting that says one.
func (c *Case) Phase() string {
	for _, m := range slices.Backward(c.Commissions) {
		if m.Phase != "" && !m.Cancelled {
			return m.Phase
		}
	}
	return ""
}

// PlanCommission decides the date of a meeting. Less than NoticeDays ahead it
// needs a Why; Minutes is MinutesDefault unless said. Errors: Missing, TooLong,
// PastDate, NotANumber, WhyNeeded, NotAMember for the chair, SameAgain, and those
// of a decision on a case at work.
func (c *Case) PlanCommission(m Commission, now time.Time) ([]Fact, error) {
	if err := first(c.working(now), line("place", m.Place, true), line("why", m.Why, false), line("phase", m.Phase, false)); err != nil {
		return nil, err
	}
	if m.Minutes == 0 {
		m.Minutes = MinutesDefault
	}
	chair, _ := c.Member(m.Chair)
	switch {
	case m.At.IsZero():
		return nil, Refuse(Missing, "at")
	case !m.At.After(now):
		return nil, Refuse(PastDate, "at")
	case m.Minutes < minutesMin || m.Minutes > minutesMax:
		return nil, Refuse(NotANumber, "length").With("Min", minutesMin).With("Max", minutesMax)
	case m.Chair != "" && (!chair.Joined || chair.Role == RolePerson):
		return nil, Refuse(NotAMember, "chair")
	case m.Why == "" && DayOf(m.At.In(now.Location())).Sub(DayOf(now)) < NoticeDays:
		return nil, Refuse(WhyNeeded, "why").With("Days", NoticeDays)
	}
	for _, known := range c.Commissions {
		if known.At.Equal(m.At) && !known.Cancelled {
			return nil, Refuse(SameAgain, "at")
		}
	}
	return []Fact{CommissionPlanned{Commission: Commission{
		ID: "c" + strconv.Itoa(len(c.Commissions)+1), At: m.At.In(now.Location()), Place: m.Place, Chair: m.Chair,
		Minutes: m.Minutes, Extraordinary: m.Extraordinary, Why: m.Why, Phase: m.Phase,
	}}}, nil
}

// AnswerAttendance decides what user's answer to a meeting does; the last one
// counts. Errors: UnknownItem, MeetingOff, NotAMember, PastDate, AlreadyDone, and
// those of a decision on a case at work.
func (c *Case) AnswerAttendance(id string, user UserID, present bool, now time.Time) ([]Fact, error) {
	if err := c.working(now); err != nil {
		return nil, err
	}
	m, ok := c.Commission(id)
	switch said, answered := m.Answers[user]; {
	case !ok:
		return nil, Refuse(UnknownItem, "commission")
	case m.Cancelled:
		return nil, Refuse(MeetingOff, "")
	case !c.IsMember(user):
		return nil, Refuse(NotAMember, "")
	case !m.At.After(now):
		return nil, Refuse(PastDate, "")
	case answered && said == present:
		return nil, Refuse(AlreadyDone, "")
	}
	return []Fact{AttendanceAnswered{Commission: id, User: user, Present: present}}, nil
}

// CancelCommission decides that a meeting will not be held. Errors: UnknownItem,
// MeetingOff, PastDate once it was opened, TooLong, Forbidden for somebody who does
// not call the circle together, and those of a decision on a case at work.
func (c *Case) CancelCommission(id, why string, by UserID, now time.Time) ([]Fact, error) {
	if err := first(c.working(now), line("why", why, false)); err != nil {
		return nil, err
	}
	m, ok := c.Commission(id)
	switch {
	case !ok:
		return nil, Refuse(UnknownItem, "commission")
	case m.Cancelled:
		return nil, Refuse(MeetingOff, "")
	case !c.Coordinates(by):
		return nil, Refuse(Forbidden, "")
	case !m.OpenedAt.IsZero():
		return nil, Refuse(PastDate, "")
	}
	return []Fact{CommissionCancelled{Commission: id, Why: why}}, nil
}
