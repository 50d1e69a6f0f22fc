package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"parcours/adapters/slack/workspace"
	"parcours/config"
	"parcours/locales"
)

// An office is a program that serves a workspace, with claire and paul in it.
type office struct {
	*workspace.Workspace
	*service
	t            *testing.T
	claire, paul string
}

// serveSlack starts a workspace and a program that serves it, with some more in its
// set-up.
func serveSlack(t *testing.T, more string) *office {
	t.Helper()
	app, err := manifestText(manifest(locales.For("fr"), ""))
	must(t, err)
	w, err := workspace.Start(workspace.Options{Manifest: []byte(app), Unhurried: true})
	must(t, err)
	t.Cleanup(w.Close)
	was := slackAPI
	slackAPI = w.URL
	t.Cleanup(func() { slackAPI = was })
	path := filepath.Join(t.TempDir(), "parcours.toml")
	must(t, os.WriteFile(path, fmt.Appendf(nil, `listen = "127.0.0.1:%d"
%s
[slack]
token = %q
app_token = %q
team = %q
`, freePort(t), more, workspace.BotToken, workspace.AppToken, workspace.TeamID), 0o600))
	getenv := func(string) string { return "" }
	cfg, err := config.Load(path, getenv)
	must(t, err)
	var logged quietly
	v, err := newService(cfg, locales.Departement{}, streams{getenv: getenv, out: &logged, err: &logged})
	must(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- v.run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Log(logged.String())
		}
	})
	s := &office{Workspace: w, service: v, t: t}
	s.claire = w.Join(workspace.Person{Handle: "claire", Name: "Claire"})
	s.paul = w.Join(workspace.Person{Handle: "paul", Name: "Paul"})
	must(t, w.Listening(t.Context()))
	return s
}

// quietly holds what a program logs from several goroutines.
type quietly struct {
	mu sync.Mutex
	bytes.Buffer
}

