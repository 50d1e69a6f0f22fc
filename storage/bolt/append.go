package bolt

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"parcours/casework"
	"parcours/storage"
)

// Append writes changes as storage.Store says.
func (s *Store) Append(ctx context.Context, changes ...storage.Change) error {
	return s.decide(ctx, nil, changes)
}

// Settle says what became of a row as storage.Store says.
func (s *Store) Settle(ctx context.Context, outcome storage.Outcome, changes ...storage.Change) error {
	if err := outcome.Check(); err != nil {
		return err
	}
	return s.decide(ctx, &outcome, changes)
}

// decide is the one way by which anything but a lease is written.
func (s *Store) decide(ctx context.Context, outcome *storage.Outcome, changes []storage.Change) error {
	forgets := false
	for _, change := range changes {
		if err := change.Check(); err != nil {
			return err
		}
		forgets = forgets || change.Forget != ""
	}
	err := s.commit(ctx, outcome, changes)
	if err == nil && forgets {
		// All is written: what fails here is owed to the next Scrub, which tells.
		_ = s.Scrub(context.WithoutCancel(ctx))
	}
	return err
}

func (s *Store) commit(ctx context.Context, outcome *storage.Outcome, changes []storage.Change) error {
	end, err := s.beginWrite(ctx)
	if err != nil {
		return err
	}
	defer end()
	now := s.now()
	s.step("begin")
	var refusal error
	err = s.batches.write(func(tx *transaction) error {
		w := writing{Store: s, tx: tx, now: now}
		var moves []move
		if moves, refusal = w.judge(changes); refusal != nil {
			return nil
		}
		s.step("checked")
		return w.carryOut(outcome, moves)
	})
	if err != nil {
		return fmt.Errorf("write to the store: %w", err)
	}
	if refusal == nil {
		s.step("committed")
	}
	return refusal
}

// A writing is one call's part of a transaction.
type writing struct {
	*Store
	tx    *transaction
	now   time.Time
	moved []storage.Moved
}

// A move is a change that was judged, with the head it finds and leaves.
type move struct {
	storage.Change
	// journal says whether the change touches one at all.
	journal       bool
	before, after head
}

// judge checks everything before anything is written, each change on what the
// one before it would leave.
func (w *writing) judge(changes []storage.Change) ([]move, error) {
	heads := map[casework.Code]head{}
	once := map[string]time.Time{}
	moves := make([]move, 0, len(changes))
	for _, change := range changes {
		if change.Once != "" {
			until, ok := once[change.Once]
			if ok && w.holds(until) || w.knows(change.Once) {
				return nil, storage.ErrRepeated
			}
			once[change.Once] = change.OnceUntil
		}
		m := move{Change: change, journal: change.Base > 0 || len(change.Entries) > 0}
		if m.journal {
			found, ok := heads[change.Case]
			if !ok {
				var err error
				if found, err = headIn(w.tx.Bucket(headBucket).Bucket, change.Case); err != nil {
					return nil, err
				}
			}
			if found.forgotten || found.count != change.Base {
				return nil, fmt.Errorf("case %s: %w", change.Case, storage.ErrConflict)
			}
			m.before, m.after = found, headAfter(change)
			heads[change.Case] = m.after
		}
		moves = append(moves, m)
	}
	return moves, nil
}

// headIn gives what the heads hold of a code, nothing being an empty one.
func headIn(heads *bbolt.Bucket, code casework.Code) (head, error) {
	stored := heads.Get([]byte(code))
	if stored == nil {
		return head{}, nil
	}
	h, err := parseHead(stored)
	if err != nil {
		return head{}, damage(code, 0, err.Error())
	}
	return h, nil
}

func headAfter(change storage.Change) head {
	if change.Forget != "" {
		return head{forgotten: true}
	}
	terms := slices.Clone(change.Terms)
	slices.SortFunc(terms, func(a, b storage.Term) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Value, b.Value))
	})
	return head{
		count: change.Base + uint64(len(change.Entries)),
		due:   change.Due,
		terms: slices.Compact(terms),
	}
}

// carryOut writes what was judged sound. Its errors are those of the file.
func (w *writing) carryOut(outcome *storage.Outcome, moves []move) error {
	if outcome != nil {
		if err := w.settle(*outcome); err != nil {
			return err
		}
	}
	for _, m := range moves {
		if err := w.move(m); err != nil {
			return err
		}
	}
	if err := w.keep(); err != nil {
		return err
	}
	w.step("commit")
	return nil
}

func (w *writing) move(m move) error {
	if m.journal {
		if err := w.journal(m); err != nil {
			return err
		}
	}
	w.step("entries")
	if m.journal {
		if err := w.index(m); err != nil {
			return err
		}
	}
	if m.Once != "" {
		if err := w.once(m.Once, m.OnceUntil); err != nil {
			return err
		}
	}
	w.step("indexes")
	for _, r := range m.Rows {
		if err := w.add(r); err != nil {
			return err
		}
	}
	w.step("rows")
	return nil
}

// journal writes the entries and the header, or destroys them.
func (w *writing) journal(m move) error {
	if w.turn != nil {
		w.note(m)
	}
	if m.Forget != "" {
		return w.forget(m)
	}
	if !m.Narrows.IsZero() {
		if err := w.narrowing(m.Case, m.after.count, m.Narrows); err != nil {
			return err
		}
	}
	entries := w.tx.Bucket(entryBucket)
	for i, entry := range m.Entries {
		if err := entries.Put(entryKey(m.Case, m.Base+uint64(i)+1), entry); err != nil {
			return err
		}
	}
	if m.Header == nil {
		return nil
	}
	return w.tx.Bucket(headerBucket).Put([]byte(m.Case), m.Header)
}

func (w *writing) forget(m move) error {
	if err := w.forgetting(m.Case, m.Forget); err != nil {
		return err
	}
	if err := w.tx.Bucket(metaBucket).Put(owedKey, []byte{1}); err != nil {
		return err
	}
	entries := w.tx.Bucket(entryBucket)
	for number := range m.Base {
		if err := entries.Delete(entryKey(m.Case, number+1)); err != nil {
			return err
		}
	}
	if err := w.tx.Bucket(headerBucket).Delete([]byte(m.Case)); err != nil {
		return err
	}
	return w.emptyRows(m.Case)
}

// index brings the terms, the due date and the head in step with the journal.
func (w *writing) index(m move) error {
	if !slices.Equal(m.before.terms, m.after.terms) {
		terms := w.tx.Bucket(termBucket)
		for _, term := range m.before.terms {
			if err := terms.Delete(termKey(term, m.Case)); err != nil {
				return err
			}
		}
		for _, term := range m.after.terms {
			if err := terms.Put(termKey(term, m.Case), nil); err != nil {
				return err
			}
		}
	}
	if !m.before.due.Equal(m.after.due) {
		due := w.tx.Bucket(dueBucket)
		if !m.before.due.IsZero() {
			if err := due.Delete(timeKey(m.before.due, string(m.Case))); err != nil {
				return err
			}
		}
		if !m.after.due.IsZero() {
			if err := due.Put(timeKey(m.after.due, string(m.Case)), nil); err != nil {
				return err
			}
		}
	}
	return w.tx.Bucket(headBucket).Put([]byte(m.Case), m.after.bytes())
}
