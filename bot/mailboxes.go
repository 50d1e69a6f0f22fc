package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"parcours/bot/command"
	"parcours/casework"
	"parcours/storage"
)

// mailboxes gives people's mailboxes from the store, and turns what happens in
// them into changes of it.
type mailboxes struct {
	store  storage.Store
	memory *memory
	people *people
	policy casework.Policy
	now    func() time.Time
	sign   signer
}

// A desk is a mailbox at which something is being written.
type desk struct {
	*casework.Mailbox
	base    uint64
	entries [][]byte
	rows    []storage.Row
}

// mailboxOf gives the code of somebody's mailbox.
func mailboxOf(sign signer, user casework.UserID) casework.Code {
	return casework.MailboxCode(sign.tag("mailbox", string(user)))
}

// of gives somebody's mailbox, opened by what is written if they have none yet.
func (b *mailboxes) of(ctx context.Context, user casework.UserID) (*desk, error) {
	d, err := b.load(ctx, mailboxOf(b.sign, user))
	if err == nil && d.Seq == 0 {
		err = b.write(d, casework.MailboxOpened{User: user})
	}
	return d, err
}

// load gives the mailbox of a code; an empty one where there is none.
func (b *mailboxes) load(ctx context.Context, code casework.Code) (*desk, error) {
	journal, err := b.store.Load(ctx, code)
	if errors.Is(err, storage.ErrUnknown) {
		return &desk{Mailbox: casework.NewMailbox(code)}, nil
	}
	if err != nil {
		return nil, err
	}
	entries, err := b.memory.entries(code, journal.Entries)
	if err != nil {
		return nil, err
	}
	m, err := casework.FoldMailbox(code, entries)
	if err != nil {
		return nil, err
	}
	return &desk{Mailbox: m, base: m.Seq}, nil
}

// write adds facts to the mailbox at a desk.
func (b *mailboxes) write(d *desk, facts ...casework.Fact) error {
	for _, fact := range facts {
		e := casework.Entry{Seq: d.Seq + 1, At: b.now(), Fact: fact}
		raw, err := casework.Encode(e)
		if err != nil {
			return err
		}
		d.entries = append(d.entries, raw)
		d.Apply(e)
	}
	return nil
}

// hours are those between which everybody is nudged where this one is.
func (b *mailboxes) hours(ctx context.Context, m *casework.Mailbox) casework.Hours {
	zone := b.people.account(ctx, m.User).Zone
	if zone == nil {
		zone = b.now().Location()
	}
	return b.policy.Hours(zone)
}

// open reports whether somebody may be nudged now.
func (b *mailboxes) open(ctx context.Context, m *casework.Mailbox) bool {
	return m.In(b.hours(ctx, m)).Open(b.now())
}

// hand hands over what a mailbox has to give at this moment.
func (b *mailboxes) hand(ctx context.Context, d *desk) error {
	now := b.now()
	for _, fact := range d.Hand(b.hours(ctx, d.Mailbox), now, func(bundle casework.Bundle) string {
		// One that holds the same, handed over at another time, is another: a store
		// that was put back from a copy may do so.
		return string(d.Code) + "/" + b.sign.tag(append(bundle.Keys(), now.Format(time.RFC3339Nano))...)
	}) {
		if err := b.write(d, fact); err != nil {
			return err
		}
		if handed, ok := fact.(casework.BundleHanded); ok {
			if err := b.row(d, handed.Key, intent{Notice: command.Notice{Act: deliverBundle, Subject: handed.Key}}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *mailboxes) row(d *desk, key string, in intent) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode notice: %w", err)
	}
	d.rows = append(d.rows, storage.Row{Key: key, Case: d.Code, Body: body, After: b.now()})
	return nil
}

// change gives the change that writes what is at a desk.
func (b *mailboxes) change(ctx context.Context, d *desk) storage.Change {
	return storage.Change{
		Case: d.Code, Base: d.base, Entries: d.entries, Rows: d.rows,
		Due: d.Due(b.hours(ctx, d.Mailbox), b.now()),
	}
}

// nudge gives the nudge of a reminder for somebody.
func (b *mailboxes) nudge(r casework.Reminder, code casework.Code, user casework.UserID) casework.Nudge {
	return casework.NudgeOf(r, code, string(code)+"/"+b.sign.tag(r.Key, string(user)))
}
