package casework

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// ReminderKind says what a reminder is about.
type ReminderKind string

// The kinds of reminders.
const (
	RemindAction      ReminderKind = "action"
	RemindInvitations ReminderKind = "invitations"
	RemindCommission  ReminderKind = "commission"
	RemindRecord      ReminderKind = "record"
	RemindUnrecorded  ReminderKind = "unrecorded"
	RemindSignatures  ReminderKind = "signatures"
	RemindReview      ReminderKind = "review"
	RemindConsent     ReminderKind = "consent"
	RemindMission     ReminderKind = "mission"
	RemindMeasure     ReminderKind = "measure"
	RemindThinking    ReminderKind = "thinking"
	RemindSilence     ReminderKind = "silence"
	RemindRetention   ReminderKind = "retention"
	RemindTime        ReminderKind = "time"
)

// ReminderKinds are all of them.
func ReminderKinds() []ReminderKind {
	return []ReminderKind{
		RemindAction, RemindInvitations, RemindCommission, RemindRecord, RemindUnrecorded, RemindSignatures, RemindReview,
		RemindConsent, RemindMission, RemindMeasure, RemindThinking, RemindSilence, RemindRetention, RemindTime,
	}
}

// A Reminder is due to some people at a moment. Its Key names it for ever: the
// same reminder has the same key however often it is computed.
type Reminder struct {
	Key     string
	Kind    ReminderKind
	Subject string // id of the action, commission, record, professional or account; or none
	Days    int    // from On, working days for some kinds; negative before; minutes for RemindTime
	On      Day    // the date it is about
	At      time.Time
	// To are the people to tell, each allowed at that moment to see what it is
	// about; never nobody.
	To []UserID
}

// Reminded: a reminder was handed over for delivery, or passed over because a
// later one of the same subject took its place.
type Reminded struct {
	Key string `json:"key"`
}

func (f Reminded) apply(c *Case, _ Entry) {
	if c.reminded == nil {
		c.reminded = map[string]bool{}
	}
	c.reminded[f.Key] = true
}

// Due gives the reminders to hand over at now, in the time zone of now, oldest
// first, and the facts to record with them. Of several that are late for one
// subject each person is given the last one alone; all are recorded. It is a
// function of its arguments alone.
func (c *Case) Due(p Policy, now time.Time) (give []Reminder, record []Fact) {
	late := map[string][]Reminder{}
	for _, r := range c.schedule(p, now, now.Location()) {
		if r.At.After(now) || c.reminded[r.Key] {
			continue
		}
		record = append(record, Reminded{Key: r.Key})
		subject := string(r.Kind) + "/" + r.Subject
		late[subject] = append(late[subject], r)
	}
	for _, all := range late {
		slices.SortFunc(all, func(a, b Reminder) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Days, a.Days)) })
		var told []UserID
		for _, r := range all {
			r.To = without(c.told(p, r, now), told)
			told = append(told, r.To...)
			if len(r.To) > 0 {
				give = append(give, r)
			}
		}
	}
	slices.SortFunc(give, func(a, b Reminder) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key, b.Key)) })
	return give, record
}

// NextDue is when Due will next have something to give or record; the zero time
// when never.
func (c *Case) NextDue(p Policy, zone *time.Location) (next time.Time) {
	for _, r := range c.schedule(p, time.Time{}, zone) {
		if !c.reminded[r.Key] && (next.IsZero() || r.At.Before(next)) {
			next = r.At
		}
	}
	return next
}

// schedule gives the reminders of the case as it stands, given or not, without the
// people they are for: all up to now, and at least the next one that was not
// given.
func (c *Case) schedule(p Policy, now time.Time, zone *time.Location) []Reminder {
	s := scheduler{c: c, p: p, zone: zone, now: now}
	for _, m := range c.matters(zone) {
		switch m.kind {
		case RemindTime:
			s.meeting(m)
		case RemindRecord:
			s.daily(m)
		case RemindSilence:
			s.again(m)
		default:
			for _, n := range p.offsets(m.kind) {
				s.add(m, n, p.moment(m.kind, m.on, n, zone))
			}
		}
	}
	return s.all
}

type scheduler struct {
	c    *Case
	p    Policy
	zone *time.Location
	now  time.Time
	all  []Reminder
}

// add plans a reminder; one that would have come before its matter was known is
// not missed, it never was due.
func (s *scheduler) add(m matter, n int, at time.Time) {
	if at.After(m.known) {
		s.all = append(s.all, Reminder{Key: m.key(n), Kind: m.kind, Subject: m.subject, Days: n, On: m.on, At: at})
	}
}

// daily plans the reminders of every working day after a meeting: no further than
// is asked.
func (s *scheduler) daily(m matter) {
	day := m.on
	for n := 1; s.p.Record > 0 && n < s.p.RecordMost; n++ {
		day = day.AddWorking(1, s.p.Working)
		if n < s.p.Record {
			continue
		}
		at := day.At(s.p.Hour, 0, s.zone)
		s.add(m, n, at)
		if s.enough(m, n, at) {
			return
		}
	}
}

// again plans the reminders of a silence that lasts, as long as there is an
// agreement to work with: no further than is asked.
func (s *scheduler) again(m matter) {
	for n := s.p.Silence; s.p.Silence > 0; n += s.p.Silence {
		at := s.p.moment(m.kind, m.on, n, s.zone)
		if at.IsZero() || DayOf(at) > s.c.Consent().Until {
			return
		}
		s.add(m, n, at)
		if s.enough(m, n, at) {
			return
		}
	}
}

// enough reports whether no later reminder of a matter can be the next: this one is
// still to come.
func (s *scheduler) enough(m matter, n int, at time.Time) bool {
	return at.After(s.now) && !s.c.reminded[m.key(n)]
}

// meeting plans the time-keeper of a meeting under way: it warns whoever leads
// some minutes before its length is over, and then.
func (s *scheduler) meeting(m matter) {
	held, _ := s.c.Commission(m.subject)
	for _, minutes := range []int{-warnMinutes, 0} {
		s.add(m, minutes, held.OpenedAt.Add(time.Duration(held.Minutes+minutes)*time.Minute))
	}
}

// warnMinutes is how long before the end of a meeting its chair is warned.
const warnMinutes = 15

// key names the reminder of a matter n days from its date, or minutes from its end.
func (m matter) key(n int) string {
	about := string(m.on)
	if m.kind == RemindTime {
		about = strconv.FormatInt(m.known.Unix(), 10)
	}
	return string(m.kind) + "/" + m.subject + "/" + about + "/" + strconv.Itoa(n)
}
