package e2e

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/e2e/people"
)

// square is the channel of a team that everybody is in.
func (o *office) square(p *people.Person, team *model.Team) string {
	o.t.Helper()
	channel, _, err := p.GetChannelByName(o.t.Context(), model.DefaultChannelName, team.Id, "")
	must(o.t, err)
	return channel.Id
}

// open has somebody open a case from a team, and gives the case's channel.
func (r *running) open(p *people.Person, team *model.Team) *model.Channel {
	r.t.Helper()
	r.ask(p, team)
	return r.channel(p, team)
}

// ask has somebody ask for a case from a team, whose channel is made later.
func (r *running) ask(p *people.Person, team *model.Team) {
	r.t.Helper()
	ctx, square := r.t.Context(), r.square(p, team)
	_, _, err := p.ExecuteCommandWithTeam(ctx, square, team.Id, "/parcours ouvrir")
	must(r.t, err)
	must(r.t, p.Await("the form", func() bool {
		_, ok := p.Dialog()
		return ok
	}))
	answer, err := p.Submit(ctx, square, opening)
	must(r.t, err)
	if len(answer.Errors) > 0 || answer.Error != "" {
		r.t.Fatalf("the form is refused: %+v", answer)
	}
}

// channel waits for the channel of a case in a team, with its card.
func (r *running) channel(p *people.Person, team *model.Team) *model.Channel {
	r.t.Helper()
	var found *model.Channel
	r.until("the channel of the case", func() bool {
		channels := r.cases(p, team)
		if len(channels) == 0 {
			return false
		}
		posts, err := p.Posts(r.t.Context(), channels[0].Id)
		found = channels[0]
		return err == nil && len(posts) > 0
	})
	return found
}

// cases are the channels of cases that somebody is in, in a team.
func (r *running) cases(p *people.Person, team *model.Team) []*model.Channel {
	r.t.Helper()
	all, _, err := p.GetChannelsForTeamForUser(r.t.Context(), team.Id, p.User.Id, false, "")
	must(r.t, err)
	var found []*model.Channel
	for _, c := range all {
		if c.Type == model.ChannelTypePrivate && strings.HasPrefix(c.Name, "p-") {
			found = append(found, c)
		}
	}
	return found
}

func TestServeStartsBeforeMattermostAndStopsInOrder(t *testing.T) {
	o := installed(t, 1)
	server.Stop()
	r := o.serve()
	if text := r.eventually("/readyz", http.StatusServiceUnavailable); !strings.Contains(text, "Mattermost n’est pas joignable") {
		t.Error("not ready, it says", text)
	}
	if _, text := r.get("/metrics"); !strings.Contains(text, "parcours_connected 0") {
		t.Error("it says it is connected")
	}
	must(t, server.Run(t.Context(), nil))
	r.eventually("/readyz", http.StatusOK)
	claire := o.join("claire", o.teams[0])
	channel := r.open(claire, o.teams[0])

	// What people say stands nowhere but in their channel.
	ctx := t.Context()
	for _, line := range []string{`/parcours objectif "Zanzibar"`, "/parcours Zanzibar", "/parcours suivi", "/parcours liste name:Zanzibar service:x"} {
		_, _, err := claire.ExecuteCommandWithTeam(ctx, channel.Id, o.teams[0].Id, line)
		must(t, err)
	}
	must(t, claire.CatchUp(ctx))
	_, measured := r.get("/metrics")
	for _, want := range []string{
		`parcours_acts_seconds_count{kind="command",outcome="asked",verb="open"} 1`, `kind="form"`, `verb="unknown"`, `verb="status"`,
		"parcours_connected 1", `parcours_outbox_total{outcome="delivered"}`, "parcours_outbox_waiting 0", "parcours_nudges_total",
		`parcours_platform_calls_seconds_count{call="open",chat="mattermost",outcome="ok"} 1`, `parcours_http_requests_seconds_count{path="/mattermost/command",status="200"}`,
		"process_resident_memory_bytes",
	} {
		if !strings.Contains(measured, want) {
			t.Errorf("the metrics do not have %s", want)
		}
	}
	if status, text := r.get("/healthz"); status != http.StatusOK || text != "ok\n" {
		t.Error("its health is", status, text)
	}
	if status, _ := r.get("/mattermost/nothing"); status != http.StatusNotFound {
		t.Error("an unknown path is answered", status)
	}
	r.stop()
	for _, secret := range append(o.secrets(), "Lopez", "Zanzibar", "claire", channel.Name, strings.ToUpper(channel.Name)) {
		if strings.Contains(measured, secret) {
			t.Errorf("the metrics show %q", secret)
		}
		if strings.Contains(strings.ToLower(r.logged.String()), strings.ToLower(secret)) && !strings.EqualFold(secret, channel.Name) {
			t.Errorf("the log shows %q", secret)
		}
	}
	if said := r.logged.String(); !strings.Contains(said, "msg=stopped") || strings.Contains(said, "ERROR") {
		t.Error("it has not stopped in order")
	}
}

