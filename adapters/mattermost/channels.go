package mattermost

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
	"parcours/casework"
)

// Channel gives a channel as it is now. It returns chat.ErrNotFound when there
// is none; when the bot may not see it, an error that may pass, since somebody
// can put the bot back.
func (a *Adapter) Channel(ctx context.Context, id casework.ChannelID) (chat.Channel, error) {
	me, err := a.me(ctx)
	if err != nil {
		return chat.Channel{}, err
	}
	channel, err := a.channel(ctx, id)
	if err != nil {
		return chat.Channel{}, err
	}
	shown := chat.Channel{
		ID: id, Name: channel.Name, Direct: channel.Type == model.ChannelTypeDirect,
		Private: channel.Type == model.ChannelTypePrivate && !channel.IsShared(), Archived: channel.DeleteAt != 0,
	}
	shown.Private = shown.Private || shown.Direct
	members, err := a.members(ctx, id)
	if err != nil {
		return chat.Channel{}, err
	}
	present := false
	for _, user := range members {
		if user == me {
			present = true
			continue
		}
		shown.Members = append(shown.Members, user)
	}
	if !present && shown.Private {
		return chat.Channel{}, fmt.Errorf("mattermost: channel: the bot is not in it")
	}
	a.circles.Know(id, shown.Members)
	return shown, nil
}

func (a *Adapter) channel(ctx context.Context, id casework.ChannelID) (*model.Channel, error) {
	if !model.IsValidId(string(id)) {
		return nil, fmt.Errorf("mattermost: channel: %w", chat.ErrNotFound)
	}
	channel, resp, err := a.client.GetChannel(ctx, string(id))
	if err != nil && resp != nil && resp.StatusCode == http.StatusForbidden {
		return nil, fmt.Errorf("mattermost: channel: the bot may not see it: %s", errorID(err))
	}
	if err != nil {
		return nil, failure("channel", resp, err)
	}
	return channel, nil
}

// members gives all the members of a channel, the bot included.
func (a *Adapter) members(ctx context.Context, id casework.ChannelID) ([]casework.UserID, error) {
	var all []casework.UserID
	seen := map[string]bool{}
	for n := 0; ; n++ {
		members, resp, err := a.client.GetChannelMembers(ctx, string(id), n, page, "")
		if err != nil {
			return nil, failure("members", resp, err)
		}
		for _, m := range members {
			if !seen[m.UserId] {
				seen[m.UserId] = true
				all = append(all, casework.UserID(m.UserId))
			}
		}
		if len(members) < page {
			return all, nil
		}
	}
}

// Open gives the private channel of this name, in small letters, with the user
// in it, making it if need be. It returns chat.ErrRefused when the name is that
// of a channel that is archived, public or not the bot's, and for a user who is
// not in the team.
func (a *Adapter) Open(ctx context.Context, name string, first casework.UserID) (casework.ChannelID, error) {
	me, err := a.me(ctx)
	if err != nil {
		return "", err
	}
	short := strings.ToLower(name)
	team, err := a.openIn(ctx, short, string(first))
	if err != nil {
		return "", err
	}
	channel, resp, err := a.client.CreateChannel(ctx, &model.Channel{
		TeamId: team, Type: model.ChannelTypePrivate, Name: short, DisplayName: strings.ToUpper(name),
	})
	if errorID(err) == errNameTaken {
		if channel, err = a.ours(ctx, team, short, string(me)); err != nil {
			return "", err
		}
	} else if err != nil {
		return "", failure("open", resp, err)
	}
	id := casework.ChannelID(channel.Id)
	return id, a.Add(ctx, id, first)
}

