// Package bottest is what tests of the bot stand on: a platform that records all
// it is asked, a clock that is moved by hand, and a bot around a real store in a
// temporary file.
package bottest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"parcours/bot/chat"
	"parcours/casework"
)

// Platform is a chat in memory. It keeps every message ever delivered, to whom
// it could be read at that moment, and doubles a message that is sent twice
// without Again, as real platforms do.
type Platform struct {
	mu       sync.Mutex
	zone     *time.Location
	people   []chat.Account
	channels []*chat.Channel
	messages []*Message
	// in are the messages of each channel.
	in   map[casework.ChannelID][]*Message
	sent int

	// Now, if set, dates messages.
	Now func() time.Time
	// Fault, if set, is asked before each call, named Send, Channel, Open, Add,
	// Remove, Archive, Account, Quote or Find; its error fails the call. After is asked when
	// the call has had its effect.
	Fault, After func(call string) error
	// Leaving is told of every message before it is there.
	Leaving func(chat.Outgoing)
	// Delivered is told of every message sent or edited, with who can read it.
	Delivered func(Message)
	// Closed: browsers have no way to files.
	Closed bool
	// Moved is told when people join and leave, the bot's own doing included.
	Moved func(chat.Move)
}

// A Message is one that was delivered.
type Message struct {
	Ref     casework.MessageRef
	Key     string
	Keys    []string
	At      time.Time
	Channel casework.ChannelID
	// From is who wrote it; empty for the bot.
	From   casework.UserID
	Pinned bool
	// Now is the message as it stands; Before are its earlier states.
	Now    chat.Message
	Before []chat.Message
	// Readers are all who could read it when it was sent or edited.
	Readers []casework.UserID
}

// NewPlatform gives a platform with these people, by handle; the account of
// "claire" is "u-claire". A handle that ends in "?" is an outsider's.
func NewPlatform(zone *time.Location, handles ...string) *Platform {
	p := &Platform{zone: zone, in: map[casework.ChannelID][]*Message{}}
	for _, handle := range handles {
		handle, isOutsider := strings.CutSuffix(handle, "?")
		p.people = append(p.people, chat.Account{
			ID: ID(handle), Handle: handle, Name: strings.ToUpper(handle[:1]) + handle[1:],
			Lang: chat.French, Zone: zone, Active: true, Outsider: isOutsider,
		})
	}
	p.channels = append(p.channels, &chat.Channel{ID: Lobby, Name: "lobby"})
	return p
}

// Lobby is the public channel that everybody can read.
const Lobby casework.ChannelID = "lobby"

// ID gives the account of a handle.
func ID(handle string) casework.UserID { return casework.UserID("u-" + handle) }

// Direct gives the conversation between the bot and a user.
func Direct(user casework.UserID) casework.ChannelID { return casework.ChannelID("d-" + user) }

func (p *Platform) enter(ctx context.Context, call string) (func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if p.Fault != nil {
		if err := p.Fault(call); err != nil {
			return nil, err
		}
	}
	p.mu.Lock()
	return p.mu.Unlock, nil
}

func (p *Platform) leave(call string) error {
	if p.After != nil {
		return p.After(call)
	}
	return nil
}

// Send delivers, or finds the message of the same key when told to look.
func (p *Platform) Send(ctx context.Context, cleared chat.Cleared) (chat.Sent, error) {
	out, ok := cleared.Value()
	if !ok || out.Key == "" {
		return chat.Sent{}, fmt.Errorf("send without clearance or key: %w", chat.ErrRefused)
	}
	if p.Leaving != nil {
		p.Leaving(out)
	}
	unlock, err := p.enter(ctx, "Send")
	if err != nil {
		return chat.Sent{}, err
	}
	sent, readers, err := p.send(out)
	unlock()
	if err != nil {
		return chat.Sent{}, err
	}
	if p.Delivered != nil {
		p.Delivered(Message{Ref: sent.Message, Key: out.Key, Keys: out.Keys, Channel: sent.Channel, Pinned: out.Pin, Now: out.Message, Readers: readers})
	}
	return sent, p.leave("Send")
}

