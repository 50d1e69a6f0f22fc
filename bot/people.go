package bot

import (
	"context"
	"sync"
	"time"

	"parcours/bot/chat"
	"parcours/casework"
)

// people tells who users are, for their names and languages. What the platform
// said is believed for a short while: whether somebody may read something is not
// asked here, but by the gate, of the platform itself.
type people struct {
	platform chat.Platform
	now      func() time.Time

	mu    sync.Mutex
	known map[casework.UserID]acquaintance
}

type acquaintance struct {
	account chat.Account
	until   time.Time
}

// Bounds of what is believed: how long, and of how many.
const (
	believed    = 30 * time.Second
	mostBelieve = 2000
)

// account gives a user as the platform knows them; one it does not know has
// their id as name and is not active.
func (p *people) account(ctx context.Context, id casework.UserID) chat.Account {
	now := p.now()
	p.mu.Lock()
	known, ok := p.known[id]
	p.mu.Unlock()
	if ok && now.Before(known.until) {
		return known.account
	}
	account, err := p.platform.Account(ctx, string(id))
	if err != nil {
		return chat.Account{ID: id, Handle: string(id), Name: string(id)}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil || len(p.known) >= mostBelieve {
		p.known = map[casework.UserID]acquaintance{}
	}
	p.known[id] = acquaintance{account, now.Add(believed)}
	return account
}

// lookup is account for the time of one request.
func (p *people) lookup(ctx context.Context) func(casework.UserID) chat.Account {
	return func(id casework.UserID) chat.Account { return p.account(ctx, id) }
}
