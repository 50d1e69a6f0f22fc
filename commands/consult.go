package commands

import (
	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// consultCommand has whoever runs the service read a case in which they have no
// place: with a reason, which is kept and announced.
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

func doConsult(r command.Request) (command.Response, error) {
	c, err := r.Find(r.Text("case"))
	if err != nil {
		return command.Response{}, err
	}
	facts, err := c.Consult(r.Text("reason"), "", r.Now)
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
		Notices: announce(viewConsulted, id),
		Reply:   s.overview(s.t("consult.text")),
	}, nil
}

// showConsulted tells that a case was read, why, and by whom.
func showConsulted(v command.ViewRequest) (chat.Message, bool) {
	return showReading(v, reading{"consulted.text", "consulted.title", "consulted.what", "consulted.footer", "consulted.yours"})
}

// A reading is said by these keys: who read, and what to do about it, unless the
// reader is the person herself, who is told what is hers to do.
type reading struct{ text, title, what, footer, yours string }

// showReading shows a consultation.
func showReading(v command.ViewRequest, keys reading) (chat.Message, bool) {
	one, ok := v.Case.Consultation(v.Subject)
	if !ok {
		return chat.Message{}, false
	}
	s := showing(v)
	s.card.Title = s.t(keys.title)
	s.plain("", s.t(keys.what, locales.Args{
		"Who": s.account(one.By).Name, "Account": one.Operator, "At": s.say.Moment(one.At.In(v.Now.Location())),
	}))
	s.plain(s.t("label.reason"), one.Reason)
	s.card.Footer = s.t(keys.footer)
	if m, _ := v.Case.Member(v.Reader); m.Role == casework.RolePerson {
		s.card.Footer = s.t(keys.yours)
	}
	return s.message(s.t(keys.text)), true
}
