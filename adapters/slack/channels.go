package slack

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"parcours/bot/chat"
	"parcours/casework"
)

// channelName is what Slack takes for the name of a channel.
var channelName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,79}$`)

// Channel gives a channel as it is now. It returns chat.ErrNotFound for what is no id
// of a channel; for one that Slack does not show, an error that may pass, since it may
// be that somebody took the bot out and puts it back.
func (a *Adapter) Channel(ctx context.Context, id casework.ChannelID) (chat.Channel, error) {
	me, err := a.me(ctx)
	if err != nil {
		return chat.Channel{}, err
	}
	found, err := a.channel(ctx, id)
	if err != nil {
		return chat.Channel{}, err
	}
	shown := chat.Channel{
		ID: id, Name: found.Name, Direct: found.IsIM, Archived: found.IsArchived,
		Private: found.IsIM || found.IsPrivate && !isShared(found),
	}
	members, err := a.members(ctx, id)
	if err != nil {
		return chat.Channel{}, err
	}
	present := false
	for _, user := range members {
		if string(user) == me.user {
			present = true
			continue
		}
		shown.Members = append(shown.Members, user)
	}
	if !present && shown.Private && !shown.Archived {
		return chat.Channel{}, errors.New("slack: channel: the bot is not in it")
	}
	a.circles.Know(id, shown.Members)
	return shown, nil
}

// isShared reports a channel that another workspace sees, or is invited to see; one of
// several people without a name is nobody's channel either.
func isShared(c *slack.Channel) bool {
	return c.IsShared || c.IsExtShared || c.IsOrgShared || c.IsGlobalShared || c.IsPendingExtShared || c.IsMpIM ||
		len(c.ConnectedTeamIDs) > 0 || len(c.PendingShared) > 0
}

func (a *Adapter) channel(ctx context.Context, id casework.ChannelID) (*slack.Channel, error) {
	if !isChannel(string(id)) {
		return nil, fmt.Errorf("slack: channel: %w", chat.ErrNotFound)
	}
	found, err := a.client.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: string(id)})
	if err != nil {
		return nil, hidden("channel", err)
	}
	return found, nil
}

// errHidden: Slack does not say of a private channel whether it is there.
var errHidden = errors.New("the bot may not see the channel, or there is none")

// hidden is failure, for what is asked of a channel that may be there.
func hidden(op string, err error) error {
	if codeOf(err) == errNoChannel {
		return fmt.Errorf("slack: %s: %w", op, errHidden)
	}
	return failure(op, err)
}

// members gives all the members of a channel, the bot included.
func (a *Adapter) members(ctx context.Context, id casework.ChannelID) ([]casework.UserID, error) {
	var all []casework.UserID
	cursor := ""
	for {
		members, next, err := a.client.GetUsersInConversationContext(ctx, &slack.GetUsersInConversationParameters{
			ChannelID: string(id), Cursor: cursor, Limit: page,
		})
		if err != nil {
			return nil, hidden("members", err)
		}
		for _, member := range members {
			if user := casework.UserID(member); !slices.Contains(all, user) {
				all = append(all, user)
			}
		}
		if next == "" {
			return all, nil
		}
		cursor = next
	}
}

// isIn says whether a user is in a channel, the bot too.
func (a *Adapter) isIn(ctx context.Context, channel, user string) (bool, error) {
	members, err := a.members(ctx, casework.ChannelID(channel))
	return slices.Contains(members, casework.UserID(user)), err
}

// Open gives the private channel of this name, in small letters, with the user in it,
// making it if need be. It returns chat.ErrRefused for a name that Slack would not
// take, and for that of a channel that is archived, public or not the bot's.
func (a *Adapter) Open(ctx context.Context, name string, first casework.UserID) (casework.ChannelID, error) {
	short := strings.ToLower(name)
	if !channelName.MatchString(short) {
		return "", fmt.Errorf("slack: open: not a name of a channel: %w", chat.ErrRefused)
	}
	channel, err := a.client.CreateConversationContext(ctx, slack.CreateConversationParams{ChannelName: short, IsPrivate: true})
	switch {
	case codeOf(err) == errNameTaken:
		if channel, err = a.ours(ctx, short); err != nil {
			return "", err
		}
	case err != nil:
		return "", failure("open", err)
	}
	id := casework.ChannelID(channel.ID)
	return id, a.Add(ctx, id, first)
}

// ours gives the channel that has a name, if it is the bot's and open.
func (a *Adapter) ours(ctx context.Context, name string) (*slack.Channel, error) {
	me, err := a.me(ctx)
	if err != nil {
		return nil, err
	}
	all, err := a.allChannels(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		switch {
		case c.Name != name:
		case c.Creator != me.user || !c.IsPrivate:
			return nil, fmt.Errorf("slack: open: the name is taken by a channel that is not the bot's: %w", chat.ErrRefused)
		case c.IsArchived:
			return nil, fmt.Errorf("slack: open: the name is taken by an archived channel: %w", chat.ErrRefused)
		default:
			return &c, nil
		}
	}
	return nil, fmt.Errorf("slack: open: the name is taken by a channel the bot may not see: %w", chat.ErrRefused)
}

// allChannels gives the channels that the bot is in, archived ones included.
func (a *Adapter) allChannels(ctx context.Context) ([]slack.Channel, error) {
	var all []slack.Channel
	cursor := ""
	for {
		channels, next, err := a.client.GetConversationsForUserContext(ctx, &slack.GetConversationsForUserParameters{
			Types: []string{"private_channel", "public_channel"}, Cursor: cursor, Limit: page,
		})
		if err != nil {
			return nil, failure("the bot's channels", err)
		}
		all = append(all, channels...)
		if next == "" {
			return all, nil
		}
		cursor = next
	}
}

// Add puts a user in a channel. It returns chat.ErrNotFound, or chat.ErrRefused for a
// user who is deactivated, an archived channel, and where the bot may not.
func (a *Adapter) Add(ctx context.Context, channel casework.ChannelID, user casework.UserID) error {
	if !isUser(string(user)) || !isChannel(string(channel)) {
		return fmt.Errorf("slack: add: %w", chat.ErrNotFound)
	}
	account, err := a.Account(ctx, string(user))
	if err != nil {
		return err
	}
	if !account.Active {
		return fmt.Errorf("slack: add: the account is deactivated: %w", chat.ErrRefused)
	}
	_, err = a.client.InviteUsersToConversationContext(ctx, string(channel), string(user))
	if err != nil && codeOf(err) != errAlreadyIn {
		return hidden("add", err)
	}
	return nil
}

// Remove takes a user out of a channel, if they are in it. It returns
// chat.ErrNotFound for what is no id of a channel, and chat.ErrRefused where the bot
// may not.
func (a *Adapter) Remove(ctx context.Context, channel casework.ChannelID, user casework.UserID) error {
	found, err := a.channel(ctx, channel)
	if err != nil {
		return err
	}
	if found.IsIM || found.IsMpIM {
		return fmt.Errorf("slack: remove: a direct conversation: %w", chat.ErrRefused)
	}
	in, err := a.isIn(ctx, string(channel), string(user))
	if err != nil || !in {
		return err
	}
	return a.kick(ctx, channel, user)
}

// kick takes out a user who is there, and shows them at once what they may still see.
func (a *Adapter) kick(ctx context.Context, channel casework.ChannelID, user casework.UserID) error {
	err := a.client.KickUserFromConversationContext(ctx, string(channel), string(user))
	// Slack says the same of a user who just left and of a bot that did.
	if codeOf(err) == errNotIn {
		if in, fault := a.isIn(ctx, string(channel), string(user)); fault == nil && !in {
			err = nil
		}
	}
	if err != nil {
		return hidden("remove", err)
	}
	a.refresh(string(user))
	return nil
}

// Archive takes everybody out of a channel and closes it; its name stays taken. It
// returns chat.ErrNotFound for what is no id of a channel, and chat.ErrRefused for a
// direct conversation and where the bot may not.
func (a *Adapter) Archive(ctx context.Context, id casework.ChannelID) error {
	me, err := a.me(ctx)
	if err != nil {
		return err
	}
	channel, err := a.channel(ctx, id)
	if err != nil {
		return err
	}
	if channel.IsIM || channel.IsMpIM {
		return fmt.Errorf("slack: archive: a direct conversation: %w", chat.ErrRefused)
	}
	if channel.IsArchived {
		return nil
	}
	members, err := a.members(ctx, id)
	if err != nil {
		return err
	}
	for _, user := range members {
		if string(user) == me.user {
			continue
		}
		if err := a.kick(ctx, id, user); err != nil {
			return err
		}
	}
	if err := a.client.ArchiveConversationContext(ctx, string(id)); err != nil && codeOf(err) != errAlreadyArchived {
		return hidden("archive", err)
	}
	return nil
}
