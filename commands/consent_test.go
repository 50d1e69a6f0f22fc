package commands

import (
	"testing"

	"parcours/casework"
)

func TestConsentAfterThinking(t *testing.T) {
	w := newWorld(t, "fr")
	w.do(claire, "ouvrir", nil, "person", "Alex", "household", "person", "answer", "thinking")
	c := w.cases[0]
	r := w.do(claire, "consentement", c, "action", "grant", "topics", "logement", "form", "written")
	wantFacts(t, r.Record, "consent_given")
	wantActs(t, r.Notices, "open")
	says(t, r.Reply, "L’accord est noté", "logement")
}

func TestConsentRefusedAfterThinking(t *testing.T) {
	w := newWorld(t, "fr")
	w.do(claire, "ouvrir", nil, "person", "Alex", "household", "family", "answer", "thinking")
	r := w.do(claire, "consentement", w.cases[0], "action", "withdraw")
	wantFacts(t, r.Count, "refusal_counted")
	if r.Forget != casework.Declined || len(r.Record) != 0 {
		t.Error("something of the person is kept")
	}
	_, err := w.try(zoe, "consentement", w.cases[0], values("action", "withdraw"))
	refusedFor(t, err, casework.Forbidden, "")
}

func TestConsentExtended(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.open("logement")
		r := w.do(claire, "consentement", c, "action", "extend", "topics", "budget", "until", "2026-12-31")
		wantFacts(t, r.Record, "consent_given")
		if v := c.Consent(); v.Version != 2 || !v.Shared(casework.Budget) || v.Until != "2026-12-31" {
			t.Errorf("consent %+v", v)
		}
		_, err := w.try(claire, "consentement", c, values("action", "extend"))
		refusedFor(t, err, casework.NothingConsent, "topics")
	})
}

// A new consent names whom it names: the others are said, so that somebody acts.
func TestConsentSaysWhomItLeavesOut(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	w.join(c, bilal, "partner", "")
	r := w.do(claire, "consentement", c, "action", "grant", "topics", "logement", "form", "written")
	says(t, r.Reply, "Plus concernés par l’accord : MARK", "retirez-les du canal")
	r = w.do(claire, "consentement", c, "action", "grant", "topics", "logement", "form", "written", "partners", "p2")
	keeps(t, r.Reply, "Plus concernés")
	if !c.Covers(bilal, casework.Housing, w.now) {
		t.Error("a partner named is not covered")
	}
}

func TestConsentWithdrawn(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.open("logement")
		w.join(c, bilal, "partner", "")
		w.join(c, sam, "person", "")
		r := w.do(sam, "consentement", c, "action", "withdraw")
		wantFacts(t, r.Record, "consent_withdrawn")
		wantActs(t, r.Notices,
			"tell withdrawn u-claire u-claire", "tell withdrawn u-bilal u-bilal",
			"remove u-bilal", "remove u-sam", "archive")
		m := w.see("withdrawn", c, "u-bilal", bilal)
		keeps(t, m, "MARK")
		says(t, m, string(c.Code))
		for _, row := range m.Card.Rows {
			if row.Case != "" {
				t.Error("sharing goes on in the very message that ends it")
			}
		}
		_, err := w.try(claire, "consentement", c, values("action", "withdraw"))
		refusedFor(t, err, casework.CaseEnded, "")
	})
}

func TestConsentWantsAnAction(t *testing.T) {
	w := newWorld(t, "fr")
	_, err := w.try(claire, "consentement", w.open("logement"), values("action", "burn"))
	refusedFor(t, err, casework.NotAChoice, "action")
}
