package caseworktest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"parcours/casework"
)

// Reference says what is due at now, in the zone of now, by reading the journal
// naively: it looks at each day there was, one after the other, and asks what
// falls on it. It shares no line with the domain: it is the second opinion on Due.
// record are the keys to be recorded.
func Reference(journal []casework.Entry, p casework.Policy, now time.Time) (give []casework.Reminder, record []string) {
	r := readReminders(journal, p, now)
	late := map[string][]casework.Reminder{}
	for _, due := range r.due() {
		if !r.reminded[due.Key] {
			record = append(record, due.Key)
			late[string(due.Kind)+due.Subject] = append(late[string(due.Kind)+due.Subject], due)
		}
	}
	for _, all := range late {
		slices.SortFunc(all, func(a, b casework.Reminder) int { return cmp.Or(b.At.Compare(a.At), b.Days-a.Days) })
		heard := map[casework.UserID]bool{}
		for _, due := range all {
			for user := range r.hears(due) {
				if !heard[user] {
					due.To = append(due.To, user)
				}
				heard[user] = true
			}
			if slices.Sort(due.To); len(due.To) > 0 {
				give = append(give, due)
			}
		}
	}
	slices.SortFunc(give, func(a, b casework.Reminder) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key, b.Key)) })
	slices.Sort(record)
	return give, record
}

// reminders is a journal as far as reminders go. Days are numbers: how many there
// are since 1970.
type reminders struct {
	Judge
	p        casework.Policy
	now      time.Time
	opened   time.Time
	ended    bool
	decided  time.Time
	consent  casework.Consent
	until    since
	mission  since
	wanted   string // until when the referent asked for is to be
	topics   map[string]casework.Topic
	over     map[string]bool
	actions  map[string]*action
	meetings []*meeting
	records  []*record
	lines    []*line
	order    []casework.UserID
	reminded map[string]bool
	works    map[int]bool
	// last is the last day on which a closed case may be read.
	last string
}

// since is a last day, and when it was fixed.
type since struct {
	day string
	at  time.Time
}

type action struct {
	casework.Action
	set  time.Time
	done bool
}

type meeting struct {
	casework.Commission
	set, opened, ended time.Time
	openedBy           casework.UserID
	off                bool
	next               since
}

type record struct {
	casework.Record
	at     time.Time
	signed map[casework.Actor]bool
}

type line struct {
	casework.Professional
	end since
}

func readReminders(journal []casework.Entry, p casework.Policy, now time.Time) *reminders {
	r := &reminders{
		Judge: Hear(journal), p: p, now: now, topics: map[string]casework.Topic{}, over: map[string]bool{},
		actions: map[string]*action{}, reminded: map[string]bool{}, works: map[int]bool{},
	}
	for _, e := range journal {
		switch e.Fact.(type) {
		case casework.Shown, casework.Reminded, casework.Withheld, casework.ChannelOpened, casework.SharingHeld, casework.SharingResumed, casework.DocumentMade:
		default:
			r.decided = e.At
		}
		r.take(e)
	}
	if !r.closed.IsZero() {
		r.last = r.lastReadable()
	}
	return r
}

func (r *reminders) take(e casework.Entry) {
	switch f := e.Fact.(type) {
	case casework.Opened:
		r.opened = e.At
		r.order = append(r.order, e.By)
		r.lines = append(r.lines, &line{f.Author, since{string(f.Author.End), e.At}})
	case casework.ConsentGiven:
		if r.consent = f.Consent; r.until.day != string(f.Consent.Until) {
			r.until = since{string(f.Consent.Until), e.At}
		}
	case casework.ConsentWithdrawn, casework.CaseClosed:
		r.ended = true
	case casework.ProfessionalListed:
		r.list(f.Professional, e.At)
	case casework.MemberInvited:
		if !slices.Contains(r.order, f.User) {
			r.order = append(r.order, f.User)
		}
	case casework.ReferentAsked:
		r.wanted = string(f.Until)
	case casework.ReferentAnswered:
		if f.Accepted {
			r.mission = since{r.wanted, e.At}
		}
	case casework.ObjectiveSet:
		r.topics[f.Objective.ID] = f.Objective.Topic
	case casework.ObjectiveReviewed:
		r.over[f.Objective] = f.Outcome == casework.Reached || f.Outcome == casework.Dropped
	case casework.ActionAssigned:
		r.actions[f.Action.ID] = &action{Action: f.Action, set: e.At}
	case casework.ActionDone:
		r.actions[f.Action].done = true
	case casework.ActionPostponed:
		r.actions[f.Action].Due, r.actions[f.Action].set = f.Due, e.At
	case casework.ActionReassigned:
		r.actions[f.Action].Who, r.actions[f.Action].set = f.Who, e.At
	case casework.Reminded:
		r.reminded[f.Key] = true
	default:
		r.meet(e)
	}
}

