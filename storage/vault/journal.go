package vault

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"

	"parcours/casework"
	"parcours/storage"
)

const keySize = 32

// A state is what must be known of a journal to add to it.
type state struct {
	key     tink.AEAD
	wrapped []byte // the key as the header holds it
	count   uint64
	last    [sha256.Size]byte // hash of the last entry
}

// sealChanges gives changes as the inner store shall have them, and the end of
// each journal once they are written.
func (v *Vault) sealChanges(ctx context.Context, changes []storage.Change) ([]storage.Change, map[casework.Code]*state, error) {
	sealed := make([]storage.Change, len(changes))
	ends := map[casework.Code]*state{}
	for i, change := range changes {
		if err := change.Check(); err != nil {
			return nil, nil, err
		}
		if len(change.Entries) > 0 || change.Header != nil {
			at, err := v.stateAt(ctx, change, ends[change.Case])
			if err != nil {
				return nil, nil, err
			}
			if ends[change.Case], err = at.add(&change); err != nil {
				return nil, nil, fmt.Errorf("seal case %s: %w", change.Case, err)
			}
		}
		if err := v.sealRest(&change); err != nil {
			return nil, nil, fmt.Errorf("seal case %s: %w", change.Case, err)
		}
		sealed[i] = change
	}
	return sealed, ends, nil
}

// stateAt gives the state of a journal at a change's Base: that which an
// earlier change of the same Append leaves, or the one remembered, or the one
// stored. Error: storage.ErrConflict when the journal is not there.
func (v *Vault) stateAt(ctx context.Context, change storage.Change, earlier *state) (*state, error) {
	switch {
	case earlier != nil && earlier.count == change.Base:
		return earlier, nil
	case earlier != nil:
		return nil, fmt.Errorf("case %s: %w", change.Case, storage.ErrConflict)
	case change.Base == 0:
		return v.newState(change.Case)
	}
	// One that was wrapped before the master key changed would bring the old back.
	if known, ok := v.states.Get(change.Case); ok && known.count == change.Base && v.keys.Load().wrapped(known.wrapped) {
		return known, nil
	}
	journal, err := v.inner.Load(ctx, change.Case)
	if err != nil {
		return nil, asConflict(change.Case, err)
	}
	_, stored, err := v.open(change.Case, journal)
	if err != nil {
		return nil, err
	}
	if stored.count != change.Base {
		return nil, fmt.Errorf("case %s: %w", change.Case, storage.ErrConflict)
	}
	return stored, nil
}

func (v *Vault) newState(code casework.Code) (*state, error) {
	secret := make([]byte, keySize)
	rand.Read(secret)
	wrapped, err := v.keys.Load().master.Encrypt(secret, bind(kindKey, code))
	if err != nil {
		return nil, fmt.Errorf("wrap the key of case %s: %w", code, err)
	}
	key, err := subtle.NewAESGCM(secret)
	if err != nil {
		return nil, fmt.Errorf("use the key of case %s: %w", code, err)
	}
	return &state{key: key, wrapped: wrapped}, nil
}

// add seals the header and the entries of a change in place of the plain ones
// and gives the state they leave.
func (s *state) add(change *storage.Change) (*state, error) {
	var err error
	if change.Header != nil || s.count == 0 {
		if change.Header, err = s.header(change.Case, change.Header); err != nil {
			return nil, err
		}
	}
	next := *s
	entries := make([][]byte, len(change.Entries))
	for i, entry := range change.Entries {
		data := entryData(change.Case, next.count+1, next.last)
		if entries[i], err = s.key.Encrypt(entry, data); err != nil {
			return nil, err
		}
		next.count, next.last = next.count+1, chain(data, entries[i])
	}
	change.Entries = entries
	return &next, nil
}

// header holds the wrapped key and, if there is one, the caller's own header.
func (s *state) header(code casework.Code, plain []byte) ([]byte, error) {
	to := appendPart([]byte{version}, s.wrapped)
	if plain == nil {
		return to, nil
	}
	sealed, err := s.key.Encrypt(plain, bind(kindHeader, code))
	return append(to, sealed...), err
}

// sealRest hides what a change writes beside the journal.
func (v *Vault) sealRest(change *storage.Change) error {
	terms := make([]storage.Term, len(change.Terms))
	for i, term := range change.Terms {
		terms[i] = v.blinded(term)
	}
	rows := make([]storage.Row, len(change.Rows))
	for i, row := range change.Rows {
		body, err := v.keys.Load().master.Encrypt(row.Body, rowData(row))
		if err != nil {
			return err
		}
		row.Body = body
		rows[i] = row
	}
	change.Terms, change.Rows = terms, rows
	return nil
}

// open verifies and reads a sealed journal. Error: a *storage.Damage.
func (v *Vault) open(code casework.Code, sealed storage.Journal) (storage.Journal, *state, error) {
	journal, at, ok := v.openHeader(code, sealed.Header)
	if !ok {
		return storage.Journal{}, nil, &storage.Damage{Case: code, What: "the header does not open"}
	}
	journal.Entries = make([][]byte, len(sealed.Entries))
	for i, entry := range sealed.Entries {
		data := entryData(code, at.count+1, at.last)
		plain, err := at.key.Decrypt(entry, data)
		if err != nil {
			return storage.Journal{}, nil, &storage.Damage{Case: code, Entry: at.count + 1, What: "the entry does not open in its place"}
		}
		journal.Entries[i] = plain
		at.count, at.last = at.count+1, chain(data, entry)
	}
	return journal, at, nil
}

func (v *Vault) openHeader(code casework.Code, header []byte) (journal storage.Journal, at *state, ok bool) {
	part := storage.Part{Case: code, Bytes: header}
	wrapped, ok := wrappedPart(part)
	if !ok {
		return journal, nil, false
	}
	sealed := header[headerStart+len(wrapped):]
	secret := v.keys.Load().unwrap(part)
	if secret == nil {
		return journal, nil, false
	}
	key, err := subtle.NewAESGCM(secret)
	if err != nil {
		return journal, nil, false
	}
	if len(sealed) > 0 {
		if journal.Header, err = key.Decrypt(sealed, bind(kindHeader, code)); err != nil {
			return journal, nil, false
		}
	}
	return journal, &state{key: key, wrapped: wrapped}, true
}

func chain(data, entry []byte) [sha256.Size]byte {
	return sha256.Sum256(append(data, entry...))
}

// asConflict tells the writer of a journal that is not there, or no longer,
// what an Append would: decide again.
func asConflict(code casework.Code, err error) error {
	if errors.Is(err, storage.ErrUnknown) {
		return fmt.Errorf("case %s: %w", code, storage.ErrConflict)
	}
	return err
}
