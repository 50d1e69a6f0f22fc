package caseworktest

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"parcours/casework"
)

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
		who[coordinator] = true
		if r.closed.IsZero() {
			return who // who kept it hears of it, and of nothing else
		}
		who[r.author] = true
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

// keptFrom gives the last day on which a case is kept that rests since a moment.
func (r *reminders) keptFrom(at time.Time) since {
	return since{r.Judge.last(at, r.now.Location()), at}
}

func (r *reminders) number(t time.Time) int { return numberOf(t.Format("2006-01-02")) }

func numberOf(day string) int {
	t, err := time.Parse("2006-01-02", day)
	if err != nil {
		panic(err) // no fact holds such a day
	}
	return int(t.Unix() / (24 * 3600))
}
