package vault_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"parcours/casework"
	"parcours/storage"
	"parcours/storage/bolt"
	"parcours/storage/vault"
)

// edit changes the file of a store behind its back, as whoever knows the program
// would: marked as of the first format, its pairs are counted anew at the next opening.
func edit(t *testing.T, path string, change func(*bbolt.Tx) error) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	older := func(tx *bbolt.Tx) error { return put(tx, "meta", []byte("format"), []byte{0, 0, 0, 1}) }
	if err := errors.Join(db.Update(change), db.Update(older)); err != nil {
		t.Fatal(err)
	}
}

func get(tx *bbolt.Tx, bucket string, key []byte) []byte {
	return bytes.Clone(tx.Bucket([]byte(bucket)).Get(key))
}

func put(tx *bbolt.Tx, bucket string, key, value []byte) error {
	if value == nil {
		return tx.Bucket([]byte(bucket)).Delete(key)
	}
	return tx.Bucket([]byte(bucket)).Put(key, value)
}

// swap exchanges the values of two keys of a bucket.
func swap(bucket string, one, two []byte) func(*bbolt.Tx) error {
	return func(tx *bbolt.Tx) error {
		a, b := get(tx, bucket, one), get(tx, bucket, two)
		return errors.Join(put(tx, bucket, one, b), put(tx, bucket, two, a))
	}
}

func entry(code string, number uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte(code+"\x00"), number)
}

// shorten gives the head of a journal another number of entries.
func shorten(tx *bbolt.Tx, code string, count byte) error {
	head := get(tx, "heads", []byte(code))
	head[1] = count
	return put(tx, "heads", []byte(code), head)
}

// small makes a store of three journals of three entries, and gives the edit
// that puts journal A back to what it was when it had two.
func small(t *testing.T, path string) (rollBack func(*bbolt.Tx) error) {
	t.Helper()
	write := func(changes ...storage.Change) {
		t.Helper()
		v := open(t, path)
		defer v.Close()
		if err := v.Append(t.Context(), changes...); err != nil {
			t.Fatal(err)
		}
	}
	three := [][]byte{[]byte("one"), []byte("two"), []byte("three")}
	var changes []storage.Change
	for _, code := range []casework.Code{"A", "B", "C"} {
		changes = append(changes, storage.Change{Case: code, Entries: three[:2], Header: []byte("before")})
	}
	write(changes...)
	var head, header []byte
	edit(t, path, func(tx *bbolt.Tx) error {
		head, header = get(tx, "heads", []byte("A")), get(tx, "headers", []byte("A"))
		return nil
	})
	for i := range changes {
		changes[i].Base, changes[i].Entries, changes[i].Header = 2, three[2:], []byte("after")
	}
	write(changes...)
	return func(tx *bbolt.Tx) error {
		return errors.Join(put(tx, "heads", []byte("A"), head), put(tx, "headers", []byte("A"), header), put(tx, "entries", entry("A", 3), nil))
	}
}

// look opens and verifies a store, and gives what was found wrong.
func look(t *testing.T, path string) []string {
	t.Helper()
	v, err := tryOpen(path, bolt.Options{NoSync: true})
	if err != nil {
		if !errors.Is(err, storage.ErrDamaged) && !errors.Is(err, vault.ErrWrongKey) && !errors.Is(err, storage.ErrNewer) {
			t.Errorf("open: %v", err)
		}
		return []string{err.Error()}
	}
	defer v.Close()
	var problems []string
	summary, err := v.Verify(t.Context(), func(p storage.Damage) {
		problems = append(problems, fmt.Sprintf("%s %d %s", p.Case, p.Entry, p.What))
	})
	if summary.Problems != len(problems) || err != nil && !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("verify: %v, %v", summary, err)
	}
	if err != nil {
		problems = append(problems, err.Error())
	}
	return problems
}

func TestVerifySound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	small(t, path)
	v := open(t, path)
	defer v.Close()
	if err := v.Append(t.Context(), storage.Change{Case: "B", Base: 3, Forget: casework.OnRequest}); err != nil {
		t.Fatal(err)
	}
	summary, err := v.Verify(t.Context(), func(p storage.Damage) { t.Errorf("problem: %v", p) })
	if want := (vault.Summary{Cases: 2, Entries: 6}); err != nil || summary != want {
		t.Errorf("verify: %v, %v, want %v", summary, err, want)
	}
}

