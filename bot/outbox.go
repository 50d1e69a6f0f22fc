package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/cenkalti/backoff/v5"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
	"parcours/storage"
)

// Outbox carries out what decisions asked of the platform. A row waits until the
// platform has confirmed, is tried again with growing patience, and carries its
// key, so that a second try finds what the first one did.
type Outbox struct {
	journals *journals
	gate     *Gate
	platform chat.Platform
	people   *people
	boxes    *mailboxes
	sign     signer
	views    map[string]command.View
	lang     chat.Lang
	say      func(chat.Lang) locales.Printer
	now      func() time.Time
	log      *slog.Logger
	// restored is when the store was put back from a copy, if it ever was.
	restored time.Time
	surfaces surfaces
	handing  handing
	lanes    *lanes
	wake     chan struct{}
}

const (
	// lease is how long a row is in one hand; longer than any call may take.
	lease = 2 * time.Minute
	// lot is how many rows are taken at a time.
	lot = 64
	// pause is how long a row waits for what stands in its way to change.
	pause = 20 * time.Second
	// look is how often the outbox looks without being woken.
	look = 5 * time.Second
)

// Wake tells the outbox that there is something new.
func (o *Outbox) Wake() {
	select {
	case o.wake <- struct{}{}:
	default: // it knows
	}
}

// run delivers until ctx is done.
func (o *Outbox) run(ctx context.Context) {
	timer := time.NewTicker(look)
	defer timer.Stop()
	for {
		_, err := o.take(ctx)
		if err = errors.Join(err, o.lanes.wrong()); err != nil && ctx.Err() == nil {
			o.log.Error("outbox", "err", err)
		}
		select {
		case <-ctx.Done():
			_ = o.lanes.rest() // what it tells of is that ctx is done
			return
		case <-o.wake:
		case <-timer.C:
		}
	}
}

// Drain delivers all that is ready now. The error is the store's; what a
// platform refuses is tried later.
func (o *Outbox) Drain(ctx context.Context) error {
	for {
		taken, err := o.take(ctx)
		if err := errors.Join(err, o.lanes.rest()); err != nil || taken == 0 {
			return err
		}
	}
}

// take has all that is ready now carried out, and gives how many rows that is without
// waiting for what becomes of them. The error is the store's.
func (o *Outbox) take(ctx context.Context) (taken int, err error) {
	for ctx.Err() == nil {
		o.lanes.spare()
		rows, err := o.journals.store.Take(ctx, o.now(), lease, lot)
		if errors.Is(err, storage.ErrDamaged) {
			// The sound rows come with it, and are not to suffer for the others.
			o.log.Error("outbox: a row is damaged", "err", err)
		} else if err != nil {
			return taken, fmt.Errorf("take from the outbox: %w", err)
		}
		if len(rows) == 0 {
			return taken, nil
		}
		taken += len(rows)
		o.lanes.put(ctx, rows, func(row storage.Row) string { return o.laneOf(ctx, row) })
	}
	return taken, ctx.Err()
}

// laneOf gives the chat that a row is for, by its name; nothing where there is but one,
// or nobody can tell.
func (o *Outbox) laneOf(ctx context.Context, row storage.Row) string {
	if _, several := o.platform.(chat.Several); !several {
		return ""
	}
	return o.surfaces.of(o.concerned(ctx, row)).Name
}

// concerned gives a user or a channel that a row is for; nothing when nobody can tell.
func (o *Outbox) concerned(ctx context.Context, row storage.Row) string {
	var n intent
	if json.Unmarshal(row.Body, &n) != nil {
		return ""
	}
	if n.Remnant != nil {
		return cmp.Or(string(n.Remnant.Channel), string(n.Remnant.User))
	}
	if n.User != "" {
		return string(n.User)
	}
	if row.Case.IsMailbox() {
		d, err := o.boxes.load(ctx, row.Case)
		if err != nil {
			return ""
		}
		return string(d.User)
	}
	c, err := o.journals.load(ctx, row.Case)
	if err != nil {
		return ""
	}
	return cmp.Or(string(c.Channel), string(c.Author))
}

// deliver carries out one row and settles it. later are the rows taken with it
// that come after.
func (o *Outbox) deliver(ctx context.Context, row storage.Row, later []storage.Row) error {
	if o.doubts(row.After) {
		row.Tries = max(1, row.Tries)
	}
	var before *casework.Case
	for range attempts {
		result, err := o.try(ctx, row, later, before)
		if err != nil {
			result = o.failed(ctx, row, err).noting(err)
		}
		result.outcome.Key = row.Key
		// Whoever stops the program is waited for: what may have been sent is to be known.
		err = o.settle(context.WithoutCancel(ctx), result)
		if !errors.Is(err, storage.ErrConflict) {
			return err
		}
		// The case changed under the platform's answer: what was done is found
		// again by its key.
		row.Tries++
		before = cmp.Or(result.c, before)
	}
	return storage.ErrConflict
}

// A result is what came of a row: its outcome, and what is to be written of its
// case with it.
type result struct {
	outcome storage.Outcome
	c       *casework.Case
	decision
	// also are changes of other journals.
	also []storage.Change
}

