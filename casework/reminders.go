package casework

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// A Policy says when people are reminded, in days before (negative) or after.
type Policy struct {
	// Hour is the hour of the day, in the département's time zone.
	Hour int
	// Action is in working days around an action's due day; from
	// ActionReferent on the referent is told too, from ActionChair on the chair.
	Action                      []int
	ActionReferent, ActionChair int
	// Invitations, in days, is when the coordinator should send them and when
	// they are late; Commission reminds the members.
	Invitations, Commission []int
	// Consent, Mission, Measure are in days before their last day.
	Consent, Mission, Measure []int
	// Thinking is in days after the proposal.
	Thinking int
}

// DefaultPolicy is what is done where nothing else is set.
func DefaultPolicy() Policy {
	return Policy{
		Hour:   9,
		Action: []int{-7, -1, 0, 1, 7, 15}, ActionReferent: 7, ActionChair: 15,
		Invitations: []int{-21, -15}, Commission: []int{-7, -1},
		Consent: []int{-30, -7, 0}, Mission: []int{-60, -30}, Measure: []int{-30},
		Thinking: 14,
	}
}

// ReminderKind says what a reminder is about.
type ReminderKind string

// The kinds of reminders.
const (
	RemindAction      ReminderKind = "action"
	RemindInvitations ReminderKind = "invitations"
	RemindCommission  ReminderKind = "commission"
	RemindConsent     ReminderKind = "consent"
	RemindMission     ReminderKind = "mission"
	RemindMeasure     ReminderKind = "measure"
	RemindThinking    ReminderKind = "thinking"
)

// A Reminder is due to some people at a moment. Its Key names it for ever: the
// same reminder has the same key however often it is computed.
type Reminder struct {
	Key     string
	Kind    ReminderKind
	Subject string // id of the action, commission or professional
	Days    int    // from the date it is about; negative before
	On      Day    // the date it is about
	At      time.Time
	To      []UserID
}

// Reminded: a reminder was handed over for delivery, or passed over because a
// later one of the same subject took its place.
type Reminded struct {
	Key string `json:"key"`
}

func (f Reminded) apply(c *Case, _ Entry) { c.reminded[f.Key] = true }

// schedule gives every reminder of the case as it stands, given or not.
func (c *Case) schedule(p Policy, zone *time.Location) []Reminder {
	if c.Ended() {
		return nil
	}
	s := scheduler{c: c, policy: p, zone: zone}
	if c.State == Proposed {
		day := DayOf(c.OpenedAt.In(zone))
		s.add(RemindThinking, "", day, []int{p.Thinking}, Day.Add, c.OpenedAt, c.Author)
		return s.all
	}
	for _, a := range c.Actions {
		if !a.Done && !slices.Contains(c.Consent().Vetoes, c.TopicOf(a)) {
			for _, n := range p.Action {
				s.add(RemindAction, a.ID, a.Due, []int{n}, Day.AddWorking, a.SetAt, s.toldOf(a, n)...)
			}
		}
	}
	for _, m := range c.Commissions {
		day := DayOf(m.At.In(zone))
		s.add(RemindInvitations, m.ID, day, p.Invitations, Day.Add, m.SetAt, c.Coordinator())
		s.add(RemindCommission, m.ID, day, p.Commission, Day.Add, m.SetAt, c.joined()...)
	}
	for _, who := range c.Professionals {
		if who.End != "" && who.Agreed {
			s.add(RemindMeasure, who.ID, who.End, p.Measure, Day.Add, c.OpenedAt, c.Coordinator())
		}
	}
	if r, ok := c.Referent(); ok && r.Until != "" {
		s.add(RemindMission, string(r.User), r.Until, p.Mission, Day.Add, r.Since, c.Coordinator())
	}
	consent := c.Consent()
	s.add(RemindConsent, "", consent.Until, p.Consent, Day.Add, c.OpenedAt, c.Coordinator())
	return s.all
}

type scheduler struct {
	c      *Case
	policy Policy
	zone   *time.Location
	all    []Reminder
}

// add plans reminders around a day; those that would have come before the thing
// was known are not missed, they never were due.
func (s *scheduler) add(kind ReminderKind, subject string, on Day, offsets []int, shift func(Day, int) Day, known time.Time, to ...UserID) {
	for _, n := range offsets {
		at := shift(on, n).At(s.policy.Hour, 0, s.zone)
		if !at.After(known) {
			continue
		}
		s.all = append(s.all, Reminder{
			Key:  string(kind) + "/" + subject + "/" + string(on) + "/" + strconv.Itoa(n),
			Kind: kind, Subject: subject, Days: n, On: on, At: at,
			To: union(nil, to),
		})
	}
}

// toldOf says who hears of an action at n working days from its due day: its
// actor, later the referent and the chair too; and the coordinator in the place
// of an actor without an account in the circle.
func (s *scheduler) toldOf(a Action, n int) []UserID {
	var to []UserID
	for _, m := range s.c.Members {
		if m.Joined && s.c.Does(m.User, a) {
			to = append(to, m.User)
		}
	}
	if len(to) == 0 || n >= s.policy.ActionReferent {
		to = append(to, s.c.Coordinator())
	}
	if chair, ok := s.c.Chair(); ok && n >= s.policy.ActionChair {
		to = append(to, chair)
	}
	return to
}

func (c *Case) joined() []UserID {
	var users []UserID
	for _, m := range c.Members {
		if m.Joined {
			users = append(users, m.User)
		}
	}
	return users
}

// Due gives the reminders to hand over at now, in the time zone of now, oldest
// first, and the facts to record with them. Of several that are late for one
// subject only the last is given: the others are recorded as passed over. It is
// a function of its arguments alone.
func (c *Case) Due(p Policy, now time.Time) (give []Reminder, record []Fact) {
	latest := map[string]Reminder{}
	for _, r := range c.schedule(p, now.Location()) {
		if r.At.After(now) || c.reminded[r.Key] {
			continue
		}
		record = append(record, Reminded{Key: r.Key})
		subject := string(r.Kind) + "/" + r.Subject
		if known, ok := latest[subject]; !ok || known.At.Before(r.At) {
			latest[subject] = r
		}
	}
	for _, r := range latest {
		if !c.over(r, now) {
			give = append(give, r)
		}
	}
	slices.SortFunc(give, func(a, b Reminder) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key, b.Key)) })
	return give, record
}

// over reports whether a late reminder has lost its object: a meeting that has
// begun, or anything that may no longer be shared.
func (c *Case) over(r Reminder, now time.Time) bool {
	switch r.Kind {
	case RemindConsent, RemindMission, RemindThinking:
		return false
	case RemindCommission, RemindInvitations:
		if m, ok := c.Commission(r.Subject); ok && !m.At.After(now) {
			return true
		}
	}
	return !c.Consent().InForce(now)
}

// NextDue is when Due will next have something to give or record; the zero time
// when never.
func (c *Case) NextDue(p Policy, zone *time.Location) (next time.Time) {
	for _, r := range c.schedule(p, zone) {
		if !c.reminded[r.Key] && (next.IsZero() || r.At.Before(next)) {
			next = r.At
		}
	}
	return next
}
