package bot

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/storage"
)

// An unanswered error leaves open whether a message arrived. What it shows, if it did,
// is written with the row that will be tried again: whatever is taken back meanwhile is
// taken from it too.
type unanswered struct {
	error
	c     *casework.Case
	shown casework.Shown
}

// Unwrap gives what went wrong.
func (e *unanswered) Unwrap() error { return e.error }

// noting gives what comes of a row with what err leaves open.
func (r result) noting(err error) result {
	var lost *unanswered
	if errors.As(err, &lost) {
		r.c, r.quiet, r.facts = lost.c, true, append(r.facts, lost.shown)
	}
	return r
}

// unsure gives err, with what the message shows if it may have arrived.
func unsure(err error, arrived bool, c *casework.Case, out chat.Outgoing, shown casework.Shown) error {
	if lost, news := unheard(c, out, shown); news && arrived {
		return &unanswered{error: err, c: c, shown: lost}
	}
	return err
}

// tried reports whether a message other than the pinned card, which is always found by
// its key, may have been sent before.
func tried(out chat.Outgoing) bool { return out.Again && !out.Pin }

// unheard gives what a message shows if it arrived, though nobody said so; news is
// false when that is known.
func unheard(c *casework.Case, out chat.Outgoing, shown casework.Shown) (lost casework.Shown, news bool) {
	lost = shown
	lost.Topics = union(shown.Topics, topicsOf(out.Message))
	switch {
	case shown.Home:
		lost.Key, lost.Channel, lost.Message = out.Key, out.Channel, out.Edit
		return lost, out.Edit != "" && c.Blank
	case out.Edit != "":
		return lost, len(lost.Topics) > len(shown.Topics)
	}
	lost.Key, lost.Channel, lost.User = out.Key, out.Channel, out.User
	return lost, !known(c, out.Key)
}

// known reports whether a journal tells that a message was sent, or may have been.
func known(c *casework.Case, key string) bool {
	is := func(s casework.Shown) bool { return s.Key == key }
	return slices.ContainsFunc(c.Posts, is) || slices.ContainsFunc(c.Told, is)
}

// orTakenBack gives what came of a row that shows something new. When it was tried
// before and shows nothing now, what may have arrived is emptied.
func (o *Outbox) orTakenBack(ctx context.Context, c *casework.Case, row storage.Row, shown casework.Shown, r result, err error) (result, error) {
	shows := func(f casework.Fact) bool {
		s, ok := f.(casework.Shown)
		return ok && s.Key == row.Key
	}
	switch {
	case err != nil, row.Tries == 0, r.outcome.State == storage.Waiting, slices.ContainsFunc(r.facts, shows):
		return r, err
	case shown.User == "" && shown.Channel == "":
		return r, nil
	case shown.User == "":
		if closed, err := o.closed(ctx, c.Channel); closed || err != nil {
			return r, err
		}
	}
	emptied, err := o.empty(ctx, c, shown)
	if err != nil {
		if !known(c, row.Key) {
			// What it told is not known, and may be of all topics.
			shown.Topics = append([]casework.Topic{""}, casework.Topics()...)
			err = &unanswered{error: err, c: c, shown: shown}
		}
		return result{}, err
	}
	if known(c, row.Key) {
		r.c, r.facts, r.quiet = c, append(r.facts, emptied.facts...), true
	}
	return r, nil
}

// orphaned ends a row whose case was erased. What was being sent meanwhile is emptied:
// before is the case as it then was.
func (o *Outbox) orphaned(ctx context.Context, row storage.Row, n intent, before *casework.Case) (result, error) {
	shown := casework.Shown{Key: row.Key, User: n.User}
	if n.Act == command.Post && before != nil {
		shown.Channel = before.Channel
	}
	if row.Tries == 0 || n.Act != command.Post && n.Act != command.Tell || shown.User == "" && shown.Channel == "" {
		return settled(storage.Moot), nil
	}
	left := remnant{User: n.User, Posts: []casework.Shown{shown}}
	r, err := o.putAway(ctx, &left)
	if err == nil {
		return r, nil
	}
	// This row went with its case: another is to try again.
	body, err := json.Marshal(intent{Notice: command.Notice{Act: putAway}, Remnant: &left})
	if err != nil {
		return result{}, err
	}
	key := string(row.Case) + "/erased/" + o.sign.tag("late", row.Key)
	r = settled(storage.Moot)
	r.also = []storage.Change{{Rows: []storage.Row{{Key: key, Case: row.Case, Body: body, After: o.now()}}}}
	return r, nil
}

// handing are the keys of what is being handed over past the outbox at this moment.
type handing struct{ keys sync.Map }

// begin notes that a message is being handed over, until done.
func (h *handing) begin(key string) (done func()) {
	h.keys.Store(key, true)
	return func() { h.keys.Delete(key) }
}

func (h *handing) has(key string) bool {
	_, ok := h.keys.Load(key)
	return ok
}
