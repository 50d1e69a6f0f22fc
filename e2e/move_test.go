package e2e

import (
	"strings"
	"testing"

	"parcours/casework"
)

// TestTheCircleGoesOnInANewChannel: somebody who may not know all that was said is
// invited, and the inviter chose a new channel for it. The old one is closed to all.
func TestTheCircleGoesOnInANewChannel(t *testing.T) {
	w := newWorld(t, "claire", "nadia", "sophie")
	ctx, claire := t.Context(), w.people["claire"]
	_, old := w.open("claire")
	w.invite(old, "nadia")
	must(t, claire.Execute(ctx, old, `/parcours objectif topic:budget title:"Solder les dettes" horizon:short`))
	must(t, w.bot.Settle(ctx))
	_, err := w.people["nadia"].Say(ctx, old, "Il doit encore deux mois")
	must(t, err)

	w.inviteOn(" topics:logement", "new_channel", old, "sophie")

	next := ""
	channels, err := w.people["sophie"].Channels(ctx)
	must(t, err)
	for _, c := range channels {
		if strings.HasPrefix(c.Name, "p-") {
			next = c.Id
		}
	}
	if next == "" || next == old {
		t.Fatalf("sophie is in channel %q, the old one is %q", next, old)
	}
	w.wantMembers(casework.ChannelID(next), "claire", "nadia", "sophie")
	for who := range w.people {
		if _, err := w.people[who].Posts(ctx, old); err == nil {
			t.Errorf("%s reads the old channel", who)
		}
	}
	wantBlind(t, w.people["sophie"], w.team, "Solder les dettes", "encore deux mois")

	// What follows is said there, and a topic that is not for all is told in private.
	for _, line := range []string{
		`/parcours objectif topic:logement title:"Un logement plus petit" horizon:short`,
		`/parcours objectif topic:budget title:"Ouvrir un livret" horizon:short`,
	} {
		must(t, claire.Execute(ctx, next, line))
		must(t, w.bot.Settle(ctx))
	}
	posts, err := w.people["sophie"].Posts(ctx, next)
	must(t, err)
	if text := texts(posts); !strings.Contains(text, "plus petit") {
		t.Errorf("sophie reads:\n%s", text)
	}
	wantBlind(t, w.people["sophie"], w.team, "Ouvrir un livret")
	if text := strings.Join(w.seen("nadia"), "\n"); !strings.Contains(text, "Ouvrir un livret") {
		t.Errorf("nadia is told:\n%s", text)
	}
}
