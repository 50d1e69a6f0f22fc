package commands

import (
	"slices"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// remindInvitations tells the coordinator that the letters are to be sent.
func remindInvitations(v command.ViewRequest) (chat.Message, bool) {
	r, ok := reminder(v, casework.RemindInvitations)
	m, _ := v.Case.Commission(r.Subject)
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
	return s.whole(s.t("remind.invitations.text")), ok && v.Say.Place().Meetings
}

// remindCommission reminds a member of a meeting, and asks whether they come if
// they did not say; it gives the coordinator a text for those who are not here.
func remindCommission(v command.ViewRequest) (chat.Message, bool) {
	r, ok := reminder(v, casework.RemindCommission)
	m, _ := v.Case.Commission(r.Subject)
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
	s.away(v, v.Case.Called(), "remind.away.commission.person", "remind.away.commission.professional", locales.Args{
		"At": s.say.Moment(m.At.In(v.Now.Location())), "Place": m.Place,
	})
	s.buttons(m.ID, "present", "absent")
	return s.whole(s.t("remind.commission.text", locales.Args{"Far": s.far(day, "far.ago")})), ok && v.Say.Place().Meetings
}

// away gives the coordinator, for each of actors who is not in the circle, how to
// reach them and a text ready to be sent: the sentence under the key person, or
// professional.
func (s *sheet) away(v command.ViewRequest, actors []casework.Actor, person, professional string, args locales.Args) {
	if v.Reader != v.Case.Coordinator() {
		return
	}
	for _, who := range v.Case.Away(actors, v.Now) {
		if who == casework.ThePerson {
			s.plain("", s.t("remind.outside.person"))
			s.about("", s.t("remind.outside.text"), s.t(person, args))
			continue
		}
		p, _ := v.Case.Professional(string(who))
		s.contact(p)
		s.about("", s.t("remind.outside.text"), s.t(professional, locales.Args{"Name": p.FullName()}, args))
	}
}

// remindRecord tells whoever leads that the record of a meeting is to be written.
func remindRecord(v command.ViewRequest) (chat.Message, bool) {
	return unrecorded(v, casework.RemindRecord)
}

// remindUnrecorded tells the coordinator so for the last time.
func remindUnrecorded(v command.ViewRequest) (chat.Message, bool) {
	return unrecorded(v, casework.RemindUnrecorded)
}

func unrecorded(v command.ViewRequest, kind casework.ReminderKind) (chat.Message, bool) {
	r, ok := reminder(v, kind)
	m, _ := v.Case.Commission(r.Subject)
	s := showing(v)
	s.card.Title = s.t("remind.record.title")
	s.about("", s.t("label.at"), s.meeting(m))
	if kind == casework.RemindRecord {
		s.plain("", s.t("remind.record.next"))
	} else {
		s.plain("", s.t("remind.record.last"))
	}
	s.buttons(m.ID, "draft")
	s.run("relevé")
	if m.OpenedAt.IsZero() && v.Case.Coordinates(v.Reader) {
		s.plain("", s.t("remind.record.off"))
		s.buttons(m.ID, "cancel")
		s.card.Buttons[len(s.card.Buttons)-1].Style = chat.Ordinary
	}
	return s.whole(s.t("remind.record.text")), ok && v.Say.Place().Meetings
}

// remindSignatures asks a member to sign a record, and tells the coordinator who
// is to be reached in another way.
func remindSignatures(v command.ViewRequest) (chat.Message, bool) {
	r, ok := reminder(v, casework.RemindSignatures)
	record, _ := v.Case.Record(r.Subject)
	unsigned := v.Case.Unsigned(record)
	s := showing(v)
	s.card.Title = s.t("remind.signatures.title")
	day := casework.DayOf(record.Text.At.In(v.Now.Location()))
	s.about("", s.t("label.at"), s.say.Day(day))
	s.about("", s.t("label.unsigned"), s.names(unsigned, s.actor))
	text := s.t("remind.signatures.others")
	if slices.Contains(unsigned, actorOf(v.Case, v.Reader)) {
		text = s.t("remind.signatures.text")
		s.plain("", s.t("remind.signatures.next"))
	}
	s.away(v, unsigned, "remind.away.signatures.person", "remind.away.signatures.professional", locales.Args{"Day": s.say.Day(day)})
	s.buttons(record.ID, "sign", "read")
	if slices.Contains(unsigned, casework.ThePerson) && v.Case.KeepsConsent(v.Reader) {
		s.buttons(record.ID, "paper")
	}
	return s.whole(text), ok && v.Say.Place().Meetings
}

// remindReview tells the coordinator that the day fixed for the next meeting
// comes, and that nobody is called to it.
func remindReview(v command.ViewRequest) (chat.Message, bool) {
	r, ok := reminder(v, casework.RemindReview)
	m, _ := v.Case.Commission(r.Subject)
	s := showing(v)
	s.card.Title = s.t("remind.review.title")
	s.about("", s.t("label.next_on"), s.ends(m.NextOn))
	s.plain("", s.t("remind.review.next", locales.Args{"Days": casework.NoticeDays}))
	s.run("commission")
	return s.whole(s.t("remind.review.text")), ok && v.Say.Place().Meetings
}
