package commands

import (
	"strconv"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
)

// onAction is the kind of subject that actions are: "a1", "a2".
const onAction = "a"

// actionCommand says who does what, and by when.
func actionCommand() command.Command {
	return command.Command{
		Name: "action", Twin: "action", Aliases: []string{"qui-fait-quoi"},
		May:    command.Members,
		Form:   "action",
		Fields: actionFields,
		Words:  []string{"what"},
		Do:     doAction,
		Buttons: []command.Button{
			{ID: "done", On: onAction, May: command.Members, Do: doneAction},
			{ID: "postpone", On: onAction, May: command.Members, Form: "postpone", Fields: postponeFields, Do: postponeAction},
			{ID: "help", On: onAction, May: command.Members, Do: helpAction},
			{ID: "reassign", On: onAction, May: command.Members, Form: "reassign", Fields: reassignFields, Do: reassignAction},
		},
	}
}

func actionFields(r command.Request) []chat.Field {
	c := known(r)
	q := asking(r, "action")
	q.one("objective", needed, objectiveChoices(c, false))
	q.text("what", needed)
	q.one("who", needed, actorChoices(c, r.Say))
	q.day("due", needed)
	q.from(r, "what")
	return q.fields
}

// known gives the case of a request, or an empty one before it is known which.
func known(r command.Request) *casework.Case {
	if r.Case == nil {
		return casework.Fold("", nil)
	}
	return r.Case
}

func doAction(r command.Request) (command.Response, error) {
	if quotes(r, "what") {
		return quote(r, actionFields, "what")
	}
	facts, err := r.Case.AssignAction(casework.Action{
		Objective: r.Text("objective"), What: r.Text("what"),
		Who: casework.Actor(r.Text("who")), Due: r.Day("due"),
	}, r.Now)
	if err != nil {
		return command.Response{}, err
	}
	a := recorded[casework.ActionAssigned](facts).Action
	s := replying(r, after(r, facts))
	s.about(s.c.TopicOf(a), a.ID, s.action(a))
	return command.Response{
		Record: facts, Reply: s.overview(s.t("action.recorded")),
		Notices: append([]command.Notice{post(viewAction, a.ID)}, tellActors(r, a)...),
	}, nil
}

// tellActors tells an action to whoever is to do it, if they are in the circle.
func tellActors(r command.Request, a casework.Action) []command.Notice {
	var notices []command.Notice
	for _, m := range r.Case.Members {
		if m.Joined && r.Case.Does(m.User, a) {
			notices = append(notices, tell(r.Asker.ID, m.User, viewAction, a.ID)...)
		}
	}
	return notices
}

func doneAction(r command.Request) (command.Response, error) {
	facts, err := r.Case.Finish(r.Subject, r.Asker.ID, r.Now)
	if err != nil {
		return command.Response{}, err
	}
	return movedAction(r, facts, viewAction, "action.done.reply"), nil
}

func postponeFields(r command.Request) []chat.Field {
	q := asking(r, "postpone")
	q.one("in", optional, choices(r.Say, "postpone.in", "1", "3", "7", "14", "30"))
	q.day("due", optional)
	return q.fields
}

// postponeAction takes the date that was written, else the one that was picked: so
// many days from now, or the working day after.
func postponeAction(r command.Request) (command.Response, error) {
	due := r.Day("due")
	if days, err := strconv.Atoi(r.Text("in")); err == nil && due == "" {
		due = casework.DayOf(r.Now).Add(days).FirstWorking(r.Policy.Working)
	}
	if due == "" {
		return command.Response{Ask: postponeFields(r), FormError: r.Say.T("postpone.choose")}, nil
	}
	facts, err := r.Case.Postpone(r.Subject, due, r.Asker.ID, r.Now)
	if err != nil {
		return command.Response{}, err
	}
	return movedAction(r, facts, viewAction, "action.postponed.reply"), nil
}

func helpAction(r command.Request) (command.Response, error) {
	facts, err := r.Case.AskHelp(r.Subject, r.Asker.ID, r.Now)
	if err != nil {
		return command.Response{}, err
	}
	return movedAction(r, facts, viewHelp, "action.help.reply"), nil
}

func reassignFields(r command.Request) []chat.Field {
	q := asking(r, "reassign")
	q.one("who", needed, actorChoices(known(r), r.Say))
	return q.fields
}

func reassignAction(r command.Request) (command.Response, error) {
	facts, err := r.Case.Reassign(r.Subject, casework.Actor(r.Text("who")), r.Asker.ID, r.Now)
	if err != nil {
		return command.Response{}, err
	}
	response := movedAction(r, facts, viewAction, "action.reassigned.reply")
	a, _ := after(r, facts).Action(r.Subject)
	if was, _ := r.Case.Action(r.Subject); was.Left {
		p, _ := r.Case.Professional(string(was.Who))
		response.Notices = append(response.Notices, command.Notice{Act: command.Update, View: command.LeftView, Subject: string(p.User), User: r.Asker.ID})
	}
	for _, notice := range tellActors(r, a) {
		if notice.User != r.Case.Coordinator() {
			response.Notices = append(response.Notices, notice)
		}
	}
	return response, nil
}

// movedAction records a change to an action, and tells the coordinator.
func movedAction(r command.Request, facts []casework.Fact, view, reply string) command.Response {
	s := replying(r, after(r, facts))
	a, _ := s.c.Action(r.Subject)
	s.about(s.c.TopicOf(a), a.ID, s.action(a))
	return command.Response{
		Record: facts, Reply: s.message(s.t(reply)),
		Notices: tell(r.Asker.ID, r.Case.Coordinator(), view, r.Subject),
	}
}

// actionRows adds what an action is, row by row.
func (s *sheet) actionRows(a casework.Action) {
	topic := s.c.TopicOf(a)
	o, _ := s.c.Objective(a.Objective)
	s.about(topic, s.t("label.what"), a.What)
	s.about(topic, s.t("label.who"), s.doer(a))
	if a.Done {
		s.about(topic, s.t("label.state"), s.t("action.done"))
	} else {
		s.about(topic, s.t("label.due"), s.when(a.Due))
	}
	s.about(topic, s.t("label.objective"), o.Title)
}

// showAction shows an action as it stands, to the circle or to one of it.
func showAction(v command.ViewRequest) (chat.Message, bool) {
	a, ok := v.Case.Action(v.Subject)
	s := showing(v)
	s.card.Title = s.t("action.title")
	s.actionRows(a)
	if a.Done {
		return s.whole(s.t("action.text.done")), ok
	}
	s.buttons(a.ID, "done", "postpone", "help", "reassign")
	return s.whole(s.t("action.text")), ok
}

// showHelp tells the coordinator that somebody cannot go on alone.
func showHelp(v command.ViewRequest) (chat.Message, bool) {
	a, ok := v.Case.Action(v.Subject)
	s := showing(v)
	s.card.Title = s.t("help.asked.title")
	s.actionRows(a)
	if p, listed := v.Case.Professional(string(a.Who)); listed {
		s.about("", s.t("label.contact"), joined(", ", p.Email, p.Phone))
	}
	s.plain("", s.t("help.asked.next"))
	s.buttons(a.ID, "postpone", "reassign", "done")
	return s.whole(s.t("help.asked.text")), ok && a.Help && !a.Done
}
