// Package vault seals what a store keeps: a storage.Store around another, which
// then holds only what cannot be read, altered, reordered or taken away unseen.
//
//   - Each journal has its own key, wrapped by the master key in its header.
//   - Each entry is sealed together with the case, its number and the hash of
//     the entry before it: a chain.
//   - The values of terms are replaced by a keyed hash, so that the file does
//     not tell who is in which case; it still tells that two cases share a
//     member.
//   - Bodies of outbox rows are sealed by the master key, which can be rotated
//     while the store is used.
//   - A value kept beside the journals seals the ends of them all, so that one
//     that was removed whole, or put back to an earlier state, is seen.
//
// In clear remain the codes of cases, how many entries each has and of what
// size, due dates, Onces, and the keys and moments of rows. That terms, due dates or
// rows were changed is seen by the store under it, but for a hand that knows how it
// counts them; that the whole file was put back to an earlier state is not seen.
package vault

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"parcours/casework"
	"parcours/storage"
)

// ErrWrongKey: the store was written under another keyset.
var ErrWrongKey = errors.New("vault: the keyset does not open this file; put back the keyset the store was made with")

// remembered is how many journals can be appended to without reading them again.
const remembered = 1024

// engine is what a store must be able to do for a vault to stand around it.
type engine interface {
	storage.Store
	storage.Scanner
	storage.Inspector
	storage.Keeper
	storage.Overseer
	storage.Destroyer
	storage.Resealer
}

// Vault is a storage.Store and storage.Scanner that seals what it gives to
// another store.
type Vault struct {
	inner engine
	keys  *atomic.Pointer[Keys]
	blind *authenticator // of terms
	seal  *seal

	// states remembers ends of journals. One that is out of date is still true
	// of the number of entries it names, and the inner store refuses a change
	// that is not at the journal's end: so it can be slow, never wrong.
	states *lru.Cache[casework.Code, *state]

	// still is held for writing while Verify compares the seal with the journals,
	// and while the master key changes or something is wrapped anew: nobody then
	// has in hand what was sealed before and is still to be written.
	still sync.RWMutex
}

var (
	_ storage.Store   = (*Vault)(nil)
	_ storage.Scanner = (*Vault)(nil)

	_ storage.Overseer  = (*Vault)(nil)
	_ storage.Destroyer = (*Vault)(nil)
)

// Open puts a vault around inner, which must also be a storage.Scanner and a
// storage.Keeper and must from then on be used through the vault alone. Errors:
// ErrWrongKey when it was written under other keys, storage.ErrDamaged when its
// seal is gone, or that of reading it.
func Open(inner storage.Store, keys *Keys) (*Vault, error) {
	under, ok := inner.(engine)
	if !ok {
		return nil, errors.New("vault: the inner store can neither be scanned nor keep the seal")
	}
	states, err := lru.New[casework.Code, *state](remembered)
	if err != nil {
		return nil, fmt.Errorf("open the vault: %w", err)
	}
	v := &Vault{inner: under, keys: new(atomic.Pointer[Keys]), blind: newAuthenticator(keys.derive("vault", "terms")), states: states}
	v.keys.Store(keys)
	v.seal = newSeal(v.keys)
	ctx := context.Background()
	kept, err := under.Kept(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the vault: %w", err)
	}
	if kept == nil {
		err = mustBeEmpty(ctx, under)
	} else {
		err = keys.opens(kept)
	}
	if err != nil {
		return nil, fmt.Errorf("open the vault: %w", err)
	}
	under.Keep(v.seal.turn)
	return v, nil
}

// mustBeEmpty refuses a store that holds journals but no seal: it was written
// without a vault, or its seal was taken away.
func mustBeEmpty(ctx context.Context, inner storage.Scanner) error {
	return inner.Scan(ctx, func(casework.Code, storage.Journal, error) error {
		return fmt.Errorf("%w: it holds journals without the seal of a vault", storage.ErrDamaged)
	})
}

// Append seals changes and writes them as storage.Store says.
func (v *Vault) Append(ctx context.Context, changes ...storage.Change) error {
	return v.write(ctx, changes, v.inner.Append)
}

