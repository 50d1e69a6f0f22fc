package commands

import (
	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
)

// reviewCommand says what became of an objective (guide IV.D.2).
func reviewCommand() command.Command {
	return command.Command{
		Name: "bilan", Twin: "review",
		May:    command.Members,
		Form:   "review",
		Fields: reviewFields,
		Words:  []string{"objective", "outcome", "why"},
		Do:     doReview,
	}
}

func reviewFields(r command.Request) []chat.Field {
	c := known(r)
	q := asking(r, "review")
	q.one("objective", needed, append(objectiveChoices(c, false), objectiveChoices(c, true)...))
	q.one("outcome", needed, choices(r.Say, "outcome", casework.Reached, casework.Partly, casework.NotYet, casework.Dropped))
	q.area("why")
	return q.fields
}

// objectiveChoices offers the objectives worked on, or those that are over.
func objectiveChoices(c *casework.Case, over bool) []chat.Option {
	var options []chat.Option
	for _, o := range c.Objectives {
		if o.Over() == over && len(options) < maxOptions/2 {
			options = append(options, chat.Option{Value: o.ID, Label: chat.Shorten(o.Title), Case: c.Code, Topic: o.Topic})
		}
	}
	return options
}

func doReview(r command.Request) (command.Response, error) {
	facts, err := r.Case.Review(r.Text("objective"), casework.Outcome(r.Text("outcome")), r.Text("why"), r.Now)
	if err != nil {
		return command.Response{}, err
	}
	s := replying(r, after(r, facts))
	o, _ := s.c.Objective(r.Text("objective"))
	s.reviewed(o)
	switch o.Outcome {
	case casework.Reached:
		s.plain("", s.t("review.reached"))
		s.run("objectif")
	case casework.Dropped:
		s.plain("", s.t("review.dropped"))
		s.run("objectif")
	case casework.Partly:
		s.plain("", s.t("review.partly"))
		s.left(o)
	case casework.NotYet:
		s.plain("", s.t("review.not"))
		s.left(o)
	}
	return command.Response{
		Record: facts, Reply: s.overview(s.t("review.recorded")),
		Notices: []command.Notice{post(viewReview, o.ID)},
	}, nil
}

// left asks what stood in the way of an objective, and shows what is still to be
// done for it (guide IV.C.2: ask why an action could not be done).
func (s *sheet) left(o casework.Objective) {
	if o.Why == "" {
		s.plain("", s.t("review.why"))
	}
	for _, a := range s.c.Actions {
		if a.Objective == o.ID && !a.Done {
			s.about(o.Topic, a.ID, s.action(a))
		}
	}
	s.run("action", "bilan")
}

// reviewed adds what became of an objective.
func (s *sheet) reviewed(o casework.Objective) {
	s.about(o.Topic, s.t("label.objective"), o.Title)
	s.about(o.Topic, s.t("label.outcome"), capital(s.outcome(o.Outcome)))
	s.about(o.Topic, s.t("label.outcome_why"), o.Why)
}

// outcome names what became of an objective; nothing before any review.
func (s *sheet) outcome(o casework.Outcome) string {
	if o == "" {
		return ""
	}
	return s.t("outcome." + string(o))
}

// showReview tells the circle what became of an objective.
func showReview(v command.ViewRequest) (chat.Message, bool) {
	o, ok := v.Case.Objective(v.Subject)
	s := showing(v)
	s.card.Title = s.t("review.title")
	s.reviewed(o)
	if o.Outcome == casework.Reached {
		s.plain("", s.t("review.valued"))
	}
	s.run("action")
	return s.whole(s.t("review.text")), ok && o.Outcome != ""
}
