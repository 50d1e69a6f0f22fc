package chat

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parcours/casework"
)

// Platform is a team chat. Every call may be repeated: done twice, it has the
// effect of once. Errors are those below, wrapped; any other error may pass
// with time.
type Platform interface {
	// Send delivers a message, or changes the one that Edit names, and says where
	// it stands. With Again or Seek set it first looks for Key where a new message
	// goes, and if it is there changes that one instead of sending a second.
	Send(ctx context.Context, message Cleared) (Sent, error)
	// Channel gives a channel as it is now, asked of the platform itself.
	Channel(ctx context.Context, id casework.ChannelID) (Channel, error)
	// Open gives the private channel of this name with the user in it, making it
	// if need be.
	Open(ctx context.Context, name string, first casework.UserID) (casework.ChannelID, error)
	// Add puts a user in a channel.
	Add(ctx context.Context, channel casework.ChannelID, user casework.UserID) error
	// Remove takes a user out of a channel.
	Remove(ctx context.Context, channel casework.ChannelID, user casework.UserID) error
	// Archive closes a channel; its members read it no more.
	Archive(ctx context.Context, channel casework.ChannelID) error
	// Account finds a user by id, or by handle when it starts with @.
	Account(ctx context.Context, idOrHandle string) (Account, error)
}

// Finder is a Platform that can tell what somebody was sent.
type Finder interface {
	// Find gives, of keys, those of messages that the bot sent to user in private
	// since a moment, and that stand, with where each stands; a message is found by
	// its Key and by each of its Keys. Error: ErrNotFound for an unknown user.
	Find(ctx context.Context, user casework.UserID, keys []string, since time.Time) (map[string]Sent, error)
}

// Quoter is a Platform that can give what people wrote.
type Quoter interface {
	// Quote gives the message that a link points at, or that bears this reference.
	// Error: ErrNotFound unless a person wrote it, it stands, and reader can read
	// it there now; nothing says which of these it lacks.
	Quote(ctx context.Context, link string, reader casework.UserID) (Quote, error)
}

// A Quote is a message that a person wrote, as they wrote it.
type Quote struct {
	Channel casework.ChannelID
	Message casework.MessageRef
	Author  casework.UserID
	Text    string
}

// Linker is a Platform that has a way for browsers to a Shelf. An address tells
// nothing but the token.
type Linker interface {
	// Link gives the address at which the file of a token is fetched; nothing when
	// there is no way at present.
	Link(token string) string
}

// Sent says where a message stands.
type Sent struct {
	Channel casework.ChannelID
	Message casework.MessageRef
}

var (
	// ErrNotFound: no such user, channel or message.
	ErrNotFound = errors.New("chat: not found")
	// ErrRefused: the platform will never do this; trying again is of no use.
	ErrRefused = errors.New("chat: refused by the platform")
)

// RetryError is a refusal for now: try again after this long.
type RetryError struct {
	After time.Duration
	Err   error
}

// Error says how long to wait and why.
func (e *RetryError) Error() string { return fmt.Sprintf("chat: retry after %s: %v", e.After, e.Err) }

// Unwrap gives the cause.
func (e *RetryError) Unwrap() error { return e.Err }
