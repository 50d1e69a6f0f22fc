package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parcours/casework"
	"parcours/casework/caseworktest"
	"parcours/locales"
	"parcours/storage"
	"parcours/storage/bolt"
)

// counted is a set-up with a store of some cases and refusals, closed.
type counted struct{ folder, config, data string }

func newCounted(t *testing.T, cases int) counted {
	t.Helper()
	c := counted{folder: t.TempDir()}
	c.config, c.data = filepath.Join(c.folder, "parcours.toml"), filepath.Join(c.folder, "parcours.db")
	must(t, os.WriteFile(c.config, []byte(`departement = "62"
[mattermost]
url = "https://chat.example.org"
token = "t"
[[mattermost.teams]]
id = "abcdefghijklmnopqrstuvwxyz"
token = "t"
`), 0o600))
	sealed, _ := manyCases(t, c.data, cases)
	var refusals [][]byte
	for range 11 {
		raw, err := casework.Encode(casework.Entry{Fact: casework.RefusalCounted{Household: casework.OnePerson}})
		must(t, err)
		refusals = append(refusals, raw)
	}
	must(t, sealed.Append(t.Context(), storage.Change{Case: casework.Register, Entries: refusals}))
	must(t, sealed.Close())
	return c
}

func (c counted) run(ctx context.Context, args ...string) (code int, out, said string) {
	var stdout, stderr bytes.Buffer
	args = append([]string{"indicators", "--config", c.config, "--from", "2026-01-01", "--to", "31/12/2026", "--lang", "fr"}, args...)
	code = run(ctx, args, streams{getenv: func(string) string { return "" }, out: &stdout, err: &stderr})
	return code, stdout.String(), stderr.String()
}

func TestIndicatorsOfAStore(t *testing.T) {
	c := newCounted(t, 200)
	code, table, said := c.run(t.Context())
	for _, text := range []string{"Pas-de-Calais", "Du 01/01/2026 au 31/12/2026", "211", "Refusées                      11"} {
		if code != done || said != "" || !strings.Contains(table, text) {
			t.Errorf("%q: exit code %d, %s\n%s", text, code, said, table)
		}
	}
	if code, csv, _ := c.run(t.Context(), "--format", "csv"); code != done || !strings.HasPrefix(csv, "\ufeffDépartement;") {
		t.Errorf("csv: exit code %d, %.40q", code, csv)
	}
	for format, begins := range map[string]string{"html": "<!DOCTYPE", "pdf": "%PDF", "xlsx": "PK", "csv": "\ufeff", "table": "Indicateurs"} {
		path := filepath.Join(c.folder, "out."+format)
		code, out, said := c.run(t.Context(), "--format", format, "--out", path)
		body, err := os.ReadFile(path)
		if code != done || err != nil || !strings.Contains(out, path) || !bytes.HasPrefix(body, []byte(begins)) {
			t.Errorf("%s: exit code %d, %v, %s%s", format, code, err, out, said)
		}
	}
	// What it was counted from is as it was, and can be counted by nobody else.
	if code, again, _ := c.run(t.Context()); code != done || again != table {
		t.Errorf("exit code %d, another table:\n%s", code, again)
	}
	if _, empty, _ := c.run(t.Context(), "--from", "2020-01-01", "--to", "2020-12-31"); strings.Contains(empty, "211") {
		t.Errorf("figures of another year:\n%s", empty)
	}
}

func TestIndicatorsSayWhatIsWrong(t *testing.T) {
	c := newCounted(t, 1)
	for _, w := range []struct {
		args string
		code int
		says string
	}{
		{"--format pdf", misuse, "--out FILE"},
		{"--format odt --out x", misuse, "must be one of"},
		{"--from soon", misuse, "n’est pas une date"},
		{"--from 2026-12-31 --to 2026-01-01", misuse, "finit avant de commencer"},
		{"--out " + filepath.Join(c.folder, "no", "such"), failed, "no such file"},
		{"--config nowhere.toml", failed, "nowhere.toml"},
	} {
		code, out, said := c.run(t.Context(), strings.Fields(w.args)...)
		if code != w.code || !strings.Contains(said, w.says) || out != "" {
			t.Errorf("%s: exit code %d, %s%s", w.args, code, out, said)
		}
	}

	stopped, stop := context.WithCancel(t.Context())
	stop()
	if code, out, said := c.run(stopped); code != failed || !strings.Contains(said, "arrêté") || out != "" {
		t.Errorf("stopped: exit code %d, %s%s", code, out, said)
	}

	held, _, err := openStore(c.data, "", func(string) string { return "" }, bolt.Options{})
	must(t, err)
	if code, _, said := c.run(t.Context()); code != failed || !strings.Contains(said, "autre programme") {
		t.Errorf("while it is held: exit code %d, %s", code, said)
	}
	must(t, held.Close())

	must(t, os.Rename(c.data+".keys", c.data+".away"))
	code, _, said := c.run(t.Context())
	if _, err := os.Stat(c.data + ".keys"); code != failed || !strings.Contains(said, "trousseau") || err == nil {
		t.Errorf("without the keyset: exit code %d, %s", code, said)
	}
	must(t, os.Rename(c.data+".away", c.data+".keys"))
	must(t, os.Remove(c.data))
	code, _, said = c.run(t.Context())
	if _, err := os.Stat(c.data); code != failed || err == nil {
		t.Errorf("without the file: exit code %d, %s", code, said)
	}
}

// A scanner gives journals, and one that cannot be read.
type scanner struct {
	journals [][][]byte
	torn     int
}

func (s scanner) Scan(ctx context.Context, each func(casework.Code, storage.Journal, error) error) error {
	for i, entries := range s.journals {
		var err error
		if i == s.torn {
			err = storage.ErrDamaged
		}
		if err := errors.Join(ctx.Err(), each(casework.Code(fmt.Sprintf("P-%04d", i)), storage.Journal{Entries: entries}, err)); err != nil {
			return err
		}
	}
	return nil
}

func TestCountStopsAtWhatCannotBeRead(t *testing.T) {
	for name, s := range map[string]scanner{
		"a damaged journal":   {journals: make([][][]byte, 100), torn: 50},
		"an entry of nothing": {journals: append(make([][][]byte, 50), [][]byte{[]byte("{}")}, nil, nil), torn: -1},
	} {
		if _, err := count(t.Context(), s, "2026-01-01", "2026-12-31", caseworktest.Zone(), nil); err == nil || errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestProgressIsForATerminal(t *testing.T) {
	var out bytes.Buffer
	if newProgress(&out, locales.For("fr")) != nil {
		t.Error("a file is told of progress")
	}
	p := &progress{out: &out, say: locales.For("fr")}
	if _, err := count(t.Context(), scanner{journals: make([][][]byte, 2*every+1), torn: -1}, "2026-01-01", "2026-12-31", caseworktest.Zone(), p); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "\r1000 situations lues\r2000 situations lues\n"; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
}
