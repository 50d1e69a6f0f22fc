package commands

import (
	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
)

const subjectMission = "mission"

// referentCommand asks the professional whom the person chose to be her
// referent (guide IV.A.3).
func referentCommand() command.Command {
	return command.Command{
		Name: "référent", Twin: "referent",
		May:    command.Coordinators,
		Form:   "referent",
		Fields: referentFields,
		Words:  []string{"user", "until"},
		Do:     doReferent,
		Buttons: []command.Button{
			{ID: "accept", On: subjectMission, May: command.Members, Do: answerMission(true)},
			{ID: "decline", On: subjectMission, May: command.Members, Do: answerMission(false)},
		},
	}
}

func referentFields(r command.Request) []chat.Field {
	q := asking(r, "referent")
	q.user("user", needed)
	q.day("until", optional)
	q.yes("chosen_by_person", needed)
	return q.fields
}

func doReferent(r command.Request) (command.Response, error) {
	user := r.User("user")
	facts, err := r.Case.AskReferent(user, r.Day("until"), r.Bool("chosen_by_person"), r.Now)
	if err != nil {
		return command.Response{}, err
	}
	s := replying(r, r.Case)
	s.about("", s.t("label.asked"), s.user(user))
	s.plain("", s.t("referent.next"))
	return command.Response{
		Record: facts, Reply: s.message(s.t("referent.sent")),
		Notices: []command.Notice{{Act: command.Tell, View: viewMission, Subject: string(user), User: user}},
	}, nil
}

func answerMission(accepts bool) func(command.Request) (command.Response, error) {
	return func(r command.Request) (command.Response, error) {
		facts, err := r.Case.AnswerReferent(r.Asker.ID, accepts, r.Now)
		if err != nil {
			return command.Response{}, err
		}
		s := replying(r, r.Case)
		if accepts {
			return command.Response{
				Record: facts, Reply: chat.Message{Text: s.t("mission.accepted")},
				Notices: []command.Notice{post(viewReferent, string(r.Asker.ID))},
			}, nil
		}
		subject := subjectMission + " " + string(r.Asker.ID)
		return command.Response{
			Record: facts, Reply: chat.Message{Text: s.t("mission.declined")},
			Notices: tell(r.Asker.ID, r.Case.Coordinator(), viewAnswered, subject),
		}, nil
	}
}

// missionOf gives the last mission that user was asked to take.
func missionOf(c *casework.Case, user casework.UserID) (mission casework.Mission, ok bool) {
	for _, m := range c.Referents {
		if m.User == user {
			mission, ok = m, true
		}
	}
	return mission, ok
}

// showMission asks a professional to be the referent.
func showMission(v command.ViewRequest) (chat.Message, bool) {
	mission, ok := missionOf(v.Case, casework.UserID(v.Subject))
	s := showing(v)
	s.card.Title = s.t("mission.title")
	s.plain(s.t("label.code"), string(v.Case.Code))
	if mission.Until != "" {
		s.plain(s.t("label.mission_until"), s.ends(mission.Until))
	}
	s.plain("", s.t("mission.chosen"))
	s.plain("", s.t("mission.role"))
	s.plain("", s.t("mission.free"))
	s.buttons(subjectMission, "accept", "decline")
	return s.message(s.t("mission.text")), ok && mission.Asked && !v.Case.Ended()
}

// showReferent tells the circle who the referent is.
func showReferent(v command.ViewRequest) (chat.Message, bool) {
	r, ok := v.Case.Referent()
	s := showing(v)
	s.card.Title = s.t("referent.title")
	s.about("", s.t("label.referent"), s.user(r.User))
	if r.Until != "" {
		s.about("", s.t("label.mission_until"), s.ends(r.Until))
	}
	s.plain("", s.t("referent.role"))
	return s.whole(s.t("referent.text")), ok && string(r.User) == v.Subject
}
