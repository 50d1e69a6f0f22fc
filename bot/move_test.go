package bot_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"parcours/bot/bottest"
	"parcours/casework"
)

// telling gives a case in whose channel the bot said what sophie, who is to be
// invited, may not know.
func telling(t *testing.T) (*bottest.World, casework.Code, casework.ChannelID) {
	t.Helper()
	w, code, channel := opened(t)
	joined(t, w, channel, "budget,logement", "paul")
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	done(t, w.Type("claire", channel, "objectif logement Un logement plus petit"))
	done(t, w.Type("claire", channel, "liste name:sophie service:S user:@sophie agreed:oui topics:logement"))
	return w, code, channel
}

// TestInvitingAsksWhatBecomesOfThePast: only when there is something that the one
// invited may not know, and without telling more than the inviter knows.
func TestInvitingAsksWhatBecomesOfThePast(t *testing.T) {
	w, code, channel := telling(t)
	said := bottest.Text(w.Type("claire", channel, "inviter @sophie partner"))
	if !strings.Contains(said, "[invite]") || !strings.Contains(said, "1 message de l’assistant") || !strings.Contains(said, "budget") || strings.Contains(said, "dettes") {
		t.Fatalf("claire is asked:\n%s", said)
	}
	if m, ok := w.Case(code).Member(bottest.ID("sophie")); ok {
		t.Fatalf("invited before the choice: %+v", m)
	}
	done(t, w.Submit("claire", channel, map[string][]string{"user": {string(bottest.ID("sophie"))}, "role": {"partner"}, "past": {"withdraw"}}))
	if !strings.Contains(texts(w, channel), "Solder les dettes") {
		t.Error("taken away before she accepted")
	}
	done(t, w.Press("sophie", direct("sophie"), "accept"))
	got := texts(w, channel)
	if strings.Contains(got, "Solder les dettes") || !strings.Contains(got, "plus petit") {
		t.Errorf("sophie reads:\n%s", got)
	}
	// To nadia, who may know it all, nothing is to be chosen.
	done(t, w.Type("claire", channel, "liste name:nadia service:S user:@nadia agreed:oui"))
	done(t, w.Type("claire", channel, "inviter @nadia partner"))
}

// TestTheCircleGoesOnInANewChannel, whatever fails on the way.
func TestTheCircleGoesOnInANewChannel(t *testing.T) {
	for _, when := range []string{"", "before", "after"} {
		t.Run("faults "+when, func(t *testing.T) {
			w, code, old := telling(t)
			done(t, w.Type("claire", old, "inviter @sophie partner past:new_channel"))
			if w.Case(code).Channel != old {
				t.Fatal("moved before she accepted")
			}
			calls := 0
			fault := func(call string) error {
				if calls++; calls%3 == 0 && call != "Account" {
					return errors.New("the network is down")
				}
				return nil
			}
			switch when {
			case "before":
				w.Platform.Fault = fault
			case "after":
				w.Platform.After = fault
			}
			w.Press("sophie", direct("sophie"), "accept")
			for range 4 {
				again(w)
			}
			w.Platform.Fault, w.Platform.After = nil, nil
			again(w)

			c := w.Case(code)
			if want := casework.ChannelID("c-" + strings.ToLower(string(code)) + "-2"); c.Channel != want || len(c.Former) != 1 {
				t.Fatalf("the case is in %s after %+v", c.Channel, c.Former)
			}
			there, err := w.Platform.Channel(t.Context(), c.Channel)
			must(t, err)
			for _, who := range []string{"claire", "paul", "sophie"} {
				if !slices.Contains(there.Members, bottest.ID(who)) || !c.IsMember(bottest.ID(who)) {
					t.Errorf("%s is not in the new channel", who)
				}
			}
			if got := texts(w, c.Channel); strings.Contains(got, "dettes") || !strings.Contains(got, "plus petit") {
				t.Errorf("the new channel says:\n%s", got)
			}
			pinned := w.Platform.Select(func(m bottest.Message) bool { return m.Pinned && m.Channel == c.Channel })
			if len(pinned) != 1 || pinned[0].Ref != c.Home {
				t.Errorf("%d cards are pinned", len(pinned))
			}
			gone, err := w.Platform.Channel(t.Context(), old)
			if must(t, err); !gone.Archived || slices.Contains(gone.Members, bottest.ID("sophie")) {
				t.Errorf("the old channel is %+v", gone)
			}
			if got := everything(w, old); strings.Contains(got, "dettes") || strings.Contains(got, "plus petit") {
				t.Errorf("the old channel still says:\n%s", got)
			}
			if n := strings.Count(texts(w, direct("paul")), "continue dans un nouveau canal"); n != 1 {
				t.Errorf("paul is told %d times", n)
			}
			// Whoever is in the old channel can still use the bot there, and leaves
			// nothing by leaving it.
			if said := done(t, w.Type("claire", old, "suivi")); !strings.Contains(said, string(code)) {
				t.Errorf("in the old channel: %s", said)
			}
			must(t, w.Platform.Remove(t.Context(), old, bottest.ID("paul")))
			w.Settle()
			if !w.Case(code).IsMember(bottest.ID("paul")) {
				t.Error("paul left the circle by the old channel")
			}
			done(t, w.Type("paul", c.Channel, "objectif logement Au rez-de-chaussée"))
			if !strings.Contains(texts(w, c.Channel), "Au rez-de-chaussée") {
				t.Error("nothing goes on in the new channel")
			}
		})
	}
}