func (r *reminders) list(p casework.Professional, at time.Time) {
	for _, known := range r.lines {
		if known.ID != p.ID {
			continue
		}
		if known.Professional = p; known.end.day != string(p.End) {
			known.end = since{string(p.End), at}
		}
		return
	}
	r.lines = append(r.lines, &line{p, since{string(p.End), at}})
}

// meet takes in what happens to meetings and their records.
func (r *reminders) meet(e casework.Entry) {
	switch f := e.Fact.(type) {
	case casework.CommissionPlanned:
		r.meetings = append(r.meetings, &meeting{Commission: f.Commission, set: e.At})
	case casework.CommissionCancelled:
		r.meeting(f.Commission).off = true
	case casework.SessionOpened:
		r.meeting(f.Commission).opened, r.meeting(f.Commission).openedBy = e.At, e.By
	case casework.SessionEnded:
		r.meeting(f.Commission).ended = e.At
		r.fix(f.Commission, f.NextOn, e.At)
	case casework.RecordFrozen:
		r.records = append(r.records, &record{f.Record, e.At, map[casework.Actor]bool{}})
		r.fix(f.Record.Commission, f.Record.Text.NextOn, e.At)
	case casework.RecordSigned:
		for _, known := range r.records {
			if known.ID == f.Signature.Record {
				known.signed[f.Signature.Who] = true
			}
		}
	}
}

func (r *reminders) meeting(id string) *meeting {
	for _, m := range r.meetings {
		if m.ID == id {
			return m
		}
	}
	return nil
}

func (r *reminders) fix(meeting string, next casework.Day, at time.Time) {
	if m := r.meeting(meeting); next != "" && m.next.day != string(next) {
		m.next = since{string(next), at}
	}
}

// due gives all that fell on a day there was, in the case as it is now.
func (r *reminders) due() []casework.Reminder {
	var all []casework.Reminder
	for day := r.number(r.opened.In(r.now.Location())); day <= r.number(r.now); day++ {
		if r.working(day) {
			all = append(all, r.on(day)...)
		}
	}
	all = append(all, r.onTime()...)
	return slices.DeleteFunc(all, func(due casework.Reminder) bool { return due.At.After(r.now) })
}

// on gives what falls on a working day.
func (r *reminders) on(today int) []casework.Reminder {
	var all []casework.Reminder
	at := time.Unix(int64(today)*24*3600, 0).UTC()
	moment := time.Date(at.Year(), at.Month(), at.Day(), r.p.Hour, 0, 0, 0, r.now.Location())
	add := func(kind casework.ReminderKind, subject string, about since, inWorkingDays bool, offsets ...int) {
		if about.day == "" {
			return
		}
		date := numberOf(about.day)
		for i, n := range offsets {
			if slices.Contains(offsets[:i], n) {
				continue
			}
			if moment.After(about.at) && r.falls(today, date, n, inWorkingDays) {
				all = append(all, casework.Reminder{
					Key: fmt.Sprintf("%s/%s/%s/%d", kind, subject, about.day, n), Kind: kind, Subject: subject,
					Days: n, On: casework.Day(about.day), At: moment,
				})
			}
		}
	}
	switch {
	case !r.agreed && !r.ended:
		add(casework.RemindThinking, "", since{r.day(r.opened), r.opened}, false, r.p.Thinking)
		return all
	case !r.closed.IsZero():
		add(casework.RemindRetention, "", since{r.last, r.closed}, false, r.p.Retention...)
		return all
	case r.ended:
		return nil
	}
	for id, a := range r.actions {
		if r.live(a) {
			add(casework.RemindAction, id, since{string(a.Due), a.set}, true, slices.Concat(r.p.Action, r.p.ActionReferent, r.p.ActionChair)...)
		}
	}
	r.aroundMeetings(add)
	for _, l := range r.lines {
		if l.Agreed {
			add(casework.RemindMeasure, l.ID, l.end, false, r.p.Measure...)
		}
	}
	if r.referent != "" {
		add(casework.RemindMission, string(r.referent), r.mission, false, r.p.Mission...)
	}
	add(casework.RemindConsent, "", r.until, false, r.p.Consent...)
	if today <= numberOf(r.until.day) && r.p.Silence > 0 {
		var again []int
		for n := r.p.Silence; n <= today-r.number(r.decided.In(r.now.Location())); n += r.p.Silence {
			again = append(again, n)
		}
		add(casework.RemindSilence, "", since{r.day(r.decided), r.decided}, false, again...)
	}
	return all
}

