package vault

import (
	"context"
	"crypto/hmac"
	"encoding/binary"
	"errors"
	"fmt"

	"parcours/storage"
)

// Keys gives the keys in use.
func (v *Vault) Keys() *Keys { return v.keys.Load() }

// Use has the vault wrap with other keys from now on, which must open all that it
// holds, as those of Rotated and Retired do, and must be kept safe already. Error:
// ErrWrongKey when they are another store's.
func (v *Vault) Use(next *Keys) error {
	if !hmac.Equal(next.checked(), v.keys.Load().checked()) {
		return ErrWrongKey
	}
	v.still.Lock()
	defer v.still.Unlock()
	v.keys.Store(next)
	return nil
}

// Rewrap wraps anew whatever another master key than the current one wrapped, a
// few parts at a time, and leaves nothing behind of what it replaces. Others may
// read and write meanwhile. Where it is interrupted, the next one goes on. What
// does not open stays as it is, for Verify to tell.
func (v *Vault) Rewrap(ctx context.Context) error {
	stale := func(part storage.Part) bool {
		sealed, ok := wrappedPart(part)
		return ok && !v.keys.Load().wrapped(sealed)
	}
	err := v.walk(ctx, func(from string) (string, error) {
		v.still.Lock()
		defer v.still.Unlock()
		return v.inner.Reseal(ctx, from, stale, v.rewrapped)
	})
	if err == nil {
		// The seal too holds something wrapped, which any write brings up to date.
		err = v.Append(ctx)
	}
	if err == nil {
		err = v.inner.Scrub(ctx)
	}
	if err != nil {
		return fmt.Errorf("wrap anew: %w", err)
	}
	return nil
}

// Wrapped counts what each master key wraps, by its name: journals, mailboxes
// included, and rows of the outbox.
func (v *Vault) Wrapped(ctx context.Context) (map[string]Count, error) {
	counts := map[string]Count{}
	err := v.look(ctx, func(part storage.Part) {
		sealed, _ := wrappedPart(part)
		count := counts[keyOf(sealed)]
		if part.Row == "" {
			count.Journals++
		} else {
			count.Rows++
		}
		counts[keyOf(sealed)] = count
	})
	return counts, err
}

// A Count is how much a master key wraps.
type Count struct{ Journals, Rows int }

// OpensWith says whether a copy of the keys opens this very store, all of it.
// Errors: ErrWrongKey, or that of reading the store.
func (v *Vault) OpensWith(ctx context.Context, copied *Keys) error {
	if !hmac.Equal(copied.checked(), v.keys.Load().checked()) {
		return ErrWrongKey
	}
	kept, err := v.inner.Kept(ctx)
	if err == nil && kept != nil {
		err = copied.opens(kept)
	}
	if err != nil {
		return err
	}
	closed := 0
	err = v.look(ctx, func(part storage.Part) {
		// What the keys in use do not open either says nothing of the copy.
		if v.keys.Load().unwrap(part) != nil && copied.unwrap(part) == nil {
			closed++
		}
	})
	if err == nil && closed > 0 {
		err = ErrWrongKey
	}
	return err
}

// look hands over every part.
func (v *Vault) look(ctx context.Context, each func(storage.Part)) error {
	return v.walk(ctx, func(from string) (string, error) {
		return v.inner.Reseal(ctx, from, func(part storage.Part) bool {
			each(part)
			return false
		}, nil)
	})
}

func (v *Vault) walk(ctx context.Context, step func(from string) (string, error)) error {
	for from := ""; ; {
		next, err := step(from)
		if err = errors.Join(err, ctx.Err()); err != nil || next == "" {
			return err
		}
		from = next
	}
}

// rewrapped gives a part as the current master key wraps it, nil when it does not
// open.
func (v *Vault) rewrapped(part storage.Part) []byte {
	keys := v.keys.Load()
	plain := keys.unwrap(part)
	if plain == nil {
		return nil
	}
	sealed, err := keys.master.Encrypt(plain, partData(part))
	if err != nil {
		return nil
	}
	if part.Row != "" {
		return sealed
	}
	old, _ := wrappedPart(part)
	return append(appendPart([]byte{version}, sealed), part.Bytes[headerStart+len(old):]...)
}

// unwrap gives what the master keys wrap of a part, nil when it does not open.
func (k *Keys) unwrap(part storage.Part) []byte {
	sealed, ok := wrappedPart(part)
	if !ok {
		return nil
	}
	plain, err := k.master.Decrypt(sealed, partData(part))
	if err != nil {
		return nil
	}
	return append([]byte{}, plain...)
}

// headerStart is where the wrapped key begins in a header, after the version and
// its length.
const headerStart = 1 + 4

// wrappedPart gives what a master key wraps of a part: the body of a row, or the
// key in a header.
func wrappedPart(part storage.Part) (sealed []byte, ok bool) {
	if part.Row != "" {
		return part.Bytes, true
	}
	if len(part.Bytes) < headerStart || part.Bytes[0] != version {
		return nil, false
	}
	rest := part.Bytes[headerStart:]
	size := binary.BigEndian.Uint32(part.Bytes[1:])
	if uint64(len(rest)) < uint64(size) {
		return nil, false
	}
	return rest[:size], true
}

// partData is what a part is sealed together with.
func partData(part storage.Part) []byte {
	if part.Row != "" {
		return rowData(storage.Row{Key: part.Row, Case: part.Case})
	}
	return bind(kindKey, part.Case)
}
