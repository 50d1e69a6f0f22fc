package commands

import (
	"testing"

	"parcours/casework"
)

func TestLeave(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := acting(w)
		r := w.do(bilal, "quitter", c, "sure", "false")
		if len(r.Record) != 0 || !c.IsMember(bilal) {
			t.Error("left without being sure")
		}
		r = w.do(bilal, "quitter", c, "sure", "true")
		wantFacts(t, r.Record, "member_left")
		wantActs(t, r.Notices, "remove u-bilal", "tell left u-bilal u-claire")
		keeps(t, r.Reply, "MARK")
		m := w.see("left", c, string(bilal), claire)
		says(t, m, "Appeler le bailleur", "a1 reassign")
		w.push(claire, c, "a1", "reassign", "who", "p1")
		keeps(t, w.see("left", c, string(bilal), claire), "Appeler le bailleur", "reassign")
		_, err := w.try(claire, "quitter", c, values("sure", "true"))
		refusedFor(t, err, casework.AuthorStays, "")
	})
}

// What a referent leaves goes to the author.
func TestTheReferentLeaves(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.rich()
	r := w.do(bilal, "quitter", c, "sure", "true")
	wantActs(t, r.Notices, "remove u-bilal", "tell left u-bilal u-claire")
	says(t, w.do(claire, "suivi", c).Reply, "à confier (")
	// The person leaves the channel; her agreement is another matter.
	r = w.do(sam, "quitter", c, "sure", "true")
	says(t, r.Reply, "Votre accord reste valable")
	if !c.Consent().InForce(w.now) {
		t.Error("her agreement is gone")
	}
}

func TestRemove(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := acting(w)
		_, err := w.try(claire, "retirer", c, values("user", string(bilal), "agreed", "false"))
		refusedFor(t, err, casework.NotAgreed, "agreed")
		r := w.do(claire, "retirer", c, "user", string(bilal), "agreed", "true")
		wantFacts(t, r.Record, "member_left")
		// Claire is told what is left with its buttons, though she did it herself.
		wantActs(t, r.Notices, "remove u-bilal", "tell removed u-bilal u-bilal", "tell left u-bilal u-claire")
		m := w.see("reminder.action", c, "a1 -7", claire)
		says(t, m, map[string]string{"fr": "a quitté le cercle", "en": "left the circle"}[w.lang])
		// An invitation that waits is taken back without a word.
		w.do(claire, "inviter", c, "user", string(bilal), "role", "partner")
		r = w.do(claire, "retirer", c, "user", string(bilal), "agreed", "true")
		wantActs(t, r.Notices)
		_, err = w.press(bilal, c, "invitation", "accept", nil)
		refusedFor(t, err, casework.NotInvited, "")
	})
}
