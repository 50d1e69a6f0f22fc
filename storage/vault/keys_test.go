package vault_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"parcours/storage"
	"parcours/storage/bolt"
	"parcours/storage/vault"
)

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func loadKeys(t *testing.T, path string) *vault.Keys {
	t.Helper()
	keys, err := vault.LoadKeys(path, noEnv)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func TestLoadKeysCreates(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "keys")
	keys := loadKeys(t, path)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the file: %v, %v", info.Mode(), err)
	}
	if files, err := os.ReadDir(folder); err != nil || len(files) != 1 {
		t.Errorf("left in the folder: %v, %v", files, err)
	}
	secret := keys.Secret("tokens")
	if again := loadKeys(t, path).Secret("tokens"); len(secret) != 32 || !bytes.Equal(secret, again) {
		t.Error("the secret changed")
	}
	if bytes.Equal(secret, keys.Secret("other")) || bytes.Equal(secret, loadKeys(t, path+"2").Secret("tokens")) {
		t.Error("two secrets are the same")
	}
	if text := fmt.Sprintf("%v", keys); text != "vault keys" {
		t.Errorf("printed: %s", text)
	}
}

func TestLoadKeysOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	var secrets sync.Map
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			// One that meets another at work is told so, and drew nothing.
			if keys, err := vault.LoadKeys(path, noEnv); err == nil {
				secrets.Store(string(keys.Secret("x")), true)
			}
		})
	}
	all.Wait()
	var count int
	secrets.Range(func(any, any) bool { count++; return true })
	if count != 1 {
		t.Errorf("%d keysets were drawn", count)
	}
}

func TestLoadKeysEnv(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	want := loadKeys(t, path).Secret("x")
	text := string(readFile(t, path))
	keys, err := vault.LoadKeys(filepath.Join(t.TempDir(), "none"), func(name string) string {
		return map[string]string{vault.Variable: text}[name]
	})
	if err != nil || !bytes.Equal(keys.Secret("x"), want) {
		t.Errorf("from the environment: %v", err)
	}
}

func TestLoadKeysRefuses(t *testing.T) {
	good := filepath.Join(t.TempDir(), "good")
	loadKeys(t, good)
	text := string(readFile(t, good))
	for name, c := range map[string]struct {
		text string
		mode os.FileMode
		says string
	}{
		"readable by others": {text, 0o640, "chmod 600 "},
		"empty":              {"", 0o600, "not a JSON object"},
		"not ours":           {"{}", 0o600, "keyset aead"},
		"half":               {strings.Replace(text, `"prf"`, `"fpr"`, 1), 0o600, "keyset prf"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "keys")
			if err := errors.Join(os.WriteFile(path, []byte(c.text), c.mode), os.Chmod(path, c.mode)); err != nil {
				t.Fatal(err)
			}
			_, err := vault.LoadKeys(path, noEnv)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %q", err, c.says)
			}
		})
	}
	t.Run("interrupted", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "keys")
		if err := os.WriteFile(path+".new", nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := vault.LoadKeys(path, noEnv); err == nil || !strings.Contains(err.Error(), "delete "+path+".new") {
			t.Errorf("got %v", err)
		}
	})
}

func TestWrongKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	small(t, path)
	if err := os.Remove(path + ".keys"); err != nil {
		t.Fatal(err)
	}
	_, err := tryOpen(path, bolt.Options{})
	if !errors.Is(err, vault.ErrWrongKey) || !strings.Contains(err.Error(), "the keyset does not open this file") {
		t.Errorf("open with other keys: %v, want %v", err, vault.ErrWrongKey)
	}
}

func TestStoreWithoutVault(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	store, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Append(t.Context(), storage.Change{Case: "A", Entries: [][]byte{nil}}); err != nil {
		t.Fatal(err)
	}
	store.Close()
	if _, err := tryOpen(path, bolt.Options{}); !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("open: %v, want %v", err, storage.ErrDamaged)
	}
}
