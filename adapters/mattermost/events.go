package mattermost

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/cenkalti/backoff/v5"
	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
	"parcours/casework"
)

// event tells the bot what an event of the server means for it.
func (a *Adapter) event(ctx context.Context, e *model.WebSocketEvent) {
	bot := a.bot()
	if bot == nil {
		return
	}
	text := func(key string) string {
		s, _ := e.GetData()[key].(string)
		return s
	}
	channel := text("channel_id")
	if channel == "" && e.GetBroadcast() != nil {
		channel = e.GetBroadcast().ChannelId
	}
	user := casework.UserID(text("user_id"))
	me, err := a.me(ctx)
	if err != nil {
		a.logged("an event was left aside", err)
		return
	}
	move := func(m chat.Move) {
		if m.Channel != "" {
			bot.Moved(ctx, m)
		}
	}
	switch e.EventType() {
	case model.WebsocketEventUserAdded:
		if user == me {
			user = "" // all of the channel is new to the bot
		}
		move(chat.Move{Channel: casework.ChannelID(channel), User: user})
	case model.WebsocketEventUserRemoved:
		if user == "" || user == me {
			move(chat.Move{Channel: casework.ChannelID(channel)})
			return
		}
		move(chat.Move{Channel: casework.ChannelID(channel), User: user, Left: true})
	case model.WebsocketEventChannelConverted, model.WebsocketEventChannelDeleted, model.WebsocketEventChannelRestored, model.WebsocketEventChannelUpdated:
		move(chat.Move{Channel: casework.ChannelID(channel)})
	case model.WebsocketEventLeaveTeam:
		a.leftTeam(ctx, bot, user)
	case model.WebsocketEventUserUpdated:
		for _, channel := range a.circles.With(changed(e)) {
			move(chat.Move{Channel: channel})
		}
	case model.WebsocketEventPosted:
		a.posted(ctx, bot, e)
	}
}

// leftTeam tells that a user left every private channel of a team, of which the
// server says no word.
func (a *Adapter) leftTeam(ctx context.Context, bot chat.Handler, user casework.UserID) {
	for _, channel := range a.circles.With(user) {
		_, _, err := a.client.GetChannelMember(ctx, string(channel), string(user), "")
		bot.Moved(ctx, chat.Move{Channel: channel, User: user, Left: errorID(err) == errNotMember})
	}
}

// changed is the user whose account changed; nobody that is in any channel when
// the event does not say.
func changed(e *model.WebSocketEvent) casework.UserID {
	raw, err := json.Marshal(e.GetData()["user"])
	if err != nil {
		return "-"
	}
	var user struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(raw, &user) != nil || user.ID == "" {
		return "-"
	}
	return casework.UserID(user.ID)
}

// resync tells what may have happened while nobody listened: in each private
// channel the bot is in or has looked at, who left and who came since it last
// looked, and that it should look again.
func (a *Adapter) resync(ctx context.Context) error {
	bot := a.bot()
	if bot == nil {
		return nil
	}
	me, err := a.me(ctx)
	if err != nil {
		return err
	}
	all, err := a.allChannels(ctx, string(me))
	if err != nil {
		return err
	}
	channels := a.circles.With("")
	for _, c := range all {
		if c.Type == model.ChannelTypePrivate || c.Type == model.ChannelTypeOpen && c.CreatorId == string(me) {
			channels = append(channels, casework.ChannelID(c.Id))
		}
	}
	slices.Sort(channels)
	for _, id := range slices.Compact(channels) {
		before := a.circles.Members(id)
		now, err := a.patiently(ctx, id)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for _, user := range before {
			if err == nil && !slices.Contains(now.Members, user) {
				bot.Moved(ctx, chat.Move{Channel: id, User: user, Left: true})
			}
		}
		bot.Moved(ctx, chat.Move{Channel: id})
	}
	return nil
}

// patiently is Channel, asked again when the server wants patience: looking at
// many channels in a row is what wears it out.
func (a *Adapter) patiently(ctx context.Context, id casework.ChannelID) (chat.Channel, error) {
	return backoff.Retry(ctx, func() (chat.Channel, error) {
		channel, err := a.Channel(ctx, id)
		var later *chat.RetryError
		switch {
		case err == nil:
			return channel, nil
		case errors.As(err, &later):
			return channel, backoff.RetryAfter(int(later.After.Seconds()))
		}
		return channel, backoff.Permanent(err)
	}, backoff.WithMaxTries(8))
}
