package vault_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"parcours/casework"
	"parcours/storage"
	"parcours/storage/bolt"
	"parcours/storage/storagetest"
	"parcours/storage/vault"
)

// rotate gives a vault a new master key, kept at path first.
func rotate(v *vault.Vault, path string) error {
	next, err := v.Keys().Rotated(time.Now())
	if err != nil {
		return err
	}
	return use(v, next, path)
}

// retire takes the former master keys away.
func retire(v *vault.Vault, path string) error {
	next, err := v.Keys().Retired()
	if err != nil {
		return err
	}
	return use(v, next, path)
}

func use(v *vault.Vault, next *vault.Keys, path string) error {
	text, err := next.Text()
	if err != nil {
		return err
	}
	draft := path + ".draft"
	return errors.Join(os.WriteFile(draft, text, 0o600), os.Rename(draft, path), v.Use(next))
}

// A turning vault has its master key rotated with every write, wraps anew what it
// holds every other time, and then retires the former keys.
type turning struct {
	*vault.Vault
	path string
	mu   sync.Mutex
	turn int
}

func (v *turning) rotate(ctx context.Context) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.turn++
	err := rotate(v.Vault, v.path)
	if err == nil && v.turn%2 == 0 {
		err = v.Rewrap(ctx)
	}
	if err == nil && v.turn%2 == 0 {
		err = retire(v.Vault, v.path)
	}
	if errors.Is(err, bolt.ErrClosed) || errors.Is(err, context.Canceled) {
		return nil // the write itself tells
	}
	return err
}

func (v *turning) Append(ctx context.Context, changes ...storage.Change) error {
	if err := v.rotate(ctx); err != nil {
		return err
	}
	return v.Vault.Append(ctx, changes...)
}

func (v *turning) Settle(ctx context.Context, outcome storage.Outcome, changes ...storage.Change) error {
	if err := v.rotate(ctx); err != nil {
		return err
	}
	return v.Vault.Settle(ctx, outcome, changes...)
}

// Close tells too whether all is as it was written.
func (v *turning) Close() error {
	found := []error{}
	_, err := v.Verify(context.Background(), func(p storage.Damage) { found = append(found, errors.New(p.What)) })
	if errors.Is(err, bolt.ErrClosed) {
		err = nil // a second Close
	}
	return errors.Join(append(found, err, v.Vault.Close())...)
}

// TestContractWhileRotating has every promise of a store held while its master key
// changes with every write, others being under way.
func TestContractWhileRotating(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, path string) storage.Store {
		v, err := tryOpen(path, bolt.Options{NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		return &turning{Vault: v, path: path + ".keys"}
	})
}

// rotated makes a store of three journals and two rows, gives it a new master key,
// and wraps all anew. It gives the keyset from before.
func rotated(t *testing.T, path string) (before []byte) {
	t.Helper()
	small(t, path)
	before = readFile(t, path+".keys")
	v := open(t, path)
	defer v.Close()
	change := storage.Change{Rows: []storage.Row{{Key: "one", Body: []byte("say")}, {Key: "two", Case: "A", Body: nil}}}
	if err := errors.Join(v.Append(t.Context(), change), rotate(v, path+".keys")); err != nil {
		t.Fatal(err)
	}
	first := v.Keys().Masters()[1]
	count, err := v.Wrapped(t.Context())
	if want := (vault.Count{Journals: 3, Rows: 2}); err != nil || count[first.Name] != want || first.Current || first.Made.IsZero() {
		t.Errorf("before: %v, %v, %+v", count, err, first)
	}
	if err := v.Rewrap(t.Context()); err != nil {
		t.Fatal(err)
	}
	count, err = v.Wrapped(t.Context())
	if want := (vault.Count{Journals: 3, Rows: 2}); err != nil || len(count) != 1 || count[v.Keys().Current()] != want {
		t.Errorf("after: %v, %v", count, err)
	}
	return before
}

func TestRotation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	before := rotated(t, path)
	after := readFile(t, path+".keys")
	if raw := readFile(t, path); bytes.Contains(raw, wrappedBy(t, before)) || !bytes.Contains(raw, wrappedBy(t, after)) {
		t.Error("the file still holds what the former key wrapped")
	}

	// The former keyset opens nothing any more.
	if err := os.WriteFile(path+".keys", before, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := tryOpen(path, bolt.Options{}); !errors.Is(err, vault.ErrWrongKey) {
		t.Errorf("with the former keyset: %v, want %v", err, vault.ErrWrongKey)
	}

	// The new one opens all, and still does without the former key.
	if err := os.WriteFile(path+".keys", after, 0o600); err != nil {
		t.Fatal(err)
	}
	v := open(t, path)
	if err := retire(v, path+".keys"); err != nil {
		t.Fatal(err)
	}
	v.Close()
	v = open(t, path)
	defer v.Close()
	if got := v.Keys().Masters(); len(got) != 1 || !got[0].Current {
		t.Errorf("keys left: %v", got)
	}
	verifies(t, v)
	if journal, err := v.Load(t.Context(), "A"); err != nil || string(journal.Header) != "after" || len(journal.Entries) != 3 {
		t.Errorf("load: %v, %v", journal, err)
	}
	rows, err := v.Take(t.Context(), benchDue, 0, 9)
	if err != nil || len(rows) != 2 {
		t.Errorf("take: %v, %v", rows, err)
	}
}

