package e2e

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"
)

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	return string(text)
}

func TestSetupFromNothing(t *testing.T) {
	o := newOffice(t, 2)
	ctx := t.Context()

	said, code := o.setup("--dry-run")
	if code != 0 || !strings.Contains(said, "Rien n’a été changé") {
		t.Fatalf("dry run: exit code %d\n%s", code, said)
	}
	t.Log(said)
	if _, _, err := server.Admin.GetUserByUsername(ctx, o.bot, ""); err == nil {
		t.Error("a dry run made the account")
	}
	if left, err := os.ReadDir(o.folder); err != nil || len(left) > 0 {
		t.Errorf("a dry run left %v", left)
	}
	if o.slash(o.teams[0]) != nil {
		t.Error("a dry run made a command")
	}

	said, code = o.setup()
	if code != 0 {
		t.Fatalf("exit code %d\n%s", code, said)
	}
	t.Log(said)
	info, err := os.Stat(o.config)
	must(t, err)
	if info.Mode() != 0o600 {
		t.Errorf("the file is %v", info.Mode())
	}
	text := read(t, o.config)
	if strings.Contains(text, server.Admin.AuthToken) {
		t.Error("the administrator's token is kept")
	}
	bot := o.botUser()
	if !bot.IsBot || !strings.Contains(bot.Roles, model.SystemPostAllPublicRoleId) || bot.IsSystemAdmin() {
		t.Errorf("the account has the roles %q", bot.Roles)
	}
	for _, team := range o.teams {
		if _, _, err := server.Admin.GetTeamMember(ctx, team.Id, bot.Id, ""); err != nil {
			t.Error(err)
		}
		command := o.slash(team)
		if command == nil || command.URL != o.callback+"/mattermost/command" || !strings.Contains(text, command.Token) {
			t.Errorf("the command of %s is %+v", team.Name, command)
		}
	}

	said, code = o.setup()
	if code != 0 || !strings.Contains(said, "rien n’a été changé") || read(t, o.config) != text {
		t.Errorf("a second time: exit code %d\n%s", code, said)
	}
	tokens, _, err := server.Admin.GetUserAccessTokensForUser(ctx, bot.Id, 0, 10)
	must(t, err)
	if len(tokens) != 1 {
		t.Errorf("%d tokens", len(tokens))
	}
}

func TestSetupMendsWhatBroke(t *testing.T) {
	o := installed(t, 1)
	ctx, team, bot := t.Context(), o.teams[0], o.botUser()
	mine := "# mine\n" + strings.Replace(read(t, o.config), `language = "fr"`, `language = "en" # by me`, 1)
	must(t, os.WriteFile(o.config, []byte(mine), 0o644))

	// All that people undo by mistake.
	tokens, _, err := server.Admin.GetUserAccessTokensForUser(ctx, bot.Id, 0, 10)
	must(t, err)
	_, err = server.Admin.RevokeUserAccessToken(ctx, tokens[0].Id)
	must(t, err)
	_, err = server.Admin.RemoveTeamMember(ctx, team.Id, bot.Id)
	must(t, err)
	_, err = server.Admin.UpdateUserRoles(ctx, bot.Id, model.SystemUserRoleId)
	must(t, err)
	moved := *o.slash(team)
	moved.URL = "http://127.0.0.1:1/mattermost/command"
	_, _, err = server.Admin.UpdateCommand(ctx, &moved)
	must(t, err)
	_, _, err = server.Admin.DisableBot(ctx, bot.Id)
	must(t, err)

	said, code := o.setup("--dry-run")
	if code != 0 || strings.Count(said, "à faire") < 5 || o.slash(team).URL != moved.URL || read(t, o.config) != mine {
		t.Fatalf("dry run: exit code %d\n%s", code, said)
	}
	said, code = o.setup()
	if code != 0 {
		t.Fatalf("exit code %d\n%s", code, said)
	}
	t.Log(said)
	text := read(t, o.config)
	if !strings.HasPrefix(text, "# mine\n") || !strings.Contains(text, `language = "en" # by me`) {
		t.Errorf("what a human wrote is gone:\n%s", text)
	}
	if info, err := os.Stat(o.config); err != nil || info.Mode() != 0o600 {
		t.Errorf("the file is %v", info.Mode())
	}
	if o.slash(team).URL != o.callback+"/mattermost/command" {
		t.Error("the command still calls elsewhere")
	}
	said, code = o.setup()
	if code != 0 || !strings.Contains(said, "rien n’a été changé") || read(t, o.config) != text {
		t.Errorf("once more: exit code %d\n%s", code, said)
	}

	// A command made anew has another token.
	_, err = server.Admin.DeleteCommand(ctx, o.slash(team).Id)
	must(t, err)
	if said, code = o.setup(); code != 0 || !strings.Contains(read(t, o.config), o.slash(team).Token) {
		t.Errorf("exit code %d\n%s", code, said)
	}
}

