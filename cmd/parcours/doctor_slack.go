package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"parcours/adapters/slack"
	"parcours/config"
	"parcours/locales"
)

// workspace checks the tokens of Slack, what they allow and what Slack is to keep.
func (d *doctor) workspace(ctx context.Context) {
	if !d.cfg.Slack.Used() {
		return
	}
	e := &appExamination{doctor: d, ctx: ctx, client: slackClient(d.cfg.Slack)}
	if d.cfg.Slack.Token != "" && !d.wrong["slack.token"] && e.token() {
		e.team()
		e.scopes()
		e.people("admins", d.cfg.Admins)
		e.people("pilots", d.cfg.Pilots)
	}
	e.heard()
	e.keeps()
}

// An appExamination is of one app in its workspace.
type appExamination struct {
	*doctor
	ctx    context.Context
	client *slackgo.Client
	me     *slackgo.AuthTestResponse
}

// slackWait is how long Slack may take to answer.
const slackWait = 30 * time.Second

// slackClient speaks to Slack with the tokens of a set-up.
func slackClient(s config.Slack) *slackgo.Client {
	options := []slackgo.Option{
		slackgo.OptionAppLevelToken(s.AppToken), slackgo.OptionHTTPClient(&http.Client{Timeout: slackWait}),
	}
	if slackAPI != "" {
		options = append(options, slackgo.OptionAPIURL(slackAPI))
	}
	return slackgo.New(s.Token, options...)
}

// slackCode is the word by which Slack says what is wrong; empty when it did not answer.
func slackCode(err error) string {
	var said slackgo.SlackErrorResponse
	if errors.As(err, &said) {
		return said.Err
	}
	return ""
}

// refused says why Slack does not take a token, or that it cannot be reached.
func (e *appExamination) refused(key string, err error) {
	if code := slackCode(err); code != "" {
		e.line(markFault, key, locales.Args{"Error": code})
		return
	}
	e.line(markFault, "doctor.slack_unreachable", locales.Args{"Why": cause(err)})
}

// token checks that Slack knows the bot by its token.
func (e *appExamination) token() bool {
	me, err := e.client.AuthTestContext(e.ctx)
	switch {
	case err != nil:
		e.refused("doctor.slack_token_refused", err)
		return false
	case me.BotID == "":
		e.line(markFault, "doctor.slack_token_human", locales.Args{"User": me.User})
		return false
	}
	e.me = me
	e.line(markOK, "doctor.slack", locales.Args{"Team": me.Team, "ID": me.TeamID, "Bot": me.User})
	return true
}

// team checks that it is the workspace that was meant.
func (e *appExamination) team() {
	args := locales.Args{"Team": e.me.Team, "ID": e.me.TeamID, "Want": e.cfg.Slack.Team}
	switch e.cfg.Slack.Team {
	case e.me.TeamID:
	case "":
		e.line(markOffer, "doctor.slack_team_unsaid", args)
	default:
		e.line(markFault, "doctor.slack_team", args)
	}
}

// scopes checks that the app may do what it has to, and no more.
func (e *appExamination) scopes() {
	var has []string
	for _, scope := range strings.Split(e.me.Header.Get("X-OAuth-Scopes"), ",") {
		if scope = strings.TrimSpace(scope); scope != "" {
			has = append(has, scope)
		}
	}
	without := func(all, these []string) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(these, s) }), ", ")
	}
	missing, many := without(slack.Scopes, has), without(has, slack.Scopes)
	switch {
	case missing != "":
		e.line(markFault, "doctor.slack_scopes_missing", locales.Args{"Scopes": missing})
	case many != "":
		e.line(markWarning, "doctor.slack_scopes_many", locales.Args{"Scopes": many})
	default:
		e.line(markOK, "doctor.slack_scopes")
	}
}

// heard checks that Slack can be listened to.
func (e *appExamination) heard() {
	switch s := e.cfg.Slack; {
	case s.Called() && !e.wrong["callback_url"]:
		e.line(markLeft, "doctor.slack_called", locales.Args{"URL": e.cfg.Callback() + slack.EventPath})
	case s.AppToken == "" || e.wrong["slack.app_token"]:
	default:
		_, _, err := e.client.StartSocketModeContext(e.ctx)
		switch {
		case err == nil && e.another():
			e.line(markFault, "doctor.slack_socket_other")
		case err == nil:
			e.line(markOK, "doctor.slack_socket")
		case slackCode(err) == "missing_scope":
			e.line(markFault, "doctor.slack_socket_scope")
		default:
			e.refused("doctor.slack_socket_refused", err)
		}
	}
}

// another reports whether slack.app_token is that of another app than slack.token: Slack
// would let it listen, and tell it nothing of what people do with the bot. What Slack
// does not say is not held against it.
func (e *appExamination) another() bool {
	if e.me == nil {
		return false
	}
	bot, err := e.client.GetBotInfoContext(e.ctx, slackgo.GetBotInfoParameters{Bot: e.me.BotID})
	if err != nil || bot.AppID == "" {
		return false
	}
	app := e.appOf(e.cfg.Slack.AppToken)
	return app != "" && app != bot.AppID
}

// appOf gives the id of the app whose token this is, which Slack's client does not read;
// nothing when Slack does not say.
func (e *appExamination) appOf(token string) string {
	request, err := http.NewRequestWithContext(e.ctx, http.MethodPost, cmp.Or(slackAPI, slackgo.APIURL)+"auth.test", nil)
	if err != nil {
		return ""
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := http.Client{Timeout: slackWait}
	resp, err := client.Do(request)
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	var said struct {
		App string `json:"app_id"`
	}
	if json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&said) != nil {
		return ""
	}
	return said.App
}

// keeps says what Slack keeps, why, and whether people can fetch documents.
func (e *appExamination) keeps() {
	switch {
	case e.wrong["slack.showing"]:
		return
	case e.cfg.Slack.Showing == config.Full:
		e.line(markWarning, "doctor.slack_full")
		return
	}
	e.line(markOK, "doctor.slack_discreet")
	if e.cfg.Browsers() == "" && !e.cfg.OnMattermost() {
		e.line(markWarning, "doctor.slack_no_files")
	}
}

// people checks that those of Slack who have a part in the service have an account there.
func (e *appExamination) people(key string, names []string) {
	for n, name := range names {
		key := fmt.Sprintf("%s[%d]", key, n+1)
		id, ours := strings.CutPrefix(name, config.OnSlack+":")
		if !ours || e.wrong[key] {
			continue
		}
		user, err := e.client.GetUserInfoContext(e.ctx, id)
		args := locales.Args{"Key": key, "Name": name}
		switch code := slackCode(err); {
		case code == "user_not_found" || code == "user_not_visible":
			e.line(markFault, "doctor.staff_unknown", args)
			continue
		case err != nil:
			e.refused("doctor.slack_token_refused", err)
			continue
		}
		args["Handle"] = user.Name
		if user.Deleted || user.IsBot || user.IsRestricted || user.IsUltraRestricted || user.IsStranger {
			e.line(markFault, "doctor.staff_unfit", args)
		} else {
			e.line(markOK, "doctor.staff", args)
		}
	}
}
