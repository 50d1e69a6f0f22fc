package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"parcours/casework"
	"parcours/storage"
)

// Take gives waiting rows as storage.Store says. When nothing is due it only
// reads.
func (s *Store) Take(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]storage.Row, error) {
	var some bool
	err := s.view(ctx, func(tx *bbolt.Tx) error {
		some = len(upTo(tx.Bucket(waitingBucket), now, min(limit, 1))) > 0
		return nil
	})
	if err != nil || !some {
		return nil, err
	}
	end, err := s.beginWrite(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	var taken []storage.Row
	var torn error
	err = s.batches.write(func(tx *transaction) error {
		taken, torn = nil, nil
		w := writing{Store: s, tx: tx, now: now}
		for _, key := range upTo(tx.Bucket(waitingBucket).Bucket, now, limit) {
			row, err := w.lease(key, now.Add(lease))
			switch {
			case errors.Is(err, storage.ErrDamaged):
				torn = errors.Join(torn, err)
			case err != nil:
				return err
			default:
				taken = append(taken, row)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("take from the outbox: %w", err)
	}
	return taken, torn
}

// lease hides a waiting row until a moment and gives it as it was. A row that
// cannot be read becomes stuck, and the error is ErrDamaged.
func (w *writing) lease(waiting []byte, until time.Time) (storage.Row, error) {
	key := string(waiting[timeSize:])
	found, err := parseRow(w.tx.Bucket(rowBucket).Get([]byte(key)))
	if err != nil || found.state != storage.Waiting {
		if err := w.stick(key, row{after: w.now}, storage.Unreadable); err != nil {
			return storage.Row{}, err
		}
		if err := w.tx.Bucket(waitingBucket).Delete(waiting); err != nil {
			return storage.Row{}, err
		}
		return storage.Row{}, fmt.Errorf("outbox row %q: %w", key, storage.ErrDamaged)
	}
	given := storage.Row{Key: key, Case: found.code, Body: found.body, After: found.after, Tries: int(found.tries)}
	found.tries++
	return given, w.wait(key, found, until)
}

// giveBack ends every lease, and every wait for another try. A row that cannot
// be read is left to the next Take, which says so.
func (s *Store) giveBack() error {
	return write(s.db, func(tx *transaction) error {
		w := writing{Store: s, tx: tx}
		var keys []string
		cursor := tx.Bucket(waitingBucket).Cursor()
		for key, _ := cursor.First(); key != nil; key, _ = cursor.Next() {
			keys = append(keys, string(key[timeSize:]))
		}
		for _, key := range keys {
			found, err := parseRow(tx.Bucket(rowBucket).Get([]byte(key)))
			if err != nil || found.state != storage.Waiting || found.tries == 0 {
				continue
			}
			if err := w.wait(key, found, time.Unix(0, 0)); err != nil {
				return err
			}
		}
		return nil
	})
}

// wait moves a waiting row to another moment.
func (w *writing) wait(key string, r row, until time.Time) error {
	waiting := w.tx.Bucket(waitingBucket)
	if err := waiting.Delete(timeKey(r.after, key)); err != nil {
		return err
	}
	r.after = until
	if err := waiting.Put(timeKey(r.after, key), nil); err != nil {
		return err
	}
	return w.put(key, r)
}

// add puts a row in the outbox unless its key was ever used.
func (w *writing) add(r storage.Row) error {
	if w.tx.Bucket(rowBucket).Get([]byte(r.Key)) != nil {
		return nil
	}
	if err := w.tx.Bucket(waitingBucket).Put(timeKey(r.After, r.Key), nil); err != nil {
		return err
	}
	if r.Case != "" {
		if err := w.tx.Bucket(caseRowBucket).Put(caseRowKey(r.Case, r.Key), nil); err != nil {
			return err
		}
	}
	return w.put(r.Key, row{state: storage.Waiting, after: r.After, code: r.Case, body: r.Body})
}

// settle says what became of a row, unless it is not waiting.
func (w *writing) settle(outcome storage.Outcome) error {
	stored := w.tx.Bucket(rowBucket).Get([]byte(outcome.Key))
	if stored == nil {
		return nil
	}
	found, err := parseRow(stored)
	if err != nil {
		return fmt.Errorf("outbox row %q: %w", outcome.Key, storage.ErrDamaged)
	}
	switch {
	case found.state != storage.Waiting:
		return nil
	case outcome.State == storage.Waiting:
		return w.wait(outcome.Key, found, outcome.After)
	}
	return w.finish(outcome, found)
}

// finish ends the waiting of a row. One that is stuck keeps its body, for the
// human who will look at it, until its case is forgotten.
func (w *writing) finish(outcome storage.Outcome, r row) error {
	key := outcome.Key
	if err := w.tx.Bucket(waitingBucket).Delete(timeKey(r.after, key)); err != nil {
		return err
	}
	if outcome.State == storage.Stuck {
		r.after = w.now
		return w.stick(key, r, outcome.Why)
	}
	if err := w.tx.Bucket(caseRowBucket).Delete(caseRowKey(r.code, key)); err != nil {
		return err
	}
	return w.put(key, row{state: outcome.State})
}

// stick leaves a row for a human to look at; its After is since when.
func (w *writing) stick(key string, r row, why string) error {
	r.state = storage.Stuck
	if err := w.tx.Bucket(stuckBucket).Put([]byte(key), []byte(why)); err != nil {
		return err
	}
	return w.put(key, r)
}

// emptyRows takes their bodies from the rows of a case that is forgotten.
func (w *writing) emptyRows(code casework.Code) error {
	prefix := codePrefix(code)
	cursor := w.tx.Bucket(caseRowBucket).Cursor()
	var keys []string
	for key, _ := cursor.Seek(prefix); bytes.HasPrefix(key, prefix); key, _ = cursor.Next() {
		keys = append(keys, string(key[len(prefix):]))
	}
	for _, key := range keys {
		found, err := parseRow(w.tx.Bucket(rowBucket).Get([]byte(key)))
		if err != nil {
			return fmt.Errorf("outbox row %q: %w", key, storage.ErrDamaged)
		}
		if found.state == storage.Waiting {
			err = w.finish(storage.Outcome{Key: key, State: storage.Moot}, found)
		} else {
			err = errors.Join(
				w.tx.Bucket(caseRowBucket).Delete(caseRowKey(code, key)),
				w.tx.Bucket(stuckBucket).Delete([]byte(key)),
				w.put(key, row{state: storage.Stuck, code: code}))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *writing) put(key string, r row) error {
	return w.tx.Bucket(rowBucket).Put([]byte(key), r.bytes())
}

// upTo gives at most limit keys of an index by time that are not after now.
func upTo(index *bbolt.Bucket, now time.Time, limit int) [][]byte {
	var keys [][]byte
	last := appendTime(nil, now)
	cursor := index.Cursor()
	for key, _ := cursor.First(); key != nil && len(keys) < limit; key, _ = cursor.Next() {
		if bytes.Compare(key[:timeSize], last) > 0 {
			break
		}
		keys = append(keys, bytes.Clone(key))
	}
	return keys
}
