package access

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"parcours/casework"
	"parcours/storage"
)

// Marks are what is kept of the chain elsewhere than in its files: where it
// begins, the months before having been let go, and how far it was seen to go.
type Marks struct {
	Start Mark `json:"start"`
	Head  Mark `json:"head"`
}

// LoadMarks gives the marks kept in a store, none before the first.
func LoadMarks(ctx context.Context, store storage.Store) (Marks, error) {
	marks, _, err := loadMarks(ctx, store)
	return marks, err
}

// loadMarks gives the marks, and how many entries their journal has.
func loadMarks(ctx context.Context, store storage.Store) (marks Marks, base uint64, err error) {
	journal, err := store.Load(ctx, casework.Accesses)
	if errors.Is(err, storage.ErrUnknown) {
		return Marks{}, 0, nil
	}
	if err == nil {
		err = json.Unmarshal(journal.Header, &marks)
	}
	if err != nil {
		return Marks{}, 0, fmt.Errorf("load the marks of the access log: %w", err)
	}
	return marks, uint64(len(journal.Entries)), nil
}

// saveMarks keeps marks in the place of those before.
func saveMarks(ctx context.Context, store storage.Store, marks Marks, now time.Time) error {
	_, base, err := loadMarks(ctx, store)
	if err != nil {
		return err
	}
	change := storage.Change{Case: casework.Accesses, Base: base}
	if base == 0 {
		first, err := casework.Encode(casework.Entry{At: now, Fact: casework.AccessesMarked{}})
		if err != nil {
			return err
		}
		change.Entries = [][]byte{first}
	}
	if change.Header, err = json.Marshal(marks); err != nil {
		return fmt.Errorf("save the marks of the access log: %w", err)
	}
	if err := store.Append(ctx, change); err != nil {
		return fmt.Errorf("save the marks of the access log: %w", err)
	}
	return nil
}
