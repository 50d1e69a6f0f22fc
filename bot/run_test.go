package bot_test

import (
	"context"
	"testing"

	"go.uber.org/goleak"

	"parcours/bot/bottest"
	"parcours/bot/chat"
)

// TestRunDeliversAndEnds has the bot run by itself, as a service does: what is
// decided is delivered without being asked for, and nothing is left running.
func TestRunDeliversAndEnds(t *testing.T) {
	w := world(t)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ctx, stop := context.WithCancel(t.Context())
	opened, ended := make(chan bool, 1), make(chan bool)
	w.Platform.Delivered = func(m bottest.Message) {
		if m.Pinned {
			opened <- true
		}
	}
	go func() {
		w.Bot.Run(ctx)
		close(ended)
	}()
	w.Bot.Command(ctx, chat.Command{
		User: bottest.ID("claire"), Channel: direct("claire"),
		Text: "ouvrir person:x household:person answer:accepts consent_form:written topics:budget",
	})
	<-opened
	stop()
	<-ended
}
