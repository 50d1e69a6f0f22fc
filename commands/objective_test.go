package commands

import (
	"strings"
	"testing"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
)

func TestObjectiveSet(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.open("logement")
		r := w.do(claire, "objectif", c, "topic", "logement", "title", "Un logement sec", "horizon", "medium", "own_words", "Ne plus avoir froid")
		wantFacts(t, r.Record, "objective_set")
		wantActs(t, r.Notices, "post objective o1")
		says(t, r.Reply, "o1 : Un logement sec", "/parcours action "+string(c.Code))
		m := w.see("objective", c, "o1", "")
		says(t, m, "Un logement sec", "Ne plus avoir froid", map[string]string{"fr": "à moyen terme", "en": "medium term"}[w.lang])
		w.silent("objective", c, "o2", "")
	})
}

// The person's own words are asked before the professionals' and shown first
// (guide IV.C.2).
func TestOwnWordsComeFirst(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	at := map[string]int{}
	for i, f := range objectiveFields(w.request(claire, c, nil)) {
		at[f.About().ID] = i
	}
	if at["own_words"] > at["title"] {
		t.Error("her words are asked after the objective")
	}
	w.do(claire, "objectif", c, "topic", "logement", "title", "Un logement sec", "own_words", "Ne plus avoir froid")
	for name, m := range map[string]chat.Message{
		"card": w.see("objective", c, "o1", ""), "home": w.see(command.HomeView, c, "", ""), "overview": w.do(claire, "suivi", c).Reply,
	} {
		text := m.AsText()
		if hers := strings.Index(text, "Ne plus avoir froid"); hers < 0 || hers > strings.Index(text, "Un logement sec") {
			t.Errorf("%s: her words do not come first:\n%s", name, text)
		}
	}
}

// Somebody whom the consent does not cover for the topic is answered, without
// what they may not read.
func TestObjectiveOfATopicTheAskerMayNotRead(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement|sante")
	w.join(c, bilal, "partner", "logement")
	r := w.do(bilal, "objectif", c, "topic", "sante", "title", "Voir un médecin")
	keeps(t, r.Reply, "médecin")
	says(t, r.Reply, "L’objectif est posé", "Certaines lignes")
}

func TestObjectiveNeedsAConsentInForce(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	w.now = w.now.AddDate(2, 0, 0)
	_, err := w.try(claire, "objectif", c, values("topic", "logement", "title", "x"))
	refusedFor(t, err, casework.ConsentGone, "")
}