func (p *Platform) send(out chat.Outgoing) (chat.Sent, []casework.UserID, error) {
	where := out.Channel
	if out.User != "" {
		where = Direct(out.User)
	}
	readers, err := p.readers(where)
	if err != nil {
		return chat.Sent{}, nil, err
	}
	for _, m := range p.in[where] {
		if m.From != "" || m.Ref != out.Edit && (!out.Again && !out.Seek || m.Key != out.Key) {
			continue
		}
		files := m.Now.Files
		m.Before, m.Now = append(m.Before, m.Now), out.Message
		if len(out.Message.Files) > 0 {
			m.Now.Files = files
		}
		if len(out.Keys) > 0 {
			m.Keys = out.Keys
		}
		m.Readers = append(m.Readers, readers...)
		return chat.Sent{Channel: where, Message: m.Ref}, readers, nil
	}
	if out.Edit != "" || out.Seek {
		return chat.Sent{}, nil, fmt.Errorf("edit: %w", chat.ErrNotFound)
	}
	p.sent++
	m := &Message{
		Ref: casework.MessageRef(fmt.Sprintf("m%d", p.sent)), Key: out.Key, Keys: out.Keys, Channel: where,
		Pinned: out.Pin, Now: out.Message, Readers: readers,
	}
	if p.Now != nil {
		m.At = p.Now()
	}
	p.messages, p.in[where] = append(p.messages, m), append(p.in[where], m)
	return chat.Sent{Channel: where, Message: m.Ref}, readers, nil
}

func (p *Platform) readers(where casework.ChannelID) ([]casework.UserID, error) {
	if user, ok := strings.CutPrefix(string(where), "d-"); ok {
		if _, err := p.account(user); err != nil {
			return nil, err
		}
		return []casework.UserID{casework.UserID(user)}, nil
	}
	c, err := p.channel(where)
	if err != nil {
		return nil, err
	}
	if c.Archived {
		return nil, fmt.Errorf("archived: %w", chat.ErrRefused)
	}
	return p.present(c), nil
}

// present gives who can read a channel: everybody, when it is public.
func (p *Platform) present(c *chat.Channel) []casework.UserID {
	if c.Private {
		return slices.Clone(c.Members)
	}
	var all []casework.UserID
	for _, a := range p.people {
		all = append(all, a.ID)
	}
	return all
}

func (p *Platform) channel(id casework.ChannelID) (*chat.Channel, error) {
	for _, c := range p.channels {
		if c.ID == id {
			return c, nil
		}
	}
	return nil, fmt.Errorf("channel: %w", chat.ErrNotFound)
}

// Channel gives a channel as it is now.
func (p *Platform) Channel(ctx context.Context, id casework.ChannelID) (chat.Channel, error) {
	unlock, err := p.enter(ctx, "Channel")
	if err != nil {
		return chat.Channel{}, err
	}
	defer unlock()
	c, err := p.channel(id)
	if err != nil {
		return chat.Channel{}, err
	}
	now := *c
	now.Members = p.present(c)
	return now, nil
}

// Open gives the private channel of this name.
func (p *Platform) Open(ctx context.Context, name string, user casework.UserID) (casework.ChannelID, error) {
	unlock, err := p.enter(ctx, "Open")
	if err != nil {
		return "", err
	}
	id := casework.ChannelID("c-" + name)
	if _, err := p.channel(id); err != nil {
		p.channels = append(p.channels, &chat.Channel{ID: id, Name: name, Private: true, Members: []casework.UserID{user}})
	}
	unlock()
	return id, p.leave("Open")
}

// Add puts a user in a channel.
func (p *Platform) Add(ctx context.Context, id casework.ChannelID, user casework.UserID) error {
	return p.move(ctx, "Add", id, user, false)
}

// Remove takes a user out of a channel.
func (p *Platform) Remove(ctx context.Context, id casework.ChannelID, user casework.UserID) error {
	return p.move(ctx, "Remove", id, user, true)
}

func (p *Platform) move(ctx context.Context, call string, id casework.ChannelID, user casework.UserID, left bool) error {
	unlock, err := p.enter(ctx, call)
	if err != nil {
		return err
	}
	c, err := p.channel(id)
	if err != nil {
		unlock()
		return err
	}
	was := slices.Contains(c.Members, user)
	c.Members = slices.DeleteFunc(c.Members, func(u casework.UserID) bool { return u == user })
	if !left {
		c.Members = append(c.Members, user)
	}
	unlock()
	if was == left && p.Moved != nil {
		p.Moved(chat.Move{Channel: id, User: user, Left: left})
	}
	return p.leave(call)
}

// Say has somebody write in a channel, and gives the reference of what they wrote.
func (p *Platform) Say(user casework.UserID, channel casework.ChannelID, text string) casework.MessageRef {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent++
	m := &Message{Ref: casework.MessageRef(fmt.Sprintf("m%d", p.sent)), Channel: channel, From: user, Now: chat.Message{Text: text}}
	p.messages = append(p.messages, m)
	return m.Ref
}

