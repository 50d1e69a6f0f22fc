package bot_test

import (
	"context"
	"testing"
	"time"

	"parcours/bot"
	"parcours/bot/bottest"
)

// runs has the bot run by itself until what its clock starts at once was done.
func runs(w *bottest.World, until <-chan bool) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan bool)
	go func() {
		w.Bot.Run(ctx)
		close(ended)
	}()
	if until != nil {
		<-until
	}
	stop()
	<-ended
}

// What is done once a night is done once, made up for when the night was missed,
// and does not end the bot when it panics.
func TestUpkeep(t *testing.T) {
	w := world(t)
	did := make(chan bool, 9)
	w.With(func(o *bot.Options) {
		o.Upkeep = func(context.Context) error {
			did <- true
			panic("at night")
		}
	})
	runs(w, did) // the night before was missed
	w.Restart()
	runs(w, nil)
	w.Advance(16 * time.Hour) // 2 o'clock
	w.Restart()
	runs(w, nil)
	if len(did) != 0 {
		t.Error("done again")
	}
	w.Advance(time.Hour)
	w.Restart()
	runs(w, did)
	// On the night that has no half past two.
	w.Advance(time.Date(2027, 3, 28, 3, 30, 0, 0, w.Now().Location()).Sub(w.Now()))
	w.Restart()
	runs(w, did)
}