func TestServeSaysThatItsTokenIsRefused(t *testing.T) {
	o := installed(t, 1)
	r := o.serve()
	r.eventually("/readyz", http.StatusOK)
	_, _, err := server.Admin.DisableBot(t.Context(), o.botUser().Id)
	must(t, err)
	// The server closes the connection of a session that has ended when it next
	// has something to say there.
	o.join("claire", o.teams[0])
	server.Stop()
	must(t, server.Run(t.Context(), nil))
	r.until("the token refused", func() bool {
		status, text := r.get("/readyz")
		return status == http.StatusServiceUnavailable && strings.Contains(text, "refuse le jeton")
	})
}

// dialer reaches a socket whatever the address asked for.
func dialer(path string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}
}

// holding is a way to the server on which one call can be held back.
type holding struct {
	url     string
	path    atomic.Value
	held    chan struct{}
	release chan struct{}
}

func newHolding(t *testing.T) *holding {
	t.Helper()
	target, err := url.Parse(server.URL)
	must(t, err)
	h := &holding{held: make(chan struct{}), release: make(chan struct{})}
	h.path.Store("")
	proxy := httputil.NewSingleHostReverseProxy(target)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Held back on its way home: the server has done it.
		if r.Method == http.MethodPost && r.URL.Path != "" && r.URL.Path == h.path.Load() && h.path.CompareAndSwap(r.URL.Path, "") {
			answer := httptest.NewRecorder()
			proxy.ServeHTTP(answer, r)
			close(h.held)
			<-h.release
			for name, values := range answer.Header() {
				w.Header()[name] = values
			}
			w.WriteHeader(answer.Code)
			_, _ = w.Write(answer.Body.Bytes())
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	h.url = front.URL
	return h
}

func TestServeFinishesWhatItHasInHand(t *testing.T) {
	o := installed(t, 1)
	claire := o.join("claire", o.teams[0])
	way := newHolding(t)
	o.env["PARCOURS_MATTERMOST_URL"] = way.url
	r := o.serve()
	r.eventually("/readyz", http.StatusOK)
	way.path.Store("/api/v4/channels")
	r.ask(claire, o.teams[0])
	<-way.held
	must(t, r.cmd.Process.Signal(syscall.SIGTERM))
	r.until("that it takes no more", func() bool {
		status, _ := r.get("/healthz")
		return status == 0
	})
	select {
	case err := <-r.ended:
		t.Fatalf("it has ended with a call under way: %v", err)
	default:
	}
	close(way.release)
	r.wait()
	if said := r.logged.String(); strings.Contains(said, "canceled") && strings.Contains(said, "open") {
		t.Error("the call under way was cut short")
	}

	// Started again, it goes on where it was.
	again := o.serve()
	again.channel(claire, o.teams[0])
	again.until("an empty outbox", func() bool {
		_, text := again.get("/metrics")
		return strings.Contains(text, "parcours_outbox_waiting 0")
	})
	if n := len(again.cases(claire, o.teams[0])); n != 1 {
		t.Errorf("%d channels", n)
	}
	posts, err := claire.Posts(t.Context(), again.cases(claire, o.teams[0])[0].Id)
	must(t, err)
	seen := map[string]bool{}
	for _, post := range posts {
		if text := people.Text(post); seen[text] {
			t.Errorf("twice: %s", text)
		} else {
			seen[text] = true
		}
	}
}

func TestServeOpensACaseInTheTeamWhereItWasAsked(t *testing.T) {
	o := installed(t, 2)
	r := o.serve()
	r.eventually("/readyz", http.StatusOK)
	claire := o.join("claire", o.teams...)
	claire.Team = o.teams[1].Id
	r.open(claire, o.teams[1])
	if n := len(r.cases(claire, o.teams[0])); n != 0 {
		t.Errorf("%d channels in the other team", n)
	}
	claire.Team = o.teams[0].Id
	r.open(claire, o.teams[0])
	// Somebody who is in one team alone.
	nadia := o.join("nadia", o.teams[1])
	r.open(nadia, o.teams[1])
	for _, team := range o.teams {
		if n := len(r.cases(claire, team)); n != 1 {
			t.Errorf("%d channels in %s", n, team.Name)
		}
	}
}

func TestServeRefusesToStartWithWhatIsWrong(t *testing.T) {
	o := installed(t, 1)
	r := o.serve()
	if said, code := o.run("serve", "--config", o.config); code != 1 || !strings.Contains(said, "utilisé par un autre programme") {
		t.Errorf("a second one: exit code %d\n%s", code, said)
	}
	r.stop()
	other := httptest.NewUnstartedServer(nil)
	other.Start()
	defer other.Close()
	o.env["PARCOURS_LISTEN"] = strings.TrimPrefix(other.URL, "http://")
	if said, code := o.run("serve", "--config", o.config); code != 1 || !strings.Contains(said, "Impossible d’écouter") {
		t.Errorf("a port in use: exit code %d\n%s", code, said)
	}
	must(t, os.Chmod(o.config, 0o644))
	if said, code := o.run("serve", "--config", o.config); code != 1 || !strings.Contains(said, "chmod 600") {
		t.Errorf("a file that others read: exit code %d\n%s", code, said)
	}
}

func TestServeOnASocket(t *testing.T) {
	o := installed(t, 1)
	// A short path: those of sockets are limited.
	folder, err := os.MkdirTemp("", "p")
	must(t, err)
	defer os.RemoveAll(folder)
	path := folder + "/s"
	o.env["PARCOURS_LISTEN"] = "unix:" + path
	// The reverse proxy.
	target, err := url.Parse("http://parcours")
	must(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.Transport = &http.Transport{DialContext: dialer(path)}
	proxy.ErrorLog = log.New(io.Discard, "", 0)
	front := &http.Server{Addr: o.listen, Handler: proxy}
	go func() { _ = front.ListenAndServe() }()
	defer front.Close()
	for range 2 { // the second over what a killed one leaves
		r := o.serve()
		here := http.Client{Transport: proxy.Transport}
		r.until("/readyz on the socket", func() bool {
			resp, err := here.Get(target.String() + "/readyz")
			if err != nil {
				return false
			}
			resp.Body.Close()
			return resp.StatusCode == http.StatusOK
		})
		// Whoever comes by the proxy is told that it runs, and nothing of how.
		r.eventually("/healthz", http.StatusOK)
		for _, path := range []string{"/readyz", "/metrics"} {
			if status, _ := r.get(path); status != http.StatusNotFound {
				t.Errorf("by the proxy, %s: status %d", path, status)
			}
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o660 {
			t.Errorf("the socket is %v, %v", info, err)
		}
		if said, code := o.doctor(); code != 0 {
			t.Errorf("exit code %d\n%s", code, said)
		}
		must(t, r.cmd.Process.Kill())
		<-r.ended
	}
	if said, code := o.doctor(); code != 0 || !strings.Contains(said, "ne tourne pas") {
		t.Errorf("exit code %d\n%s", code, said)
	}
}

func TestServeBoundsWhatItReads(t *testing.T) {
	o := installed(t, 1)
	r := o.serve()
	for path, size := range map[string]int{"/mattermost/command": 2 << 20, "/mattermost/dialog": 2 << 20, "/mattermost/action": 2 << 20} {
		kind := "application/json"
		if strings.HasSuffix(path, "command") {
			kind = "application/x-www-form-urlencoded"
		}
		resp, err := http.Post(r.callback+path, kind, strings.NewReader(strings.Repeat("x", size)))
		if err == nil {
			resp.Body.Close()
		}
		if err == nil && resp.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: status %d", path, resp.StatusCode)
		}
	}
	r.eventually("/healthz", http.StatusOK)
	_, text := r.get("/metrics")
	if want := `status="413"`; !strings.Contains(text, want) {
		t.Error("nothing is counted of them")
	}
	for n := range 20 {
		r.get(fmt.Sprintf("/made-up-%d", n))
	}
	if _, text := r.get("/metrics"); strings.Contains(text, "made-up") || !strings.Contains(text, `path="other",status="404"} 20`) {
		t.Error("what people type makes labels")
	}
}