func settled(state storage.RowState) result { return result{outcome: storage.Outcome{State: state}} }

// stuck gives up a row, for a human to look at.
func stuck(why string) result {
	return result{outcome: storage.Outcome{State: storage.Stuck, Why: why}}
}

// Why rows are stuck, besides storage.Unreadable: the platform will never do it;
// nobody is there to be told; another version of the program wrote it.
const (
	whyRefused = "refused"
	whyGone    = "gone"
	whyForeign = "foreign"
)

func (o *Outbox) settle(ctx context.Context, r result) error {
	var changes []storage.Change
	if r.c != nil && len(r.facts)+len(r.notices)+len(r.extra) > 0 {
		change, err := o.journals.change(r.c, r.decision)
		if err != nil {
			return err
		}
		changes = append(changes, change)
	}
	changes = append(changes, r.also...)
	if err := o.journals.store.Settle(ctx, r.outcome, changes...); err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	if len(changes) > 0 {
		o.Wake() // for what follows
	}
	return nil
}

// try carries out one row; before is the case as it was under the last try, if that
// was just now. An error is the platform's, the store's or the gate's, perhaps
// unanswered.
func (o *Outbox) try(ctx context.Context, row storage.Row, later []storage.Row, before *casework.Case) (result, error) {
	var n intent
	if err := json.Unmarshal(row.Body, &n); err != nil {
		o.log.Error("outbox: a notice cannot be read", "key", row.Key, "err", err)
		return stuck(storage.Unreadable), nil
	}
	switch n.Act {
	case openMailbox:
		return o.mailbox(ctx, n.User)
	case deliverBundle:
		return o.bundle(ctx, row, n)
	case refreshBundle, refreshDigests:
		if overtaken(row, n, later) {
			return settled(storage.Moot), nil
		}
		return o.refresh(ctx, row, n)
	case putAway:
		return o.putAway(ctx, n.Remnant)
	case tellErased:
		return o.erased(ctx, row, n)
	}
	c, err := o.journals.load(ctx, row.Case)
	if errors.Is(err, storage.ErrUnknown) {
		return o.orphaned(ctx, row, n, before)
	}
	if err != nil {
		return result{}, err
	}
	switch n.Act {
	case command.Open:
		return o.open(ctx, c)
	case command.Add:
		return o.add(ctx, c, n.User)
	case command.Remove:
		return o.remove(ctx, c, n.User)
	case command.Archive:
		return o.archive(ctx, c)
	case command.Home:
		if overtaken(row, n, later) {
			return settled(storage.Moot), nil
		}
		return o.home(ctx, c)
	case command.Update:
		if row.Tries == 0 && overtaken(row, n, later) {
			return settled(storage.Moot), nil
		}
		return o.update(ctx, c, row, n)
	case command.Post:
		r, err := o.post(ctx, c, row, n)
		return o.orTakenBack(ctx, c, row, casework.Shown{Key: row.Key, Channel: c.Channel, View: n.View, Subject: n.Subject}, r, err)
	case command.Tell:
		r, err := o.tell(ctx, c, row, n)
		return o.orTakenBack(ctx, c, row, casework.Shown{Key: row.Key, User: n.User, View: n.View, Subject: n.Subject}, r, err)
	case command.Announce:
		return o.announce(ctx, c, row, n)
	case retireChannel:
		return o.retire(ctx, c, casework.ChannelID(n.Subject))
	case emptyShown:
		return o.emptied(ctx, c, n.Subject)
	case passNudge:
		return o.pass(ctx, c, n)
	}
	return stuck(whyForeign), nil
}

// overtaken reports whether a later row refreshes the same message.
func overtaken(row storage.Row, n intent, later []storage.Row) bool {
	for _, other := range later {
		var next intent
		if other.Case == row.Case && json.Unmarshal(other.Body, &next) == nil && next.Notice == n.Notice {
			return true
		}
	}
	return false
}

// failed says what becomes of a row whose try failed.
func (o *Outbox) failed(ctx context.Context, row storage.Row, err error) result {
	var later *chat.RetryError
	wait := patience(row.Tries)
	switch {
	case errors.Is(err, chat.ErrRefused), errors.Is(err, chat.ErrNotFound):
		o.log.Error("outbox: given up", "key", row.Key, "err", err)
		return o.givenUp(ctx, row)
	case errors.As(err, &later):
		wait = max(later.After, time.Second)
	}
	o.log.Warn("outbox: tried in vain", "key", row.Key, "tries", row.Tries+1, "again_in", wait, "err", err)
	return result{outcome: storage.Outcome{State: storage.Waiting, After: o.now().Add(wait)}}
}

// patience grows from a second to ten minutes, with some chance in it so that a
// platform that comes back is not met by everything at once.
func patience(tries int) time.Duration {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.Multiplier, b.MaxInterval = time.Second, 2, 10*time.Minute
	wait := b.NextBackOff()
	for range min(tries, 12) {
		wait = b.NextBackOff()
	}
	return wait
}

// wait leaves a row for later: something it needs is not there yet.
func (o *Outbox) wait() result {
	return result{outcome: storage.Outcome{State: storage.Waiting, After: o.now().Add(pause)}}
}
