package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestAddressesThatAreRefusedAreTurnedAway has one address guess tokens: after a
// while it is not listened to, the others and the good requests are.
func TestAddressesThatAreRefusedAreTurnedAway(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	looked := 0
	door := newDoorman(func() time.Time { return now }).handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		looked++
		if r.Header.Get("Authorization") != "good" {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	ask := func(from, forwarded, token string) int {
		r := httptest.NewRequest("POST", "/mattermost/command", nil)
		r.RemoteAddr = from
		if forwarded != "" {
			r.Header.Set("X-Forwarded-For", forwarded)
		}
		r.Header.Set("Authorization", token)
		w := httptest.NewRecorder()
		door.ServeHTTP(w, r)
		return w.Code
	}
	for range refusalsAtOnce {
		if got := ask("203.0.113.5:1", "", "bad"); got != http.StatusUnauthorized {
			t.Fatalf("a guess is answered %d", got)
		}
	}
	before := looked
	for _, c := range []struct {
		what, from, forwarded, token string
		want                         int
	}{
		{"the same address", "203.0.113.5:2", "", "bad", http.StatusTooManyRequests},
		{"the same address, as a proxy tells", "127.0.0.1:2", "198.51.100.1, 203.0.113.5", "bad", http.StatusTooManyRequests},
		{"an address that says it is another", "203.0.113.5:2", "127.0.0.1", "bad", http.StatusTooManyRequests},
		{"another one", "203.0.113.6:2", "", "bad", http.StatusUnauthorized},
		{"another one behind the proxy", "127.0.0.1:2", "203.0.113.5, 203.0.113.7", "good", http.StatusOK},
		{"this computer", "127.0.0.1:2", "", "good", http.StatusOK},
		{"a socket", "@", "", "good", http.StatusOK},
	} {
		if got := ask(c.from, c.forwarded, c.token); got != c.want {
			t.Errorf("%s: %d, want %d", c.what, got, c.want)
		}
	}
	if looked != before+4 {
		t.Errorf("%d of the others were looked at", looked-before)
	}
	for range 1000 {
		if got := ask("127.0.0.1:2", "203.0.113.9", "good"); got != http.StatusOK {
			t.Fatalf("a chat server that is never refused is answered %d", got)
		}
	}
	now = now.Add(time.Minute)
	if got := ask("203.0.113.5:2", "", "good"); got != http.StatusOK {
		t.Errorf("a minute later: %d", got)
	}
}
