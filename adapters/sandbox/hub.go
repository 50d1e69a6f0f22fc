package sandbox

// hub tells open pages that something changed, without saying what: each asks
// again for what its person may see. It is guarded by the lock of its Chat.
type hub struct {
	pages map[chan struct{}]bool
}

// changed wakes every page. A page that was not yet awake from the last time is
// woken once for both.
func (h *hub) changed() {
	for page := range h.pages {
		select {
		case page <- struct{}{}:
		default:
		}
	}
}

// listen gives what is received on at each change, until stop is called.
func (c *Chat) listen() (changes <-chan struct{}, stop func()) {
	page := make(chan struct{}, 1)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.hub.pages == nil {
		c.hub.pages = map[chan struct{}]bool{}
	}
	c.hub.pages[page] = true
	return page, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.hub.pages, page)
	}
}
