package mattermost

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/adapters/watching"
	"parcours/bot/chat"
	"parcours/casework"
)

// Options say where the server is and how to speak to it. All are needed but
// OtherTeams and Timeout.
type Options struct {
	// URL is the server's, as in "https://chat.example.org".
	URL string
	// Token is the bot account's.
	Token string
	// Team is the id of the team where channels are opened. OtherTeams are those
	// of more teams: a channel is then opened where its first member typed the
	// command.
	Team       string
	OtherTeams []string
	// CommandTokens are those of the slash command: one for each team that has
	// it.
	CommandTokens []string
	// CallbackURL is where the server reaches Handler.
	CallbackURL string
	// Secret seals what travels through the server and comes back.
	Secret []byte
	// Now is the clock, in the zone in which people mean days and hours.
	Now func() time.Time
	// Log receives identifiers, never names or content.
	Log *slog.Logger
	// Timeout is how long one call to the server may take; ten seconds unless
	// said.
	Timeout time.Duration
}

// Adapter is the bot on one server. Its methods may be called at the same time.
type Adapter struct {
	options  Options
	callback string
	client   *model.Client4
	version  *version
	seal     seal
	waiting  waiting
	circles  watching.Circles
	directs  sync.Map // user id → their conversation with the bot
	helped   watching.Daily
	typedIn  typedIn
	contact  watching.Contact

	mu      sync.Mutex
	handler chat.Handler
	id      string
}

var _ chat.Platform = (*Adapter)(nil)

// New makes an adapter. It does not call the server. The error lists every
// option that is missing or malformed.
func New(o Options) (*Adapter, error) {
	var faults []error
	need := func(ok bool, fault string) {
		if !ok {
			faults = append(faults, errors.New("mattermost: "+fault))
		}
	}
	need(isWebAddress(o.URL), "URL is not an http or https address")
	need(isWebAddress(o.CallbackURL), "CallbackURL is not an http or https address")
	need(o.Token != "", "Token is missing")
	need(model.IsValidId(o.Team), "Team is not an id of Mattermost")
	for _, team := range o.OtherTeams {
		need(model.IsValidId(team), "one of OtherTeams is not an id of Mattermost")
	}
	need(len(o.CommandTokens) > 0, "CommandTokens is empty")
	for _, token := range o.CommandTokens {
		need(token != "", "one of CommandTokens is empty")
	}
	need(len(o.Secret) >= 16, "Secret has less than 16 bytes")
	need(o.Now != nil && o.Log != nil, "Now or Log is missing")
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Second
	}
	a := &Adapter{
		options: o, callback: strings.TrimRight(o.CallbackURL, "/"),
		client: model.NewAPIv4Client(strings.TrimRight(o.URL, "/")), version: &version{}, seal: seal{o.Secret},
	}
	a.client.SetToken(o.Token)
	a.client.HTTPClient = &http.Client{Timeout: o.Timeout, Transport: &listening{version: a.version, next: &patient{next: transport(o.Timeout)}}}
	return a, nil
}

func isWebAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func transport(timeout time.Duration) *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = (&net.Dialer{Timeout: timeout, KeepAlive: 30 * time.Second}).DialContext
	t.MaxIdleConnsPerHost = 8
	return t
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

// me gives the bot's own account, asked of the server once. A token that is not
// valid says so.
func (a *Adapter) me(ctx context.Context) (casework.UserID, error) {
	a.mu.Lock()
	id := a.id
	a.mu.Unlock()
	if id != "" {
		return casework.UserID(id), nil
	}
	self, resp, err := a.client.GetMe(ctx, "")
	if err != nil {
		return "", failure("who the bot is", resp, err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.id = self.Id
	return casework.UserID(a.id), nil
}

// Account finds a user by id, or by handle when it starts with @. It returns
// chat.ErrNotFound. An outsider is a guest, or somebody of another server.
func (a *Adapter) Account(ctx context.Context, idOrHandle string) (chat.Account, error) {
	var user *model.User
	var resp *model.Response
	var err error
	handle, typed := strings.CutPrefix(idOrHandle, "@")
	handle = strings.ToLower(handle)
	switch {
	case typed && model.IsValidUsername(handle):
		user, resp, err = a.client.GetUserByUsername(ctx, handle, "")
	case !typed && model.IsValidId(idOrHandle):
		user, resp, err = a.client.GetUser(ctx, idOrHandle, "")
	default:
		return chat.Account{}, fmt.Errorf("mattermost: account: %w", chat.ErrNotFound)
	}
	if err != nil {
		return chat.Account{}, failure("account", resp, err)
	}
	return a.account(user), nil
}

func (a *Adapter) account(user *model.User) chat.Account {
	lang := chat.French
	if strings.HasPrefix(strings.ToLower(user.Locale), "en") {
		lang = chat.English
	}
	zone, err := time.LoadLocation(user.GetPreferredTimezone())
	if err != nil || user.GetPreferredTimezone() == "" {
		zone = a.options.Now().Location()
	}
	return chat.Account{
		ID: casework.UserID(user.Id), Handle: user.Username, Name: user.GetDisplayName(model.ShowFullName),
		Lang: lang, Zone: zone,
		Active: user.DeleteAt == 0, Outsider: user.IsGuest() || user.IsRemote(), Bot: user.IsBot,
	}
}
