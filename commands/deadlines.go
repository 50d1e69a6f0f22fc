package commands

import (
	"cmp"
	"slices"

	"parcours/casework"
	"parcours/locales"
)

// A deadline is a day that somebody is to keep in mind.
type deadline struct {
	// id names what it is about, in its case.
	id    string
	day   casework.Day
	code  casework.Code
	topic casework.Topic
	text  string
	// doer reports whether it is for a user to keep.
	doer func(casework.UserID) bool
}

// deadlines gives the days to come of a case, and the actions that are late,
// in order.
func (s *sheet) deadlines() []deadline {
	c := s.c
	var all []deadline
	add := func(id string, day casework.Day, topic casework.Topic, text string, doer func(casework.UserID) bool) {
		if day != "" {
			all = append(all, deadline{id: id, day: day, code: c.Code, topic: topic, text: text, doer: doer})
		}
	}
	if c.Ended() {
		return nil
	}
	for _, a := range c.Actions {
		if c.Live(a) {
			add(a.ID, a.Due, c.TopicOf(a), joined(" — ", a.What, s.actor(a.Who)), func(u casework.UserID) bool { return c.Does(u, a) })
		}
	}
	today := casework.DayOf(s.now)
	future := func(id string, day casework.Day, text string, doer func(casework.UserID) bool) {
		if day >= today {
			add(id, day, "", text, doer)
		}
	}
	for _, m := range c.Commissions {
		at := m.At.In(s.now.Location())
		if at.After(s.now) && !m.Cancelled && s.say.Place().Meetings {
			add(m.ID, casework.DayOf(at), "", s.t("deadline.commission", locales.Args{"At": s.say.Moment(at), "Place": m.Place}), c.IsMember)
		}
	}
	if m, ok := c.ToCall(s.now.Location()); ok && s.say.Place().Meetings {
		future("next", m.NextOn, s.t("deadline.next"), c.IsMember)
	}
	if v := c.Consent(); v.Version > 0 {
		future("consent", v.Until, s.t("deadline.consent"), c.KeepsConsent)
	}
	if r, ok := c.Referent(); ok {
		future("mission", r.Until, s.t("deadline.mission"), c.Coordinates)
	}
	for _, p := range c.Professionals {
		if p.Agreed {
			future(p.ID, p.End, joined(" — ", s.t("deadline.measure"), p.FullName(), p.Measure), c.Coordinates)
		}
	}
	return sorted(all)
}

func sorted(all []deadline) []deadline {
	slices.SortStableFunc(all, func(a, b deadline) int { return cmp.Compare(a.day, b.day) })
	return all
}
