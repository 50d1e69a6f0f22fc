package sandbox

import (
	"maps"
	"slices"
	"time"

	"parcours/bot/chat"
	"parcours/casework"
)

// Seen is a message on somebody's screen. From is the name of whoever wrote it.
// Private is for their eyes alone.
type Seen struct {
	At                           time.Time
	Channel                      casework.ChannelID
	ChannelName                  string
	Ref                          casework.MessageRef
	From                         string
	Bot, Private, Edited, Pinned bool
	Message                      chat.Message
}

// Seen gives all that somebody can see now, in the order it was written.
func (c *Chat) Seen(user casework.UserID) []Seen {
	c.mu.Lock()
	defer c.mu.Unlock()
	type numbered struct {
		number int
		Seen
	}
	var all []numbered
	if who := c.byID(user); who == nil || who.gone {
		return nil
	}
	for _, p := range c.places {
		for _, m := range p.shownTo(user) {
			from := botName
			if m.from != "" {
				from = c.byID(m.from).Name
			}
			all = append(all, numbered{m.number, Seen{
				At: m.at, Channel: p.id, ChannelName: p.name, Ref: m.ref, From: from,
				Bot: m.from == "", Private: m.only != "", Edited: m.edited, Pinned: m.pinned,
				Message: clone(m.message),
			}})
		}
	}
	slices.SortFunc(all, func(a, b numbered) int { return a.number - b.number })
	seen := make([]Seen, len(all))
	for i, n := range all {
		seen[i] = n.Seen
	}
	return seen
}

// FormOf gives the form open for somebody, what is wrong with its fields by
// their ids, and what is wrong with it as a whole; false when none is open.
func (c *Chat) FormOf(user casework.UserID) (chat.Form, map[string]string, string, bool) {
	open, ok := c.formOf(user)
	return open.form, maps.Clone(open.faults), open.fault, ok
}

func (c *Chat) formOf(user casework.UserID) (openForm, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.byID(user); p != nil && p.form != nil {
		return *p.form, true
	}
	return openForm{}, false
}

// unread counts what others wrote there since somebody last looked.
func (c *Chat) unread(p *place, who *person) int {
	n := 0
	for _, m := range p.shownTo(who.id) {
		if m.number > who.readers[p.id] && m.from != who.id {
			n++
		}
	}
	return n
}

// look notes that somebody has a channel under their eyes.
func (c *Chat) look(user casework.UserID, channel casework.ChannelID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.byID(user); p != nil {
		p.readers[channel] = c.posted
	}
}

// clone copies a message, so that neither side sees the other's later changes.
func clone(m chat.Message) chat.Message {
	if m.Card != nil {
		card := *m.Card
		card.Rows, card.Buttons = slices.Clone(card.Rows), slices.Clone(card.Buttons)
		m.Card = &card
	}
	m.Files = slices.Clone(m.Files)
	return m
}
