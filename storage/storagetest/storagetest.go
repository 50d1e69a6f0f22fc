// Package storagetest is the contract of storage.Store as tests: one suite that
// every engine passes, alone or sealed.
package storagetest

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"parcours/casework"
	"parcours/storage"
)

// Open opens the store kept at path, or creates it. It fails the test if it
// cannot.
type Open func(t *testing.T, path string) storage.Store

// Run checks every promise of storage.Store, storage.Scanner and, where the
// store is one, storage.Keeper.
func Run(t *testing.T, open Open) {
	for _, group := range [][]promise{journals, indexes, onces, outbox, togethers} {
		for _, p := range group {
			t.Run(p.says, func(t *testing.T) {
				t.Parallel()
				p.check(newSubject(t, open))
			})
		}
	}
	t.Run("behaves like the model", func(t *testing.T) {
		t.Parallel()
		likeModel(t, open)
	})
}

// A promise is one sentence of the contract and its test.
type promise struct {
	says  string
	check func(s *subject)
}

// A subject is a store under test, with what the tests say often.
type subject struct {
	*testing.T
	storage.Store
	open Open
	path string
	ctx  context.Context
}

func newSubject(t *testing.T, open Open) *subject {
	t.Helper()
	s := &subject{T: t, open: open, path: filepath.Join(t.TempDir(), "store"), ctx: t.Context()}
	s.Store = open(t, s.path)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// reopen closes the store and opens what it left.
func (s *subject) reopen() {
	s.Helper()
	if err := s.Close(); err != nil {
		s.Fatalf("close: %v", err)
	}
	s.Store = s.open(s.T, s.path)
}

func (s *subject) append(changes ...storage.Change) {
	s.Helper()
	if err := s.Append(s.ctx, changes...); err != nil {
		s.Fatalf("append: %v", err)
	}
}

func (s *subject) settle(outcome storage.Outcome, changes ...storage.Change) {
	s.Helper()
	if err := s.Settle(s.ctx, outcome, changes...); err != nil {
		s.Fatalf("settle: %v", err)
	}
}

func (s *subject) refuses(want error, changes ...storage.Change) {
	s.Helper()
	if err := s.Append(s.ctx, changes...); !errors.Is(err, want) {
		s.Fatalf("append: %v, want %v", err, want)
	}
}

// holds checks the entries of a journal, or with none that it is unknown.
func (s *subject) holds(code casework.Code, entries ...string) {
	s.Helper()
	journal, err := s.Load(s.ctx, code)
	if len(entries) == 0 {
		if !errors.Is(err, storage.ErrUnknown) {
			s.Fatalf("load %s: %v, want %v", code, err, storage.ErrUnknown)
		}
		return
	}
	if err != nil {
		s.Fatalf("load %s: %v", code, err)
	}
	if got := texts(journal.Entries); !slices.Equal(got, entries) {
		s.Fatalf("load %s: %q, want %q", code, got, entries)
	}
}

func (s *subject) finds(kind storage.TermKind, value string, want ...casework.Code) {
	s.Helper()
	got, err := s.Find(s.ctx, storage.Term{Kind: kind, Value: value})
	if err != nil || !slices.Equal(got, want) {
		s.Fatalf("find %s %s: %v, %v, want %v", kind, value, got, err, want)
	}
}

func (s *subject) due(now time.Time, limit int, want ...casework.Code) {
	s.Helper()
	got, err := s.Due(s.ctx, now, limit)
	if err != nil || !slices.Equal(got, want) {
		s.Fatalf("due: %v, %v, want %v", got, err, want)
	}
}

func (s *subject) take(now time.Time, lease time.Duration, limit int) []storage.Row {
	s.Helper()
	rows, err := s.Take(s.ctx, now, lease, limit)
	if err != nil {
		s.Fatalf("take: %v", err)
	}
	return rows
}

// takes checks the keys of the rows that a Take gives.
func (s *subject) takes(now time.Time, lease time.Duration, limit int, keys ...string) {
	s.Helper()
	if got := keysOf(s.take(now, lease, limit)); !slices.Equal(got, keys) {
		s.Fatalf("take: %q, want %q", got, keys)
	}
}

func keysOf(rows []storage.Row) []string {
	var keys []string
	for _, row := range rows {
		keys = append(keys, row.Key)
	}
	return keys
}

func texts(entries [][]byte) []string {
	all := make([]string, len(entries))
	for i, entry := range entries {
		all[i] = string(entry)
	}
	return all
}

func blobs(entries ...string) [][]byte {
	var all [][]byte
	for _, entry := range entries {
		all = append(all, []byte(entry))
	}
	return all
}

// at is a change that adds entries to a journal that has base of them.
func at(code casework.Code, base uint64, entries ...string) storage.Change {
	return storage.Change{Case: code, Base: base, Entries: blobs(entries...)}
}

func row(key string, code casework.Code, after time.Time) storage.Row {
	return storage.Row{Key: key, Case: code, Body: fmt.Appendf(nil, "say %s", key), After: after}
}

func rows(rows ...storage.Row) storage.Change { return storage.Change{Rows: rows} }

func member(value string) storage.Term { return storage.Term{Kind: storage.ByMember, Value: value} }

// noon is the moment around which the tests happen.
var noon = time.Date(2026, 3, 29, 12, 0, 0, 0, time.UTC)
