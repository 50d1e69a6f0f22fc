package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/config"
	"parcours/locales"
)

// inTeams puts the bot and its command in every team. What goes wrong in one
// does not keep the others waiting.
func (i *installer) inTeams(ctx context.Context) error {
	seen := map[string]bool{}
	for _, name := range i.Team {
		name = strings.ToLower(strings.TrimSpace(name))
		if seen[name] {
			continue
		}
		seen[name] = true
		err := i.inTeam(ctx, name)
		var p *problem
		switch {
		case errors.As(err, &p):
			i.text(markFault, spoken(i.say, err).Error())
			i.failed = true
		case err != nil:
			return err
		}
	}
	return nil
}

func (i *installer) inTeam(ctx context.Context, name string) error {
	team, resp, err := i.client.GetTeamByName(ctx, name, "")
	if err != nil && resp != nil && resp.StatusCode == http.StatusNotFound {
		return trouble("setup.no_team", locales.Args{"Team": name})
	}
	if err != nil {
		return answered(i.URL, resp, err)
	}
	if err := i.member(ctx, team); err != nil {
		return err
	}
	return i.command(ctx, team)
}

// member puts the bot in a team.
func (i *installer) member(ctx context.Context, team *model.Team) error {
	args := locales.Args{"Bot": i.Bot, "Team": team.Name}
	if i.botID != "" {
		member, resp, err := i.client.GetTeamMember(ctx, team.Id, i.botID, "")
		switch {
		case err == nil && member.DeleteAt == 0:
			i.line(markKept, "setup.member", args)
			return nil
		case err != nil && (resp == nil || resp.StatusCode != http.StatusNotFound):
			return answered(i.URL, resp, err)
		}
	}
	return i.change("setup.member_made", args, func() (*model.Response, error) {
		_, resp, err := i.client.AddTeamMember(ctx, team.Id, i.botID)
		return resp, err
	})
}

// command makes the slash command of a team, or has it call where it should.
func (i *installer) command(ctx context.Context, team *model.Team) error {
	args := locales.Args{"Team": team.Name, "URL": commandURL(i.Callback)}
	all, resp, err := i.client.ListCommands(ctx, team.Id, true)
	if err != nil {
		return answered(i.URL, resp, err)
	}
	named := slices.DeleteFunc(all, func(c *model.Command) bool { return c.Trigger != trigger })
	n := slices.IndexFunc(named, func(c *model.Command) bool { return i.isOurs(team, c) })
	switch {
	case n < 0 && len(named) > 0:
		args["Host"] = hostOf(named[0].URL)
		return trouble("setup.trigger_taken", args)
	case n < 0:
		return i.change("setup.command_made", args, func() (*model.Response, error) {
			made, resp, err := i.client.CreateCommand(ctx, &model.Command{
				TeamId: team.Id, Trigger: trigger, Method: model.CommandMethodPost, URL: commandURL(i.Callback),
				Username: i.Bot, DisplayName: "Parcours", AutoComplete: true,
				AutoCompleteDesc: i.say.T("setup.command_description"), AutoCompleteHint: i.say.T("setup.command_hint"),
			})
			if err != nil {
				return resp, err
			}
			return resp, i.keep(team, made.Token)
		})
	}
	ours := named[n]
	if ours.URL != commandURL(i.Callback) || ours.Method != model.CommandMethodPost {
		return i.change("setup.command_mended", args, func() (*model.Response, error) {
			mended := *ours
			mended.URL, mended.Method = commandURL(i.Callback), model.CommandMethodPost
			made, resp, err := i.client.UpdateCommand(ctx, &mended)
			if err != nil {
				return resp, err
			}
			return resp, i.keep(team, made.Token)
		})
	}
	i.line(markKept, "setup.command", args)
	return i.keep(team, ours.Token)
}

// isOurs knows a command by its token, or by where it calls.
func (i *installer) isOurs(team *model.Team, c *model.Command) bool {
	for _, known := range i.found.Mattermost.Teams {
		if known.ID == team.Id && known.Token != "" && known.Token == c.Token {
			return true
		}
	}
	return strings.HasSuffix(c.URL, commandURL(""))
}

// keep notes a team for the file.
func (i *installer) keep(team *model.Team, token string) error {
	i.teams = append(i.teams, config.Team{Name: team.Name, ID: team.Id, Token: token})
	if i.DryRun {
		return nil
	}
	return i.save()
}

// save writes what is known so far, so that a step that fails loses nothing of
// those before it. A file that says it already is left alone.
func (i *installer) save() error {
	now, err := os.ReadFile(i.Config)
	if err != nil && !os.IsNotExist(err) {
		return trouble("setup.cannot_write", locales.Args{"Path": i.Config, "Why": cause(err)})
	}
	text, err := config.Edit(string(now), i.values, i.teams)
	if errors.Is(err, config.ErrUnsure) {
		return trouble("setup.unsure", locales.Args{"Path": i.Config})
	}
	if err == nil && text != string(now) {
		err = config.WriteFile(i.Config, text)
	}
	if err != nil {
		return trouble("setup.cannot_write", locales.Args{"Path": i.Config, "Why": cause(err)})
	}
	return nil
}

// file says what became of the configuration file.
func (i *installer) file(context.Context) error {
	args := locales.Args{"Path": i.Config}
	if i.DryRun {
		text, err := config.Edit(i.text0, i.values, i.teams)
		if errors.Is(err, config.ErrUnsure) {
			return trouble("setup.unsure", args)
		}
		if i.count[markTodo] > 0 || text != i.text0 {
			i.line(markTodo, "setup.file_written", args)
			return nil
		}
		i.line(markKept, "setup.file", args)
		return nil
	}
	if err := i.save(); err != nil {
		return err
	}
	now, err := os.ReadFile(i.Config)
	if err != nil {
		return trouble("setup.cannot_write", locales.Args{"Path": i.Config, "Why": cause(err)})
	}
	info, err := os.Stat(i.Config)
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		i.line(markDone, "setup.file_closed", args)
		return os.Chmod(i.Config, 0o600)
	}
	if string(now) != i.text0 {
		i.line(markDone, "setup.file_written", args)
		return nil
	}
	i.line(markKept, "setup.file", args)
	return nil
}
