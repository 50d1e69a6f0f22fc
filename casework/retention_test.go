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

	// Nor is a case of which the person took back her consent, or a proposal that she
	// has not answered, destroyed sooner, or kept longer.
	left := map[string][]casework.Fact{
		"withdrawn": {casework.Opened{Person: "x"}, casework.ConsentGiven{Consent: casework.Consent{Version: 1}}, casework.ConsentWithdrawn{}},
		"proposed":  {casework.Opened{Person: "x"}},
		"under way": {casework.Opened{Person: "x"}, casework.ConsentGiven{Consent: casework.Consent{Version: 1}}},
	}
	for name, facts := range left {
		c := casework.Fold("P-7K3F", nil)
		for _, fact := range append(facts, casework.Reminded{Key: key}) {
			at := closed
			if _, ok := fact.(casework.Reminded); ok {
				at = last.AddDate(0, 0, -31)
			}
			c.Apply(casework.Entry{Seq: c.Seq + 1, At: at, By: "u1", Fact: fact})
		}
		if c.Outlived(last) || c.Outlived(last.AddDate(0, 0, 1)) == (name == "under way") {
			t.Errorf("%s: outlived on the last day %v, after it %v", name, c.Outlived(last), c.Outlived(last.AddDate(0, 0, 1)))
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

// A case is kept as long as was last said. What is said after the end leaves time to
// announce the new day: never is a case to be destroyed that was not announced for
// thirty days.
func TestKeptAsLongAsIsSaid(t *testing.T) {
	closed := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		months int
		said   time.Time
		want   casework.Day
	}{
		"longer, before the end":    {36, closed.AddDate(0, -1, 0), "2029-03-02"},
		"shorter, before the end":   {6, closed.AddDate(0, -1, 0), "2026-09-02"},
		"longer, after the end":     {36, closed.AddDate(1, 0, 0), "2029-03-02"},
		"shorter, and far":          {12, closed.AddDate(0, 3, 0), "2027-03-02"},
		"shorter, and nearly there": {12, closed.AddDate(0, 12, -20), "2027-03-13"},
		"shorter, and over already": {12, closed.AddDate(0, 18, 0), "2027-10-03"},
	} {
		t.Run(name, func(t *testing.T) {
			c := casework.Fold("P-7K3F", nil)
			for _, e := range []casework.Entry{
				{At: closed.AddDate(-1, 0, 0), By: "u1", Fact: casework.Opened{Person: "x"}},
				{At: closed, By: "u1", Fact: casework.CaseClosed{}},
			} {
				e.Seq = c.Seq + 1
				c.Apply(e)
			}
			say := func() {
				for _, fact := range c.SetRetention(test.months) {
					c.Apply(casework.Entry{Seq: c.Seq + 1, At: test.said, Fact: fact})
				}
			}
			if say(); c.KeptUntil(time.UTC) != test.want || c.KeptMonths() != test.months {
				t.Errorf("kept %d months, until %s, want %s", c.KeptMonths(), c.KeptUntil(time.UTC), test.want)
			}
			if seq := c.Seq; seq == 2 {
				t.Error("nothing was said")
			} else if say(); c.Seq != seq {
				t.Error("said twice")
			}
			now, announced := test.said, time.Time{}
			if now.Before(closed) {
				now = closed
			}
			for ; !c.Outlived(now); now = now.Add(12 * time.Hour) {
				if now.After(closed.AddDate(4, 0, 0)) {
					t.Fatal("kept for ever")
				}
				_, record := c.Due(casework.DefaultPolicy(), now)
				for _, fact := range record {
					announced = now
					c.Apply(casework.Entry{Seq: c.Seq + 1, At: now, Fact: fact})
				}
			}
			if casework.DayOf(now) <= test.want || now.Sub(announced) < 30*24*time.Hour {
				t.Errorf("destroyed on %s, announced on %s", now, announced)
			}
		})
	}
}

// A case is opened with what is said where it is, unless that is the usual.
func TestOpenedToBeKept(t *testing.T) {
	for months, want := range map[int]int{0: casework.RetentionMonths, casework.RetentionMonths: casework.RetentionMonths, 36: 36} {
		facts, err := casework.Open("P-7K3F", anna, casework.Proposal{
			Person: "x", Household: casework.OnePerson, Answer: casework.Thinking, Author: casework.Professional{Name: "Anna"}, Keep: months,
		}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		c := casework.Fold("P-7K3F", nil)
		for _, fact := range facts {
			c.Apply(casework.Entry{Seq: c.Seq + 1, At: time.Now(), By: anna, Fact: fact})
		}
		if c.KeptMonths() != want || (len(facts) == 1) != (want == casework.RetentionMonths) {
			t.Errorf("%d: kept %d months by %v", months, c.KeptMonths(), facts)
		}
	}
}