func TestTampering(t *testing.T) {
	for name, tampering := range map[string]func(tx *bbolt.Tx) error{
		"two entries swapped":      swap("entries", entry("A", 1), entry("A", 2)),
		"entries of two swapped":   swap("entries", entry("A", 2), entry("B", 2)),
		"first entries swapped":    swap("entries", entry("A", 1), entry("B", 1)),
		"headers of two swapped":   swap("headers", []byte("A"), []byte("B")),
		"last entry taken":         func(tx *bbolt.Tx) error { return put(tx, "entries", entry("A", 3), nil) },
		"middle entry taken":       func(tx *bbolt.Tx) error { return put(tx, "entries", entry("A", 2), nil) },
		"header taken":             func(tx *bbolt.Tx) error { return put(tx, "headers", []byte("A"), nil) },
		"journal hidden":           func(tx *bbolt.Tx) error { return put(tx, "heads", []byte("A"), nil) },
		"journal marked forgotten": func(tx *bbolt.Tx) error { return put(tx, "heads", []byte("A"), []byte{1, 0, 0}) },
		"seal taken":               func(tx *bbolt.Tx) error { return put(tx, "meta", []byte("kept"), nil) },
		"last entry taken, head too": func(tx *bbolt.Tx) error {
			return errors.Join(put(tx, "entries", entry("A", 3), nil), shorten(tx, "A", 2))
		},
		"middle entry taken, the rest closed up": func(tx *bbolt.Tx) error {
			last := get(tx, "entries", entry("A", 3))
			return errors.Join(put(tx, "entries", entry("A", 2), last), put(tx, "entries", entry("A", 3), nil), shorten(tx, "A", 2))
		},
		"entry repeated": func(tx *bbolt.Tx) error {
			return errors.Join(put(tx, "entries", entry("A", 4), get(tx, "entries", entry("A", 3))), shorten(tx, "A", 4))
		},
		"journal under another code": func(tx *bbolt.Tx) error {
			var all error
			for _, bucket := range []string{"heads", "headers"} {
				all = errors.Join(all, put(tx, bucket, []byte("A"), get(tx, bucket, []byte("B"))))
			}
			for number := range uint64(3) {
				all = errors.Join(all, put(tx, "entries", entry("A", number+1), get(tx, "entries", entry("B", number+1))))
			}
			return all
		},
		"journal removed whole": func(tx *bbolt.Tx) error {
			all := errors.Join(put(tx, "heads", []byte("A"), nil), put(tx, "headers", []byte("A"), nil))
			for number := range uint64(3) {
				all = errors.Join(all, put(tx, "entries", entry("A", number+1), nil))
			}
			return all
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "store")
			small(t, path)
			edit(t, path, tampering)
			problems := look(t, path)
			if len(problems) == 0 {
				t.Fatal("nothing was found")
			}
			t.Logf("found: %q", problems)
		})
	}
}

func TestRolledBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	edit(t, path, small(t, path))
	v := open(t, path)
	// By itself the journal is a sound one: only the seal tells.
	if _, err := v.Load(t.Context(), "A"); err != nil {
		t.Errorf("load: %v", err)
	}
	v.Close()
	if problems := look(t, path); len(problems) != 1 {
		t.Errorf("found: %q", problems)
	}
}

// TestFlippedBits flips one bit of every byte that is sealed, in turn.
func TestFlippedBits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	small(t, path)
	type place struct {
		bucket string
		key    []byte
		size   int
	}
	var places []place
	edit(t, path, func(tx *bbolt.Tx) error {
		for _, bucket := range []string{"entries", "headers", "meta"} {
			_ = tx.Bucket([]byte(bucket)).ForEach(func(key, value []byte) error {
				if bucket != "meta" || string(key) == "kept" {
					places = append(places, place{bucket, bytes.Clone(key), len(value)})
				}
				return nil
			})
		}
		return nil
	})
	for _, p := range places {
		for i := range p.size {
			flip := func(tx *bbolt.Tx) error {
				value := get(tx, p.bucket, p.key)
				value[i] ^= 1 << (i % 8)
				return put(tx, p.bucket, p.key, value)
			}
			edit(t, path, flip)
			if len(look(t, path)) == 0 {
				t.Errorf("byte %d of %s %q was changed unseen", i, p.bucket, p.key)
			}
			edit(t, path, flip)
		}
	}
	if problems := look(t, path); len(problems) > 0 {
		t.Errorf("put right again: %q", problems)
	}
}

// TestDamagedRow has a row whose body was changed leave the outbox, and the
// others come through.
func TestDamagedRow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	v := open(t, path)
	change := storage.Change{Rows: []storage.Row{{Key: "sound", Body: []byte("say")}, {Key: "torn", Body: []byte("say")}}}
	if err := v.Append(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	v.Close()
	edit(t, path, func(tx *bbolt.Tx) error {
		row := get(tx, "rows", []byte("torn"))
		row[len(row)-1] ^= 1
		return put(tx, "rows", []byte("torn"), row)
	})
	v = open(t, path)
	defer v.Close()
	for _, want := range []error{storage.ErrDamaged, nil} {
		rows, err := v.Take(t.Context(), benchDue, 0, 9)
		if !errors.Is(err, want) || len(rows) != 1 || rows[0].Key != "sound" {
			t.Errorf("take: %v, %v, want the sound row and %v", rows, err, want)
		}
	}
}

// TestBrokenSeal has a vault refuse to write over a seal that is not its own.
func TestBrokenSeal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	small(t, path)
	edit(t, path, func(tx *bbolt.Tx) error {
		kept := get(tx, "meta", []byte("kept"))
		kept[len(kept)-1] ^= 1
		return put(tx, "meta", []byte("kept"), kept)
	})
	v := open(t, path)
	defer v.Close()
	if err := v.Append(t.Context(), storage.Change{Case: "D", Entries: [][]byte{nil}}); !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("append: %v, want %v", err, storage.ErrDamaged)
	}
}

// TestNothingInClear looks in the file for what was written.
func TestNothingInClear(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	v := open(t, path)
	secret := []byte("a very private sentence")
	change := storage.Change{
		Case: "A", Header: secret, Entries: [][]byte{secret, secret},
		Terms: []storage.Term{{Kind: storage.ByMember, Value: string(secret)}},
		Rows:  []storage.Row{{Key: "k", Case: "A", Body: secret}},
	}
	if err := v.Append(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	v.Close()
	if bytes.Contains(readFile(t, path), secret) {
		t.Error("the file holds in clear what was written")
	}
}
