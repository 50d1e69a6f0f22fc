package main

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"testing"
	"time"

	"parcours/storage/access"
)

// Whoever takes a copy of everything, or puts one back, is in the access log: which
// account, when, and for which key, or of which moment.
func TestBackupsAreRecorded(t *testing.T) {
	s := newSaved(t)
	begun := time.Now()
	second := newIdentity(t, s.identity+"2")
	s.does(failed, "malformed recipient", "backup", s.file, "--recipient", "age1x")
	s.does(done, "", "backup", s.file, "--recipient", s.recipient)
	serving := s.start(t)
	s.does(done, "", "backup", s.file, "--recipient", second, "--recipient", s.recipient)
	stop(t, serving, os.Interrupt)
	s.does(done, "est bonne", "restore", s.file, "--identity", s.identity, "--verify")
	s.does(done, "Remis dans", "restore", s.file, "--identity", s.identity, "--replace")
	all := s.accesses()
	var ways []access.Way
	for _, r := range all {
		ways = append(ways, r.Way)
		if r.Operator != ownAccount() || r.Surface != commandLine || r.Case != "" || r.At.Before(begun) {
			t.Errorf("recorded: %+v", r)
		}
	}
	if want := []access.Way{access.Backup, access.Backup, access.Restore}; !slices.Equal(ways, want) {
		t.Fatalf("recorded: %q, want %q", ways, want)
	}
	if all[0].What != s.recipient || all[1].What != second+" "+s.recipient {
		t.Errorf("for whom: %q, %q", all[0].What, all[1].What)
	}
	if made, err := time.Parse(time.RFC3339, all[2].What); err != nil || made.Before(all[0].At.Truncate(time.Second)) || made.After(all[2].At) {
		t.Errorf("of when: %q, %v", all[2].What, err)
	}
	if got := s.run(t.Context(), "verify", s.data); got.code != done {
		t.Errorf("verify: %+v", got)
	}
}

// A copy that cannot be recorded is not made, nor put back.
func TestABackupThatCannotBeRecorded(t *testing.T) {
	s := newSaved(t)
	s.does(done, "", "backup", s.file, "--recipient", s.recipient)
	must(t, os.RemoveAll(access.Folder(s.data)))
	must(t, os.WriteFile(access.Folder(s.data), nil, ownerOnly))
	before, err := os.ReadFile(s.data)
	must(t, err)
	s.does(failed, "access log", "backup", s.file+"2", "--recipient", s.recipient)
	if _, err := os.Stat(s.file + "2"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it is there: %v", err)
	}
	s.does(failed, "access log", "restore", s.file, "--identity", s.identity, "--replace")
	after, err := os.ReadFile(s.data)
	must(t, err)
	if string(before) != string(after) {
		t.Error("it was put back")
	}
}
