package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"parcours/casework"
	"parcours/storage"
)

// Load gives a journal as storage.Store says.
func (s *Store) Load(ctx context.Context, code casework.Code) (storage.Journal, error) {
	var journal storage.Journal
	err := s.view(ctx, func(tx *bbolt.Tx) error {
		var err error
		journal, err = load(tx, code)
		return err
	})
	return journal, err
}

func load(tx *bbolt.Tx, code casework.Code) (storage.Journal, error) {
	found, err := headIn(tx.Bucket(headBucket), code)
	switch {
	case err != nil:
		return storage.Journal{}, err
	case found.forgotten || found.count == 0:
		return storage.Journal{}, storage.ErrUnknown
	}
	journal := storage.Journal{Header: bytes.Clone(tx.Bucket(headerBucket).Get([]byte(code)))}
	prefix := codePrefix(code)
	cursor := tx.Bucket(entryBucket).Cursor()
	for key, entry := cursor.Seek(prefix); bytes.HasPrefix(key, prefix); key, entry = cursor.Next() {
		next := uint64(len(journal.Entries)) + 1
		number := key[len(prefix):]
		if len(number) != 8 || binary.BigEndian.Uint64(number) != next {
			return storage.Journal{}, damage(code, next, "the entry is missing")
		}
		journal.Entries = append(journal.Entries, append([]byte{}, entry...))
	}
	if have := uint64(len(journal.Entries)); have != found.count {
		return storage.Journal{}, damage(code, min(have, found.count)+1, "the journal has not the length it should")
	}
	return journal, nil
}

func damage(code casework.Code, entry uint64, what string) error {
	return &storage.Damage{Case: code, Entry: entry, What: what}
}

// Find gives the cases of a term as storage.Store says.
func (s *Store) Find(ctx context.Context, term storage.Term) ([]casework.Code, error) {
	var codes []casework.Code
	err := s.view(ctx, func(tx *bbolt.Tx) error {
		prefix := termPrefix(term)
		cursor := tx.Bucket(termBucket).Cursor()
		for key, _ := cursor.Seek(prefix); bytes.HasPrefix(key, prefix); key, _ = cursor.Next() {
			codes = append(codes, casework.Code(key[len(prefix):]))
		}
		return nil
	})
	return codes, err
}

// Due gives the cases that want attention as storage.Store says.
func (s *Store) Due(ctx context.Context, now time.Time, limit int) ([]casework.Code, error) {
	var codes []casework.Code
	err := s.view(ctx, func(tx *bbolt.Tx) error {
		for _, key := range upTo(tx.Bucket(dueBucket), now, limit) {
			codes = append(codes, casework.Code(key[timeSize:]))
		}
		return nil
	})
	return codes, err
}

// Scan reads the store from end to end as storage.Scanner says. Each journal is
// read in a transaction of its own, so that each may use the store and writers
// do not wait; a journal opened meanwhile may be seen or not.
func (s *Store) Scan(ctx context.Context, each func(casework.Code, storage.Journal, error) error) error {
	for last := []byte(nil); ; {
		var journal storage.Journal
		var unread error
		err := s.view(ctx, func(tx *bbolt.Tx) error {
			next := after(tx.Bucket(headBucket), last)
			if next != nil && bytes.Compare(next, last) <= 0 {
				return fmt.Errorf("%w: the codes are not in order", storage.ErrDamaged)
			}
			if last = next; last != nil {
				journal, unread = load(tx, casework.Code(last))
			}
			return nil
		})
		if err != nil || last == nil {
			return err
		}
		if errors.Is(unread, storage.ErrUnknown) {
			continue
		}
		if err := each(casework.Code(last), journal, unread); err != nil {
			return err
		}
	}
}

// after gives the first code that follows last, or nil.
func after(heads *bbolt.Bucket, last []byte) []byte {
	cursor := heads.Cursor()
	if last == nil {
		first, _ := cursor.First()
		return bytes.Clone(first)
	}
	key, _ := cursor.Seek(last)
	if bytes.Equal(key, last) {
		key, _ = cursor.Next()
	}
	return bytes.Clone(key)
}
