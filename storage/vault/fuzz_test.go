package vault_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"parcours/casework"
	"parcours/storage"
	"parcours/storage/bolt"
	"parcours/storage/vault"
)

// swapped is a store that gives another journal than the one it keeps.
type swapped struct {
	*bolt.Store
	journal *storage.Journal
}

func (s swapped) Load(ctx context.Context, code casework.Code) (storage.Journal, error) {
	if s.journal.Header == nil {
		return s.Store.Load(ctx, code)
	}
	return *s.journal, nil
}

// FuzzSealed gives any bytes as a sealed journal: what is not as it was written is
// said to be damaged, and nothing of it is shown.
func FuzzSealed(f *testing.F) {
	path := filepath.Join(f.TempDir(), "store")
	keys, err := vault.LoadKeys(path+".keys", noEnv)
	if err != nil {
		f.Fatal(err)
	}
	file, err := bolt.Open(path, bolt.Options{NoSync: true})
	if err != nil {
		f.Fatal(err)
	}
	var given storage.Journal
	v, err := vault.Open(swapped{file, &given}, keys)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { v.Close() })
	if err := v.Append(f.Context(), storage.Change{Case: "A", Header: []byte("header"), Entries: [][]byte{[]byte("one")}}); err != nil {
		f.Fatal(err)
	}
	sound, err := file.Load(f.Context(), "A")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sound.Header, sound.Entries[0])
	f.Add(sound.Header, []byte{})
	f.Add([]byte{1, 0, 0, 0, 200}, sound.Entries[0])
	f.Add([]byte{1, 255, 255, 255, 255, 1}, []byte("one"))
	f.Fuzz(func(t *testing.T, header, entry []byte) {
		given = storage.Journal{Header: append([]byte{}, header...), Entries: [][]byte{entry}}
		defer func() { given = storage.Journal{} }()
		read, err := v.Load(t.Context(), "A")
		if err == nil && (string(read.Entries[0]) != "one" || string(header) != string(sound.Header)) {
			t.Errorf("read as sound: %q", read.Entries[0])
		}
		if err != nil && !errors.Is(err, storage.ErrDamaged) {
			t.Errorf("said to be %v", err)
		}
	})
}
