package watching

import (
	"sync"
	"time"

	"parcours/casework"
)

// Daily remembers what was said to whom and where, for a day. The zero Daily is
// ready, and may be used from everywhere at once.
type Daily struct {
	mu sync.Mutex
	at map[place]time.Time
}

type place struct {
	user    casework.UserID
	channel casework.ChannelID
}

// First says whether this is the first time in a day for a user in a channel, and
// remembers it.
func (d *Daily) First(user casework.UserID, channel casework.ChannelID, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.at == nil {
		d.at = map[place]time.Time{}
	}
	for old, at := range d.at {
		if now.Sub(at) >= 24*time.Hour {
			delete(d.at, old)
		}
	}
	here := place{user, channel}
	if _, ok := d.at[here]; ok {
		return false
	}
	d.at[here] = now
	return true
}