func TestSetupKeepsATokenInItsOwnFile(t *testing.T) {
	o := newOffice(t, 1)
	token := filepath.Join(o.folder, "token")
	must(t, os.WriteFile(o.config, []byte("[mattermost]\ntoken_file = \"token\"\n"), 0o600))
	if said, code := o.setup(); code != 0 {
		t.Fatalf("exit code %d\n%s", code, said)
	}
	if info, err := os.Stat(token); err != nil || info.Mode() != 0o600 {
		t.Errorf("the token's file is %v, %v", info, err)
	}
	if said, code := o.setup(); code != 0 || !strings.Contains(said, "rien n’a été changé") {
		t.Errorf("again: exit code %d\n%s", code, said)
	}
	if said, code := o.run("doctor", "--config", o.config); code != 0 {
		t.Errorf("exit code %d\n%s", code, said)
	}
}

func TestSetupSaysWhatIsWrong(t *testing.T) {
	elsewhere := httptest.NewServer(http.NotFoundHandler())
	defer elsewhere.Close()
	for _, c := range []struct {
		name  string
		do    func(o *office) (string, int)
		wants []string
	}{
		{"a token that is none", func(o *office) (string, int) {
			o.env["PARCOURS_ADMIN_TOKEN"] = "x"
			return o.setup()
		}, []string{"refuse le jeton de l’administrateur"}},
		{"no token", func(o *office) (string, int) {
			o.env["PARCOURS_ADMIN_TOKEN"] = ""
			return o.setup()
		}, []string{"Il faut le jeton d’un administrateur", "PARCOURS_ADMIN_TOKEN"}},
		{"somebody's token", func(o *office) (string, int) {
			o.env["PARCOURS_ADMIN_TOKEN"] = o.join("claire", o.teams[0]).AuthToken
			return o.setup()
		}, []string{"n’est pas administrateur du serveur"}},
		{"nobody answers", func(o *office) (string, int) {
			return o.setup("--url", "http://127.0.0.1:1")
		}, []string{"ne répond pas", "connection refused"}},
		{"another site", func(o *office) (string, int) {
			return o.setup("--url", elsewhere.URL)
		}, []string{"n’est pas un serveur Mattermost"}},
		{"an address that is none", func(o *office) (string, int) {
			return o.setup("--url", "chat.example.org")
		}, []string{"--url", "n’est pas une adresse"}},
		{"an unknown team, others are done", func(o *office) (string, int) {
			return o.setup("--team", "nulle-part")
		}, []string{"pas d’équipe nulle-part", "Tout n’a pas pu être fait", "créer la commande"}},
		{"the handle of a person", func(o *office) (string, int) {
			return o.setup("--bot", o.join("claire", o.teams[0]).Handle)
		}, []string{"est le compte d’une personne", "--bot"}},
		{"the word is taken", func(o *office) (string, int) {
			_, _, err := server.Admin.CreateCommand(o.t.Context(), &model.Command{
				TeamId: o.teams[0].Id, Trigger: "parcours", Method: model.CommandMethodPost, URL: "http://other.example.org/x",
			})
			must(o.t, err)
			return o.setup()
		}, []string{"appelle déjà autre chose", "other.example.org"}},
		{"a folder that is not there", func(o *office) (string, int) {
			return o.setup("--config", filepath.Join(o.folder, "no", "parcours.toml"))
		}, []string{"ne peut pas être écrite"}},
		{"a file of another server", func(o *office) (string, int) {
			must(o.t, os.WriteFile(o.config, []byte("[mattermost]\nurl = \"https://chat.example.org\"\n"), 0o600))
			return o.setup()
		}, []string{"la configuration d’un autre serveur"}},
		{"a file that is not understood", func(o *office) (string, int) {
			must(o.t, os.WriteFile(o.config, []byte("language = \n"), 0o600))
			return o.setup()
		}, []string{"ligne 1", "n’est pas comprise"}},
		{"a file that is written in its own way", func(o *office) (string, int) {
			must(o.t, os.WriteFile(o.config, []byte("mattermost = { url = \""+server.URL+"\" }\n"), 0o600))
			return o.setup()
		}, []string{"ne peut pas être changée sans risque"}},
		{"in English", func(o *office) (string, int) {
			o.env["LANG"] = "en_GB.UTF-8"
			return o.setup("--url", "http://127.0.0.1:1")
		}, []string{"does not answer"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOffice(t, 1)
			said, code := c.do(o)
			if code != 1 {
				t.Errorf("exit code %d", code)
			}
			for _, want := range append(c.wants, "→") {
				if !strings.Contains(said, want) {
					t.Errorf("%q is not in\n%s", want, said)
				}
			}
			// What could not be written leaves no token behind.
			if user, _, err := server.Admin.GetUserByUsername(t.Context(), o.bot, ""); err == nil && !strings.Contains(said, "Tout n’a pas") {
				tokens, _, err := server.Admin.GetUserAccessTokensForUser(t.Context(), user.Id, 0, 10)
				must(t, err)
				if len(tokens) > 0 && len(o.secrets()) == 0 {
					t.Errorf("%d tokens are left that nobody has", len(tokens))
				}
			}
		})
	}
}

