package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.etcd.io/bbolt"

	"parcours/bot/chat"
	"parcours/locales"
	"parcours/story"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"parcours": main})
}

// TestCommandLine runs the scripts of testdata against the program itself.
func TestCommandLine(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata"})
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		args string
		want int
	}{
		{"--help", done}, {"version", done}, {"dance", misuse}, {"demo --loud", misuse}, {"verify", misuse},
		{"verify nowhere.db", failed}, {"demo --listen 0.0.0.0:1", failed},
	} {
		var out bytes.Buffer
		if got := run(t.Context(), strings.Fields(c.args), streams{getenv: os.Getenv, out: &out, err: &out}); got != c.want {
			t.Errorf("parcours %s: exit code %d, want %d\n%s", c.args, got, c.want, out.String())
		}
	}
}

func TestVerifyTellsASoundFileFromAnother(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parcours.db")
	tale, err := story.Ariege()
	must(t, err)
	var logged bytes.Buffer
	p, err := newPlayground(path, tale, chat.French, locales.Departement{}, false, atAnyHour(), time.Now, streams{out: &logged, err: &logged})
	must(t, err)
	must(t, p.play(t.Context(), tale, &logged, false))
	must(t, p.store.Close())

	verify := func() (int, string) {
		var out bytes.Buffer
		code := run(context.Background(), []string{"verify", path}, streams{getenv: func(string) string { return "" }, out: &out, err: &out})
		return code, out.String()
	}
	if code, said := verify(); code != done || !strings.HasPrefix(said, "1 cases,") || !strings.Contains(said, " 0 problems") {
		t.Fatalf("a sound file: exit code %d, %s", code, said)
	}

	raw, err := os.ReadFile(path)
	must(t, err)
	for _, word := range []string{"Lopez", "caisse", "Garage", "Claire", "claire"} {
		if bytes.Contains(raw, []byte(word)) {
			t.Errorf("the file on disk shows %q", word)
		}
	}
	keys := path + ".keys"
	must(t, os.Rename(keys, keys+".away"))
	if code, said := verify(); code != failed {
		t.Errorf("without its keys: exit code %d, %s", code, said)
	}
	if _, err := os.Stat(keys); err == nil {
		must(t, os.Remove(keys))
	}
	must(t, os.Rename(keys+".away", keys))

	// bbolt leaves older pages about, so the entry may stand there more than once.
	entry := anEntry(t, path)
	torn := bytes.Clone(entry)
	torn[len(torn)/2] ^= 1
	must(t, os.WriteFile(path, bytes.ReplaceAll(raw, entry, torn), 0o600))
	code, said := verify()
	if code != failed {
		t.Errorf("an entry with a turned bit: exit code %d, %s", code, said)
	}
	if strings.Contains(said, "Lopez") {
		t.Errorf("what is said of it shows content: %s", said)
	}
}

// anEntry gives the bytes of an entry as the file at path holds them.
func anEntry(t *testing.T, path string) (entry []byte) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	must(t, err)
	defer db.Close()
	must(t, db.View(func(tx *bbolt.Tx) error {
		_, last := tx.Bucket([]byte("entries")).Cursor().Last()
		entry = bytes.Clone(last)
		return nil
	}))
	return entry
}
