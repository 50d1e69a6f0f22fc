package main

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/config"
	"parcours/locales"
)

// trigger is the word of the slash command.
const trigger = "parcours"

// commandURL is where the server sends the slash command.
func commandURL(callback string) string { return callback + "/mattermost/command" }

// install does all the steps. An error stops it; what concerns one team alone
// does not.
func (i *installer) install(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		i.administrator, i.settings, i.account, i.token, i.rights, i.inTeams, i.internal, i.hardening, i.file,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// change does something unless this is a dry run, and says it.
func (i *installer) change(key string, args locales.Args, do func() (*model.Response, error)) error {
	if i.DryRun {
		i.line(markTodo, key, args)
		return nil
	}
	if resp, err := do(); err != nil {
		return answered(i.URL, resp, err)
	}
	i.line(markDone, key, args)
	return nil
}

// administrator checks whose token this is.
func (i *installer) administrator(ctx context.Context) error {
	me, resp, err := i.client.GetMe(ctx, "")
	if resp != nil && resp.Header.Get(model.HeaderVersionId) == "" {
		return trouble("setup.not_mattermost", locales.Args{"URL": i.URL})
	}
	if err != nil {
		return answered(i.URL, resp, err)
	}
	if !me.IsSystemAdmin() {
		return trouble("setup.not_admin", locales.Args{"User": me.Username})
	}
	version := serverVersion(resp.Header)
	if !version.atLeast(oldest) {
		return trouble("setup.too_old", locales.Args{"Version": version.String(), "Oldest": oldest.String()})
	}
	i.line(markKept, "setup.server", locales.Args{"URL": i.URL, "Version": version.String(), "User": me.Username})
	i.server, resp, err = i.client.GetConfig(ctx)
	return answered(i.URL, resp, err)
}

// settings are those without which nothing works.
func (i *installer) settings(ctx context.Context) error {
	if !*i.server.ServiceSettings.EnableCommands {
		return i.setting(ctx, "EnableCommands", func(c *model.Config) { c.ServiceSettings.EnableCommands = new(true) },
			func(c *model.Config) bool { return *c.ServiceSettings.EnableCommands })
	}
	return nil
}

// setting changes one setting of the server, if that was agreed to. A setting
// that the server has from its own environment stays as it is whatever one does.
func (i *installer) setting(ctx context.Context, name string, set func(*model.Config), is func(*model.Config) bool) error {
	args := locales.Args{"Name": name}
	if !i.Yes {
		return trouble("setup.setting_needed", args)
	}
	return i.change("setup.setting", args, func() (*model.Response, error) {
		patch := &model.Config{}
		set(patch)
		_, resp, err := i.client.PatchConfig(ctx, patch)
		if err != nil {
			return resp, err
		}
		i.server, resp, err = i.client.GetConfig(ctx)
		if err == nil && !is(i.server) {
			err = trouble("setup.setting_fixed", args)
		}
		return resp, err
	})
}

// account makes the bot's account.
func (i *installer) account(ctx context.Context) error {
	args := locales.Args{"Bot": i.Bot}
	user, resp, err := i.client.GetUserByUsername(ctx, i.Bot, "")
	switch {
	case err != nil && resp != nil && resp.StatusCode == http.StatusNotFound:
		if !*i.server.ServiceSettings.EnableBotAccountCreation {
			err := i.setting(ctx, "EnableBotAccountCreation", func(c *model.Config) { c.ServiceSettings.EnableBotAccountCreation = new(true) },
				func(c *model.Config) bool { return *c.ServiceSettings.EnableBotAccountCreation })
			if err != nil {
				return err
			}
		}
		return i.change("setup.account_made", args, func() (*model.Response, error) {
			bot, resp, err := i.client.CreateBot(ctx, &model.Bot{
				Username: i.Bot, DisplayName: "Parcours", Description: i.say.T("setup.bot_description"),
			})
			if err == nil {
				i.botID = bot.UserId
			}
			return resp, err
		})
	case err != nil:
		return answered(i.URL, resp, err)
	case !user.IsBot:
		return trouble("setup.handle_taken", args)
	}
	i.botID = user.Id
	if user.DeleteAt != 0 {
		return i.change("setup.account_enabled", args, func() (*model.Response, error) {
			_, resp, err := i.client.EnableBot(ctx, i.botID)
			return resp, err
		})
	}
	i.line(markKept, "setup.account", args)
	return nil
}

// token makes the token of the account, unless the one of the file works.
func (i *installer) token(ctx context.Context) error {
	m := i.found.Mattermost
	known, inFile := m.Token, m.TokenFile
	if inFile != "" {
		text, err := os.ReadFile(inFile)
		if err == nil {
			known = strings.TrimSpace(string(text))
		}
	}
	if known != "" && i.botID != "" {
		me, resp, err := apiClient(i.URL, known).GetMe(ctx, "")
		if err != nil && (resp == nil || resp.StatusCode != http.StatusUnauthorized) {
			return answered(i.URL, resp, err)
		}
		if err == nil && me.Id == i.botID {
			i.line(markKept, "setup.token")
			return nil
		}
	}
	return i.change("setup.token_made", nil, func() (*model.Response, error) {
		token, resp, err := i.client.CreateUserAccessToken(ctx, i.botID, "Parcours")
		if err != nil {
			return resp, err
		}
		if inFile != "" {
			err = config.WriteFile(inFile, token.Token+"\n")
		} else {
			i.values["mattermost.token"] = token.Token
			err = i.save()
		}
		if err != nil {
			// A token that is written nowhere is of no use to anybody but a thief.
			_, _ = i.client.RevokeUserAccessToken(ctx, token.Id)
		}
		return resp, err
	})
}

// rights gives the bot what it needs: to answer one person alone, without being
// an administrator.
func (i *installer) rights(ctx context.Context) error {
	role, resp, err := i.client.GetRoleByName(ctx, model.SystemPostAllPublicRoleId)
	if err != nil {
		return answered(i.URL, resp, err)
	}
	permission := model.PermissionCreatePostEphemeral.Id
	changed := false
	if !slices.Contains(role.Permissions, permission) {
		changed = true
		permissions := append(slices.Clone(role.Permissions), permission)
		err := i.change("setup.permission", locales.Args{"Permission": permission, "Role": role.Name}, func() (*model.Response, error) {
			_, resp, err := i.client.PatchRole(ctx, role.Id, &model.RolePatch{Permissions: &permissions})
			return resp, err
		})
		if err != nil {
			return err
		}
	}
	var has []string
	if i.botID != "" {
		user, resp, err := i.client.GetUser(ctx, i.botID, "")
		if err != nil {
			return answered(i.URL, resp, err)
		}
		has = user.GetRoles()
	}
	if slices.Contains(has, model.SystemPostAllPublicRoleId) || slices.Contains(has, model.SystemAdminRoleId) {
		if !changed {
			i.line(markKept, "setup.rights")
		}
		return nil
	}
	if !slices.Contains(has, model.SystemUserRoleId) {
		has = append(has, model.SystemUserRoleId)
	}
	roles := strings.Join(append(has, model.SystemPostAllPublicRoleId), " ")
	return i.change("setup.role", locales.Args{"Role": model.SystemPostAllPublicRoleId, "Bot": i.Bot}, func() (*model.Response, error) {
		return i.client.UpdateUserRoles(ctx, i.botID, roles)
	})
}

// internal sees to it that the server agrees to call the callback.
func (i *installer) internal(ctx context.Context) error {
	host := hostOf(i.Callback)
	allowed := *i.server.ServiceSettings.AllowedUntrustedInternalConnections
	if !isPrivate(ctx, host) {
		return nil
	}
	if allows(ctx, allowed, host) {
		i.line(markKept, "setup.internal_kept", locales.Args{"Host": host})
		return nil
	}
	if !i.Yes {
		i.line(markOffer, "setup.internal_offer", locales.Args{"Host": host})
		return nil
	}
	longer := strings.TrimSpace(allowed + " " + host)
	return i.setting(ctx, "AllowedUntrustedInternalConnections",
		func(c *model.Config) { c.ServiceSettings.AllowedUntrustedInternalConnections = &longer },
		func(c *model.Config) bool {
			return allows(ctx, *c.ServiceSettings.AllowedUntrustedInternalConnections, host)
		})
}

// loose are the rights over private channels that every member has by default.
var loose = []string{
	model.PermissionManagePrivateChannelMembers.Id, model.PermissionDeletePrivateChannel.Id, model.PermissionManagePrivateChannelProperties.Id,
}

// hardening keeps these rights for the administrators of a channel, which the
// bot is of those it makes. It changes the whole server: only when told to.
func (i *installer) hardening(ctx context.Context) error {
	members, resp, err := i.client.GetRoleByName(ctx, model.ChannelUserRoleId)
	if err != nil {
		return answered(i.URL, resp, err)
	}
	keepers, resp, err := i.client.GetRoleByName(ctx, model.ChannelAdminRoleId)
	if err != nil {
		return answered(i.URL, resp, err)
	}
	isLoose := func(p string) bool { return slices.Contains(loose, p) }
	if !slices.ContainsFunc(members.Permissions, isLoose) {
		i.line(markKept, "setup.hardened")
		return nil
	}
	if !i.Harden {
		i.line(markOffer, "setup.harden_offer")
		return nil
	}
	less := slices.DeleteFunc(slices.Clone(members.Permissions), isLoose)
	more := slices.Clone(keepers.Permissions)
	for _, p := range loose {
		if !slices.Contains(more, p) {
			more = append(more, p)
		}
	}
	return i.change("setup.harden_done", nil, func() (*model.Response, error) {
		// First what is given, so that at no moment nobody has it.
		if _, resp, err := i.client.PatchRole(ctx, keepers.Id, &model.RolePatch{Permissions: &more}); err != nil {
			return resp, err
		}
		_, resp, err := i.client.PatchRole(ctx, members.Id, &model.RolePatch{Permissions: &less})
		return resp, err
	})
}

// isPrivate says whether a host is, or has the name of, an address of a private
// network or of this computer.
func isPrivate(ctx context.Context, host string) bool {
	return slices.ContainsFunc(addresses(ctx, host), func(ip net.IP) bool {
		return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsUnspecified()
	})
}

func addresses(ctx context.Context, host string) []net.IP {
	if ip := net.ParseIP(host); ip != nil {
		return []net.IP{ip}
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	found, err := net.DefaultResolver.LookupIP(ctx, "ip", host)
	if err != nil {
		return nil
	}
	return found
}

// allows says whether the server's list of trusted addresses holds a host.
func allows(ctx context.Context, list, host string) bool {
	ips := addresses(ctx, host)
	return slices.ContainsFunc(strings.Fields(list), func(entry string) bool {
		if strings.EqualFold(entry, host) {
			return true
		}
		_, network, err := net.ParseCIDR(entry)
		return slices.ContainsFunc(ips, func(ip net.IP) bool {
			return err == nil && network.Contains(ip) || ip.Equal(net.ParseIP(entry))
		})
	})
}

func isAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil
}

// hostOf is the host of an address, without its port.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}
