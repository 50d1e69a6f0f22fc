package commands

import (
	"slices"
	"strings"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// helpCommand says what the asker can do, with an example for each verb.
func helpCommand() command.Command {
	return command.Command{
		Name: "aide", Twin: "help",
		May:  command.Anyone,
		Form: "help",
		Fields: func(r command.Request) []chat.Field {
			var verbs []chat.Option
			for _, c := range All() {
				if !c.Offered(r.Say) {
					continue
				}
				verbs = append(verbs, chat.Option{Value: c.Name, Label: verbOf(r.Say, c.Name)})
			}
			q := asking(r, "help")
			q.one("verb", optional, verbs)
			return q.fields
		},
		Words: []string{"verb"},
		Do:    doHelp,
	}
}

func doHelp(r command.Request) (command.Response, error) {
	s := replying(r, nil)
	if name := r.Text("verb"); name != "" {
		return s.helpOn(r, name)
	}
	cases, err := r.Mine()
	if err != nil {
		return command.Response{}, err
	}
	s.card.Title = s.t("help.title")
	s.plain("", s.t("help.intro"))
	s.plain("", s.t("help.sober"))
	for _, may := range []command.May{command.Anyone, command.AnyProfessional, command.Members, command.ConsentKeepers, command.Coordinators, command.Pilots, command.Admins} {
		if !holds(r, cases, may) {
			continue
		}
		s.heading(s.t("help.may." + mayNames[may]))
		for _, c := range All() {
			if c.May == may && !c.Hidden && c.Offered(r.Say) {
				s.plain(s.example(c), s.t("cmd."+c.Twin+".summary"))
			}
		}
	}
	s.card.Footer = s.t("help.footer")
	s.run("mes-situations", "agenda", "danger")
	return command.Response{Reply: s.message(s.t("help.text"))}, nil
}

// helpOn explains one verb.
func (s *sheet) helpOn(r command.Request, name string) (command.Response, error) {
	all := All()
	i := slices.IndexFunc(all, func(c command.Command) bool { return c.Name == name || c.Twin == name })
	if i < 0 {
		return command.Response{}, casework.Refuse(casework.NotAChoice, "verb")
	}
	c := all[i]
	s.card.Title = "/parcours " + verbOf(s.say, c.Name)
	s.plain("", s.t("cmd."+c.Twin+".summary"))
	s.plain(s.t("help.who"), s.t("help.may."+mayNames[c.May]))
	s.plain(s.t("help.example"), s.example(c))
	s.plain(s.t("help.names"), strings.Join(slices.Compact(append([]string{c.Name, c.Twin}, c.Aliases...)), ", "))
	if c.Fields != nil {
		s.heading(s.t("help.fields"))
		r.Values = nil
		for _, f := range c.Fields(r) {
			b := f.About()
			s.plain(b.ID, joined(" — ", s.required(b), b.Hint))
		}
	}
	return command.Response{Reply: s.message(s.t("help.text"))}, nil
}

func (s *sheet) required(b chat.Base) string {
	if b.Required {
		return s.t("help.needed", locales.Args{"Label": b.Label})
	}
	return b.Label
}

// example gives a line to type, as a model.
func (s *sheet) example(c command.Command) string { return s.t("cmd." + c.Twin + ".example") }

// mayNames are the names of who may, in the locales.
var mayNames = map[command.May]string{
	command.Anyone:          "anyone",
	command.AnyProfessional: "professional",
	command.Members:         "members",
	command.ConsentKeepers:  "keepers",
	command.Coordinators:    "coordinators",
	command.Pilots:          "pilots",
	command.Admins:          "admins",
}

// holds reports whether what is open to may is open to the asker in at least
// one case.
func holds(r command.Request, cases []*casework.Case, may command.May) bool {
	switch may {
	case command.Anyone:
		return true
	case command.AnyProfessional, command.Pilots:
		return !r.Asker.Outsider
	}
	return slices.ContainsFunc(cases, func(c *casework.Case) bool {
		switch may {
		case command.ConsentKeepers:
			return c.KeepsConsent(r.Asker.ID)
		case command.Coordinators:
			return c.Coordinates(r.Asker.ID)
		}
		return c.IsMember(r.Asker.ID)
	})
}
