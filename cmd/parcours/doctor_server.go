package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/config"
	"parcours/locales"
)

// chatServer checks the server and all that the bot needs there. What cannot be
// looked at since something before it is wrong is left aside.
func (d *doctor) chatServer(ctx context.Context) {
	if d.wrong["mattermost.url"] || d.cfg.Mattermost.URL == "" || !d.cfg.OnMattermost() {
		return
	}
	e := &examination{doctor: d, ctx: ctx, client: apiClient(d.cfg.Mattermost.URL, d.cfg.Mattermost.Token)}
	if !e.reach() || d.cfg.Mattermost.Token == "" || !e.token() {
		return
	}
	e.siteURL()
	e.staff("admins", d.cfg.Admins)
	e.staff("pilots", d.cfg.Pilots)
	stop := e.listener()
	defer stop()
	for n, team := range d.cfg.Mattermost.Teams {
		if e.team(team) && n == 0 {
			e.rights()
		}
	}
	e.asAdministrator()
}

// An examination is of one server, as the bot's account.
type examination struct {
	*doctor
	ctx    context.Context
	client *model.Client4
	me     *model.User
	square string // a channel that the bot is in
}

const (
	// Commands and dates that are late by more than this would be noticed.
	clockOff   = 20 * time.Second
	clockWrong = 2 * time.Minute
)

// reach checks that there is a server, its version and its clock.
func (e *examination) reach() bool {
	args := locales.Args{"URL": e.cfg.Mattermost.URL}
	_, resp, err := e.client.GetPingWithOptions(e.ctx, model.SystemPingOptions{})
	if resp == nil {
		args["Why"] = cause(err)
		e.line(markFault, "doctor.unreachable", args)
		return false
	}
	version := serverVersion(resp.Header)
	args["Version"], args["Oldest"], args["Full"] = version.String(), oldest.String(), full.String()
	switch {
	case version == (release{}):
		e.line(markFault, "doctor.not_mattermost", args)
		return false
	case !version.atLeast(oldest):
		e.line(markFault, "doctor.too_old", args)
	case !version.atLeast(full):
		e.line(markWarning, "doctor.old", args)
	default:
		e.line(markOK, "doctor.server", args)
	}
	e.clock(resp.Header)
	return true
}

func (e *examination) clock(h http.Header) {
	theirs, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	off := time.Since(theirs).Round(time.Second)
	args := locales.Args{"Off": off.Abs().String()}
	switch {
	case off.Abs() > clockWrong:
		e.line(markFault, "doctor.clock", args)
	case off.Abs() > clockOff:
		e.line(markWarning, "doctor.clock", args)
	default:
		e.line(markOK, "doctor.clock_right", args)
	}
}

// token checks that the server knows the bot's account by its token.
func (e *examination) token() bool {
	me, resp, err := e.client.GetMe(e.ctx, "")
	switch {
	case err == nil:
	case resp != nil && resp.StatusCode == http.StatusUnauthorized:
		e.line(markFault, "doctor.token_refused")
		return false
	default:
		e.line(markFault, "doctor.server_error", locales.Args{"Error": errorOf(resp, err)})
		return false
	}
	e.me = me
	args := locales.Args{"Bot": me.Username}
	switch {
	case !me.IsBot:
		e.line(markFault, "doctor.token_human", args)
	case me.IsSystemAdmin():
		e.line(markWarning, "doctor.token_admin", args)
	default:
		e.line(markOK, "doctor.token", args)
	}
	return true
}

// siteURL checks what the server makes links with, and that it may run commands.
func (e *examination) siteURL() {
	settings, resp, err := e.client.GetClientConfig(e.ctx, "")
	switch {
	case err != nil:
		e.line(markWarning, "doctor.server_error", locales.Args{"Error": errorOf(resp, err)})
		return
	case settings["SiteURL"] == "":
		e.line(markFault, "doctor.site_url_missing")
	default:
		e.line(markOK, "doctor.site_url", locales.Args{"URL": settings["SiteURL"]})
	}
	if settings["EnableCommands"] == "false" {
		e.line(markFault, "doctor.commands_off")
	}
	if settings["AllowSyncedDrafts"] == "true" && e.cfg.Mattermost.Showing == config.Discreet {
		e.line(markWarning, "doctor.drafts")
	}
}

