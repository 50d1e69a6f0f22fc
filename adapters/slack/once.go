package slack

import (
	"sync"
	"time"
)

// onceFor is how long what was heard is remembered, at least: Slack says again within
// an hour what it believes unheard, and a signature is good for five minutes.
const onceFor = 2 * time.Hour

// once remembers what was heard, so that what is said twice is done once. The zero
// once is ready.
type once struct {
	mu       sync.Mutex
	now, old map[string]bool
	since    time.Time
}

// first says whether this is heard for the first time, and remembers it.
func (o *once) first(id string, now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.now == nil || now.Sub(o.since) >= onceFor {
		o.now, o.old, o.since = map[string]bool{}, o.now, now
	}
	if o.now[id] || o.old[id] {
		return false
	}
	o.now[id] = true
	return true
}
