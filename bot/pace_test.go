package bot_test

import (
	"strings"
	"testing"
	"time"

	"parcours/bot"
	"parcours/bot/bottest"
)

// TestNobodyActsFasterThanTheirPace has one user act over and over: they are told
// to wait, nothing is done, and the others are served.
func TestNobodyActsFasterThanTheirPace(t *testing.T) {
	w, code, channel := opened(t)
	w.With(func(o *bot.Options) { o.Pace = bot.Pace{PerSecond: 1, Burst: 5} })
	before := w.Case(code).Seq
	told := 0
	for range 20 {
		if strings.Contains(bottest.Text(w.Type("claire", channel, "objectif budget Solder les dettes")), "à la fois") {
			told++
		}
	}
	if told != 15 || w.Case(code).Seq == before {
		t.Errorf("%d of 20 are refused", told)
	}
	done(t, w.Type("paul", direct("paul"), "aide"))
	w.Advance(3 * time.Second)
	for _, want := range []bool{false, false, false, true} {
		if got := strings.Contains(bottest.Text(w.Type("claire", channel, "suivi")), "à la fois"); got != want {
			t.Errorf("three seconds later: refused %v, want %v", got, want)
		}
	}
}
