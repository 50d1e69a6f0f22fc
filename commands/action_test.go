package commands

import (
	"testing"

	"parcours/bot/chat"
	"parcours/casework"
)

// acting gives a case with one objective, and one action for p2, who is Bilal.
func acting(w *world) *casework.Case {
	w.t.Helper()
	c := w.open("logement|sante")
	w.join(c, bilal, "partner", "")
	w.join(c, dana, "partner", "")
	w.do(claire, "objectif", c, "topic", "logement", "title", "Un logement sec")
	r := w.do(claire, "action", c, "objective", "o1", "what", "Appeler le bailleur", "who", "p2", "due", "2026-03-10")
	wantFacts(w.t, r.Record, "action_assigned")
	wantActs(w.t, r.Notices, "post action a1", "tell action a1 u-bilal")
	says(w.t, r.Reply, "a1 : Appeler le bailleur")
	return c
}

func TestActionDone(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := acting(w)
		says(t, w.see("action", c, "a1", bilal), "a1 done", "a1 postpone", "a1 help", "a1 reassign")
		r := w.push(bilal, c, "a1", "done")
		wantFacts(t, r.Record, "action_done")
		wantActs(t, r.Notices, "tell action a1 u-claire")
		m := w.see("action", c, "a1", claire)
		says(t, m, map[string]string{"fr": "faite", "en": "done"}[w.lang])
		if len(m.Card.Buttons) != 0 {
			t.Error("an action that is done still has buttons")
		}
		_, err := w.press(bilal, c, "a1", "done", nil)
		refusedFor(t, err, casework.AlreadyDone, "")
	})
}

func TestActionPostponed(t *testing.T) {
	w := newWorld(t, "fr")
	c := acting(w)
	r := w.push(bilal, c, "a1", "postpone", "due", "2026-04-01")
	wantFacts(t, r.Record, "action_postponed")
	wantActs(t, r.Notices, "tell action a1 u-claire")
	says(t, r.Reply, "mercredi 1er avril 2026")
	_, err := w.press(bilal, c, "a1", "postpone", values("due", "2026-04-01"))
	refusedFor(t, err, casework.SameAgain, "due")
	r = w.push(claire, c, "a1", "postpone", "due", "2026-04-02")
	wantActs(t, r.Notices)

	r, err = w.press(bilal, c, "a1", "postpone", nil)
	if err != nil || len(r.Record) > 0 || len(r.Ask) != 2 || r.FormError == "" {
		t.Errorf("with no date at all: %+v, %v", r, err)
	}
}

// A date that is picked from the menu falls on a working day; one that is written
// comes before it.
func TestActionPostponedByMenu(t *testing.T) {
	for in, want := range map[string]casework.Day{
		"1": "2026-03-03", "3": "2026-03-05", "7": "2026-03-09", "14": "2026-03-16", "30": "2026-04-01",
	} {
		w := newWorld(t, "fr")
		c := acting(w)
		r := w.push(bilal, c, "a1", "postpone", "in", in)
		if got := r.Record[0].(casework.ActionPostponed).Due; got != want {
			t.Errorf("in %s days is %s, want %s", in, got, want)
		}
	}
	w := newWorld(t, "fr")
	c := acting(w)
	r := w.push(bilal, c, "a1", "postpone", "in", "3", "due", "2026-04-20")
	if got := r.Record[0].(casework.ActionPostponed).Due; got != "2026-04-20" {
		t.Errorf("a written date counts as %s", got)
	}
}

func TestActionReassigned(t *testing.T) {
	w := newWorld(t, "fr")
	c := acting(w)
	r := w.push(bilal, c, "a1", "reassign", "who", "p3")
	wantFacts(t, r.Record, "action_reassigned")
	wantActs(t, r.Notices, "tell action a1 u-claire", "tell action a1 u-dana")
	r = w.push(bilal, c, "a1", "reassign", "who", "p1")
	wantActs(t, r.Notices, "tell action a1 u-claire")
	_, err := w.press(bilal, c, "a1", "reassign", values("who", "p9"))
	refusedFor(t, err, casework.NotListed, "who")
}

func TestActionHelp(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := acting(w)
		r := w.push(bilal, c, "a1", "help")
		wantFacts(t, r.Record, "help_asked")
		wantActs(t, r.Notices, "tell help a1 u-claire")
		says(t, w.see("help", c, "a1", claire), "Appeler le bailleur", "phone]", "a1 reassign")
		_, err := w.press(bilal, c, "a1", "help", nil)
		refusedFor(t, err, casework.SameAgain, "")
		w.push(claire, c, "a1", "done")
		w.silent("help", c, "a1", claire)
	})
}

// The person comes first among those who can act; an objective's name is for
// those who may know of its topic.
func TestActionChoices(t *testing.T) {
	w := newWorld(t, "fr")
	c := acting(w)
	for _, f := range actionFields(w.request(claire, c, chat.Values{})) {
		choice, ok := f.(chat.Select)
		switch {
		case ok && choice.ID == "who" && (choice.Options[0].Value != "person" || len(choice.Options) != 4):
			t.Errorf("who: %+v", choice.Options)
		case ok && choice.ID == "objective" && choice.Options[0] != (chat.Option{Value: "o1", Label: "Un logement sec", Case: c.Code, Topic: casework.Housing}):
			t.Errorf("objective: %+v", choice.Options)
		}
	}
	if fields := actionFields(w.request(claire, nil, nil)); len(fields) != 5 {
		t.Errorf("%d fields before the case is known", len(fields))
	}
}

func TestActionRefused(t *testing.T) {
	w := newWorld(t, "fr")
	c := acting(w)
	for _, bad := range []struct {
		pairs []string
		code  casework.ErrorCode
		field string
	}{
		{[]string{"objective", "o9", "what", "x", "who", "p1", "due", "2026-03-10"}, casework.UnknownItem, "objective"},
		{[]string{"objective", "o1", "what", "x", "who", "p9", "due", "2026-03-10"}, casework.NotListed, "who"},
		{[]string{"objective", "o1", "what", "x", "who", "p1", "due", "2026-03-01"}, casework.PastDate, "due"},
	} {
		_, err := w.try(claire, "action", c, values(bad.pairs...))
		refusedFor(t, err, bad.code, bad.field)
	}
}

// Nobody is given an action whose topic they may not know of.
func TestActionOfSomebodyNotTold(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement|sante")
	w.join(c, bilal, "partner", "sante")
	w.do(claire, "objectif", c, "topic", "logement", "title", "Un logement sec")
	_, err := w.try(claire, "action", c, values("objective", "o1", "what", "x", "who", "p2", "due", "2026-03-10"))
	refusedFor(t, err, casework.NotAgreed, "who")
	w.do(claire, "action", c, "objective", "o1", "what", "x", "who", "person", "due", "2026-03-10")
	_, err = w.press(claire, c, "a1", "reassign", values("who", "p2"))
	refusedFor(t, err, casework.NotAgreed, "who")
}
