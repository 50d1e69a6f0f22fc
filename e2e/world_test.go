// Package e2e tries Parcours against a real Mattermost server.
package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parcours/adapters/mattermost"
	"parcours/bot"
	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
	"parcours/commands"
	"parcours/e2e/mmserver"
	"parcours/e2e/people"
	"parcours/storage/access"
	"parcours/storage/bolt"
	"parcours/storage/vault"
)

// server is the one that all the tests share.
var server *mmserver.Server

func TestMain(m *testing.M) {
	var err error
	if server, err = mmserver.Start(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	server.Close()
	os.Exit(code)
}

// A world is a team of its own on the server, with the bot and some people.
type world struct {
	t         *testing.T
	team      string
	suffix    string
	adapter   *mattermost.Adapter
	bot       *bot.Bot
	handler   *relay
	installed people.Installed
	options   mattermost.Options
	people    map[string]*people.Person
	logged    *logs
	deafen    func()

	mu     sync.Mutex
	calls  []called
	offset time.Duration
	zone   *time.Location
}

// logs keeps what the product logs.
type logs struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// called is a call that the bot received.
type called struct {
	path string
	body []byte
}

// note keeps a call, as somebody who listens on the network would.
func (w *world) note(r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, called{r.URL.Path, body})
}

// lastCall gives the last call to a path.
func (w *world) lastCall(path string) []byte {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range slices.Backward(w.calls) {
		if c.path == path {
			return c.body
		}
	}
	w.t.Fatal("nothing called", path)
	return nil
}

// relay hands what people do to the bot, and notes the moves it is told of.
type relay struct {
	chat.Handler
	mu    sync.Mutex
	moves []chat.Move
	more  chan struct{}
}

func (r *relay) Moved(ctx context.Context, m chat.Move) {
	r.Handler.Moved(ctx, m)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.moves = append(r.moves, m)
	close(r.more)
	r.more = make(chan struct{})
}

// newWorld makes a world with these people, by handle; a handle that starts with
// "!" is of nobody in the team.
func newWorld(t *testing.T, handles ...string) *world {
	t.Helper()
	return newWorldOf(t, func(*bot.Options) {}, handles...)
}

// newWorldOf is newWorld, with a bot made otherwise.
func newWorldOf(t *testing.T, change func(*bot.Options), handles ...string) *world {
	t.Helper()
	ctx := t.Context()
	zone, err := time.LoadLocation("Europe/Paris")
	must(t, err)
	w := &world{t: t, zone: zone, logged: &logs{}, people: map[string]*people.Person{}}
	w.suffix = strings.ToLower(rand.Text()[:6])
	team, err := people.Team(ctx, server.Admin, "t"+w.suffix)
	must(t, err)
	w.team = team.Id

	var front http.Handler
	listener := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.note(r)
		front.ServeHTTP(rw, r)
	}))
	t.Cleanup(listener.Close)
	w.installed, err = people.Install(ctx, server.Admin, team.Id, "parcours"+w.suffix, listener.URL)
	must(t, err)

	path := filepath.Join(t.TempDir(), "parcours.db")
	file, err := bolt.Open(path, bolt.Options{Now: w.now})
	must(t, err)
	keys, err := vault.LoadKeys(path+".keys", func(string) string { return "" })
	must(t, err)
	store, err := vault.Open(file, keys)
	must(t, err)
	t.Cleanup(func() { store.Close() })

	log := slog.New(slog.NewTextHandler(w.logged, nil))
	w.options = mattermost.Options{
		URL: server.URL, Token: w.installed.Token, Team: team.Id, CommandTokens: []string{w.installed.CommandToken},
		CallbackURL: listener.URL, Secret: keys.Secret("mattermost"), Now: w.now, Log: log,
	}
	w.adapter, err = mattermost.New(w.options)
	must(t, err)
	accesses, err := access.Open(context.Background(), access.Options{
		Folder: access.Folder(filepath.Join(t.TempDir(), "parcours.db")), Secret: keys.Secret("access"), Store: store, Now: w.now, Log: log,
	})
	must(t, err)
	options := bot.Options{
		Accesses: accesses, Surface: "mattermost",
		Store: store, Platform: w.adapter, Commands: commands.All(), Views: commands.Views(),
		Secret: keys.Secret("tokens"), Now: w.now, Random: rand.Reader, Policy: bottest.AnyHour(), Lang: chat.French, Log: log,
	}
	change(&options)
	w.bot = bot.New(options)
	w.handler = &relay{Handler: w.bot, more: make(chan struct{})}
	w.adapter.Attach(w.handler)
	front = w.adapter.Handler()

	w.listen()
	t.Cleanup(func() {
		w.deafen()
		if t.Failed() {
			t.Logf("the product logged:\n%s", w.logged)
		}
	})
	for _, handle := range handles {
		w.join(handle)
	}
	return w
}

// listen has the adapter listen to the server, until deafen.
func (w *world) listen() {
	running, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.adapter.Run(running)
	}()
	w.deafen = sync.OnceFunc(func() {
		stop()
		<-ended
	})
}

func (w *world) join(handle string) *people.Person {
	w.t.Helper()
	handle, outside := strings.CutPrefix(handle, "!")
	team := w.team
	if outside {
		team = ""
	}
	name := strings.ToUpper(handle[:1]) + handle[1:] + " Test"
	p, err := people.Join(w.t.Context(), server.Admin, server.URL, team, handle+w.suffix, name, mmserver.Password)
	must(w.t, err)
	w.t.Cleanup(p.Close)
	w.people[handle] = p
	return p
}

func (w *world) id(handle string) casework.UserID {
	return casework.UserID(w.people[handle].User.Id)
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(w.offset).In(w.zone)
}

// advance moves the bot's clock, and nothing else.
func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.offset += d
}

// direct is the conversation between somebody and the bot.
func (w *world) direct(handle string) string {
	w.t.Helper()
	id, err := w.people[handle].Direct(w.t.Context(), w.installed.UserID)
	must(w.t, err)
	return id
}

// moved waits until the bot was told of a move.
func (w *world) moved(want chat.Move) {
	w.t.Helper()
	timer := time.NewTimer(20 * time.Second)
	defer timer.Stop()
	for {
		w.handler.mu.Lock()
		moves, more := w.handler.moves, w.handler.more
		w.handler.mu.Unlock()
		for _, m := range moves {
			if m == want {
				return
			}
		}
		select {
		case <-more:
		case <-timer.C:
			w.t.Fatalf("the bot was not told of %+v but of %+v", want, moves)
		}
	}
}

// forget forgets the moves told so far.
func (w *world) forget() {
	w.handler.mu.Lock()
	defer w.handler.mu.Unlock()
	w.handler.moves = nil
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
