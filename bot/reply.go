package bot

import (
	"context"
	"fmt"
	"slices"

	"parcours/bot/chat"
	"parcours/casework"
)

// reply says what the command answers, as far as its asker may see it. The recipe
// makes it again.
func (r *Router) reply(ctx context.Context, u *use, c *casework.Case, mine func() []*casework.Case, m chat.Message, again recipe) error {
	if m.Text == "" && m.Card == nil && len(m.Files) == 0 {
		return nil
	}
	err := r.tell(ctx, u, m, append(mine(), there(c)...), again)
	if _, no := refusal(err); no {
		// It is done all the same: the first line, which tells nothing, says so.
		u.answer = r.saying(ctx, u, u.greeted(chat.Message{Text: m.Text}))
		return nil
	}
	return err
}

// tell answers with a message, as far as the asker may see it. Errors: a *Refusal;
// filesNotYours and filesNotSent when it has files.
func (r *Router) tell(ctx context.Context, u *use, m chat.Message, cases []*casework.Case, again recipe) error {
	if len(m.Files) > 0 && !r.discreet(u.asker.ID) {
		return r.hand(ctx, u, m, cases)
	}
	files := len(m.Files) > 0
	if files {
		var err error
		if m, err = r.linked(u, m, again); err != nil {
			return err
		}
	}
	out := u.outgoing(r.sign.buttons(u.greeted(m), cases...))
	out.View = u.Name
	cleared, _, err := r.gate.Clear(ctx, out, cases...)
	if _, no := refusal(err); no && files {
		return casework.Refuse(filesNotYours, "")
	} else if no {
		return err
	}
	if err != nil {
		return fmt.Errorf("reply: %w", err)
	}
	u.answer = chat.Answer{Say: cleared}
	return nil
}

// hand gives a reply with files to its asker in private, since an answer carries
// none, and says where it is to one who asked elsewhere. Errors: filesNotYours,
// filesNotSent.
func (r *Router) hand(ctx context.Context, u *use, m chat.Message, cases []*casework.Case) error {
	return r.deliver(ctx, u, m, cases, func(out chat.Outgoing) (chat.Cleared, []casework.Topic, error) {
		return r.gate.Clear(ctx, out, cases...)
	})
}

// deliver hands a message with files over once it is cleared.
func (r *Router) deliver(ctx context.Context, u *use, m chat.Message, cases []*casework.Case, clear func(chat.Outgoing) (chat.Cleared, []casework.Topic, error)) error {
	key, err := r.sign.draw()
	if err != nil {
		return err
	}
	out := chat.Outgoing{Key: key, User: u.asker.ID, View: u.Name, Message: r.sign.buttons(m, cases...)}
	cleared, topics, err := clear(out)
	if _, no := refusal(err); no {
		return casework.Refuse(filesNotYours, "")
	}
	if err != nil {
		return fmt.Errorf("reply: %w", err)
	}
	defer r.outbox.handing.begin(key)()
	for _, c := range cases {
		if !concerns(m, c.Code) {
			continue
		}
		// Written before, so that what arrived can always be emptied.
		shown := casework.Shown{Key: key, User: u.asker.ID, View: handed, Topics: topics}
		now, err := r.journals.note(ctx, c.Code, shown)
		if err != nil {
			return err
		}
		lost := func(t casework.Topic) bool {
			return c.Covers(u.asker.ID, t, r.now()) && !now.Covers(u.asker.ID, t, r.now())
		}
		if slices.ContainsFunc(topics, lost) {
			return casework.Refuse(filesNotYours, "")
		}
	}
	sent, err := r.platform.Send(ctx, cleared)
	if err != nil {
		r.log.Warn("files could not be handed over", "err", err)
		return casework.Refuse(filesNotSent, "")
	}
	var said chat.Message
	if sent.Channel != u.channel {
		said.Text = m.Text + " " + r.say(u.asker.Lang).T("reply.in_private")
	}
	if said = u.greeted(said); said.Text != "" {
		u.answer = r.saying(ctx, u, said)
	}
	return nil
}

// handed is the view of a message with files, which no view shows again.
const handed = "handed"

// concerns reports whether a message tells of a case.
func concerns(m chat.Message, code casework.Code) bool {
	return slices.ContainsFunc(m.Files, func(f chat.File) bool { return f.Case == code }) ||
		m.Card != nil && slices.ContainsFunc(m.Card.Rows, func(row chat.Row) bool { return row.Case == code })
}
