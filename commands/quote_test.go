package commands

import (
	"strings"
	"testing"

	"parcours/bot/chat"
	"parcours/bot/command"
)

// asked gives the first value of a field that a response asks.
func asked(t *testing.T, r command.Response, id string) chat.Base {
	t.Helper()
	for _, f := range r.Ask {
		if f.About().ID == id {
			return f.About()
		}
	}
	t.Fatalf("%s is not asked: %+v", id, r)
	return chat.Base{}
}

func TestAMessageIsAskedAsAnAnswer(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := acting(w)
		w.written = map[string]string{"m1": "Un toit\nqui ne fuit pas", "m2": strings.Repeat("é", 200)}
		for verb, field := range map[string]string{"objectif": "title", "action": "what"} {
			r := w.do(claire, verb, c, "from", "m1")
			if len(r.Record)+len(r.Notices) != 0 {
				t.Errorf("%s: something is decided", verb)
			}
			if f := asked(t, r, field); f.Value() != "Un toit qui ne fuit pas" || !f.Required {
				t.Errorf("%s: asked with %+v", verb, f)
			}
			if last := r.Ask[len(r.Ask)-1].About(); last.ID != "from" || last.Required {
				t.Errorf("%s: the last field is %+v", verb, last)
			}
			if f := asked(t, w.do(claire, verb, c, "from", "m2"), field); f.Value() != strings.Repeat("é", 149)+"…" {
				t.Errorf("%s: a long one is asked as %q", verb, f.Value())
			}
			if _, err := w.try(claire, verb, c, values("from", "m9")); err == nil {
				t.Errorf("%s: a message that is none", verb)
			}
		}
		r := w.do(claire, "objectif", c, "topic", "logement", "title", "Un toit", "from", "m9")
		wantFacts(t, r.Record, "objective_set")
	})
}
