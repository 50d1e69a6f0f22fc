package sandbox

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"parcours/bot/chat"
	"parcours/casework"
)

// begin is what every method of the platform starts with.
func (c *Chat) begin(ctx context.Context, op string) error {
	if c.options.Fault != nil {
		if err := c.options.Fault(op); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Send delivers a message of the bot, or changes one in place. A message whose
// key already stands where it goes is not sent again, whether or not it says
// that it was tried before. It returns chat.ErrNotFound for an unknown channel,
// user or message, and chat.ErrRefused for what was not let through, breaks a
// limit, says not exactly one place, lacks a key, or goes to an archived channel
// or a deactivated account.
func (c *Chat) Send(ctx context.Context, message chat.Cleared) (chat.Sent, error) {
	if err := c.begin(ctx, "send"); err != nil {
		return chat.Sent{}, err
	}
	out, ok := message.Value()
	if !ok {
		return chat.Sent{}, fmt.Errorf("sandbox: a message that nobody let through: %w", chat.ErrRefused)
	}
	if err := out.Message.Validate(); err != nil {
		return chat.Sent{}, fmt.Errorf("sandbox: %w: %w", err, chat.ErrRefused)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	p, err := c.destination(out)
	if err != nil {
		return chat.Sent{}, err
	}
	if out.Edit != "" {
		return c.edit(p, out)
	}
	if out.Key == "" {
		return chat.Sent{}, fmt.Errorf("sandbox: a message without a key: %w", chat.ErrRefused)
	}
	for _, m := range p.posts {
		if m.key == out.Key && out.Seek {
			out.Edit = m.ref
			return c.edit(p, out)
		} else if m.key == out.Key {
			return chat.Sent{Channel: p.id, Message: m.ref}, nil
		}
	}
	if out.Seek {
		return chat.Sent{}, fmt.Errorf("sandbox: message of key %s: %w", out.Key, chat.ErrNotFound)
	}
	m := c.write(p, &post{key: out.Key, keys: out.Keys, pinned: out.Pin, message: out.Message})
	return chat.Sent{Channel: p.id, Message: m.ref}, nil
}

// destination is where a message goes.
func (c *Chat) destination(out chat.Outgoing) (*place, error) {
	if (out.Channel == "") == (out.User == "") {
		return nil, fmt.Errorf("sandbox: a message goes to a channel or to a user: %w", chat.ErrRefused)
	}
	if out.User != "" {
		who, err := c.actor(out.User)
		if err != nil {
			return nil, err
		}
		return c.direct(who), nil
	}
	p, err := c.find(out.Channel)
	if err == nil && p.archived {
		err = fmt.Errorf("sandbox: channel %s is archived: %w", p.id, chat.ErrRefused)
	}
	return p, err
}

func (c *Chat) edit(p *place, out chat.Outgoing) (chat.Sent, error) {
	for _, m := range p.posts {
		if m.ref == out.Edit && m.from == "" && m.only == "" {
			files := m.message.Files
			m.message, m.edited, m.pinned = clone(out.Message), true, m.pinned || out.Pin
			if len(out.Message.Files) > 0 {
				m.message.Files = files
			}
			if len(out.Keys) > 0 {
				m.keys = out.Keys
			}
			c.hub.changed()
			return chat.Sent{Channel: p.id, Message: m.ref}, nil
		}
	}
	return chat.Sent{}, fmt.Errorf("sandbox: message %s: %w", out.Edit, chat.ErrNotFound)
}

var _ chat.Finder = (*Chat)(nil)

// Find gives where messages of the bot stand that somebody was sent in private. It
// returns chat.ErrNotFound for an unknown user.
func (c *Chat) Find(ctx context.Context, user casework.UserID, keys []string, since time.Time) (map[string]chat.Sent, error) {
	if err := c.begin(ctx, "find"); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	who := c.byID(user)
	if who == nil {
		return nil, fmt.Errorf("sandbox: account %q: %w", user, chat.ErrNotFound)
	}
	p := c.direct(who)
	found := map[string]chat.Sent{}
	for _, m := range p.posts {
		if m.from != "" || m.at.Before(since) {
			continue
		}
		for _, key := range append([]string{m.key}, m.keys...) {
			if slices.Contains(keys, key) {
				found[key] = chat.Sent{Channel: p.id, Message: m.ref}
			}
		}
	}
	return found, nil
}

// Channel gives a channel as it is now. An archived channel has no members,
// since nobody can read it, and a deactivated account is no member. It returns
// chat.ErrNotFound.
func (c *Chat) Channel(ctx context.Context, id casework.ChannelID) (chat.Channel, error) {
	if err := c.begin(ctx, "channel"); err != nil {
		return chat.Channel{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	p, err := c.find(id)
	if err != nil {
		return chat.Channel{}, err
	}
	shown := chat.Channel{ID: p.id, Name: p.name, Direct: p.direct, Private: p.private, Archived: p.archived}
	for _, user := range p.members {
		if p.readBy(user) && !c.byID(user).gone {
			shown.Members = append(shown.Members, user)
		}
	}
	return shown, nil
}

// Open gives the private channel of this name with the user in it, making it if
// need be. It returns chat.ErrNotFound for an unknown user, and chat.ErrRefused
// for an empty name, a name that a public or an archived channel has, or a
// deactivated account.
func (c *Chat) Open(ctx context.Context, name string, first casework.UserID) (casework.ChannelID, error) {
	if err := c.begin(ctx, "open"); err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := c.actor(first); err != nil {
		return "", err
	}
	p := c.named(name)
	switch {
	case name == "", p != nil && (p.archived || !p.private):
		return "", fmt.Errorf("sandbox: channel name %q is empty or taken: %w", name, chat.ErrRefused)
	case p == nil:
		p = &place{id: casework.ChannelID("c-" + strconv.Itoa(len(c.places)+1)), name: name, private: true}
		c.places = append(c.places, p)
	}
	if !slices.Contains(p.members, first) {
		p.members = append(p.members, first)
	}
	c.hub.changed()
	return p.id, nil
}

// Add puts a user in a channel. It returns chat.ErrNotFound or, for an archived
// channel, a direct conversation or a deactivated account, chat.ErrRefused. The
// bot is told of it as of any newcomer, as real platforms do.
func (c *Chat) Add(ctx context.Context, channel casework.ChannelID, user casework.UserID) error {
	if err := c.begin(ctx, "add"); err != nil {
		return err
	}
	return c.Join(ctx, user, channel)
}

// Remove takes a user out of a channel. It returns chat.ErrNotFound or, for a
// direct conversation, chat.ErrRefused. The bot is told of it.
func (c *Chat) Remove(ctx context.Context, channel casework.ChannelID, user casework.UserID) error {
	if err := c.begin(ctx, "remove"); err != nil {
		return err
	}
	return c.Leave(ctx, user, channel)
}

// Archive closes a channel for good; its name stays taken. It returns
// chat.ErrNotFound or, for a direct conversation, chat.ErrRefused.
func (c *Chat) Archive(ctx context.Context, channel casework.ChannelID) error {
	if err := c.begin(ctx, "archive"); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	p, err := c.find(channel)
	if err != nil {
		return err
	}
	if p.direct {
		return fmt.Errorf("sandbox: channel %s is a direct conversation: %w", channel, chat.ErrRefused)
	}
	p.archived = true
	c.hub.changed()
	return nil
}

// Account finds somebody by id, or by handle after @. The bot has one too. It
// returns chat.ErrNotFound.
func (c *Chat) Account(ctx context.Context, idOrHandle string) (chat.Account, error) {
	if err := c.begin(ctx, "account"); err != nil {
		return chat.Account{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	zone := c.options.Zone
	if idOrHandle == "@"+botHandle || idOrHandle == botHandle {
		return chat.Account{ID: botHandle, Handle: botHandle, Name: botName, Lang: chat.French, Zone: zone, Active: true, Bot: true}, nil
	}
	p := c.byID(casework.UserID(idOrHandle))
	if handle, typed := strings.CutPrefix(idOrHandle, "@"); typed {
		p = c.byHandle(handle)
	}
	if p == nil {
		return chat.Account{}, fmt.Errorf("sandbox: account %q: %w", idOrHandle, chat.ErrNotFound)
	}
	return chat.Account{
		ID: p.id, Handle: p.Handle, Name: p.Name, Lang: p.Lang, Zone: zone,
		Active: !p.gone, Outsider: p.Outsider,
	}, nil
}
