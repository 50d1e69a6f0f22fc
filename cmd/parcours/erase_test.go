package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"parcours/casework"
	"parcours/storage/bolt"
)

// typing runs a command line for somebody who types something.
func (s saved) typing(typed string, args ...string) (int, string) {
	var out bytes.Buffer
	code := run(s.Context(), append(args, "--config", s.config, "--lang", "fr"), streams{
		getenv: func(string) string { return "" }, in: strings.NewReader(typed), out: &out, err: &out,
	})
	return code, out.String()
}

func TestErase(t *testing.T) {
	const code = casework.Code("P-7K3F")
	s := newLived(t, code)
	for typed, args := range map[string][]string{
		"":         {"erase", "P-7K3F", "--reason", "request"},
		"P-7K3G\n": {"erase", "P-7K3F", "--reason", "request"},
		"oui\n":    {"erase", "P-7K3F", "--reason", "error"},
	} {
		if exit, said := s.typing(typed, args...); exit != failed || !strings.Contains(said, "rien n’est effacé") {
			t.Errorf("%q: %d, %s", typed, exit, said)
		}
	}
	s.does(misuse, "reason", "erase", "P-7K3F")
	s.does(misuse, "reason", "erase", "P-7K3F", "--reason", "because", "--yes")
	s.does(misuse, "n’est pas le code", "erase", "Lopez", "--reason", "request", "--yes")
	if s.codes()[code] == 0 {
		t.Fatal("it is erased already")
	}
	s.does(done, "", "backup", s.file, "--recipient", s.recipient)

	exit, said := s.typing("p7k3f\n", "erase", "P-7K3F", "--reason", "request")
	for _, says := range []string{"est effacée", "sauvegardes", "indicateurs"} {
		if exit != done || !strings.Contains(strings.ToLower(said), strings.ToLower(says)) {
			t.Errorf("%d: %q is not in:\n%s", exit, says, said)
		}
	}
	s.does(failed, "effacée", "erase", "P-7K3F", "--reason", "request", "--yes")
	s.does(failed, "effacée", "export", "P-7K3F", "--reason", asksAccess, "--out", s.folder+"/x.zip")
	if s.codes()[code] != 0 {
		t.Error("it is there")
	}

	// What is to be put away waits for the program that serves; a copy from before
	// forgets the case again.
	store, _, err := openStore(s.data, "", func(string) string { return "" }, bolt.Options{})
	must(t, err)
	rows, err := store.Take(t.Context(), time.Now().Add(time.Hour), time.Minute, 99)
	must(t, err)
	must(t, store.Close())
	if len(rows) == 0 || !strings.HasPrefix(rows[0].Key, string(code)+"/erased/") {
		t.Errorf("what waits: %v", rows)
	}
	s.does(done, "Remis dans", "restore", s.file, "--identity", s.identity, "--replace")
	if s.codes()[code] != 0 {
		t.Error("it came back from a backup")
	}
	text, err := os.ReadFile(ledgerPath(s.data))
	must(t, err)
	if !strings.HasPrefix(string(text), "P-7K3F ") || strings.Count(string(text), "\n") != 1 {
		t.Errorf("the ledger: %s", text)
	}
}

// Where the program serves, it erases.
func TestEraseWhileServed(t *testing.T) {
	s := newLived(t, "P-7K3F")
	s.start(t)
	s.does(done, "est effacée", "erase", "P-7K3F", "--reason", "error", "--yes")
	s.does(failed, "jamais existé", "erase", "P-7K3F", "--reason", "error", "--yes")
	if got := s.run(t.Context(), "verify", s.data); got.code != done {
		t.Errorf("verify: %+v", got)
	}
}
