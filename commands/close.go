package commands

import (
	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// closeCommand ends the démarche with the person: why, what changed, what she
// says of it, and who goes on with her (specification of 2016, section 8).
func closeCommand() command.Command {
	return command.Command{
		Name: "clôturer", Twin: "close",
		May:    command.Coordinators,
		Form:   "close",
		Fields: closeFields,
		Words:  []string{"reason"},
		Do:     doClose,
	}
}

func closeFields(r command.Request) []chat.Field {
	q := asking(r, "close")
	q.text("reason", needed)
	q.area("words")
	for _, question := range []string{"satisfaction", "heard", "helped"} {
		q.one(question, optional, choices(r.Say, "degree", casework.Degrees()...))
	}
	q.one("improved", optional, choices(r.Say, "change", casework.Improved, casework.InPart, casework.Unimproved))
	q.area("remains")
	if listed := listedChoices(known(r)); len(listed) > 0 || r.Values == nil {
		q.one("successor", optional, listed)
	}
	return q.fields
}

func doClose(r command.Request) (command.Response, error) {
	facts, err := r.Case.Close(casework.Closing{
		Reason: r.Text("reason"), Words: r.Text("words"),
		Satisfied: casework.Degree(r.Text("satisfaction")), Heard: casework.Degree(r.Text("heard")),
		Helped: casework.Degree(r.Text("helped")), Improved: casework.Change(r.Text("improved")),
		Remains: r.Text("remains"), Successor: r.Text("successor"),
	})
	if err != nil {
		return command.Response{}, err
	}
	s := replying(r, after(r, facts))
	s.card.Title = s.t("close.title")
	s.closing()
	s.plain("", s.t("close.kept", locales.Args{"Day": s.say.Day(s.c.KeptUntil(r.Now.Location()))}))
	s.run("suivi", "document")
	response := command.Response{Record: facts, Reply: s.overview(s.t("close.recorded"))}
	for _, m := range r.Case.Members {
		if m.Joined {
			// Whoever ends it too: what answers them goes with the channel they are in.
			response.Notices = append(response.Notices, tell("", m.User, viewClosed, string(m.User))...)
		}
	}
	response.Notices = append(response.Notices, command.Notice{Act: command.Archive})
	return response, nil
}

// closing adds how the démarche ended, the person's words first.
func (s *sheet) closing() {
	end := s.c.Closing
	s.about("", s.t("label.own_words"), s.quoted(end.Words))
	s.about("", s.t("label.reason"), end.Reason)
	s.degree(s.t("label.satisfied"), end.Satisfied)
	s.degree(s.t("label.heard"), end.Heard)
	s.degree(s.t("label.helped"), end.Helped)
	if end.Improved != "" {
		s.about("", s.t("label.improved"), s.t("change."+string(end.Improved)))
	}
	s.about("", s.t("label.remains"), end.Remains)
	s.about("", s.t("label.successor"), s.actor(casework.Actor(end.Successor)))
}

func (s *sheet) degree(label string, d casework.Degree) {
	if d != "" {
		s.about("", label, s.t("degree."+string(d)))
	}
}

// showClosed tells a member that the démarche is over.
func showClosed(v command.ViewRequest) (chat.Message, bool) {
	s := showing(v)
	s.card.Title = s.t("closed.title")
	s.plain("", s.t("closed.what"))
	s.plain("", s.t("closed.next"))
	s.run("suivi")
	return s.message(s.t("closed.text")), v.Case.State == casework.Closed
}
