package casework_test

import (
	"testing"
	"time"

	"parcours/casework"
)

// A closed case is destroyed after the last day it is kept, and never before it was
// announced for thirty days.
func TestOutlived(t *testing.T) {
	zone := time.UTC
	closed := time.Date(2026, 3, 2, 10, 0, 0, 0, zone)
	c := func(noticed time.Time, key string) *casework.Case {
		entries := []casework.Entry{
			{Seq: 1, At: closed.AddDate(-1, 0, 0), By: "u1", Fact: casework.Opened{Person: "x"}},
			{Seq: 2, At: closed, By: "u1", Fact: casework.CaseClosed{}},
		}
		if !noticed.IsZero() {
			entries = append(entries, casework.Entry{Seq: 3, At: noticed, Fact: casework.Reminded{Key: key}})
		}
		return casework.Fold("P-7K3F", entries)
	}
	last := time.Date(2028, 3, 2, 23, 0, 0, 0, zone)
	key := "retention//2028-03-02/-30"
	for name, test := range map[string]struct {
		c    *casework.Case
		now  time.Time
		want bool
	}{
		"on the last day":         {c(last.AddDate(0, 0, -31), key), last, false},
		"on the day after":        {c(last.AddDate(0, 0, -31), key), last.AddDate(0, 0, 1), true},
		"never announced":         {c(time.Time{}, ""), last.AddDate(1, 0, 0), false},
		"announced late":          {c(last, key), last.AddDate(0, 0, 29), false},
		"announced late, and due": {c(last, key), last.AddDate(0, 0, 30), true},
		"another reminder":        {c(last.AddDate(0, 0, -31), "retention//2027-03-02/-30"), last.AddDate(0, 1, 0), false},
		"not closed":              {casework.Fold("P-7K3F", nil), last.AddDate(9, 0, 0), false},
	} {
		if got := test.c.Outlived(test.now); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}

	// What the reminders record is what is looked for.
	closing := c(time.Time{}, "")
	_, record := closing.Due(casework.DefaultPolicy(), last)
	for i, fact := range record {
		closing.Apply(casework.Entry{Seq: closing.Seq + uint64(i) + 1, At: last.AddDate(0, 0, -30), Fact: fact})
	}
	if !closing.Outlived(last.AddDate(0, 0, 1)) {
		t.Errorf("announced by %v, and not outlived", record)
	}
}
