package main

import (
	"archive/zip"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/casework"
	"parcours/casework/caseworktest"
	"parcours/storage"
	"parcours/storage/access"
	"parcours/storage/bolt"
	"parcours/storage/vault"
)

// newLived makes a set-up in which one case with a code was lived.
func newLived(t *testing.T, code casework.Code) saved {
	t.Helper()
	s := newSaved(t)
	store, _, err := openStore(s.data, "", func(string) string { return "" }, bolt.Options{})
	must(t, err)
	must(t, store.Append(t.Context(), storage.Change{Case: code, Entries: plausible(t, code)}))
	must(t, store.Close())
	return s
}

// accesses are the records of the access log, also while the program serves.
func (s saved) accesses() []access.Record {
	s.Helper()
	keys, err := vault.LoadKeys(s.data+".keys", func(string) string { return "" })
	must(s.T, err)
	book, err := access.NewBook(access.Folder(s.data), keys.Secret(accessLabel))
	must(s.T, err)
	var all []access.Record
	must(s.T, book.Read(time.Time{}, time.Now(), func(r access.Record) error {
		all = append(all, r)
		return nil
	}))
	return all
}

// What cannot be recorded is not shown.
func TestExportThatCannotBeRecorded(t *testing.T) {
	s := newLived(t, "P-7K3F")
	must(t, os.WriteFile(access.Folder(s.data), nil, ownerOnly))
	path := filepath.Join(s.folder, "out.zip")
	s.does(failed, "access log", "export", "P-7K3F", "--out", path)
	if _, err := os.Stat(path); err == nil {
		t.Error("it is there")
	}
}

// plausible is the journal of a case as it is kept.
func plausible(t *testing.T, code casework.Code) [][]byte {
	t.Helper()
	start := time.Date(2026, 1, 1, 9, 0, 0, 0, caseworktest.Zone())
	var journal [][]byte
	for _, e := range caseworktest.Plausible(rand.New(rand.NewPCG(1, 1)), code, start, start.AddDate(1, 0, 0)) {
		raw, err := casework.Encode(e)
		must(t, err)
		journal = append(journal, raw)
	}
	return journal
}

func TestExport(t *testing.T) {
	s := newLived(t, "P-7K3F")
	path := filepath.Join(s.folder, "out.zip")
	check := func() {
		t.Helper()
		s.does(done, "Remettez-la à la personne", "export", "p7k3f", "--out", path)
		archive, err := zip.OpenReader(path)
		must(t, err)
		defer archive.Close()
		var names []string
		for _, f := range archive.File {
			names = append(names, f.Name)
		}
		for _, want := range []string{"lisez-moi.txt", "dossier.json", "P-7K3F-projet.pdf", "P-7K3F-liste.pdf", "P-7K3F-synthese.pdf"} {
			if !slices.Contains(names, want) {
				t.Errorf("%s is not among %q", want, names)
			}
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != ownerOnly {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
		must(t, os.Remove(path))
	}
	check()
	s.does(misuse, "n’est pas le code", "export", "Lopez", "--out", path)
	s.does(failed, "jamais existé", "export", "P-7K3G", "--out", path)
	s.does(misuse, "--out", "export", "P-7K3F")
	s.start(t)
	check()
	s.does(failed, "jamais existé", "export", "P-7K3G", "--out", path)
	var found []access.Record
	for _, r := range s.accesses() {
		if r.Way == access.Export {
			found = append(found, r)
		}
	}
	if len(found) != 2 {
		t.Errorf("recorded: %+v", found)
	}
	for _, r := range found {
		if want := (access.Record{At: r.At, Case: "P-7K3F", Operator: ownAccount(), Way: access.Export, Surface: commandLine}); r != want {
			t.Errorf("recorded: %+v", r)
		}
	}
	if left, _ := os.ReadDir(s.folder); len(left) != 1 || !strings.HasSuffix(left[0].Name(), "identity") {
		t.Errorf("left behind: %v", left)
	}
}
