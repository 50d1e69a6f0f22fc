package slack

import (
	"strings"
	"testing"

	"parcours/bot/chat"
)

var wholeForm = chat.Form{
	ID: "open", Title: "Ouvrir", Intro: "*P-7K3F* <!channel>", Submit: "Envoyer", Token: "token",
	Fields: []chat.Field{
		chat.Text{Base: chat.Base{ID: "person", Label: "Personne", Required: true, Default: []string{"Mme A"}}},
		chat.Text{Base: chat.Base{ID: "long", Label: "Trop long", Default: []string{strings.Repeat("é", 200)}}},
		chat.Area{Base: chat.Base{ID: "words", Label: "Mots", Hint: "Les siens"}},
		chat.Number{Base: chat.Base{ID: "length", Label: "Durée", Default: []string{"90"}}, Min: 15, Max: 480},
		chat.Number{Base: chat.Base{ID: "priority", Label: "Priorité", Default: []string{"neuf"}}, Min: 1, Max: 7},
		chat.Select{Base: chat.Base{ID: "answer", Label: "Réponse", Required: true, Default: []string{"refuses"}}, Options: []chat.Option{{Value: "accepts", Label: "Accepte"}, {Value: "refuses", Label: "Refuse"}}},
		chat.Select{Base: chat.Base{ID: "entry", Label: "Entrée", Default: []string{"x"}}, Options: []chat.Option{{Value: "rsa", Label: "RSA"}}},
		chat.Choice{Base: chat.Base{ID: "topics", Label: "Sujets", Default: []string{"sante"}}, Options: []chat.Option{{Value: "sante", Label: "La santé"}, {Value: "budget", Label: "Le budget"}}},
		chat.Choice{Base: chat.Base{ID: "many", Label: "Beaucoup"}, Options: []chat.Option{
			{Value: "1", Label: "1"}, {Value: "2", Label: "2"}, {Value: "3", Label: "3"}, {Value: "4", Label: "4"}, {Value: "5", Label: "5"}, {Value: "6", Label: "6"},
			{Value: "7", Label: "7"}, {Value: "8", Label: "8"}, {Value: "9", Label: "9"}, {Value: "10", Label: "10"}, {Value: "11", Label: "11"}}},
		chat.User{Base: chat.Base{ID: "user", Label: "Qui", Default: []string{"@" + martin}}},
		chat.Bool{Base: chat.Base{ID: "agreed", Label: "Accord", Required: true, Default: []string{"true"}}, Yes: "Oui", No: "Non"},
		chat.Bool{Base: chat.Base{ID: "left", Label: "Est parti", Default: []string{"true"}}, Yes: "Oui", No: "Non"},
		chat.Date{Base: chat.Base{ID: "until", Label: "Jusqu’au", Default: []string{"2027-01-02"}}},
		chat.Date{Base: chat.Base{ID: "due", Label: "Échéance", Default: []string{strings.Repeat("vendredi ", 30)}}},
		chat.Date{Base: chat.Base{ID: "at", Label: "Quand", Default: []string{"2026-12-14T14:30:00+01:00"}}, Time: true},
		chat.Date{Base: chat.Base{ID: "next", Label: "Ensuite", Hint: "Un jour", Default: []string{"vendredi 14h"}}, Time: true, Example: "Par exemple : vendredi."},
	},
}

func TestEveryKindOfField(t *testing.T) {
	a, f, _ := newFake(t)
	f.do("users.info", func(asked ask) any { return m{"ok": true, "user": m{"id": asked.Get("user"), "team_id": team}} })
	view, err := a.modal(t.Context(), wholeForm, channel)
	if err != nil {
		t.Fatal(err)
	}
	fits(t, "the form", view)
	whole := asJSON(t, view) + strings.Join(strings.Fields(read(t, view.Blocks.BlockSet)), " ")
	for _, part := range []string{
		`"private_metadata":"{\"token\":\"token\",\"channel\":\"` + channel + `\",\"bools\":[\"agreed\",\"left\"]}"`, `"callback_id":"open"`,
		`"initial_value":"Mme A","max_length":150`, `éé","multiline":true,"max_length":3000`, `"type":"number_input"`, `"initial_value":"90","min_value":"15","max_value":"480"`,
		`"action_id":"priority","min_value":"1","max_value":"7"`, `"type":"radio_buttons"`, `"initial_option":{"text":{"type":"plain_text","text":"…","emoji":false},"value":"refuses"}`,
		`"type":"static_select","action_id":"entry","options":[{"text":{"type":"plain_text","text":"…","emoji":false},"value":"rsa"}]}`,
		`"type":"multi_static_select","action_id":"many"`, `"type":"users_select","action_id":"user","initial_user":"` + martin + `"`,
		`"type":"radio_buttons","action_id":"agreed"`, `"initial_option":{"text":{"type":"plain_text","text":"…","emoji":false},"value":"true"}`,
		`"initial_options":[{"text":{"type":"plain_text","text":"…","emoji":false},"value":"true"}]`, `"initial_date":"2027-01-02"`, `"initial_date_time":1797255000`,
		"vendredi 14h Un jour", "*P-7K3F* <!channel>",
	} {
		if !strings.Contains(whole, part) {
			t.Errorf("it lacks %s:\n%s", part, whole)
		}
	}
	if strings.Contains(asJSON(t, view), "<!") {
		t.Error("an intro calls everybody")
	}
}

type another struct{ chat.Text }

func TestFormsThatCannotBeShown(t *testing.T) {
	a, _, _ := newFake(t)
	for name, form := range map[string]chat.Form{
		"an unknown kind":   {ID: "x", Title: "x", Fields: []chat.Field{another{}}},
		"too long a title":  {ID: "x", Title: strings.Repeat("x", 25)},
		"too long a button": {ID: "x", Title: "x", Submit: strings.Repeat("x", 25)},
		"too long a token":  {ID: "x", Title: "x", Token: strings.Repeat("x", 3000)},
		"too many fields": {ID: "x", Title: "x", Fields: func() (all []chat.Field) {
			for range 101 {
				all = append(all, chat.Text{Base: chat.Base{ID: "x", Label: "x"}})
			}
			return all
		}()},
	} {
		if _, err := a.modal(t.Context(), form, channel); err == nil {
			t.Errorf("%s is shown", name)
		}
	}
}