// ours gives the channel that has a name, if it is the bot's and open.
func (a *Adapter) ours(ctx context.Context, team, name, me string) (*model.Channel, error) {
	channel, resp, err := a.client.GetChannelByNameIncludeDeleted(ctx, name, team, "")
	switch {
	case err != nil && resp != nil && (resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusForbidden):
		return nil, fmt.Errorf("mattermost: open: the name is taken by a channel the bot may not see: %w", chat.ErrRefused)
	case err != nil:
		return nil, failure("open", resp, err)
	case channel.CreatorId != me, channel.Type != model.ChannelTypePrivate:
		return nil, fmt.Errorf("mattermost: open: the name is taken by a channel that is not the bot's: %w", chat.ErrRefused)
	case channel.DeleteAt != 0:
		return nil, fmt.Errorf("mattermost: open: the name is taken by an archived channel: %w", chat.ErrRefused)
	}
	return channel, nil
}

// Add puts a user in a channel. It returns chat.ErrNotFound, or chat.ErrRefused
// for a user who is not in the team or is deactivated, an archived channel, and
// where the bot may not.
func (a *Adapter) Add(ctx context.Context, channel casework.ChannelID, user casework.UserID) error {
	if !model.IsValidId(string(user)) {
		return fmt.Errorf("mattermost: add: %w", chat.ErrNotFound)
	}
	// The server itself lets people into an archived channel.
	if found, err := a.channel(ctx, channel); err != nil {
		return err
	} else if found.DeleteAt != 0 {
		return fmt.Errorf("mattermost: add: the channel is archived: %w", chat.ErrRefused)
	}
	account, resp, err := a.client.GetUser(ctx, string(user), "")
	if err != nil {
		return failure("add", resp, err)
	}
	if account.DeleteAt != 0 {
		return fmt.Errorf("mattermost: add: the account is deactivated: %w", chat.ErrRefused)
	}
	_, resp, err = a.client.AddChannelMember(ctx, string(channel), string(user))
	switch {
	case err == nil:
		return nil
	case errorID(err) == errNotInTeam:
		return fmt.Errorf("mattermost: add: the user is not in the team: %w", chat.ErrRefused)
	}
	return failure("add", resp, err)
}

// Remove takes a user out of a channel, if they are in it. It returns
// chat.ErrNotFound for an unknown channel, and chat.ErrRefused where the bot may
// not.
func (a *Adapter) Remove(ctx context.Context, channel casework.ChannelID, user casework.UserID) error {
	found, err := a.channel(ctx, channel)
	if err != nil {
		return err
	}
	if found.IsGroupOrDirect() {
		return fmt.Errorf("mattermost: remove: a direct conversation: %w", chat.ErrRefused)
	}
	_, resp, err := a.client.GetChannelMember(ctx, string(channel), string(user), "")
	if errorID(err) == errNotMember {
		return nil
	}
	if err != nil {
		return failure("remove", resp, err)
	}
	resp, err = a.client.RemoveUserFromChannel(ctx, string(channel), string(user))
	if err != nil && errorID(err) != errNotMember {
		return failure("remove", resp, err)
	}
	return nil
}

// Archive takes everybody out of a channel and closes it; its name stays taken.
// It returns chat.ErrNotFound, and chat.ErrRefused for a direct conversation and
// where the bot may not.
func (a *Adapter) Archive(ctx context.Context, id casework.ChannelID) error {
	me, err := a.me(ctx)
	if err != nil {
		return err
	}
	channel, err := a.channel(ctx, id)
	if err != nil {
		return err
	}
	if channel.IsGroupOrDirect() {
		return fmt.Errorf("mattermost: archive: a direct conversation: %w", chat.ErrRefused)
	}
	if channel.DeleteAt != 0 {
		return nil
	}
	members, err := a.members(ctx, id)
	if err != nil {
		return err
	}
	for _, user := range members {
		if user != me {
			if err := a.Remove(ctx, id, user); err != nil {
				return err
			}
		}
	}
	resp, err := a.client.DeleteChannel(ctx, string(id))
	if err != nil && errorID(err) != errAlreadyClosed {
		return failure("archive", resp, err)
	}
	return nil
}
