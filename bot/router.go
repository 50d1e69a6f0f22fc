package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/bot/when"
	"parcours/bot/wording"
	"parcours/casework"
	"parcours/locales"
	"parcours/storage"
)

// Router answers what users do: it finds the command meant, the case concerned
// and whether they may, has the command decide, writes the decision and says the
// reply. It is a chat.Handler.
type Router struct {
	journals *journals
	gate     *Gate
	people   *people
	boxes    *mailboxes
	staff    *staff
	guard    wording.Guard
	platform chat.Platform
	sign     signer
	verbs    verbs
	kept     kept
	links    links
	met      sync.Map // the users met since the program started
	say      func(chat.Lang) locales.Printer
	random   io.Reader
	policy   casework.Policy
	pace     *pacer
	now      func() time.Time
	log      *slog.Logger
	outbox   *Outbox
	surfaces surfaces
	// opens is the chat where cases are opened; any when zero.
	opens chat.Surface
}

var _ chat.Handler = (*Router)(nil)

// Command answers a line typed to the bot.
func (r *Router) Command(ctx context.Context, in chat.Command) chat.Answer {
	return r.answer(ctx, in.User, in.Channel, func(u *use) error {
		u.kept = in.Kept
		typed, err := words(casework.CleanText(in.Text))
		if err != nil {
			return err
		}
		if len(typed) == 0 {
			return r.verb(ctx, u, r.verbs.home(), nil)
		}
		if slices.Contains(answerVerbs, when.Fold(typed[0].text)) {
			return r.typedButton(ctx, u, typed[1:])
		}
		c, err := r.verbs.find(typed[0].text, u.asker.Lang)
		if err != nil {
			return err
		}
		return r.verb(ctx, u, c, typed[1:])
	})
}

// Verb gives the English name of the command that a line is for, "answer" for a
// button in words, and nothing for a line that is for none, or whose use is not
// to be noted: for counts, as it tells nothing of what else was typed.
func (r *Router) Verb(line string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	if first == "" {
		return r.verbs.home().Twin
	}
	if slices.Contains(answerVerbs, when.Fold(first)) {
		return "answer"
	}
	c, err := r.verbs.find(first, chat.English)
	if err != nil || c.Traceless {
		return ""
	}
	return c.Twin
}

// verb runs a command with the words typed after it.
func (r *Router) verb(ctx context.Context, u *use, c command.Command, typed []word) error {
	u.verb(c)
	if u.May.needsCase() && len(typed) > 0 && typed[0].name == "" {
		if code, ok := casework.ParseCode(typed[0].text); ok {
			u.ticket.Case, typed = code, typed[1:]
		}
	}
	u.typed = typed
	return r.run(ctx, u)
}

// typedButton runs a button that was typed: case, subject, button, values.
func (r *Router) typedButton(ctx context.Context, u *use, typed []word) error {
	if len(typed) > 0 {
		if code, ok := casework.ParseCode(typed[0].text); ok {
			u.ticket.Case, typed = code, typed[1:]
		}
	}
	if len(typed) < 2 {
		return casework.Refuse(casework.UnknownItem, "")
	}
	b, ok := r.verbs.button(when.Fold(typed[1].text), when.Fold(typed[0].text))
	if !ok {
		return casework.Refuse(casework.UnknownItem, "")
	}
	u.button(b, ticket{Subject: when.Fold(typed[0].text), Case: u.ticket.Case})
	u.typed = typed[2:]
	return r.run(ctx, u)
}

// Press answers a button.
func (r *Router) Press(ctx context.Context, in chat.Press) chat.Answer {
	return r.answer(ctx, in.User, in.Channel, func(u *use) error {
		t, err := r.sign.openButton(in)
		if err != nil {
			return err
		}
		if t.Button == runButton {
			c, err := r.verbs.find(t.Subject, u.asker.Lang)
			if err != nil {
				return err
			}
			u.verb(c)
			u.ticket.Case = t.Case
			return r.run(ctx, u)
		}
		if t.Button == ShowButton {
			return r.afresh(ctx, u, t)
		}
		b, ok := r.verbs.button(t.Button, t.Subject)
		if !ok {
			return errForged
		}
		u.button(b, t)
		return r.run(ctx, u)
	})
}

