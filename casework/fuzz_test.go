package casework_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parcours/casework"
)

// FuzzDecode reads any bytes as an entry: what can be read is written and read
// again the same.
func FuzzDecode(f *testing.F) {
	for _, fact := range samples() {
		raw, err := casework.Encode(casework.Entry{At: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), By: "u1", Fact: fact})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte(`{"k":"opened","t":"2026-11-20T09:00:00Z","d":null}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := casework.Decode(7, raw)
		if err != nil {
			return
		}
		again, err := casework.Encode(e)
		if err != nil {
			return // a date that has no writing, as year 10 000
		}
		back, err := casework.Decode(7, again)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, again)
		}
		third, err := casework.Encode(back)
		if err != nil || !bytes.Equal(again, third) {
			t.Errorf("written twice, it differs (%v):\n%s", err, cmp.Diff(string(again), string(third)))
		}
	})
}

// FuzzRead folds any journal, and asks all that is asked of a case.
func FuzzRead(f *testing.F) {
	var all [][]byte
	for _, fact := range samples() {
		raw, err := casework.Encode(casework.Entry{At: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), By: "u1", Fact: fact})
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, raw)
	}
	f.Add(bytes.Join(all, []byte("\n")))
	f.Add(bytes.Join(all[:5], []byte("\n")))
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	f.Fuzz(func(_ *testing.T, text []byte) {
		journal := bytes.Split(text, []byte("\n"))
		if m, err := casework.ReadMailbox(casework.MailboxCode("x"), journal); err == nil {
			m.Due(casework.DefaultPolicy().Hours(time.UTC), now)
			m.Standing()
		}
		c, err := casework.Read("P-7K3F", journal)
		if err != nil || len(journal) > 200 {
			return
		}
		c.Due(casework.DefaultPolicy(), now)
		c.Covers("u1", casework.Housing, now)
		c.Coordinator()
	})
}
