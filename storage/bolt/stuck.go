package bolt

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"parcours/storage"
)

// Stuck gives the rows that are stuck as storage.Overseer says.
func (s *Store) Stuck(ctx context.Context) ([]storage.StuckRow, error) {
	var all []storage.StuckRow
	err := s.view(ctx, func(tx *bbolt.Tx) error {
		return tx.Bucket(stuckBucket).ForEach(func(key, why []byte) error {
			stuck := storage.StuckRow{Row: storage.Row{Key: string(key)}, Why: string(why)}
			found, err := parseRow(tx.Bucket(rowBucket).Get(key))
			if err == nil {
				stuck.Case, stuck.Body, stuck.Tries = found.code, found.body, int(found.tries)
				stuck.Since, stuck.After = found.after, found.after
			}
			all = append(all, stuck)
			return nil
		})
	})
	slices.SortStableFunc(all, func(a, b storage.StuckRow) int { return a.Since.Compare(b.Since) })
	return all, err
}

// Unstick makes a stuck row wait again as storage.Overseer says.
func (s *Store) Unstick(ctx context.Context, key string) error {
	end, err := s.beginWrite(ctx)
	if err != nil {
		return err
	}
	defer end()
	now := s.now()
	unknown := false
	err = s.batches.write(func(tx *transaction) error {
		found, err := parseRow(tx.Bucket(rowBucket).Get([]byte(key)))
		unknown = err != nil || tx.Bucket(stuckBucket).Get([]byte(key)) == nil || len(found.body) == 0
		if unknown {
			return nil
		}
		found.state = storage.Waiting
		w := writing{Store: s, tx: tx, now: now}
		return errors.Join(tx.Bucket(stuckBucket).Delete([]byte(key)), w.wait(key, found, now))
	})
	switch {
	case err != nil:
		return fmt.Errorf("make a row wait again: %w", err)
	case unknown:
		return fmt.Errorf("outbox row %q: %w", key, storage.ErrUnknown)
	}
	return nil
}