func (q *quietly) Write(p []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.Buffer.Write(p)
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// await waits until claire sees what is asked, and gives it.
func (s *office) await(what string, is func(workspace.Seen) bool) workspace.Seen {
	s.t.Helper()
	var found workspace.Seen
	must(s.t, s.Await(s.t.Context(), what, func() bool {
		for _, seen := range s.Seen(s.claire) {
			if is(seen) {
				found = seen
				return true
			}
		}
		return false
	}))
	return found
}

// says has claire type a line, and waits for an answer that holds a text.
func (s *office) says(line, want string) workspace.Seen {
	s.t.Helper()
	must(s.t, s.Type(s.t.Context(), s.claire, s.Direct(s.claire), "/parcours "+line))
	return s.await(line, func(m workspace.Seen) bool { return m.Private && strings.Contains(m.Text, want) })
}

// get gives what the program answers those who run it.
func (s *office) get(path string) string {
	s.t.Helper()
	resp, err := http.Get("http://" + s.config.Listen + path)
	must(s.t, err)
	defer resp.Body.Close()
	var text bytes.Buffer
	_, err = text.ReadFrom(resp.Body)
	must(s.t, err)
	return text.String()
}

// ready waits until the program says of itself what is wanted.
func (s *office) ready(wanted func(text string) bool) {
	s.t.Helper()
	enough := time.NewTimer(time.Minute)
	defer enough.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for text := s.get("/readyz"); !wanted(text); text = s.get("/readyz") {
		select {
		case <-tick.C:
		case <-enough.C:
			s.t.Fatalf("ready: %q", text)
		}
	}
}

const slackOpening = `ouvrir person:"Madame Lopez" household:person answer:accepts consent_form:written topics:budget`

var caseCode = regexp.MustCompile(`P-[2-9A-Z]{4}`)

func TestServeSlackAlone(t *testing.T) {
	s := serveSlack(t, "")
	s.ready(func(text string) bool { return text == "ok\n" })
	code := caseCode.FindString(s.says(slackOpening, "P-").Text)
	card := s.await("the card", func(m workspace.Seen) bool { return m.Name == strings.ToLower(code) })
	if strings.Contains(card.Text, "accord donné") || !strings.Contains(card.Text, code) {
		t.Errorf("the card reads %q", card.Text)
	}
	must(t, s.Press(t.Context(), s.claire, card.TS, "show"))
	s.await("what the card covers", func(m workspace.Seen) bool { return m.Private && strings.Contains(m.Text, "accord donné") })
	s.says(`liste name:"Paul Petit" service:Accueil user:@paul agreed:oui topics:budget case:`+code, "Paul Petit")
	if kept := s.Holding("Lopez", "accord donné", "Petit"); len(kept) != 0 {
		t.Errorf("Slack keeps %+v", kept)
	}
	metrics := s.get("/metrics")
	for _, want := range []string{`parcours_chat_connected{chat="slack"} 1`, "parcours_connected 1", `parcours_acts_seconds_count{kind="command",outcome="said",verb="open"} 1`,
		`parcours_platform_calls_seconds_count{call="open",chat="slack",outcome="ok"} 1`} {
		if !strings.Contains(metrics, want) {
			t.Errorf("the counters lack %s", want)
		}
	}
	for path, want := range map[string]int{"/metrics": http.StatusNotFound, "/readyz": http.StatusNotFound, "/healthz": http.StatusOK} {
		elsewhere := httptest.NewRecorder() // whose requests are from 192.0.2.1
		if s.server().Handler.ServeHTTP(elsewhere, httptest.NewRequest("GET", path, nil)); elsewhere.Code != want {
			t.Errorf("from elsewhere %s is answered %d", path, elsewhere.Code)
		}
	}
	if complaints := s.Complaints(); len(complaints) != 0 {
		t.Errorf("Slack complains: %q", complaints)
	}
}

// Whoever is on Slack is answered, and told what waits, while Mattermost cannot be
// reached; and it is said which one is missing.
func TestServeBothWhileOneIsAway(t *testing.T) {
	s := serveSlack(t, `[mattermost]
url = "http://127.0.0.1:1"
token = "x"
[[mattermost.teams]]
id = "abcdefghijklmnopqrstuvwxyz"
token = "y"
`)
	code := caseCode.FindString(s.says(slackOpening, "P-").Text)
	s.await("the card", func(m workspace.Seen) bool { return m.Name == strings.ToLower(code) })
	s.ready(func(text string) bool {
		return strings.Contains(text, "Mattermost n’est pas joignable") && !strings.Contains(text, "Slack")
	})
	if text := s.get("/metrics"); !strings.Contains(text, `parcours_chat_connected{chat="mattermost"} 0`) || !strings.Contains(text, `parcours_chat_connected{chat="slack"} 1`) {
		t.Error("the counters do not tell the chats apart")
	}
}

func TestServeOpensCasesWhereTheSetUpSays(t *testing.T) {
	s := serveSlack(t, `cases_on = "mattermost"
[mattermost]
url = "http://127.0.0.1:1"
token = "x"
[[mattermost.teams]]
id = "abcdefghijklmnopqrstuvwxyz"
token = "y"
`)
	s.says(slackOpening, "on ouvre les situations dans Mattermost")
}

// What doctor says of a real app, made of the manifest, is that all is right.
func TestDoctorOfAnAppMadeOfTheManifest(t *testing.T) {
	serveSlack(t, "")
	said, code := told(t, fmt.Sprintf("[slack]\ntoken = %q\napp_token = %q\nteam = %q\n", workspace.BotToken, workspace.AppToken, workspace.TeamID), "setup", "slack")
	if code != done || !strings.Contains(said, "ceux qu’il faut, sans plus") || !strings.Contains(said, "Parcours peut écouter Slack") {
		t.Errorf("exit code %d:\n%s", code, said)
	}
}
