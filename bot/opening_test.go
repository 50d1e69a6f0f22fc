package bot_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"parcours/bot/bottest"
	"parcours/casework"
)

// A channel is opened once, for a case to which the person agreed, as long as it runs:
// what has become of it meanwhile counts, when the platform was away.
func TestAChannelIsOpenedForACaseThatRuns(t *testing.T) {
	for name, test := range map[string]struct {
		answer string
		away   bool
		then   func(w *bottest.World, code casework.Code)
		opened int
	}{
		"again":         {"accepts", false, func(*bottest.World, casework.Code) {}, 1},
		"of a proposal": {"thinking", false, func(*bottest.World, casework.Code) {}, 0},
		"once closed": {"accepts", true, func(w *bottest.World, code casework.Code) {
			done(t, w.Type("claire", direct("claire"), "clôturer "+string(code)+" fin"))
		}, 0},
		"once the consent is over": {"accepts", true, func(w *bottest.World, _ casework.Code) { w.Advance(366 * 24 * time.Hour) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := world(t)
			opened, away := 0, test.away
			w.Platform.Fault = func(call string) error {
				if call == "Open" && away {
					return errors.New("away")
				}
				return nil
			}
			w.Platform.After = func(call string) error {
				if call == "Open" {
					opened++
				}
				return nil
			}
			form := proposal()
			form["answer"] = []string{test.answer}
			w.Type("claire", direct("claire"), "ouvrir")
			code := casework.Code(codeIn.FindString(bottest.Text(w.Submit("claire", direct("claire"), form))))
			done(t, w.Type("claire", direct("claire"), "annonce "+string(code)+" open board"))
			test.then(w, code)
			away = false
			w.Advance(24 * time.Hour)
			w.Settle()
			if opened != test.opened {
				t.Errorf("%d channels were opened, not %d", opened, test.opened)
			}
		})
	}
}

// Whoever accepts before there is a channel is let in when there is one.
func TestWhoComesBeforeTheChannelIsLetInLater(t *testing.T) {
	w := world(t)
	away := true
	w.Platform.Fault = func(call string) error {
		if call == "Open" && away {
			return errors.New("away")
		}
		return nil
	}
	w.Type("claire", direct("claire"), "ouvrir")
	code := casework.Code(codeIn.FindString(bottest.Text(w.Submit("claire", direct("claire"), proposal()))))
	joined(t, w, direct("claire"), "budget", "paul")
	away = false
	w.Advance(24 * time.Hour)
	w.Settle()
	w.Advance(24 * time.Hour)
	w.Settle()
	there, err := w.Platform.Channel(t.Context(), w.Case(code).Channel)
	if must(t, err); !slices.Contains(there.Members, bottest.ID("paul")) {
		t.Errorf("only %v are in the channel", there.Members)
	}
}
