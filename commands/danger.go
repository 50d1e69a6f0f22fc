package commands

import "parcours/bot/command"

// dangerCommand says whom to call for a child in danger. Whoever asks leaves no
// trace: nobody is to hesitate to.
func dangerCommand() command.Command {
	return command.Command{
		Name: "danger", Twin: "danger",
		May:       command.Anyone,
		Traceless: true,
		Do: func(r command.Request) (command.Response, error) {
			s := replying(r, nil)
			s.card.Title = s.t("danger.title")
			s.heading(s.t("danger.at_once"))
			s.plain("17", s.t("danger.police"))
			s.plain("15", s.t("danger.medical"))
			s.plain("112", s.t("danger.europe"))
			s.heading(s.t("danger.child"))
			s.plain("119", s.t("danger.119"))
			cell := s.say.Place().Cell
			if cell.Phone == "" && cell.Email == "" {
				s.plain("", s.t("danger.no_cell"))
			} else {
				s.heading(s.t("danger.cell"))
				s.plain(s.t("danger.phone"), cell.Phone)
				s.plain(s.t("danger.email"), cell.Email)
				s.plain(s.t("danger.hours"), cell.Hours)
			}
			s.card.Footer = s.t("danger.footer")
			return command.Response{Reply: s.message(s.t("danger.text"))}, nil
		},
	}
}
