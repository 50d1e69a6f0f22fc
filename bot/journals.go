package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"parcours/bot/command"
	"parcours/casework"
	"parcours/storage"
)

// journals gives cases from the store, and turns decisions into changes of it.
type journals struct {
	store  storage.Store
	memory *memory
	policy casework.Policy
	now    func() time.Time
	sign   signer
	// since sets decisions apart from those that a store had taken which was lost:
	// see lineage.
	since string
}

// load folds a case anew. A journal that does not exist yet gives ErrUnknown.
func (j *journals) load(ctx context.Context, code casework.Code) (*casework.Case, error) {
	journal, err := j.store.Load(ctx, code)
	if err != nil {
		j.memory.forget(code)
		return nil, err
	}
	entries, err := j.memory.entries(code, journal.Entries)
	if err != nil {
		return nil, err
	}
	return casework.Fold(code, entries), nil
}

// allWithin is how long all may read: whoever asked waits for an answer, which a
// chat server does not wait for much longer.
const allWithin = 2 * time.Second

// all is scan for somebody who waits. Error: tooMany when there is no time for all.
func (j *journals) all(ctx context.Context, each func(*casework.Case) error) error {
	until := j.now().Add(allWithin)
	return j.scan(ctx, func(c *casework.Case) error {
		if j.now().After(until) {
			return casework.Refuse(tooMany, "")
		}
		return each(c)
	})
}

// scan gives each every case in turn, one in hand at a time. It refuses to go on
// past a journal that cannot be read: what is said of all cases would be false.
func (j *journals) scan(ctx context.Context, each func(*casework.Case) error) error {
	scanner, ok := j.store.(storage.Scanner)
	if !ok {
		return errNoScan
	}
	return scanner.Scan(ctx, func(code casework.Code, journal storage.Journal, err error) error {
		if err != nil || code.IsMailbox() {
			return err
		}
		c, err := casework.Read(code, journal.Entries)
		if err != nil {
			return err
		}
		return each(c)
	})
}

// errNoScan: the store can only be read one journal at a time.
var errNoScan = errors.New("bot: the store cannot be read from end to end")

// loadOrNew is load, with an empty case where there is no journal.
func (j *journals) loadOrNew(ctx context.Context, code casework.Code) (*casework.Case, error) {
	c, err := j.load(ctx, code)
	if errors.Is(err, storage.ErrUnknown) {
		return casework.Fold(code, nil), nil
	}
	return c, err
}

