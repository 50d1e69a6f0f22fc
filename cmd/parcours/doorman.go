package main

import (
	"net"
	"net/http"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// A doorman turns away addresses that keep making requests which are refused:
// made-up calls, tokens that are tried, paths that are not there. The chat
// server's own calls are not refused, however many they are.
type doorman struct {
	refusals *lru.Cache[string, *rate.Limiter]
	now      func() time.Time
}

// How many refusals an address may have: so many at once, and one every so often.
const (
	refusalsAtOnce = 30
	refusalEvery   = 2 * time.Second
	// callers is how many addresses are remembered.
	callers = 10_000
)

func newDoorman(now func() time.Time) *doorman {
	refusals, err := lru.New[string, *rate.Limiter](callers)
	if err != nil {
		// Only a size that is not positive is refused, and ours is fixed.
		panic(err)
	}
	return &doorman{refusals: refusals, now: now}
}

// handler lets requests through to next but those of an address that had too many
// refused: these are answered 429, without being looked at.
func (d *doorman) handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := address(r)
		if from == "" {
			next.ServeHTTP(w, r)
			return
		}
		known, ok := d.refusals.Get(from)
		if ok && known.TokensAt(d.now()) < 1 {
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		noted := &noting{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(noted, r)
		if noted.status < http.StatusBadRequest || noted.status >= http.StatusInternalServerError {
			return
		}
		if !ok {
			known = rate.NewLimiter(rate.Every(refusalEvery), refusalsAtOnce)
			d.refusals.Add(from, known)
		}
		known.AllowN(d.now(), 1)
	})
}

// address is where a request comes from: its sender or, when that is a proxy on
// this computer, whom the proxy says; empty for this computer itself.
func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if ip := net.ParseIP(host); err == nil && ip != nil && !ip.IsLoopback() {
		return ip.String()
	}
	// What a proxy adds comes last; what is before it, anybody can write.
	all := r.Header.Values("X-Forwarded-For")
	if len(all) == 0 {
		return ""
	}
	parts := strings.Split(all[len(all)-1], ",")
	ip := net.ParseIP(strings.TrimSpace(parts[len(parts)-1]))
	if ip == nil || ip.IsLoopback() {
		return ""
	}
	return ip.String()
}
