package slack

import (
	"context"
	"sync"

	"github.com/slack-go/slack"

	"parcours/bot/chat"
	"parcours/casework"
)

// homeLine is what opening the Home tab is taken for.
const homeLine = "mes-situations"

// homes remembers who was shown their cases in the Home tab. It is not kept over a
// restart: what is there is then replaced when it is opened.
type homes struct{ shown sync.Map }

// home shows a user their cases, as they may see them at this moment, in the place of
// what was there.
func (a *Adapter) home(ctx context.Context, bot chat.Handler, user string) {
	me, err := a.me(ctx)
	if err != nil || user == me.user {
		a.logged("a home was not shown", err)
		return
	}
	channel, err := a.direct(ctx, user)
	if err != nil {
		a.logged("a home was not shown", err)
		return
	}
	answer := bot.Command(ctx, chat.Command{User: casework.UserID(user), Channel: casework.ChannelID(channel), Text: homeLine, Kept: true})
	view := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{}}}
	if out, ok := answer.Say.Value(); ok && string(out.User) == user {
		view.Blocks.BlockSet = newSheet(out.Message, viewMax).blocks()
	}
	a.homes.shown.Store(user, true)
	_, err = patiently(ctx, func() (struct{}, error) {
		_, err := a.client.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user, View: view})
		if err != nil {
			err = failure("publish a view", err)
		}
		return struct{}{}, err
	})
	a.logged("a home was not shown", err)
}

// refresh shows a user their cases anew, if they were shown any: something of theirs
// may have changed. Slack goes on showing what a home had until it is replaced.
func (a *Adapter) refresh(user string) {
	bot := a.bot()
	if _, ok := a.homes.shown.Load(user); !ok || bot == nil {
		return
	}
	a.act(context.Background(), func(ctx context.Context) { a.home(ctx, bot, user) })
}
