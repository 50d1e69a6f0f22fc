package commands

import (
	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// consultCommand has whoever runs the service read a case in which they have no
// place: with a reason, which is kept and told to whoever coordinates the case.
func consultCommand() command.Command {
	return command.Command{
		Name: "consulter", Twin: "consult",
		May:    command.Admins,
		Form:   "consult",
		Fields: whichAndWhy("consult"),
		Words:  []string{"case", "reason"},
		Do:     doConsult,
	}
}

// whichAndWhy asks which case is to be read without a place in it, and why.
func whichAndWhy(form string) func(command.Request) []chat.Field {
	return func(r command.Request) []chat.Field {
		q := asking(r, form)
		q.text("case", needed)
		q.text("reason", needed)
		return q.fields
	}
}

// consulted decides on reading the case that is asked for.
func consulted(r command.Request) (*casework.Case, []casework.Fact, error) {
	c, err := r.Find(r.Text("case"))
	if err != nil {
		return nil, nil, err
	}
	facts, err := c.Consult(r.Text("reason"), r.Now)
	return c, facts, err
}

func doConsult(r command.Request) (command.Response, error) {
	c, facts, err := consulted(r)
	if err != nil {
		return command.Response{}, err
	}
	// For no reader in particular: the gate has an exception for this one.
	s := &sheet{c: c, say: r.Say, now: r.Now, account: r.Account}
	s.plain("", s.t("consult.told"))
	s.status()
	id := recorded[casework.Consulted](facts).ID
	return command.Response{
		Consults: c, Record: facts,
		Notices: tell(r.Asker.ID, c.Coordinator(), viewConsulted, id),
		Reply:   s.overview(s.t("consult.text")),
	}, nil
}

// showConsulted tells whoever coordinates a case that it was read, why, and by
// whom.
func showConsulted(v command.ViewRequest) (chat.Message, bool) {
	return showReading(v, "consulted.text", "consulted.title", "consulted.what", "consulted.footer")
}

// showReading shows a consultation, by the keys of its sentences.
func showReading(v command.ViewRequest, text, title, what, footer string) (chat.Message, bool) {
	reading, ok := v.Case.Consultation(v.Subject)
	if !ok {
		return chat.Message{}, false
	}
	s := showing(v)
	s.card.Title = s.t(title)
	s.plain("", s.t(what, locales.Args{
		"Who": s.account(reading.By).Name, "At": s.say.Moment(reading.At.In(v.Now.Location())),
	}))
	s.plain(s.t("label.reason"), reading.Reason)
	s.card.Footer = s.t(footer)
	return s.message(s.t(text)), true
}
