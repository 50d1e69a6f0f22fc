package caseworktest

import (
	"fmt"
	"slices"
	"time"

	"parcours/casework"
)

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
		add(casework.RemindRetention, "", r.kept, false, r.p.Retention...)
		return all
	case r.ended:
		add(casework.RemindRetention, "", r.kept, false, r.p.Retention...)
		return all
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
	add(casework.RemindRetention, "", r.kept, false, r.p.Retention...)
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
