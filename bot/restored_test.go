package bot_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"parcours/bot"
	"parcours/bot/bottest"
)

// A store is copied while something waits, and a week goes on: nudges and digests
// are sent, something is decided. Then the copy is put back. What was sent is not
// sent again, be it late by minutes only; what falls due later is; and what is
// decided anew, under the number of a decision that was lost, is told and is not
// taken for what that one had sent.
func TestNothingIsSaidTwiceAfterARestore(t *testing.T) {
	w, code, channel := acting(t, "dans 14 jours", "dans 9 jours")
	action := func(what, due string) {
		t.Helper()
		done(t, w.Type("claire", channel, fmt.Sprintf(`action objective:o1 what:%q who:p2 due:%q`, what, due)))
	}
	days(w, 1)
	w.Platform.Fault = func(string) error { return os.ErrDeadlineExceeded }
	action("Retrouver un papier", "dans 20 jours")
	must(t, w.Store.Close())
	copied, err := os.ReadFile(w.Path)
	must(t, err)
	w.Platform.Fault = nil
	w.Reopen()
	action("Une action perdue", "dans 30 jours")
	days(w, 7)
	before := ours(w)

	must(t, w.Store.Close())
	must(t, os.WriteFile(w.Path, copied, 0o600))
	w.With(func(o *bot.Options) { o.Restored = w.Now() })
	action("Une autre action", "dans 40 jours")
	for range 3 {
		w.Advance(10 * time.Minute)
		w.Settle()
	}
	lost, other := 0, 0
	for _, text := range ours(w) {
		lost += strings.Count(text, "Action : Une action perdue")
		other += strings.Count(text, "Action : Une autre action")
	}
	if lost == 0 || lost != other {
		t.Errorf("the lost action stands in %d messages, the other in %d:\n%s", lost, other, ours(w))
	}
	if after := ours(w); len(after) != len(before)+other {
		t.Errorf("said again:\n%s", after[len(before):])
	}

	late := len(nudges(w, "paul"))
	days(w, 15)
	if len(nudges(w, "paul")) == late {
		t.Error("paul hears of nothing any more")
	}
	told := map[string]int{}
	for _, m := range w.Platform.Select(func(m bottest.Message) bool { return m.From == "" }) {
		told[string(m.Channel)+" "+m.Key]++
		for _, key := range m.Keys {
			told[string(m.Channel)+" "+key]++
		}
		if strings.HasPrefix(m.Now.Text, "Le point de la semaine") {
			year, week := m.At.ISOWeek()
			told[fmt.Sprint(m.Channel, " digest ", year, week)]++
		}
	}
	digests := 0
	for key, n := range told {
		if n != 1 {
			t.Errorf("%s: %s is told %d times", code, key, n)
		}
		if strings.Contains(key, " digest ") {
			digests++
		}
	}
	if digests < 3 {
		t.Errorf("%d digests", digests)
	}
}

// ours are the messages of the bot, in the order in which they were first sent.
func ours(w *bottest.World) (texts []string) {
	for _, m := range w.Platform.Select(func(m bottest.Message) bool { return m.From == "" }) {
		texts = append(texts, string(m.Channel)+": "+m.Now.AsText()+"\n")
	}
	return texts
}
