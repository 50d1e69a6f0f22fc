package commands

import (
	"testing"

	"parcours/bot/command"
	"parcours/casework"
)

func TestHome(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		r := w.do(zoe, "accueil", nil)
		verbs := map[string][]string{
			"fr": {"/parcours mes-situations", "/parcours agenda", "/parcours ouvrir", "/parcours aide"},
			"en": {"/parcours mine", "/parcours agenda", "/parcours open", "/parcours help"},
		}
		says(t, r.Reply, verbs[w.lang]...)
		if All()[0].Name != "accueil" {
			t.Error("an empty line means the first command")
		}
	})
}

// Shortcuts name commands that exist, by their French names.
func TestShortcuts(t *testing.T) {
	w := newWorld(t, "en")
	c := w.rich()
	m := w.see(command.HomeView, c, "", "")
	for _, b := range m.Card.Buttons {
		cmd := verb(t, b.Subject)
		if want := "/parcours " + cmd.Twin + " " + string(c.Code); b.ID != "run" || b.Command != want || b.Case != c.Code {
			t.Errorf("button %+v, want %q", b, want)
		}
	}
}

func TestHomeCard(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.open("logement")
		m := w.see(command.HomeView, c, "", "")
		says(t, m, string(c.Code), w.request(claire, nil, nil).Say.T("homecard.start"), "Name of u-claire")
		keeps(t, m, capital(w.request(claire, nil, nil).Say.T("topic.autres")))
		w.do(claire, "objectif", c, "topic", "logement", "title", "Un logement sec")
		w.do(claire, "action", c, "objective", "o1", "what", "Appeler", "who", "person", "due", "2026-03-10")
		w.do(claire, "commission", c, "at", "2026-04-01T14:00:00Z", "place", "Salle bleue")
		says(t, w.see(command.HomeView, c, "", ""), "Un logement sec", "Appeler", "Salle bleue")
		w.push(claire, c, "a1", "done")
		keeps(t, w.see(command.HomeView, c, "", ""), "Appeler")
		w.do(claire, "consentement", c, "action", "withdraw")
		for _, row := range w.see(command.HomeView, c, "", "").Card.Rows {
			if row.Case != "" {
				t.Error("the card of an ended case tells of it")
			}
		}
		if c.State != casework.Withdrawn {
			t.Errorf("state %s", c.State)
		}
	})
}
