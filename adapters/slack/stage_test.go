package slack_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parcours/adapters/slack"
	"parcours/adapters/slack/workspace"
	"parcours/adapters/slack/workspace/onstage"
	"parcours/bot"
	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
	"parcours/commands"
	"parcours/story"
)

// manifest is that of an app with all that the adapter says it needs. Slack calls it
// at an address, or on a socket when that is empty.
func manifest(url string) []byte {
	type m = map[string]any
	raw, err := json.Marshal(m{
		"display_information": m{"name": "Parcours"},
		"features": m{
			"bot_user": m{"display_name": "parcours"}, "app_home": m{"home_tab_enabled": true, "messages_tab_enabled": true, "messages_tab_read_only_enabled": false},
			"slash_commands": []m{{"command": "/parcours", "description": "x", "should_escape": true, "url": url + slack.CommandPath}},
			"shortcuts":      []m{{"name": "x", "type": "message", "callback_id": slack.Shortcut, "description": "x"}},
		},
		"oauth_config": m{"scopes": m{"bot": slack.Scopes}},
		"settings": m{
			"event_subscriptions": m{"bot_events": slack.Events, "request_url": url + slack.EventPath},
			"interactivity":       m{"is_enabled": true, "request_url": url + slack.InteractionPath}, "socket_mode_enabled": url == "",
		},
	})
	if err != nil {
		panic(err)
	}
	return raw
}

// A world is the bot in a workspace, by the real client, with some people.
type world struct {
	t testing.TB
	*bottest.World
	slack   *workspace.Workspace
	adapter *slack.Adapter
	calls   *calls
	relay   *relay
	front   *httptest.Server // what browsers reach, and Slack when it calls
	people  []story.Person
	ids     map[string]string // handle → user id
	forged  int               // calls that no workspace made
	watcher string            // somebody in no channel, by whom the end of what was told is seen
	hours   chan time.Time    // when the bot looks for itself
	deaf    atomic.Bool       // Slack is not heard before its third try

	// rough is what goes wrong, once the bot listens; the clock then moves at least as
	// often, whatever goes wrong.
	rough workspace.Faults
	least int
}

// relay hands what people do to the bot, and notes whom it answered.
type relay struct {
	*bot.Bot
	mu       sync.Mutex
	answered map[casework.UserID]int
	shown    map[casework.UserID]bool // whether the last answer was anything
	more     chan struct{}            // closed when somebody was answered

	// held, if set, is told that the bot would answer somebody, and then read before it
	// does.
	held chan struct{}
}

// hold has the bot not answer what it is asked next, of which begun tells, until it is
// let go.
func (r *relay) hold() (begun <-chan struct{}, let func()) {
	held := make(chan struct{})
	r.mu.Lock()
	defer r.mu.Unlock()
	r.held = held
	return held, func() {
		r.mu.Lock()
		r.held = nil
		r.mu.Unlock()
		held <- struct{}{}
	}
}

// wait returns once the bot is not held.
func (r *relay) wait() {
	r.mu.Lock()
	held := r.held
	r.mu.Unlock()
	if held != nil {
		held <- struct{}{}
		<-held
	}
}

func (r *relay) note(user casework.UserID, a chat.Answer) chat.Answer {
	_, says := a.Say.Value()
	_, asks := a.Form.Value()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answered[user]++
	r.shown[user] = says || asks || len(a.FieldErrors) > 0 || a.FormError != ""
	close(r.more)
	r.more = make(chan struct{})
	return a
}

// answers gives how often somebody was answered, and whether the last time it was
// anything.
func (r *relay) answers(user casework.UserID) (n int, anything bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.answered[user], r.shown[user]
}

// await returns once somebody was answered more often than before, and says whether it
// was anything.
func (r *relay) await(ctx context.Context, user casework.UserID, before int) (anything bool, err error) {
	ctx, stop := context.WithTimeout(ctx, 20*time.Second)
	defer stop()
	for {
		r.mu.Lock()
		more := r.more
		r.mu.Unlock()
		if n, anything := r.answers(user); n > before {
			return anything, nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return false, fmt.Errorf("the bot does not answer: %w", ctx.Err())
		}
	}
}

func (r *relay) Command(ctx context.Context, c chat.Command) chat.Answer {
	r.wait()
	return r.note(c.User, r.Bot.Command(ctx, c))
}

