package casework

import (
	"slices"
	"time"
)

// A matter is something of a case that people are reminded of as long as it is so.
type matter struct {
	kind    ReminderKind
	subject string
	// on is the date it is about, known since when it is so.
	on    Day
	known time.Time
}

// matters gives all that people are to be reminded of in the case as it stands,
// now or later.
func (c *Case) matters(zone *time.Location) []matter {
	var all []matter
	add := func(kind ReminderKind, subject string, on Day, known time.Time) {
		if on != "" {
			all = append(all, matter{kind, subject, on, known})
		}
	}
	day := func(t time.Time) Day { return DayOf(t.In(zone)) }
	if c.State == Proposed {
		add(RemindThinking, "", day(c.OpenedAt), c.OpenedAt)
	}
	add(RemindRetention, "", c.KeptUntil(zone), c.lastContact(zone))
	if c.State != Consented && c.State != Followed {
		return all
	}
	consent := c.Consent()
	for _, a := range c.Actions {
		if c.Live(a) && !slices.Contains(consent.Vetoes, c.TopicOf(a)) {
			add(RemindAction, a.ID, a.Due, a.SetAt)
		}
	}
	for _, m := range c.Commissions {
		if m.Cancelled {
			continue
		}
		if !m.OpenedAt.IsZero() && m.EndedAt.IsZero() {
			add(RemindTime, m.ID, day(m.OpenedAt), m.OpenedAt)
		}
		add(RemindInvitations, m.ID, day(m.At), m.SetAt)
		add(RemindCommission, m.ID, day(m.At), m.SetAt)
		if c.Unrecorded(m) {
			add(RemindRecord, m.ID, day(m.At), m.At)
			add(RemindUnrecorded, m.ID, day(m.At), m.At)
		}
	}
	for _, r := range c.Records {
		if !c.Stale(r) && len(c.Unsigned(r)) > 0 {
			add(RemindSignatures, r.ID, day(r.At), r.At)
		}
	}
	if m, ok := c.ToCall(zone); ok {
		add(RemindReview, m.ID, m.NextOn, m.NextSetAt)
	}
	for _, who := range c.Professionals {
		if who.Agreed {
			add(RemindMeasure, who.ID, who.End, who.SetAt)
		}
	}
	if r, ok := c.Referent(); ok {
		add(RemindMission, string(r.User), r.Until, r.Since)
	}
	add(RemindConsent, "", consent.Until, consent.SetAt)
	add(RemindSilence, "", day(c.DecidedAt), c.DecidedAt)
	return all
}

// Stands reports whether a reminder that was due to user still holds at now, in
// the time zone of now: what it is about is as it was, and is still for them to
// know and to see to. The coordinator stands in for anybody. What is empty in r,
// On or At, is not compared: so a reminder is known again by its kind, its subject
// and its days alone, but then a date that was put off meanwhile is not seen.
func (c *Case) Stands(r Reminder, user UserID, now time.Time) bool {
	same := func(m matter) bool {
		return m.kind == r.Kind && m.subject == r.Subject && (r.On == "" || r.On == m.on) && (r.At.IsZero() || r.At.After(m.known))
	}
	return slices.ContainsFunc(c.matters(now.Location()), same) && c.concerns(r, user, now)
}

// concerns reports whether a reminder can be for user at now, whenever it is due.
func (c *Case) concerns(r Reminder, user UserID, now time.Time) bool {
	coordinates := user == c.Coordinator()
	switch r.Kind {
	case RemindThinking, RemindConsent:
		return coordinates
	case RemindAction:
		a, _ := c.Action(r.Subject)
		return c.Covers(user, c.TopicOf(a), now) && (c.Does(user, a) || c.Coordinates(user))
	}
	if r.Kind == RemindRetention && c.State != Closed {
		return coordinates
	}
	if !c.Covers(user, "", now) {
		return false
	}
	m, _ := c.Commission(r.Subject)
	switch r.Kind {
	case RemindInvitations:
		return coordinates && m.At.After(now)
	case RemindCommission:
		return m.At.After(now)
	case RemindRecord:
		return c.Leads(user, m)
	case RemindTime:
		open, ok := c.Session(now)
		return ok && open.ID == m.ID && (user == m.OpenedBy || c.Leads(user, m))
	case RemindSignatures:
		record, _ := c.Record(r.Subject)
		return coordinates || c.awaits(record, user)
	case RemindRetention:
		return c.KeepsConsent(user)
	}
	return coordinates
}

// awaits reports whether a record waits for the signature of user.
func (c *Case) awaits(r Record, user UserID) bool {
	m, ok := c.Member(user)
	return ok && slices.Contains(c.Unsigned(r), m.Actor())
}
