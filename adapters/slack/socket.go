package slack

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"parcours/bot/chat"
	"parcours/casework"
)

const (
	// envelopeMax is above any envelope: a view holds 250 KB at most.
	envelopeMax = 1 << 20
	// goneFor is how long nobody may listen without anything being lost: Slack says
	// again at once what it could not say, then after a minute.
	goneFor = time.Minute
	// ackIn is how long Slack waits for an acknowledgement.
	ackIn = 3 * time.Second
)

// Run listens to Slack until ctx is done, and ends when the answers under way have
// ended. By Socket Mode it opens the connection, and anew when it breaks; it never
// gives up: each failure is logged, and the wait before the next try grows. By HTTP it
// waits, as Slack calls by itself. When nobody listened for a while, or nobody knows,
// the bot looks at all its channels again; by HTTP, where nobody ever does, each hour
// too.
func (a *Adapter) Run(ctx context.Context) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.queue.Work(ctx)
	}()
	wait := backoff.NewExponentialBackOff()
	wait.InitialInterval, wait.MaxInterval = 500*time.Millisecond, time.Minute
	for ctx.Err() == nil {
		started := a.options.Now()
		err := a.listen(ctx)
		a.contact.Set(false, err)
		if ctx.Err() != nil {
			break
		}
		if a.options.Now().Sub(started) > wait.MaxInterval {
			wait.Reset()
		}
		pause := wait.NextBackOff()
		a.options.Log.Warn("slack: not connected", "err", err, "again_in", pause)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
	<-done
	a.working.Wait()
}

// listen hears Slack for as long as it can. The error says why it cannot.
func (a *Adapter) listen(ctx context.Context) error {
	// A token that is not valid is not said on the connection, which is the app's.
	if _, err := a.client.AuthTestContext(ctx); err != nil {
		return failure("connect", err)
	}
	if a.options.AppToken == "" {
		a.contact.Set(true, nil)
		a.keepLooking(ctx)
		return ctx.Err()
	}
	client := socketmode.New(a.client, socketmode.OptionReadLimit(envelopeMax), socketmode.OptionLog(silent))
	ended := make(chan error, 1)
	go func() { ended <- client.RunContext(ctx) }()
	ear := &ear{adapter: a, client: client}
	for {
		select {
		case e := <-client.Events:
			ear.hear(ctx, e)
		case err := <-ended:
			return failure("connect", err)
		}
	}
}

// An ear hears one client of Socket Mode, which connects anew by itself.
type ear struct {
	adapter *Adapter
	client  *socketmode.Client
	// lost is since when there is no connection; nobody knows before the first.
	lost    time.Time
	existed bool
}

// hear does what an event of the client asks for, without making the others wait.
func (h *ear) hear(ctx context.Context, e socketmode.Event) {
	a := h.adapter
	switch e.Type {
	case socketmode.EventTypeConnecting:
		if h.lost.IsZero() {
			h.lost = a.options.Now()
		}
	case socketmode.EventTypeConnectionError:
		why, _ := e.Data.(*slack.ConnectionErrorEvent)
		if why == nil {
			return
		}
		err := failure("connect", why.ErrorObj)
		a.contact.Set(false, err)
		a.options.Log.Warn("slack: not connected", "err", err, "again_in", why.Backoff)
	case socketmode.EventTypeConnected:
		a.contact.Set(true, nil)
		if !h.existed || a.options.Now().Sub(h.lost) > goneFor {
			a.options.Log.Info("slack: connected anew: the channels are looked at again")
			a.working.Go(func() { a.catchUp(ctx) })
		}
		h.existed, h.lost = true, time.Time{}
	case socketmode.EventTypeSlashCommand, socketmode.EventTypeInteractive, socketmode.EventTypeEventsAPI:
		if e.Request != nil {
			h.envelope(ctx, e.Request.EnvelopeID, e.Request.Type, e.Request.Payload)
		}
	case socketmode.EventTypeErrorBadMessage:
		// An event that the library does not know.
		bad, _ := e.Data.(*socketmode.ErrorBadMessage)
		var request socketmode.Request
		if bad != nil && json.Unmarshal(bad.Message, &request) == nil && request.EnvelopeID != "" {
			h.envelope(ctx, request.EnvelopeID, request.Type, request.Payload)
		}
	}
}

