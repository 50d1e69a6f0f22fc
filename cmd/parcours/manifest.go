package main

import (
	"encoding/json"
	"strings"

	slackgo "github.com/slack-go/slack"

	"parcours/adapters/slack"
	"parcours/commands"
	"parcours/locales"
)

// hintMax is how long Slack lets the hint of a command be, in characters.
const hintMax = 1000

// manifest gives the app that Slack is to make: what it is called, what it may do and
// what it is told of, and nothing that is not used. callback is where Slack calls the
// program; empty when the program calls Slack.
func manifest(say locales.Printer, callback string) slackgo.Manifest {
	at := func(path string) string {
		if callback == "" {
			return ""
		}
		return callback + path
	}
	return slackgo.Manifest{
		Metadata: slackgo.ManifestMetadata{MajorVersion: 1},
		Display:  slackgo.Display{Name: "Parcours", Description: say.T("setup.slack_description")},
		Features: slackgo.Features{
			AppHome: slackgo.AppHome{HomeTabEnabled: true, MessagesTabEnabled: true},
			BotUser: slackgo.BotUser{DisplayName: "Parcours", AlwaysOnline: true},
			Shortcuts: []slackgo.Shortcut{{
				Name: say.T("setup.slack_shortcut"), CallbackID: slack.Shortcut, Type: slackgo.MessageShortcut,
				Description: say.T("setup.slack_shortcut_description"),
			}},
			// People type names of accounts: Slack then says whose they are.
			SlashCommands: []slackgo.ManifestSlashCommand{{
				Command: "/" + trigger, Description: say.T("setup.command_description"), UsageHint: hint(say),
				ShouldEscape: true, Url: at(slack.CommandPath),
			}},
		},
		OAuthConfig: slackgo.OAuthConfig{Scopes: slackgo.OAuthScopes{Bot: slack.Scopes}},
		Settings: slackgo.Settings{
			EventSubscriptions: &slackgo.EventSubscriptions{BotEvents: slack.Events, RequestUrl: at(slack.EventPath)},
			Interactivity:      &slackgo.Interactivity{IsEnabled: true, RequestUrl: at(slack.InteractionPath)},
			SocketModeEnabled:  callback == "",
		},
	}
}

// hint names the verbs of the command, as many as there is room for.
func hint(say locales.Printer) string {
	var verbs []string
	for _, c := range commands.All() {
		if c.Hidden || !c.Offered(say) {
			continue
		}
		if say.Lang() == "en" {
			verbs = append(verbs, c.Twin)
		} else {
			verbs = append(verbs, c.Name)
		}
	}
	for len([]rune(strings.Join(verbs, " | "))) > hintMax {
		verbs = verbs[:len(verbs)-1]
	}
	return strings.Join(verbs, " | ")
}

// A written manifest says what the library leaves out when it is false and Slack takes
// for true: that people may write to the app, and not only read it.
type written struct {
	slackgo.Manifest
	Features writtenFeatures `json:"features"`
}

type writtenFeatures struct {
	slackgo.Features
	AppHome writtenHome `json:"app_home"`
}

type writtenHome struct {
	slackgo.AppHome
	ReadOnly bool `json:"messages_tab_read_only_enabled"`
}

// manifestText writes an app as Slack reads it.
func manifestText(m slackgo.Manifest) (string, error) {
	home := writtenHome{m.Features.AppHome, m.Features.AppHome.MessagesTabReadOnlyEnabled}
	text, err := json.MarshalIndent(written{m, writtenFeatures{m.Features, home}}, "", "  ")
	return string(text) + "\n", err
}
