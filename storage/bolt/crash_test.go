//go:build unix

package bolt_test

import (
	"fmt"
	"os"
	"testing"

	"parcours/storage"
	"parcours/storage/bolt"
	"parcours/storage/storagetest"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(scrubPath); path != "" {
		fmt.Fprintln(os.Stderr, "not killed:", forgetAndDie(path, os.Getenv(scrubStep)))
		os.Exit(1)
	}
	os.Exit(storagetest.Main(m, crashing))
}

func crashing(path string, step func(string)) (storage.Store, error) {
	return bolt.Open(path, bolt.Options{Step: step})
}

func TestCrash(t *testing.T) {
	storagetest.RunCrash(t, crashing, checks)
}

func TestFull(t *testing.T) {
	storagetest.RunFull(t, crashing, checks)
}

// checks fails the test for whatever a store finds wrong with its file.
func checks(t *testing.T, store storage.Store) {
	t.Helper()
	if err := store.(*bolt.Store).Check(t.Context(), func(d storage.Damage) { t.Errorf("check: %s", d.What) }); err != nil {
		t.Errorf("check: %v", err)
	}
}
