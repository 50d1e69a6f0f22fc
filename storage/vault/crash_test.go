//go:build unix

package vault_test

import (
	"os"
	"testing"

	"parcours/storage"
	"parcours/storage/bolt"
	"parcours/storage/storagetest"
	"parcours/storage/vault"
)

func TestMain(m *testing.M) {
	status := storagetest.Main(m, crashing)
	removeFilled()
	os.Exit(status)
}

func crashing(path string, step func(string)) (storage.Store, error) {
	return tryOpen(path, bolt.Options{Step: step})
}

func TestCrash(t *testing.T) { storagetest.RunCrash(t, crashing, verifies) }

func TestFull(t *testing.T) { storagetest.RunFull(t, crashing, verifies) }

// verifies fails the test for every problem that a vault finds in itself.
func verifies(t *testing.T, store storage.Store) {
	t.Helper()
	_, err := store.(*vault.Vault).Verify(t.Context(), func(p vault.Problem) {
		t.Errorf("verify: case %q, entry %d: %s", p.Case, p.Entry, p.What)
	})
	if err != nil {
		t.Errorf("verify: %v", err)
	}
}
