// Package people makes a team on a Mattermost server and acts as the people in
// it, through the same API as their browsers.
package people

import (
	"context"
	"fmt"
	"net/http"

	"github.com/mattermost/mattermost/server/public/model"
)

// Installed is the bot as an administrator set it up on a server.
type Installed struct{ UserID, Token, CommandToken string }

// Install makes the bot's account, its token and its slash command in a team, as
// an administrator.
func Install(ctx context.Context, admin *model.Client4, team, username, callback string) (Installed, error) {
	bot, _, err := admin.CreateBot(ctx, &model.Bot{Username: username, DisplayName: "Parcours"})
	if err != nil {
		return Installed{}, fmt.Errorf("make the bot: %w", err)
	}
	token, _, err := admin.CreateUserAccessToken(ctx, bot.UserId, "parcours")
	if err != nil {
		return Installed{}, fmt.Errorf("make the bot's token: %w", err)
	}
	if _, _, err := admin.AddTeamMember(ctx, team, bot.UserId); err != nil {
		return Installed{}, fmt.Errorf("add the bot to the team: %w", err)
	}
	command, _, err := admin.CreateCommand(ctx, &model.Command{
		TeamId: team, Trigger: "parcours", Method: model.CommandMethodPost, URL: callback + "/mattermost/command",
		Username: username, DisplayName: "Parcours", AutoComplete: true,
	})
	if err != nil {
		return Installed{}, fmt.Errorf("make the command: %w", err)
	}
	return Installed{UserID: bot.UserId, Token: token.Token, CommandToken: command.Token}, nil
}

// AllowAnswers lets the bot say things to one user alone outside of a command's
// answer: it gives the permission to the role that bots then bear.
func AllowAnswers(ctx context.Context, admin *model.Client4, bot string) error {
	role, _, err := admin.GetRoleByName(ctx, model.SystemPostAllPublicRoleId)
	if err != nil {
		return fmt.Errorf("read the role: %w", err)
	}
	permissions := append(role.Permissions, model.PermissionCreatePostEphemeral.Id)
	if _, _, err := admin.PatchRole(ctx, role.Id, &model.RolePatch{Permissions: &permissions}); err != nil {
		return fmt.Errorf("change the role: %w", err)
	}
	if _, err := admin.UpdateUserRoles(ctx, bot, model.SystemUserRoleId+" "+model.SystemPostAllPublicRoleId); err != nil {
		return fmt.Errorf("give the role: %w", err)
	}
	return nil
}

// Team makes a team.
func Team(ctx context.Context, admin *model.Client4, name string) (*model.Team, error) {
	team, _, err := admin.CreateTeam(ctx, &model.Team{Name: name, DisplayName: name, Type: model.TeamInvite})
	if err != nil {
		return nil, fmt.Errorf("make the team: %w", err)
	}
	return team, nil
}

func statusOf(resp *model.Response) int {
	if resp == nil {
		return http.StatusTeapot
	}
	return resp.StatusCode
}
