package bolt_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"parcours/casework"
	"parcours/storage"
	"parcours/storage/bolt"
)

// made gives the path of a closed store with some journals in it.
func made(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store")
	store := open(t, path)
	var changes []storage.Change
	for i := range 200 {
		changes = append(changes, storage.Change{Case: casework.Code(fmt.Sprint("P-", i)), Entries: [][]byte{make([]byte, 500)}})
		if len(changes) < 20 {
			continue
		}
		if err := store.Append(t.Context(), changes...); err != nil {
			t.Fatal(err)
		}
		changes = nil
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpenTightensTheFile(t *testing.T) {
	path := made(t)
	for _, mode := range []os.FileMode{0o600, 0o644, 0o660} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		open(t, path).Close()
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("from %o: %v, %v", mode, info.Mode(), err)
		}
	}
}

func TestOpenLocked(t *testing.T) {
	path := made(t)
	defer open(t, path).Close()
	_, err := bolt.Open(path, bolt.Options{LockTimeout: time.Millisecond})
	if !errors.Is(err, storage.ErrLocked) || !strings.Contains(err.Error(), path) {
		t.Errorf("open: %v, want %v", err, storage.ErrLocked)
	}
}

// edit changes a file behind the back of the store.
func edit(t *testing.T, path string, change func(*bbolt.Tx) error) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(change), db.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	edited := func(change func(*bbolt.Tx) error) func(*testing.T, string) {
		return func(t *testing.T, path string) { edit(t, path, change) }
	}
	version := func(value []byte) func(*testing.T, string) {
		return edited(func(tx *bbolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte("format"), value) })
	}
	truncate := func(size int64) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			if err := os.Truncate(path, size); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		spoil func(*testing.T, string)
		want  error
	}{
		"newer":         {version(binary.BigEndian.AppendUint32(nil, 3)), storage.ErrNewer},
		"older":         {version(binary.BigEndian.AppendUint32(nil, 0)), storage.ErrDamaged},
		"no version":    {version(nil), storage.ErrDamaged},
		"another's":     {edited(func(tx *bbolt.Tx) error { return tx.DeleteBucket([]byte("meta")) }), storage.ErrDamaged},
		"cut to a byte": {truncate(1), storage.ErrDamaged},
		"cut to a page": {truncate(4096), storage.ErrDamaged},
		"cut to two":    {truncate(8192), storage.ErrDamaged},
		"cut to five":   {truncate(5 * 4096), storage.ErrDamaged},
		"a text": {func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(strings.Repeat("a text\n", 9999)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, storage.ErrDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			path := made(t)
			c.spoil(t, path)
			store, err := bolt.Open(path, bolt.Options{})
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("open: %v, want %v", err, c.want)
			}
			if err == nil {
				store.Close()
			}
		})
	}
}

// TestOpenTakesOverTheFirstFormat has a file that was written before there was a tally,
// or a list of stuck rows, be given both.
func TestOpenTakesOverTheFirstFormat(t *testing.T) {
	path := made(t)
	edit(t, path, func(tx *bbolt.Tx) error {
		meta := tx.Bucket([]byte("meta"))
		return errors.Join(tx.DeleteBucket([]byte("stuck")), meta.Delete([]byte("tally")),
			meta.Put([]byte("format"), binary.BigEndian.AppendUint32(nil, 1)))
	})
	for range 2 {
		store := open(t, path)
		checks(t, store)
		if journal, err := store.Load(t.Context(), "P-7"); err != nil || len(journal.Entries) != 1 {
			t.Errorf("load: %v, %v", journal, err)
		}
		if rows, err := store.Stuck(t.Context()); err != nil || len(rows) > 0 {
			t.Errorf("stuck: %v, %v", rows, err)
		}
		store.Close()
	}
}

