package commands

import (
	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
)

// objectiveCommand sets what the person and the circle work on (guide IV.C.2).
func objectiveCommand() command.Command {
	return command.Command{
		Name: "objectif", Twin: "objective",
		May:    command.Members,
		Form:   "objective",
		Fields: objectiveFields,
		Words:  []string{"topic", "title"},
		Do:     doObjective,
	}
}

func objectiveFields(r command.Request) []chat.Field {
	q := asking(r, "objective")
	q.one("topic", needed, topicChoices(r.Say))
	// The person's words are asked before the professionals' (guide IV.C.2).
	q.area("own_words")
	q.text("title", needed)
	q.one("horizon", optional, choices(r.Say, "horizon", casework.Short, casework.Medium, casework.Long))
	q.from(r, "title")
	return q.fields
}

func doObjective(r command.Request) (command.Response, error) {
	if quotes(r, "title") {
		return quote(r, objectiveFields, "title")
	}
	facts, err := r.Case.SetObjective(casework.Objective{
		Topic: casework.Topic(r.Text("topic")), Title: r.Text("title"),
		Horizon: casework.Horizon(r.Text("horizon")), OwnWords: r.Text("own_words"),
	}, r.Now)
	if err != nil {
		return command.Response{}, err
	}
	o := recorded[casework.ObjectiveSet](facts).Objective
	s := replying(r, r.Case)
	s.about(o.Topic, o.ID, o.Title)
	s.run("action")
	return command.Response{
		Record: facts, Reply: s.overview(s.t("objective.recorded")),
		Notices: []command.Notice{post(viewObjective, o.ID)},
	}, nil
}

// showObjective shows an objective to the circle.
func showObjective(v command.ViewRequest) (chat.Message, bool) {
	o, ok := v.Case.Objective(v.Subject)
	s := showing(v)
	s.card.Title = s.t("objective.title")
	s.about(o.Topic, s.t("label.own_words"), s.quoted(o.OwnWords))
	s.about(o.Topic, s.t("label.objective"), o.Title)
	s.about(o.Topic, s.t("label.topic"), s.t("topic."+string(o.Topic)))
	s.about(o.Topic, s.t("label.horizon"), s.horizon(o))
	s.run("action")
	return s.whole(s.t("objective.text")), ok
}
