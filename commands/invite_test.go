package commands

import (
	"strings"
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

// What the one invited may not know stands in the channel: the inviter chooses, and
// is told of topics that are theirs to know alone.
func TestInvitingChoosesThePast(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.open("logement|budget")
		w.join(c, dana, "chair", "logement")
		w.do(claire, "liste", c, "name", "Bilal B", "service", "S", "agreed", "true", "user", string(bilal), "topics", "logement")
		for i, topic := range []casework.Topic{casework.Budget, casework.Housing} {
			c.Apply(casework.Entry{Seq: c.Seq + 1, At: w.now, Fact: casework.Shown{
				Key: string(topic), Channel: c.Channel, Message: casework.MessageRef("m" + string(rune('1'+i))), Topics: []casework.Topic{topic},
			}})
		}
		r := w.do(claire, "inviter", c, "user", string(bilal), "role", "partner")
		budget := w.say().T("topic.budget")
		if r.Ask == nil || len(r.Record) != 0 || !strings.Contains(r.FormError, budget) || strings.Contains(r.FormError, w.say().T("topic.logement")) {
			t.Fatalf("claire is asked %q", r.FormError)
		}
		r = w.do(dana, "inviter", c, "user", string(bilal), "role", "partner")
		if r.Ask == nil || strings.Contains(r.FormError, budget) {
			t.Errorf("dana, who may not know, reads %q", r.FormError)
		}
		r = w.do(claire, "inviter", c, "user", string(bilal), "role", "partner", "past", "new_channel")
		wantFacts(t, r.Record, "member_invited", "past_chosen")
		w.do(claire, "liste", c, "name", "Zoe", "service", "S", "agreed", "true", "user", string(zoe))
		r = w.do(claire, "inviter", c, "user", string(zoe), "role", "partner")
		wantFacts(t, r.Record, "member_invited")
		keeps(t, w.see("moved", c, "c2", dana), "MARK")
	})
}
