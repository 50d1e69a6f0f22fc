package mattermost

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
)

var wholeForm = chat.Form{
	ID: "open", Title: "Ouvrir", Intro: "**P-7K3F** @all", Submit: "Envoyer", Token: "token",
	Fields: []chat.Field{
		chat.Text{Base: chat.Base{ID: "person", Label: "Personne", Required: true, Default: []string{strings.Repeat("é", 100)}}},
		chat.Area{Base: chat.Base{ID: "words", Label: "Mots"}},
		chat.Number{Base: chat.Base{ID: "length", Label: "Durée", Default: []string{"90"}}, Min: 15, Max: 480},
		chat.Select{Base: chat.Base{ID: "answer", Label: "Réponse", Required: true}, Options: []chat.Option{{Value: "accepts", Label: "Accepte"}, {Value: "refuses", Label: "Refuse"}}},
		chat.Choice{Base: chat.Base{ID: "topics", Label: "Sujets dont on peut parl", Hint: "Plusieurs", Default: []string{"sante"}}, Options: []chat.Option{{Value: "sante", Label: "La santé"}, {Value: "budget", Label: "Le budget"}}},
		chat.User{Base: chat.Base{ID: "user", Label: "Qui"}},
		chat.Bool{Base: chat.Base{ID: "agreed", Label: "Accord", Required: true}, Yes: "Oui", No: "Non"},
		chat.Date{Base: chat.Base{ID: "until", Label: "Jusqu’au", Default: []string{"2027-01-02"}}},
		chat.Date{Base: chat.Base{ID: "at", Label: "Quand", Default: []string{"2026-12-14T14:30:00+01:00"}}, Time: true},
		chat.Date{Base: chat.Base{ID: "due", Label: "Échéance", Hint: "Bientôt.", Default: []string{"vendredi"}}, Example: "Par exemple : vendredi."},
	},
}

func elementsOf(t *testing.T, version string) (map[string]model.DialogElement, model.Dialog) {
	t.Helper()
	a, _, _ := newFake(t, version)
	if _, err := a.me(t.Context()); err != nil {
		t.Fatal(err)
	}
	d, err := a.dialog(t.Context(), wholeForm)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.IsValid(); err != nil {
		t.Errorf("on %s the form breaks a limit: %v", version, err)
	}
	by := map[string]model.DialogElement{}
	for _, e := range d.Elements {
		by[e.Name] = e
	}
	return by, d
}

func TestFormsAsTheServerCanShowThem(t *testing.T) {
	tests := map[string]struct{ topics, until, at string }{
		"10.5": {"", "text", "text"},
		"11.0": {"select", "text", "text"},
		"11.1": {"select", "date", "datetime"},
		"12.0": {"select", "date", "datetime"},
	}
	for version, want := range tests {
		t.Run(version, func(t *testing.T) {
			e, d := elementsOf(t, version)
			if e["topics"].Type != want.topics || e["until"].Type != want.until || e["at"].Type != want.at {
				t.Errorf("kinds %q %q %q, want %+v", e["topics"].Type, e["until"].Type, e["at"].Type, want)
			}
			if want.topics == "" && (e["topics.sante"].Default != "true" || e["topics.budget"].Type != "bool" || e["topics.budget"].Placeholder != "Le budget") {
				t.Errorf("boxes %+v %+v", e["topics.sante"], e["topics.budget"])
			}
			if want.topics != "" && (!e["topics"].MultiSelect || e["topics"].Default != "sante") {
				t.Errorf("topics %+v", e["topics"])
			}
			if want.at == "datetime" && e["at"].Default != "2026-12-14T13:30:00Z" || want.at == "text" && e["at"].Default != "2026-12-14 14:30" {
				t.Errorf("the moment shown at first is %q", e["at"].Default)
			}
			if hint := e["due"].HelpText; hint != "Bientôt." && want.until == "date" || hint != "Bientôt. Par exemple : vendredi." && want.until == "text" {
				t.Errorf("beside a date that is asked by %q: %q", want.until, hint)
			}
			if e["person"].Type != "textarea" || e["answer"].Type != "radio" || e["length"].SubType != "number" || e["user"].DataSource != "users" ||
				e["agreed"].Type != "bool" || !e["agreed"].Optional || e["words"].Type != "textarea" {
				t.Errorf("elements %+v", e)
			}
			if d.State != "token" || d.CallbackId != "open" || strings.Contains(d.IntroductionText, "@all") || strings.Contains(d.IntroductionText, "**") {
				t.Errorf("dialog %+v", d)
			}
		})
	}
}

func TestAnUnknownKindOfFieldIsAnError(t *testing.T) {
	a, _, _ := newFake(t, "11.4")
	_, err := a.dialog(context.Background(), chat.Form{ID: "x", Fields: []chat.Field{struct{ chat.Base }{}}})
	if err == nil {
		t.Error("it was left out in silence")
	}
}

func submitted(change func(map[string]any)) map[string]any {
	body := map[string]any{
		"type": "dialog_submission", "callback_id": "open", "state": "token", "user_id": claire, "channel_id": channel, "team_id": team,
		"submission": map[string]any{
			"person": "Madame Lopez", "length": 90.0, "topics": []any{"sante", "budget"}, "agreed": true, "none": nil,
			"boxes.sante": true, "boxes.budget": false, "at": "2026-12-14T13:30:00Z",
		},
		"cancelled": false, "new_key": "of a newer server",
	}
	change(body)
	return body
}

