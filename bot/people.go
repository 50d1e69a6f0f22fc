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

	// boxes have the languages people chose.
	boxes *mailboxes
	// chosen are those, as far as they were looked up.
	chosen sync.Map

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
	if err != nil && ok {
		return known.account
	}
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

// reader gives a user who is spoken to, in the language they chose.
func (p *people) reader(ctx context.Context, id casework.UserID) chat.Account {
	account := p.account(ctx, id)
	lang, known := p.chosen.Load(id)
	if !known {
		d, err := p.boxes.load(ctx, mailboxOf(p.boxes.sign, id))
		if err != nil {
			return account
		}
		lang = chat.Lang(d.Language)
		p.chosen.Store(id, lang)
	}
	if lang := lang.(chat.Lang); lang != "" {
		account.Lang = lang
	}
	return account
}

// forget has the language that a user chose looked up anew.
func (p *people) forget(id casework.UserID) { p.chosen.Delete(id) }

// lookup is account for the time of one request.
func (p *people) lookup(ctx context.Context) func(casework.UserID) chat.Account {
	return func(id casework.UserID) chat.Account { return p.account(ctx, id) }
}
