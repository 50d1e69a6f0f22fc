package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	slackgo "github.com/slack-go/slack"

	"parcours/adapters/slack"
	"parcours/commands"
	"parcours/config"
	"parcours/locales"
)

var golden = flag.Bool("golden", false, "write the expected manifests anew")

func TestManifest(t *testing.T) {
	for name, c := range map[string]struct{ lang, callback string }{
		"manifest.json": {"fr", ""}, "manifest-http.json": {"en", "https://parcours.example.org"},
	} {
		got, err := manifestText(manifest(locales.For(c.lang), c.callback))
		must(t, err)
		path := filepath.Join("testdata", name)
		if *golden {
			must(t, os.WriteFile(path, []byte(got), 0o644))
		}
		want, err := os.ReadFile(path)
		must(t, err)
		if got != string(want) {
			t.Errorf("%s is now\n%s", name, got)
		}
	}
}

// What Slack refuses is found before anybody pastes it there.
func TestManifestWithinLimits(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		m := manifest(locales.For(lang), "")
		for what, c := range map[string]struct {
			text string
			most int
		}{
			"name": {m.Display.Name, 35}, "description": {m.Display.Description, 140}, "bot": {m.Features.BotUser.DisplayName, 80},
			"command": {m.Features.SlashCommands[0].Command, 32}, "command description": {m.Features.SlashCommands[0].Description, 2000},
			"hint": {m.Features.SlashCommands[0].UsageHint, hintMax}, "shortcut": {m.Features.Shortcuts[0].Name, 24},
			"shortcut description": {m.Features.Shortcuts[0].Description, 150},
		} {
			if n := len([]rune(c.text)); n == 0 || n > c.most {
				t.Errorf("%s in %s: %d characters, want 1 to %d", what, lang, n, c.most)
			}
		}
		if n := len(m.Features.SlashCommands); n > 50 {
			t.Errorf("%d commands", n)
		}
		for _, c := range commands.All() {
			if c.Hidden {
				continue
			}
			if verb := map[string]string{"fr": c.Name, "en": c.Twin}[lang]; !strings.Contains(m.Features.SlashCommands[0].UsageHint, verb) {
				t.Errorf("the hint in %s does not say %s", lang, verb)
			}
		}
		if !m.Settings.SocketModeEnabled || m.Features.SlashCommands[0].Url != "" {
			t.Error("an app that calls nobody has an address")
		}
	}
}

// atSlack stands in for Slack's methods: what each answers, and the scopes that the
// token has.
type atSlack struct {
	answers map[string]any
	scopes  []string
}

func (a atSlack) start(t *testing.T) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method := strings.TrimPrefix(r.URL.Path, "/")
		answer, ok := a.answers[method]
		if !ok {
			answer = map[string]any{"ok": false, "error": "unknown_method"}
		}
		if code, bad := answer.(string); bad {
			answer = map[string]any{"ok": false, "error": code}
		}
		w.Header().Set("X-OAuth-Scopes", strings.Join(a.scopes, ","))
		must(t, json.NewEncoder(w).Encode(answer))
	}))
	t.Cleanup(server.Close)
	was := slackAPI
	slackAPI = server.URL + "/"
	t.Cleanup(func() { slackAPI = was })
}

// sound is a Slack at which all is right.
func soundSlack() atSlack {
	return atSlack{
		answers: map[string]any{
			"auth.test":             map[string]any{"ok": true, "team": "Ariège", "team_id": "T024BE7LH", "user": "parcours", "user_id": "U0", "bot_id": "B0"},
			"apps.connections.open": map[string]any{"ok": true, "url": "wss://slack.example.org/link"},
			"users.info":            map[string]any{"ok": true, "user": map[string]any{"id": "U024BE7LH", "name": "claire"}},
		},
		scopes: slack.Scopes,
	}
}

const slackSetUp = `admins = ["slack:U024BE7LH"]
callback_url = "https://parcours.example.org"

[slack]
token = "xoxb-secret"
app_token = "xapp-secret"
team = "T024BE7LH"
`

// told runs a command with a set-up, and gives what it said and its exit code.
func told(t *testing.T, setUp string, args ...string) (string, int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "parcours.toml")
	if setUp != "" {
		must(t, os.WriteFile(path, []byte(setUp), 0o600))
	}
	var out bytes.Buffer
	code := run(context.Background(), append(args, "--lang", "fr", "--config", path), streams{getenv: func(string) string { return "" }, out: &out, err: &out})
	if strings.Contains(out.String(), "secret") {
		t.Errorf("a secret is said:\n%s", out.String())
	}
	return out.String(), code
}

