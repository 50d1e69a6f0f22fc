//go:build unix

package bolt_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"sync"
	"syscall"
	"testing"
	"time"

	"parcours/casework"
	"parcours/storage"
	"parcours/storage/bolt"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// secret is what a forgotten journal, its header and its row said.
var secret = []byte("what nobody may ever read again")

// filled gives a store of some journals, one of which holds what is secret.
func filled(t *testing.T, path string, opts bolt.Options) *bolt.Store {
	t.Helper()
	store, err := bolt.Open(path, opts)
	if err != nil {
		t.Fatal(err)
	}
	var changes []storage.Change
	for n := range 50 {
		code := casework.Code(fmt.Sprintf("K%02d", n))
		changes = append(changes, storage.Change{
			Case: code, Header: []byte("header"), Entries: [][]byte{{}, bytes.Repeat([]byte{byte(n)}, 300)},
			Terms: []storage.Term{{Kind: storage.ByMember, Value: "x"}}, Due: noon, Once: string(code),
			Rows: []storage.Row{{Key: "row" + string(code), Case: code, Body: []byte("say"), After: noon}},
		})
	}
	changes = append(changes, storage.Change{
		Case: "S", Header: secret, Entries: [][]byte{secret, secret},
		Rows: []storage.Row{{Key: "waiting", Case: "S", Body: secret, After: noon}},
	})
	if err := store.Append(t.Context(), changes...); err != nil {
		t.Fatal(err)
	}
	return store
}

