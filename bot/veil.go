package bot

import (
	"context"
	"slices"
	"strings"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// ShowButton is the button of a message that tells nothing, by which whoever may know
// is shown what it is about.
const ShowButton = "show"

// A veil takes the place of what the platform would keep: it says of which cases
// there is news, and nothing of what the news is. Whoever may know is shown that
// when they ask, as it is then.
type veil struct {
	sign   signer
	people *people
	lang   chat.Lang
	say    func(chat.Lang) locales.Printer
}

// over gives what is kept in the place of a message.
func (v *veil) over(ctx context.Context, out chat.Outgoing, cases []*casework.Case) chat.Message {
	say := v.say(v.lang)
	if out.User != "" {
		say = v.say(v.people.reader(ctx, out.User).Lang)
	}
	if isPage(out) {
		return v.overPage(say, out)
	}
	codes := codesOf(out.Message)
	if len(codes) == 0 && len(cases) == 1 {
		codes = []string{string(cases[0].Code)}
	}
	args := locales.Args{"Codes": strings.Join(codes, ", ")}
	text := say.T("veil.text", args)
	switch {
	case len(codes) == 0:
		text = say.T("veil.news")
	case out.View == command.HomeView:
		text = say.T("veil.home", args)
	}
	card := &chat.Card{Rows: []chat.Row{chat.Plain("", say.T("veil.how"))}}
	m := chat.Message{Text: text, Card: card}
	if out.View == "" {
		return m
	}
	b := chat.Button{ID: ShowButton, Label: say.T("button.show"), Style: chat.Primary, Command: say.T("veil.typed.several")}
	of := ticket{Button: ShowButton, View: out.View, Subject: out.Subject, User: out.User}
	if out.View != command.BundleView && len(cases) == 1 {
		of.Case = cases[0].Code
		if of.Subject != "" {
			of.seen(cases[0])
		}
		b.Command = say.T("veil.typed", locales.Args{"Code": of.Case})
	}
	b.Token = v.sign.seal(of)
	card.Buttons = []chat.Button{b}
	return m
}

// overPage gives what is kept in the place of an answer, with a button that asks
// again for as long as it stands.
func (v *veil) overPage(say locales.Printer, out chat.Outgoing) chat.Message {
	text := say.T("veil.page.none")
	if codes := codesOf(out.Message); len(codes) > 0 {
		text = say.T("veil.page", locales.Args{"Codes": strings.Join(codes, ", ")})
	}
	card := &chat.Card{Rows: []chat.Row{chat.Plain("", say.T("veil.how"))}}
	if out.Subject != "" {
		card.Buttons = []chat.Button{{
			ID: runButton, Label: say.T("button.show"), Style: chat.Primary, Command: "/parcours " + out.Subject,
			Token: v.sign.seal(ticket{Button: runButton, Subject: out.Subject}),
		}}
	}
	return chat.Message{Text: text, Card: card}
}

// veilCodes is how many codes a veil names.
const veilCodes = 6

// codesOf gives the codes of the cases that a message is about, in their order;
// the first ones when there are many.
func codesOf(m chat.Message) []string {
	var codes []string
	add := func(code casework.Code) {
		if code != "" && !slices.Contains(codes, string(code)) {
			codes = append(codes, string(code))
		}
	}
	if m.Card != nil {
		for _, row := range m.Card.Rows {
			add(row.Case)
		}
		for _, b := range m.Card.Buttons {
			add(b.Case)
		}
	}
	for _, f := range m.Files {
		add(f.Case)
	}
	slices.Sort(codes)
	if len(codes) > veilCodes {
		codes = append(codes[:veilCodes], "…")
	}
	return codes
}
