package bot

import (
	"context"
	"errors"
	"fmt"

	"parcours/bot/chat"
	"parcours/casework"
)

// quote gives what a request has for quoting. Error: noQuote, in the same words
// for whatever is not a message of the case's channel that the asker can read.
func (r *Router) quote(ctx context.Context, u *use, c *casework.Case) func(link string) (string, error) {
	return func(link string) (string, error) {
		quoter, able := r.platform.(chat.Quoter)
		if !able || c == nil || c.Channel == "" {
			return "", casework.Refuse(noQuote, "")
		}
		found, err := quoter.Quote(ctx, link, u.asker.ID)
		if err != nil && !errors.Is(err, chat.ErrNotFound) {
			return "", fmt.Errorf("quote: %w", err)
		}
		text := casework.CleanText(found.Text)
		if err != nil || found.Channel != c.Channel || text == "" {
			return "", casework.Refuse(noQuote, "")
		}
		return text, nil
	}
}
