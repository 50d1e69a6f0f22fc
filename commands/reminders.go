package commands

import (
	"slices"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// early reports a reminder whose date was put off since it was planned, so that
// it is not to be given any more. Some dates are counted in working days: shift
// says how.
func early(v command.ViewRequest, date casework.Day, days int, shift func(casework.Day, int) casework.Day) bool {
	return casework.DayOf(v.Now) < shift(date, days)
}

// remindAction reminds whoever has an action of it; or tells the coordinator,
// in the place of somebody without an account, or when it is late.
func remindAction(v command.ViewRequest) (chat.Message, bool) {
	id, days := split(v.Subject)
	a, ok := v.Case.Action(id)
	s := showing(v)
	far := locales.Args{"Far": s.far(a.Due, "far.late")}
	text := s.t("remind.action.ahead", far)
	if a.Due < casework.DayOf(v.Now) {
		text = s.t("remind.action.late", far)
	}
	s.card.Title = s.t("remind.action.title")
	s.actionRows(a)
	switch {
	case v.Case.Does(v.Reader, a):
		s.plain("", s.t("remind.action.free"))
	case !s.opened(a):
		s.plain("", s.t("remind.outside.closed"))
	case s.reachable(a):
		s.plain("", s.t("remind.action.other"))
	default:
		s.outside(a)
	}
	s.buttons(a.ID, "done", "postpone", "help", "reassign")
	return s.whole(text), ok && v.Case.Live(a) && !early(v, a.Due, days, casework.Day.AddWorking) && !v.Case.Ended()
}

// opened reports whether the person's agreement still opens the topic of an
// action to whoever does it: otherwise nobody may write to them of it.
func (s *sheet) opened(a casework.Action) bool {
	topic := s.c.TopicOf(a)
	return a.Who == casework.ThePerson || slices.ContainsFunc(s.c.Consent().Shares, func(share casework.Share) bool {
		return share.Professional == string(a.Who) && slices.Contains(share.Topics, topic)
	})
}

// reachable reports whether somebody of the circle, whose account is open, does
// the action, and so was reminded of it here.
func (s *sheet) reachable(a casework.Action) bool {
	for _, m := range s.c.Members {
		if m.Joined && s.c.Does(m.User, a) && s.account(m.User).Active {
			return true
		}
	}
	return false
}

// outside says how to reach somebody who is not on the platform, with a text
// ready to be sent.
func (s *sheet) outside(a casework.Action) {
	topic := s.c.TopicOf(a)
	if a.Who == casework.ThePerson {
		s.plain("", s.t("remind.outside.person"))
		s.about(topic, s.t("remind.outside.text"), s.t("remind.outside.person.words", locales.Args{"What": a.What, "Day": s.say.Day(a.Due)}))
		return
	}
	p, _ := s.c.Professional(string(a.Who))
	s.plain("", s.t("remind.outside.professional"))
	s.about("", s.t("label.contact"), joined(", ", signature(p), p.Phone, p.Email))
	s.about(topic, s.t("remind.outside.text"), s.t("remind.outside.professional.words", locales.Args{"Name": p.FullName(), "What": a.What, "Day": s.say.Day(a.Due)}))
}

// remindInvitations tells the coordinator that the letters are to be sent.
func remindInvitations(v command.ViewRequest) (chat.Message, bool) {
	id, _ := split(v.Subject)
	m, ok := v.Case.Commission(id)
	s := showing(v)
	days := casework.DayOf(m.At.In(v.Now.Location())).Sub(casework.DayOf(v.Now))
	s.card.Title = s.t("remind.invitations.title")
	s.commission(m)
	if days <= casework.NoticeDays {
		s.plain("", s.t("remind.invitations.late", locales.Args{"N": days}))
	} else {
		s.plain("", s.t("remind.invitations.ahead", locales.Args{"N": days, "Days": casework.NoticeDays}))
	}
	s.run("document", "liste")
	return s.whole(s.t("remind.invitations.text")), ok && !m.Cancelled && m.At.After(v.Now) && !v.Case.Ended() && v.Say.Place().Meetings
}

// remindCommission reminds a member of a meeting, and asks whether they come if
// they did not say.
func remindCommission(v command.ViewRequest) (chat.Message, bool) {
	id, _ := split(v.Subject)
	m, ok := v.Case.Commission(id)
	s := showing(v)
	s.card.Title = s.t("commission.title")
	s.commission(m)
	day := casework.DayOf(m.At.In(v.Now.Location()))
	present, said := m.Answers[v.Reader]
	switch {
	case !said:
		s.plain("", s.t("remind.commission.silent"))
	case present:
		s.plain("", s.t("remind.commission.present"))
	default:
		s.plain("", s.t("remind.commission.absent"))
	}
	s.buttons(m.ID, "present", "absent")
	return s.whole(s.t("remind.commission.text", locales.Args{"Far": s.far(day, "far.ago")})), ok && !m.Cancelled && m.At.After(v.Now) && !v.Case.Ended() && v.Say.Place().Meetings
}

// remindConsent tells the coordinator when the person's agreement ends. It
// holds nothing but the date: on the day after, nothing else may be shown.
func remindConsent(v command.ViewRequest) (chat.Message, bool) {
	consent := v.Case.Consent()
	_, days := split(v.Subject)
	s := showing(v)
	s.card.Title = s.t("remind.consent.title")
	s.plain(s.t("label.until"), s.ends(consent.Until))
	s.plain("", s.t("remind.consent.next"))
	s.run("consentement")
	return s.message(s.t("remind.consent.text")), consent.Version > 0 && !early(v, consent.Until, days, casework.Day.Add) && !v.Case.Ended()
}

// remindMission tells the coordinator that the referent's mission ends, so that
// a successor is chosen in time (guide IV.A.3).
func remindMission(v command.ViewRequest) (chat.Message, bool) {
	user, days := split(v.Subject)
	r, ok := v.Case.Referent()
	s := showing(v)
	s.card.Title = s.t("remind.mission.title")
	s.plain(s.t("label.mission_until"), s.ends(r.Until))
	s.plain("", s.t("remind.mission.next"))
	s.run("référent")
	return s.message(s.t("remind.mission.text")), ok && string(r.User) == user && r.Until != "" && !early(v, r.Until, days, casework.Day.Add) && !v.Case.Ended()
}

// remindMeasure tells the coordinator that a professional's measure ends.
func remindMeasure(v command.ViewRequest) (chat.Message, bool) {
	id, days := split(v.Subject)
	p, ok := v.Case.Professional(id)
	s := showing(v)
	s.card.Title = s.t("remind.measure.title")
	s.about("", s.t("label.professional"), signature(p))
	s.about("", s.t("label.measure"), p.Measure)
	s.about("", s.t("label.until"), s.ends(p.End))
	s.plain("", s.t("remind.measure.next"))
	s.run("liste")
	return s.whole(s.t("remind.measure.text")), ok && p.Agreed && p.End != "" && !early(v, p.End, days, casework.Day.Add) && !v.Case.Ended()
}

// remindThinking tells the author to come back to a person who is thinking it
// over.
func remindThinking(v command.ViewRequest) (chat.Message, bool) {
	s := showing(v)
	s.card.Title = s.t("remind.thinking.title")
	s.about("", s.t("label.person"), v.Case.Person)
	s.plain("", s.t("remind.thinking.next"))
	s.run("consentement")
	return s.whole(s.t("remind.thinking.text")), v.Case.State == casework.Proposed
}
