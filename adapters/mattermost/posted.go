package mattermost

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
	"parcours/casework"
)

// helpLine is what a mention of the bot is taken for.
const helpLine = "aide"

// posted answers a direct message as the command it is, and a mention of the bot
// elsewhere with the help, once a day for each user in each channel. What bots
// and integrations write is left aside.
func (a *Adapter) posted(ctx context.Context, bot chat.Handler, e *model.WebSocketEvent) {
	me, err := a.me(ctx)
	if err != nil {
		return
	}
	raw, _ := e.GetData()["post"].(string)
	var post model.Post
	if json.Unmarshal([]byte(raw), &post) != nil || post.Type != model.PostTypeDefault {
		return
	}
	if post.UserId == string(me) || byProgram(&post) || !model.IsValidId(post.UserId) {
		return
	}
	who := asker{user: post.UserId, channel: post.ChannelId}
	if kind, _ := e.GetData()["channel_type"].(string); kind == string(model.ChannelTypeDirect) {
		line := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(post.Message), "/parcours"))
		answer := bot.Command(ctx, chat.Command{User: casework.UserID(who.user), Channel: casework.ChannelID(who.channel), Text: line})
		m, ok := a.saying(ctx, who, answer)
		switch {
		case ok && answer.Instead == "":
			a.logged("an answer in private was not said", a.write(ctx, who.user, m))
		case ok:
			a.logged("an answer in private was not said", a.whisper(ctx, who, m, answer.Instead))
		}
		return
	}
	mentioned, _ := e.GetData()["mentions"].(string)
	var users []string
	if json.Unmarshal([]byte(mentioned), &users) != nil || !slices.Contains(users, string(me)) || !a.helped.First(casework.UserID(who.user), casework.ChannelID(who.channel), a.options.Now()) {
		return
	}
	answer := bot.Command(ctx, chat.Command{User: casework.UserID(who.user), Channel: casework.ChannelID(who.channel), Text: helpLine})
	if m, ok := a.saying(ctx, who, answer); ok {
		a.logged("the help was not said", a.whisper(ctx, who, m, answer.Instead))
	}
}

// byProgram says whether a bot or an integration wrote a post.
func byProgram(post *model.Post) bool {
	return post.GetProp(model.PostPropsFromBot) != nil || post.GetProp(model.PostPropsFromWebhook) != nil || post.GetProp(model.PostPropsFromPlugin) != nil
}
