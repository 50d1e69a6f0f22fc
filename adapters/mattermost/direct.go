package mattermost

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
)

// A conversation is the direct channel of the bot and a user.
type conversation struct {
	channel string
	opened  time.Time
}

// direct gives the conversation between the bot and a user.
func (a *Adapter) direct(ctx context.Context, user string) (string, error) {
	if known, ok := a.directs.Load(user); ok {
		return known.(conversation).channel, nil
	}
	me, err := a.me(ctx)
	if err != nil {
		return "", err
	}
	if !model.IsValidId(user) || user == string(me) {
		return "", fmt.Errorf("mattermost: conversation: %w", chat.ErrNotFound)
	}
	channel, resp, err := a.client.CreateDirectChannel(ctx, string(me), user)
	if err != nil {
		return "", failure("conversation", resp, err)
	}
	a.directs.Store(user, conversation{channel.Id, a.options.Now()})
	return channel.Id, nil
}

// newly is how long a server may refuse the bot a conversation that it has just
// given: who is in one that is made at that moment is known to it a little later.
const newly = time.Minute

// admitted gives the error of a call in the conversation with a user: a refusal may
// pass where the conversation is new.
func (a *Adapter) admitted(user string, err error) error {
	known, ok := a.directs.Load(user)
	if !ok || !errors.Is(err, chat.ErrRefused) || a.options.Now().Sub(known.(conversation).opened) > newly {
		return err
	}
	return fmt.Errorf("in a new conversation: %v", err)
}
