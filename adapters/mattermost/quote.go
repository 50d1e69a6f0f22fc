package mattermost

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
	"parcours/casework"
)

var _ chat.Quoter = (*Adapter)(nil)

// Quote gives the post that a link of this server points at, as its menu copies
// it, or whose id it is. Error: chat.ErrNotFound unless a person wrote it in a
// channel that reader is in, and the bot too.
func (a *Adapter) Quote(ctx context.Context, link string, reader casework.UserID) (chat.Quote, error) {
	quote, err := a.quoted(ctx, link, string(reader))
	if errors.Is(err, chat.ErrRefused) {
		// Whether it exists is not to be told.
		return chat.Quote{}, fmt.Errorf("mattermost: quote: %w", chat.ErrNotFound)
	}
	return quote, err
}

func (a *Adapter) quoted(ctx context.Context, link, reader string) (chat.Quote, error) {
	none := fmt.Errorf("mattermost: quote: %w", chat.ErrNotFound)
	me, err := a.me(ctx)
	if err != nil {
		return chat.Quote{}, err
	}
	id, err := a.postOf(ctx, strings.TrimSpace(link))
	if err != nil {
		return chat.Quote{}, err
	}
	if id == "" || !model.IsValidId(reader) {
		return chat.Quote{}, none
	}
	post, resp, err := a.client.GetPost(ctx, id, "")
	if err != nil {
		return chat.Quote{}, failure("quote", resp, err)
	}
	if post.DeleteAt != 0 || post.Type != model.PostTypeDefault || post.UserId == string(me) || byProgram(post) {
		return chat.Quote{}, none
	}
	if _, resp, err := a.client.GetChannelMember(ctx, post.ChannelId, reader, ""); err != nil {
		return chat.Quote{}, failure("quote", resp, err)
	}
	return chat.Quote{
		Channel: casework.ChannelID(post.ChannelId), Message: casework.MessageRef(post.Id),
		Author: casework.UserID(post.UserId), Text: post.Message,
	}, nil
}

var permalink = regexp.MustCompile(`^/[^/]+/pl/([a-z0-9]{26})$`)

// postOf gives the id of the post that a link points at; nothing when it is none
// of this server.
func (a *Adapter) postOf(ctx context.Context, link string) (string, error) {
	if model.IsValidId(link) {
		return link, nil
	}
	if id := under(a.options.URL, link); id != "" || !isWebAddress(link) {
		return id, nil
	}
	// People may know the server by another address than the bot.
	settings, resp, err := a.client.GetClientConfig(ctx, "")
	if err != nil {
		return "", failure("quote", resp, err)
	}
	return under(settings["SiteURL"], link), nil
}

// under gives the post of a link that begins with the address of a server.
func under(site, link string) string {
	base, err := url.Parse(strings.TrimRight(site, "/"))
	if err != nil || base.Host == "" {
		return ""
	}
	at, err := url.Parse(link)
	if err != nil || at.Scheme != base.Scheme || !strings.EqualFold(at.Host, base.Host) {
		return ""
	}
	path, ok := strings.CutPrefix(at.Path, base.Path)
	found := permalink.FindStringSubmatch(path)
	if !ok || found == nil {
		return ""
	}
	return found[1]
}
