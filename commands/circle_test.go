package commands

import (
	"testing"

	"parcours/casework"
)

func TestListed(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.open("logement|budget")
		r := w.do(claire, "liste", c, "name", "Bilal B", "service", "Mission locale", "agreed", "true", "user", string(bilal), "topics", "budget")
		wantFacts(t, r.Record, "professional_listed", "consent_given")
		wantActs(t, r.Notices)
		says(t, r.Reply, "Bilal B — Mission locale", "Name of u-claire")
		w.do(claire, "inviter", c, "user", string(bilal), "role", "partner")
		w.push(bilal, c, "invitation", "accept")
		if c.Covers(bilal, casework.Housing, w.now) || !c.Covers(bilal, casework.Budget, w.now) {
			t.Error("the narrower topics are not kept")
		}
	})
}

func TestListedWithoutAgreement(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	r := w.do(claire, "liste", c, "name", "Bilal B", "service", "S", "agreed", "false", "user", string(bilal))
	says(t, r.Reply, "ne peut pas être invité", "sans accord de la personne")
	_, err := w.try(claire, "inviter", c, values("user", string(bilal), "role", "partner"))
	refusedFor(t, err, casework.NotAgreed, "user")
}

// A member the person no longer wants leaves the circle and is told so.
func TestListedAwayFromTheCircle(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	w.join(c, bilal, "partner", "")
	r := w.do(claire, "liste", c, "name", "x", "service", "S", "agreed", "false", "user", string(bilal))
	wantActs(t, r.Notices, "remove u-bilal", "tell removed u-bilal u-bilal")
	keeps(t, w.see("removed", c, string(bilal), bilal), "MARK")
	w.silent("removed", c, string(claire), claire)
}

func TestListedWhereTheTopicIsVetoed(t *testing.T) {
	w := newWorld(t, "fr")
	_, err := w.try(claire, "liste", w.open("logement"), values("name", "B", "service", "S", "agreed", "true", "topics", "sante"))
	refusedFor(t, err, casework.TopicNotShared, "topics")
}
