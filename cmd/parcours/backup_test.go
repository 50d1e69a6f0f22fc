package main

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"parcours/casework"
	"parcours/config"
	"parcours/locales"
	"parcours/storage"
	"parcours/storage/bolt"
	"parcours/storage/erasure"
)

// saved is a served set-up, with who can open its backups.
type saved struct {
	served
	*testing.T
	folder, file, identity, recipient string
}

func newSaved(t *testing.T) saved {
	t.Helper()
	s := saved{served: newServed(t), T: t, folder: t.TempDir()}
	s.file, s.identity = filepath.Join(s.folder, "x.age"), filepath.Join(s.folder, "identity")
	s.recipient = newIdentity(t, s.identity)
	return s
}

// newIdentity puts a secret key at path, and gives its public half.
func newIdentity(t *testing.T, path string) string {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	must(t, os.WriteFile(path, []byte("# made for a test\n"+identity.String()+"\n"), 0o600))
	return identity.Recipient().String()
}

// does runs a command line, which must end with a code and say some words.
func (s saved) does(code int, says string, args ...string) {
	s.Helper()
	var out bytes.Buffer
	args = append(args, "--config", s.config, "--lang", "fr")
	got := run(s.Context(), args, streams{getenv: func(string) string { return "" }, out: &out, err: &out})
	if got != code || !strings.Contains(out.String(), says) {
		s.Fatalf("%v: exit code %d, want %d and %q:\n%s", args, got, code, says, &out)
	}
}

// codes are the cases that are there, by how many entries they have.
func (s saved) codes() map[casework.Code]int {
	s.Helper()
	store, _, err := openStore(s.data, "", func(string) string { return "" }, bolt.Options{})
	must(s.T, err)
	defer store.Close()
	found := map[casework.Code]int{}
	must(s.T, store.Scan(s.Context(), func(code casework.Code, j storage.Journal, err error) error {
		if code != casework.Accesses {
			found[code] = len(j.Entries)
		}
		return err
	}))
	return found
}

func (s saved) erase(code casework.Code) {
	s.Helper()
	store, _, err := openStore(s.data, "", func(string) string { return "" }, bolt.Options{})
	must(s.T, err)
	must(s.T, erasure.Erase(s.Context(), store, code, casework.OnRequest))
	must(s.T, store.Close())
}

