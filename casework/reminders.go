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
	RemindTime        ReminderKind = "time"
)

// A Reminder is due to some people at a moment. Its Key names it for ever: the
// same reminder has the same key however often it is computed.
type Reminder struct {
	Key     string
	Kind    ReminderKind
	Subject string // id of the action, commission or professional
	Days    int    // from the date it is about; negative before; minutes for RemindTime
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

// schedule gives every reminder of the case as it stands, given or not, without
// the people it is for.
func (c *Case) schedule(p Policy, zone *time.Location) []Reminder {
	if c.Ended() {
		return nil
	}
	s := scheduler{hour: p.Hour, zone: zone}
	if c.State == Proposed {
		s.add(RemindThinking, "", DayOf(c.OpenedAt.In(zone)), []int{p.Thinking}, Day.Add, c.OpenedAt)
		return s.all
	}
	consent := c.Consent()
	for _, a := range c.Actions {
		if c.Live(a) && !slices.Contains(consent.Vetoes, c.TopicOf(a)) {
			s.add(RemindAction, a.ID, a.Due, p.Action, Day.AddWorking, a.SetAt)
		}
	}
	for _, m := range c.Commissions {
		if m.Cancelled {
			continue
		}
		s.session(m)
		day := DayOf(m.At.In(zone))
		s.add(RemindInvitations, m.ID, day, p.Invitations, Day.Add, m.SetAt)
		s.add(RemindCommission, m.ID, day, p.Commission, Day.Add, m.SetAt)
	}
	for _, who := range c.Professionals {
		if who.End != "" && who.Agreed {
			s.add(RemindMeasure, who.ID, who.End, p.Measure, Day.Add, who.SetAt)
		}
	}
	if r, ok := c.Referent(); ok && r.Until != "" {
		s.add(RemindMission, string(r.User), r.Until, p.Mission, Day.Add, r.Since)
	}
	s.add(RemindConsent, "", consent.Until, p.Consent, Day.Add, consent.SetAt)
	return s.all
}

type scheduler struct {
	hour int
	zone *time.Location
	all  []Reminder
}

// add plans reminders around a day; those that would have come before the thing
// was known are not missed, they never were due.
func (s *scheduler) add(kind ReminderKind, subject string, on Day, offsets []int, shift func(Day, int) Day, known time.Time) {
	for _, n := range offsets {
		at := shift(on, n).At(s.hour, 0, s.zone)
		if !at.After(known) {
			continue
		}
		s.all = append(s.all, Reminder{
			Key:  string(kind) + "/" + subject + "/" + string(on) + "/" + strconv.Itoa(n),
			Kind: kind, Subject: subject, Days: n, On: on, At: at,
		})
	}
}

// session plans the time-keeper of a meeting under way: it warns whoever leads
// some minutes before its length is over, and then.
func (s *scheduler) session(m Commission) {
	if m.OpenedAt.IsZero() || !m.EndedAt.IsZero() {
		return
	}
	for _, minutes := range []int{-warnMinutes, 0} {
		at := m.OpenedAt.Add(time.Duration(m.Minutes+minutes) * time.Minute)
		if !at.After(m.OpenedAt) {
			continue
		}
		s.all = append(s.all, Reminder{
			Key:  string(RemindTime) + "/" + m.ID + "/" + strconv.FormatInt(m.OpenedAt.Unix(), 10) + "/" + strconv.Itoa(minutes),
			Kind: RemindTime, Subject: m.ID, Days: minutes, On: DayOf(at.In(s.zone)), At: at,
		})
	}
}

// warnMinutes is how long before the end of a meeting its chair is warned.
const warnMinutes = 15

// told says who hears of r at now: nobody if it has lost its object, and nobody
// who may not be shown what it is about. Only the end of a consent, or of the
// time to think, is for the coordinator whether or not there is a consent.
func (c *Case) told(p Policy, r Reminder, now time.Time) []UserID {
	switch r.Kind {
	case RemindThinking, RemindConsent:
		return []UserID{c.Coordinator()}
	case RemindAction:
		return c.toldOfAction(p, r, now)
	case RemindTime:
		return c.toldOfTime(r, now)
	case RemindInvitations, RemindCommission:
		if m, ok := c.Commission(r.Subject); !ok || !m.At.After(now) {
			return nil
		}
	}
	if r.Kind == RemindCommission {
		return c.coveredAmong(c.joined(), "", now)
	}
	return c.coveredAmong([]UserID{c.Coordinator()}, "", now)
}

// toldOfTime says who keeps the time of a meeting: its chair, or whoever opened
// it; nobody once it is long over.
func (c *Case) toldOfTime(r Reminder, now time.Time) []UserID {
	m, ok := c.Session(now)
	if !ok || m.ID != r.Subject {
		return nil
	}
	if c.Covers(m.Chair, "", now) {
		return []UserID{m.Chair}
	}
	return c.coveredAmong([]UserID{m.OpenedBy}, "", now)
}

// toldOfAction says who hears of an action: its actor, later the referent and
// the chair too; and the coordinator in the place of an actor who cannot be
// told.
func (c *Case) toldOfAction(p Policy, r Reminder, now time.Time) []UserID {
	a, _ := c.Action(r.Subject)
	topic := c.TopicOf(a)
	to := slices.DeleteFunc(c.coveredAmong(c.joined(), topic, now), func(user UserID) bool { return !c.Does(user, a) })
	if len(to) == 0 || r.Days >= p.ActionReferent {
		to = append(to, c.Coordinator())
	}
	if chair, ok := c.Chair(); ok && r.Days >= p.ActionChair {
		to = append(to, chair)
	}
	return c.coveredAmong(union(nil, to), topic, now)
}

// coveredAmong gives those of users who may be shown topic at now.
func (c *Case) coveredAmong(users []UserID, topic Topic, now time.Time) []UserID {
	return slices.DeleteFunc(users, func(user UserID) bool { return !c.Covers(user, topic, now) })
}

// joined gives the members of the circle.
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
		if r.To = c.told(p, r, now); len(r.To) > 0 {
			give = append(give, r)
		}
	}
	slices.SortFunc(give, func(a, b Reminder) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key, b.Key)) })
	return give, record
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
