package slack

import (
	"context"
	"errors"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"parcours/adapters/watching"
	"parcours/bot/chat"
)

// Scopes are those of the bot's token.
var Scopes = []string{
	"app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "files:read", "files:write",
	"groups:history", "groups:read", "groups:write", "im:history", "im:read", "im:write", "pins:write", "users:read",
}

// Events are those that the app subscribes to.
var Events = []string{
	"app_home_opened", "app_mention", "app_uninstalled", "channel_archive", "channel_deleted", "channel_id_changed",
	"channel_left", "channel_shared", "channel_unarchive", "channel_unshared", "group_archive", "group_deleted",
	"group_left", "group_unarchive", "member_joined_channel", "member_left_channel", "message.channels",
	"message.groups", "message.im", "shared_channel_invite_accepted", "shared_channel_invite_approved",
	"tokens_revoked", "user_change",
}

// Shortcut is the callback_id of the shortcut that makes an action of a message.
const Shortcut = "action"

// Options say which workspace it is and how to speak to it. Token, Now and Log are
// needed, and exactly one of AppToken and SigningSecret.
type Options struct {
	// Token is the bot's, as in "xoxb-…".
	Token string
	// AppToken is the app's own, as in "xapp-…", with the scope
	// connections:write: Slack is then heard by Socket Mode.
	AppToken string
	// SigningSecret is what Slack signs its calls with: it is then heard by HTTP.
	SigningSecret string
	// CallbackURL is where people's browsers reach Handler, and Slack too without an
	// AppToken. With an AppToken it may be empty: there are then no links to files.
	CallbackURL string
	// APIURL is that of Slack's methods, "https://slack.com/api/" unless said.
	APIURL string
	// Now is the clock, in the zone in which people mean days and hours.
	Now func() time.Time
	// Log receives identifiers, never names or content.
	Log *slog.Logger
	// Timeout is how long one call to Slack may take; ten seconds unless said.
	Timeout time.Duration
}

// Adapter is the bot in one workspace. Its methods may be called at the same time.
type Adapter struct {
	options  Options
	callback string
	client   *slack.Client
	circles  watching.Circles
	queue    *watching.Queue
	helped   watching.Daily
	waiting  waiting
	heard    once
	standing standings
	homes    homes
	contact  watching.Contact
	directs  sync.Map // user id → id of their conversation with the bot
	// inTime is how long Slack waits for what a form is answered with, and some.
	inTime  time.Duration
	working sync.WaitGroup
	// looking is held while all channels are looked at.
	looking sync.Mutex
	// hours are when that is done anew, by HTTP; missed holds something when it is to
	// be before.
	hours  func() (ticks <-chan time.Time, stop func())
	missed chan struct{}

	mu      sync.Mutex
	handler chat.Handler
	self    *self
}

var _ chat.Platform = (*Adapter)(nil)

// New makes an adapter. It does not call Slack. The error lists every option that is
// missing or malformed.
func New(o Options) (*Adapter, error) {
	var faults []error
	need := func(ok bool, fault string) {
		if !ok {
			faults = append(faults, errors.New("slack: "+fault))
		}
	}
	need(o.Token != "", "Token is missing")
	need((o.AppToken == "") != (o.SigningSecret == ""), "exactly one of AppToken and SigningSecret is needed")
	need(o.CallbackURL == "" && o.AppToken != "" || isWebAddress(o.CallbackURL), "CallbackURL is not an http or https address")
	need(o.APIURL == "" || isWebAddress(o.APIURL), "APIURL is not an http or https address")
	need(o.Now != nil && o.Log != nil, "Now or Log is missing")
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Second
	}
	if o.APIURL == "" {
		o.APIURL = slack.APIURL
	}
	client := slack.New(o.Token, slack.OptionAppLevelToken(o.AppToken), slack.OptionAPIURL(strings.TrimRight(o.APIURL, "/")+"/"),
		slack.OptionHTTPClient(&http.Client{Timeout: o.Timeout}), slack.OptionLog(silent))
	return &Adapter{
		options: o, callback: strings.TrimRight(o.CallbackURL, "/"), client: client,
		queue: watching.NewQueue(), inTime: inTime, hours: hourly, missed: make(chan struct{}, 1),
	}, nil
}

// silent is where Slack's client tells what it does, contents included.
var silent = log.New(io.Discard, "", 0)

func isWebAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// Attach gives the bot that answers people from now on.
func (a *Adapter) Attach(h chat.Handler) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.handler = h
}

func (a *Adapter) bot() chat.Handler {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.handler
}

// self is the bot as Slack knows it: its account and its program, in a workspace that
// has an address.
type self struct{ user, bot, team, address string }

// me gives who the bot is, asked of Slack once. A token that is not valid says so.
func (a *Adapter) me(ctx context.Context) (self, error) {
	a.mu.Lock()
	known := a.self
	a.mu.Unlock()
	if known != nil {
		return *known, nil
	}
	said, err := a.client.AuthTestContext(ctx)
	if err != nil {
		return self{}, failure("who the bot is", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.self = &self{user: said.UserID, bot: said.BotID, team: said.TeamID, address: strings.TrimRight(said.URL, "/")}
	return *a.self, nil
}
