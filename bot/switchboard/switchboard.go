package switchboard

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"parcours/bot/chat"
	"parcours/casework"
)

// A Switchboard is a chat.Platform made of lines. What concerns a user or a channel
// goes by the line that their id tells; an id of a line that is not there fails for
// now, since the line may be put back.
type Switchboard struct{ lines []Line }

var (
	_ chat.Several = Switchboard{}
	_ chat.Finder  = Switchboard{}
	_ chat.Quoter  = Switchboard{}
	_ chat.Linker  = Switchboard{}
)

// New joins lines. It panics unless each has a name of its own, and one at most is
// bare: which lines there are is fixed by the program.
func New(lines ...Line) Switchboard {
	seen, bare := map[string]bool{}, 0
	for _, l := range lines {
		if l.Name == "" || strings.Contains(l.Name, mark) || seen[l.Name] {
			panic("switchboard: a line without a name of its own")
		}
		seen[l.Name] = true
		if l.Bare {
			bare++
		}
	}
	if bare > 1 {
		panic("switchboard: two bare lines")
	}
	return Switchboard{lines: lines}
}

// errNoLine: the id is of a chat that is not connected.
var errNoLine = errors.New("switchboard: this chat is not connected")

// line gives the line that an id tells.
func (s Switchboard) line(id string) (Line, error) {
	name, _, marked := strings.Cut(id, mark)
	for _, l := range s.lines {
		if marked && l.Name == name || !marked && l.Bare {
			return l, nil
		}
	}
	return Line{}, errNoLine
}

// On gives the chat of an id; the zero Surface where it is not connected.
func (s Switchboard) On(id string) chat.Surface {
	l, _ := s.line(id)
	return l.Surface
}

// Account finds a user by an id or a handle; a handle without the name of a line is
// looked for on the bare one.
func (s Switchboard) Account(ctx context.Context, idOrHandle string) (chat.Account, error) {
	l, err := s.line(idOrHandle)
	if err != nil {
		return chat.Account{}, err
	}
	found, err := l.Platform.Account(ctx, plain(l, idOrHandle))
	return l.account(found), err
}

// Near finds a user by what somebody typed or chose on their own line; a handle that
// nobody bears there is looked for on the others.
func (s Switchboard) Near(ctx context.Context, asker casework.UserID, idOrHandle string) (chat.Account, error) {
	if strings.Contains(idOrHandle, mark) {
		return s.Account(ctx, idOrHandle)
	}
	home, err := s.line(string(asker))
	if err != nil {
		return chat.Account{}, err
	}
	found, err := home.Platform.Account(ctx, idOrHandle)
	if err == nil || !errors.Is(err, chat.ErrNotFound) || !strings.HasPrefix(idOrHandle, "@") {
		return home.account(found), err
	}
	for _, l := range s.lines {
		if l.Name == home.Name {
			continue
		}
		if elsewhere, err := l.Platform.Account(ctx, idOrHandle); err == nil {
			return l.account(elsewhere), nil
		}
	}
	return chat.Account{}, err
}

// Send delivers by the line of the channel or the user.
func (s Switchboard) Send(ctx context.Context, message chat.Cleared) (chat.Sent, error) {
	out, ok := message.Value()
	if !ok {
		return chat.Sent{}, fmt.Errorf("switchboard: send without clearance: %w", chat.ErrRefused)
	}
	to := string(out.Channel)
	if to == "" {
		to = string(out.User)
	}
	l, err := s.line(to)
	if err != nil {
		return chat.Sent{}, err
	}
	at, err := l.Platform.Send(ctx, l.outward(message))
	return l.sent(at), err
}

// Channel gives a channel as it is now.
func (s Switchboard) Channel(ctx context.Context, id casework.ChannelID) (chat.Channel, error) {
	l, err := s.line(string(id))
	if err != nil {
		return chat.Channel{}, err
	}
	c, err := l.Platform.Channel(ctx, plain(l, id))
	c.ID = named(l, c.ID)
	members := make([]casework.UserID, len(c.Members))
	for i, user := range c.Members {
		members[i] = named(l, user)
	}
	c.Members = members
	return c, err
}

// Open gives a private channel on the line of its first user.
func (s Switchboard) Open(ctx context.Context, name string, first casework.UserID) (casework.ChannelID, error) {
	l, err := s.line(string(first))
	if err != nil {
		return "", err
	}
	id, err := l.Platform.Open(ctx, name, plain(l, first))
	return named(l, id), err
}

// Add puts a user in a channel of their own line. Error: chat.ErrRefused for any other.
func (s Switchboard) Add(ctx context.Context, channel casework.ChannelID, user casework.UserID) error {
	l, together, err := s.both(channel, user)
	switch {
	case err != nil:
		return err
	case !together:
		return fmt.Errorf("switchboard: a channel of another chat: %w", chat.ErrRefused)
	}
	return l.Platform.Add(ctx, plain(l, channel), plain(l, user))
}

// Remove takes a user out of a channel. One of another line is in none of its channels.
func (s Switchboard) Remove(ctx context.Context, channel casework.ChannelID, user casework.UserID) error {
	l, together, err := s.both(channel, user)
	if err != nil || !together {
		return err
	}
	return l.Platform.Remove(ctx, plain(l, channel), plain(l, user))
}

// both gives the line of a channel, and whether a user is on it too.
func (s Switchboard) both(channel casework.ChannelID, user casework.UserID) (Line, bool, error) {
	l, err := s.line(string(channel))
	return l, s.On(string(user)).Name == l.Name, err
}

// Archive closes a channel.
func (s Switchboard) Archive(ctx context.Context, channel casework.ChannelID) error {
	l, err := s.line(string(channel))
	if err != nil {
		return err
	}
	return l.Platform.Archive(ctx, plain(l, channel))
}

// Find looks where the user is, if that chat is able: one that is not has found nothing.
func (s Switchboard) Find(ctx context.Context, user casework.UserID, keys []string, since time.Time) (map[string]chat.Sent, error) {
	l, err := s.line(string(user))
	if err != nil {
		return nil, err
	}
	finder, able := l.Platform.(chat.Finder)
	if !able {
		return nil, nil
	}
	found, err := finder.Find(ctx, plain(l, user), keys, since)
	for key, at := range found {
		found[key] = l.sent(at)
	}
	return found, err
}

// Quote asks the chat of the reader, if it is able.
func (s Switchboard) Quote(ctx context.Context, link string, reader casework.UserID) (chat.Quote, error) {
	l, err := s.line(string(reader))
	if err != nil {
		return chat.Quote{}, err
	}
	quoter, able := l.Platform.(chat.Quoter)
	if !able {
		return chat.Quote{}, fmt.Errorf("switchboard: quote: %w", chat.ErrNotFound)
	}
	q, err := quoter.Quote(ctx, link, plain(l, reader))
	q.Channel, q.Message, q.Author = named(l, q.Channel), named(l, q.Message), named(l, q.Author)
	return q, err
}

// Link gives an address by the first chat that has a way for browsers: all lead to the
// same Shelf. It is empty when none has.
func (s Switchboard) Link(token string) string {
	for _, l := range s.lines {
		linker, able := l.Platform.(chat.Linker)
		if !able {
			continue
		}
		if address := linker.Link(token); address != "" {
			return address
		}
	}
	return ""
}
