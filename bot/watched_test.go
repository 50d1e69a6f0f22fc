package bot_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"parcours/bot/bottest"
	"parcours/storage"
)

// full is a store in which nothing more is written.
type full struct{ storage.Store }

func (full) Append(context.Context, ...storage.Change) error { return errors.New("full") }

// That somebody came or left, and it could not be seen to, is in the technical log.
func TestAChangeOfMembersThatIsMissedIsLogged(t *testing.T) {
	w, _, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	w.Platform.Fault = func(call string) error {
		if call == "Channel" {
			return errors.New("away")
		}
		return nil
	}
	must(t, w.Platform.Add(t.Context(), channel, bottest.ID("martin")))
	if !strings.Contains(w.Logged(), "a channel could not be looked at") {
		t.Errorf("the platform did not answer, and the log says %q", w.Logged())
	}
	w.Platform.Fault = nil
	w.Through = func(s storage.Store) storage.Store { return full{s} }
	w.Restart()
	must(t, w.Platform.Remove(t.Context(), channel, bottest.ID("paul")))
	if !strings.Contains(w.Logged(), "a change of members could not be noted") {
		t.Errorf("the disk is full, and the log says %q", w.Logged())
	}
}