func TestSubmissionIsReadAsItsFields(t *testing.T) {
	a, _, h := newFake(t, "11.4")
	if status, _ := callJSON(t, a, dialogPath, submitted(func(map[string]any) {})); status != 200 {
		t.Fatal("status", status)
	}
	want := chat.Submission{User: claire, Channel: channel, Form: "open", Token: "token", Values: chat.Values{
		"person": {"Madame Lopez"}, "length": {"90"}, "topics": {"sante", "budget"}, "agreed": {"true"}, "boxes": {"sante"}, "at": {"2026-12-14 14:30"},
	}}
	if len(h.submissions) != 1 || !reflect.DeepEqual(h.submissions[0], want) {
		t.Errorf("heard %+v", h.submissions)
	}
}

func TestSubmissionsThatAreNone(t *testing.T) {
	set := func(key string, value any) map[string]any {
		return submitted(func(b map[string]any) { b[key] = value })
	}
	tests := map[string]struct {
		body any
		want int
	}{
		"a button":            {set("type", "button"), 400},
		"a refresh":           {set("type", "refresh"), 400},
		"no state":            {set("state", ""), 400},
		"a user that is none": {set("user_id", "x"), 400},
		"no channel":          {set("channel_id", ""), 400},
		"a number for a user": {set("user_id", 1), 400},
		"a list of numbers":   {set("submission", map[string]any{"a": []any{1}}), 400},
		"an object":           {set("submission", map[string]any{"a": map[string]any{}}), 400},
		"cancelled":           {set("cancelled", true), 200},
		"a list":              {[]any{}, 400},
		"a text":              {"x", 400},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a, _, h := newFake(t, "11.4")
			if status, _ := callJSON(t, a, dialogPath, test.body); status != test.want || len(h.submissions) > 0 {
				t.Errorf("status %d, heard %+v", status, h.submissions)
			}
		})
	}
	for name, body := range map[string]string{
		"a key twice":              `{"type":"dialog_submission","user_id":"` + claire + `","user_id":"` + martin + `","channel_id":"` + channel + `","state":"t"}`,
		"a key twice in two cases": `{"type":"dialog_submission","user_id":"` + claire + `","User_ID":"` + martin + `","channel_id":"` + channel + `","state":"t"}`,
		"a value twice":            `{"type":"dialog_submission","user_id":"` + claire + `","channel_id":"` + channel + `","state":"t","submission":{"a":"1","a":"2"}}`,
		"two objects":              `{} {}`,
		"very deep":                strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 100),
		"half":                     `{"type":`,
		"nothing":                  ``,
	} {
		a, _, h := newFake(t, "11.4")
		if status, _ := calls(a, dialogPath, "application/json", body); status != 400 || len(h.submissions) > 0 {
			t.Errorf("%s: status %d, heard %+v", name, status, h.submissions)
		}
	}
}

func TestFaultsGoToTheirElements(t *testing.T) {
	a, _, h := newFake(t, "10.5")
	h.answer = chat.Answer{FieldErrors: map[string]string{"boxes": "choisissez", "person": "qui ?"}}
	_, body := callJSON(t, a, dialogPath, submitted(func(map[string]any) {}))
	if !strings.Contains(body, `"boxes.budget":"choisissez"`) || !strings.Contains(body, `"person":"qui ?"`) {
		t.Error(body)
	}
	h.answer = chat.Answer{FormError: "non"}
	if _, body = callJSON(t, a, dialogPath, submitted(func(map[string]any) {})); !strings.Contains(body, `"error":"non"`) {
		t.Error(body)
	}
}

func TestTheNextFormTakesThePlaceOfTheFirst(t *testing.T) {
	form := chattest.ClearForm(chat.Form{ID: "next", Title: "Suite", Token: "t2"})
	a, _, h := newFake(t, "11.1")
	h.answer = chat.Answer{Form: form}
	if _, body := callJSON(t, a, dialogPath, submitted(func(map[string]any) {})); !strings.Contains(body, `"type":"form"`) || !strings.Contains(body, `"state":"t2"`) {
		t.Error(body)
	}
}

// On a server that knows no next form, a button in private offers it, and the
// form still counts as made for where it was asked.
func TestTheNextFormIsOfferedByOlderServers(t *testing.T) {
	a, f, h := newFake(t, "10.5")
	h.answer = chat.Answer{Form: chattest.ClearForm(chat.Form{ID: "next", Title: "Suite", Token: "t2"})}
	f.say("POST /channels/direct", 201, model.Channel{Id: elsewhe})
	f.say("POST /posts", 201, model.Post{Id: post1})
	callJSON(t, a, dialogPath, submitted(func(map[string]any) {}))
	asked, ok := f.was("POST /posts")
	if !ok || !strings.Contains(string(asked), `"kind":"form"`) {
		t.Fatalf("nothing offers the form: %s", asked)
	}
	h.answer = chat.Answer{}
	callJSON(t, a, dialogPath, submitted(func(b map[string]any) { b["state"], b["channel_id"] = "t2", elsewhe }))
	if last := h.submissions[len(h.submissions)-1]; last.Channel != channel {
		t.Errorf("the form is taken for one of %s", last.Channel)
	}
	callJSON(t, a, dialogPath, submitted(func(b map[string]any) { b["state"], b["channel_id"], b["user_id"] = "t2", elsewhe, martin }))
	if last := h.submissions[len(h.submissions)-1]; last.Channel != elsewhe {
		t.Error("somebody else's form is taken for theirs")
	}
}
