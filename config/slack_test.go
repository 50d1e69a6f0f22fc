package config_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parcours/config"
)

// alone is a set-up for Slack without Mattermost, heard by a connection.
const alone = `[slack]
token = "xoxb-secret"
app_token = "xapp-secret"
team = "T024BE7LH"
`

func TestSlackIsRead(t *testing.T) {
	got, err := config.Load(file(t, alone), none)
	must(t, err)
	want := config.Slack{Token: "xoxb-secret", AppToken: "xapp-secret", Team: "T024BE7LH", Showing: config.Discreet}
	if got.Slack != want || got.OnMattermost() || !got.Slack.Used() || got.Slack.Called() {
		t.Errorf("got %+v; on Mattermost: %v", got.Slack, got.OnMattermost())
	}
	both, err := config.Load(file(t, "cases_on = \"mattermost\"\nadmins = [\"@claire\", \"slack:U024BE7LH\"]\n"+sound+alone), none)
	must(t, err)
	if !both.OnMattermost() || !both.Slack.Used() || both.CasesOn != config.OnMattermost || both.Mattermost.Showing != config.Full {
		t.Errorf("got %+v", both)
	}
	if config.Default().Slack.Used() || !config.Default().OnMattermost() {
		t.Error("who says nothing is not on Mattermost")
	}
	dump := both.Dump()
	if strings.Contains(dump, "secret") || !strings.Contains(dump, `team = "T024BE7LH"`) || !strings.Contains(dump, `cases_on = "mattermost"`) {
		t.Errorf("got\n%s", dump)
	}
}

func TestEveryFaultOfSlackIsFound(t *testing.T) {
	swap := func(old, new string) string { return strings.Replace(alone, old, new, 1) }
	signed := swap(`app_token = "xapp-secret"`, `signing_secret = "secret"`)
	for _, c := range []struct {
		name, text string
		want       []config.Fault
	}{
		{"nothing wrong", alone, nil},
		{"called by Slack", "callback_url = \"https://parcours.example.org\"\n" + signed, nil},
		{"heard, on a socket", "listen = \"unix:/run/x.sock\"\n" + alone, nil},
		{"no token", swap(`token = "xoxb-secret"`, ""), []config.Fault{{Key: "slack.token", Kind: config.Missing}}},
		{"neither way", swap(`app_token = "xapp-secret"`, ""), []config.Fault{{Key: "slack.app_token", Kind: config.Missing}}},
		{"both ways", "callback_url = \"https://a\"\n" + alone + "signing_secret = \"secret\"\n", []config.Fault{{Key: "slack.signing_secret", Kind: config.TwoWays}}},
		{"the tokens exchanged", "[slack]\ntoken = \"xapp-secret\"\napp_token = \"xoxb-secret\"\n", []config.Fault{
			{Key: "slack.token", Kind: config.NotSlackToken}, {Key: "slack.app_token", Kind: config.NotSlackToken}}},
		{"a name for a team", swap("T024BE7LH", "solidarites"), []config.Fault{{Key: "slack.team", Kind: config.NotWorkspace, Given: "solidarites"}}},
		{"nowhere to call", signed, []config.Fault{{Key: "callback_url", Kind: config.NoSlackCallback}}},
		{"called in clear", "callback_url = \"http://parcours.example.org\"\n" + signed, []config.Fault{{Key: "callback_url", Kind: config.NoSlackCallback, Given: "http://parcours.example.org"}}},
		{"showing", alone + "showing = \"nothing\"\n", []config.Fault{{Key: "slack.showing", Kind: config.NotOneOf, Given: "nothing"}}},
		{"a secret twice", alone + "token_file = \"x\"\n", []config.Fault{{Key: "slack.token_file", Kind: config.Both}}},
		{"unknown", alone + "url = \"x\"\n", []config.Fault{{Key: "slack.url", Kind: config.Unknown}}},
		{"cases on what is not there", "cases_on = \"mattermost\"\n" + alone, []config.Fault{{Key: "cases_on", Kind: config.NotConnected, Given: "mattermost"}}},
		{"cases on what there is not", "cases_on = \"teams\"\n" + alone, []config.Fault{{Key: "cases_on", Kind: config.NotConnected, Given: "teams"}}},
		{"people of Mattermost", "admins = [\"@claire\"]\npilots = [\"slack:U024BE7LH\", \"slack:claire\"]\n" + alone, []config.Fault{
			{Key: "pilots[2]", Kind: config.NotPerson, Given: "slack:claire"}, {Key: "admins[1]", Kind: config.PersonAway, Given: "@claire"}}},
		{"people of Slack", "pilots = [\"slack:U024BE7LH\"]\n" + sound, []config.Fault{{Key: "pilots[1]", Kind: config.PersonAway, Given: "slack:U024BE7LH"}}},
	} {
		t.Run(c.name, func(t *testing.T) { faulty(t, c.text, c.want, "secret\"") })
	}
}

