package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/storage/access"
	"parcours/storage/bolt"
)

// newLooked makes a set-up in whose access log there are some records, of a month ago.
func newLooked(t *testing.T) saved {
	t.Helper()
	s := newLived(t, "P-7K3F")
	store, keys, err := openStore(s.data, "", func(string) string { return "" }, bolt.Options{})
	must(t, err)
	now := time.Now().AddDate(0, -1, 0)
	log, err := openAccesses(s.data, keys, store, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	must(t, err)
	must(t, log.Record(
		access.Record{At: now, Case: "P-7K3F", User: "u-claire", Way: access.Answer, What: "status", Surface: "mattermost"},
		access.Record{At: now, Case: "P-9ACD", Readers: 4, Way: access.Post, What: "action", Surface: "mattermost"},
		access.Record{At: now, Case: "P-7K3F", User: "u-zoe", Way: access.Override, What: "consult", Surface: "mattermost", Reason: "=cmd|une; \"plainte\""},
	))
	must(t, log.Close(t.Context()))
	must(t, store.Close())
	return s
}

// audit gives what the command writes.
func (s saved) audit(args ...string) answer {
	s.Helper()
	return s.run(s.Context(), append([]string{"audit", "--config", s.config, "--lang", "fr"}, args...)...)
}

func TestAuditLists(t *testing.T) {
	s := newLooked(t)
	check := func() {
		t.Helper()
		got := s.audit()
		for _, want := range []string{"u-claire", "4 personnes", "consultation", "plainte", "mattermost", "réponse"} {
			if !strings.Contains(got.out, want) {
				t.Errorf("%q is not in:\n%s", want, got.out)
			}
		}
		if got.code != done || got.said != "" {
			t.Errorf("%+v", got)
		}
		if got = s.audit("--user", "u-claire"); strings.Contains(got.out, "u-zoe") || !strings.Contains(got.out, "\n1 accès.") {
			t.Errorf("of one account:\n%s", got.out)
		}
		if got = s.audit("--case", "p9acd"); strings.Contains(got.out, "P-7K3F") || !strings.Contains(got.out, "P-9ACD") {
			t.Errorf("of one case:\n%s", got.out)
		}
		if got = s.audit("--to", time.Now().AddDate(0, -3, 0).Format(time.DateOnly)); got.out != "0 accès.\n" {
			t.Errorf("before all:\n%s", got.out)
		}
	}
	check()
	// Who looks at the log is in it.
	if got := s.audit(); !strings.Contains(got.out, ownAccount()+"  ") || !strings.Contains(got.out, "ligne de commande") {
		t.Errorf("who looked at the log:\n%s", got.out)
	}
	s.start(t)
	check()

	table, err := csv.NewReader(strings.NewReader(s.audit("--format", "csv").out)).ReadAll()
	must(t, err)
	if table[0][0] != "at" || len(table) < 4 || table[3][8] != "'=cmd|une; \"plainte\"" {
		t.Errorf("%q", table)
	}
	lines := json.NewDecoder(strings.NewReader(s.audit("--format", "json", "--user", "u-zoe").out))
	var r access.Record
	if err := lines.Decode(&r); err != nil || r.User != "u-zoe" || r.At.Location() != time.UTC || lines.More() {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestAuditSigned(t *testing.T) {
	s, others := newLooked(t), newLooked(t)
	path := filepath.Join(s.folder, "list.json")
	check := func() {
		t.Helper()
		s.does(done, "audit --key", "audit", "--signed", path)
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != ownerOnly {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
		s.does(done, "rien n’y a été changé", "audit", "--check", path)
		text, err := os.ReadFile(path)
		must(t, err)
		altered := bytes.Clone(text)
		altered[len(altered)/3] ^= 1
		lines := bytes.SplitAfter(text, []byte("\n"))
		for name, forged := range map[string][]byte{
			"a byte": altered, "a line": bytes.Join(slices.Delete(lines, 1, 2), nil), "cut": text[:len(text)/2], "nothing": nil,
		} {
			must(t, os.WriteFile(path, forged, 0o600))
			if got := s.audit("--check", path); got.code != failed || !strings.Contains(got.said, "n’est pas comme il a été signé") {
				t.Errorf("%s: %+v", name, got)
			}
		}
		must(t, os.Remove(path))
		others.does(done, "", "audit", "--signed", path)
		if got := s.audit("--check", path); got.code != failed || !strings.Contains(got.said, "pas signé par cette installation") {
			t.Errorf("of another installation: %+v", got)
		}
		must(t, os.Remove(path))
	}
	check()
	key := s.audit("--key")
	s.start(t)
	check()
	if again := s.audit("--key"); again != key || !strings.HasPrefix(key.out, "-----BEGIN PUBLIC KEY-----") {
		t.Errorf("%+v, then %+v", key, again)
	}
}

// A log that was altered is listed, and said to be altered, in a signed list too.
func TestAuditOfAnAlteredLog(t *testing.T) {
	s := newLooked(t)
	files, err := filepath.Glob(filepath.Join(access.Folder(s.data), "*.log"))
	must(t, err)
	text, err := os.ReadFile(files[0])
	must(t, err)
	must(t, os.WriteFile(files[0], bytes.Join(bytes.SplitAfter(text, []byte("\n"))[1:], nil), 0o600))
	if got := s.audit(); got.code != done || !strings.Contains(got.said, "1 défaut") || !strings.Contains(got.out, "u-zoe") {
		t.Errorf("%+v", got)
	}
	path := filepath.Join(s.folder, "list.json")
	s.does(done, "1 défaut", "audit", "--signed", path)
	s.does(done, "1 défaut", "audit", "--check", path)
}
