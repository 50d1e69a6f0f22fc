package casework

import (
	"slices"
	"time"
)

// told says who hears of r at now: nobody if it has lost its object, and nobody
// who may not be shown what it is about. Only the end of a consent, or of the
// time to think, is for the coordinator whether or not there is a consent; so is
// that of what is kept of a case, unless it was closed.
func (c *Case) told(p Policy, r Reminder, now time.Time) []UserID {
	coordinator := []UserID{c.Coordinator()}
	m, _ := c.Commission(r.Subject)
	switch r.Kind {
	case RemindThinking, RemindConsent:
		return coordinator
	case RemindAction:
		return c.toldOfAction(p, r, now)
	case RemindTime:
		return c.toldOfTime(r, now)
	case RemindInvitations:
		if !m.At.After(now) {
			return nil
		}
	case RemindCommission:
		if !m.At.After(now) {
			return nil
		}
		return c.coveredAmong(c.joined(), "", now)
	case RemindRecord:
		return kept(c.coveredAmong(c.joined(), "", now), func(user UserID) bool { return c.Leads(user, m) })
	case RemindSignatures:
		return c.toldOfSignatures(r, now)
	case RemindRetention:
		if c.State != Closed {
			return coordinator
		}
		return c.coveredAmong(union([]UserID{c.Author}, coordinator), "", now)
	}
	return c.coveredAmong(coordinator, "", now)
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

// toldOfAction says who hears of an action: its actor, later the coordinator and
// the chair; and the coordinator in the place of an actor who cannot be told.
func (c *Case) toldOfAction(p Policy, r Reminder, now time.Time) []UserID {
	a, _ := c.Action(r.Subject)
	topic := c.TopicOf(a)
	does := kept(c.coveredAmong(c.joined(), topic, now), func(user UserID) bool { return c.Does(user, a) })
	forChair := slices.Contains(p.ActionChair, r.Days)
	var to []UserID
	if slices.Contains(p.Action, r.Days) {
		to = does
	}
	if len(does) == 0 || forChair || slices.Contains(p.ActionReferent, r.Days) {
		to = append(to, c.Coordinator())
	}
	if chair, ok := c.Chair(); ok && forChair {
		to = append(to, chair)
	}
	return c.coveredAmong(union(nil, to), topic, now)
}

// toldOfSignatures says who hears that a record is not signed by all: whoever has
// not, and the coordinator for those who are not in the circle.
func (c *Case) toldOfSignatures(r Reminder, now time.Time) []UserID {
	record, _ := c.Record(r.Subject)
	unsigned := c.Unsigned(record)
	to := kept(c.joined(), func(user UserID) bool { return c.awaits(record, user) })
	if len(c.Away(unsigned, now)) > 0 {
		to = append(to, c.Coordinator())
	}
	return c.coveredAmong(union(nil, to), "", now)
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
