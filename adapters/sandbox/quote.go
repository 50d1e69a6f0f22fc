package sandbox

import (
	"context"
	"fmt"
	"strings"

	"parcours/bot/chat"
	"parcours/casework"
)

var _ chat.Quoter = (*Chat)(nil)

// Quote gives what somebody wrote, by its reference or the address of a page that
// ends with it. Error: chat.ErrNotFound.
func (c *Chat) Quote(ctx context.Context, link string, reader casework.UserID) (chat.Quote, error) {
	if err := c.begin(ctx, "quote"); err != nil {
		return chat.Quote{}, err
	}
	ref := casework.MessageRef(link[strings.LastIndex(link, "#")+1:])
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := c.actor(reader); err != nil {
		return chat.Quote{}, fmt.Errorf("sandbox: quote: %w", chat.ErrNotFound)
	}
	for _, p := range c.places {
		for _, m := range p.shownTo(reader) {
			if m.ref == ref && m.from != "" {
				return chat.Quote{Channel: p.id, Message: m.ref, Author: m.from, Text: m.message.Text}, nil
			}
		}
	}
	return chat.Quote{}, fmt.Errorf("sandbox: quote: %w", chat.ErrNotFound)
}
