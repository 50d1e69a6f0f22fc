package sandbox

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
)

func options(n int) []chat.Option {
	var all []chat.Option
	for i := range n {
		all = append(all, chat.Option{Value: fmt.Sprint("v", i), Label: fmt.Sprint("Option ", i)})
	}
	return all
}

func base(id string, required bool, values ...string) chat.Base {
	return chat.Base{ID: id, Label: "Le champ " + id, Required: required, Default: values}
}

// Every kind of field: how it is asked, and what comes back from what is sent.
var kinds = map[string]struct {
	field chat.Field
	asked []string
	sent  []string
	read  []string
}{
	"text": {chat.Text{Base: base("f", true, "déjà")},
		[]string{`<input type="text" id="f-f" name="f-f" value="déjà"`, `aria-required="true"`, "(obligatoire)"}, []string{" Nadia "}, []string{"Nadia"}},
	"area": {chat.Area{Base: base("f", false, "deux\nlignes")},
		[]string{"<textarea id=\"f-f\"", "deux\nlignes</textarea>"}, []string{"une\r\ndeux"}, []string{"une\ndeux"}},
	"number": {chat.Number{Base: base("f", false, "90"), Min: 15, Max: 240},
		[]string{`type="number"`, `min="15" max="240"`, `value="90"`, "entre 15 et 240", `aria-describedby="f-f-hint"`}, []string{"45"}, []string{"45"}},
	"few": {chat.Select{Base: base("f", false, "v1"), Options: options(4)},
		[]string{"<fieldset", `<input type="radio" id="f-f-1" name="f-f" value="v1" checked`, "Sans réponse"}, []string{"v2"}, []string{"v2"}},
	"few, required": {chat.Select{Base: base("f", true), Options: options(2)},
		[]string{"<fieldset", `type="radio"`}, nil, nil},
	"many": {chat.Select{Base: base("f", true, "v4"), Options: options(5)},
		[]string{`<select id="f-f"`, `<option value="v4" selected>`, `<option value="">`}, []string{""}, nil},
	"choice": {chat.Choice{Base: base("f", true, "v0", "v2"), Options: options(3)},
		[]string{"<fieldset", `<input type="checkbox" id="f-f-2" name="f-f" value="v2" checked`}, []string{"v0", "v1"}, []string{"v0", "v1"}},
	"user": {chat.User{Base: base("f", true, "u-tom")},
		[]string{`<option value="u-tom" selected>Tom Reed (@tom)`, `<option value="">`}, []string{"u-julien"}, []string{"u-julien"}},
	"bool": {chat.Bool{Base: base("f", false, "true"), Yes: "Oui", No: "Non"},
		[]string{`<input type="checkbox" id="f-f" name="f-f" value="true"`, "checked"}, nil, []string{"false"}},
	"bool, required": {chat.Bool{Base: base("f", true), Yes: "Oui", No: "Non"},
		[]string{"<fieldset", `type="radio"`, "Oui", "Non"}, []string{"true"}, []string{"true"}},
	"bool, required, unsaid": {chat.Bool{Base: base("f", true), Yes: "Oui", No: "Non"}, nil, nil, nil},
	"date": {chat.Date{Base: base("f", false, "2026-12-04")},
		[]string{`value="04/12/2026"`, `type="date"`, `data-fills="f-f"`, "demain, dans 15 jours", `placeholder="ex. 12/03/2026, demain"`}, []string{"05/12/2026"}, []string{"2026-12-05"}},
	"date and hour": {chat.Date{Base: base("f", false, "2026-12-04 14:30"), Time: true, Example: "14h30"},
		[]string{`value="04/12/2026 14:30"`, `type="datetime-local"`, "14h30"}, []string{"dans 15 jours"}, []string{"dans 15 jours"}},
}

// withForm opens a form of these fields for claire.
func withForm(t *testing.T, form chat.Form) (browser, *Chat, *script) {
	t.Helper()
	c, bot := newChat(t)
	bot.command = func(chat.Command) chat.Answer { return chat.Answer{Form: chattest.ClearForm(form)} }
	must(t, c.Type(t.Context(), claire, c.Direct(claire), "/parcours ouvrir"))
	return browser{t, c.Handler()}, c, bot
}

const direct = "/as/claire/c/d-claire"

func TestEveryKindOfFieldIsAskedAndRead(t *testing.T) {
	for name, tc := range kinds {
		t.Run(name, func(t *testing.T) {
			b, _, bot := withForm(t, chat.Form{ID: "open", Title: "Titre", Token: "secret", Fields: []chat.Field{tc.field}})
			page := b.get(direct)
			has(t, page, "Le champ f", "autofocus", `aria-modal="true"`, `class="app " inert`)
			has(t, page, tc.asked...)
			b.do(direct+"/submit", url.Values{"token": {"secret"}, "f-f": tc.sent, "f-other": {"x"}})
			got := bot.submitted[0]
			if want := (chat.Values{"f": tc.read}); got.Token != "secret" || got.Form != "open" || !maps.EqualFunc(got.Values, want, slices.Equal) {
				t.Errorf("the bot read %q, want %q", got.Values, want)
			}
			lacks(t, b.get(direct), "aria-modal")
		})
	}
}

func TestFaultsAreShownWhereTheyAre(t *testing.T) {
	b, _, bot := withForm(t, chat.Form{ID: "open", Title: "Titre", Token: "k", Fields: []chat.Field{
		chat.Text{Base: base("a", false)},
		chat.Text{Base: chat.Base{ID: "b", Label: "B", Hint: "un conseil"}},
		chat.Choice{Base: base("c", true), Options: options(3)},
	}})
	bot.submit = func(chat.Submission) chat.Answer {
		return chat.Answer{FormError: "rien ne va", FieldErrors: map[string]string{"b": "trop court", "c": "choisissez", "z": "champ inconnu"}}
	}
	page := b.do(direct+"/submit", url.Values{"token": {"k"}, "f-a": {"gardé"}, "f-b": {"x"}, "f-c": {"v1"}})
	has(t, page, `role="alert"`, "rien ne va", "champ inconnu",
		`value="gardé"`, `id="f-c-1" name="f-c" value="v1" checked`,
		`<a href="#f-b">`, `<a href="#f-c-0">`, `id="f-b-fault"`,
		`value="x" dir="auto" aria-describedby="f-b-hint f-b-fault"  aria-invalid="true" autofocus`)
	bot.submit = func(chat.Submission) chat.Answer {
		return chat.Answer{Form: chattest.ClearForm(chat.Form{ID: "next", Title: "Suite", Token: "k2", Fields: []chat.Field{chat.Text{Base: base("a", false)}}})}
	}
	next := b.do(direct+"/submit", url.Values{"token": {"k"}})
	has(t, next, "Suite", `value="k2"`)
	lacks(t, next, "rien ne va", "gardé")

	if w := b.post(direct+"/submit", url.Values{"token": {"k"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a page left behind submitted the next form: %d", w.Code)
	}
	lacks(t, b.do(direct+"/dismiss", nil), "aria-modal", "inert")
}
