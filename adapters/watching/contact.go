package watching

import (
	"errors"
	"sync"
)

// errNotYet: the first connection is still being made.
var errNotYet = errors.New("not connected yet")

// Contact is whether a chat server is heard, and why not. The zero Contact is that
// of a first connection still being made.
type Contact struct {
	mu    sync.Mutex
	heard bool
	why   error
}

// Set notes that the server is heard, or why not.
func (c *Contact) Set(heard bool, why error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heard, c.why = heard, why
}

// Err is nil while the server is heard; otherwise it says why not.
func (c *Contact) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.heard:
		return nil
	case c.why == nil:
		return errNotYet
	}
	return c.why
}
