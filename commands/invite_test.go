package commands

import (
	"testing"

	"parcours/casework"
)

func TestInvitedAndAccepted(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.open("logement")
		w.do(claire, "liste", c, "name", "Bilal B", "service", "S", "agreed", "true", "user", string(bilal))
		r := w.do(claire, "inviter", c, "user", string(bilal), "role", "partner")
		wantFacts(t, r.Record, "member_invited")
		wantActs(t, r.Notices, "tell invitation u-bilal u-bilal")
		says(t, r.Reply, "Bilal B")
		m := w.see("invitation", c, string(bilal), bilal)
		typed := map[string]string{"fr": "/parcours répondre ", "en": "/parcours answer "}[w.lang] + string(c.Code) + " invitation accept"
		says(t, m, typed)
		r = w.push(bilal, c, "invitation", "accept")
		wantActs(t, r.Notices, "add u-bilal", "tell answered invitation u-bilal u-claire")
		says(t, w.see("answered", c, "invitation u-bilal", claire), "Bilal B", map[string]string{"fr": "acceptée", "en": "accepted"}[w.lang])
		w.silent("invitation", c, string(bilal), bilal)
		_, err := w.press(bilal, c, "invitation", "accept", nil)
		refusedFor(t, err, casework.AlreadyDone, "")
	})
}

func TestInvitedAndDeclined(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	w.do(claire, "liste", c, "name", "Bilal B", "service", "S", "agreed", "true", "user", string(bilal))
	w.do(claire, "inviter", c, "user", string(bilal), "role", "partner")
	r := w.push(bilal, c, "invitation", "decline")
	wantActs(t, r.Notices, "tell answered invitation u-bilal u-claire")
	says(t, w.see("answered", c, "invitation u-bilal", claire), "déclinée")
	_, err := w.press(bilal, c, "invitation", "accept", nil)
	refusedFor(t, err, casework.NotInvited, "")
}

// Nobody is invited who is not on the list; the person needs no line in it, and
// reads words of her own.
func TestInvitedPeople(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	_, err := w.try(claire, "inviter", c, values("user", string(zoe), "role", "partner"))
	refusedFor(t, err, casework.NotListed, "user")
	w.do(claire, "inviter", c, "user", string(sam), "role", "person")
	m := w.see("invitation", c, string(sam), sam)
	says(t, m, "Vous êtes libre de refuser", "arrêter à tout moment")
	keeps(t, m, "Charte", "Secret")
	_, err = w.try(claire, "inviter", c, values("user", string(claire), "role", "partner"))
	refusedFor(t, err, casework.AlreadyMember, "user")
	w.silent("answered", c, "invitation u-zoe", claire)
}
