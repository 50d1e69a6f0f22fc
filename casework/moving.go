package casework

import (
	"slices"
	"time"
)

// Past is what becomes of what the bot said in the channel before somebody who may
// not know of all of it is let in.
type Past string

// The ways: what they may not know of is taken from the bot's messages; or the
// circle goes on in a new channel, and the old one closes.
const (
	Withdraw   Past = "withdraw"
	NewChannel Past = "new_channel"
)

// PastChosen: whoever invited somebody chose what becomes of the past.
type PastChosen struct {
	User UserID `json:"user"`
	Past Past   `json:"past"`
}

func (f PastChosen) apply(c *Case, _ Entry) {
	if m, ok := c.member(f.User); ok {
		m.Past = f.Past
	}
}

// ChannelMoved: the case goes on in another channel of its own, made before User
// was let in.
type ChannelMoved struct {
	Channel ChannelID `json:"channel"`
	User    UserID    `json:"user"`
}

func (f ChannelMoved) apply(c *Case, _ Entry) {
	card := Shown{Channel: c.Channel, Message: c.Home, Home: true}
	c.Former = append(c.Former, Former{Channel: c.Channel, Posts: append(slices.Clone(c.Posts), card)})
	c.Channel, c.Home, c.Blank, c.Posts, c.held = f.Channel, "", false, nil, SharingHeld{}
	if m, ok := c.member(f.User); ok {
		m.Past = ""
	}
}

// A Former is a channel that the case has left, and what the bot said there. The
// pinned card is among it, with no Message if it never was known where it stands.
type Former struct {
	Channel ChannelID
	Posts   []Shown
}

// ChoosePast decides what becomes of the past of the channel when somebody
// is let in. Error: NotAChoice.
func ChoosePast(user UserID, past Past) ([]Fact, error) {
	if err := oneOf("past", past, Withdraw, NewChannel); err != nil {
		return nil, err
	}
	return []Fact{PastChosen{User: user, Past: past}}, nil
}

// Telling gives what stands in the channel and tells more than user, who is
// invited, will be allowed to know once they are in.
func (c *Case) Telling(user UserID, now time.Time) []Shown {
	in := Fold(c.Code, c.journal)
	in.Apply(Entry{Seq: c.Seq + 1, At: now, By: user, Fact: InvitationAnswered{User: user, Accepted: true}})
	posts, _ := in.TooTelling(user, now)
	return posts
}
