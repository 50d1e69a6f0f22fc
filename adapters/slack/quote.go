package slack

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"parcours/bot/chat"
	"parcours/casework"
)

var _ chat.Quoter = (*Adapter)(nil)

// Quote gives the message that a link of this workspace points at, as its menu copies
// it. Error: chat.ErrNotFound unless a person wrote it in a channel that reader is in,
// and the bot too.
func (a *Adapter) Quote(ctx context.Context, link string, reader casework.UserID) (chat.Quote, error) {
	quote, err := a.quoted(ctx, link, string(reader))
	if errors.Is(err, chat.ErrRefused) || errors.Is(err, errUnlet) {
		// Whether it exists is not to be told.
		return chat.Quote{}, fmt.Errorf("slack: quote: %w", chat.ErrNotFound)
	}
	return quote, err
}

func (a *Adapter) quoted(ctx context.Context, link, reader string) (chat.Quote, error) {
	none := fmt.Errorf("slack: quote: %w", chat.ErrNotFound)
	me, err := a.me(ctx)
	if err != nil {
		return chat.Quote{}, err
	}
	channel, id, thread, ok := pointed(me.address, strings.TrimSpace(link))
	if !ok || !isUser(reader) {
		return chat.Quote{}, none
	}
	// Whether they may read it is asked first: who may not learns nothing, not even by
	// how long it takes.
	in, err := a.isIn(ctx, channel, reader)
	switch {
	case errors.Is(err, errHidden):
		return chat.Quote{}, none
	case err != nil:
		return chat.Quote{}, err
	case !in:
		return chat.Quote{}, none
	}
	m, err := a.message(ctx, channel, id, thread)
	if err != nil {
		return chat.Quote{}, err
	}
	if !isSomebodys(m.SubType) || m.BotID != "" || m.User == me.user || !isUser(m.User) {
		return chat.Quote{}, none
	}
	return chat.Quote{
		Channel: casework.ChannelID(channel), Message: casework.MessageRef(id),
		Author: casework.UserID(m.User), Text: typed(m.Text),
	}, nil
}

// isSomebodys says whether messages of a subtype are what people write. The others are
// Slack's, or tell what became of a message.
func isSomebodys(subtype string) bool {
	switch subtype {
	case "", "file_share", "thread_broadcast", "me_message":
		return true
	}
	return false
}

var archived = regexp.MustCompile(`^/archives/([A-Z0-9]{3,31})/p([0-9]{7,18})$`)

// fraction is how many digits of a message's moment are of a second.
const fraction = 6

// permalink is the address of a message, as its menu copies it.
func permalink(address, channel, id, thread string) string {
	link := address + "/archives/" + channel + "/p" + strings.Replace(id, ".", "", 1)
	if thread != "" && thread != id {
		link += "?thread_ts=" + thread + "&cid=" + channel
	}
	return link
}

// pointed gives what a link of the workspace points at.
func pointed(address, link string) (channel, id, thread string, ok bool) {
	base, err := url.Parse(address)
	if err != nil || base.Host == "" {
		return "", "", "", false
	}
	at, err := url.Parse(link)
	if err != nil || at.Scheme != base.Scheme || !strings.EqualFold(at.Host, base.Host) {
		return "", "", "", false
	}
	found := archived.FindStringSubmatch(at.Path)
	if found == nil || !isChannel(found[1]) {
		return "", "", "", false
	}
	digits := found[2]
	id = digits[:len(digits)-fraction] + "." + digits[len(digits)-fraction:]
	thread = at.Query().Get("thread_ts")
	if thread != "" && !isMessage(thread) {
		return "", "", "", false
	}
	return found[1], id, thread, isMessage(id)
}
