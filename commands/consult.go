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
		May:  command.Admins,
		Form: "consult",
		Fields: func(r command.Request) []chat.Field {
			q := asking(r, "consult")
			q.text("case", needed)
			q.text("reason", needed)
			return q.fields
		},
		Words: []string{"case", "reason"},
		Do:    doConsult,
	}
}

func doConsult(r command.Request) (command.Response, error) {
	c, err := r.Find(r.Text("case"))
	if err != nil {
		return command.Response{}, err
	}
	facts, err := c.Consult(r.Text("reason"), r.Now)
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
	consulted, ok := v.Case.Consultation(v.Subject)
	if !ok {
		return chat.Message{}, false
	}
	s := showing(v)
	s.card.Title = s.t("consulted.title")
	s.plain("", s.t("consulted.what", locales.Args{
		"Who": s.account(consulted.By).Name, "At": s.say.Moment(consulted.At.In(v.Now.Location())),
	}))
	s.plain(s.t("label.reason"), consulted.Reason)
	s.card.Footer = s.t("consulted.footer")
	return s.message(s.t("consulted.text")), true
}
