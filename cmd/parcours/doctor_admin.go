package main

import (
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/config"
	"parcours/locales"
)

// asAdministrator checks what only an administrator can see, if there is the
// token of one.
func (e *examination) asAdministrator() {
	token := strings.TrimSpace(e.getenv(adminVariable))
	if token == "" {
		e.line(markLeft, "doctor.no_admin", locales.Args{"Variable": adminVariable})
		return
	}
	admin := apiClient(e.cfg.Mattermost.URL, token)
	settings, resp, err := admin.GetConfig(e.ctx)
	if err != nil {
		e.text(markFault, spoken(e.say, answered(e.cfg.Mattermost.URL, resp, err)).Error())
		return
	}
	s := settings.ServiceSettings
	if *s.EnableBotAccountCreation {
		e.line(markOK, "doctor.bot_creation")
	} else {
		e.line(markWarning, "doctor.bot_creation_off")
	}
	if host := hostOf(e.cfg.Callback()); host != "" && isPrivate(e.ctx, host) {
		if allows(e.ctx, *s.AllowedUntrustedInternalConnections, host) {
			e.line(markOK, "doctor.internal", locales.Args{"Host": host})
		} else {
			e.line(markFault, "doctor.internal_missing", locales.Args{"Host": host})
		}
	}
	e.emails(settings.EmailSettings)
	e.owner(admin, *s.DisableBotsWhenOwnerIsDeactivated)
	for _, team := range e.cfg.Mattermost.Teams {
		e.command(admin, team)
	}
	e.loose(admin)
}

// emails checks that the server does not copy whole messages, cards included, to
// people's mail.
func (e *examination) emails(s model.EmailSettings) {
	whole := s.EmailNotificationContentsType == nil || *s.EmailNotificationContentsType == model.EmailNotificationContentsFull
	if s.SendEmailNotifications != nil && *s.SendEmailNotifications && whole {
		e.line(markWarning, "doctor.emails")
		return
	}
	e.line(markOK, "doctor.emails_off")
}

// owner checks whom the bot's account depends on: the server switches off the
// bots of a person who leaves.
func (e *examination) owner(admin *model.Client4, depends bool) {
	if !depends {
		e.line(markOK, "doctor.owner_free")
		return
	}
	bot, _, err := admin.GetBot(e.ctx, e.me.Id, "")
	if err != nil {
		return // not a bot: said with the token
	}
	owner, _, err := admin.GetUser(e.ctx, bot.OwnerId, "")
	if err != nil {
		return
	}
	e.line(markWarning, "doctor.owner", locales.Args{"Owner": owner.Username, "Bot": e.me.Username})
}

// command checks where the slash command of a team calls, and its token.
func (e *examination) command(admin *model.Client4, team config.Team) {
	args := locales.Args{"Team": team.Name, "Want": commandURL(e.cfg.Callback())}
	if team.Name == "" {
		args["Team"] = team.ID
	}
	all, resp, err := admin.ListCommands(e.ctx, team.ID, true)
	if err != nil {
		e.line(markWarning, "doctor.server_error", locales.Args{"Error": errorOf(resp, err)})
		return
	}
	n := slices.IndexFunc(all, func(c *model.Command) bool { return c.Trigger == trigger })
	if n < 0 {
		return // the probe has told
	}
	args["Has"] = all[n].URL
	switch {
	case all[n].URL != commandURL(e.cfg.Callback()):
		e.line(markFault, "doctor.command_url", args)
	case all[n].Token != team.Token:
		e.line(markFault, "doctor.command_token", args)
	default:
		e.line(markOK, "doctor.command", args)
	}
}

// loose warns where any member of a private channel can let others in.
func (e *examination) loose(admin *model.Client4) {
	role, _, err := admin.GetRoleByName(e.ctx, model.ChannelUserRoleId)
	if err != nil {
		return
	}
	if slices.ContainsFunc(role.Permissions, func(p string) bool { return slices.Contains(loose, p) }) {
		e.line(markWarning, "doctor.loose")
		return
	}
	e.line(markOK, "doctor.hardened")
}
