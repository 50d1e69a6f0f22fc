package bot

import (
	"context"
	"errors"
	"time"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/storage"
)

// afresh shows whoever pressed the button of a veil what it covers, made anew as
// it is now, as far as they may see it.
func (r *Router) afresh(ctx context.Context, u *use, t ticket) error {
	if t.User != "" && t.User != u.asker.ID {
		return casework.Refuse(casework.NoCase, "")
	}
	again := r.outbox.again(t, u.asker.ID)
	m, cases, err := again(ctx)
	if err != nil {
		return err
	}
	if m.Text != "" {
		u.Name = t.View
		err = r.tell(ctx, u, m, cases, again)
		if _, no := refusal(err); !no {
			return err
		}
	}
	u.answer = r.saying(ctx, u, chat.Message{Text: r.say(u.asker.Lang).T("veil.over")})
	return nil
}

// A recipe makes a message, files included, as it is when it is called, with the
// cases that it tells of; an empty one when there is nothing to show any more.
type recipe func(context.Context) (chat.Message, []*casework.Case, error)

// again gives the recipe of what a veil covers, for one reader. Error of the recipe:
// NoCase where a channel's message is not for them.
func (o *Outbox) again(t ticket, reader casework.UserID) recipe {
	return func(ctx context.Context) (chat.Message, []*casework.Case, error) {
		if t.View == command.BundleView {
			return o.bundleAgain(ctx, t.Subject, reader)
		}
		c, err := o.journals.load(ctx, t.Case)
		switch {
		case errors.Is(err, storage.ErrUnknown):
			return chat.Message{}, nil, casework.Refuse(casework.NoCase, "")
		case err != nil:
			return chat.Message{}, nil, err
		case t.User == "" && !c.IsMember(reader):
			return chat.Message{}, nil, casework.Refuse(casework.NoCase, "")
		}
		if t.outlived(c) {
			return chat.Message{}, nil, nil
		}
		m, ok := o.view(ctx, c, command.Notice{View: t.View, Subject: t.Subject}, reader)
		if !ok {
			return chat.Message{}, nil, nil
		}
		return m, []*casework.Case{c}, nil
	}
}

// bundleAgain makes the message of a bundle of the reader's own as it is now.
func (o *Outbox) bundleAgain(ctx context.Context, key string, reader casework.UserID) (chat.Message, []*casework.Case, error) {
	d, err := o.boxes.load(ctx, mailboxOf(o.sign, reader))
	if err != nil {
		return chat.Message{}, nil, err
	}
	b, ok := d.Arrived[key]
	if !ok {
		return chat.Message{}, nil, nil
	}
	p, m, err := o.unpack(ctx, b, d)
	return m, p.cases, err
}

// digestHolds is how long a digest is brought up to date: after that, it only says
// that it is past.
const digestHolds = 7 * 24 * time.Hour

// unpack makes the message of a bundle that stands as it is now: what does not hold
// any more reads as settled, and its buttons go. There is none when nothing is to be
// said.
func (o *Outbox) unpack(ctx context.Context, b casework.Bundle, d *desk) (parcel, chat.Message, error) {
	digest := b.Digest
	b.Digest = digest && o.now().Sub(b.At) < digestHolds
	p, err := o.parcel(ctx, b, d, func(casework.Nudge) bool { return true })
	if err != nil {
		return parcel{}, chat.Message{}, err
	}
	m, ok := o.message(ctx, p)
	if !ok && digest {
		m = chat.Message{Text: o.say(o.people.reader(ctx, d.User).Lang).T("digest.over")}
	} else if !ok {
		m = chat.Message{}
	}
	return p, m, nil
}