func (r *relay) Submit(ctx context.Context, s chat.Submission) chat.Answer {
	r.wait()
	return r.note(s.User, r.Bot.Submit(ctx, s))
}

func (r *relay) Press(ctx context.Context, p chat.Press) chat.Answer {
	r.wait()
	return r.note(p.User, r.Bot.Press(ctx, p))
}

// calls are those of the bot to the adapter; it counts the ones that are to be made
// again, and keeps what was sent, as it stands.
type calls struct {
	*slack.Adapter
	failed atomic.Int64
	sent   sync.Map // casework.MessageRef → chat.Message
}

func (c *calls) count(err error) {
	if err != nil && !errors.Is(err, chat.ErrNotFound) && !errors.Is(err, chat.ErrRefused) {
		c.failed.Add(1)
	}
}

func (c *calls) Send(ctx context.Context, message chat.Cleared) (chat.Sent, error) {
	sent, err := c.Adapter.Send(ctx, message)
	if c.count(err); err == nil {
		out, _ := message.Value()
		c.sent.Store(sent.Message, out.Message)
	}
	return sent, err
}

func (c *calls) Channel(ctx context.Context, id casework.ChannelID) (chat.Channel, error) {
	channel, err := c.Adapter.Channel(ctx, id)
	c.count(err)
	return channel, err
}

func (c *calls) Open(ctx context.Context, name string, first casework.UserID) (casework.ChannelID, error) {
	id, err := c.Adapter.Open(ctx, name, first)
	c.count(err)
	return id, err
}

func (c *calls) Add(ctx context.Context, channel casework.ChannelID, user casework.UserID) error {
	err := c.Adapter.Add(ctx, channel, user)
	c.count(err)
	return err
}

func (c *calls) Remove(ctx context.Context, channel casework.ChannelID, user casework.UserID) error {
	err := c.Adapter.Remove(ctx, channel, user)
	c.count(err)
	return err
}

func (c *calls) Archive(ctx context.Context, channel casework.ChannelID) error {
	err := c.Adapter.Archive(ctx, channel)
	c.count(err)
	return err
}

// newWorld gives a world with these people, in which Slack speaks on a socket.
func newWorld(t testing.TB, change func(*workspace.Options), people ...story.Person) *world {
	t.Helper()
	w := newRoom(t, people...)
	w.begin(slack.Options{AppToken: workspace.AppToken}, workspace.Options{Manifest: manifest("")}, change)
	must(t, w.slack.Listening(t.Context()))
	must(t, w.settle(t.Context()))
	return w
}

// newSlowWorld is newWorld, where what people do may take a while to arrive.
func newSlowWorld(t testing.TB, seed uint64, people ...story.Person) *world {
	t.Helper()
	var w *world
	w = newWorld(t, func(o *workspace.Options) {
		o.Seed, o.Pass = seed, func(d time.Duration) { w.World.Advance(d) }
	}, people...)
	return w
}

// newCalledWorld is newWorld, with Slack calling by HTTP.
func newCalledWorld(t testing.TB, people ...story.Person) *world {
	t.Helper()
	w := newRoom(t, people...)
	w.begin(slack.Options{SigningSecret: workspace.SigningSecret}, workspace.Options{Manifest: manifest(w.front.URL)}, nil)
	must(t, w.settle(t.Context()))
	return w
}

// newClosedWorld is newWorld, where browsers have no way to the bot.
func newClosedWorld(t testing.TB, people ...story.Person) *world {
	t.Helper()
	w := newRoom(t, people...)
	w.front = nil
	w.begin(slack.Options{AppToken: workspace.AppToken}, workspace.Options{Manifest: manifest("")}, nil)
	must(t, w.slack.Listening(t.Context()))
	must(t, w.settle(t.Context()))
	return w
}

// newRoom gives a world without a workspace yet.
func newRoom(t testing.TB, people ...story.Person) *world {
	t.Helper()
	w := &world{t: t, World: bottest.New(t, commands.All(), commands.Views()), people: people, ids: map[string]string{}, hours: make(chan time.Time)}
	w.front = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if tries, _ := strconv.Atoi(r.Header.Get("X-Slack-Retry-Num")); w.deaf.Load() && tries < 2 {
			rw.WriteHeader(http.StatusBadGateway)
			return
		}
		w.adapter.Handler().ServeHTTP(rw, r)
	}))
	t.Cleanup(w.front.Close)
	return w
}

