package main

import (
	"os"
	"path/filepath"
	"testing"

	"parcours/storage/access"
)

// What was looked at comes back with the cases: what a backup holds, and what was
// written since where it is still there. A backup and what is put back are written too.
func TestAccessesAreRestored(t *testing.T) {
	s := newLooked(t)
	verify := func(records int) {
		t.Helper()
		if got := s.run(t.Context(), "verify", s.data); got.code != done {
			t.Errorf("verify: %+v", got)
		}
		if got := len(s.accesses()); got != records {
			t.Errorf("%d accesses, want %d", got, records)
		}
	}
	burn := func(paths ...string) {
		t.Helper()
		for _, path := range paths {
			must(t, os.RemoveAll(path))
		}
	}
	s.does(done, "", "backup", s.file, "--recipient", s.recipient)
	s.does(done, "", "audit")
	s.does(done, "Remis dans", "restore", s.file, "--identity", s.identity, "--replace")
	verify(6)

	// The machine burned: nothing is there but the keyset.
	burn(s.data, access.Folder(s.data), ledgerPath(s.data))
	s.does(done, "est bonne", "restore", s.file, "--identity", s.identity, "--verify")
	if _, err := os.Stat(access.Folder(s.data)); err == nil {
		t.Error("a backup that was only checked was put back")
	}
	s.does(done, "Remis dans", "restore", s.file, "--identity", s.identity)
	verify(5)

	// Two machines went on from one backup.
	s.does(done, "", "audit")
	s.does(done, "", "backup", s.file, "--recipient", s.recipient)
	other := filepath.Join(s.folder, "other")
	must(t, os.Rename(s.file, other))
	files, err := filepath.Glob(filepath.Join(access.Folder(s.data), "*.log"))
	must(t, err)
	must(t, os.Remove(files[len(files)-1]))
	burn(s.data)
	s.does(done, "Remis dans", "restore", other, "--identity", s.identity)
	verify(8)
	burn(s.data, access.Folder(s.data))
	must(t, os.Mkdir(access.Folder(s.data), 0o700))
	must(t, os.WriteFile(files[0], []byte("another\n"), ownerOnly))
	s.does(done, "n’est pas la même", "restore", other, "--identity", s.identity)
	verify(8)
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(s.data), "*.restore*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A log that was altered before the backup keeps no case from being put back.
func TestAlteredAccessesAreSaid(t *testing.T) {
	s := newLooked(t)
	files, err := filepath.Glob(filepath.Join(access.Folder(s.data), "*.log"))
	must(t, err)
	must(t, os.Truncate(files[0], 0))
	s.does(done, "", "backup", s.file, "--recipient", s.recipient)
	s.does(done, "1 défaut", "restore", s.file, "--identity", s.identity, "--verify")
	s.does(done, "Remis dans", "restore", s.file, "--identity", s.identity, "--replace")
}
