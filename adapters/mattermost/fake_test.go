package mattermost

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
)

const (
	me      = "botbotbotbotbotbotbotbotbo"
	claire  = "claireclaireclaireclairecl"
	martin  = "martinmartinmartinmartinma"
	channel = "channelchannelchannelchann"
	elsewhe = "elsewherelsewherelsewherel"
	post1   = "postpostpostpostpostpostpo"
	team    = "teamteamteamteamteamteamte"
	token   = "command-token"
)

// fake is a Mattermost server that answers what a test tells it to, by method
// and path after /api/v4, and keeps what it was asked.
type fake struct {
	mu      sync.Mutex
	version string
	answers map[string]http.HandlerFunc
	asked   map[string][]byte
}

// say has the server answer a request with a status and a value.
func (f *fake) say(request string, status int, value any) {
	f.do(request, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(value)
	})
}

func (f *fake) do(request string, answer http.HandlerFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answers[request] = answer
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	request := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/api/v4")
	var body bytes.Buffer
	_, _ = body.ReadFrom(r.Body)
	f.mu.Lock()
	answer, known := f.answers[request]
	f.asked[request] = body.Bytes()
	w.Header().Set(model.HeaderVersionId, f.version)
	f.mu.Unlock()
	if !known {
		w.WriteHeader(http.StatusNotFound)
		_ = json.NewEncoder(w).Encode(model.AppError{Id: "api.fake.unknown", StatusCode: http.StatusNotFound})
		return
	}
	answer(w, r)
}

func (f *fake) was(request string) ([]byte, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	body, ok := f.asked[request]
	return body, ok
}

// ears is a bot that notes what it is told and answers what a test says.
type ears struct {
	commands    []chat.Command
	submissions []chat.Submission
	presses     []chat.Press
	moves       []chat.Move
	answer      chat.Answer
}

func (h *ears) Command(_ context.Context, c chat.Command) chat.Answer {
	h.commands = append(h.commands, c)
	return h.answer
}

func (h *ears) Submit(_ context.Context, s chat.Submission) chat.Answer {
	h.submissions = append(h.submissions, s)
	return h.answer
}

func (h *ears) Press(_ context.Context, p chat.Press) chat.Answer {
	h.presses = append(h.presses, p)
	return h.answer
}

func (h *ears) Moved(_ context.Context, m chat.Move) { h.moves = append(h.moves, m) }

// newFake gives an adapter on a server of this version, and the bot it tells.
func newFake(t testing.TB, version string) (*Adapter, *fake, *ears) {
	t.Helper()
	f := &fake{version: version + ".0.1.hash.true", answers: map[string]http.HandlerFunc{}, asked: map[string][]byte{}}
	f.say("GET /users/me", http.StatusOK, model.User{Id: me, Username: "parcours", IsBot: true})
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(Options{
		URL: server.URL, Token: "bot-token", Team: team, CommandTokens: []string{"other", token}, CallbackURL: "http://bot.example.org/",
		Secret: []byte("0123456789abcdef"), Now: func() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, zone) },
		Log: slog.New(slog.DiscardHandler), Timeout: 2 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	h := &ears{}
	a.Attach(h)
	return a, f, h
}

// calls has the server call the bot, and gives the status and the body.
func calls(a *Adapter, path, kind, body string, header ...string) (int, string) {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func callJSON(t *testing.T, a *Adapter, path string, body any) (int, string) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return calls(a, path, "application/json", string(raw))
}

func newRecorder() *httptest.ResponseRecorder { return httptest.NewRecorder() }
