package bolt_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"parcours/casework"
	"parcours/storage"
	"parcours/storage/bolt"
)

// A program that waited for the file, and finds that another has taken its name,
// does not go on with what nobody will ever open again.
func TestOpenWhileScrubbed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	waiting := make(chan error)
	var late *bolt.Store
	store := filled(t, path, bolt.Options{Step: func(point string) {
		if point != "copied" {
			return
		}
		go func() {
			var err error
			late, err = bolt.Open(path, bolt.Options{LockTimeout: time.Minute})
			waiting <- err
		}()
		for timesOpen(t, path) < 2 {
			runtime.Gosched()
		}
	}})
	defer store.Close()
	if err := store.Append(t.Context(), storage.Change{Case: "S", Base: 2, Forget: casework.OnRequest}); err != nil {
		t.Fatal(err)
	}
	if err := <-waiting; !errors.Is(err, storage.ErrLocked) {
		t.Errorf("it went on: %v, %v", late, err)
	}
}

// timesOpen gives how often this process has a file open.
func timesOpen(t *testing.T, path string) (n int) {
	const open = "/proc/self/fd"
	all, err := os.ReadDir(open)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		if to, err := os.Readlink(filepath.Join(open, one.Name())); err == nil && to == path {
			n++
		}
	}
	return n
}
