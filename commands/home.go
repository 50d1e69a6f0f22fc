package commands

import (
	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/locales"
)

// homeCommand is `/parcours` alone: where to begin.
func homeCommand() command.Command {
	return command.Command{
		Name: "accueil", Twin: "home",
		May:    command.Anyone,
		Hidden: true,
		Do: func(r command.Request) (command.Response, error) {
			s := replying(r, nil)
			s.card.Title = s.t("home.title")
			s.plain("", s.t("home.intro"))
			s.run("mes-situations", "agenda", "ouvrir", "aide", "danger")
			return command.Response{Reply: s.message(s.t("home.text"))}, nil
		},
	}
}

// showHome is the pinned card of a case's channel. It names the case by its code
// alone.
func showHome(v command.ViewRequest) (chat.Message, bool) {
	s, c := showing(v), v.Case
	s.card.Title = s.t("homecard.title")
	s.plain(s.t("label.state"), s.t("state."+string(c.State)))
	if c.Ended() {
		return s.message(s.t("homecard.text")), true
	}
	if r, ok := c.Referent(); ok {
		s.about("", s.t("label.referent"), s.user(r.User))
	} else {
		s.plain(s.t("label.referent"), s.t("homecard.no_referent"))
		s.about("", s.t("homecard.meanwhile"), s.user(c.Coordinator()))
	}
	if m, ok := c.Session(v.Now); ok {
		s.about("", s.t("label.session"), s.t("line.session", locales.Args{"At": s.say.Moment(m.OpenedAt.In(v.Now.Location())), "Place": m.Place}))
	} else if m, ok := s.nextMeeting(); ok {
		s.about("", s.t("label.commission"), s.meeting(m))
		yes, no := 0, 0
		for _, comes := range m.Answers {
			if comes {
				yes++
			} else {
				no++
			}
		}
		s.plain(s.t("label.answers"), s.t("homecard.answers", locales.Args{"Yes": yes, "No": no}))
	}
	s.objectives(true)
	if len(c.Objectives) == 0 {
		s.plain("", s.t("homecard.start"))
	}
	s.card.Footer = s.t("homecard.footer")
	s.run("objectif", "action", "suivi", "commission", "séance", "bilan", "liste", "inviter", "diagnostic", "journal", "danger")
	return s.overview(s.t("homecard.text")), true
}
