package sandbox

import (
	"net/url"
	"strings"
	"testing"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
)

// hostile is what somebody could type to be more than text.
const hostile = "</textarea></title>\"'><script>alert(1)</script><img src=x onerror=alert(2)> **gras** [lien](javascript:x) @all \u202e{{.Me}} http://evil.example"

func TestHostileTextIsInertEverywhere(t *testing.T) {
	c, bot := newChat(t, func(o *Options) {
		o.People = append(o.People, Person{Handle: "mallory", Name: hostile, Note: hostile})
	})
	ctx := t.Context()
	id, err := c.Open(ctx, hostile, claire)
	must(t, err, c.Add(ctx, id, "u-mallory"), c.Type(ctx, "u-mallory", id, hostile))
	short := hostile[:60]
	_, err = c.Send(ctx, chattest.Clear(chat.Outgoing{Key: "k", Channel: id, Pin: true, Message: chat.Message{Text: hostile, Card: &chat.Card{
		Title: short, Footer: hostile,
		Rows:    []chat.Row{chat.Heading(hostile), chat.Plain(hostile, hostile), chat.Plain("", hostile)},
		Buttons: []chat.Button{{ID: hostile, Label: short, Command: hostile, Token: hostile}},
	}}}))
	must(t, err)
	option := []chat.Option{{Value: short, Label: short}}
	about := func(id string) chat.Base {
		return chat.Base{ID: id, Label: hostile[:20], Hint: hostile[:100], Default: []string{hostile}}
	}
	form := chat.Form{ID: "f", Title: hostile[:20], Intro: hostile, Submit: hostile, Token: hostile, Fields: []chat.Field{
		chat.Text{Base: about("a")}, chat.Area{Base: about("b")}, chat.Date{Base: about("c")}, chat.Select{Base: about("d"), Options: option},
		chat.Choice{Base: about("e"), Options: option}, chat.User{Base: about("g")}, chat.Bool{Base: about("h"), Yes: option[0].Label, No: option[0].Label},
	}}
	bot.command = func(chat.Command) chat.Answer { return chat.Answer{Form: chattest.ClearForm(form)} }
	must(t, c.Type(ctx, claire, id, "/parcours"))
	bot.submit = func(chat.Submission) chat.Answer {
		return chat.Answer{FormError: hostile, FieldErrors: map[string]string{"a": hostile, "e": hostile, "z": hostile}}
	}
	must(t, c.Submit(ctx, claire, chat.Values{"a": {hostile}, "b": {hostile}}))

	b := browser{t, c.Handler()}
	draft := b.post("/as/claire/c/"+string(id)+"/type", url.Values{"text": {strings.Repeat(hostile, 200)}}).Body.String()
	for name, page := range map[string]string{
		"people": b.get("/"), "channel": b.get("/as/claire/c/" + string(id)), "list": b.get("/as/mallory"), "draft": draft,
	} {
		t.Run(name, func(t *testing.T) {
			lacks(t, page, "<script>", "<img", "</textarea></title>", "<a href=\"http", "<a href=\"javascript", "<strong>gras")
			has(t, page, "&lt;script&gt;", "<bdi>")
			if n := strings.Count(page, "<script"); n != strings.Count(page, `<script src="/assets/live.js" defer>`) {
				t.Errorf("%d scripts", n)
			}
		})
	}
}

// What somebody wrote stands apart, so that text from right to left turns
// nothing around it.
func TestWrittenTextStandsApart(t *testing.T) {
	c, _ := newChat(t)
	must(t, c.Type(t.Context(), claire, "c-1", "\u202eabc"))
	has(t, browser{t, c.Handler()}.get("/as/tom/c/c-1"), "<bdi>\u202eabc</bdi>")
}
