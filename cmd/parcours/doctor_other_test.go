package main

import (
	"fmt"
	"strings"
	"testing"

	"parcours/adapters/slack/workspace"
	"parcours/locales"
)

// TestDoctorOfTwoApps has the token by which Slack is listened to be that of another app
// than the bot's: Slack takes it, and Parcours would hear nothing.
func TestDoctorOfTwoApps(t *testing.T) {
	app, err := manifestText(manifest(locales.For("fr"), ""))
	must(t, err)
	w, err := workspace.Start(workspace.Options{Manifest: []byte(app), Unhurried: true})
	must(t, err)
	t.Cleanup(w.Close)
	was := slackAPI
	slackAPI = w.URL
	t.Cleanup(func() { slackAPI = was })
	for token, c := range map[string]struct {
		says string
		code int
	}{
		workspace.AppToken:      {"bon          Parcours peut écouter Slack", done},
		workspace.OtherAppToken: {"à réparer    slack.app_token et slack.token ne sont pas de la même application", failed},
	} {
		setUp := fmt.Sprintf("[slack]\ntoken = %q\napp_token = %q\nteam = %q\n", workspace.BotToken, token, workspace.TeamID)
		said, code := told(t, setUp, "doctor")
		if code != c.code || !strings.Contains(said, c.says) {
			t.Errorf("exit code %d:\n%s", code, said)
		}
	}
}
