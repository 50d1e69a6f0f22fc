package commands

import (
	"strings"
	"testing"

	"parcours/casework"
)

func TestAssessed(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.open("logement|sante")
		w.do(claire, "diagnostic", c, "element", "Sait cuisiner", "kind", "strength", "topic", "sante")
		r := w.do(claire, "diagnostic", c, "element", "Logement froid", "kind", "obstacle", "priority", "1", "topic", "logement", "aim", "Un toit", "problem", "Comment ?")
		wantFacts(t, r.Record, "aim_stated", "element_assessed")
		wantActs(t, r.Notices, "post element e2")
		text := r.Reply.AsText()
		if strings.Index(text, "Logement froid") > strings.Index(text, "Sait cuisiner") {
			t.Error("the first priority does not come first")
		}
		m := w.see("element", c, "e2", "")
		says(t, m, map[string]string{"fr": "Frein 1 : Logement froid", "en": "Obstacle 1 : Logement froid"}[w.lang])
		keeps(t, m, "Un toit")
		w.silent("element", c, "e9", "")
	})
}

func TestAssessedOutsideTheConsent(t *testing.T) {
	w := newWorld(t, "fr")
	w.do(claire, "ouvrir", nil, "person", "A", "household", "person", "answer", "accepts", "consent_form", "written", "topics", "logement", "veto", "sante")
	c := w.cases[0]
	_, err := w.try(claire, "diagnostic", c, values("element", "x", "kind", "obstacle", "topic", "sante"))
	refusedFor(t, err, casework.TopicVetoed, "topic")
	_, err = w.try(claire, "diagnostic", c, values("element", "x", "kind", "obstacle", "topic", "budget"))
	refusedFor(t, err, casework.TopicNotShared, "topic")
}
