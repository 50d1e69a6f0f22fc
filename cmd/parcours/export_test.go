package main

import (
	"archive/zip"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/bot"
	"parcours/casework"
	"parcours/casework/caseworktest"
	"parcours/documents"
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

// asksAccess is a reason that is long enough.
const asksAccess = "elle demande une copie de tout"

// An archive made on the server is in the journal, with why and by which account, and
// announced before anything is written out.
func TestExportIsAnnounced(t *testing.T) {
	s := newLived(t, "P-7K3F")
	waiting := func() (kinds []string, history []casework.Entry) {
		t.Helper()
		store, _, err := openStore(s.data, "", func(string) string { return "" }, bolt.Options{})
		must(t, err)
		rows, err := store.Take(t.Context(), time.Now().Add(time.Hour), time.Minute, 100)
		must(t, err)
		for _, row := range rows {
			kinds = append(kinds, bot.Kind(row))
		}
		journal, err := store.Load(t.Context(), "P-7K3F")
		must(t, err)
		c, err := casework.Read("P-7K3F", journal.Entries)
		must(t, errors.Join(err, store.Close()))
		return kinds, c.History()
	}
	_, before := waiting()
	// Nothing can be written there.
	s.does(failed, "", "export", "P-7K3F", "--reason", "pour voir", "--out", filepath.Join(s.folder, "out.zip"))
	s.does(failed, "", "export", "P-7K3F", "--reason", asksAccess, "--out", filepath.Join(s.folder, "nowhere", "out.zip"))
	if kinds, after := waiting(); len(kinds) != 0 || len(after) != len(before) {
		t.Errorf("what was not done is announced: %q", kinds)
	}
	s.does(done, "Remettez-la", "export", "P-7K3F", "--reason", asksAccess, "--out", filepath.Join(s.folder, "out.zip"))
	kinds, after := waiting()
	if !slices.Equal(kinds, []string{"exported"}) || len(after) != len(before)+2 {
		t.Fatalf("waiting: %q, %d entries more", kinds, len(after)-len(before))
	}
	if got, ok := after[len(before)].Fact.(casework.Consulted); !ok || got.Reason != asksAccess || got.Operator != ownAccount() || after[len(before)].By != "" {
		t.Errorf("the journal says %+v", after[len(before)])
	}
	if got, ok := after[len(before)+1].Fact.(casework.DocumentMade); !ok || got.Kind != documents.Archive {
		t.Errorf("the journal says %+v", after[len(before)+1])
	}
}

// What cannot be recorded is not shown.
func TestExportThatCannotBeRecorded(t *testing.T) {
	s := newLived(t, "P-7K3F")
	must(t, os.WriteFile(access.Folder(s.data), nil, ownerOnly))
	path := filepath.Join(s.folder, "out.zip")
	s.does(failed, "access log", "export", "P-7K3F", "--reason", asksAccess, "--out", path)
	if _, err := os.Stat(path); err == nil {
		t.Error("it is there")
	}
}

// plausible is the journal of a case of this last year, as it is kept.
func plausible(t *testing.T, code casework.Code) [][]byte {
	t.Helper()
	start := time.Now().In(caseworktest.Zone()).AddDate(-1, 0, 0)
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
		s.does(done, "Remettez-la à la personne", "export", "p7k3f", "--reason", asksAccess, "--out", path)
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
	s.does(misuse, "n’est pas le code", "export", "Lopez", "--reason", asksAccess, "--out", path)
	s.does(failed, "jamais existé", "export", "P-7K3G", "--reason", asksAccess, "--out", path)
	s.does(misuse, "--out", "export", "P-7K3F", "--reason", asksAccess)
	s.does(misuse, "--reason", "export", "P-7K3F", "--out", path)
	for reason, says := range map[string]string{"": "nécessaire", "pour voir": "trop court", strings.Repeat("a", 10_000): "trop long"} {
		s.does(failed, says, "export", "P-7K3F", "--reason", reason, "--out", path)
	}
	s.start(t)
	check()
	s.does(failed, "jamais existé", "export", "P-7K3G", "--reason", asksAccess, "--out", path)
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
		if want := (access.Record{At: r.At, Case: "P-7K3F", Operator: ownAccount(), Way: access.Export, Reason: asksAccess, Surface: commandLine}); r != want {
			t.Errorf("recorded: %+v", r)
		}
	}
	if left, _ := os.ReadDir(s.folder); len(left) != 1 || !strings.HasSuffix(left[0].Name(), "identity") {
		t.Errorf("left behind: %v", left)
	}
}
