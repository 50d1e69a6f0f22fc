package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"parcours/config"
)

// A door is one whose calls are good or bad by their token, as a test knocks at it.
type door struct {
	http.Handler
	now time.Time
	// acted is how many calls had the right token.
	acted int
}

func newDoor(proxies ...string) *door {
	d := &door{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	set := config.Config{TrustedProxies: proxies}
	d.Handler = newDoorman(set.Proxies(), func() time.Time { return d.now }).handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "good" {
			http.Error(w, "why it is refused", http.StatusUnauthorized)
			return
		}
		d.acted++
	}))
	return d
}

func (d *door) ask(from, forwarded, token string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "/mattermost/command", nil)
	r.RemoteAddr = from
	if forwarded != "" {
		r.Header.Set("X-Forwarded-For", forwarded)
	}
	r.Header.Set("Authorization", token)
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

// TestAddressesThatAreRefusedAreTurnedAway has one address guess tokens: after a
// while it is told nothing more, the others and the good requests are.
func TestAddressesThatAreRefusedAreTurnedAway(t *testing.T) {
	d := newDoor("192.0.2.0/24", "2001:db8::1")
	ask := func(from, forwarded, token string) int { return d.ask(from, forwarded, token).Code }
	for range refusalsAtOnce {
		if got := ask("203.0.113.5:1", "", "bad"); got != http.StatusUnauthorized {
			t.Fatalf("a guess is answered %d", got)
		}
	}
	if w := d.ask("203.0.113.5:2", "", "bad"); w.Body.Len() != 0 || w.Header().Get("Retry-After") == "" || w.Header().Get("Connection") != "close" {
		t.Errorf("whoever is turned away is told %q, %v", w.Body, w.Header())
	}
	for _, c := range []struct {
		what, from, forwarded, token string
		want                         int
	}{
		{"the same address", "203.0.113.5:2", "", "bad", http.StatusTooManyRequests},
		{"the same address, as a proxy tells", "127.0.0.1:2", "198.51.100.1, 203.0.113.5", "bad", http.StatusTooManyRequests},
		{"the same address, by a proxy that is named", "192.0.2.9:2", "203.0.113.5", "bad", http.StatusTooManyRequests},
		{"the same address, by two proxies", "[2001:db8::1]:2", "203.0.113.5, 192.0.2.9", "bad", http.StatusTooManyRequests},
		{"an address that says it is another", "203.0.113.5:2", "127.0.0.1", "bad", http.StatusTooManyRequests},
		{"another that says it is that one", "203.0.113.8:2", "203.0.113.5", "bad", http.StatusUnauthorized},
		{"an address that says it is behind a proxy", "203.0.113.5:2", "203.0.113.9, 192.0.2.9", "bad", http.StatusTooManyRequests},
		{"another one", "203.0.113.6:2", "", "bad", http.StatusUnauthorized},
		{"another one behind the proxy", "127.0.0.1:2", "203.0.113.5, 203.0.113.7", "good", http.StatusOK},
		{"this computer", "127.0.0.1:2", "", "good", http.StatusOK},
		{"a socket", "@", "", "good", http.StatusOK},
		{"the right token, from there too", "203.0.113.5:2", "", "good", http.StatusOK},
	} {
		if got := ask(c.from, c.forwarded, c.token); got != c.want {
			t.Errorf("%s: %d, want %d", c.what, got, c.want)
		}
	}
	if d.acted != 4 {
		t.Errorf("%d calls were taken for good", d.acted)
	}
	for range 1000 {
		if got := ask("127.0.0.1:2", "203.0.113.9", "good"); got != http.StatusOK {
			t.Fatalf("a chat server that is never refused is answered %d", got)
		}
	}
	d.now = d.now.Add(time.Minute)
	if got := ask("203.0.113.5:2", "", "bad"); got != http.StatusUnauthorized {
		t.Errorf("a minute later: %d", got)
	}
}

