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

// A new consent names whom it names: the others leave, and are told so.
func TestConsentTakesOutWhomItLeavesOut(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.open("logement")
		w.join(c, bilal, "partner", "")
		w.join(c, dana, "partner", "")
		r := w.do(claire, "consentement", c, "action", "grant", "topics", "logement", "form", "written", "partners", "p2")
		wantFacts(t, r.Record, "consent_given", "member_left")
		wantActs(t, r.Notices, "remove u-dana", "tell removed u-dana u-dana")
		says(t, r.Reply, "nameu-dana")
		keeps(t, w.see("removed", c, "u-dana", dana), "MARK")
		if !c.Covers(bilal, casework.Housing, w.now) || c.IsMember(dana) {
			t.Error("the wrong one left")
		}
	})
}

// The person takes back part of her agreement by herself: whoever coordinates is
// told that she did, not what.
func TestConsentNarrowedByThePerson(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.open("logement|budget")
		w.join(c, bilal, "partner", "logement")
		w.join(c, sam, "person", "")
		r := w.do(sam, "consentement", c, "action", "narrow", "veto", "logement")
		wantFacts(t, r.Record, "consent_given", "member_left")
		wantActs(t, r.Notices, "remove u-bilal", "tell removed u-bilal u-bilal", "tell left u-bilal u-claire", "tell narrowed u-claire u-claire")
		m := w.see("narrowed", c, string(claire), claire)
		keeps(t, m, "MARK", "logement", "housing")
		says(t, m, string(c.Code))
		_, err := w.try(sam, "consentement", c, values("action", "narrow", "veto", "logement"))
		refusedFor(t, err, casework.NothingConsent, "veto")
		r = w.do(claire, "consentement", c, "action", "narrow", "veto", "sante")
		wantActs(t, r.Notices)
	})
}

// Her form asks nothing that is not hers to answer, and she is shown the way to it.
func TestConsentFormOfThePerson(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	w.do(claire, "inviter", c, "user", string(sam), "role", "person")
	says(t, w.push(sam, c, "invitation", "accept").Reply, "Mon accord", "arrêter à tout moment")
	says(t, w.do(sam, "suivi", c).Reply, "Mon accord")
	keeps(t, w.do(claire, "suivi", c).Reply, "Mon accord")
	r := w.request(sam, c, values())
	if fields := consentFields(r); len(fields) != 2 || fields[0].About().ID != "action" || fields[1].About().ID != "veto" {
		t.Errorf("she is asked %v", fields)
	}
}

// What was made on paper exists outside: it is listed, by kind and day alone.
func TestConsentWithdrawnListsThePapers(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.rich()
	w.do(claire, "document", c, "kind", "list")
	r := w.do(sam, "consentement", c, "action", "withdraw")
	says(t, r.Reply, "existent hors d’ici", "2 mars 2026")
	keeps(t, r.Reply, "MARK")
	// So it is in what she keeps of it, and in what nobody else is told.
	says(t, w.see("withdrawn", c, "u-sam", sam), "Votre accord est retiré", "existent hors d’ici", "2 mars 2026")
	keeps(t, w.see("withdrawn", c, "u-claire", claire), "2 mars 2026", "MARK")
}

func TestConsentWithdrawn(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.open("logement")
		w.join(c, bilal, "partner", "")
		w.join(c, sam, "person", "")
		r := w.do(sam, "consentement", c, "action", "withdraw")
		wantFacts(t, r.Record, "consent_withdrawn")
		wantActs(t, r.Notices,
			"tell withdrawn u-claire u-claire", "tell withdrawn u-bilal u-bilal", "tell withdrawn u-sam u-sam",
			"remove u-bilal", "remove u-sam", "archive")
		keeps(t, w.see("withdrawn", c, "u-sam", sam), "existent hors d’ici", "exist outside")
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
