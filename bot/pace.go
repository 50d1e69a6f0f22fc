package bot

import (
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"parcours/casework"
)

// Pace is how fast one user may act: so many times a second in the long run, and
// Burst times at once. The zero Pace sets no limit.
type Pace struct {
	PerSecond float64
	Burst     int
}

// watched is how many users' paces are remembered; beyond it, those who acted
// longest ago begin anew.
const watched = 10_000

// A pacer holds every user to a pace.
type pacer struct {
	pace  Pace
	users *lru.Cache[casework.UserID, *rate.Limiter]
}

func newPacer(p Pace) *pacer {
	users, err := lru.New[casework.UserID, *rate.Limiter](watched)
	if err != nil {
		// Only a size that is not positive is refused, and ours is fixed.
		panic(err)
	}
	return &pacer{pace: p, users: users}
}

// allow reports whether a user may act at now, which then counts.
func (p *pacer) allow(user casework.UserID, now time.Time) bool {
	if p.pace == (Pace{}) {
		return true
	}
	fresh := rate.NewLimiter(rate.Limit(p.pace.PerSecond), p.pace.Burst)
	if known, ok, _ := p.users.PeekOrAdd(user, fresh); ok {
		p.users.Get(user)
		return known.AllowN(now, 1)
	}
	return fresh.AllowN(now, 1)
}
