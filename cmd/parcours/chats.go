package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"parcours/adapters/mattermost"
	"parcours/adapters/slack"
	"parcours/bot/chat"
	"parcours/bot/switchboard"
	"parcours/config"
	"parcours/storage/vault"
)

// The chats there are, by what people call them.
const (
	mattermostTitle = "Mattermost"
	slackTitle      = "Slack"
)

// An adapter is a platform that listens to people.
type adapter interface {
	chat.Platform
	chat.Finder
	chat.Quoter
	chat.Linker
	// Attach gives what answers them.
	Attach(chat.Handler)
	// Run listens until ctx is done.
	Run(ctx context.Context)
	// Ready says why people are not heard; nil when they are.
	Ready() error
	// Handler answers what the chat calls, under its own path.
	Handler() http.Handler
}

// A connected chat is one that people use the bot on.
type connected struct {
	chat.Surface
	adapter
	// bare: its ids are stored as they are.
	bare bool
	// token is what Ready gives when its token is refused; refused and away are the
	// sentences that say so, and that it cannot be reached.
	token         error
	refused, away string
}

// path is where the chat calls the program, and people's browsers fetch files.
func (c connected) path() string { return "/" + c.Name + "/" }

// missing gives the sentence that says why people are not heard; nothing when they are.
func (c connected) missing() string {
	switch err := c.Ready(); {
	case err == nil:
		return ""
	case errors.Is(err, c.token):
		return c.refused
	}
	return c.away
}

// connect makes the adapters of a set-up: Mattermost, Slack or both.
func connect(cfg config.Config, keys *vault.Keys, now func() time.Time, log *slog.Logger) ([]connected, error) {
	var all []connected
	if cfg.OnMattermost() {
		a, err := newAdapter(cfg, keys.Secret(secretLabel), now, log)
		if err != nil {
			return nil, err
		}
		all = append(all, connected{
			Surface: mattermostOf(cfg), adapter: a, bare: true,
			token: mattermost.ErrToken, refused: "ready.token", away: "ready.server",
		})
	}
	if cfg.Slack.Used() {
		a, err := slack.New(slackOptions(cfg, now, log))
		if err != nil {
			return nil, err
		}
		all = append(all, connected{
			Surface: slackOf(cfg), adapter: a,
			token: slack.ErrToken, refused: "ready.slack_token", away: "ready.slack",
		})
	}
	return all, nil
}

func mattermostOf(cfg config.Config) chat.Surface {
	return chat.Surface{Name: config.OnMattermost, Title: mattermostTitle, Discreet: cfg.Mattermost.Showing == config.Discreet}
}

func slackOf(cfg config.Config) chat.Surface {
	return chat.Surface{Name: config.OnSlack, Title: slackTitle, Discreet: cfg.Slack.Showing == config.Discreet}
}

// slackAPI is where Slack's methods are; where the adapter knows them, when empty. Tests
// of the built program say it to the linker.
var slackAPI string

// slackOptions says how to speak in the workspace of a set-up.
func slackOptions(cfg config.Config, now func() time.Time, log *slog.Logger) slack.Options {
	o := slack.Options{
		Token: cfg.Slack.Token, AppToken: cfg.Slack.AppToken, SigningSecret: cfg.Slack.SigningSecret,
		CallbackURL: cfg.Browsers(), APIURL: slackAPI, Now: now, Log: log,
	}
	if cfg.Slack.Called() {
		o.CallbackURL = cfg.Callback()
	}
	return o
}

// casesOn gives the chat where a set-up has cases opened; the zero one for any.
func casesOn(cfg config.Config) chat.Surface {
	switch cfg.CasesOn {
	case config.OnMattermost:
		return mattermostOf(cfg)
	case config.OnSlack:
		return slackOf(cfg)
	}
	return chat.Surface{}
}

// joined makes one platform of the chats, each of whose calls is counted.
func joined(all []connected, m *metrics) switchboard.Switchboard {
	lines := make([]switchboard.Line, len(all))
	for i, c := range all {
		lines[i] = switchboard.Line{Surface: c.Surface, Platform: calling{c.adapter, c.Name, m}, Bare: c.bare}
	}
	return switchboard.New(lines...)
}

// allReady reports whether people are heard on every chat.
func allReady(all []connected) bool {
	return !slices.ContainsFunc(all, func(c connected) bool { return c.Ready() != nil })
}
