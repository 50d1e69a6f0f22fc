package commands

import (
	"testing"

	"parcours/bot/chat"
	"parcours/casework"
	"parcours/locales"
)

func TestCommissionPlanned(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.open("logement")
		w.join(c, bilal, "partner", "")
		r := w.do(claire, "commission", c, "at", "2026-04-01T14:00:00Z", "place", "Salle bleue", "chair", string(bilal))
		wantFacts(t, r.Record, "commission_planned")
		wantActs(t, r.Notices, "post commission c1", "tell chairing c1 u-bilal")
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

// Whoever leads should rather not support the person; where a département has it
// otherwise, nothing is said.
func TestCommissionLedBySomebodyInvolved(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	w.join(c, bilal, "partner", "")
	w.do(claire, "liste", c, "name", "Dana", "service", "S", "agreed", "true", "user", string(dana))
	w.do(claire, "inviter", c, "user", string(dana), "role", "chair")
	w.push(dana, c, "invitation", "accept")
	warned := func(chair casework.UserID, at string) chat.Message {
		return w.do(claire, "commission", c, "place", "Salle bleue", "at", at, "chair", string(chair)).Reply
	}
	says(t, warned(bilal, "2026-04-01T14:00:00Z"), "accompagne déjà la personne")
	keeps(t, warned(dana, "2026-04-02T14:00:00Z"), "accompagne déjà")
	w.place = locales.DepartementOf("09")
	keeps(t, warned(bilal, "2026-04-03T14:00:00Z"), "accompagne déjà")
}

// A meeting is of the phase asked for, or of that of the meeting before.
func TestCommissionOfAPhase(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	w.do(claire, "commission", c, "place", "x", "at", "2026-04-01T14:00:00Z")
	if m, _ := c.Commission("c1"); m.Phase != "" {
		t.Errorf("phase %q where there is one alone", m.Phase)
	}
	w.place = locales.DepartementOf("09")
	for _, plan := range []struct{ at, phase, want string }{
		{"2026-04-02T14:00:00Z", "", "accueil"},
		{"2026-04-03T14:00:00Z", "accompagnement", "accompagnement"},
		{"2026-04-04T14:00:00Z", "", "accompagnement"},
	} {
		pairs := []string{"place", "x", "at", plan.at}
		if plan.phase != "" {
			pairs = append(pairs, "phase", plan.phase)
		}
		r := w.do(claire, "commission", c, pairs...)
		m := recorded[casework.CommissionPlanned](r.Record).Commission
		if m.Phase != plan.want {
			t.Errorf("phase %q, want %q", m.Phase, plan.want)
		}
		says(t, w.see("commission", c, m.ID, ""), "phase d’"+plan.want)
	}
}

func TestCommissionCancelled(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.rich()
		_, err := w.press(dana, c, "c9", "cancel", nil)
		refusedFor(t, err, casework.UnknownItem, "commission")
		r := w.push(bilal, c, "c1", "cancel", "why", "Salle fermée")
		wantFacts(t, r.Record, "commission_off")
		wantActs(t, r.Notices, "update commission c1", "tell cancelled c1 u-claire", "tell cancelled c1 u-dana", "tell cancelled c1 u-sam")
		for _, view := range []string{"commission", "cancelled"} {
			m := w.see(view, c, "c1", "")
			says(t, m, "Salle fermée")
			if len(m.Card.Buttons) != 0 {
				t.Errorf("%s still has buttons", view)
			}
		}
		_, err = w.press(bilal, c, "c1", "cancel", nil)
		refusedFor(t, err, casework.MeetingOff, "")
		_, err = w.press(dana, c, "c1", "present", nil)
		refusedFor(t, err, casework.MeetingOff, "")
		for _, view := range []string{"chairing", "reminder.commission", "reminder.invitations"} {
			subject := "c1"
			if view != "chairing" {
				subject = "c1 -7"
			}
			w.silent(view, c, subject, dana)
		}
		keeps(t, w.do(claire, "agenda", nil).Reply, "/place]")
		keeps(t, w.see("home", c, "", ""), "/place]")
	})
}

// Whoever leads is told in private what that means, with the order of the day as
// far as they may know it.
func TestCommissionForItsChair(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.rich()
		m := w.see("chairing", c, "c1", dana)
		says(t, m, "/element]", "/place]")
		if m.Card.Whole || m.Card.HiddenNote == "" || m.Card.Buttons[0].Subject != "séance" {
			t.Errorf("%+v", m.Card)
		}
	})
}
