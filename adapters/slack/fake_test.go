package slack

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"parcours/bot/chat"
)

const (
	me      = "UBOT00001"
	program = "BBOT00001"
	claire  = "UCLAIRE01"
	martin  = "UMARTIN01"
	channel = "CCASE0001"
	elsewhe = "CELSE0001"
	private = "DCLAIRE01"
	team    = "TTEAM0001"
	ts1     = "1763890000.000100"
	ts2     = "1763890001.000200"
)

type m = map[string]any

// An ask is a call of one of Slack's methods, or of a response_url, whose name is then
// "response".
type ask struct {
	method string
	url.Values
	// json is the body of one that is not a form.
	json string
}

// fake is Slack: it answers what a test tells it to, by method, and keeps what it was
// asked. What it was not told to answer goes well.
type fake struct {
	*httptest.Server
	mu      sync.Mutex
	answers map[string]func(ask) any
	asked   []ask
}

// say has a method answer a value.
func (f *fake) say(method string, value any) { f.do(method, func(ask) any { return value }) }

// refuse has a method answer an error.
func (f *fake) refuse(method, code string) { f.say(method, m{"ok": false, "error": code}) }

func (f *fake) do(method string, answer func(ask) any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answers[method] = answer
}

// A failing answer is a bare status.
type failing struct {
	status int
	header http.Header
	body   string
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a := ask{method: strings.TrimPrefix(r.URL.Path, "/api/")}
	if strings.HasPrefix(r.URL.Path, "/response") {
		a.method = "response"
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		a.json = string(body)
	} else {
		a.Values, _ = url.ParseQuery(string(body))
	}
	f.mu.Lock()
	answer := f.answers[a.method]
	f.asked = append(f.asked, a)
	f.mu.Unlock()
	var said any = m{"ok": true}
	if answer != nil {
		said = answer(a)
	}
	if bare, ok := said.(failing); ok {
		for name := range bare.header {
			w.Header().Set(name, bare.header.Get(name))
		}
		w.WriteHeader(bare.status)
		_, _ = io.WriteString(w, bare.body)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(said)
}

// were gives the calls of a method, in order.
func (f *fake) were(method string) []ask {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.asked), func(a ask) bool { return a.method != method })
}

// last gives the last call of a method.
func (f *fake) last(t testing.TB, method string) ask {
	t.Helper()
	all := f.were(method)
	if len(all) == 0 {
		t.Fatalf("%s was not asked", method)
	}
	return all[len(all)-1]
}

// forget forgets what was asked.
func (f *fake) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = nil
}

// ears is a bot that notes what it is told and answers what a test says.
type ears struct {
	mu          sync.Mutex
	commands    []chat.Command
	submissions []chat.Submission
	presses     []chat.Press
	moves       []chat.Move
	answer      chat.Answer
	// held, if set, is waited for before any answer.
	held chan struct{}
}

func (h *ears) reply() chat.Answer {
	if h.held != nil {
		<-h.held
	}
	return h.answer
}

func (h *ears) Command(_ context.Context, c chat.Command) chat.Answer {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.commands = append(h.commands, c)
	return h.reply()
}

func (h *ears) Submit(_ context.Context, s chat.Submission) chat.Answer {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.submissions = append(h.submissions, s)
	return h.reply()
}

func (h *ears) Press(_ context.Context, p chat.Press) chat.Answer {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.presses = append(h.presses, p)
	return h.reply()
}

func (h *ears) Moved(_ context.Context, m chat.Move) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.moves = append(h.moves, m)
}

// heard is what the bot was told so far.
func (h *ears) heard() *ears {
	h.mu.Lock()
	defer h.mu.Unlock()
	return &ears{commands: slices.Clone(h.commands), submissions: slices.Clone(h.submissions), presses: slices.Clone(h.presses), moves: slices.Clone(h.moves)}
}

const signingSecret = "8f742231b10e8888abcd99yyyzzz85a5"

// newFake gives an adapter on a workspace that is heard by HTTP, and the bot it tells.
func newFake(t testing.TB, change ...func(*Options)) (*Adapter, *fake, *ears) {
	t.Helper()
	f := &fake{answers: map[string]func(ask) any{}}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	f.say("auth.test", m{"ok": true, "user_id": me, "bot_id": program, "team_id": team, "url": "https://acme.slack.com/"})
	f.say("conversations.open", m{"ok": true, "channel": m{"id": private}})
	f.say("chat.postMessage", m{"ok": true, "channel": channel, "ts": ts1})
	f.say("chat.update", m{"ok": true, "channel": channel, "ts": ts1})
	f.say("users.info", m{"ok": true, "user": m{"id": claire, "team_id": team, "name": "claire", "real_name": "Claire Martin"}})
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	options := Options{
		Token: "xoxb-token", SigningSecret: signingSecret, CallbackURL: "https://bot.example.org/", APIURL: f.URL + "/api",
		Now: func() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, zone) },
		Log: silentLog, Timeout: 5 * time.Second,
	}
	for _, c := range change {
		c(&options)
	}
	a, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	h := &ears{}
	a.Attach(h)
	t.Cleanup(a.working.Wait)
	return a, f, h
}

var silentLog = slog.New(slog.DiscardHandler)

func diff(want, got any) string { return gocmp.Diff(want, got) }
