package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parcours/storage"
	"parcours/storage/bolt"
)

func TestOutboxListsWhatIsStuck(t *testing.T) {
	folder := t.TempDir()
	data, file := filepath.Join(folder, "parcours.db"), filepath.Join(folder, "parcours.toml")
	must(t, os.WriteFile(file, fmt.Appendf(nil, `
data = %q
[mattermost]
url = "https://chat.example.org"
token = "x"
[[mattermost.teams]]
id = "abcdefghijklmnopqrstuvwxyz"
token = "y"
`, data), 0o600))
	nobody := func(string) string { return "" }
	store, _, err := openStore(data, "", nobody, bolt.Options{})
	must(t, err)
	must(t, store.Append(t.Context(), storage.Change{Rows: []storage.Row{{
		Key: "P-7K3F/t1/pass", Case: "P-7K3F", Body: []byte(`{"act":"pass","view":"reminder.action","subject":"a1 -7","user":"u-paul"}`), After: time.Now(),
	}}}))
	_, err = store.Take(t.Context(), time.Now(), time.Minute, 9)
	must(t, err)
	must(t, store.Settle(t.Context(), storage.Outcome{Key: "P-7K3F/t1/pass", State: storage.Stuck, Why: "gone"}))
	must(t, store.Close())

	outbox := func(args ...string) (int, string) {
		var out bytes.Buffer
		code := run(t.Context(), append([]string{"outbox", "--config", file, "--lang", "fr"}, args...), streams{getenv: nobody, out: &out, err: &out})
		return code, out.String()
	}
	code, said := outbox()
	if code != failed || strings.Contains(said, "paul") {
		t.Errorf("exit code %d\n%s", code, said)
	}
	for _, want := range []string{"P-7K3F/t1/pass", "reminder.action", "gone", "--retry", "1 envoi"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in:\n%s", want, said)
		}
	}
	if code, said := outbox("--retry", "P-7K3F/none"); code != failed || !strings.Contains(said, "P-7K3F/none") {
		t.Errorf("a key that does not exist: exit code %d\n%s", code, said)
	}
	if code, said := outbox("--retry", "P-7K3F/t1/pass"); code != done || !strings.Contains(said, "prochain démarrage") {
		t.Errorf("tried again: exit code %d\n%s", code, said)
	}
	if code, said := outbox(); code != done {
		t.Errorf("nothing is left: exit code %d\n%s", code, said)
	}

	// A file that is not there is said, and not made.
	must(t, os.Remove(data))
	if code, said := outbox(); code != failed {
		t.Errorf("without the file: exit code %d\n%s", code, said)
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("an empty store was made")
	}
}