// everything gives all that a store holds, as far as it can be asked.
func everything(t *testing.T, store *bolt.Store) (all []any) {
	t.Helper()
	must := func(v any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	must(nil, store.Scan(t.Context(), func(code casework.Code, j storage.Journal, err error) error {
		all = append(all, code, j)
		return err
	}))
	must(store.Find(t.Context(), storage.Term{Kind: storage.ByMember, Value: "x"}))
	must(store.Due(t.Context(), noon, 1000))
	must(store.Waiting(t.Context()))
	must(store.Kept(t.Context()))
	return all
}

func holdsSecret(t *testing.T, path string) bool {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(text, secret)
}

func TestForgettingLeavesNoByte(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	store := filled(t, path, bolt.Options{})
	defer store.Close()
	before, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer before.Close()
	if !holdsSecret(t, path) {
		t.Fatal("the secret was never there")
	}
	if err := store.Append(t.Context(), storage.Change{Case: "S", Base: 2, Forget: casework.OnRequest}); err != nil {
		t.Fatal(err)
	}
	if holdsSecret(t, path) {
		t.Error("the file still holds what was forgotten")
	}
	old := new(bytes.Buffer)
	if _, err := old.ReadFrom(before); err != nil || old.Len() == 0 || len(bytes.Trim(old.Bytes(), "\x00")) > 0 {
		t.Errorf("the old file was not overwritten: %d bytes, %v", old.Len(), err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}

	// The store goes on, is the same, and can be written to and opened again.
	want := everything(t, store)
	if len(want) < 100 {
		t.Fatalf("%d things are left", len(want))
	}
	if err := store.Append(t.Context(), storage.Change{Case: "new", Entries: [][]byte{{1}}}); err != nil {
		t.Fatal(err)
	}
	if err := store.Append(t.Context(), storage.Change{Once: "K07"}); !errors.Is(err, storage.ErrRepeated) {
		t.Errorf("a Once is gone: %v", err)
	}
	for code, want := range map[casework.Code]uint64{"S": 0, "K07": 2, "new": 1} {
		if n, err := store.Length(t.Context(), code); n != want || err != nil {
			t.Errorf("length of %s: %d, %v", code, n, err)
		}
	}
	if _, err := store.Length(t.Context(), "never"); !errors.Is(err, storage.ErrUnknown) {
		t.Errorf("length of what never was: %v", err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, path)
	defer again.Close()
	if _, err := again.Load(t.Context(), "new"); err != nil {
		t.Errorf("what was written after it: %v", err)
	}
}

// A Scrub with nothing to make up for leaves the file alone.
func TestScrubNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	store := filled(t, path, bolt.Options{})
	defer store.Close()
	before, _ := os.Stat(path)
	if err := store.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after, _ := os.Stat(path); !os.SameFile(before, after) {
		t.Error("the file was made anew")
	}
}

// What cannot be copied is owed: nothing is lost, and the next Scrub does it.
func TestScrubOwed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	store := filled(t, path, bolt.Options{})
	defer store.Close()
	blocked := filepath.Join(path+".scrub", "full")
	if err := os.MkdirAll(blocked, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := store.Append(t.Context(), storage.Change{Case: "S", Base: 2, Forget: casework.Expired}); err != nil {
		t.Fatal(err)
	}
	want := everything(t, store)
	if err := store.Scrub(t.Context()); err == nil || !holdsSecret(t, path) {
		t.Fatalf("a scrub that cannot be done: %v", err)
	}
	if err := os.RemoveAll(path + ".scrub"); err != nil {
		t.Fatal(err)
	}
	if err := store.Scrub(t.Context()); err != nil || holdsSecret(t, path) {
		t.Errorf("the scrub that makes up for it: %v", err)
	}
	if got := everything(t, store); !reflect.DeepEqual(got, want) {
		t.Error("the store is another than before")
	}
}

// Reading and writing go on while files change, and nothing acknowledged is lost.
func TestScrubMeanwhile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	store := filled(t, path, bolt.Options{})
	defer store.Close()
	const writers, each = 4, 30
	var all sync.WaitGroup
	for w := range writers {
		code := casework.Code(fmt.Sprint("W", w))
		all.Go(func() {
			for n := range uint64(each) {
				if err := store.Append(t.Context(), storage.Change{Case: code, Base: n, Entries: [][]byte{{byte(n)}}}); err != nil {
					t.Error(err)
				}
				if j, err := store.Load(t.Context(), code); err != nil || uint64(len(j.Entries)) != n+1 {
					t.Errorf("%s: %d entries after %d, %v", code, len(j.Entries), n+1, err)
				}
				if _, err := store.Take(t.Context(), noon, 0, 1); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Go(func() {
		for n := range 20 {
			code := casework.Code(fmt.Sprintf("K%02d", n))
			if err := store.Append(t.Context(), storage.Change{Case: code, Base: 2, Forget: casework.OnRequest}); err != nil {
				t.Error(err)
			}
		}
	})
	all.Wait()
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, path)
	defer again.Close()
	for w := range writers {
		if j, err := again.Load(t.Context(), casework.Code(fmt.Sprint("W", w))); err != nil || len(j.Entries) != each {
			t.Errorf("writer %d: %d entries, %v", w, len(j.Entries), err)
		}
	}
}

// TestScrubKilled kills a process at each step of a Scrub: what is there then is
// one whole file, with nothing of what was forgotten once the next one has opened
// and scrubbed it.
func TestScrubKilled(t *testing.T) {
	for _, step := range []string{"committed", "scrub", "copied", "renamed", "scrubbed"} {
		t.Run(step, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.db")
			store := filled(t, path, bolt.Options{})
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			command := exec.Command(os.Args[0])
			command.Env = append(os.Environ(), scrubPath+"="+path, scrubStep+"="+step)
			var exit *exec.ExitError
			if err := command.Run(); !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
				t.Fatalf("the process ended otherwise than killed: %v", err)
			}
			store, err := bolt.Open(path, bolt.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			if err := store.Scrub(t.Context()); err != nil {
				t.Fatal(err)
			}
			if holdsSecret(t, path) {
				t.Error("the file still holds what was forgotten")
			}
			if _, err := os.Stat(path + ".scrub"); err == nil {
				t.Error("a draft is left")
			}
			if got := everything(t, store); len(got) < 100 {
				t.Errorf("%d things are left", len(got))
			}
			if _, err := store.Load(t.Context(), "S"); !errors.Is(err, storage.ErrUnknown) {
				t.Errorf("what was forgotten: %v", err)
			}
		})
	}
}

// What the process that is killed is told by its environment.
const (
	scrubPath = "SCRUB_PATH"
	scrubStep = "SCRUB_STEP"
)

// forgetAndDie forgets in a store and is killed at a step.
func forgetAndDie(path, step string) error {
	store, err := bolt.Open(path, bolt.Options{Step: func(point string) {
		if point == step {
			_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
			select {}
		}
	}})
	if err != nil {
		return err
	}
	return store.Append(context.Background(), storage.Change{Case: "S", Base: 2, Forget: casework.OnRequest})
}

// A store can be copied after its file has changed, and the copy is a store.
func TestCopy(t *testing.T) {
	folder := t.TempDir()
	store := filled(t, filepath.Join(folder, "x.db"), bolt.Options{})
	defer store.Close()
	if err := store.Append(t.Context(), storage.Change{Case: "S", Base: 2, Forget: casework.OnRequest}); err != nil {
		t.Fatal(err)
	}
	if err := store.MarkRestored(t.Context(), noon); err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	var told int64
	err := store.Copy(t.Context(), func(size int64) (io.Writer, error) {
		told = size
		return &text, nil
	})
	if err != nil || told != int64(text.Len()) {
		t.Fatalf("%d bytes of %d, %v", text.Len(), told, err)
	}
	path := filepath.Join(folder, "copy")
	if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	other := open(t, path)
	defer other.Close()
	if !reflect.DeepEqual(everything(t, other), everything(t, store)) {
		t.Error("the copy is another")
	}
	if at, err := other.Restored(t.Context()); err != nil || !at.Equal(noon) {
		t.Errorf("the mark: %v, %v", at, err)
	}
}