// envelope answers what Slack tells, once. What makes no sense is acknowledged too, or
// it would be told again.
func (h *ear) envelope(ctx context.Context, id, kind string, payload json.RawMessage) {
	a := h.adapter
	ack := func(said any) {
		ctx, cancel := context.WithTimeout(ctx, ackIn)
		defer cancel()
		a.logged("an acknowledgement was not sent", h.client.AckCtx(ctx, id, said))
	}
	bot := a.bot()
	if bot == nil {
		return
	}
	if !a.heard.first("envelope "+id, a.options.Now()) {
		ack(nil)
		return
	}
	switch kind {
	case socketmode.RequestTypeSlashCommands:
		ack(nil)
		var in slash
		if json.Unmarshal(payload, &in) == nil && in.valid() {
			a.act(ctx, func(ctx context.Context) { a.command(ctx, bot, in) })
		}
	case socketmode.RequestTypeInteractive:
		var in interaction
		if json.Unmarshal(payload, &in) != nil {
			ack(nil)
			return
		}
		a.act(ctx, func(ctx context.Context) { a.interaction(ctx, bot, in, ack) })
	default:
		ack(nil)
		var o occurrence
		if json.Unmarshal(payload, &o) == nil {
			a.occurred(ctx, o)
		}
	}
}

// keepLooking looks at the channels now, at each hour, and whenever something was
// missed, until ctx is done.
func (a *Adapter) keepLooking(ctx context.Context) {
	hours, stop := a.hours()
	defer stop()
	for {
		a.catchUp(ctx)
		select {
		case <-ctx.Done():
			return
		case <-hours:
		case <-a.missed:
			a.options.Log.Info("slack: it was not heard: the channels are looked at again")
		}
	}
}

// hourly ticks each hour, until stop is called.
func hourly() (ticks <-chan time.Time, stop func()) {
	ticker := time.NewTicker(time.Hour)
	return ticker.C, ticker.Stop
}

// catchUp is resync, tried again a few times: nobody else would notice what it missed.
// It goes beside the events, since Slack lets it look at some fifty channels a minute.
func (a *Adapter) catchUp(ctx context.Context) {
	a.looking.Lock()
	defer a.looking.Unlock()
	_, err := backoff.Retry(ctx, func() (struct{}, error) { return struct{}{}, a.resync(ctx) }, backoff.WithMaxTries(8))
	if ctx.Err() == nil {
		a.logged("the channels could not be looked at again", err)
	}
}

// resync tells what may have happened while nobody listened: in each private channel
// the bot is in or has looked at, who left since it last looked, and that it should
// look again.
func (a *Adapter) resync(ctx context.Context) error {
	bot := a.bot()
	if bot == nil {
		return nil
	}
	me, err := a.me(ctx)
	if err != nil {
		return err
	}
	all, err := a.allChannels(ctx)
	if err != nil {
		return err
	}
	channels := a.circles.With("")
	for _, c := range all {
		if c.IsPrivate || c.Creator == me.user {
			channels = append(channels, casework.ChannelID(c.ID))
		}
	}
	slices.Sort(channels)
	for _, id := range slices.Compact(channels) {
		before := a.circles.Members(id)
		now, err := patiently(ctx, func() (chat.Channel, error) { return a.Channel(ctx, id) })
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for _, user := range before {
			if err == nil && !slices.Contains(now.Members, user) {
				bot.Moved(ctx, chat.Move{Channel: id, User: user, Left: true})
			}
		}
		bot.Moved(ctx, chat.Move{Channel: id})
	}
	return nil
}