// Each secret may be in a file, or in the environment, which comes before both.
func TestSecretsOfSlackElsewhere(t *testing.T) {
	path := file(t, "[slack]\ntoken_file = \"bot\"\napp_token_file = \"app\"\n")
	bot := filepath.Join(filepath.Dir(path), "bot")
	must(t, os.WriteFile(bot, []byte("xoxb-file\n"), 0o600))
	must(t, os.WriteFile(filepath.Join(filepath.Dir(path), "app"), []byte("xapp-file\n"), 0o600))
	got, err := config.Load(path, none)
	must(t, err)
	if got.Slack.Token != "xoxb-file" || got.Slack.AppToken != "xapp-file" {
		t.Errorf("got %+v", got.Slack)
	}
	env := map[string]string{"PARCOURS_SLACK_TOKEN": "xoxb-env", "PARCOURS_SLACK_APP_TOKEN_FILE": bot}
	got, err = config.Load(path, func(name string) string { return env[name] })
	if got.Slack.Token != "xoxb-env" || got.Slack.TokenFile != "" {
		t.Errorf("got %+v", got.Slack)
	}
	if want := (config.Fault{Key: "slack.app_token", Kind: config.NotSlackToken, Want: "xapp-…"}); !slices.Contains(faults(err), want) {
		t.Errorf("the bot's token is taken for the app's: %v", err)
	}
	must(t, os.Chmod(bot, 0o644))
	if _, err := config.Load(path, none); !slices.Contains(faults(err), config.Fault{Key: bot, Kind: config.Readable, Given: "0644"}) {
		t.Errorf("a secret that others can read: %v", err)
	}
	must(t, os.WriteFile(path, []byte(alone), 0o644))
	must(t, os.Chmod(path, 0o644))
	if _, err := config.Load(path, none); !slices.Contains(faults(err), config.Fault{Key: path, Kind: config.Readable, Given: "0644"}) {
		t.Errorf("secrets that others can read: %v", err)
	}
}

func TestBrowsersReachFiles(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "callback_url = \"http://127.0.0.1:8070\"": "http://127.0.0.1:8070",
		"callback_url = \"https://parcours.example.org/\"": "https://parcours.example.org", "listen = \"unix:/run/x.sock\"": "",
	} {
		got, err := config.Load(file(t, text+"\n"+alone), none)
		must(t, err)
		if got.Browsers() != want {
			t.Errorf("%q: %q, want %q", text, got.Browsers(), want)
		}
	}
}

func TestEditFillsInSlack(t *testing.T) {
	values := map[string]string{"slack.token": "xoxb-1", "slack.app_token": "xapp-1", "slack.team": "T024BE7LH"}
	for _, text := range []string{"", sound} {
		edited, err := config.Edit(text, values, nil)
		must(t, err)
		got, err := config.Load(file(t, edited), none)
		if got.Slack.Token != "xoxb-1" || got.Slack.AppToken != "xapp-1" || got.Slack.Team != "T024BE7LH" || err != nil {
			t.Errorf("got %+v, %v of\n%s", got.Slack, err, edited)
		}
	}
}
