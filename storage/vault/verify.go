package vault

import (
	"context"
	"errors"

	"parcours/casework"
	"parcours/storage"
)

// Summary counts what Verify saw. Mailboxes, and the marks of the access log, are no cases; Entries are those of all
// journals that are sound.
type Summary struct {
	Cases    int
	Entries  int
	Problems int
}

// Verify reads the whole store and reports each damaged journal, whether the
// journals are those, all of them and as they are, that the seal was closed
// over, and whether the rest of the store is as it was written. Nothing is written
// to the vault meanwhile. Its error is that of the context, or storage.ErrDamaged
// when the journals cannot be looked for in what is left.
func (v *Vault) Verify(ctx context.Context, each func(storage.Damage)) (Summary, error) {
	v.still.Lock()
	defer v.still.Unlock()
	var done Summary
	report := func(d storage.Damage) {
		done.Problems++
		each(d)
	}
	if err := v.inner.Check(ctx, report); err != nil {
		return done, err
	}
	kept, err := v.inner.Kept(ctx)
	if err != nil {
		return done, err
	}
	var found total
	err = v.inner.Scan(ctx, func(code casework.Code, sealed storage.Journal, err error) error {
		if !code.IsMailbox() && code != casework.Accesses {
			done.Cases++
		}
		if err == nil {
			v.seal.count(&found, code, sealed)
			_, _, err = v.open(code, sealed)
		}
		if err != nil {
			report(problem(code, err))
			return nil
		}
		done.Entries += len(sealed.Entries)
		return nil
	})
	if err != nil {
		return done, err
	}
	if wrong := v.seal.compare(kept, found); wrong != "" {
		report(storage.Damage{What: wrong})
	}
	return done, nil
}

func problem(code casework.Code, err error) storage.Damage {
	var damage *storage.Damage
	if errors.As(err, &damage) {
		return *damage
	}
	return storage.Damage{Case: code, What: "the journal cannot be read"}
}

// count adds a journal to the total as it is stored.
func (s *seal) count(t *total, code casework.Code, sealed storage.Journal) {
	count := uint64(len(sealed.Entries))
	if count > 0 {
		t.give(count, s.end(code, count, sealed.Entries[count-1]))
	}
	if sealed.Header != nil {
		t.mix(s.top(code, sealed.Header))
	}
}

// compare says what differs between the seal and what was found, or nothing.
func (s *seal) compare(kept []byte, found total) string {
	var sealed total
	if kept != nil {
		var err error
		if _, sealed, err = s.read(kept); err != nil {
			return "the seal over the whole store is broken"
		}
	}
	switch {
	case found.journals < sealed.journals:
		return "there are fewer journals than the seal was closed over"
	case found.journals > sealed.journals:
		return "there are more journals than the seal was closed over"
	case found.sum != sealed.sum:
		return "a journal is not as it was when the seal was closed"
	}
	return ""
}