// Submit answers a form. One submission of a form has effect, however often it
// comes.
func (r *Router) Submit(ctx context.Context, in chat.Submission) chat.Answer {
	return r.answer(ctx, in.User, in.Channel, func(u *use) error {
		t, err := r.sign.openForm(in)
		if err != nil {
			return err
		}
		if t.Verb != "" {
			c, err := r.verbs.find(t.Verb, u.asker.Lang)
			if err != nil {
				return err
			}
			u.verb(c)
		} else {
			b, ok := r.verbs.button(t.Button, t.Subject)
			if !ok {
				return errForged
			}
			u.button(b, t)
		}
		u.ticket.Case = t.Case
		if code, ok := casework.ParseCode(in.Values.Get(caseField)); ok && in.Form == caseField {
			u.ticket.Case, u.typed = code, r.kept.take(t.Once)
			return r.run(ctx, u)
		}
		u.ticket.Reread = t.Reread
		u.raw = maps.Clone(in.Values)
		u.submitted, u.once, u.onceUntil = true, t.Once, time.Unix(t.Until, 0)
		return r.run(ctx, u)
	})
}

// discreet reports whether the chat that a user is on is to keep nothing.
func (r *Router) discreet(user casework.UserID) bool { return r.surfaces.of(string(user)).Discreet }

// answer runs one use to its end and turns whatever came of it into an answer.
func (r *Router) answer(ctx context.Context, user casework.UserID, channel casework.ChannelID, act func(*use) error) (answer chat.Answer) {
	u := &use{asker: chat.Account{ID: user}, channel: channel}
	defer func() {
		if p := recover(); p != nil {
			// What it panicked with may hold content: where it did is enough.
			answer = r.failed(ctx, u, fmt.Errorf("panic (%T) at %s", p, debug.Stack()))
		}
		if r.discreet(user) {
			answer.Instead = r.say(u.asker.Lang).T("veil.instead")
		}
	}()
	u.asker = r.people.reader(ctx, user)
	u.welcome = sync.OnceValue(func() string { return r.welcome(ctx, u.asker) })
	if !r.pace.allow(user, r.now()) {
		return r.failed(ctx, u, casework.Refuse(tooFast, ""))
	}
	if err := act(u); err != nil {
		return r.failed(ctx, u, err)
	}
	return u.answer
}

// failed says an error: in the form it belongs to, if there is one open.
func (r *Router) failed(ctx context.Context, u *use, err error) chat.Answer {
	if errors.Is(err, context.Canceled) {
		return chat.Answer{}
	}
	said := present(err, r.say(u.asker.Lang), r.log)
	alreadyDone := errors.Is(err, storage.ErrRepeated)
	switch {
	case u.submitted && !alreadyDone && u.asks(said.Field):
		return chat.Answer{FieldErrors: map[string]string{said.Field: said.Text}}
	case u.submitted && !alreadyDone && u.Fields != nil:
		return chat.Answer{FormError: said.Text}
	}
	return r.saying(ctx, u, u.greeted(chat.Message{Text: said.Text}))
}

// saying gives the answer that says a message without case content.
func (r *Router) saying(ctx context.Context, u *use, m chat.Message) chat.Answer {
	cleared, _, err := r.gate.Clear(ctx, u.outgoing(m))
	if err != nil {
		r.log.Error("an answer could not be said", "err", err)
		return chat.Answer{}
	}
	return chat.Answer{Say: cleared}
}

// welcome gives a word of welcome to somebody who uses the bot for the first time
// ever, and nothing to the others.
func (r *Router) welcome(ctx context.Context, user chat.Account) string {
	if _, known := r.met.LoadOrStore(user.ID, true); known {
		return ""
	}
	err := r.journals.store.Append(ctx, storage.Change{Once: "welcome/" + r.sign.tag(string(user.ID))})
	if err != nil {
		if !errors.Is(err, storage.ErrRepeated) {
			r.log.Warn("a welcome could not be noted", "err", err)
		}
		return ""
	}
	return r.say(user.Lang).T("welcome")
}
