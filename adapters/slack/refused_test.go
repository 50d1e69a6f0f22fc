package slack_test

import (
	"strings"
	"testing"
	"time"
)

// TestWhatAPreferenceOfTheWorkspaceForbidsIsToldToWhoCanDoIt has Slack keep from the bot
// what it does to channels.
func TestWhatAPreferenceOfTheWorkspaceForbidsIsToldToWhoCanDoIt(t *testing.T) {
	told := func(w *world, who string) (all []string) {
		for _, seen := range w.slack.Seen(w.ids[who]) {
			if strings.Contains(seen.Text, "À faire à la main") {
				all = append(all, seen.Text)
			}
		}
		return all
	}
	t.Run("to create a channel", func(t *testing.T) {
		w := newWorld(t, unhurried, crowd("claire")...)
		w.slack.Restrict("conversations.create")
		w.types("claire", w.slack.Direct(w.ids["claire"]), "/parcours ouvrir")
		must(t, w.act(t.Context(), "claire", func(user string) error {
			return w.slack.Submit(t.Context(), user, map[string][]string{
				"person": {"Madame Lopez"}, "household": {"person"}, "answer": {"accepts"}, "consent_form": {"written"}, "topics": {"budget"},
			})
		}))
		if all := told(w, "claire"); len(all) != 1 || !strings.Contains(all[0], "créer le canal") {
			t.Errorf("claire is told %q", all)
		}
	})
	t.Run("to take somebody out", func(t *testing.T) {
		w := newWorld(t, unhurried, crowd("claire", "nadia", "paul")...)
		code, channel := w.opens("claire", nil)
		w.invites("claire", channel, "nadia")
		w.invites("claire", channel, "paul")
		w.slack.Restrict("conversations.kick", "conversations.archive")
		w.types("claire", channel, "/parcours retirer @paul agreed:oui")
		if all := told(w, "claire"); len(all) != 1 || !strings.Contains(all[0], "retirer ce compte") {
			t.Errorf("claire is told %q", all)
		}
		w.types("claire", w.slack.Direct(w.ids["claire"]), "/parcours objectif "+code+` topic:budget title:"Ouvrir un livret" horizon:long`)
		w.wantBlind("paul", "livret")
		w.wantBlind("nadia", "livret") // not in the channel, where paul reads it too
		// Somebody takes them out by hand.
		w.slack.Kick(w.ids["claire"], channel, w.ids["paul"])
		must(t, w.settle(t.Context()))
		w.World.Advance(5 * time.Minute)
		must(t, w.settle(t.Context()))
		if posts := strings.Join(w.posts(channel), "\n"); !strings.Contains(posts, "livret") {
			t.Error("the sharing does not go on:", posts)
		}
		w.types("claire", channel, "/parcours consentement withdraw")
		// What she was told before is taken back with all the rest.
		if all := told(w, "claire"); len(all) != 1 || !strings.Contains(all[0], "fermer un canal") {
			t.Errorf("after the withdrawal claire is told %q", all)
		}
		before := len(w.posts(channel))
		w.types("claire", w.slack.Direct(w.ids["claire"]), "/parcours objectif "+code+` topic:budget title:"Vendre la voiture" horizon:long`)
		if now := w.posts(channel); len(now) > before || len(w.slack.Holding("Vendre la voiture")) > 0 {
			t.Error("the channel goes on:", now)
		}
		for _, who := range []string{"nadia", "paul"} {
			if all := told(w, who); len(all) > 0 {
				t.Errorf("%s is told %q", who, all)
			}
		}
		w.wantNothingSwallowed()
	})
}
