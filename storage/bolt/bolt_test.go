package bolt_test

import (
	"testing"

	"parcours/storage"
	"parcours/storage/bolt"
	"parcours/storage/storagetest"
)

func TestContract(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, path string) storage.Store { return open(t, path) })
}

func open(t *testing.T, path string) *bolt.Store {
	t.Helper()
	store, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return store
}
