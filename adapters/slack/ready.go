package slack

import (
	"errors"
	"sync"
)

// errNotYet: the first connection is still being made.
var errNotYet = errors.New("slack: not connected yet")

// contact is whether Slack is heard, and why not.
type contact struct {
	mu    sync.Mutex
	heard bool
	why   error
}

func (h *contact) set(heard bool, why error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.heard, h.why = heard, why
}

// Ready is nil while Slack is heard; otherwise it says why not: ErrToken when Slack
// refuses the bot or the app, another error when it cannot be reached.
func (a *Adapter) Ready() error {
	a.contact.mu.Lock()
	defer a.contact.mu.Unlock()
	switch {
	case a.contact.heard:
		return nil
	case a.contact.why == nil:
		return errNotYet
	}
	return a.contact.why
}
