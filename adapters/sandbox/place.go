package sandbox

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"parcours/bot/chat"
	"parcours/casework"
)

// place is a channel, or a direct conversation with the bot.
type place struct {
	id                        casework.ChannelID
	name                      string
	direct, private, archived bool
	members                   []casework.UserID
	posts                     []*post
}

// post is a message in a channel. From is empty for the bot; only is who alone
// sees it, empty for all the members.
type post struct {
	number         int
	ref            casework.MessageRef
	at             time.Time
	from, only     casework.UserID
	key            string
	keys           []string
	edited, pinned bool
	message        chat.Message
}

// readBy says whether somebody can read the place now.
func (p *place) readBy(user casework.UserID) bool {
	return !p.archived && slices.Contains(p.members, user)
}

// knownTo says whether somebody knows of the place: they are in it, or could
// join it.
func (p *place) knownTo(user casework.UserID) bool {
	return slices.Contains(p.members, user) || !p.private && !p.archived
}

// shownTo gives the posts somebody sees there, in order.
func (p *place) shownTo(user casework.UserID) []*post {
	var shown []*post
	if !p.readBy(user) {
		return nil
	}
	for _, m := range p.posts {
		if m.only == "" || m.only == user {
			shown = append(shown, m)
		}
	}
	return shown
}

// find gives the place, or chat.ErrNotFound.
func (c *Chat) find(id casework.ChannelID) (*place, error) {
	for _, p := range c.places {
		if p.id == id {
			return p, nil
		}
	}
	return nil, fmt.Errorf("sandbox: channel %s: %w", id, chat.ErrNotFound)
}

// named gives the channel of this name, archived or not; nil if there is none.
func (c *Chat) named(name string) *place {
	for _, p := range c.places {
		if !p.direct && p.name == name {
			return p
		}
	}
	return nil
}

// write adds a message to a place.
func (c *Chat) write(p *place, m *post) *post {
	c.posted++
	m.number, m.at = c.posted, c.now()
	m.ref = casework.MessageRef("m-" + strconv.Itoa(c.posted))
	m.message = clone(m.message)
	p.posts = append(p.posts, m)
	c.hub.changed()
	return m
}

// Direct is the conversation between the bot and somebody; empty for nobody
// known.
func (c *Chat) Direct(user casework.UserID) casework.ChannelID {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.byID(user); p != nil {
		return c.direct(p).id
	}
	return ""
}

func (c *Chat) direct(p *person) *place {
	i := slices.IndexFunc(c.places, func(at *place) bool { return at.direct && at.members[0] == p.id })
	return c.places[i]
}

// ChannelNamed finds a channel by its name, archived or not.
func (c *Chat) ChannelNamed(name string) (casework.ChannelID, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.named(name); p != nil {
		return p.id, true
	}
	return "", false
}

// Join puts somebody in a channel behind the bot's back, which learns it after.
// It returns chat.ErrNotFound or, for an archived channel, a direct
// conversation or a deactivated account, chat.ErrRefused.
func (c *Chat) Join(ctx context.Context, user casework.UserID, channel casework.ChannelID) error {
	joined, err := c.enter(channel, user)
	if err == nil && joined {
		c.tell(ctx, chat.Move{Channel: channel, User: user})
	}
	return err
}

// Leave takes somebody out of a channel without the bot, which learns it after.
// It returns chat.ErrNotFound or, for a direct conversation, chat.ErrRefused.
func (c *Chat) Leave(ctx context.Context, user casework.UserID, channel casework.ChannelID) error {
	left, err := c.exit(channel, user)
	if err == nil && left {
		c.tell(ctx, chat.Move{Channel: channel, User: user, Left: true})
	}
	return err
}

// Convert makes a private channel public, and the bot learns it after. It
// returns chat.ErrNotFound or, for an archived channel or a direct
// conversation, chat.ErrRefused.
func (c *Chat) Convert(ctx context.Context, channel casework.ChannelID) error {
	converted, err := c.publish(channel)
	if err == nil && converted {
		c.tell(ctx, chat.Move{Channel: channel})
	}
	return err
}

func (c *Chat) publish(channel casework.ChannelID) (changed bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, err := c.find(channel)
	if err != nil {
		return false, err
	}
	if p.direct || p.archived {
		return false, fmt.Errorf("sandbox: channel %s cannot be made public: %w", channel, chat.ErrRefused)
	}
	if !p.private {
		return false, nil
	}
	p.private = false
	c.hub.changed()
	return true, nil
}

func (c *Chat) enter(channel casework.ChannelID, user casework.UserID) (joined bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, err := c.find(channel)
	if err != nil {
		return false, err
	}
	if _, err := c.actor(user); err != nil {
		return false, err
	}
	if p.direct || p.archived {
		return false, fmt.Errorf("sandbox: nobody can join channel %s: %w", channel, chat.ErrRefused)
	}
	if slices.Contains(p.members, user) {
		return false, nil
	}
	p.members = append(p.members, user)
	c.hub.changed()
	return true, nil
}

func (c *Chat) exit(channel casework.ChannelID, user casework.UserID) (left bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, err := c.find(channel)
	if err != nil {
		return false, err
	}
	if c.byID(user) == nil {
		return false, fmt.Errorf("sandbox: user %s: %w", user, chat.ErrNotFound)
	}
	if p.direct {
		return false, fmt.Errorf("sandbox: channel %s is a direct conversation: %w", channel, chat.ErrRefused)
	}
	i := slices.Index(p.members, user)
	if i < 0 {
		return false, nil
	}
	p.members = slices.Delete(p.members, i, i+1)
	c.hub.changed()
	return true, nil
}

// tell says a move to the bot. The lock is not held: the bot looks at the
// channel again before it decides anything.
func (c *Chat) tell(ctx context.Context, m chat.Move) {
	if h := c.bot(); h != nil {
		h.Moved(ctx, m)
	}
}

func (c *Chat) bot() chat.Handler {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.handler
}
