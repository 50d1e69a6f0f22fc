package commands

import (
	"testing"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
)

func TestReview(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := acting(w)
		r := w.do(bilal, "bilan", c, "objective", "o1", "outcome", "not")
		wantFacts(t, r.Record, "objective_reviewed")
		wantActs(t, r.Notices, "post review o1")
		wantButtons(t, r.Reply, "action bilan")
		says(t, r.Reply, "Appeler le bailleur", w.said("review.not"), w.said("review.why"))
		says(t, w.see("review", c, "o1", ""), "Un logement sec", capital(w.said("outcome.not")))
		keeps(t, w.see("review", c, "o1", ""), w.said("review.valued"))
		says(t, w.see(command.HomeView, c, "", ""), w.said("outcome.not"))

		_, err := w.try(bilal, "bilan", c, values("objective", "o1", "outcome", "not"))
		refusedFor(t, err, casework.SameAgain, "outcome")
		r = w.do(bilal, "bilan", c, "objective", "o1", "outcome", "partly", "why", "Un mur est sec")
		keeps(t, r.Reply, w.said("review.why"))

		r = w.do(bilal, "bilan", c, "objective", "o1", "outcome", "reached")
		wantButtons(t, r.Reply, "objectif")
		says(t, r.Reply, w.said("review.reached"))
		says(t, w.see("review", c, "o1", ""), w.said("review.valued"))
	})
}

// said gives the sentence under key, in the language of the world.
func (w *world) said(key string) string { return w.say().T(key) }

// What is over leaves the home card and the questions, and stands apart in the
// overview; another review takes it up again.
func TestObjectivesThatAreOver(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := acting(w)
		w.do(claire, "objectif", c, "topic", "sante", "title", "Dormir")
		w.do(claire, "bilan", c, "objective", "o1", "outcome", "dropped", "why", "Déménagement")
		keeps(t, w.see(command.HomeView, c, "", ""), "Un logement sec", "Appeler")
		status := w.do(claire, "suivi", c).Reply
		says(t, status, w.said("status.over"), "Un logement sec", "Déménagement", w.said("outcome.dropped"))
		keeps(t, status, "Appeler")
		keeps(t, w.do(bilal, "agenda", nil).Reply, "Appeler")
		keeps(t, w.do(bilal, "mes-situations", nil).Reply, "Appeler")
		w.silent("reminder.action", c, "a1 -7", bilal)
		if options := actionFields(w.request(claire, c, nil))[0].(chat.Select).Options; len(options) != 1 || options[0].Value != "o2" {
			t.Errorf("an action may be for %v", options)
		}
		if options := reviewFields(w.request(claire, c, nil))[0].(chat.Select).Options; len(options) != 2 || options[0].Value != "o2" {
			t.Errorf("a review may be of %v", options)
		}
		_, err := w.try(claire, "action", c, values("objective", "o1", "what", "x", "who", "person", "due", "2026-03-10"))
		refusedFor(t, err, casework.ObjectiveOver, "objective")
		w.do(claire, "bilan", c, "objective", "o1", "outcome", "partly")
		says(t, w.see(command.HomeView, c, "", ""), "Un logement sec", "Appeler")
	})
}

func TestReviewRefused(t *testing.T) {
	w := newWorld(t, "fr")
	c := acting(w)
	for _, wrong := range []struct {
		objective, outcome string
		code               casework.ErrorCode
		field              string
	}{
		{"o9", "not", casework.UnknownItem, "objective"},
		{"o1", "magic", casework.NotAChoice, "outcome"},
		{"o1", "", casework.Missing, "outcome"},
	} {
		_, err := w.try(claire, "bilan", c, values("objective", wrong.objective, "outcome", wrong.outcome))
		refusedFor(t, err, wrong.code, wrong.field)
	}
	w.do(claire, "consentement", c, "action", "extend", "veto", "logement")
	_, err := w.try(claire, "bilan", c, values("objective", "o1", "outcome", "not"))
	refusedFor(t, err, casework.TopicVetoed, "topic")
}

// A card of a review is of one topic: whoever may not know of it sees nothing.
func TestReviewIsShownWhole(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.held()
	m := w.see("review", c, "o2", "")
	if !m.Card.Whole {
		t.Error("it can be shown in part")
	}
	for _, row := range m.Card.Rows {
		if isTold(row) && row.Topic != casework.Health {
			t.Errorf("%q is of %q", row.Label, row.Topic)
		}
	}
}
