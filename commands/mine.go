package commands

import (
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// mostShortcuts keeps the buttons of an overview readable.
const mostShortcuts = 8

// mineCommand gives the asker their cases and what they have to do in them.
func mineCommand() command.Command {
	return command.Command{
		Name: "mes-situations", Twin: "mine",
		May: command.Anyone,
		Do:  doMine,
		// A bundle is of several cases, as this is.
		Buttons: seeButtons(),
	}
}

func doMine(r command.Request) (command.Response, error) {
	cases, err := r.Mine()
	if err != nil {
		return command.Response{}, err
	}
	s := replying(r, nil)
	s.card.Title = s.t("mine.title")
	n := 0
	for _, c := range cases {
		m, _ := c.Member(r.Asker.ID)
		if !m.Joined && (!m.Asked || c.Ended()) {
			continue
		}
		n++
		s.c = c
		s.situation(r, m)
		if m.Joined && !c.Ended() && len(s.card.Buttons) < mostShortcuts {
			s.run("suivi")
			s.card.Buttons[len(s.card.Buttons)-1].Label = s.t("mine.open")
		}
	}
	s.c = nil
	if n == 0 {
		s.plain("", s.t("mine.none"))
		s.run("ouvrir", "aide")
	}
	return command.Response{Reply: s.overview(s.t("mine.text", locales.Args{"N": n}))}, nil
}

// situation adds one case: its state, the asker's place, and the actions they
// have to do.
func (s *sheet) situation(r command.Request, m casework.Member) {
	c := s.c
	s.heading(string(c.Code))
	if !m.Joined {
		s.plain("", s.t("mine.invited"))
		return
	}
	place := s.t("role." + string(m.Role))
	if mission, ok := c.Referent(); ok && mission.User == r.Asker.ID {
		place = s.t("label.referent")
	}
	s.plain(s.t("label.state"), joined(" — ", s.t("state."+string(c.State)), place))
	s.about("", s.t("label.person"), c.Person)
	for _, a := range c.Actions {
		if c.Live(a) && c.Does(r.Asker.ID, a) {
			s.about(c.TopicOf(a), a.ID, joined(" — ", a.What, s.when(a.Due)))
		}
	}
}
