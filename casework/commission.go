package casework

import (
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

	SetAt   time.Time       `json:"-"`
	Answers map[UserID]bool `json:"-"`
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
	if m, ok := find(c.Commissions, f.Commission, func(m Commission) string { return m.ID }); ok {
		m.Answers[f.User] = f.Present
	}
}

// Commission gives the meeting id.
func (c *Case) Commission(id string) (Commission, bool) {
	m, ok := find(c.Commissions, id, func(m Commission) string { return m.ID })
	if !ok {
		return Commission{}, false
	}
	return *m, true
}

// NextCommission is the earliest meeting that is not over at now.
func (c *Case) NextCommission(now time.Time) (next Commission, ok bool) {
	for _, m := range c.Commissions {
		if end := m.At.Add(time.Duration(m.Minutes) * time.Minute); end.After(now) && (!ok || m.At.Before(next.At)) {
			next, ok = m, true
		}
	}
	return next, ok
}

// PlanCommission decides the date of a meeting. Less than NoticeDays ahead it
// needs a Why; Minutes is MinutesDefault unless said. Errors: Missing, TooLong, PastDate, NotANumber, WhyNeeded,
// NotAMember for the chair, SameAgain, and those of a decision on a case at work.
func (c *Case) PlanCommission(m Commission, now time.Time) ([]Fact, error) {
	if err := first(c.working(now), line("place", m.Place, true), line("why", m.Why, false)); err != nil {
		return nil, err
	}
	if m.Minutes == 0 {
		m.Minutes = MinutesDefault
	}
	switch {
	case m.At.IsZero():
		return nil, Refuse(Missing, "at")
	case !m.At.After(now):
		return nil, Refuse(PastDate, "at")
	case m.Minutes < minutesMin || m.Minutes > minutesMax:
		return nil, Refuse(NotANumber, "length").With("Min", minutesMin).With("Max", minutesMax)
	case m.Chair != "" && !c.IsMember(m.Chair):
		return nil, Refuse(NotAMember, "chair")
	case m.Why == "" && DayOf(m.At.In(now.Location())).Sub(DayOf(now)) < NoticeDays:
		return nil, Refuse(WhyNeeded, "why").With("Days", NoticeDays)
	}
	for _, known := range c.Commissions {
		if known.At.Equal(m.At) {
			return nil, Refuse(SameAgain, "at")
		}
	}
	m.SetAt, m.Answers = time.Time{}, nil
	m.ID = "c" + strconv.Itoa(len(c.Commissions)+1)
	return []Fact{CommissionPlanned{Commission: m}}, nil
}

// AnswerAttendance decides what user's answer to a meeting does; the last one
// counts. Errors: UnknownItem, NotAMember, PastDate, AlreadyDone, and those of a
// decision on a case at work.
func (c *Case) AnswerAttendance(id string, user UserID, present bool, now time.Time) ([]Fact, error) {
	if err := c.working(now); err != nil {
		return nil, err
	}
	m, ok := c.Commission(id)
	switch said, answered := m.Answers[user]; {
	case !ok:
		return nil, Refuse(UnknownItem, "commission")
	case !c.IsMember(user):
		return nil, Refuse(NotAMember, "")
	case !m.At.After(now):
		return nil, Refuse(PastDate, "")
	case answered && said == present:
		return nil, Refuse(AlreadyDone, "")
	}
	return []Fact{AttendanceAnswered{Commission: id, User: user, Present: present}}, nil
}
