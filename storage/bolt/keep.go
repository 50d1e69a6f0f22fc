package bolt

import (
	"bytes"
	"context"
	"fmt"

	"go.etcd.io/bbolt"

	"parcours/storage"
)

var keptKey = []byte("kept")

// Keep has turn called in every transaction as storage.Keeper says.
func (s *Store) Keep(turn func(kept []byte, moved []storage.Moved) ([]byte, error)) {
	s.turn = turn
}

// Kept gives the value as it stands, nil before the first.
func (s *Store) Kept(ctx context.Context) ([]byte, error) {
	var kept []byte
	err := s.view(ctx, func(tx *bbolt.Tx) error {
		kept = bytes.Clone(tx.Bucket(metaBucket).Get(keptKey))
		return nil
	})
	return kept, err
}

// note tells the keeper how a journal moves, before it does.
func (w *writing) note(m move) {
	moved := storage.Moved{Case: m.Case, From: m.before.count, To: m.after.count}
	if moved.From > 0 {
		moved.Before = w.tx.Bucket(entryBucket).Get(entryKey(m.Case, moved.From))
	}
	if moved.To > 0 {
		moved.After = moved.Before
	}
	if len(m.Entries) > 0 {
		moved.After = m.Entries[len(m.Entries)-1]
	}
	if m.Header != nil || m.Forget != "" {
		moved.HeaderBefore = w.tx.Bucket(headerBucket).Get([]byte(m.Case))
		moved.HeaderAfter = m.Header
	}
	if moved.From != moved.To || m.Header != nil {
		w.moved = append(w.moved, moved)
	}
}

func (w *writing) keep() error {
	if w.turn == nil {
		return nil
	}
	meta := w.tx.Bucket(metaBucket)
	kept := meta.Get(keptKey)
	next, err := w.turn(kept, w.moved)
	if err != nil {
		return fmt.Errorf("keep: %w", err)
	}
	if bytes.Equal(kept, next) {
		return nil
	}
	return meta.Put(keptKey, next)
}