// Quote gives what somebody wrote; a link is a reference.
func (p *Platform) Quote(ctx context.Context, link string, reader casework.UserID) (chat.Quote, error) {
	unlock, err := p.enter(ctx, "Quote")
	if err != nil {
		return chat.Quote{}, err
	}
	defer unlock()
	for _, m := range p.messages {
		readers, err := p.readers(m.Channel)
		if string(m.Ref) == link && m.From != "" && err == nil && slices.Contains(readers, reader) {
			return chat.Quote{Channel: m.Channel, Message: m.Ref, Author: m.From, Text: m.Now.Text}, nil
		}
	}
	return chat.Quote{}, fmt.Errorf("quote: %w", chat.ErrNotFound)
}

// Find gives where messages stand that were sent to a user.
func (p *Platform) Find(ctx context.Context, user casework.UserID, keys []string, since time.Time) (map[string]chat.Sent, error) {
	unlock, err := p.enter(ctx, "Find")
	if err != nil {
		return nil, err
	}
	defer unlock()
	found := map[string]chat.Sent{}
	for _, m := range p.in[Direct(user)] {
		if m.From != "" || m.At.Before(since) {
			continue
		}
		for _, key := range append([]string{m.Key}, m.Keys...) {
			if slices.Contains(keys, key) {
				found[key] = chat.Sent{Channel: m.Channel, Message: m.Ref}
			}
		}
	}
	return found, nil
}

// Link gives the token itself as an address; nothing when the way is Closed.
func (p *Platform) Link(token string) string {
	if p.Closed {
		return ""
	}
	return LinkTo + token
}

// LinkTo is how the address of a file begins.
const LinkTo = "https://parcours.test/"

// Publish makes a channel public.
func (p *Platform) Publish(id casework.ChannelID) {
	p.mu.Lock()
	for _, c := range p.channels {
		if c.ID == id {
			c.Private = false
		}
	}
	p.mu.Unlock()
	if p.Moved != nil {
		p.Moved(chat.Move{Channel: id})
	}
}

// Delete takes a message away, as somebody who may can.
func (p *Platform) Delete(ref casework.MessageRef) {
	p.mu.Lock()
	defer p.mu.Unlock()
	gone := func(m *Message) bool { return m.Ref == ref }
	p.messages = slices.DeleteFunc(p.messages, gone)
	for where := range p.in {
		p.in[where] = slices.DeleteFunc(p.in[where], gone)
	}
}

// Archive closes a channel.
func (p *Platform) Archive(ctx context.Context, id casework.ChannelID) error {
	unlock, err := p.enter(ctx, "Archive")
	if err != nil {
		return err
	}
	defer unlock()
	c, err := p.channel(id)
	if err == nil {
		c.Archived = true
	}
	return err
}

// Account finds a user by id or @handle.
func (p *Platform) Account(ctx context.Context, idOrHandle string) (chat.Account, error) {
	unlock, err := p.enter(ctx, "Account")
	if err != nil {
		return chat.Account{}, err
	}
	defer unlock()
	return p.account(idOrHandle)
}

func (p *Platform) account(idOrHandle string) (chat.Account, error) {
	for _, a := range p.people {
		if string(a.ID) == idOrHandle || "@"+a.Handle == idOrHandle {
			return a, nil
		}
	}
	return chat.Account{}, fmt.Errorf("account: %w", chat.ErrNotFound)
}

// Speaks changes the language of a user.
func (p *Platform) Speaks(user casework.UserID, lang chat.Lang) {
	p.change(user, func(a *chat.Account) { a.Lang = lang })
}

// Rename gives a user another handle.
func (p *Platform) Rename(user casework.UserID, handle string) {
	p.change(user, func(a *chat.Account) { a.Handle = handle })
}

// Deactivate closes an account; its memberships remain, as on real platforms.
func (p *Platform) Deactivate(user casework.UserID) {
	p.change(user, func(a *chat.Account) { a.Active = false })
}

// Activate opens an account again.
func (p *Platform) Activate(user casework.UserID) {
	p.change(user, func(a *chat.Account) { a.Active = true })
}

func (p *Platform) change(user casework.UserID, change func(*chat.Account)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.people {
		if p.people[i].ID == user {
			change(&p.people[i])
		}
	}
}

// Messages gives all the messages of a channel, oldest first.
func (p *Platform) Messages(id casework.ChannelID) []Message {
	return p.Select(func(m Message) bool { return m.Channel == id })
}

// Select gives the messages that keep says yes to, oldest first.
func (p *Platform) Select(keep func(Message) bool) []Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	var found []Message
	for _, m := range p.messages {
		if keep(*m) {
			found = append(found, *m)
		}
	}
	return found
}
