package slack

import (
	"context"
	"errors"

	"github.com/cenkalti/backoff/v5"

	"parcours/bot/chat"
)

// patiently does something again when Slack wants patience, for as long as ctx lasts
// and a few times at most. It is for what nobody else tries again.
func patiently[T any](ctx context.Context, do func() (T, error)) (T, error) {
	return backoff.Retry(ctx, func() (T, error) {
		done, err := do()
		var later *chat.RetryError
		switch {
		case err == nil:
			return done, nil
		case errors.As(err, &later):
			return done, backoff.RetryAfter(int(later.After.Seconds()))
		}
		return done, backoff.Permanent(err)
	}, backoff.WithMaxTries(8))
}
