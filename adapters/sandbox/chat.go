package sandbox

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"parcours/bot/chat"
	"parcours/casework"
)

const (
	botName   = "Parcours"
	botHandle = "parcours"
	teamName  = "accueil-equipe"
)

// What people may be told when they act, besides chat.ErrNotFound and
// chat.ErrRefused.
var (
	// ErrEmpty: nothing was typed.
	ErrEmpty = errors.New("sandbox: empty message")
	// ErrTooLong: more than MaxRunes characters were typed.
	ErrTooLong = errors.New("sandbox: message too long")
	// ErrNoBot: no bot is attached to answer.
	ErrNoBot = errors.New("sandbox: no bot is attached")
	// ErrAnswer: the bot answered something that cannot be shown.
	ErrAnswer = errors.New("sandbox: unusable answer of the bot")
)

// MaxRunes is the length of the longest message a person can type.
const MaxRunes = 16383

// A Person is somebody one can be. Note says who they are in a few words.
type Person struct {
	Handle, Name, Note string
	Lang               chat.Lang
	Outsider           bool
}

// Options say who is there and how time passes. Zone is that of the clock and
// of everybody; it is Local when nil.
type Options struct {
	People []Person
	// Now is the real clock, time.Now when nil.
	Now  func() time.Time
	Zone *time.Location
	// Moved is called after the clock was moved forward.
	Moved func(ctx context.Context)
	// Fault, when set, is called first by each method of the platform with its
	// name in lower case; the error it gives is what the method returns.
	Fault func(op string) error
}

// Chat is the team chat. Its methods may be called at the same time.
type Chat struct {
	options Options

	mu      sync.Mutex
	handler chat.Handler
	// lang is that of the page where one chooses who to be.
	lang   chat.Lang
	offset time.Duration
	people []*person
	places []*place
	// posted numbers the messages and orders them over all channels.
	posted int
	hub    hub
}

// person is somebody's account and what their screen is at.
type person struct {
	Person
	id      casework.UserID
	gone    bool
	form    *openForm
	readers map[casework.ChannelID]int
}

var _ chat.Platform = (*Chat)(nil)

// New makes a chat where everybody is in one public channel and has a direct
// conversation with the bot. It panics when a handle is empty or used twice.
func New(o Options) *Chat {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		o.Zone = time.Local
	}
	c := &Chat{options: o}
	team := &place{id: "c-1", name: teamName}
	c.places = append(c.places, team)
	for _, p := range o.People {
		if p.Handle == "" || p.Handle == botHandle || c.byHandle(p.Handle) != nil {
			panic(fmt.Sprintf("sandbox: handle %q is empty or taken", p.Handle))
		}
		if p.Lang == "" {
			p.Lang = chat.French
		}
		if c.lang == "" {
			c.lang = p.Lang
		}
		id := casework.UserID("u-" + p.Handle)
		c.people = append(c.people, &person{Person: p, id: id, readers: map[casework.ChannelID]int{}})
		team.members = append(team.members, id)
		c.places = append(c.places, &place{
			id: casework.ChannelID("d-" + p.Handle), name: botName,
			direct: true, private: true, members: []casework.UserID{id},
		})
	}
	return c
}

// Attach gives the bot that answers people from now on.
func (c *Chat) Attach(h chat.Handler) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.handler = h
}

// Now is the time in the chat: the real time, plus what it was moved forward.
func (c *Chat) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Chat) now() time.Time {
	return c.options.Now().Add(c.offset).In(c.options.Zone)
}

// Advance moves the clock forward, then lets the bot do what has become due.
// Time never goes back: a duration that is not positive does nothing.
func (c *Chat) Advance(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	c.mu.Lock()
	c.offset += d
	c.hub.changed()
	c.mu.Unlock()
	if c.options.Moved != nil {
		c.options.Moved(ctx)
	}
}

// Speak changes the language of the pages and of every account, since the same
// human plays them all.
func (c *Chat) Speak(lang chat.Lang) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lang = lang
	for _, p := range c.people {
		p.Lang = lang
	}
	c.hub.changed()
}

// Deactivate closes somebody's account: they read and do nothing any more.
func (c *Chat) Deactivate(user casework.UserID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.byID(user); p != nil {
		p.gone, p.form = true, nil
		c.hub.changed()
	}
}

func (c *Chat) byID(user casework.UserID) *person {
	for _, p := range c.people {
		if p.id == user {
			return p
		}
	}
	return nil
}

func (c *Chat) byHandle(handle string) *person {
	for _, p := range c.people {
		if p.Handle == handle {
			return p
		}
	}
	return nil
}

// actor is somebody who can act: known and not gone.
func (c *Chat) actor(user casework.UserID) (*person, error) {
	p := c.byID(user)
	if p == nil {
		return nil, fmt.Errorf("sandbox: user %s: %w", user, chat.ErrNotFound)
	}
	if p.gone {
		return nil, fmt.Errorf("sandbox: user %s is deactivated: %w", user, chat.ErrRefused)
	}
	return p, nil
}