// What is put back is what was there, but for what was erased since: the ledger
// that lies there and the one in the backup tell both.
func TestBackupAndRestore(t *testing.T) {
	s := newSaved(t)
	before := s.codes()
	codes := slices.Sorted(maps.Keys(before))
	s.erase(codes[0])
	s.does(done, "gardez-en une copie à part", "backup", s.file, "--recipient", s.recipient)
	if info, err := os.Stat(s.file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	s.erase(codes[1])
	s.does(done, "est bonne", "restore", s.file, "--identity", s.identity, "--verify")
	s.does(failed, "Il y a déjà", "restore", s.file, "--identity", s.identity)
	s.does(done, ".replaced-", "restore", s.file, "--identity", s.identity, "--replace")
	want := maps.Clone(before)
	delete(want, codes[0])
	delete(want, codes[1])
	if got := s.codes(); !maps.Equal(got, want) {
		t.Errorf("put back: %v, want %v", got, want)
	}

	// The machine burned: nothing is there but the keyset.
	aside, err := filepath.Glob(s.data + ".replaced-*")
	must(t, err)
	for _, path := range append(aside, s.data, ledgerPath(s.data)) {
		must(t, os.Remove(path))
	}
	s.does(done, "Remis dans", "restore", s.file, "--identity", s.identity)
	delete(want, codes[1])
	want[codes[1]] = before[codes[1]]
	if got := s.codes(); !maps.Equal(got, want) {
		t.Errorf("put back on a bare machine: %v, want %v", got, want)
	}
	file, err := bolt.Open(s.data, bolt.Options{})
	must(t, err)
	defer file.Close()
	if at, err := file.Restored(t.Context()); err != nil || time.Since(at) > time.Hour {
		t.Errorf("the mark: %v, %v", at, err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(s.data), "*.restore*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A consent that was withdrawn after the backup is not in force again once it is put
// back; the day the ledger is lost too, none needs to be.
func TestRestoreSuspendsWhatWasNarrowed(t *testing.T) {
	s := newSaved(t)
	s.does(done, "", "backup", s.file, "--recipient", s.recipient)
	store, _, err := openStore(s.data, "", func(string) string { return "" }, bolt.Options{})
	must(t, err)
	open := map[casework.Code]bool{}
	must(t, store.Scan(t.Context(), func(code casework.Code, j storage.Journal, err error) error {
		if c, wrong := casework.Read(code, j.Entries); err == nil && wrong == nil && c.SuspendSharing(casework.ConsentChanged) != nil {
			open[code] = false
		}
		return err
	}))
	one := slices.Sorted(maps.Keys(open))[0]
	length, err := store.Length(t.Context(), one)
	must(t, err)
	at := time.Now()
	raw, err := casework.Encode(casework.Entry{Seq: length + 1, At: at, Fact: casework.ConsentWithdrawn{}})
	must(t, err)
	must(t, store.Append(t.Context(), storage.Change{Case: one, Base: length, Entries: [][]byte{raw}, Narrows: at}))
	must(t, store.Close())

	suspended := func(want int) {
		t.Helper()
		store, _, err := openStore(s.data, "", func(string) string { return "" }, bolt.Options{})
		must(t, err)
		defer store.Close()
		got := 0
		must(t, store.Scan(t.Context(), func(code casework.Code, j storage.Journal, err error) error {
			if c, wrong := casework.Read(code, j.Entries); wrong == nil && c.Consent().Suspended {
				got++
				open[code] = true
			}
			return err
		}))
		if got != want || !open[one] {
			t.Errorf("%d are suspended, want %d; %s: %v", got, want, one, open[one])
		}
	}
	s.does(done, "suspendu dans 1 situation", "restore", s.file, "--identity", s.identity, "--replace")
	suspended(1)
	must(t, os.Remove(ledgerPath(s.data)))
	s.does(done, "Aucune liste", "restore", s.file, "--identity", s.identity, "--replace")
	open[one] = true
	suspended(0)
	s.does(done, "jusqu’à ce que", "restore", s.file, "--identity", s.identity, "--replace", "--suspend-all")
	suspended(len(open))
}

func TestRestoreSaysWhatIsWrong(t *testing.T) {
	s := newSaved(t)
	s.does(misuse, "Personne ne pourrait", "backup", s.file)
	s.does(failed, "malformed recipient", "backup", s.file, "--recipient", "age1x")
	if _, err := os.Stat(s.file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a backup that failed is there: %v", err)
	}
	s.does(done, "", "backup", s.file, "--recipient", s.recipient)
	whole, err := os.ReadFile(s.file)
	must(t, err)
	other := filepath.Join(s.folder, "other")
	newIdentity(t, other)
	empty := filepath.Join(s.folder, "empty")
	must(t, os.WriteFile(empty, nil, 0o600))
	s.does(failed, "autre clé", "restore", s.file, "--identity", other, "--verify")
	s.does(failed, "clé secrète", "restore", s.file, "--identity", empty, "--verify")
	for name, text := range map[string][]byte{
		"cut": whole[:len(whole)-1], "cut early": whole[:len(whole)/2], "longer": append(slices.Clone(whole), 0), "none": []byte("x"),
		"altered": append(append(slices.Clone(whole[:len(whole)/2]), whole[len(whole)/2]^1), whole[len(whole)/2+1:]...),
	} {
		torn := filepath.Join(s.folder, name)
		must(t, os.WriteFile(torn, text, 0o600))
		s.does(failed, "pas une sauvegarde entière", "restore", torn, "--identity", s.identity, "--verify")
	}

	held, _, err := openStore(s.data, "", func(string) string { return "" }, bolt.Options{})
	must(t, err)
	s.does(failed, "autre programme", "restore", s.file, "--identity", s.identity, "--replace")
	must(t, held.Close())

	keys := s.data + ".keys"
	must(t, os.Rename(keys, keys+".away"))
	s.does(failed, "pas là", "restore", s.file, "--identity", s.identity, "--verify")
	if _, err := os.Stat(keys); err == nil {
		t.Error("a keyset was drawn")
	}
	again := newServed(t)
	must(t, os.Rename(again.data+".keys", keys))
	s.does(failed, "pas celui de cette sauvegarde", "restore", s.file, "--identity", s.identity, "--replace")
	must(t, os.Rename(keys+".away", keys))
	if len(s.codes()) != 20 {
		t.Error("the store that was there has changed")
	}
}

// A backup is made while the program serves, by it.
func TestBackupWhileServed(t *testing.T) {
	s := newSaved(t)
	s.start(t)
	s.does(done, "Sauvegarde faite", "backup", s.file, "--recipient", s.recipient)
	s.does(done, "20 situations", "restore", s.file, "--identity", s.identity, "--verify")
	s.does(failed, "autre programme", "restore", s.file, "--identity", s.identity, "--replace")
}

// Every night one is made, those that are old go, and what others put there stays.
func TestNightlyBackups(t *testing.T) {
	s := newSaved(t)
	cfg := config.Default()
	cfg.Data, cfg.Backup = s.data, config.Backup{Recipients: []string{s.recipient}, Folder: t.TempDir(), Keep: 2}
	others := filepath.Join(cfg.Backup.Folder, "parcours-2026-01-01.age.txt")
	must(t, os.WriteFile(others, nil, 0o600))
	d, err := openDesk(cfg, locales.Departement{}, streams{getenv: func(string) string { return "" }})
	must(t, err)
	defer d.sealed.Close()
	night := time.Date(2026, 3, 2, 2, 30, 0, 0, time.UTC)
	for n := range 5 {
		must(t, d.nightly(t.Context(), night.AddDate(0, 0, n)))
	}
	all, err := nightlies(cfg.Backup.Folder)
	must(t, err)
	if got := slices.Sorted(maps.Values(all)); !slices.Equal(got, []string{"2026-03-04", "2026-03-05", "2026-03-06"}) {
		t.Errorf("kept: %v", got)
	}
	if _, err := os.Stat(others); err != nil {
		t.Errorf("what others put there: %v", err)
	}

	// One that fails leaves the others, whatever their age, and nothing by half.
	d.config.Backup.Recipients = []string{"age1x"}
	if err := d.nightly(t.Context(), night.AddDate(1, 0, 0)); err == nil {
		t.Error("a backup for nobody")
	}
	if left, _ := os.ReadDir(cfg.Backup.Folder); len(left) != 4 {
		t.Errorf("left: %v", left)
	}
}