func TestDoctorOfSlack(t *testing.T) {
	swap := func(old, new string) string { return strings.Replace(slackSetUp, old, new, 1) }
	for name, c := range map[string]struct {
		setUp  string
		change func(*atSlack)
		says   []string
		code   int
	}{
		"all is right": {slackSetUp, nil, []string{
			"bon          espace Slack Ariège (T024BE7LH), avec le compte @parcours", "bon          droits de l’application : ceux qu’il faut",
			"bon          Parcours peut écouter Slack", "bon          Slack ne garde que les codes", "société américaine", "bon          admins[1] : @claire",
		}, done},
		"the token is refused": {slackSetUp, func(a *atSlack) { a.answers["auth.test"] = "token_revoked" },
			[]string{"à réparer    Slack refuse slack.token (token_revoked)."}, failed},
		"the token of a person": {slackSetUp, func(a *atSlack) { delete(a.answers["auth.test"].(map[string]any), "bot_id") },
			[]string{"à réparer    slack.token est celui d’une personne"}, failed},
		"another workspace": {swap(`team = "T024BE7LH"`, `team = "T0OTHER"`), nil,
			[]string{"à réparer    slack.token est d’un autre espace, Ariège (T024BE7LH), et la configuration dit T0OTHER."}, failed},
		"no workspace said": {swap(`team = "T024BE7LH"`, ""), nil, []string{`Écrivez team = "T024BE7LH"`}, done},
		"a right is missing": {slackSetUp, func(a *atSlack) { a.scopes = []string{"commands", "chat:write"} },
			[]string{"à réparer    il manque des droits à l’application : ", "groups:write", "parcours setup slack --manifest"}, failed},
		"a right too many": {slackSetUp, func(a *atSlack) { a.scopes = append([]string{"admin"}, slack.Scopes...) },
			[]string{"attention    l’application a des droits dont Parcours ne se sert pas : admin."}, done},
		"not allowed to listen": {slackSetUp, func(a *atSlack) { a.answers["apps.connections.open"] = "missing_scope" },
			[]string{"à réparer    slack.app_token ne permet pas d’écouter Slack : il lui manque connections:write."}, failed},
		"the app's token is refused": {slackSetUp, func(a *atSlack) { a.answers["apps.connections.open"] = "invalid_auth" },
			[]string{"à réparer    Slack refuse slack.app_token (invalid_auth)."}, failed},
		"nobody there": {slackSetUp, func(a *atSlack) { a.answers["users.info"] = "user_not_found" },
			[]string{"à réparer    admins[1] : aucun compte slack:U024BE7LH"}, failed},
		"a guest": {slackSetUp, func(a *atSlack) {
			a.answers["users.info"] = map[string]any{"ok": true, "user": map[string]any{"name": "zoe", "is_ultra_restricted": true}}
		}, []string{"à réparer    admins[1] : @zoe est un compte fermé, invité"}, failed},
		"all is kept":          {slackSetUp + "showing = \"full\"\n", nil, []string{"attention    Slack garde ce que dit Parcours", "protection des données"}, done},
		"no way for browsers":  {swap(`callback_url = "https://parcours.example.org"`, ""), nil, []string{"attention    personne ne pourra télécharger de document"}, done},
		"Slack calls":          {swap(`app_token = "xapp-secret"`, `signing_secret = "secret"`), nil, []string{"non vérifié  si Slack joint Parcours à https://parcours.example.org/slack/event"}, done},
		"the tokens exchanged": {swap("xoxb", "xapp"), nil, []string{"à réparer    slack.token : ce n’est pas ce jeton-là."}, failed},
	} {
		t.Run(name, func(t *testing.T) {
			there := soundSlack()
			if c.change != nil {
				c.change(&there)
			}
			there.start(t)
			for _, command := range [][]string{{"doctor"}, {"setup", "slack"}} {
				said, code := told(t, c.setUp, command...)
				for _, want := range c.says {
					if !strings.Contains(strings.ReplaceAll(said, "\u00a0", " "), want) {
						t.Errorf("%s does not say %q:\n%s", command, want, said)
					}
				}
				if code != c.code {
					t.Errorf("%s: exit code %d, want %d:\n%s", command, code, c.code, said)
				}
				if strings.Contains(said, "Mattermost") || strings.Contains(said, "mattermost.") {
					t.Errorf("%s speaks of Mattermost:\n%s", command, said)
				}
			}
		})
	}
}

func TestSlackThatDoesNotAnswer(t *testing.T) {
	soundSlack().start(t)
	slackAPI = "http://127.0.0.1:1/"
	if said, code := told(t, slackSetUp, "doctor"); code != failed || !strings.Contains(said, "Slack ne répond pas") {
		t.Errorf("exit code %d:\n%s", code, said)
	}
}

func TestSetupSlackLeadsThrough(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "parcours.toml")
	say := func(args ...string) (string, int) {
		var out bytes.Buffer
		code := run(t.Context(), append(append([]string{"setup", "slack", "--lang", "fr"}, args...), "--config", path), streams{getenv: func(string) string { return "" }, out: &out, err: &out})
		return out.String(), code
	}
	said, code := say()
	for _, want := range []string{"https://api.slack.com/apps", `"socket_mode_enabled": true`, "connections:write", "xoxb-", "xapp-", path} {
		if code != done || !strings.Contains(said, want) {
			t.Errorf("exit code %d, %q is not said:\n%s", code, want, said)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file to write in: %v", err)
	}
	written, err := os.ReadFile(path)
	must(t, err)
	if said, _ = say("--http", "https://parcours.example.org/"); !strings.Contains(said, "Signing Secret") || !strings.Contains(said, `"url": "https://parcours.example.org/slack/command"`) || strings.Contains(said, "socket_mode_enabled") {
		t.Errorf("with an address:\n%s", said)
	}
	if again, err := os.ReadFile(path); err != nil || string(again) != string(written) {
		t.Error("a file that was there has changed")
	}
	if said, code = say("--http", "http://parcours.example.org"); code != failed || !strings.Contains(said, "https") {
		t.Errorf("in clear: exit code %d:\n%s", code, said)
	}
	said, _ = say("--manifest")
	var m slackgo.Manifest
	if err := json.Unmarshal([]byte(said), &m); err != nil || m.Display.Name != "Parcours" {
		t.Errorf("the manifest alone: %v\n%s", err, said)
	}
	if c, err := config.Load(path, func(string) string { return "" }); err == nil || c.Slack.Used() {
		t.Errorf("the file that was made is a set-up already: %v", err)
	}
}
