package commands

import (
	"slices"
	"strings"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

const subjectInvitation = "invitation"

// inviteCommand offers somebody of the list, or the person, a place in the
// circle.
func inviteCommand() command.Command {
	return command.Command{
		Name: "inviter", Twin: "invite",
		May:    command.Coordinators,
		Form:   "invite",
		Fields: inviteFields,
		Words:  []string{"user", "role"},
		Do:     doInvite,
		Buttons: []command.Button{
			{ID: "accept", On: subjectInvitation, May: command.Concerned, Do: answerInvitation(true)},
			{ID: "decline", On: subjectInvitation, May: command.Concerned, Do: answerInvitation(false)},
		},
	}
}

func inviteFields(r command.Request) []chat.Field {
	q := asking(r, "invite")
	q.user("user", needed)
	q.one("role", needed, choices(r.Say, "role", casework.RolePartner, casework.RoleChair, casework.RoleSecretary, casework.RolePerson))
	q.one("past", optional, choices(r.Say, "past", casework.Withdraw, casework.NewChannel))
	return q.fields
}

func doInvite(r command.Request) (command.Response, error) {
	user := r.User("user")
	facts, err := r.Case.Invite(user, casework.Role(r.Text("role")), r.Now)
	if err != nil {
		return command.Response{}, err
	}
	if past := casework.Past(r.Text("past")); past != "" {
		chosen, err := casework.ChoosePast(user, past)
		if err != nil {
			return command.Response{}, err
		}
		facts = append(facts, chosen...)
	} else if posts := after(r, facts).Telling(user, r.Now); len(posts) > 0 {
		return command.Response{Ask: inviteFields(r), FormError: telling(r, posts)}, nil
	}
	s := replying(r, after(r, facts))
	s.about("", s.t("label.invited"), s.user(user))
	s.plain("", s.t("invite.next"))
	return command.Response{
		Record: facts, Reply: s.message(s.t("invite.sent")),
		Notices: []command.Notice{{Act: command.Tell, View: viewInvitation, Subject: string(user), User: user}},
	}, nil
}

// telling says, to whoever invites, what stands in the channel that is not for the
// one invited: how many messages, and on which topics, as far as they may know of
// them themselves.
func telling(r command.Request, posts []casework.Shown) string {
	var topics []string
	for _, topic := range casework.Topics() {
		tells := func(p casework.Shown) bool { return slices.Contains(p.Topics, topic) }
		if r.Case.Covers(r.Asker.ID, topic, r.Now) && slices.ContainsFunc(posts, tells) {
			topics = append(topics, r.Say.T("topic."+string(topic)))
		}
	}
	said := r.Say.T("invite.past", locales.Args{"N": len(posts)})
	if len(topics) > 0 {
		said += " " + r.Say.T("invite.past.topics", locales.Args{"Topics": strings.Join(topics, ", ")})
	}
	return said + " " + r.Say.T("invite.past.people")
}

// showMoved tells a member that the case goes on in a new channel.
func showMoved(v command.ViewRequest) (chat.Message, bool) {
	s := showing(v)
	s.card.Title = s.t("moved.title")
	s.plain("", s.t("moved.what"))
	s.plain("", s.t("moved.next"))
	s.run("suivi")
	return s.message(s.t("moved.text")), !v.Case.Ended()
}

func answerInvitation(accepts bool) func(command.Request) (command.Response, error) {
	return func(r command.Request) (command.Response, error) {
		facts, err := r.Case.AnswerInvitation(r.Asker.ID, accepts, r.Now)
		if err != nil {
			return command.Response{}, err
		}
		s := replying(r, r.Case)
		response := command.Response{Record: facts, Reply: chat.Message{Text: s.t("invitation.declined")}}
		if accepts {
			response.Reply.Text = s.t("invitation.accepted")
			if isPerson(after(r, facts), r.Asker.ID) {
				s.plain("", s.t("invitation.person.free"))
				s.ownConsent()
				response.Reply = s.message(s.t("invitation.accepted"))
			}
			response.Notices = []command.Notice{{Act: command.Add, User: r.Asker.ID}}
		}
		subject := subjectInvitation + " " + string(r.Asker.ID)
		response.Notices = append(response.Notices, tell(r.Asker.ID, r.Case.Coordinator(), viewAnswered, subject)...)
		return response, nil
	}
}

// showInvitation is what somebody invited reads before knowing anything: the
// charter, and the code alone.
func showInvitation(v command.ViewRequest) (chat.Message, bool) {
	m, ok := v.Case.Member(casework.UserID(v.Subject))
	s := showing(v)
	if m.Role == casework.RolePerson {
		s.card.Title = s.t("invitation.person.title")
		s.plain("", s.t("invitation.person.aim"))
		s.plain("", s.t("invitation.person.who"))
		s.plain("", s.t("invitation.person.say"))
		s.plain("", s.t("invitation.person.free"))
		s.card.Footer = s.t("invitation.person.footer")
	} else {
		s.card.Title = s.t("invitation.title")
		s.plain(s.t("label.code"), string(v.Case.Code))
		s.plain(s.t("label.role"), s.t("role."+string(m.Role)))
		s.plain(s.t("charter.aim"), s.t("charter.aim.text"))
		s.plain(s.t("charter.secret"), s.t("charter.secret.text"))
		s.plain(s.t("charter.needed"), s.t("charter.needed.text"))
		s.plain(s.t("charter.agreed"), s.t("charter.agreed.text"))
		s.plain(s.t("charter.judgement"), s.t("charter.judgement.text"))
		s.plain(s.t("charter.plain"), s.t("charter.plain.text"))
		s.card.Footer = s.t("invitation.footer")
	}
	s.buttons(subjectInvitation, "accept", "decline")
	return s.message(s.t("invitation.text")), ok && m.Asked && !v.Case.Ended()
}

// showAnswered tells the coordinator what somebody answered to an invitation or
// to a mission.
func showAnswered(v command.ViewRequest) (chat.Message, bool) {
	to, id, _ := strings.Cut(v.Subject, " ")
	user := casework.UserID(id)
	s := showing(v)
	s.card.Title = s.t("answered.title")
	m, ok := v.Case.Member(user)
	if !ok {
		return chat.Message{}, false
	}
	if to == subjectMission {
		mission, known := missionOf(v.Case, user)
		s.about("", s.t("answered.mission"), joined(" — ", s.user(user), s.yesNo(mission.Accepted)))
		if !mission.Accepted {
			s.run("référent")
		}
		return s.whole(s.t("answered.text")), known && !mission.Asked
	}
	s.about("", s.t("answered.invitation"), joined(" — ", s.user(user), s.yesNo(m.Joined)))
	s.run("suivi")
	return s.whole(s.t("answered.text")), !m.Asked
}

func (s *sheet) yesNo(yes bool) string {
	if yes {
		return s.t("answered.yes")
	}
	return s.t("answered.no")
}