func TestSetupChangesSettingsWhenAgreedOnly(t *testing.T) {
	bare(t)
	o := newOffice(t, 1)
	said, code := o.setup()
	if code != 1 || !strings.Contains(said, "EnableBotAccountCreation") || !strings.Contains(said, "--yes") {
		t.Errorf("exit code %d\n%s", code, said)
	}
	settings, _, err := server.Admin.GetConfig(t.Context())
	must(t, err)
	if *settings.ServiceSettings.EnableBotAccountCreation {
		t.Error("the setting was changed without being agreed to")
	}
	said, code = o.setup("--yes")
	if code != 0 {
		t.Fatalf("exit code %d\n%s", code, said)
	}
	t.Log(said)
	settings, _, err = server.Admin.GetConfig(t.Context())
	must(t, err)
	if allowed := *settings.ServiceSettings.AllowedUntrustedInternalConnections; !*settings.ServiceSettings.EnableBotAccountCreation || !strings.Contains(allowed, "127.0.0.1") {
		t.Errorf("the settings are %v, %q", *settings.ServiceSettings.EnableBotAccountCreation, allowed)
	}
	if said, code = o.setup("--yes"); code != 0 || !strings.Contains(said, "rien n’a été changé") {
		t.Errorf("again: exit code %d\n%s", code, said)
	}
	// Not agreed to, what is private is explained.
	_, _, err = server.Admin.PatchConfig(t.Context(), &model.Config{ServiceSettings: model.ServiceSettings{AllowedUntrustedInternalConnections: new("")}})
	must(t, err)
	if said, code = o.setup(); code != 0 || !strings.Contains(said, "proposé") || !strings.Contains(said, "AllowedUntrustedInternalConnections") {
		t.Errorf("exit code %d\n%s", code, said)
	}
	said, code = o.run("doctor", "--config", o.config)
	for _, want := range []string{"SiteURL du serveur est vide", "n’arrive pas à appeler", "AllowedUntrustedInternalConnections du serveur"} {
		if code != 1 || !strings.Contains(said, want) {
			t.Errorf("%q: exit code %d\n%s", want, code, said)
		}
	}
}

// bare runs the server without the settings that a set-up needs, until the end of
// the test.
func bare(t *testing.T) {
	t.Helper()
	server.Stop()
	must(t, server.Run(t.Context(), map[string]string{
		"MM_SERVICESETTINGS_SITEURL": "", "MM_SERVICESETTINGS_ENABLEBOTACCOUNTCREATION": "",
		"MM_SERVICESETTINGS_ALLOWEDUNTRUSTEDINTERNALCONNECTIONS": "",
	}))
	_, _, err := server.Admin.PatchConfig(t.Context(), &model.Config{ServiceSettings: model.ServiceSettings{EnableBotAccountCreation: new(false)}})
	must(t, err)
	t.Cleanup(func() {
		server.Stop()
		must(t, server.Run(context.Background(), nil))
	})
}

func TestSetupHardensWhenToldOnly(t *testing.T) {
	o := installed(t, 1)
	ctx := t.Context()
	before := map[string]*model.Role{}
	for _, name := range []string{model.ChannelUserRoleId, model.ChannelAdminRoleId} {
		role, _, err := server.Admin.GetRoleByName(ctx, name)
		must(t, err)
		before[name] = role
		t.Cleanup(func() {
			_, _, err := server.Admin.PatchRole(context.Background(), role.Id, &model.RolePatch{Permissions: &role.Permissions})
			must(t, err)
		})
	}
	said, _ := o.setup()
	if !strings.Contains(said, "--harden") {
		t.Errorf("hardening is not offered\n%s", said)
	}
	if said, code := o.setup("--harden", "--dry-run"); code != 0 || !strings.Contains(said, "à faire") {
		t.Errorf("exit code %d\n%s", code, said)
	}
	role, _, err := server.Admin.GetRoleByName(ctx, model.ChannelUserRoleId)
	must(t, err)
	if !slices.Equal(role.Permissions, before[role.Name].Permissions) {
		t.Fatal("hardened without being told")
	}
	if said, code := o.setup("--harden"); code != 0 {
		t.Fatalf("exit code %d\n%s", code, said)
	}
	if said, code := o.setup("--harden"); code != 0 || !strings.Contains(said, "rien n’a été changé") {
		t.Errorf("again: exit code %d\n%s", code, said)
	}
	// A member can no longer add anybody; the bot, which makes the channel, can.
	claire, paul := o.join("claire", o.teams[0]), o.join("paul", o.teams[0])
	bot := model.NewAPIv4Client(server.URL)
	bot.SetToken(o.secrets()[0])
	channel, _, err := bot.CreateChannel(ctx, &model.Channel{TeamId: o.teams[0].Id, Name: "p-" + o.suffix, DisplayName: "P", Type: model.ChannelTypePrivate})
	must(t, err)
	_, _, err = bot.AddChannelMember(ctx, channel.Id, claire.User.Id)
	must(t, err)
	if _, _, err := claire.AddChannelMember(ctx, channel.Id, paul.User.Id); err == nil {
		t.Error("a member let somebody in")
	}
	_, err = claire.RemoveUserFromChannel(ctx, channel.Id, o.botUser().Id)
	if err == nil {
		t.Error("a member took the bot out")
	}
}
