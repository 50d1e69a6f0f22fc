package commands

import (
	"testing"

	"parcours/bot/chat"
	"parcours/casework"
)

func TestCommissionPlanned(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.open("logement")
		w.join(c, bilal, "partner", "")
		r := w.do(claire, "commission", c, "at", "2026-04-01T14:00:00Z", "place", "Salle bleue", "chair", string(bilal))
		wantFacts(t, r.Record, "commission_planned")
		wantActs(t, r.Notices, "post commission c1")
		says(t, r.Reply, "Salle bleue")
		says(t, w.see("commission", c, "c1", ""), "Salle bleue", "90 minutes", "Name of u-claire, MARK", "c1 present", "c1 absent")
		r = w.push(bilal, c, "c1", "present")
		wantFacts(t, r.Record, "attendance_answered")
		_, err := w.press(bilal, c, "c1", "present", nil)
		refusedFor(t, err, casework.AlreadyDone, "")
		w.push(bilal, c, "c1", "absent")
		w.now = w.now.AddDate(0, 2, 0)
		w.silent("commission", c, "c1", "")
	})
}

// Under fifteen days ahead it asks why, in the same form, and then goes on.
func TestCommissionAtShortNotice(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	pairs := []string{"at", "2026-03-10T14:00:00Z", "place", "Salle bleue"}
	r := w.do(claire, "commission", c, pairs...)
	if len(r.Record) != 0 || r.Ask == nil {
		t.Fatalf("got %+v, want a question", r)
	}
	last := r.Ask[len(r.Ask)-1].About()
	if last.ID != "why" || !last.Required || len(r.Ask) != 6 {
		t.Errorf("asks %d fields, last %+v", len(r.Ask), last)
	}
	says(t, chat.Message{Text: r.FormError}, "moins de 15 jours")
	r = w.do(claire, "commission", c, append(pairs, "why", "Une expulsion")...)
	wantFacts(t, r.Record, "commission_planned")
	says(t, w.see("commission", c, "c1", ""), "Une expulsion")
}

// The reason is not asked of everybody, and can be typed by anybody.
func TestCommissionReasonCanBeTyped(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	if n := len(commissionFields(w.request(claire, c, nil))); n != 6 {
		t.Errorf("%d fields can be typed", n)
	}
	if n := len(commissionFields(w.request(claire, c, chat.Values{}))); n != 5 {
		t.Errorf("%d fields are asked", n)
	}
}

func TestCommissionRefused(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	_, err := w.try(claire, "commission", c, values("at", "2026-04-01T14:00:00Z", "place", "x", "chair", string(zoe)))
	refusedFor(t, err, casework.NotAMember, "chair")
	_, err = w.try(claire, "commission", c, values("at", "2026-03-01T14:00:00Z", "place", "x"))
	refusedFor(t, err, casework.PastDate, "at")
}
