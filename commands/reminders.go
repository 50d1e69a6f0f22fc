package commands

import (
	"slices"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// reminder gives what a view is asked to recall, and whether that still holds for
// its reader.
func reminder(v command.ViewRequest, kind casework.ReminderKind) (casework.Reminder, bool) {
	r := command.ReminderOf(kind, v.Subject)
	return r, v.Case.Stands(r, v.Reader, v.Now)
}

// remindAction reminds whoever has an action of it; or tells the coordinator,
// in the place of somebody without an account, or when it is late.
func remindAction(v command.ViewRequest) (chat.Message, bool) {
	r, ok := reminder(v, casework.RemindAction)
	a, _ := v.Case.Action(r.Subject)
	s := showing(v)
	far := locales.Args{"Far": s.far(a.Due, "far.late")}
	text := s.t("remind.action.ahead", far)
	if a.Due < casework.DayOf(v.Now) {
		text = s.t("remind.action.late", far)
	}
	s.card.Title = s.t("remind.action.title")
	s.actionRows(a)
	switch {
	case a.Left:
		s.plain("", s.t("remind.action.left"))
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
	return s.whole(text), ok
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

// outside says how to reach whoever does an action and is not on the platform,
// with a text ready to be sent.
func (s *sheet) outside(a casework.Action) {
	topic := s.c.TopicOf(a)
	if a.Who == casework.ThePerson {
		s.plain("", s.t("remind.outside.person"))
		s.about(topic, s.t("remind.outside.text"), s.t("remind.outside.person.words", locales.Args{"What": a.What, "Day": s.say.Day(a.Due)}))
		return
	}
	p, _ := s.c.Professional(string(a.Who))
	s.plain("", s.t("remind.outside.professional"))
	s.contact(p)
	s.about(topic, s.t("remind.outside.text"), s.t("remind.outside.professional.words", locales.Args{"Name": p.FullName(), "What": a.What, "Day": s.say.Day(a.Due)}))
}

// contact says how to reach a professional.
func (s *sheet) contact(p casework.Professional) {
	s.about("", s.t("label.contact"), joined(", ", signature(p), p.Phone, p.Email))
}

// remindConsent tells the coordinator when the person's agreement ends. It
// holds nothing but the date: on the day after, nothing else may be shown.
func remindConsent(v command.ViewRequest) (chat.Message, bool) {
	consent := v.Case.Consent()
	_, ok := reminder(v, casework.RemindConsent)
	s := showing(v)
	s.card.Title = s.t("remind.consent.title")
	s.plain(s.t("label.until"), s.ends(consent.Until))
	s.plain("", s.t("remind.consent.next"))
	s.run("consentement")
	return s.message(s.t("remind.consent.text")), ok
}

// remindMission tells the coordinator that the referent's mission ends, so that
// a successor is chosen in time (guide IV.A.3).
func remindMission(v command.ViewRequest) (chat.Message, bool) {
	_, ok := reminder(v, casework.RemindMission)
	r, _ := v.Case.Referent()
	s := showing(v)
	s.card.Title = s.t("remind.mission.title")
	s.plain(s.t("label.mission_until"), s.ends(r.Until))
	s.plain("", s.t("remind.mission.next"))
	if r.User != v.Case.Author {
		s.plain("", s.t("remind.mission.over"))
	}
	s.run("référent")
	return s.message(s.t("remind.mission.text")), ok
}

// remindMeasure tells the coordinator that a professional's measure ends.
func remindMeasure(v command.ViewRequest) (chat.Message, bool) {
	r, ok := reminder(v, casework.RemindMeasure)
	p, _ := v.Case.Professional(r.Subject)
	s := showing(v)
	s.card.Title = s.t("remind.measure.title")
	s.about("", s.t("label.professional"), signature(p))
	s.about("", s.t("label.measure"), p.Measure)
	s.about("", s.t("label.until"), s.ends(p.End))
	s.plain("", s.t("remind.measure.next"))
	s.run("liste")
	return s.whole(s.t("remind.measure.text")), ok
}

// remindThinking tells the author to come back to a person who is thinking it
// over.
func remindThinking(v command.ViewRequest) (chat.Message, bool) {
	_, ok := reminder(v, casework.RemindThinking)
	s := showing(v)
	s.card.Title = s.t("remind.thinking.title")
	s.about("", s.t("label.person"), v.Case.Person)
	s.plain("", s.t("remind.thinking.next"))
	s.run("consentement")
	return s.whole(s.t("remind.thinking.text")), ok
}

// remindSilence tells the coordinator that nobody has decided anything for long.
func remindSilence(v command.ViewRequest) (chat.Message, bool) {
	_, ok := reminder(v, casework.RemindSilence)
	s := showing(v)
	last := casework.DayOf(v.Case.DecidedAt.In(v.Now.Location()))
	s.card.Title = s.t("remind.silence.title")
	s.plain(s.t("label.last_decision"), s.ends(last))
	s.plain("", s.t("remind.silence.next"))
	s.run("suivi")
	return s.message(s.t("remind.silence.text", locales.Args{"N": casework.DayOf(v.Now).Sub(last)})), ok
}

// remindRetention tells whoever keeps a case that nobody works on that it can soon be
// read no more, or that it is destroyed; then it holds nothing but dates, as nothing
// else may be shown.
func remindRetention(v command.ViewRequest) (chat.Message, bool) {
	_, ok := reminder(v, casework.RemindRetention)
	s := showing(v)
	s.card.Title = s.t("remind.retention.title")
	until := v.Case.KeptUntil(v.Now.Location())
	if v.Case.State == casework.Closed {
		s.plain(s.t("label.kept_until"), s.ends(until))
		s.plain("", s.t("remind.retention.next"))
		s.run("suivi", "document")
		return s.message(s.t("remind.retention.text")), ok
	}
	s.plain(s.t("label.erased_after"), s.ends(until))
	switch v.Case.State {
	case casework.Proposed:
		s.plain("", s.t("remind.retention.proposed"))
		s.run("consentement")
	case casework.Withdrawn:
		s.plain("", s.t("remind.retention.withdrawn"))
	default:
		last := casework.DayOf(v.Case.DecidedAt.In(v.Now.Location()))
		s.plain("", s.t("remind.retention.left", locales.Args{"Since": s.say.Day(last), "Until": s.say.Day(until)}))
		s.run("consentement", "clôturer")
	}
	return s.message(s.t("remind.retention.erased")), ok
}
