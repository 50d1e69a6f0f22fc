package main

import (
	"testing"
	"time"

	"parcours/casework"
	"parcours/storage"
	"parcours/storage/bolt"
)

// closedAt gives the journal of a case closed at a moment and, if so, announced.
func closedAt(t *testing.T, at time.Time, announced bool) [][]byte {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	must(t, err)
	entries := []casework.Entry{
		{At: at, By: "u1", Fact: casework.Opened{Person: "Madame Lopez"}},
		{At: at, By: "u1", Fact: casework.CaseClosed{}},
	}
	if announced {
		until := casework.DayOf(at.In(zone)).AddMonths(casework.RetentionMonths)
		entries = append(entries, casework.Entry{At: at.AddDate(1, 11, 0), Fact: casework.Reminded{Key: "retention//" + string(until) + "/-30"}})
	}
	var journal [][]byte
	for _, e := range entries {
		raw, err := casework.Encode(e)
		must(t, err)
		journal = append(journal, raw)
	}
	return journal
}

// What was kept long enough, and announced, is destroyed; nothing else is.
func TestPurge(t *testing.T) {
	s := newSaved(t)
	now := time.Now()
	store, _, err := openStore(s.data, "", func(string) string { return "" }, bolt.Options{})
	must(t, err)
	for code, journal := range map[casework.Code][][]byte{
		"P-7K3F": closedAt(t, now.AddDate(-2, 0, -40), true),
		"P-7K3G": closedAt(t, now.AddDate(-2, 0, -40), false),
		"P-7K3H": closedAt(t, now.AddDate(-1, -6, 0), true),
	} {
		must(t, store.Append(t.Context(), storage.Change{Case: code, Entries: journal}))
	}
	must(t, store.Close())
	before := len(s.codes())
	s.does(done, "P-7K3F 20", "purge", "--dry-run")
	if n := len(s.codes()); n != before {
		t.Fatalf("%d cases of %d after looking", n, before)
	}
	s.does(done, "P-7K3F", "purge")
	left := s.codes()
	if left["P-7K3F"] != 0 || left["P-7K3G"] == 0 || left["P-7K3H"] == 0 {
		t.Errorf("left: %v", left)
	}
	s.start(t)
	s.does(done, "", "purge")
}
