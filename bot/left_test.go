package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parcours/bot"
	"parcours/bot/bottest"
	"parcours/casework"
	"parcours/storage/erasure"
)

// leftAlone gives a case that nobody has worked on since the consent ran out, after the
// days on which that is announced.
func leftAlone(t *testing.T) (w *bottest.World, code casework.Code, channel casework.ChannelID) {
	t.Helper()
	w, code, channel = opened(t)
	joined(t, w, channel, "budget", "paul")
	w.Advance(400 * 24 * time.Hour) // the consent has run out
	days(w, 3)
	zone := w.Now().Location()
	w.Advance(w.Case(code).KeptUntil(zone).Add(-31).At(3, 0, zone).Sub(w.Now()))
	days(w, 3)
	return w, code, channel
}

// announced gives the messages that say that nobody works on a case any more.
func announced(w *bottest.World) []bottest.Message {
	return w.Platform.Select(func(m bottest.Message) bool {
		return strings.Contains(m.Now.AsText(), "Personne n’y a travaillé depuis le lundi 23 novembre 2026")
	})
}

// A case that nobody works on any more is announced to whoever coordinates it and to
// nobody else, in private and without anything of it; thirty days later it is destroyed.
func TestACaseThatNobodyWorksOnIsAnnouncedAndDestroyed(t *testing.T) {
	w, code, channel := leftAlone(t)
	until := w.Case(code).KeptUntil(w.Now().Location())
	if want := w.Case(code).Consent().Until.AddMonths(24); until != want {
		t.Errorf("kept until %s, want %s", until, want)
	}
	if told := announced(w); len(told) != 1 || told[0].Channel != direct("claire") || strings.Contains(told[0].Now.AsText(), "Lopez") {
		t.Errorf("announced by %v; claire is told:\n%s", told, texts(w, direct("claire")))
	}
	w.Advance(until.At(23, 0, w.Now().Location()).Sub(w.Now()))
	w.Settle()
	if w.Case(code).Outlived(w.Now()) {
		t.Error("to be destroyed on the last day it is kept")
	}
	w.Advance(5 * time.Hour)
	c := w.Case(code)
	if !c.Outlived(w.Now()) {
		t.Fatal("not to be destroyed the night after")
	}
	rows, err := bot.Leftovers(w.Secret, c, casework.Expired, "", w.Now())
	must(t, err)
	must(t, erasure.Erase(t.Context(), w.Store.(erasure.Store), code, casework.Expired, rows...))
	days(w, 4)
	if ch, err := w.Platform.Channel(t.Context(), channel); err != nil || !ch.Archived || len(ch.Members) != 0 {
		t.Errorf("the channel: %+v, %v", ch, err)
	}
	if !strings.Contains(texts(w, direct("claire")), "sa durée de conservation est finie") || len(announced(w)) > 0 {
		t.Errorf("claire reads:\n%s", texts(w, direct("claire")))
	}
}

// A new agreement in the month after the announcement keeps the case, and takes the
// announcement back; so does its end, from that day on.
func TestACaseThatIsWorkedOnAgainIsKept(t *testing.T) {
	for name, line := range map[string]string{
		"agreed to anew": "consentement %s grant topics:budget form:written",
		"closed":         "clôturer %s Déménagement",
	} {
		t.Run(name, func(t *testing.T) {
			w, code, _ := leftAlone(t)
			if len(announced(w)) != 1 {
				t.Fatalf("announced by %v", announced(w))
			}
			until := w.Case(code).KeptUntil(w.Now().Location())
			done(t, w.Type("claire", direct("claire"), fmt.Sprintf(line, code)))
			days(w, 1)
			if told := announced(w); len(told) > 0 {
				t.Errorf("claire still reads:\n%s", told[0].Now.AsText())
			}
			for range 24 {
				w.Advance(29 * 24 * time.Hour)
				w.Settle()
				if w.Case(code).Outlived(w.Now()) {
					t.Fatalf("was to be destroyed after %s, and still is on %s", until, w.Now())
				}
			}
		})
	}
}

// A partner who helps too much notes an agreement that nobody gave: nothing opens, and
// nobody leaves.
func TestAPartnerOpensNothingByTheList(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	joined(t, w, channel, "logement", "sophie")
	done(t, w.Type("claire", channel, `objectif logement "Un logement plus petit"`))
	for _, line := range []string{
		`name:paul service:"Service de paul" user:@paul agreed:oui topics:logement`,
		`name:Martin service:Ailleurs user:@martin agreed:oui`,
		`name:sophie service:"Service de sophie" user:@sophie agreed:non`,
	} {
		answer := bottest.Text(w.Type("paul", direct("paul"), "liste "+string(code)+" "+line))
		if !strings.Contains(answer, "noté par le référent") {
			t.Errorf("%s: %s", line, answer)
		}
	}
	if strings.Contains(bottest.Text(w.Type("paul", direct("paul"), "suivi "+string(code))), "plus petit") {
		t.Error("he reads what was not opened to him")
	}
	if c := w.Case(code); !c.IsMember(bottest.ID("sophie")) || len(c.Professionals) != 3 {
		t.Errorf("the circle: %+v", c.Professionals)
	}
}
