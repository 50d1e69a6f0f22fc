package commands

import (
	"errors"
	"slices"
	"time"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// historyMost is how many lines of the history are shown.
const historyMost = 40

// historyCommand gives the history of a case, newest first; and, to the person
// herself and to whoever runs the service, who looked at it.
func historyCommand() command.Command {
	return command.Command{
		Name: "journal", Twin: "history",
		May:    command.Members,
		Admins: true,
		Form:   "history",
		Fields: func(r command.Request) []chat.Field {
			q := asking(r, "history")
			q.day("from", optional)
			q.day("to", optional)
			return q.fields
		},
		Do: doHistory,
	}
}

func doHistory(r command.Request) (command.Response, error) {
	from, to := r.Day("from"), r.Day("to")
	if to == "" {
		to = casework.DayOf(r.Now)
	}
	if from > to {
		return command.Response{}, casework.Refuse(casework.Backwards, "to")
	}
	zone := r.Now.Location()
	end := to.Add(1).At(0, 0, zone)
	since := from
	if since == "" {
		since = to.AddMonths(-accessMonths)
	}
	closed := readable(r)
	accesses, err := r.Accesses(since.At(0, 0, zone), end)
	var no *casework.Error
	mayLook := err == nil
	switch {
	case err != nil && !errors.As(err, &no):
		return command.Response{}, err
	case !mayLook && closed != nil:
		return command.Response{}, closed
	}
	s := replying(r, r.Case)
	s.card.Title = s.t("history.title")
	if mayLook {
		s.looked(accesses, since, closed == nil)
	}
	if closed == nil {
		if mayLook {
			s.heading(s.t("history.heading"))
		}
		s.history(from.At(0, 0, zone), end)
	}
	return command.Response{Reply: s.overview(s.t("history.text"))}, nil
}

// history adds what happened from one moment to another, the second left out.
func (s *sheet) history(from, to time.Time) {
	shown, more := 0, 0
	for _, e := range slices.Backward(s.c.History()) {
		if unseen(e.Fact) || e.At.Before(from) || !e.At.Before(to) {
			continue
		}
		if shown == historyMost {
			more++
			continue
		}
		shown++
		topic, args := s.told(e.Fact)
		args["By"] = s.user(e.By)
		sentence := s.t(historyKey(e), args)
		s.about(topic, s.say.Moment(e.At.In(s.now.Location())), sentence)
	}
	s.group = ""
	if more > 0 {
		s.plain("", s.t("history.more", locales.Args{"N": more}))
	}
}

// historyKey chooses the sentence of an entry: what somebody did on the server is
// nobody's of the chat.
func historyKey(e casework.Entry) string {
	if e.By == "" {
		switch e.Fact.(type) {
		case casework.Consulted:
			return "history.consulted.server"
		case casework.DocumentMade:
			return "history.document_made.server"
		}
	}
	return "history." + casework.FactName(e.Fact)
}

// unseen reports the facts that the bot notes for itself, which say nothing of
// the path of the person.
func unseen(f casework.Fact) bool {
	switch f.(type) {
	case casework.Shown, casework.Withheld, casework.PastChosen, casework.Reminded, casework.RefusalCounted, casework.AccessesMarked:
		return true
	}
	return false
}

// told gives the topic of a fact, and what fills its sentence.
func (s *sheet) told(f casework.Fact) (casework.Topic, locales.Args) {
	switch f := f.(type) {
	case casework.RetentionSet:
		return "", locales.Args{"Months": f.Months}
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
	case casework.MissionEnded:
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
	case casework.Consulted:
		return "", locales.Args{"Reason": f.Reason, "Account": f.Operator}
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
