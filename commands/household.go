package commands

import (
	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// householdCommand notes who the person is and who lives with her, as the forms
// of the départements ask (guide, annexes 2.1, 2.2 and 2.4).
func householdCommand() command.Command {
	return command.Command{
		Name: "foyer", Twin: "household",
		May:    command.Members,
		Form:   "household",
		Fields: householdFields,
		Words:  []string{"kind"},
		Do:     doHousehold,
	}
}

func householdFields(r command.Request) []chat.Field {
	kind := casework.RelativeKind(r.Text("kind"))
	q := asking(r, "household")
	q.one("kind", needed, choices(r.Say, "relative", casework.Herself, casework.Adult, casework.Child))
	q.one("title", optional, choices(r.Say, "title", casework.Madam, casework.Mister))
	q.naming("last_name", optional)
	q.naming("first_name", kind == casework.Adult || kind == casework.Child)
	q.day("born", optional)
	q.text("situation", optional)
	q.text("activity", optional)
	q.one("family", optional, choices(r.Say, "family", casework.FamilySituations()...))
	q.naming("address", optional)
	q.naming("email", optional)
	q.naming("phone", optional)
	q.naming("phone2", optional)
	q.one("locker", optional, choices(r.Say, "yesno", casework.Yes, casework.No))
	q.yes("left", optional)
	return q.fields
}

func doHousehold(r command.Request) (command.Response, error) {
	facts, err := r.Case.StateRelative(casework.Relative{
		Kind: casework.RelativeKind(r.Text("kind")), Title: casework.Title(r.Text("title")),
		LastName: r.Text("last_name"), FirstName: r.Text("first_name"), Born: r.Day("born"),
		Situation: r.Text("situation"), Activity: r.Text("activity"),
		Family: casework.FamilySituation(r.Text("family")), Address: r.Text("address"),
		Email: r.Text("email"), Phone: r.Text("phone"), Phone2: r.Text("phone2"),
		Locker: casework.YesNo(r.Text("locker")), Left: r.Bool("left"),
	}, r.Now)
	if err != nil {
		return command.Response{}, inField(err, map[string]string{"topic": "kind"})
	}
	s := replying(r, after(r, facts))
	s.card.Title = s.t("household.title")
	s.household()
	s.run("foyer", "document")
	return command.Response{Record: facts, Reply: s.overview(s.t("household.recorded"))}, nil
}

// household adds who the person is and who lives with her.
func (s *sheet) household() {
	for _, p := range s.c.Relatives {
		if p.Left {
			continue
		}
		title := ""
		if p.Title != "" {
			title = s.t("title." + string(p.Title))
		}
		born := ""
		if p.Born != "" {
			born = s.t("line.born", locales.Args{"Day": s.say.Day(p.Born)})
		}
		family := ""
		if p.Family != "" {
			family = s.t("family." + string(p.Family))
		}
		name := joined(" ", title, p.FirstName, p.LastName)
		s.about(p.Topic(), capital(s.t("relative."+string(p.Kind))), joined(" — ", name, born, p.Situation, p.Activity, family))
		s.about(p.Topic(), s.t("label.contact"), joined(", ", p.Address, p.Email, p.Phone, p.Phone2))
	}
}