// TestCheckTells has what no journal shows be told: what is found by, and what is to
// be done.
func TestCheckTells(t *testing.T) {
	for name, change := range map[string]func(*bbolt.Tx) error{
		"a row under another key": func(tx *bbolt.Tx) error { return tx.Bucket([]byte("rows")).Put([]byte("k"), []byte("d")) },
		"a due date lost":         func(tx *bbolt.Tx) error { return tx.Bucket([]byte("due")).Put([]byte("sometime"), nil) },
		"a tally lost":            func(tx *bbolt.Tx) error { return tx.Bucket([]byte("meta")).Delete([]byte("tally")) },
	} {
		t.Run(name, func(t *testing.T) {
			path := made(t)
			edit(t, path, change)
			store := open(t, path)
			defer store.Close()
			told := 0
			if err := store.Check(t.Context(), func(storage.Damage) { told++ }); err != nil || told != 1 {
				t.Errorf("check: %v, %d told", err, told)
			}
		})
	}
}

// TestTornMetaPage has a file whose last meta page is torn be gone by as it was before, which
// is told until the next write mends it.
func TestTornMetaPage(t *testing.T) {
	path := made(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	torn := 0
	for _, meta := range []int{0, 4096} {
		spoilt := bytes.Clone(whole)
		spoilt[meta+16+48] ^= 1 // of the number of its transaction
		path := path + fmt.Sprint(meta)
		if err := os.WriteFile(path, spoilt, 0o600); err != nil {
			t.Fatal(err)
		}
		store := open(t, path)
		var told []string
		if err := store.Check(t.Context(), func(d storage.Damage) { told = append(told, d.What) }); err != nil {
			t.Error(err)
		}
		if store.Torn() && len(told) == 1 {
			torn++
		}
		store.Close()
		if store, err = bolt.Open(path, bolt.Options{GiveBack: true}); err != nil {
			t.Fatal(err)
		}
		if err := store.Append(t.Context(), storage.Change{Rows: []storage.Row{{Key: "k"}}}); err != nil {
			t.Error(err)
		}
		store.Close()
		store = open(t, path)
		checks(t, store)
		store.Close()
	}
	if torn != 2 {
		t.Errorf("of two torn meta pages %d are told", torn)
	}
}

func TestOpenWhereNothingCanBe(t *testing.T) {
	folder := t.TempDir()
	for _, path := range []string{folder, filepath.Join(folder, "none", "store")} {
		if _, err := bolt.Open(path, bolt.Options{}); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("open %s: %v", path, err)
		}
	}
}

// TestTornPages overwrites every page in turn: what the store then says must be
// an error or the truth, and never the end of the program.
func TestTornPages(t *testing.T) {
	path := made(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	folder := t.TempDir()
	for at := 0; at < len(whole); at += page {
		torn := append([]byte{}, whole...)
		for i := range page {
			torn[at+i] = 0xa5
		}
		// Another file each time: bbolt keeps the lock of one it panicked on.
		path := filepath.Join(folder, fmt.Sprint(at))
		if err := os.WriteFile(path, torn, 0o600); err != nil {
			t.Fatal(err)
		}
		store, err := bolt.Open(path, bolt.Options{NoSync: true})
		if err != nil {
			if !errors.Is(err, storage.ErrDamaged) {
				t.Errorf("page %d: open: %v", at/page, err)
			}
			continue
		}
		for i := range 200 {
			journal, err := store.Load(t.Context(), casework.Code(fmt.Sprint("P-", i)))
			if err == nil && len(journal.Entries) != 1 {
				t.Errorf("page %d: load: %d entries", at/page, len(journal.Entries))
			}
		}
		if err := store.Close(); err != nil {
			t.Errorf("page %d: close: %v", at/page, err)
		}
	}
}

// TestOncePurged has Onces that ran out leave the file as others come.
func TestOncePurged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	store, err := bolt.Open(path, bolt.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		change := storage.Change{Once: fmt.Sprint(i), OnceUntil: now.Add(time.Hour)}
		if err := store.Append(t.Context(), change); err != nil {
			t.Fatal(err)
		}
		if err := store.Append(t.Context(), change); !errors.Is(err, storage.ErrRepeated) {
			t.Fatalf("append: %v, want %v", err, storage.ErrRepeated)
		}
		now = now.Add(30 * time.Minute)
	}
	store.Close()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(func(tx *bbolt.Tx) error {
		for _, bucket := range []string{"once", "onceend"} {
			if n := tx.Bucket([]byte(bucket)).Stats().KeyN; n > 3 {
				t.Errorf("%d keys are left in %s", n, bucket)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
