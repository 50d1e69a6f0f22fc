package commands

import (
	"testing"

	"parcours/casework"
)

func TestReferentAccepts(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.open("logement")
		w.join(c, bilal, "partner", "")
		r := w.do(claire, "référent", c, "user", string(bilal), "until", "2026-06-30", "chosen_by_person", "true")
		wantFacts(t, r.Record, "referent_asked")
		wantActs(t, r.Notices, "tell mission u-bilal u-bilal")
		m := w.see("mission", c, string(bilal), bilal)
		says(t, m, string(c.Code), "mission accept", "2026")
		w.silent("referent", c, string(bilal), "")
		r = w.push(bilal, c, "mission", "accept")
		wantFacts(t, r.Record, "referent_answered")
		wantActs(t, r.Notices, "post referent u-bilal")
		says(t, w.see("referent", c, string(bilal), ""), "nameu-bilal")
		w.silent("mission", c, string(bilal), bilal)
		if c.Coordinator() != bilal || c.State != casework.Followed {
			t.Errorf("coordinated by %s, %s", c.Coordinator(), c.State)
		}
	})
}

func TestReferentDeclines(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	w.join(c, bilal, "partner", "")
	w.do(claire, "référent", c, "user", string(bilal), "chosen_by_person", "true")
	r := w.push(bilal, c, "mission", "decline")
	wantActs(t, r.Notices, "tell answered mission u-bilal u-claire")
	says(t, w.see("answered", c, "mission u-bilal", claire), "déclinée", "/parcours référent")
	_, err := w.press(bilal, c, "mission", "accept", nil)
	refusedFor(t, err, casework.NotAsked, "")
}

func TestReferentIsChosenByThePerson(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	w.join(c, bilal, "partner", "")
	_, err := w.try(claire, "référent", c, values("user", string(bilal), "chosen_by_person", "false"))
	refusedFor(t, err, casework.NotChosen, "chosen_by_person")
	_, err = w.try(claire, "référent", c, values("user", string(zoe), "chosen_by_person", "true"))
	refusedFor(t, err, casework.NotAMember, "user")
}
