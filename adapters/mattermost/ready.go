package mattermost

import (
	"errors"
	"sync"
)

// errNotYet: the first connection is still being made.
var errNotYet = errors.New("mattermost: not connected yet")

// hearing is whether the server is heard, and why not.
type hearing struct {
	mu    sync.Mutex
	heard bool
	why   error
}

func (h *hearing) set(heard bool, why error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.heard, h.why = heard, why
}

// Ready is nil while the server is heard; otherwise it says why not: ErrToken
// when the server refuses the bot, another error when it cannot be reached.
func (a *Adapter) Ready() error {
	a.hearing.mu.Lock()
	defer a.hearing.mu.Unlock()
	switch {
	case a.hearing.heard:
		return nil
	case a.hearing.why == nil:
		return errNotYet
	}
	return a.hearing.why
}
