package bolt

import (
	"context"

	"go.etcd.io/bbolt"
)

// Waiting is how many rows of the outbox wait, whenever they are to be tried. It
// reads the pages of one index, not the rows.
func (s *Store) Waiting(ctx context.Context) (n int, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		n = tx.Bucket(waitingBucket).Stats().KeyN
		return nil
	})
	return n, err
}

// GivenUp is how many rows of the outbox are stuck. It reads the pages of one
// index, not the rows.
func (s *Store) GivenUp(ctx context.Context) (n int, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		n = tx.Bucket(stuckBucket).Stats().KeyN
		return nil
	})
	return n, err
}
