package workspace

import (
	"time"

	"golang.org/x/time/rate"
)

// A tier is how many calls of a method a minute takes; special ones have rules of
// their own.
type tier int

const (
	special tier = 0
	tier1   tier = 1
	tier2   tier = 20
	tier3   tier = 50
	tier4   tier = 100
)

// Messages: about one a second in a channel, with short bursts.
const postBurst = 5

// limits count calls, by method, and messages, by channel.
type limits map[string]*rate.Limiter

// wait gives how long the app has to wait before a call; nothing when it need not.
func (l limits) wait(w *Workspace, name string, args object) time.Duration {
	m, known := methods[name]
	if w.options.Unhurried || !known {
		return 0
	}
	key, each, burst := name, rate.Limit(m.tier)/60, int(m.tier)
	switch {
	case name == "chat.postMessage":
		channel, _ := args["channel"].(string)
		key, each, burst = "post "+channel, 1, postBurst
	case name == "apps.connections.open":
		burst = 10 // as many as there may be connections
	case m.tier == special:
		return 0
	}
	limiter, ok := l[key]
	if !ok {
		limiter = rate.NewLimiter(each, burst)
		l[key] = limiter
	}
	now := w.options.Now()
	reserved := limiter.ReserveN(now, 1)
	wait := reserved.DelayFrom(now)
	if wait > 0 {
		reserved.CancelAt(now)
	}
	return wait
}
