//go:build !race

// Built with the race detector, Go also checks pointers, and ends the program where
// bbolt is shown a page that is torn.

package vault_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"parcours/casework"
	"parcours/storage"
)

// TestEveryByte turns one bit of every byte of a small file in turn, as a disk that
// errs does: opening or verifying it tells, or all is still as it was written.
func TestEveryByte(t *testing.T) {
	folder := t.TempDir()
	made, sound := filepath.Join(folder, "made"), filepath.Join(folder, "sound")
	small(t, made)
	fill(t, made)
	compact(t, made, sound)
	whole, want := readFile(t, sound), dump(t, sound)
	told := 0
	for at := range whole {
		// Another file each time: bbolt keeps the lock of one it panicked on.
		path := filepath.Join(folder, fmt.Sprint(at))
		turned := bytes.Clone(whole)
		turned[at] ^= 1 << (at % 8)
		err := errors.Join(os.WriteFile(path, turned, 0o600), os.Symlink(made+".keys", path+".keys"))
		if err != nil {
			t.Fatal(err)
		}
		if len(look(t, path)) > 0 {
			told++
		} else if diff := cmp.Diff(want, dump(t, path)); diff != "" {
			t.Fatalf("byte %d was changed unseen:\n%s", at, diff)
		}
		if err := errors.Join(os.Remove(path), os.Remove(path+".keys")); err != nil {
			t.Fatal(err)
		}
	}
	held := 0
	for _, pair := range want {
		held += len(pair.Key) + len(pair.Value)
	}
	t.Logf("%d of %d bytes told, %d are of what is held", told, len(whole), held)
	if told < held {
		t.Errorf("%d bytes told, and %d are of what is held", told, held)
	}
}

// fill gives a store something in each of its parts.
func fill(t *testing.T, path string) {
	t.Helper()
	v := open(t, path)
	defer v.Close()
	ctx := t.Context()
	rows := []storage.Row{{Key: "waits", Case: "A", Body: []byte("say")}, {Key: "said", Body: []byte("say")}, {Key: "given up", Case: "B", Body: []byte("say")}}
	err := errors.Join(
		v.Append(ctx,
			storage.Change{Case: "A", Base: 3, Terms: benchTerms(1), Due: benchDue, Rows: rows},
			storage.Change{Case: "B", Base: 3, Terms: benchTerms(2), Once: "for ever"},
			storage.Change{Case: "D", Entries: [][]byte{[]byte("one")}, Once: "for a while", OnceUntil: time.Now().Add(time.Hour)}),
		v.Append(ctx, storage.Change{Case: "D", Base: 1, Forget: casework.OnRequest}),
		v.Settle(ctx, storage.Outcome{Key: "said", State: storage.Done}),
		v.Settle(ctx, storage.Outcome{Key: "given up", State: storage.Stuck, Why: "refused"}))
	if err != nil {
		t.Fatal(err)
	}
}

// compact copies what a file holds into one of small pages, as short as can be.
func compact(t *testing.T, from, to string) {
	t.Helper()
	source, err := bbolt.Open(from, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	copied, err := bbolt.Open(to, 0o600, &bbolt.Options{PageSize: 1024, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		t.Fatal(err)
	}
	var size int64
	err = errors.Join(bbolt.Compact(copied, source, 0), copied.View(func(tx *bbolt.Tx) error { size = tx.Size(); return nil }), copied.Close())
	if err := errors.Join(err, os.Truncate(to, size)); err != nil {
		t.Fatal(err)
	}
}

type pair struct{ Bucket, Key, Value string }

// dump gives each pair that a file holds.
func dump(t *testing.T, path string) (pairs []pair) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_ = db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, bucket *bbolt.Bucket) error {
			return bucket.ForEach(func(key, value []byte) error {
				pairs = append(pairs, pair{string(name), string(key), string(value)})
				return nil
			})
		})
	})
	return pairs
}
