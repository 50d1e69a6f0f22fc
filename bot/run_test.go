package bot_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parcours/bot"
	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
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

// TestSeveralCasesAtATime has many cases opened together, with a platform that
// fails now and then: each gets its channel and its card, once.
func TestSeveralCasesAtATime(t *testing.T) {
	w := world(t)
	w.With(func(o *bot.Options) { o.Hands = 8 })
	var calls atomic.Int64
	w.Platform.Fault = func(call string) error {
		if (call == "Send" || call == "Open") && calls.Add(1)%3 == 0 {
			return errors.New("down")
		}
		return nil
	}
	const cases = 20
	var all sync.WaitGroup
	for range cases {
		all.Go(func() {
			w.Bot.Command(t.Context(), chat.Command{
				User: bottest.ID("claire"), Channel: direct("claire"),
				Text: "ouvrir person:x household:person answer:accepts consent_form:written topics:budget",
			})
		})
	}
	all.Wait()
	for range 30 {
		w.Settle()
		w.Advance(time.Minute)
	}
	cards := w.Platform.Select(func(m bottest.Message) bool { return m.Pinned })
	channels := map[casework.ChannelID]bool{}
	for _, card := range cards {
		channels[card.Channel] = true
	}
	if len(cards) != cases || len(channels) != cases {
		t.Errorf("%d cards in %d channels, want %d", len(cards), len(channels), cases)
	}
}