// Behind a proxy that is not on this computer, as before a container, whoever makes up
// calls does not shut the door to the chat server: whether the set-up names the proxy,
// so that each is told from the others, or does not, and all come by one address.
func TestAProxyElsewhereStopsNobody(t *testing.T) {
	const proxy = "172.17.0.1:40000"
	for _, named := range [][]string{nil, {"172.17.0.1"}, {"172.17.0.0/16"}} {
		d := newDoor(named...)
		for n := range 3 * refusalsAtOnce {
			want := http.StatusUnauthorized
			if n >= refusalsAtOnce {
				want = http.StatusTooManyRequests
			}
			if got := d.ask(proxy, "203.0.113.5", "bad").Code; got != want {
				t.Fatalf("%q: refusal %d is answered %d", named, n+1, got)
			}
			if got := d.ask(proxy, "203.0.113.77", "good").Code; got != http.StatusOK {
				t.Fatalf("%q: after %d refusals the chat server is answered %d", named, n+1, got)
			}
		}
		want := http.StatusTooManyRequests
		if named != nil {
			want = http.StatusUnauthorized
		}
		if got := d.ask(proxy, "203.0.113.6", "bad").Code; got != want {
			t.Errorf("%q: another caller is answered %d", named, got)
		}
	}
}

// How the program does is for this computer alone, whatever headers say.
func TestHowItDoesIsForThisComputer(t *testing.T) {
	served := ourselves(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "figures") }))
	us := accountMark + strconv.Itoa(os.Getuid())
	for _, c := range []struct {
		what, from, here, header string
		ok                       bool
	}{
		{"this computer", "127.0.0.1:5", "127.0.0.1:8070", "", true},
		{"this computer, the newer way", "[::1]:5", "[::1]:8070", "", true},
		{"this computer, by its own address", "192.0.2.4:5", "192.0.2.4:8070", "", true},
		{"another", "192.0.2.5:5", "192.0.2.4:8070", "", false},
		{"what stands before a container", "172.17.0.1:5", "172.17.0.2:8070", "", false},
		{"another that says it is this one", "192.0.2.5:5", "192.0.2.4:8070", "X-Forwarded-For: 127.0.0.1", false},
		{"another behind a proxy here", "127.0.0.1:5", "127.0.0.1:8070", "X-Forwarded-For: 192.0.2.5", false},
		{"another behind a proxy here, the newer way", "127.0.0.1:5", "127.0.0.1:8070", "Forwarded: for=192.0.2.5", false},
		{"our account on the socket", us, "@", "", true},
		{"the administrator on the socket", accountMark + "0", "@", "", true},
		{"the proxy on the socket", accountMark + strconv.Itoa(os.Getuid()+1), "@", "", false},
		{"who cannot be told on the socket", accountMark + "-1", "@", "", false},
	} {
		r := httptest.NewRequest("GET", "/metrics", nil)
		r.RemoteAddr = c.from
		if name, value, ok := strings.Cut(c.header, ": "); ok {
			r.Header.Set(name, value)
		}
		if here, err := net.ResolveTCPAddr("tcp", c.here); err == nil {
			r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, net.Addr(here)))
		}
		w := httptest.NewRecorder()
		served.ServeHTTP(w, r)
		if ok := w.Code == http.StatusOK; ok != c.ok || ok != (w.Body.String() == "figures") || !ok && w.Code != http.StatusNotFound {
			t.Errorf("%s: %d %q", c.what, w.Code, w.Body)
		}
	}
}

// On a socket, a request comes from the account at its other end.
func TestASocketTellsWhoAsks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.sock")
	listener, err := listen(config.Config{Listen: "unix:" + path})
	must(t, err)
	asks := make(chan string, 1)
	server := &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asks <- r.RemoteAddr })}
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}}
	resp, err := client.Get("http://parcours/")
	must(t, err)
	must(t, resp.Body.Close())
	probe, err := net.Dial("unix", path)
	must(t, err)
	defer probe.Close()
	from := <-asks
	if _, known := peer(probe); known && from != accountMark+strconv.Itoa(os.Getuid()) {
		t.Errorf("it comes from %q", from)
	}
}