// inChannel gives the case whose channel this is, or nil.
func (j *journals) inChannel(ctx context.Context, id casework.ChannelID) (*casework.Case, error) {
	if id == "" {
		return nil, nil
	}
	found, err := j.find(ctx, storage.Term{Kind: storage.ByChannel, Value: string(id)})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// of gives the cases in which user has a place.
func (j *journals) of(ctx context.Context, user casework.UserID) ([]*casework.Case, error) {
	return j.find(ctx, storage.Term{Kind: storage.ByMember, Value: string(user)})
}

func (j *journals) find(ctx context.Context, term storage.Term) ([]*casework.Case, error) {
	codes, err := j.store.Find(ctx, term)
	if err != nil {
		return nil, err
	}
	found := make([]*casework.Case, 0, len(codes))
	for _, code := range codes {
		c, err := j.load(ctx, code)
		if errors.Is(err, storage.ErrUnknown) {
			continue // forgotten meanwhile
		}
		if err != nil {
			return nil, err
		}
		found = append(found, c)
	}
	return found, nil
}

// A decision is what is to be written of one case.
type decision struct {
	by      casework.UserID
	facts   []casework.Fact
	notices []command.Notice
	// quiet facts change nothing that the home card shows.
	quiet bool
	// anonymous facts keep neither who nor which day.
	anonymous bool
	// extra rows are keyed by whoever makes them.
	extra []storage.Row
	// later is when people are told; at once when zero.
	later time.Time
}

// change gives the change that writes a decision on c.
func (j *journals) change(c *casework.Case, d decision) (storage.Change, error) {
	if len(d.notices) > 0 && len(d.facts) == 0 {
		// Its keys would be those of the decision before, whose notices were sent.
		return storage.Change{}, errors.New("bot: a notice that follows from no fact")
	}
	now := j.now()
	entries := make([]casework.Entry, len(d.facts))
	change := storage.Change{Case: c.Code, Base: c.Seq, Entries: make([][]byte, len(d.facts)), Rows: d.extra}
	for i, fact := range d.facts {
		entries[i] = casework.Entry{Seq: c.Seq + uint64(i) + 1, At: now, By: d.by, Fact: fact}
		if d.anonymous {
			entries[i].At = time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
			entries[i].By = ""
		}
		raw, err := casework.Encode(entries[i])
		if err != nil {
			return storage.Change{}, err
		}
		change.Entries[i] = raw
	}
	after := casework.Fold(c.Code, append(append([]casework.Entry(nil), c.History()...), entries...))
	change.Terms = terms(after)
	change.Due = sooner(after.NextDue(j.policy, now.Location()), after.NextLapse(now.Location()))
	if after.Narrows(c) {
		change.Narrows = now
	}
	notices := d.notices
	if !d.quiet && after.Channel != "" && !after.Ended() {
		notices = append(notices[:len(notices):len(notices)], command.Notice{Act: command.Home})
	}
	for i, notice := range notices {
		in := intent{Notice: notice, By: d.by, Decision: fmt.Sprintf("%s/%06d%s", c.Code, after.Seq, j.since)}
		row, err := j.row(in, fmt.Sprintf("%s/%02d", in.Decision, i), c.Code)
		if err != nil {
			return storage.Change{}, err
		}
		if notice.Act == command.Tell && !d.later.IsZero() {
			row.After = d.later
		}
		change.Rows = append(change.Rows, row)
	}
	more, err := j.following(c, after)
	change.Rows = append(change.Rows, more...)
	return change, err
}

// sooner gives the first of two moments; the zero time is never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// note writes something that the program did, on whatever the case has become, and
// gives what that is.
func (j *journals) note(ctx context.Context, code casework.Code, fact casework.Fact) (*casework.Case, error) {
	for range attempts {
		c, err := j.load(ctx, code)
		if err != nil {
			return nil, err
		}
		change, err := j.change(c, decision{facts: []casework.Fact{fact}, quiet: true})
		if err != nil {
			return nil, err
		}
		if err := j.store.Append(ctx, change); !errors.Is(err, storage.ErrConflict) {
			return c, err
		}
	}
	return nil, storage.ErrConflict
}

// following gives the rows that follow from any change: a mailbox for whoever has
// a place for the first time, and the messages to bring up to date, since what
// they remind of does not hold any more, or tells what its reader may no longer
// know; and whoever is let in again.
func (j *journals) following(before, after *casework.Case) ([]storage.Row, error) {
	var rows []storage.Row
	add := func(in intent, key string, code casework.Code) error {
		row, err := j.row(in, key, code)
		rows = append(rows, row)
		return err
	}
	for _, m := range after.Members {
		if !m.Joined || before.IsMember(m.User) {
			continue
		}
		in := intent{Notice: command.Notice{Act: openMailbox, User: m.User}}
		if err := add(in, "mailbox/"+j.sign.tag(string(m.User)), ""); err != nil {
			return nil, err
		}
	}
	now := j.now()
	then := before.LastAt.In(now.Location())
	told := slices.DeleteFunc(slices.Clone(before.Told), func(s casework.Shown) bool { return !command.IsReminder(s.View) })
	for _, shown := range told[max(0, len(told)-mostTold):] {
		if slices.ContainsFunc(rows, func(r storage.Row) bool { return r.Key == refreshKey(after, shown.Key) }) {
			continue
		}
		r := command.ReminderOf(command.ReminderKind(shown.View), shown.Subject)
		if !before.Stands(r, shown.User, then) || after.Stands(r, shown.User, now) {
			continue
		}
		in := intent{Notice: command.Notice{Act: refreshBundle, Subject: shown.Key}}
		if err := add(in, refreshKey(after, shown.Key), mailboxOf(j.sign, shown.User)); err != nil {
			return nil, err
		}
	}
	for _, m := range before.Members {
		lost := func(t casework.Topic) bool { return before.Covers(m.User, t, then) && !after.Covers(m.User, t, now) }
		topics := append([]casework.Topic{""}, casework.Topics()...)
		if over := after.Ended() && !before.Ended(); !over && !slices.ContainsFunc(topics, lost) {
			continue
		}
		box := mailboxOf(j.sign, m.User)
		if err := add(intent{Notice: command.Notice{Act: refreshDigests}}, refreshKey(after, string(box)), box); err != nil {
			return nil, err
		}
	}
	emptying, err := j.emptying(before, after)
	if err != nil {
		return nil, err
	}
	back, err := j.back(before, after)
	return slices.Concat(rows, emptying, back), err
}

// mostTold is how many of the last reminders told of a case are brought up to date.
const mostTold = 200

// refreshKey is one key for all that a decision changes in one message, or in the
// digests of one mailbox.
func refreshKey(after *casework.Case, what string) string {
	return fmt.Sprintf("%s/%06d/%s", after.Code, after.Seq, what)
}

// An intent is a notice as the outbox keeps it: with the decision it follows
// from, and who took it; or the nudge to pass on, or what to put away.
type intent struct {
	command.Notice
	Decision string          `json:"of,omitempty"`
	By       casework.UserID `json:"by,omitempty"`
	Nudge    *casework.Nudge `json:"nudge,omitempty"`
	Remnant  *remnant        `json:"remnant,omitempty"`
}

// What the outbox does besides what decisions ask for: open somebody's mailbox;
// deliver a bundle; bring its message, or those of all digests of a mailbox, up to
// date; pass on a nudge whose reader is gone. The subject of the second and third
// is the bundle's key.
const (
	openMailbox    command.Act = "mailbox"
	deliverBundle  command.Act = "bundle"
	refreshBundle  command.Act = "refresh"
	refreshDigests command.Act = "digests"
	passNudge      command.Act = "pass"
)

// row gives the outbox row of an intent. What is told to somebody of one
// decision is told once, however many ways lead to it: its key says so.
func (j *journals) row(in intent, key string, code casework.Code) (storage.Row, error) {
	if in.Act == command.Tell && in.Decision != "" {
		key = in.Decision + "/" + j.sign.tag(in.View, in.Subject, string(in.User))
	}
	body, err := json.Marshal(in)
	if err != nil {
		return storage.Row{}, fmt.Errorf("encode notice: %w", err)
	}
	return storage.Row{Key: key, Case: code, Body: body, After: j.now()}, nil
}

// terms are what a case is found by: its channel, and whoever has a place in it
// or is offered one.
func terms(c *casework.Case) []storage.Term {
	var found []storage.Term
	if c.Channel != "" {
		found = append(found, storage.Term{Kind: storage.ByChannel, Value: string(c.Channel)})
	}
	for _, former := range c.Former {
		found = append(found, storage.Term{Kind: storage.ByChannel, Value: string(former.Channel)})
	}
	for _, m := range c.Members {
		if m.Joined || m.Asked {
			found = append(found, storage.Term{Kind: storage.ByMember, Value: string(m.User)})
		}
	}
	return found
}

// channelName is the name of a case's channel: its code and nothing else.
func channelName(code casework.Code) string { return strings.ToLower(string(code)) }

// Kind says in a word what a row is to do: the view of what it tells, or its act;
// nothing when it cannot be read.
func Kind(row storage.Row) string {
	var in intent
	if json.Unmarshal(row.Body, &in) != nil {
		return ""
	}
	return cmp.Or(in.View, string(in.Act))
}
