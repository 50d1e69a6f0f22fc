package erasure

import (
	"context"
	"errors"
	"fmt"

	"parcours/casework"
	"parcours/storage"
)

// Store is a store of whose forgotten journals nothing remains.
type Store interface {
	storage.Store
	storage.Destroyer
}

// attempts is how often an erasure is tried that others cross.
const attempts = 10

// Erase destroys a journal, whatever is in it and readable or not, and leaves rows
// to be done after it. Errors: storage.ErrUnknown when it is not there, or not any
// more; those of storage.Store.Append; that of Scrub, when the journal is gone and
// traces of it are not.
func Erase(ctx context.Context, store Store, code casework.Code, why casework.Erasure, rows ...storage.Row) error {
	for range attempts {
		length, err := store.Length(ctx, code)
		if err == nil && length == 0 {
			err = storage.ErrUnknown
		}
		if err != nil {
			return fmt.Errorf("erase %s: %w", code, err)
		}
		if err = EraseAt(ctx, store, code, length, why, rows...); !errors.Is(err, storage.ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("erase %s: %w", code, storage.ErrConflict)
}

// EraseAt destroys a journal as Erase does, if it is of that length: the one it was
// judged by. Errors: those of Erase, and storage.ErrConflict when it has grown.
func EraseAt(ctx context.Context, store Store, code casework.Code, length uint64, why casework.Erasure, rows ...storage.Row) error {
	if err := store.Append(ctx, storage.Change{Case: code, Base: length, Forget: why, Rows: rows}); err != nil {
		return fmt.Errorf("erase %s: %w", code, err)
	}
	return store.Scrub(ctx)
}

// Heal does again what the ledger tells was done: a journal that is there again
// is forgotten, and a code that is free again is taken for ever. after gives the rows
// to leave for a journal that is there; it may be nil. Heal gives how many journals
// were there. What an erasure that was cut short has left is for Scrub.
func Heal(ctx context.Context, store Store, ledger *Ledger, after func(Line) []storage.Row) (again int, err error) {
	lines, err := ledger.Lines()
	if err != nil {
		return 0, err
	}
	var changes []storage.Change
	for _, line := range lines {
		if line.Entry > 0 {
			continue
		}
		var rows []storage.Row
		length, err := store.Length(ctx, line.Code)
		switch {
		case errors.Is(err, storage.ErrUnknown):
			changes = append(changes, storage.Change{Case: line.Code, Entries: [][]byte{{}}})
			length = 1
		case err != nil:
			return 0, fmt.Errorf("erase %s again: %w", line.Code, err)
		case length == 0:
			continue
		default:
			if again++; after != nil {
				rows = after(line)
			}
		}
		changes = append(changes, storage.Change{Case: line.Code, Base: length, Forget: line.Why, Rows: rows})
	}
	if len(changes) > 0 {
		if err := store.Append(ctx, changes...); err != nil {
			return 0, fmt.Errorf("erase again: %w", err)
		}
	}
	return again, nil
}
