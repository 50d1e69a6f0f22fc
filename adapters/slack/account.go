package slack

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"parcours/bot/chat"
	"parcours/casework"
)

var (
	userID    = regexp.MustCompile(`^[UW][A-Z0-9]{2,30}$`)
	channelID = regexp.MustCompile(`^[CDG][A-Z0-9]{2,30}$`)
	messageID = regexp.MustCompile(`^[0-9]{1,12}\.[0-9]{1,9}$`)
)

func isUser(id string) bool    { return userID.MatchString(id) }
func isChannel(id string) bool { return channelID.MatchString(id) }
func isMessage(id string) bool { return messageID.MatchString(id) }

// usersPage is how many accounts are asked for at a time.
const usersPage = 1000

// slackbot is Slack's own, which it does not call a bot.
const slackbot = "USLACKBOT"

// Account finds a user by id, or by handle when it starts with @; what follows the @
// may also be an id, as Slack writes the mentions of a command. It returns
// chat.ErrNotFound, also for a handle that several people show. An outsider is a
// guest, or somebody of another workspace.
func (a *Adapter) Account(ctx context.Context, idOrHandle string) (chat.Account, error) {
	me, err := a.me(ctx)
	if err != nil {
		return chat.Account{}, err
	}
	handle, typed := strings.CutPrefix(idOrHandle, "@")
	if typed && handle != "" && !isUser(handle) {
		user, err := a.byHandle(ctx, handle)
		if err != nil {
			return chat.Account{}, err
		}
		return a.account(user, me.team), nil
	}
	if !isUser(handle) {
		return chat.Account{}, fmt.Errorf("slack: account: %w", chat.ErrNotFound)
	}
	user, err := a.client.GetUserInfoContext(ctx, handle, slack.GetUserInfoOptionIncludeLocale(true))
	if err != nil {
		return chat.Account{}, failure("account", err)
	}
	return a.account(*user, me.team), nil
}

// byHandle looks through the workspace for who is called so: by their own name, or
// else by the name they show, if nobody else shows it.
func (a *Adapter) byHandle(ctx context.Context, handle string) (slack.User, error) {
	var shown []slack.User
	pages := a.client.GetUsersPaginated(slack.GetUsersOptionLimit(usersPage), slack.GetUsersOptionIncludeLocale(true))
	for {
		next, err := pages.Next(ctx)
		if next.Done(err) {
			break
		}
		if err != nil {
			return slack.User{}, failure("account", err)
		}
		pages = next
		for _, user := range pages.Users {
			if strings.EqualFold(user.Name, handle) {
				return user, nil
			}
			if !user.Deleted && strings.EqualFold(user.Profile.DisplayName, handle) {
				shown = append(shown, user)
			}
		}
	}
	if len(shown) != 1 {
		return slack.User{}, fmt.Errorf("slack: account: %w", chat.ErrNotFound)
	}
	return shown[0], nil
}

func (a *Adapter) account(user slack.User, team string) chat.Account {
	lang := chat.French
	if strings.HasPrefix(strings.ToLower(user.Locale), "en") {
		lang = chat.English
	}
	zone, err := time.LoadLocation(user.TZ)
	if err != nil || user.TZ == "" {
		zone = a.options.Now().Location()
	}
	name := user.Name
	for _, better := range []string{user.RealName, user.Profile.RealName} {
		if better != "" {
			name = better
		}
	}
	return chat.Account{
		ID: casework.UserID(user.ID), Handle: user.Name, Name: name, Lang: lang, Zone: zone,
		Active: !user.Deleted, Outsider: isOutsider(user, team),
		Bot: user.IsBot || user.IsWorkflowBot || user.IsConnectorBot || user.ID == slackbot,
	}
}

// isOutsider reports a guest, a stranger met in a shared channel, and whoever is of
// another workspace.
func isOutsider(user slack.User, team string) bool {
	return user.IsStranger || user.IsRestricted || user.IsUltraRestricted ||
		user.TeamID != team && !slices.Contains(user.Enterprise.Teams, team)
}