// begin opens the workspace, with the people in it, and has the bot listen.
func (w *world) begin(how slack.Options, where workspace.Options, change func(*workspace.Options)) {
	w.t.Helper()
	where.Now = w.Now
	if change != nil {
		change(&where)
	}
	var err error
	w.slack, err = workspace.Start(where)
	must(w.t, err)
	w.t.Cleanup(w.slack.Close)
	for _, p := range w.people {
		w.ids[p.Handle] = w.slack.Join(workspace.Person{Handle: p.Handle, Name: p.Name})
	}
	w.watcher = w.slack.Join(workspace.Person{Handle: "watcher", Name: "Watcher"})
	how.Token, how.APIURL, how.Now, how.Log = workspace.BotToken, w.slack.URL, w.Now, slog.New(slog.DiscardHandler)
	if w.front != nil {
		how.CallbackURL = w.front.URL
	}
	w.adapter, err = slack.New(how)
	must(w.t, err)
	w.adapter.Hours(w.hours)
	w.calls = &calls{Adapter: w.adapter}
	w.attach(func(o *bot.Options) { o.Platform = w.calls })
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.adapter.Run(ctx)
	}()
	w.t.Cleanup(func() {
		stop()
		<-ended
	})
}

// attach makes the bot anew, with other options.
func (w *world) attach(change func(*bot.Options)) {
	w.With(change)
	w.relay = &relay{Bot: w.Bot, answered: map[casework.UserID]int{}, shown: map[casework.UserID]bool{}, more: make(chan struct{})}
	w.adapter.Attach(w.relay)
}

// settle returns once the bot was told all that happened, and has done all it has to
// do now. What was tried in vain is tried again some seconds later: the clock moves on
// until all of it has gone well, and at least as often as a rough world asks for.
func (w *world) settle(ctx context.Context) error {
	const again, passes = 20 * time.Second, 3
	w.slack.SetFaults(w.rough)
	calm := passes
	for n := 0; n < 500; n++ {
		w.calls.failed.Store(0)
		if err := w.heard(ctx); err != nil {
			return err
		}
		if err := w.Bot.Settle(ctx); err != nil {
			return err
		}
		if calm++; w.calls.failed.Load() > 0 {
			calm = 0
		}
		if calm >= passes && n >= w.least {
			return nil
		}
		w.World.Advance(again)
	}
	return errors.New("the bot is never done")
}

// heard returns once the bot was told all that happened.
func (w *world) heard(ctx context.Context) error {
	if err := w.slack.Flush(ctx); err != nil {
		return err
	}
	w.slack.Change(w.watcher, func(*workspace.Person) {})
	if err := w.slack.Flush(ctx); err != nil {
		return err
	}
	w.adapter.Quiet()
	return nil
}

// act has somebody do something, and returns once they were answered and the bot has
// done what follows.
func (w *world) act(ctx context.Context, who string, do func(user string) error) error {
	user := w.ids[who]
	before, _ := w.relay.answers(casework.UserID(user))
	seen := w.slack.Shown(user)
	w.slack.SetFaults(w.whileActing())
	err := do(user)
	for range 20 {
		if errors.Is(err, workspace.ErrLate) {
			err = nil // Slack says that it failed, and the bot answers all the same
		}
		if !errors.Is(err, workspace.ErrFailed) {
			break
		}
		// It did not reach the bot: Slack says so, and they do it again.
		if err := w.slack.Listening(ctx); err != nil {
			return err
		}
		err = do(user)
	}
	if err != nil {
		return err
	}
	anything, err := w.relay.await(ctx, casework.UserID(user), before)
	if err != nil {
		return err
	}
	if anything {
		if err := w.slack.Await(ctx, "answer on the screen", func() bool { return w.slack.Shown(user) > seen }); err != nil {
			return err
		}
	}
	return w.settle(ctx)
}

// whileActing is what goes wrong while somebody waits for an answer: not calls that
// are cut, since they would be told to do it again.
func (w *world) whileActing() workspace.Faults {
	rough := w.rough
	rough.Cut = 0
	return rough
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// stage has a story played in the workspace.
func (w *world) stage(tale story.Story) *onstage.Stage {
	return &onstage.Stage{
		Workspace: w.slack, Tale: tale, Accounts: w.ids, Act: w.act,
		Pass: func(ctx context.Context, d time.Duration) error {
			w.World.Advance(d)
			return w.settle(ctx)
		},
	}
}
