// Package watching is what adapters that listen to a server have in common: whom
// they last saw where, what they are still to do for what they heard, and what they
// say once a day.
package watching

import (
	"slices"
	"sync"

	"parcours/casework"
)

// Circles remembers who was last seen in the channels that the bot looked at, so
// that what happens while nobody listens is noticed afterwards. The zero Circles is
// ready, and may be used from everywhere at once.
type Circles struct {
	mu    sync.Mutex
	known map[casework.ChannelID][]casework.UserID
}

// Know takes note of who is in a channel.
func (c *Circles) Know(channel casework.ChannelID, members []casework.UserID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil {
		c.known = map[casework.ChannelID][]casework.UserID{}
	}
	c.known[channel] = slices.Clone(members)
}

// Members gives who was last seen in a channel.
func (c *Circles) Members(channel casework.ChannelID) []casework.UserID {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.known[channel])
}

// With gives the channels in which a user was last seen; all those known when
// the user is empty.
func (c *Circles) With(user casework.UserID) []casework.ChannelID {
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []casework.ChannelID
	for channel, members := range c.known {
		if user == "" || slices.Contains(members, user) {
			found = append(found, channel)
		}
	}
	slices.Sort(found)
	return found
}
