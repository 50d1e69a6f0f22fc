package e2e

import (
	"strings"
	"testing"
	"time"
)

// TestTheReferentRenewsAConsentThatRanOut has the channel closed to the referent on the
// night after the last day, who reads in the morning why, renews the consent from the
// conversation with the bot, and is in the channel again.
func TestTheReferentRenewsAConsentThatRanOut(t *testing.T) {
	w := newWorld(t, "claire", "nadia")
	ctx, claire, nadia := t.Context(), w.people["claire"], w.people["nadia"]
	code, channel := w.openForToday("claire")
	w.invite(channel, "nadia")
	must(t, claire.Execute(ctx, channel, "/parcours référent @nadia"+w.suffix+" chosen_by_person:oui"))
	must(t, w.bot.Settle(ctx))
	posts, err := nadia.Posts(ctx, w.direct("nadia"))
	must(t, err)
	must(t, nadia.Press(ctx, posts[len(posts)-1], "accept"))
	must(t, w.bot.Settle(ctx))
	if _, err := nadia.Posts(ctx, channel); err != nil {
		t.Fatal("before:", err)
	}

	now := w.now()
	at := func(hour int) time.Duration {
		return time.Date(now.Year(), now.Month(), now.Day()+1, hour, 5, 0, 0, now.Location()).Sub(w.now())
	}
	w.advance(at(0))
	must(t, w.bot.Settle(ctx))
	if _, err := nadia.Posts(ctx, channel); err == nil {
		t.Error("the night after, the referent still reads the channel")
	}
	if _, err := claire.Posts(ctx, channel); err != nil {
		t.Error("whoever opened the case does not read the channel any more:", err)
	}
	if told := strings.Join(w.seen("nadia"), "\n"); strings.Contains(told, "Canal fermé") {
		t.Errorf("the referent is told by night:\n%s", told)
	}
	w.advance(at(9))
	must(t, w.bot.Settle(ctx))
	told := w.seen("nadia")
	if last := told[len(told)-1]; !strings.Contains(last, "Canal fermé") || !strings.Contains(last, code) || strings.Contains(last, "Lopez") {
		t.Errorf("in the morning the referent reads:\n%s", last)
	}

	must(t, nadia.Execute(ctx, w.direct("nadia"), "/parcours consentement "+code+` extend until:"dans 200 jours"`))
	must(t, w.bot.Settle(ctx))
	if _, err := nadia.Posts(ctx, channel); err != nil {
		t.Errorf("renewed, and the referent does not read the channel: %v\n%s", err, w.answered("nadia"))
	}
}
