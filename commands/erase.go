package commands

import (
	"strings"
	"time"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// eraseCommand destroys a case for ever, for whoever runs the service: asked twice,
// by the code typed again and by a button.
func eraseCommand() command.Command {
	c := command.Command{
		Name: "effacer", Twin: "erase",
		May:  command.Admins,
		Form: "erase",
		Fields: func(r command.Request) []chat.Field {
			q := asking(r, "erase")
			q.text("case", needed)
			q.one("reason", needed, choices(r.Say, "erasure", casework.Erasures()...))
			q.text("confirm", needed)
			return q.fields
		},
		Words: []string{"case", "reason", "confirm"},
		Do:    askErase,
	}
	for _, why := range casework.Erasures() {
		c.Buttons = append(c.Buttons, command.Button{ID: "erase", On: string(why), May: command.Admins, Do: doErase})
	}
	return c
}

// askErase says what an erasure destroys and what it cannot reach, and asks again.
func askErase(r command.Request) (command.Response, error) {
	c, err := r.Find(r.Text("case"))
	if err != nil {
		return command.Response{}, err
	}
	if again, ok := casework.ParseCode(r.Text("confirm")); !ok || again != c.Code {
		return command.Response{}, casework.Refuse(casework.NotConfirmed, "confirm")
	}
	s := &sheet{c: c, say: r.Say, now: r.Now, account: r.Account}
	s.card.Title = s.t("erase.title")
	s.plain("", s.t("erase.what"))
	s.unreached()
	s.buttons(r.Text("reason"), "erase")
	s.card.Buttons[0].Style = chat.Danger
	return command.Response{Reply: s.message(s.t("erase.text"))}, nil
}

func doErase(r command.Request) (command.Response, error) {
	if r.Case == nil {
		return command.Response{}, casework.Refuse(casework.NoCase, "")
	}
	s := &sheet{c: r.Case, say: r.Say, now: r.Now, account: r.Account}
	s.card.Title = s.t("erased.title")
	s.unreached()
	return command.Response{Forget: casework.Erasure(r.Subject), Reply: s.message(s.t("erased.text"))}, nil
}

// unreached adds what an erasure cannot reach.
func (s *sheet) unreached() {
	s.heading(s.t("erase.outside"))
	for _, line := range Outside(s.c, s.say, s.now.Location()) {
		s.plain("", line)
	}
	s.group = ""
}

// Outside says what there is of a case where its erasure does not reach, a sentence
// each, without anything of its content; days are those of zone.
func Outside(c *casework.Case, say locales.Printer, zone *time.Location) []string {
	var made []string
	for _, e := range c.History() {
		if f, ok := e.Fact.(casework.DocumentMade); ok {
			made = append(made, say.T("erase.paper", locales.Args{"What": say.T("document." + f.Kind), "Day": say.Day(casework.DayOf(e.At.In(zone)))}))
		}
	}
	posts := len(c.Posts)
	if c.Home != "" {
		posts++
	}
	args := locales.Args{"Code": strings.ToLower(string(c.Code)), "N": posts, "Papers": strings.Join(made, ", ")}
	var lines []string
	if len(made) > 0 {
		lines = append(lines, say.T("erase.papers", args))
	}
	switch {
	case c.Channel == "":
	case c.Ended():
		lines = append(lines, say.T("erase.closed_channel", args))
	default:
		lines = append(lines, say.T("erase.channel", args))
	}
	if c.Channel != "" {
		lines = append(lines, say.T("erase.earlier"))
	}
	return append(lines, say.T("erase.backups"), say.T("erase.stays"))
}
