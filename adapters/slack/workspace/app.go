package workspace

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// app is the app as it was installed.
type app struct {
	name      string
	scopes    []string
	events    []string
	commands  map[string]command
	shortcuts map[string]string // callback id → type
	home      bool
	// messages: the app and people have a conversation; writable: people can write in it.
	messages, writable bool
	interactivity      bool
	socket             bool
	// Where Slack calls without a socket.
	eventURL, interactionURL string
}

// command is a slash command: whether mentions in its text are escaped, and where
// Slack calls without a socket.
type command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
	Hint        string `json:"usage_hint"`
	URL         string `json:"url"`
	Escape      bool   `json:"should_escape"`
}

// A manifest is what is read of the file.
type manifest struct {
	Display struct {
		Name        string `json:"name"`
		Description string `json:"description"`
	} `json:"display_information"`
	Features struct {
		Home struct {
			Home     bool `json:"home_tab_enabled"`
			Messages bool `json:"messages_tab_enabled"`
			// ReadOnly is so unless said otherwise.
			ReadOnly *bool `json:"messages_tab_read_only_enabled"`
		} `json:"app_home"`
		Bot *struct {
			Name string `json:"display_name"`
		} `json:"bot_user"`
		Commands  []command `json:"slash_commands"`
		Shortcuts []struct {
			Name        string `json:"name"`
			Callback    string `json:"callback_id"`
			Description string `json:"description"`
			Type        string `json:"type"`
		} `json:"shortcuts"`
	} `json:"features"`
	OAuth struct {
		Scopes struct {
			Bot []string `json:"bot"`
		} `json:"scopes"`
	} `json:"oauth_config"`
	Settings struct {
		Events struct {
			URL  string   `json:"request_url"`
			Bots []string `json:"bot_events"`
		} `json:"event_subscriptions"`
		Interactivity struct {
			Enabled bool   `json:"is_enabled"`
			URL     string `json:"request_url"`
		} `json:"interactivity"`
		Socket bool `json:"socket_mode_enabled"`
	} `json:"settings"`
}

// needs is the scope that each event takes.
var needs = map[string]string{
	"app_mention":                    "app_mentions:read",
	"app_home_opened":                "",
	"message.im":                     "im:history",
	"message.groups":                 "groups:history",
	"message.channels":               "channels:history",
	"member_joined_channel":          "",
	"member_left_channel":            "",
	"group_left":                     "groups:read",
	"channel_left":                   "channels:read",
	"group_archive":                  "groups:read",
	"channel_archive":                "channels:read",
	"group_unarchive":                "groups:read",
	"channel_unarchive":              "channels:read",
	"group_rename":                   "groups:read",
	"channel_rename":                 "channels:read",
	"group_deleted":                  "groups:read",
	"channel_deleted":                "channels:read",
	"channel_id_changed":             "",
	"channel_shared":                 "",
	"channel_unshared":               "",
	"shared_channel_invite_accepted": "",
	"shared_channel_invite_approved": "",
	"user_change":                    "users:read",
	"app_uninstalled":                "",
	"tokens_revoked":                 "",
}

// install reads a manifest as Slack does when an app is made of it. The error
// lists all that Slack would refuse.
func install(raw []byte) (app, error) {
	var m manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		return app{}, fmt.Errorf("workspace: the manifest: %w", err)
	}
	var faults []error
	refuse := func(when bool, format string, about ...any) {
		if when {
			faults = append(faults, fmt.Errorf("workspace: the manifest: "+format, about...))
		}
	}
	long := func(text string, most int) bool { return size(text) > most }
	scopes := m.OAuth.Scopes.Bot
	refuse(m.Display.Name == "" || long(m.Display.Name, 35), "a name has 1 to 35 characters")
	refuse(long(m.Display.Description, 140), "a description has at most 140 characters")
	refuse(m.Features.Bot == nil, "no bot user")
	refuse(len(m.Features.Commands) > 50, "more than 50 commands")
	refuse(len(m.Features.Commands) > 0 && !slices.Contains(scopes, "commands"), "commands without their scope")
	a := app{
		name: m.Display.Name, scopes: scopes, events: m.Settings.Events.Bots, commands: map[string]command{}, shortcuts: map[string]string{},
		home: m.Features.Home.Home, messages: m.Features.Home.Messages, interactivity: m.Settings.Interactivity.Enabled, socket: m.Settings.Socket,
		eventURL: m.Settings.Events.URL, interactionURL: m.Settings.Interactivity.URL,
	}
	readOnly := m.Features.Home.ReadOnly
	a.writable = a.messages && readOnly != nil && !*readOnly
	for _, c := range m.Features.Commands {
		refuse(len(c.Command) < 2 || c.Command[0] != '/' || long(c.Command, 32), "a command is a slash and a word, not %q", c.Command)
		refuse(c.Description == "" || long(c.Description, 2000), "%s: a description has 1 to 2000 characters", c.Command)
		refuse(long(c.Hint, 1000), "%s: a hint has at most 1000 characters", c.Command)
		refuse(!a.socket && c.URL == "", "%s: without a socket, it needs an address", c.Command)
		a.commands[c.Command] = c
	}
	refuse(len(m.Features.Shortcuts) > 10, "more than 10 shortcuts")
	for _, s := range m.Features.Shortcuts {
		refuse(s.Name == "" || long(s.Name, 24), "the name of a shortcut has 1 to 24 characters, not %q", s.Name)
		refuse(s.Description == "" || long(s.Description, 150), "%s: a description has 1 to 150 characters", s.Name)
		refuse(s.Callback == "" || long(s.Callback, 255), "%s: a callback id has 1 to 255 characters", s.Name)
		refuse(s.Type != "message" && s.Type != "global", "%s: no type %q", s.Name, s.Type)
		refuse(!slices.Contains(scopes, "commands"), "%s: without the scope of commands", s.Name)
		a.shortcuts[s.Callback] = s.Type
	}
	for _, event := range a.events {
		scope, known := needs[event]
		refuse(!known, "no event %q", event)
		refuse(scope != "" && !slices.Contains(scopes, scope), "event %s without scope %s", event, scope)
	}
	refuse(!a.socket && len(a.events) > 0 && m.Settings.Events.URL == "", "without a socket, events need an address")
	refuse(!a.socket && a.interactivity && m.Settings.Interactivity.URL == "", "without a socket, interactivity needs an address")
	return a, errors.Join(faults...)
}
