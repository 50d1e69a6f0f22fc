package e2e

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// A tripwire stands between the program and the server, and springs at one of the
// calls by which the outbox changes something: before the server hears of it, or
// once it has done it and before the program knows.
type tripwire struct {
	URL string

	mu    sync.Mutex
	calls int // to let through before it springs; negative: it is not set
	after bool
	shut  bool
	trap  func()
}

var outboxCalls = regexp.MustCompile(`^(POST /api/v4/(posts|channels|channels/\w+/members)|PUT /api/v4/posts/\w+/patch)$`)

func newTripwire(t *testing.T) *tripwire {
	t.Helper()
	target, err := url.Parse(server.URL)
	must(t, err)
	w := &tripwire{calls: -1}
	errSprung := errors.New("sprung")
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ModifyResponse: func(r *http.Response) error {
			if r.Request.Context().Value(w) == nil || !w.sprung(true) {
				return nil
			}
			return errSprung
		},
		ErrorHandler: func(rw http.ResponseWriter, _ *http.Request, _ error) { rw.WriteHeader(http.StatusBadGateway) },
	}
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if !outboxCalls.MatchString(r.Method + " " + r.URL.Path) {
			proxy.ServeHTTP(rw, r)
			return
		}
		if w.isShut() || w.sprung(false) {
			rw.WriteHeader(http.StatusBadGateway)
			return
		}
		proxy.ServeHTTP(rw, r.WithContext(context.WithValue(r.Context(), w, true)))
	}))
	t.Cleanup(front.Close)
	w.URL = front.URL
	return w
}

// set has the tripwire spring at one of the next calls.
func (w *tripwire) set(chance *rand.Rand, most int, trap func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls, w.after, w.trap = chance.IntN(most), chance.IntN(2) == 0, trap
}

// unset says whether it has sprung, and has it spring no more.
func (w *tripwire) unset() (sprung bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	sprung = w.calls < 0
	w.calls = -1
	return sprung
}

// sprung counts a call, before or after it.
func (w *tripwire) sprung(after bool) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.calls < 0 || w.after != after {
		return false
	}
	w.calls--
	if w.calls >= 0 {
		return false
	}
	w.trap()
	return true
}

// close lets no call of the outbox through until it is opened.
func (w *tripwire) close(shut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shut = shut
}

func (w *tripwire) isShut() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.shut
}

func host(url string) string { return strings.TrimPrefix(url, "http://") }
