package slack_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/adapters/slack/workspace"
)

// shows says whether a word stands somewhere, the bot's own eyes reading it.
func (w *world) shows(word string) bool {
	return slices.ContainsFunc(w.slack.Seen(w.slack.BotID()), func(s workspace.Seen) bool { return strings.Contains(s.Text, word) })
}

// cards are the pinned cards of a channel, as they stand.
func (w *world) cards(channel string) []string {
	return slices.DeleteFunc(w.posts(channel), func(text string) bool { return !strings.Contains(text, "Référent") })
}

// TestWhatSlackHidesIsBroughtUpToDate has Slack show no message of more than 90 days, as
// where nothing is paid: what the bot said before is changed where it is all the same,
// and what is taken back does not return when the workspace pays.
func TestWhatSlackHidesIsBroughtUpToDate(t *testing.T) {
	for name, c := range map[string]struct {
		line  string
		cards int
		kept  bool
	}{
		"the pinned card":   {`objectif topic:budget title:"Solder la dette" horizon:long`, 1, true},
		"what is withdrawn": {"consentement withdraw", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(o *workspace.Options) { o.Unhurried, o.History = true, 90*24*time.Hour }, crowd("claire", "nadia")...)
			code, channel := w.opens("claire", nil)
			w.invites("claire", channel, "nadia")
			w.types("claire", channel, `/parcours objectif topic:budget title:"Ouvrir un livret" horizon:long`)
			if len(w.cards(channel)) != 1 || !w.shows("Ouvrir un livret") {
				t.Fatalf("the bot sees %q", w.posts(channel))
			}
			w.World.Advance(91 * 24 * time.Hour)
			must(t, w.settle(t.Context()))
			if w.shows("Ouvrir un livret") {
				t.Fatal("what is too old is shown")
			}
			verb, rest, _ := strings.Cut(c.line, " ")
			w.types("claire", w.slack.Direct(w.ids["claire"]), "/parcours "+verb+" "+code+" "+rest)
			w.slack.Upgrade()
			all := w.cards(channel)
			if len(all) != c.cards || c.kept && !strings.Contains(all[0], "Solder la dette") {
				t.Errorf("the cards: %q", all)
			}
			if w.shows("Ouvrir un livret") != c.kept {
				t.Errorf("what comes back: %q", w.posts(channel))
			}
			w.wantNothingSwallowed()
		})
	}
}