func (r *reminders) aroundMeetings(add func(casework.ReminderKind, string, since, bool, ...int)) {
	var fixed *meeting
	for _, m := range r.meetings {
		if m.off {
			continue
		}
		known := since{r.day(m.At), m.set}
		add(casework.RemindInvitations, m.ID, known, false, r.p.Invitations...)
		add(casework.RemindCommission, m.ID, known, false, r.p.Commission...)
		if r.unrecorded(m) && r.p.Record > 0 {
			var every []int
			for n := r.p.Record; n < r.p.RecordMost; n++ {
				every = append(every, n)
			}
			add(casework.RemindRecord, m.ID, since{known.day, m.At}, true, every...)
			add(casework.RemindUnrecorded, m.ID, since{known.day, m.At}, true, r.p.RecordMost)
		}
		if m.next.day != "" && (fixed == nil || m.At.After(fixed.At)) {
			fixed = m
		}
	}
	for _, record := range r.inUse() {
		if len(r.unsigned(record)) > 0 {
			add(casework.RemindSignatures, record.ID, since{r.day(record.at), record.at}, false, r.p.Signatures...)
		}
	}
	if fixed == nil {
		return
	}
	for _, m := range r.meetings {
		if !m.off && m.At.After(fixed.At) && (!m.Extraordinary || r.day(m.At) >= fixed.next.day) {
			return
		}
	}
	add(casework.RemindReview, fixed.ID, fixed.next, false, r.p.Review...)
}

// onTime gives what falls some minutes from the end of meetings under way.
func (r *reminders) onTime() []casework.Reminder {
	var all []casework.Reminder
	for _, m := range r.meetings {
		if m.opened.IsZero() || !m.ended.IsZero() || m.off || r.ended {
			continue
		}
		for _, minutes := range []int{-15, 0} {
			at := m.opened.Add(time.Duration(m.Minutes+minutes) * time.Minute)
			if at.After(m.opened) {
				all = append(all, casework.Reminder{
					Key:  fmt.Sprintf("%s/%s/%d/%d", casework.RemindTime, m.ID, m.opened.Unix(), minutes),
					Kind: casework.RemindTime, Subject: m.ID, Days: minutes, On: casework.Day(r.day(m.opened)), At: at,
				})
			}
		}
	}
	return all
}

// falls reports whether a reminder n days from a date comes on a working day: on
// it, or on a day from which it was moved there.
func (r *reminders) falls(today, date, n int, inWorkingDays bool) bool {
	if inWorkingDays && n != 0 {
		if apart := max(today-date, date-today); apart > 20+3*max(n, -n) {
			return false // a third of the days at least is worked
		}
		worked := 0
		for day := min(today, date); day <= max(today, date); day++ {
			if r.working(day) && day != date {
				worked++
			}
		}
		return (n > 0) == (today > date) && today != date && worked == max(n, -n)
	}
	meant := date + n
	from, to := meant, today
	if n < 0 {
		from, to = today+1, meant+1
	}
	if meant == today {
		return true
	}
	for day := from; day < to; day++ {
		if r.working(day) {
			return false
		}
	}
	return from < to
}

func (r *reminders) working(day int) bool {
	known, ok := r.works[day]
	if !ok {
		t := time.Unix(int64(day)*24*3600, 0).UTC()
		known = t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
		if r.p.Working != nil {
			known = r.p.Working(casework.Day(t.Format("2006-01-02")))
		}
		r.works[day] = known
	}
	return known
}

// hears gives who is told of what is due.
func (r *reminders) hears(due casework.Reminder) map[casework.UserID]bool {
	who := map[casework.UserID]bool{}
	coordinator := cmp.Or(r.referent, r.author)
	told := func(user casework.UserID, topic casework.Topic) bool { return r.Lets(user, topic, r.now) }
	topic := casework.Topic("")
	m := r.meeting(due.Subject)
	switch due.Kind {
	case casework.RemindThinking, casework.RemindConsent:
		return map[casework.UserID]bool{coordinator: true}
	case casework.RemindAction:
		topic = r.topics[r.actions[due.Subject].Objective]
		r.hearsOfAction(due, topic, who)
	case casework.RemindCommission:
		for user, inside := range r.inside {
			who[user] = inside && m.At.After(r.now)
		}
	case casework.RemindInvitations:
		who[coordinator] = m.At.After(r.now)
	case casework.RemindRecord:
		for user, inside := range r.inside {
			role := r.offered[user].Role
			who[user] = inside && (user == coordinator || user == m.Chair || role == casework.RoleChair || role == casework.RoleSecretary)
		}
	case casework.RemindSignatures:
		missing := r.unsignedOf(due.Subject)
		away := maps.Clone(missing)
		for user, inside := range r.inside {
			who[user] = inside && missing[r.is(user)]
			if told(user, "") {
				delete(away, r.is(user))
			}
		}
		who[coordinator] = who[coordinator] || len(away) > 0
	case casework.RemindRetention:
		who[coordinator], who[r.author] = true, true
	case casework.RemindTime:
		if r.underWay() == m {
			leads := m.openedBy
			if told(m.Chair, "") {
				leads = m.Chair
			}
			who[leads] = true
		}
	default:
		who[coordinator] = true
	}
	maps.DeleteFunc(who, func(user casework.UserID, hears bool) bool { return !hears || !told(user, topic) })
	return who
}

