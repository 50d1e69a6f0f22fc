package vault_test

import (
	"testing"

	"parcours/storage"
	"parcours/storage/bolt"
	"parcours/storage/storagetest"
	"parcours/storage/vault"
)

func TestContract(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, path string) storage.Store { return open(t, path) })
}

func noEnv(string) string { return "" }

// open opens a vault on the file at path, with the keyset beside it.
func open(t testing.TB, path string) *vault.Vault {
	t.Helper()
	v, err := tryOpen(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func tryOpen(path string, opts bolt.Options) (*vault.Vault, error) {
	keys, err := vault.LoadKeys(path+".keys", noEnv)
	if err != nil {
		return nil, err
	}
	store, err := bolt.Open(path, opts)
	if err != nil {
		return nil, err
	}
	v, err := vault.Open(store, keys)
	if err != nil {
		store.Close()
		return nil, err
	}
	return v, nil
}