// Settle seals changes and writes them with the outcome as storage.Store says.
func (v *Vault) Settle(ctx context.Context, outcome storage.Outcome, changes ...storage.Change) error {
	return v.write(ctx, changes, func(ctx context.Context, sealed ...storage.Change) error {
		return v.inner.Settle(ctx, outcome, sealed...)
	})
}

func (v *Vault) write(ctx context.Context, changes []storage.Change, inner func(context.Context, ...storage.Change) error) error {
	v.still.RLock()
	defer v.still.RUnlock()
	sealed, ends, err := v.sealChanges(ctx, changes)
	if err == nil {
		err = inner(ctx, sealed...)
	}
	for _, change := range changes {
		switch end := ends[change.Case]; {
		case err != nil || change.Forget != "":
			v.states.Remove(change.Case)
		case end != nil:
			v.states.Add(change.Case, end)
		}
	}
	return err
}

// Load gives a journal as storage.Store says, every entry of it verified.
func (v *Vault) Load(ctx context.Context, code casework.Code) (storage.Journal, error) {
	sealed, err := v.inner.Load(ctx, code)
	if err != nil {
		return storage.Journal{}, err
	}
	journal, end, err := v.open(code, sealed)
	if err != nil {
		return storage.Journal{}, err
	}
	v.states.Add(code, end)
	return journal, nil
}

// Find gives the cases of a term as storage.Store says.
func (v *Vault) Find(ctx context.Context, term storage.Term) ([]casework.Code, error) {
	return v.inner.Find(ctx, v.blinded(term))
}

// Due gives the cases that want attention as storage.Store says.
func (v *Vault) Due(ctx context.Context, now time.Time, limit int) ([]casework.Code, error) {
	return v.inner.Due(ctx, now, limit)
}

// Take gives waiting rows as storage.Store says.
func (v *Vault) Take(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]storage.Row, error) {
	sealed, torn := v.inner.Take(ctx, now, lease, limit)
	rows := make([]storage.Row, 0, len(sealed))
	for _, row := range sealed {
		body, err := v.keys.Load().master.Decrypt(row.Body, rowData(row))
		if err != nil {
			torn = errors.Join(torn, fmt.Errorf("outbox row %q: %w", row.Key, storage.ErrDamaged),
				v.inner.Settle(ctx, storage.Outcome{Key: row.Key, State: storage.Stuck, Why: storage.Unreadable}))
			continue
		}
		row.Body = body
		rows = append(rows, row)
	}
	return rows, torn
}

// Scan gives every journal, verified, as storage.Scanner says.
func (v *Vault) Scan(ctx context.Context, each func(casework.Code, storage.Journal, error) error) error {
	return v.inner.Scan(ctx, func(code casework.Code, sealed storage.Journal, err error) error {
		var journal storage.Journal
		if err == nil {
			journal, _, err = v.open(code, sealed)
		}
		return each(code, journal, err)
	})
}

// Stuck gives the rows that are stuck as storage.Overseer says; the body of one
// that does not open is left out.
func (v *Vault) Stuck(ctx context.Context) ([]storage.StuckRow, error) {
	all, err := v.inner.Stuck(ctx)
	for i, row := range all {
		if all[i].Body, _ = v.keys.Load().master.Decrypt(row.Body, rowData(row.Row)); all[i].Body == nil {
			all[i].Why = storage.Unreadable
		}
	}
	return all, err
}

// Unstick makes a stuck row wait again as storage.Overseer says.
func (v *Vault) Unstick(ctx context.Context, key string) error { return v.inner.Unstick(ctx, key) }

// Length gives how long a journal is as storage.Destroyer says.
func (v *Vault) Length(ctx context.Context, code casework.Code) (uint64, error) {
	return v.inner.Length(ctx, code)
}

// Scrub leaves nothing of what was forgotten as storage.Destroyer says.
func (v *Vault) Scrub(ctx context.Context) error { return v.inner.Scrub(ctx) }

// Close closes the inner store.
func (v *Vault) Close() error { return v.inner.Close() }
