package commands

import (
	"slices"

	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// historyMost is how many lines of the history are shown.
const historyMost = 40

// historyCommand gives the history of a case, newest first.
func historyCommand() command.Command {
	return command.Command{
		Name: "journal", Twin: "history",
		May: command.Members,
		Do:  doHistory,
	}
}

func doHistory(r command.Request) (command.Response, error) {
	if err := readable(r); err != nil {
		return command.Response{}, err
	}
	s := replying(r, r.Case)
	s.card.Title = s.t("history.title")
	shown, more := 0, 0
	for _, e := range slices.Backward(r.Case.History()) {
		if unseen(e.Fact) {
			continue
		}
		if shown == historyMost {
			more++
			continue
		}
		shown++
		topic, args := s.told(e.Fact)
		args["By"] = s.user(e.By)
		sentence := s.t("history."+casework.FactName(e.Fact), args)
		s.about(topic, s.say.Moment(e.At.In(r.Now.Location())), sentence)
	}
	if more > 0 {
		s.plain("", s.t("history.more", locales.Args{"N": more}))
	}
	return command.Response{Reply: s.overview(s.t("history.text"))}, nil
}

// unseen reports the facts that the bot notes for itself, which say nothing of
// the path of the person.
func unseen(f casework.Fact) bool {
	switch f.(type) {
	case casework.Shown, casework.Withheld, casework.Reminded, casework.RefusalCounted:
		return true
	}
	return false
}

// told gives the topic of a fact, and what fills its sentence.
func (s *sheet) told(f casework.Fact) (casework.Topic, locales.Args) {
	switch f := f.(type) {
	case casework.ConsentGiven:
		return "", locales.Args{"Until": s.say.Day(f.Consent.Until), "Version": f.Consent.Version}
	case casework.ProfessionalListed:
		return "", locales.Args{"Who": signature(f.Professional)}
	case casework.MemberInvited:
		if f.Role == casework.RolePerson {
			return "", locales.Args{"Who": s.user(f.User)}
		}
		return "", locales.Args{"Who": joined(" — ", s.user(f.User), s.t("role."+string(f.Role)))}
	case casework.InvitationAnswered:
		return "", locales.Args{"Who": s.user(f.User), "Answer": s.yesNo(f.Accepted)}
	case casework.MemberLeft:
		return "", locales.Args{"Who": s.user(f.User)}
	case casework.ReferentAsked:
		return "", locales.Args{"Who": s.user(f.User)}
	case casework.ReferentAnswered:
		return "", locales.Args{"Who": s.user(f.User), "Answer": s.yesNo(f.Accepted)}
	case casework.ElementAssessed:
		return f.Element.Topic, locales.Args{"Kind": s.t("kind." + string(f.Element.Kind)), "What": f.Element.Name}
	case casework.ObjectiveSet:
		return f.Objective.Topic, locales.Args{"What": f.Objective.Title}
	case casework.ActionAssigned:
		return s.c.TopicOf(f.Action), locales.Args{"What": f.Action.What, "Who": s.actor(f.Action.Who), "Due": s.say.Day(f.Action.Due)}
	case casework.ActionDone:
		return s.toldAction(f.Action)
	case casework.ActionPostponed:
		topic, args := s.toldAction(f.Action)
		args["Due"] = s.say.Day(f.Due)
		return topic, args
	case casework.ActionReassigned:
		topic, args := s.toldAction(f.Action)
		args["Who"] = s.actor(f.Who)
		return topic, args
	case casework.HelpAsked:
		return s.toldAction(f.Action)
	case casework.CommissionPlanned:
		return "", locales.Args{"What": s.meeting(f.Commission)}
	case casework.AttendanceAnswered:
		answer := s.t("attendance.no")
		if f.Present {
			answer = s.t("attendance.yes")
		}
		return "", locales.Args{"Who": s.user(f.User), "Answer": answer}
	case casework.CommissionCancelled:
		return s.toldMeeting(f.Commission)
	case casework.SessionOpened:
		return s.toldMeeting(f.Commission)
	case casework.TopicTaken:
		return f.Topic, locales.Args{"Topic": s.t("topic." + string(f.Topic)), "Answer": s.yesNo(f.Agreed)}
	case casework.ObjectiveReviewed:
		o, _ := s.c.Objective(f.Objective)
		return o.Topic, locales.Args{"What": o.Title, "Outcome": s.t("outcome." + string(f.Outcome))}
	case casework.RelativeStated:
		return f.Relative.Topic(), locales.Args{}
	case casework.DocumentMade:
		return "", locales.Args{"What": s.t("document." + f.Kind)}
	case casework.RecordFrozen:
		return "", locales.Args{"Version": f.Record.Version}
	case casework.RecordSigned:
		r, _ := s.c.Record(f.Signature.Record)
		return "", locales.Args{"Version": r.Version, "Who": joined(" — ", s.actor(f.Signature.Who), f.Signature.Name)}
	}
	return "", locales.Args{}
}

func (s *sheet) toldMeeting(id string) (casework.Topic, locales.Args) {
	m, _ := s.c.Commission(id)
	return "", locales.Args{"What": s.meeting(m)}
}

func (s *sheet) toldAction(id string) (casework.Topic, locales.Args) {
	a, _ := s.c.Action(id)
	return s.c.TopicOf(a), locales.Args{"What": a.What}
}
