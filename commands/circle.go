package commands

import (
	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
)

// circleCommand keeps the « liste d'accompagnement » (guide IV.A.2).
func circleCommand() command.Command {
	return command.Command{
		Name: "liste", Twin: "circle",
		May:    command.Members,
		Form:   "professional",
		Fields: circleFields,
		Words:  []string{"name"},
		Do:     doCircle,
	}
}

func circleFields(r command.Request) []chat.Field {
	q := asking(r, "professional")
	q.naming("name", needed)
	q.naming("service", needed)
	q.area("purpose")
	q.naming("email", optional)
	q.naming("phone", optional)
	q.user("user", optional)
	q.text("measure", optional)
	q.naming("beneficiary", optional)
	q.day("start", optional)
	q.day("end", optional)
	q.yes("agreed", needed)
	q.several("topics", optional, topicChoices(r.Say))
	q.naming("first_name", optional)
	q.one("profession", optional, choices(r.Say, "profession", casework.Professions()...))
	q.one("sector", optional, choices(r.Say, "sector", casework.Sectors()...))
	q.naming("address", optional)
	return q.fields
}

func doCircle(r command.Request) (command.Response, error) {
	facts, err := r.Case.ListProfessional(r.Asker.ID, casework.Professional{
		Name: r.Text("name"), Service: r.Text("service"), Purpose: r.Text("purpose"),
		Email: r.Text("email"), Phone: r.Text("phone"), User: r.User("user"),
		Measure: r.Text("measure"), Beneficiary: r.Text("beneficiary"),
		Start: r.Day("start"), End: r.Day("end"), Agreed: r.Bool("agreed"),
		FirstName: r.Text("first_name"), Profession: casework.Profession(r.Text("profession")),
		Sector: casework.Sector(r.Text("sector")), Address: r.Text("address"),
	}, r.Topics("topics"), r.Now)
	if err != nil {
		return command.Response{}, err
	}
	next := after(r, facts)
	s := replying(r, next)
	s.card.Title = s.t("circle.title")
	if !r.Bool("agreed") {
		s.plain("", s.t("circle.not_agreed"))
	}
	s.circle()
	if next.Coordinates(r.Asker.ID) {
		s.run("inviter", "liste")
	}
	return command.Response{Record: facts, Reply: s.overview(s.t("circle.recorded")), Notices: departures(r, facts)}, nil
}

// circle adds who accompanies the person, and what they answered.
func (s *sheet) circle() {
	for _, m := range s.c.Members {
		if m.Role == casework.RolePerson {
			s.about("", capital(s.t("role.person")), s.place(m))
		}
	}
	for _, p := range s.c.Professionals {
		m, placed := s.member(p)
		label := s.t("label.listed")
		if placed {
			label = capital(s.t("role." + string(m.Role)))
		}
		place := s.t("circle.not_invited")
		switch {
		case !p.Agreed:
			place = s.t("circle.no_agreement")
		case placed:
			place = s.place(m)
		case p.User == "":
			place = s.t("circle.no_account")
		}
		s.about("", label, joined(" — ", signature(p), cut(p.Purpose, shortMost), p.Measure, place))
		s.about("", s.t("label.contact"), joined(", ", p.Email, p.Phone))
	}
}

// member gives the place of a professional of the list.
func (s *sheet) member(p casework.Professional) (casework.Member, bool) {
	for _, m := range s.c.Members {
		if m.Professional == p.ID {
			return m, true
		}
	}
	return casework.Member{}, false
}

func (s *sheet) place(m casework.Member) string {
	switch {
	case m.Joined:
		return s.t("circle.joined")
	case m.Asked:
		return s.t("circle.asked")
	}
	return s.t("circle.out")
}