// staff checks that those who have a part in the service have an account.
func (e *examination) staff(key string, names []string) {
	for n, name := range names {
		key := fmt.Sprintf("%s[%d]", key, n+1)
		if e.wrong[key] || strings.HasPrefix(name, config.OnSlack+":") {
			continue
		}
		var user *model.User
		var resp *model.Response
		var err error
		handle, isHandle := strings.CutPrefix(name, "@")
		if isHandle {
			user, resp, err = e.client.GetUserByUsername(e.ctx, strings.ToLower(handle), "")
		} else {
			user, resp, err = e.client.GetUser(e.ctx, name, "")
		}
		args := locales.Args{"Key": key, "Name": name}
		switch {
		case err != nil && resp != nil && resp.StatusCode == http.StatusNotFound:
			e.line(markFault, "doctor.staff_unknown", args)
			continue
		case err != nil:
			e.line(markFault, "doctor.server_error", locales.Args{"Error": errorOf(resp, err)})
			continue
		}
		args["Handle"], args["ID"] = user.Username, user.Id
		switch {
		case user.DeleteAt != 0 || user.IsBot || user.IsGuest():
			e.line(markFault, "doctor.staff_unfit", args)
		case isHandle:
			e.line(markWarning, "doctor.staff_handle", args)
		default:
			e.line(markOK, "doctor.staff", args)
		}
	}
}

// team checks that the bot is in a team and that its command arrives. It gives
// whether the bot is there.
func (e *examination) team(team config.Team) bool {
	args := locales.Args{"Team": team.Name, "ID": team.ID, "Bot": e.me.Username}
	if team.Name == "" {
		args["Team"] = team.ID
	}
	member, resp, err := e.client.GetTeamMember(e.ctx, team.ID, e.me.Id, "")
	if err != nil && resp == nil {
		e.line(markFault, "doctor.server_error", locales.Args{"Error": errorOf(resp, err)})
		return false
	}
	if err != nil || member.DeleteAt != 0 {
		e.line(markFault, "doctor.not_in_team", args)
		return false
	}
	known, _, err := e.client.GetTeam(e.ctx, team.ID, "")
	if err == nil && team.Name != "" && known.Name != team.Name {
		e.line(markWarning, "doctor.team_renamed", locales.Args{"Team": team.Name, "New": known.Name})
	} else {
		e.line(markOK, "doctor.team", args)
	}
	square, resp, err := e.client.GetChannelByName(e.ctx, model.DefaultChannelName, team.ID, "")
	if err != nil {
		e.line(markFault, "doctor.server_error", locales.Args{"Error": errorOf(resp, err)})
		return true
	}
	e.square = square.Id
	e.unique(team, args)
	e.probe(team, square.Id, args)
	return true
}

// unique checks that one command alone answers to the word.
func (e *examination) unique(team config.Team, args locales.Args) {
	all, _, err := e.client.ListAutocompleteCommands(e.ctx, team.ID)
	if err != nil {
		return // the probe tells
	}
	all = slices.DeleteFunc(all, func(c *model.Command) bool { return c.Trigger != trigger })
	if len(all) > 1 {
		e.line(markFault, "doctor.command_twice", args)
	}
}

// rights checks that the bot can answer one person alone, by telling itself
// something that nobody sees or keeps.
func (e *examination) rights() {
	if e.square == "" {
		return
	}
	_, resp, err := e.client.CreatePostEphemeral(e.ctx, &model.PostEphemeral{
		UserID: e.me.Id, Post: &model.Post{ChannelId: e.square, Message: "parcours doctor"},
	})
	switch {
	case err == nil:
		e.line(markOK, "doctor.rights", locales.Args{"Bot": e.me.Username})
	case resp != nil && resp.StatusCode == http.StatusForbidden:
		e.line(markFault, "doctor.rights_missing", locales.Args{"Bot": e.me.Username})
	default:
		e.line(markFault, "doctor.server_error", locales.Args{"Error": errorOf(resp, err)})
	}
}

// errorOf names what a server answered by status and id, which quote nothing.
func errorOf(resp *model.Response, err error) string {
	var app *model.AppError
	switch {
	case resp == nil:
		return cause(err)
	case errors.As(err, &app):
		return strings.TrimSpace(http.StatusText(resp.StatusCode) + " " + app.Id)
	}
	return http.StatusText(resp.StatusCode)
}
