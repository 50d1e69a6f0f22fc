package main

import (
	"cmp"
	"context"
	"errors"
	"time"

	"parcours/bot/chat"
	"parcours/casework"
	"parcours/storage"
	"parcours/storage/vault"
)

// answering counts what people do.
type answering struct {
	next    chat.Handler
	metrics *metrics
	// verb gives the name of the command that a line is for, if any.
	verb func(line string) string
}

func (a answering) done(kind, verb string, start time.Time, answer chat.Answer) chat.Answer {
	outcome := "done"
	if _, ok := answer.Say.Value(); ok {
		outcome = "said"
	} else if _, ok := answer.Form.Value(); ok {
		outcome = "asked"
	} else if answer.FieldErrors != nil || answer.FormError != "" {
		outcome = "refused"
	}
	a.metrics.acts.WithLabelValues(kind, verb, outcome).Observe(time.Since(start).Seconds())
	return answer
}

func (a answering) Command(ctx context.Context, c chat.Command) chat.Answer {
	start := time.Now()
	return a.done("command", cmp.Or(a.verb(c.Text), unknown), start, a.next.Command(ctx, c))
}

func (a answering) Submit(ctx context.Context, s chat.Submission) chat.Answer {
	start := time.Now()
	return a.done("form", among(a.metrics.forms, s.Form), start, a.next.Submit(ctx, s))
}

func (a answering) Press(ctx context.Context, p chat.Press) chat.Answer {
	start := time.Now()
	return a.done("button", among(a.metrics.buttons, p.Button), start, a.next.Press(ctx, p))
}

func (a answering) Moved(ctx context.Context, m chat.Move) {
	a.metrics.moves.Inc()
	a.next.Moved(ctx, m)
}

// Page and Fetch give the files of links, if the bot has any to give.
func (a answering) Page(ctx context.Context, token string) chat.Page {
	l, able := a.next.(chat.Shelf)
	if !able {
		return chat.Page{}
	}
	return l.Page(ctx, token)
}

func (a answering) Fetch(ctx context.Context, token string) (chat.ClearedFile, error) {
	l, able := a.next.(chat.Shelf)
	if !able {
		return chat.ClearedFile{}, chat.ErrNotFound
	}
	return l.Fetch(ctx, token)
}

// callIn is how long one call to the platform may take, whoever asked for it.
const callIn = 25 * time.Second

// calling counts the calls to the platform of one chat, and lets each that has begun
// come to its end even when the program is told to stop: none begins after that.
type calling struct {
	next    chat.Platform
	chat    string
	metrics *metrics
}

func call[T any](ctx context.Context, c calling, name string, do func(context.Context) (T, error)) (T, error) {
	if err := ctx.Err(); err != nil {
		var none T
		return none, err
	}
	limit := time.Now().Add(callIn)
	if asked, ok := ctx.Deadline(); ok && asked.Before(limit) {
		limit = asked
	}
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), limit)
	defer cancel()
	start := time.Now()
	got, err := do(ctx)
	c.metrics.calls.WithLabelValues(c.chat, name, outcomeOf(err)).Observe(time.Since(start).Seconds())
	return got, err
}

func outcomeOf(err error) string {
	var later *chat.RetryError
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, chat.ErrNotFound):
		return "not_found"
	case errors.Is(err, chat.ErrRefused):
		return "refused"
	case errors.As(err, &later):
		return "later"
	}
	return "failed"
}

// void calls what gives only an error.
func void(ctx context.Context, c calling, name string, do func(context.Context) error) error {
	_, err := call(ctx, c, name, func(ctx context.Context) (struct{}, error) { return struct{}{}, do(ctx) })
	return err
}

func (c calling) Send(ctx context.Context, message chat.Cleared) (chat.Sent, error) {
	return call(ctx, c, "send", func(ctx context.Context) (chat.Sent, error) { return c.next.Send(ctx, message) })
}

func (c calling) Channel(ctx context.Context, id casework.ChannelID) (chat.Channel, error) {
	return call(ctx, c, "channel", func(ctx context.Context) (chat.Channel, error) { return c.next.Channel(ctx, id) })
}

func (c calling) Open(ctx context.Context, name string, first casework.UserID) (casework.ChannelID, error) {
	return call(ctx, c, "open", func(ctx context.Context) (casework.ChannelID, error) { return c.next.Open(ctx, name, first) })
}

func (c calling) Add(ctx context.Context, channel casework.ChannelID, user casework.UserID) error {
	return void(ctx, c, "add", func(ctx context.Context) error { return c.next.Add(ctx, channel, user) })
}

func (c calling) Remove(ctx context.Context, channel casework.ChannelID, user casework.UserID) error {
	return void(ctx, c, "remove", func(ctx context.Context) error { return c.next.Remove(ctx, channel, user) })
}

func (c calling) Archive(ctx context.Context, channel casework.ChannelID) error {
	return void(ctx, c, "archive", func(ctx context.Context) error { return c.next.Archive(ctx, channel) })
}

func (c calling) Account(ctx context.Context, idOrHandle string) (chat.Account, error) {
	return call(ctx, c, "account", func(ctx context.Context) (chat.Account, error) { return c.next.Account(ctx, idOrHandle) })
}

// Quote asks the platform, if it is able.
func (c calling) Quote(ctx context.Context, link string, reader casework.UserID) (chat.Quote, error) {
	quoter, able := c.next.(chat.Quoter)
	if !able {
		return chat.Quote{}, chat.ErrNotFound
	}
	return call(ctx, c, "quote", func(ctx context.Context) (chat.Quote, error) { return quoter.Quote(ctx, link, reader) })
}

// Find asks the platform, if it is able: one that is not has found nothing.
func (c calling) Find(ctx context.Context, user casework.UserID, keys []string, since time.Time) (map[string]chat.Sent, error) {
	finder, able := c.next.(chat.Finder)
	if !able {
		return nil, nil
	}
	return call(ctx, c, "find", func(ctx context.Context) (map[string]chat.Sent, error) { return finder.Find(ctx, user, keys, since) })
}

// Link asks the platform, if it is able; an address that leads nowhere otherwise.
func (c calling) Link(token string) string {
	linker, able := c.next.(chat.Linker)
	if !able {
		return ""
	}
	return linker.Link(token)
}

// outcomes are what becomes of a row that was tried.
var outcomes = []string{"delivered", "failed", "moot", "stuck"}

// settling counts what becomes of the rows of the outbox. What the platform has
// confirmed is written even when the program is told to stop meanwhile, or it
// would be asked again.
type settling struct {
	*vault.Vault
	metrics *metrics
}

func (s settling) Settle(ctx context.Context, outcome storage.Outcome, changes ...storage.Change) error {
	err := s.Vault.Settle(context.WithoutCancel(ctx), outcome, changes...)
	if err == nil {
		name := map[storage.RowState]string{
			storage.Done: "delivered", storage.Waiting: "failed", storage.Moot: "moot", storage.Stuck: "stuck",
		}[outcome.State]
		s.metrics.settled.WithLabelValues(name).Inc()
	}
	return err
}
