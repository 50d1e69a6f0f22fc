package main

import (
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// A doorman says no more to addresses that keep making requests which are refused:
// made-up calls, tokens that are tried, paths that are not there. A call that bears
// the right token or signature is answered whatever its address has done before,
// since many may come by one address; that is checked before all else, and costs
// little.
type doorman struct {
	refusals *lru.Cache[string, *rate.Limiter]
	proxies  []netip.Prefix
	now      func() time.Time
}

// How many refusals an address may have: so many at once, and one every so often.
const (
	refusalsAtOnce = 30
	refusalEvery   = 2 * time.Second
	// callers is how many addresses are remembered.
	callers = 10_000
)

// newDoorman believes proxies, besides those of this computer, when they say whom a
// request comes from.
func newDoorman(proxies []netip.Prefix, now func() time.Time) *doorman {
	refusals, err := lru.New[string, *rate.Limiter](callers)
	if err != nil {
		// Only a size that is not positive is refused, and ours is fixed.
		panic(err)
	}
	return &doorman{refusals: refusals, proxies: proxies, now: now}
}

// handler has next answer, but for what it refuses to an address that had too many
// refused: that is answered 429, without a word, and the connection is closed.
func (d *doorman) handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := d.address(r)
		if from == "" {
			next.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(&turning{ResponseWriter: w, away: func() bool { return d.refused(from) }}, r)
	})
}

// refused counts a refusal, and says whether the address had too many before.
func (d *doorman) refused(from string) bool {
	known, ok := d.refusals.Get(from)
	if !ok {
		known = rate.NewLimiter(rate.Every(refusalEvery), refusalsAtOnce)
		d.refusals.Add(from, known)
	}
	return !known.AllowN(d.now(), 1)
}

// turning puts 429 in the place of a refusal, where its address is to be turned away.
type turning struct {
	http.ResponseWriter
	away   func() bool
	turned bool
}

func (t *turning) WriteHeader(status int) {
	refusal := status >= http.StatusBadRequest && status < http.StatusInternalServerError
	if t.turned = refusal && t.away(); t.turned {
		status = http.StatusTooManyRequests
		t.Header().Set("Retry-After", "60")
		t.Header().Set("Connection", "close")
	}
	t.ResponseWriter.WriteHeader(status)
}

func (t *turning) Write(text []byte) (int, error) {
	if t.turned {
		return len(text), nil
	}
	return t.ResponseWriter.Write(text)
}

// Unwrap lets the server find what the writer can do besides.
func (t *turning) Unwrap() http.ResponseWriter { return t.ResponseWriter }

// address is where a request comes from: its sender or, when that is a proxy that is
// believed, whom the proxy says; empty for this computer itself.
func (d *doorman) address(r *http.Request) string {
	sender := ipOf(r.RemoteAddr)
	from := sender
	// What a proxy adds comes last; what is before it, anybody can write.
	said := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, one := range slices.Backward(said) {
		if !d.believes(from) {
			break
		}
		told, err := netip.ParseAddr(strings.TrimSpace(one))
		if err != nil {
			break
		}
		from = told.Unmap().WithZone("")
	}
	if !from.IsValid() || from.IsLoopback() {
		return ""
	}
	return from.String()
}

// believes says whether somebody is a proxy that says the truth: on this computer, by
// a socket or not, or named by the set-up.
func (d *doorman) believes(one netip.Addr) bool {
	return !one.IsValid() || one.IsLoopback() || slices.ContainsFunc(d.proxies, func(p netip.Prefix) bool { return p.Contains(one) })
}

// ipOf is the address of a computer, without its port; the zero one for a socket.
func ipOf(remote string) netip.Addr {
	both, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Addr{}
	}
	return both.Addr().Unmap().WithZone("")
}

// ourselves serves those who run the program alone: from this computer, not by a
// proxy, or by the account of the program or the system's administrator on a socket.
// For all others there is nothing.
func ourselves(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		forwarded := r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != ""
		if forwarded || !isOurs(r) {
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isOurs goes by who is at the other end of the connection, which no header tells.
func isOurs(r *http.Request) bool {
	if uid, ok := strings.CutPrefix(r.RemoteAddr, accountMark); ok {
		n, err := strconv.Atoi(uid)
		return err == nil && trusted(n, os.Getuid())
	}
	from := ipOf(r.RemoteAddr)
	if !from.IsValid() || from.IsLoopback() {
		return true
	}
	// This computer may also speak to itself by its own address on the network.
	here, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return ok && ipOf(here.String()) == from
}

// accountMark begins the address of whoever is at the other end of a socket, where
// the system tells: their account follows.
const accountMark = "account:"

// accounted is a listener on a socket whose connections come from an account.
type accounted struct{ net.Listener }

func (l accounted) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if uid, known := peer(conn); known {
		return ofAccount{conn, uid}, nil
	}
	return conn, nil
}

type ofAccount struct {
	net.Conn
	uid int
}

func (c ofAccount) RemoteAddr() net.Addr {
	return &net.UnixAddr{Net: "unix", Name: accountMark + strconv.Itoa(c.uid)}
}
