package commands

import (
	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// leaveCommand lets a member leave the circle by themselves.
func leaveCommand() command.Command {
	return command.Command{
		Name: "quitter", Twin: "leave",
		May:    command.Members,
		Form:   "leave",
		Fields: leaveFields,
		Words:  []string{"sure"},
		Do:     doLeave,
	}
}

func leaveFields(r command.Request) []chat.Field {
	q := asking(r, "leave")
	q.yes("sure", needed)
	return q.fields
}

func doLeave(r command.Request) (command.Response, error) {
	if !r.Bool("sure") {
		return command.Response{Reply: chat.Message{Text: replying(r, r.Case).t("leave.not_sure")}}, nil
	}
	facts, err := r.Case.Leave(r.Asker.ID)
	if err != nil {
		return command.Response{}, err
	}
	s := replying(r, r.Case)
	s.card.Title = s.t("removed.title")
	if isPerson(r.Case, r.Asker.ID) {
		s.plain("", s.t("leave.person"))
	} else {
		s.plain("", s.t("removed.next"))
	}
	return command.Response{Record: facts, Reply: s.message(s.t("removed.text")), Notices: departures(r, facts)}, nil
}

// removeCommand takes somebody out of the circle, with the person's agreement.
func removeCommand() command.Command {
	return command.Command{
		Name: "retirer", Twin: "remove",
		May:    command.Coordinators,
		Form:   "remove",
		Fields: removeFields,
		Words:  []string{"user", "agreed"},
		Do:     doRemove,
	}
}

func removeFields(r command.Request) []chat.Field {
	q := asking(r, "remove")
	q.user("user", needed)
	q.yes("agreed", needed)
	return q.fields
}

func doRemove(r command.Request) (command.Response, error) {
	user := r.User("user")
	facts, err := r.Case.Remove(user, r.Bool("agreed"))
	if err != nil {
		return command.Response{}, err
	}
	s := replying(r, after(r, facts))
	s.about("", s.t("left.who"), s.user(user))
	s.plain("", s.t("remove.next"))
	return command.Response{Record: facts, Reply: s.message(s.t("remove.done")), Notices: departures(r, facts)}, nil
}

// departures gives what follows from facts by which people leave the circle: each is
// taken out of the channel and told so without content, and whoever takes over is
// told what they leave.
func departures(r command.Request, facts []casework.Fact) []command.Notice {
	next := after(r, facts)
	heir := next.Heir(r.Now)
	var notices []command.Notice
	for _, fact := range facts {
		left, ok := fact.(casework.MemberLeft)
		if !ok || !r.Case.IsMember(left.User) {
			continue
		}
		notices = append(notices, command.Notice{Act: command.Remove, User: left.User})
		notices = append(notices, tell(r.Asker.ID, left.User, command.RemovedView, string(left.User))...)
		if heir != r.Asker.ID || len(toHand(next, left.User)) > 0 {
			notices = append(notices, command.Notice{Act: command.Tell, View: command.LeftView, Subject: string(left.User), User: heir})
		}
	}
	return notices
}

// toHand gives the actions that user left.
func toHand(c *casework.Case, user casework.UserID) []casework.Action {
	var all []casework.Action
	for _, a := range c.ToHand() {
		if c.Does(user, a) {
			all = append(all, a)
		}
	}
	return all
}

// handedMost is how many actions one message offers to hand over.
const handedMost = 20

// showLeft tells whoever takes over that somebody left the circle, and what was
// theirs to do, each with a button to hand it over.
func showLeft(v command.ViewRequest) (chat.Message, bool) {
	user := casework.UserID(v.Subject)
	s := showing(v)
	s.card.Title = s.t("left.title")
	if v.Case.Covers(v.Reader, "", v.Now) {
		s.about("", s.t("left.who"), s.user(user))
	}
	left := toHand(v.Case, user)
	for _, a := range left {
		topic := v.Case.TopicOf(a)
		if !v.Case.Covers(v.Reader, topic, v.Now) || len(s.card.Buttons) == handedMost {
			continue
		}
		s.about(topic, a.ID, s.action(a))
		s.entrust(a)
	}
	next := "left.next"
	if len(left) == 0 {
		next = "left.nothing"
	}
	s.plain(s.t("held.next"), s.t(next))
	s.run("suivi", "inviter")
	return s.message(s.t("left.text")), !v.Case.Ended() && !v.Case.IsMember(user)
}

// entrust adds the button by which an action is handed over.
func (s *sheet) entrust(a casework.Action) {
	s.buttons(a.ID, "reassign")
	b := &s.card.Buttons[len(s.card.Buttons)-1]
	b.Label, b.Style = s.t("button.entrust", locales.Args{"ID": a.ID}), chat.Ordinary
}

// showRemoved tells somebody that they are in the circle no more.
func showRemoved(v command.ViewRequest) (chat.Message, bool) {
	s := showing(v)
	s.card.Title = s.t("removed.title")
	s.plain("", s.t("removed.what"))
	s.plain("", s.t("removed.next"))
	return s.message(s.t("removed.text")), !v.Case.IsMember(casework.UserID(v.Subject))
}
