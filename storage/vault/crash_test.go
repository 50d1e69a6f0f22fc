//go:build unix

package vault_test

import (
	"context"
	"os"
	"runtime"
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

// crashing opens a vault; in the process that is to be killed its master key is
// rotated all the time.
func crashing(path string, step func(string)) (storage.Store, error) {
	v, err := tryOpen(path, bolt.Options{Step: step})
	if err == nil && os.Getenv(storagetest.ChildPath) != "" {
		go func() {
			keys := path + ".keys"
			for rotate(v, keys) == nil && v.Rewrap(context.Background()) == nil && retire(v, keys) == nil {
				runtime.Gosched()
			}
		}()
	}
	return v, err
}

func TestCrash(t *testing.T) { storagetest.RunCrash(t, crashing, verifies) }

func TestFull(t *testing.T) { storagetest.RunFull(t, crashing, verifies) }

// verifies fails the test for every problem that a vault finds in itself.
func verifies(t *testing.T, store storage.Store) {
	t.Helper()
	_, err := store.(*vault.Vault).Verify(t.Context(), func(p storage.Damage) {
		t.Errorf("verify: case %q, entry %d: %s", p.Case, p.Entry, p.What)
	})
	if err != nil {
		t.Errorf("verify: %v", err)
	}
}
