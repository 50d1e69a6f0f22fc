package commands

import (
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// soon is how many deadlines an overview shows.
const soon = 6

// statusCommand gives the overview of a case to the asker alone.
func statusCommand() command.Command {
	return command.Command{
		Name: "suivi", Twin: "status",
		May: command.Members,
		Do:  doStatus,
	}
}

func doStatus(r command.Request) (command.Response, error) {
	if err := readable(r); err != nil {
		return command.Response{}, err
	}
	s := replying(r, r.Case)
	s.status()
	if record, ok := s.c.LastRecord(); ok && s.say.Place().Meetings {
		s.buttons(record.ID, "read", "sign")
	}
	switch {
	case s.c.Ended():
		s.run("document", "journal")
	case isPerson(s.c, r.Asker.ID):
		s.run("action", "document", "journal")
		s.ownConsent()
	default:
		s.run("action", "objectif", "document", "journal")
	}
	return command.Response{Reply: s.overview(s.t("status.text"))}, nil
}

// status adds all that an overview of the case says.
func (s *sheet) status() {
	c := s.c
	s.card.Title = s.t("status.title")
	s.plain(s.t("label.state"), s.t("state."+string(c.State)))
	s.plain(s.t("label.last_decision"), s.ends(casework.DayOf(c.DecidedAt.In(s.now.Location()))))
	s.about("", s.t("label.person"), joined(" — ", c.Person, s.t("household."+string(c.Household)), c.EntryPath))
	s.about("", s.t("label.own_words"), s.quoted(c.OwnWords))
	if c.State == casework.Closed {
		s.heading(s.t("status.closing"))
		s.closing()
		s.plain("", s.t("close.kept", locales.Args{"Day": s.say.Day(c.KeptUntil(s.now.Location()))}))
	}
	s.heading(s.t("status.household"))
	s.household()
	s.heading(s.t("status.aim"))
	s.about("", s.t("label.aim"), c.Aim)
	s.about("", s.t("label.problem"), c.Problem)
	s.about("", s.t("label.situation"), cut(c.Situation, shortMost))
	if m, ok := c.Referent(); ok {
		until := ""
		if m.Until != "" {
			until = s.t("line.until", locales.Args{"Day": s.say.Day(m.Until)})
		}
		s.about("", s.t("label.referent"), joined(" — ", s.user(m.User), until))
	} else {
		s.plain(s.t("label.referent"), s.t("homecard.no_referent"))
	}
	s.heading(s.t("status.circle"))
	s.circle()
	s.heading(s.t("status.consent"))
	s.consent(c.Consent())
	s.heading(s.t("status.assessment"))
	for _, e := range c.ByPriority() {
		s.about(e.Topic, s.rank(e), joined(" → ", e.Name, e.Objective))
	}
	s.objectives(false)
	s.over()
	if m, ok := s.nextMeeting(); ok {
		s.heading(s.t("status.commission"))
		s.commission(m)
		s.attendance(m)
		s.about("", s.t("label.away"), s.names(c.Away(c.Called(), s.now), s.actor))
	}
	s.heading(s.t("status.record"))
	for _, m := range c.Commissions {
		if c.Unrecorded(m) && !m.Ends().After(s.now) {
			s.about("", s.t("label.unrecorded"), s.meeting(m))
		}
	}
	if record, ok := c.LastRecord(); ok && s.say.Place().Meetings {
		s.plain(s.t("label.version"), s.version(record))
		s.about("", s.t("label.unsigned"), s.names(c.Unsigned(record), s.actor))
	}
	s.heading(s.t("status.deadlines"))
	before := len(s.card.Rows)
	for _, d := range s.deadlines() {
		if len(s.card.Rows) <= before+soon {
			s.about(d.topic, s.when(d.day), d.text)
		}
	}
}

// readable refuses to read a case whose content may no longer be shown to the
// asker, saying why.
func readable(r command.Request) error {
	c := r.Case
	switch {
	case c.Covers(r.Asker.ID, "", r.Now):
		return nil
	case c.Ended():
		return casework.Refuse(casework.CaseEnded, "")
	case c.Consent().Suspended:
		return casework.Refuse(casework.ConsentInDoubt, "")
	case !c.Consent().InForce(r.Now):
		return casework.Refuse(casework.ConsentGone, "")
	}
	return casework.Refuse(casework.NotAgreed, "")
}
