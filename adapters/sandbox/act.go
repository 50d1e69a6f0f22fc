package sandbox

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"unicode/utf8"

	"parcours/bot/chat"
	"parcours/casework"
)

const command = "/parcours"

// openForm is the form on somebody's screen, with what they typed in it and
// what was wrong.
type openForm struct {
	channel casework.ChannelID
	form    chat.Form
	values  chat.Values
	faults  map[string]string
	fault   string
}

// Type is somebody writing in a channel. What starts with "/parcours" goes to
// the bot; the rest is a message for the members. It returns chat.ErrNotFound
// when they cannot read the channel, chat.ErrRefused when their account is
// deactivated, ErrEmpty, ErrTooLong, ErrNoBot or ErrAnswer.
func (c *Chat) Type(ctx context.Context, user casework.UserID, channel casework.ChannelID, text string) error {
	text = strings.TrimSpace(text)
	if text == "" {
		return ErrEmpty
	}
	if utf8.RuneCountInString(text) > MaxRunes {
		return ErrTooLong
	}
	rest, toBot := strings.CutPrefix(text, command)
	toBot = toBot && (rest == "" || strings.ContainsAny(rest[:1], " \t\n"))
	h, err := c.speak(user, channel, text, toBot)
	if err != nil || !toBot {
		return err
	}
	answer := h.Command(ctx, chat.Command{User: user, Channel: channel, Text: strings.TrimSpace(rest)})
	return c.answer(user, channel, nil, answer)
}

// speak checks that somebody may write there, and writes what is not for the
// bot, which it gives otherwise.
func (c *Chat) speak(user casework.UserID, channel casework.ChannelID, text string, toBot bool) (chat.Handler, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := c.actor(user); err != nil {
		return nil, err
	}
	p, err := c.find(channel)
	if err != nil {
		return nil, err
	}
	if !p.readBy(user) {
		return nil, fmt.Errorf("sandbox: %s cannot read channel %s: %w", user, channel, chat.ErrNotFound)
	}
	if toBot && c.handler == nil {
		return nil, ErrNoBot
	}
	if !toBot {
		c.write(p, &post{from: user, message: chat.Message{Text: text}})
	}
	return c.handler, nil
}

// Submit sends back the form open for somebody. When the bot finds fault with
// it, the form stays open with what was typed, and FormOf says why. It returns
// chat.ErrNotFound when no form is open, chat.ErrRefused when their account is
// deactivated, ErrNoBot or ErrAnswer.
func (c *Chat) Submit(ctx context.Context, user casework.UserID, values chat.Values) error {
	c.mu.Lock()
	p, err := c.actor(user)
	if err != nil {
		c.mu.Unlock()
		return err
	}
	open, h := p.form, c.handler
	c.mu.Unlock()
	if open == nil {
		return fmt.Errorf("sandbox: no form is open for %s: %w", user, chat.ErrNotFound)
	}
	if h == nil {
		return ErrNoBot
	}
	answer := h.Submit(ctx, chat.Submission{
		User: user, Channel: open.channel, Form: open.form.ID, Token: open.form.Token, Values: maps.Clone(values),
	})
	submitted := *open
	submitted.values, submitted.faults, submitted.fault = values, answer.FieldErrors, answer.FormError
	return c.answer(user, open.channel, &submitted, answer)
}

// Dismiss closes the form open for somebody, if any; the bot is not told.
func (c *Chat) Dismiss(user casework.UserID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.byID(user); p != nil {
		p.form = nil
		c.hub.changed()
	}
}

// Press is somebody pressing a button of a card, by its index. It returns
// chat.ErrNotFound when they do not see such a button, chat.ErrRefused when
// their account is deactivated, ErrNoBot or ErrAnswer.
func (c *Chat) Press(ctx context.Context, user casework.UserID, message casework.MessageRef, button int) error {
	press, h, err := c.pressed(user, message, button)
	if err != nil {
		return err
	}
	return c.answer(user, press.Channel, nil, h.Press(ctx, press))
}

func (c *Chat) pressed(user casework.UserID, message casework.MessageRef, button int) (chat.Press, chat.Handler, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := c.actor(user); err != nil {
		return chat.Press{}, nil, err
	}
	for _, p := range c.places {
		for _, m := range p.shownTo(user) {
			card := m.message.Card
			if m.ref != message || card == nil || button < 0 || button >= len(card.Buttons) {
				continue
			}
			if c.handler == nil {
				return chat.Press{}, nil, ErrNoBot
			}
			b := card.Buttons[button]
			return chat.Press{User: user, Channel: p.id, Message: m.ref, Button: b.ID, Token: b.Token}, c.handler, nil
		}
	}
	return chat.Press{}, nil, fmt.Errorf("sandbox: button %d of message %s: %w", button, message, chat.ErrNotFound)
}

// answer shows what the bot says to whoever acted. Submitted is their form as
// they sent it, nil when they did something else.
func (c *Chat) answer(user casework.UserID, channel casework.ChannelID, submitted *openForm, a chat.Answer) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	who, err := c.actor(user)
	if err != nil {
		return err
	}
	defer c.hub.changed()
	if len(a.FieldErrors) > 0 || a.FormError != "" {
		if submitted == nil {
			return fmt.Errorf("%w: faults of a form that was not submitted", ErrAnswer)
		}
		who.form = submitted
		return nil
	}
	who.form = nil
	if form, ok := a.Form.Value(); ok {
		if err := form.Validate(); err != nil {
			return fmt.Errorf("%w: %w", ErrAnswer, err)
		}
		who.form = &openForm{channel: channel, form: form, values: defaults(form)}
		return nil
	}
	if out, ok := a.Say.Value(); ok {
		return c.whisper(who, out)
	}
	return nil
}

// whisper shows an answer to the one who acted alone: where they acted or, if
// they can read there no more, in their direct conversation.
func (c *Chat) whisper(who *person, out chat.Outgoing) error {
	if out.User != who.id {
		return fmt.Errorf("%w: for %q, not for %s who acted", ErrAnswer, out.User, who.id)
	}
	if err := out.Message.Validate(); err != nil {
		return fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	p, err := c.find(out.Channel)
	if err != nil || !p.readBy(who.id) {
		p = c.direct(who)
	}
	for _, m := range p.posts {
		if out.Edit != "" && m.ref == out.Edit && m.only == who.id {
			m.message, m.edited = clone(out.Message), true
			return nil
		}
	}
	c.write(p, &post{only: who.id, message: out.Message})
	return nil
}

func defaults(form chat.Form) chat.Values {
	values := chat.Values{}
	for _, f := range form.Fields {
		values[f.About().ID] = f.About().Default
	}
	return values
}
