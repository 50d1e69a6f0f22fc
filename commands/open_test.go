package commands

import (
	"testing"

	"parcours/bot/chat"
	"parcours/casework"
)

func TestOpenAccepted(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		r := w.do(claire, "ouvrir", nil, "person", "Alex", "household", "person", "answer", "accepts",
			"consent_form", "written", "topics", "logement|budget", "veto", "sante", "own_words", "Un toit")
		wantFacts(t, r.Record, "proposed", "consent_given")
		wantActs(t, r.Notices, "open")
		c := w.cases[0]
		if r.Opens != c.Code || c.State != casework.Consented || c.Consent().Until != "2027-03-02" {
			t.Errorf("opened %s, %s, until %s", r.Opens, c.State, c.Consent().Until)
		}
		if c.Professionals[0].Name != "Name of u-claire" {
			t.Errorf("the author is listed as %q", c.Professionals[0].Name)
		}
		says(t, r.Reply, string(c.Code), map[string]string{"fr": "/parcours liste", "en": "/parcours circle"}[w.lang])
		keeps(t, r.Reply, "Alex")
	})
}

func TestOpenThinking(t *testing.T) {
	w := newWorld(t, "fr")
	r := w.do(claire, "ouvrir", nil, "person", "Alex", "household", "person", "answer", "thinking")
	wantFacts(t, r.Record, "proposed")
	wantActs(t, r.Notices)
	says(t, r.Reply, "dans 14 jours", "la personne réfléchit", "/parcours consentement "+string(w.cases[0].Code))
}

func TestOpenRefused(t *testing.T) {
	w := newWorld(t, "fr")
	r := w.do(claire, "ouvrir", nil, "household", "family", "answer", "refuses")
	wantFacts(t, r.Count, "refusal_counted")
	if r.Opens != "" || len(r.Record)+len(r.Notices) != 0 {
		t.Errorf("a refusal leaves %+v", r)
	}
	says(t, r.Reply, "sans aucun nom", "aucune conséquence")
}

func TestOpenNamesTheFieldAtFault(t *testing.T) {
	w := newWorld(t, "fr")
	base := []string{"person", "Alex", "household", "person", "answer", "accepts"}
	for _, c := range []struct {
		more  []string
		code  casework.ErrorCode
		field string
	}{
		{nil, casework.Missing, "consent_form"},
		{[]string{"consent_form", "written"}, casework.Missing, "topics"},
		{[]string{"consent_form", "oral", "topics", "budget"}, casework.WitnessNeeded, "witness"},
		{[]string{"consent_form", "written", "topics", "budget", "consent_until", "2026-03-01"}, casework.PastDate, "consent_until"},
	} {
		_, err := w.try(claire, "ouvrir", nil, values(append(base, c.more...)...))
		refusedFor(t, err, c.code, c.field)
	}
}

// What is needed depends on the answer: a refusal asks for no name.
func TestOpenAsksForWhatTheAnswerNeeds(t *testing.T) {
	w := newWorld(t, "fr")
	for answer, want := range map[string]map[string]bool{
		"":        {"person": true, "consent_form": false, "topics": false},
		"accepts": {"person": true, "consent_form": true, "topics": true},
		"refuses": {"person": false, "consent_form": false, "topics": false},
	} {
		for _, f := range openFields(w.request(claire, nil, chat.Values{"answer": {answer}})) {
			if needed, asked := want[f.About().ID]; asked && needed != f.About().Required {
				t.Errorf("answer %q: %s needed: %v", answer, f.About().ID, f.About().Required)
			}
		}
	}
}