func (r *reminders) hearsOfAction(due casework.Reminder, topic casework.Topic, who map[casework.UserID]bool) {
	reached := false
	for user := range r.inside {
		if r.does(user, r.actions[due.Subject]) && r.Lets(user, topic, r.now) {
			reached = true
			who[user] = slices.Contains(r.p.Action, due.Days)
		}
	}
	chair := slices.Contains(r.p.ActionChair, due.Days)
	if coordinator := cmp.Or(r.referent, r.author); !reached || chair || slices.Contains(r.p.ActionReferent, due.Days) {
		who[coordinator] = true
	}
	for _, user := range r.order {
		if chair && r.inside[user] && r.offered[user].Role == casework.RoleChair {
			who[user] = true
			break
		}
	}
}

// underWay is the first meeting that began less than half a day ago and is not
// over.
func (r *reminders) underWay() *meeting {
	for _, m := range r.meetings {
		if !m.opened.IsZero() && m.ended.IsZero() && r.now.Before(m.opened.Add(12*time.Hour)) {
			return m
		}
	}
	return nil
}

// is gives what a user is in what is done.
func (r *reminders) is(user casework.UserID) casework.Actor {
	if r.offered[user].Role == casework.RolePerson {
		return casework.ThePerson
	}
	return casework.Actor(r.offered[user].Professional)
}

// does reports whether an action is for user, in the circle or not.
func (r *reminders) does(user casework.UserID, a *action) bool {
	if a.Who == casework.ThePerson {
		return r.offered[user].Role == casework.RolePerson
	}
	for _, l := range r.lines {
		if l.ID == string(a.Who) {
			return l.User == user && user != ""
		}
	}
	return false
}

func (r *reminders) live(a *action) bool {
	return !a.done && !r.over[a.Objective] && !slices.Contains(r.consent.Vetoes, r.topics[a.Objective])
}

func (r *reminders) unrecorded(m *meeting) bool {
	for _, known := range r.records {
		if known.Commission == m.ID {
			return false
		}
	}
	for _, later := range r.meetings {
		if later.At.After(m.At) && !later.opened.IsZero() {
			return false
		}
	}
	return true
}

// inUse are the last records of each meeting.
func (r *reminders) inUse() map[string]*record {
	last := map[string]*record{}
	for _, known := range r.records {
		last[known.Commission] = known
	}
	return last
}

func (r *reminders) unsigned(of *record) map[casework.Actor]bool {
	missing := map[casework.Actor]bool{casework.ThePerson: true}
	for _, there := range of.Text.Attendance {
		if there.Presence == casework.Present {
			missing[there.Who] = true
		}
	}
	for _, l := range r.lines {
		if len(of.Text.Attendance) == 0 && l.Agreed {
			missing[casework.Actor(l.ID)] = true
		}
	}
	maps.DeleteFunc(missing, func(who casework.Actor, _ bool) bool { return of.signed[who] })
	return missing
}

func (r *reminders) unsignedOf(id string) map[casework.Actor]bool {
	for _, known := range r.records {
		if known.ID == id {
			return r.unsigned(known)
		}
	}
	return nil
}

// day is that of a moment where the case is.
func (r *reminders) day(t time.Time) string { return t.In(r.now.Location()).Format("2006-01-02") }

// lastReadable is the day two years after the end.
func (r *reminders) lastReadable() string {
	day := r.closed.In(r.now.Location())
	for !r.lost(day.AddDate(0, 0, 1)) {
		day = day.AddDate(0, 0, 1)
	}
	return day.Format("2006-01-02")
}

func (r *reminders) number(t time.Time) int { return numberOf(t.Format("2006-01-02")) }

func numberOf(day string) int {
	t, err := time.Parse("2006-01-02", day)
	if err != nil {
		panic(err) // no fact holds such a day
	}
	return int(t.Unix() / (24 * 3600))
}