// wrappedBy gives what all begins with that the current key of a keyset wraps.
func wrappedBy(t *testing.T, text []byte) []byte {
	t.Helper()
	keys, err := vault.ParseKeys(text)
	if err != nil {
		t.Fatal(err)
	}
	var id uint32
	if _, err := fmt.Sscanf(keys.Current(), "%08x", &id); err != nil {
		t.Fatal(err)
	}
	return []byte{1, byte(id >> 24), byte(id >> 16), byte(id >> 8), byte(id)}
}

// TestAppendAfterRotation has journals whose end is remembered from before the
// rotation grow, header and all, without bringing the former key back.
func TestAppendAfterRotation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	small(t, path)
	v := open(t, path)
	defer v.Close()
	if _, err := v.Load(t.Context(), "A"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(rotate(v, path+".keys"), v.Rewrap(t.Context())); err != nil {
		t.Fatal(err)
	}
	if err := v.Append(t.Context(), storage.Change{Case: "A", Base: 3, Header: []byte("again"), Entries: [][]byte{[]byte("four")}}); err != nil {
		t.Fatal(err)
	}
	count, err := v.Wrapped(t.Context())
	if err != nil || len(count) != 1 || count[v.Keys().Current()].Journals != 3 {
		t.Errorf("wrapped: %v, %v", count, err)
	}
}

// TestRewrapWalksOn has more journals and rows than are looked at together.
func TestRewrapWalksOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	v, err := tryOpen(path, bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	const many = 1300
	var changes []storage.Change
	for i := range many {
		code := casework.Code(fmt.Sprintf("P-%04d", i))
		changes = append(changes, storage.Change{Case: code, Entries: [][]byte{{1}}, Rows: []storage.Row{{Key: "r" + string(code), Case: code}}})
	}
	if err := errors.Join(v.Append(t.Context(), changes...), rotate(v, path+".keys"), v.Rewrap(t.Context())); err != nil {
		t.Fatal(err)
	}
	count, err := v.Wrapped(t.Context())
	if want := (vault.Count{Journals: many, Rows: many}); err != nil || len(count) != 1 || count[v.Keys().Current()] != want {
		t.Errorf("wrapped: %v, %v", count, err)
	}
	verifies(t, v)
}

func TestOpensWith(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	before := rotated(t, path)
	other := loadKeys(t, filepath.Join(t.TempDir(), "other"))
	v := open(t, path)
	defer v.Close()
	former, err := vault.ParseKeys(before)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		keys *vault.Keys
		want error
	}{
		"itself": {loadKeys(t, path+".keys"), nil}, "from before": {former, vault.ErrWrongKey}, "another's": {other, vault.ErrWrongKey},
	} {
		if err := v.OpensWith(t.Context(), c.keys); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if err := v.Use(other); !errors.Is(err, vault.ErrWrongKey) {
		t.Errorf("use another's: %v", err)
	}
}

func TestPlaceOf(t *testing.T) {
	folder := t.TempDir()
	path, credential := filepath.Join(folder, "keys"), filepath.Join(folder, vault.Credential)
	loadKeys(t, path)
	text := readFile(t, path)
	env := map[string]string{}
	getenv := func(name string) string { return env[name] }
	place := func(want vault.PlaceKind) {
		t.Helper()
		got := vault.PlaceOf(path, getenv)
		keys, err := vault.LoadKeys(path, getenv)
		if got.Kind != want || err != nil || !bytes.Equal(keys.Secret("x"), loadKeys(t, path).Secret("x")) {
			t.Errorf("got %c, %v, want %c", got.Kind, err, want)
		}
	}
	place(vault.InFile)
	env["CREDENTIALS_DIRECTORY"] = folder
	place(vault.InFile)
	if err := os.WriteFile(credential, text, 0o440); err != nil {
		t.Fatal(err)
	}
	place(vault.InCredential)
	env[vault.Variable] = string(text)
	place(vault.InVariable)
}
