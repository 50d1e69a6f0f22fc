package bolt

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"go.etcd.io/bbolt"

	"parcours/casework"
	"parcours/storage"
)

// looked is how many parts a Reseal looks at.
const looked = 512

// A mark of Reseal is a code after codeMark, or the key of a row after rowMark.
const (
	codeMark = "h"
	rowMark  = "r"
)

// Reseal replaces headers and bodies of rows as storage.Resealer says. What was
// there before them is scrubbed by the next Scrub.
func (s *Store) Reseal(ctx context.Context, from string, stale func(storage.Part) bool, anew func(storage.Part) []byte) (next string, err error) {
	var old []storage.Part
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		next = walk(tx, from, func(part storage.Part) {
			if stale(part) {
				part.Bytes = nil
				old = append(old, part)
			}
		})
		return nil
	})
	if err != nil || len(old) == 0 {
		return next, err
	}
	end, err := s.beginWrite(ctx)
	if err != nil {
		return "", err
	}
	defer end()
	err = s.batches.write(func(tx *transaction) error {
		w := writing{Store: s, tx: tx}
		for _, part := range old {
			if err := w.reseal(part, stale, anew); err != nil {
				return err
			}
		}
		if err := tx.Bucket(metaBucket).Put(owedKey, []byte{1}); err != nil {
			return err
		}
		if err := w.keep(); err != nil {
			return err
		}
		s.step("commit")
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("seal anew: %w", err)
	}
	return next, nil
}

// walk gives parts to look at, and the mark of what follows them.
func walk(tx *bbolt.Tx, from string, look func(storage.Part)) (next string) {
	if from == "" {
		from = codeMark
	}
	seen := 0
	if code, ok := strings.CutPrefix(from, codeMark); ok {
		cursor := tx.Bucket(headerBucket).Cursor()
		for key, header := cursor.Seek([]byte(code)); key != nil; key, header = cursor.Next() {
			if seen++; seen > looked {
				return codeMark + string(key)
			}
			look(storage.Part{Case: casework.Code(key), Bytes: header})
		}
		from = rowMark
	}
	cursor := tx.Bucket(rowBucket).Cursor()
	for key, stored := cursor.Seek([]byte(strings.TrimPrefix(from, rowMark))); key != nil; key, stored = cursor.Next() {
		if seen++; seen > looked {
			return rowMark + string(key)
		}
		if found, err := parseRow(stored); err == nil && len(found.body) > 0 {
			look(storage.Part{Case: found.code, Row: string(key), Bytes: found.body})
		}
	}
	return ""
}

// reseal replaces a part, if it still is there and stale.
func (w *writing) reseal(part storage.Part, stale func(storage.Part) bool, anew func(storage.Part) []byte) error {
	if part.Row != "" {
		found, err := parseRow(w.tx.Bucket(rowBucket).Get([]byte(part.Row)))
		part.Bytes = found.body
		if err != nil || len(found.body) == 0 || !stale(part) {
			return nil
		}
		if found.body = anew(part); found.body == nil {
			return nil
		}
		return w.put(part.Row, found)
	}
	headers := w.tx.Bucket(headerBucket)
	part.Bytes = bytes.Clone(headers.Get([]byte(part.Case)))
	if part.Bytes == nil || !stale(part) {
		return nil
	}
	header := anew(part)
	if header == nil {
		return nil
	}
	found, err := headIn(w.tx.Bucket(headBucket).Bucket, part.Case)
	if err != nil {
		return err
	}
	w.note(move{Change: storage.Change{Case: part.Case, Header: header}, before: found, after: found})
	return headers.Put([]byte(part.Case), header)
}
