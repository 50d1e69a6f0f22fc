package chat

import (
	"context"
	"time"

	"parcours/bot/internal/clearance"
	"parcours/casework"
)

// A Lang is a language of the screens.
type Lang string

// The languages.
const (
	French  Lang = "fr"
	English Lang = "en"
)

// An Account is a user as the platform knows them.
type Account struct {
	ID casework.UserID
	// Handle is what people type after @; Name is what they read.
	Handle, Name string
	Lang         Lang
	Zone         *time.Location
	// Active is false for a deactivated account. Outsider is true for a guest or
	// somebody of another organisation.
	Active, Outsider, Bot bool
}

// A Channel is a place as the platform shows it now.
type Channel struct {
	ID   casework.ChannelID
	Name string
	// Direct: a conversation between the bot and one user.
	Direct, Private, Archived bool
	// Members are the people who can read it at present, the bot excepted: of a
	// public channel, everybody. A deactivated account that the platform keeps in
	// the list may come back, and counts.
	Members []casework.UserID
}

// A Command is a line typed to the bot, without the leading "/parcours".
type Command struct {
	User    casework.UserID
	Channel casework.ChannelID
	Text    string
	// Kept: the answer stands where the platform keeps it, as in a page of the user's
	// own, and greets nobody.
	Kept bool
}

// A Submission is a form sent back. Only User and Channel are to be believed;
// all the rest could have been made up, and is checked again.
type Submission struct {
	User    casework.UserID
	Channel casework.ChannelID
	Form    string
	Token   string
	Values  Values
}

// A Press is a button pressed. Only User and Channel are to be believed, and
// that the message is the bot's own: the adapter checked it.
type Press struct {
	User    casework.UserID
	Channel casework.ChannelID
	Message casework.MessageRef
	Button  string
	Token   string
}

// A Move is a change in who can read a channel: somebody joined or left, or the
// channel itself changed (User empty).
type Move struct {
	Channel casework.ChannelID
	User    casework.UserID
	Left    bool
}

// An Answer is what the bot says at once to whoever acted: at most one of its
// parts is set. One without a form or errors closes the form that was answered;
// the zero Answer says nothing.
type Answer struct {
	// Say is for the eyes of the one who acted.
	Say Cleared
	// Form is opened, or takes the place of the one submitted.
	Form ClearedForm
	// FieldErrors keep the submitted form open, by field id; FormError too, for
	// what concerns no field in particular.
	FieldErrors map[string]string
	FormError   string
	// Instead is set where the platform is to keep nothing of an answer: it is
	// what to say in the place of one that could not be shown without being kept.
	Instead string
}

// A Handler answers what users do. It never fails: whatever went wrong is said
// in the answer.
type Handler interface {
	Command(ctx context.Context, c Command) Answer
	Submit(ctx context.Context, s Submission) Answer
	Press(ctx context.Context, p Press) Answer
	Moved(ctx context.Context, m Move)
}

// A Shelf is a Handler that gives files to whoever follows a link; see Linker.
type Shelf interface {
	// Page is what whoever follows the link of a token reads first, since programs
	// that look at links for people would use it up: a link serves once.
	Page(ctx context.Context, token string) Page
	// Fetch makes the file of a link anew, for the one it was given to, as far as
	// they may see it at this moment. Error: ErrNotFound for a link that serves no
	// more, or that never did, and for what they may not see any more.
	Fetch(ctx context.Context, token string) (ClearedFile, error)
}

// A Page is a text with a button that fetches a file; with none when there is
// nothing to fetch.
type Page struct {
	Lang                Lang
	Title, Text, Button string
}

// Cleared is a message the gate let through, with where it goes.
type Cleared = clearance.Of[Outgoing]

// ClearedForm is a form the gate let through.
type ClearedForm = clearance.Of[Form]

// ClearedFile is a file the gate let through.
type ClearedFile = clearance.Of[File]

// Outgoing is a message on its way.
type Outgoing struct {
	// Key identifies the message for ever, and travels with it. It is empty for
	// an answer to whoever acted, which is sent once and not looked for again.
	Key string
	// Keys name what it holds, where that is several things, and travel with it
	// too. A change in place without any leaves those that are there.
	Keys []string
	// Exactly one of these says where: a channel, or a user in private. For an
	// answer both are set: User reads it, in Channel; unless the platform keeps it.
	Channel casework.ChannelID
	User    casework.UserID
	// Edit is the message to change in place, whose Key this is; empty for a new
	// one. The files it has stay as they are if Message has some, and are taken
	// away if it has none.
	Edit casework.MessageRef
	// Seek: change the message of this Key, which may be there or not, as Edit would.
	// None is sent: where there is none, the error is ErrNotFound.
	Seek bool
	// Pin the message in its channel.
	Pin bool
	// Again: it was tried before, so look for Key before sending.
	Again bool
	// View and Subject are what made Message, and can make it again; of an answer,
	// View is the command or button, and Subject the command of one that is kept.
	View, Subject string
	Message       Message
}
