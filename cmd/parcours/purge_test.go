package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"testing"
	"time"

	"parcours/casework"
	"parcours/config"
	"parcours/locales"
	"parcours/storage"
	"parcours/storage/bolt"
)

// closedAt gives the journal of a case closed at a moment and, if so, announced.
func closedAt(t *testing.T, at time.Time, announced bool) [][]byte {
	t.Helper()
	return restingSince(t, at, announced, casework.CaseClosed{})
}

// restingSince gives the journal of a case of which nothing was said after these facts.
func restingSince(t *testing.T, at time.Time, announced bool, facts ...casework.Fact) [][]byte {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	must(t, err)
	entries := []casework.Entry{
		{At: at, By: "u1", Fact: casework.Opened{Person: "Madame Lopez"}},
	}
	for _, fact := range facts {
		entries = append(entries, casework.Entry{At: at, By: "u1", Fact: fact})
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
	agreed := casework.ConsentGiven{Consent: casework.Consent{Version: 1}}
	agreeing := casework.ConsentGiven{Consent: casework.Consent{Version: 1, Until: casework.DayOf(now)}}
	store, _, err := openStore(s.data, "", func(string) string { return "" }, bolt.Options{})
	must(t, err)
	for code, journal := range map[casework.Code][][]byte{
		"P-7K3F": closedAt(t, now.AddDate(-2, 0, -40), true),
		"P-7K3G": closedAt(t, now.AddDate(-2, 0, -40), false),
		"P-7K3H": closedAt(t, now.AddDate(-1, -6, 0), true),
		"P-7K3J": restingSince(t, now.AddDate(-2, 0, -40), true, agreed, casework.ConsentWithdrawn{}),
		"P-7K3K": restingSince(t, now.AddDate(-2, 0, -40), true),
		"P-7K3Q": restingSince(t, now.AddDate(-2, 0, -40), true, agreed),
		"P-7K3M": restingSince(t, now.AddDate(-2, 0, -40), false),
		"P-7K3N": restingSince(t, now.AddDate(-2, 0, -40), true, agreeing),
		"P-7K3P": restingSince(t, now.AddDate(-2, 0, -40), false, agreed),
	} {
		must(t, store.Append(t.Context(), storage.Change{Case: code, Entries: journal}))
	}
	must(t, store.Close())
	before := len(s.codes())
	s.does(done, "P-7K3F 20", "purge", "--dry-run")
	s.does(done, "P-7K3Q 20", "purge", "--dry-run")
	if n := len(s.codes()); n != before {
		t.Fatalf("%d cases of %d after looking", n, before)
	}
	s.does(done, "P-7K3F", "purge")
	left := s.codes()
	for code, want := range map[casework.Code]bool{
		"P-7K3F": false, "P-7K3G": true, "P-7K3H": true, "P-7K3J": false, "P-7K3K": false, "P-7K3Q": false, "P-7K3M": true,
		"P-7K3N": true, "P-7K3P": true,
	} {
		if there := left[code] != 0; there != want {
			t.Errorf("%s is there: %v", code, there)
		}
	}
	s.start(t)
	s.does(done, "", "purge")
}

// Nothing is destroyed in the month after a copy was put back: what was decided since
// the copy is not in it.
func TestPurgeAfterARestore(t *testing.T) {
	for name, test := range map[string]struct {
		restored time.Duration
		there    bool
	}{"lately": {29 * 24 * time.Hour, true}, "long ago": {32 * 24 * time.Hour, false}} {
		t.Run(name, func(t *testing.T) {
			s := newSaved(t)
			store, _, err := openStore(s.data, "", func(string) string { return "" }, bolt.Options{})
			must(t, err)
			must(t, store.Append(t.Context(), storage.Change{Case: "P-7K3F", Entries: closedAt(t, time.Now().AddDate(-2, 0, -40), true)}))
			must(t, store.Close())
			file, err := bolt.Open(s.data, bolt.Options{})
			must(t, err)
			must(t, errors.Join(file.MarkRestored(t.Context(), time.Now().Add(-test.restored)), file.Close()))
			s.does(done, "", "purge")
			if there := s.codes()["P-7K3F"] != 0; there != test.there {
				t.Errorf("it is there: %v", there)
			}
		})
	}
}

// A case in which something was decided after it was looked at is not destroyed.
func TestPurgeWhileSomebodyWorks(t *testing.T) {
	s := newSaved(t)
	store, _, err := openStore(s.data, "", func(string) string { return "" }, bolt.Options{})
	must(t, err)
	at := time.Now().AddDate(-2, 0, -40)
	for _, code := range []casework.Code{"P-7K3F", "P-7K3G"} {
		journal := restingSince(t, at, true, casework.ConsentGiven{Consent: casework.Consent{Version: 1}})
		must(t, store.Append(t.Context(), storage.Change{Case: code, Entries: journal}))
	}
	must(t, store.Close())
	cfg, err := config.Load(s.config, func(string) string { return "" })
	must(t, err)
	v, err := newService(cfg, locales.Departement{}, streams{err: io.Discard, getenv: func(string) string { return "" }})
	must(t, err)
	outlived, err := v.outlived(t.Context(), time.Now())
	must(t, err)
	if len(outlived) != 2 {
		t.Fatalf("to be destroyed: %v", outlived)
	}
	raw, err := casework.Encode(casework.Entry{At: time.Now(), By: "u1", Fact: casework.ConsentGiven{Consent: casework.Consent{Version: 2}}})
	must(t, err)
	must(t, v.sealed.Append(t.Context(), storage.Change{Case: "P-7K3F", Base: outlived[0].Seq, Entries: [][]byte{raw}}))
	must(t, v.purge(t.Context(), streams{operator: "upkeep"}, outlived))
	must(t, v.close())
	if left := s.codes(); left["P-7K3F"] == 0 || left["P-7K3G"] != 0 {
		t.Errorf("left: %v", left)
	}
}

// A change of the set-up is for every case from the next night on. None is destroyed by
// it before its new end was announced, nor one that is to be kept longer, whoever asks
// first.
func TestRetentionOfASetUp(t *testing.T) {
	s := newSaved(t)
	now := time.Now()
	store, _, err := openStore(s.data, "", func(string) string { return "" }, bolt.Options{})
	must(t, err)
	must(t, store.Append(t.Context(), storage.Change{Case: "P-7K3F", Entries: closedAt(t, now.AddDate(-2, 0, -40), true)}))
	must(t, store.Append(t.Context(), storage.Change{Case: "P-7K3G", Entries: closedAt(t, now.AddDate(-1, -6, 0), true)}))
	must(t, store.Close())
	before := s.codes()
	for _, months := range []int{36, 36, 12} {
		text, err := os.ReadFile(s.config)
		must(t, err)
		set := regexp.MustCompile(`(?m)^(retention_months = \d+\n)?listen`).ReplaceAll(text, fmt.Appendf(nil, "retention_months = %d\nlisten", months))
		must(t, os.WriteFile(s.config, set, 0o600))
		s.does(done, "", "purge")
		if !maps.Equal(before, s.codes()) {
			t.Errorf("%d months, and the purge does something", months)
		}
		for code, entries := range before {
			if c := s.caseOf(code); c != nil && c.SetRetention(months) != nil {
				before[code] = entries + 1
			}
		}
		cfg, err := config.Load(s.config, func(string) string { return "" })
		must(t, err)
		v, err := newService(cfg, locales.Departement{}, streams{err: io.Discard, getenv: func(string) string { return "" }})
		must(t, err)
		must(t, v.forget(t.Context(), now))
		must(t, v.close())
		if after := s.codes(); !maps.Equal(before, after) {
			t.Errorf("%d months: %v entries, want %v", months, after, before)
		}
	}
	if until := s.caseOf("P-7K3G").KeptUntil(time.UTC); until < casework.DayOf(now).Add(30) {
		t.Errorf("kept until %s, which cannot be announced", until)
	}
}

// caseOf gives a case, or nil of a journal that tells of none.
func (s saved) caseOf(code casework.Code) *casework.Case {
	s.Helper()
	if _, ok := casework.ParseCode(string(code)); !ok {
		return nil
	}
	store, _, err := openStore(s.data, "", func(string) string { return "" }, bolt.Options{})
	must(s.T, err)
	defer store.Close()
	journal, err := store.Load(s.Context(), code)
	must(s.T, err)
	c, err := casework.Read(code, journal.Entries)
	must(s.T, err)
	return c
}
