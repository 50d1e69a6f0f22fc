package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"parcours/locales"
	"parcours/storage/bolt"
	"parcours/storage/vault"
)

// keys runs a command about the keyset, and sees to it that no secret is shown.
func (s served) keys(t *testing.T, args ...string) answer {
	t.Helper()
	got := s.run(t.Context(), append([]string{"keys", args[0], "--config", s.config}, args[1:]...)...)
	if strings.Contains(got.out+got.said, "keyData") {
		t.Errorf("%v shows secrets", args)
	}
	return got
}

// says fails the test unless an answer has this exit code and these words.
func (a answer) says(t *testing.T, code int, words ...string) {
	t.Helper()
	for _, word := range words {
		if a.code != code || !strings.Contains(a.out+a.said, word) {
			t.Errorf("%q, exit code %d, is not in %+v", word, code, a)
		}
	}
}

func copyFile(t *testing.T, from, to string) string {
	t.Helper()
	text, err := os.ReadFile(from)
	must(t, err)
	must(t, os.WriteFile(to, text, 0o600))
	return to
}

// TestKeysWhileServing goes the whole way of a rotation, on a program that runs and
// is killed on the way.
func TestKeysWhileServing(t *testing.T) {
	s := newServed(t)
	away, keyset := t.TempDir(), s.data+".keys"
	program := s.start(t)
	s.keys(t, "status").says(t, done, "en service", "aucune copie", keyset)
	s.keys(t, "retire").says(t, done, "pas d’ancienne clé")

	s.keys(t, "check", keyset).says(t, failed, "pas une copie")
	s.keys(t, "check", s.config).says(t, failed, "n’est pas un trousseau")
	s.keys(t, "check", filepath.Join(away, "none")).says(t, failed, "no such file")
	first := copyFile(t, keyset, filepath.Join(away, "first"))
	s.keys(t, "check", first).says(t, done, "ouvre tout")
	s.keys(t, "status").says(t, done, "essayée le")

	s.keys(t, "rotate").says(t, done, "parcours keys check")
	info, err := os.Stat(keyset)
	if err != nil || info.Mode().Perm() != ownerOnly {
		t.Errorf("the keyset: %v, %v", info, err)
	}
	stop(t, program, syscall.SIGKILL)
	s.keys(t, "status").says(t, done, "ancienne", "plus ancienne que la clé")
	program = s.start(t)
	s.keys(t, "check", first).says(t, failed, "plus ancienne")
	s.keys(t, "retire").says(t, failed, "Aucune copie")
	s.keys(t, "check", copyFile(t, keyset, filepath.Join(away, "second"))).says(t, done, "ouvre tout")
	s.keys(t, "retire").says(t, done, "n’est plus dans le trousseau")
	s.run(t.Context(), "verify", s.data).says(t, done, " 0 problems")
	stop(t, program, syscall.SIGTERM)
	s.run(t.Context(), "verify", s.data).says(t, done, " 0 problems")
	if got := s.keys(t, "status"); strings.Contains(got.out, "ancienne") {
		t.Errorf("the former key is still there: %+v", got)
	}
}

// TestKeysInTheEnvironment rotates keys that the program cannot write.
func TestKeysInTheEnvironment(t *testing.T) {
	s := newServed(t)
	text, err := os.ReadFile(s.data + ".keys")
	must(t, err)
	must(t, os.Remove(s.data+".keys"))
	env := map[string]string{"LANG": "fr_FR.UTF-8", vault.Variable: string(text)}
	keys := func(args ...string) answer {
		var out, said bytes.Buffer
		args = append([]string{"keys", args[0], "--config", s.config}, args[1:]...)
		code := run(t.Context(), args, streams{getenv: func(name string) string { return env[name] }, out: &out, err: &said})
		return answer{code, out.String(), said.String()}
	}
	keys("status").says(t, done, vault.Variable)
	keys("rotate").says(t, failed, "--print")
	printed := keys("rotate", "--print")
	printed.says(t, done, "en clair")
	keys("status").says(t, done, "en service")

	env[vault.Variable] = printed.out
	keys("status").says(t, done, "ancienne")
	keys("rotate").says(t, done, "est en service") // ends the rotation, and begins none
	copied := filepath.Join(t.TempDir(), "copy")
	must(t, os.WriteFile(copied, []byte(printed.out), ownerOnly))
	keys("check", copied).says(t, done, "ouvre tout")
	keys("retire").says(t, failed, "--print")
	env[vault.Variable] = keys("retire", "--print").out
	if got := keys("status"); got.code != done || strings.Contains(got.out, "ancienne") {
		t.Errorf("after all: %+v", got)
	}
}

// TestServingEndsARotation starts the program on a keyset that has a new key.
func TestServingEndsARotation(t *testing.T) {
	s := newServed(t)
	keyset := s.data + ".keys"
	keys, err := vault.LoadKeys(keyset, func(string) string { return "" })
	must(t, err)
	next, err := keys.Rotated(time.Now())
	must(t, err)
	text, err := next.Text()
	must(t, err)
	must(t, os.WriteFile(keyset, text, ownerOnly))
	stop(t, s.start(t), syscall.SIGTERM)
	// A stop waits for nothing that can go on later: it may take several starts.
	for range 20 {
		store, _, err := openStore(s.data, "", func(string) string { return "" }, bolt.Options{})
		must(t, err)
		counts, err := store.Wrapped(t.Context())
		must(t, err)
		must(t, store.Close())
		if len(counts) == 1 && counts[next.Current()].Journals > 0 {
			return
		}
		program := s.start(t)
		s.keys(t, "status").says(t, done, "en service")
		stop(t, program, syscall.SIGTERM)
	}
	t.Error("the rotation does not end")
}

// TestKeysetThatWasChanged has nothing written over a keyset that is another than
// the one in use.
func TestKeysetThatWasChanged(t *testing.T) {
	s := newServed(t)
	s.start(t)
	must(t, os.WriteFile(s.data+".keys", []byte("{}"), ownerOnly))
	s.keys(t, "rotate").says(t, failed, "n’est plus le trousseau en service")
	if text, err := os.ReadFile(s.data + ".keys"); err != nil || string(text) != "{}" {
		t.Errorf("the file: %s, %v", text, err)
	}
}

func TestCopyState(t *testing.T) {
	data := filepath.Join(t.TempDir(), "parcours.db")
	keys, err := vault.LoadKeys(data+".keys", func(string) string { return "" })
	must(t, err)
	later, err := keys.Rotated(time.Now())
	must(t, err)
	say := locales.For("fr")
	tested := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	look := func(keys *vault.Keys, now time.Time, want mark, word string) {
		t.Helper()
		if got, text := copyState(say, data, keys, now); got != want || !strings.Contains(text, word) {
			t.Errorf("%s %s, want %s %s", got, text, want, word)
		}
	}
	look(keys, tested, markWarning, "aucune copie")
	must(t, noteTest(data, keys, tested))
	look(keys, tested, markOK, "31 janvier")
	look(keys, tested.AddDate(0, 6, 0), markOK, "31 janvier")
	look(keys, tested.AddDate(0, 6, 1), markWarning, "n’a pas été essayée depuis")
	look(later, tested, markWarning, "plus ancienne que la clé")
	must(t, os.WriteFile(testPath(data), []byte("torn"), ownerOnly))
	look(keys, tested, markWarning, "aucune copie")
}
