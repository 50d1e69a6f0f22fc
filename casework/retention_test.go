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

	// Nor is a case of which the person took back her consent, a proposal that she has
	// not answered, or a case that nobody works on, destroyed sooner, or kept longer.
	agreed := func(until casework.Day) casework.Fact {
		return casework.ConsentGiven{Consent: casework.Consent{Version: 1, Until: until}}
	}
	left := map[string][]casework.Fact{
		"withdrawn": {casework.Opened{Person: "x"}, agreed("2027-03-01"), casework.ConsentWithdrawn{}},
		"proposed":  {casework.Opened{Person: "x"}},
		"left":      {casework.Opened{Person: "x"}, agreed("2026-03-02")},
		"under way": {casework.Opened{Person: "x"}, agreed("2026-03-03")},
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

// A case that has not ended is kept from what was last decided, or from the end of the
// consent if that is later; what the program notes by itself, and who looked at it, do
// not count. Nobody reads it longer for it.
func TestKeptWhileNobodyWorksOnIt(t *testing.T) {
	grant := func(s *story, v casework.Consent) { s.do(s.Grant(anna, v, s.now)) }
	agreed := proposal(casework.Accepts).Consent
	for name, test := range map[string]struct {
		change func(*story)
		want   casework.Day
	}{
		"from the end of the consent": {func(*story) {}, "2029-09-01"},
		"decided while it runs":       {func(s *story) { s.on("2027-08-31", 10).do(s.Leave(chloe)) }, "2029-09-01"},
		"decided on its last day":     {func(s *story) { s.on("2027-09-01", 23).do(s.Leave(chloe)) }, "2029-09-01"},
		"decided after it":            {func(s *story) { s.on("2027-12-05", 23).do(s.Leave(chloe)) }, "2029-12-05"},
		"decided on a 29 February":    {func(s *story) { s.on("2028-02-29", 10).do(s.Leave(chloe)) }, "2030-02-28"},
		"whatever the program notes": {func(s *story) {
			s.on("2028-05-01", 10)
			for _, fact := range []casework.Fact{
				casework.ChannelOpened{Channel: "x"}, casework.ChannelMoved{Channel: "y"}, casework.Shown{Key: "k"}, casework.Withheld{},
				casework.Reminded{Key: "k"}, casework.SharingHeld{Reason: "public"}, casework.SharingResumed{}, casework.SharingSuspended{},
				casework.DocumentMade{Kind: "list"}, casework.Consulted{ID: "k1"}, casework.ChannelShut{}, casework.MissionEnded{User: chloe},
			} {
				s.do([]casework.Fact{fact}, nil)
			}
		}, "2029-09-01"},
		"agreed to anew":             {func(s *story) { grant(s.on("2028-01-10", 10), agreed) }, "2031-01-10"},
		"agreed to no longer":        {func(s *story) { s.do(s.Extend(anna, casework.Extension{Until: "2026-11-15"}, s.now)) }, "2028-11-15"},
		"agreed to for a day":        {func(s *story) { s.do(s.Extend(anna, casework.Extension{Until: "2026-09-01"}, s.now)) }, "2028-09-01"},
		"for twelve months":          {func(s *story) { s.do(s.SetRetention(12), nil) }, "2028-09-01"},
		"for three, said long after": {func(s *story) { s.on("2028-06-01", 10).do(s.SetRetention(3), nil) }, "2028-07-02"},
		"closed, though she agrees":  {func(s *story) { s.on("2026-12-01", 10).do(s.Close(casework.Closing{Reason: "moved away"})) }, "2028-12-01"},
		"withdrawn":                  {func(s *story) { s.on("2026-12-01", 10).do(s.Withdraw(martin)) }, "2028-12-01"},
	} {
		t.Run(name, func(t *testing.T) {
			s := followed(t)
			test.change(s)
			if day := s.KeptUntil(s.now.Location()); day != test.want {
				t.Errorf("kept until %s, want %s", day, test.want)
			}
			if s.Ended() {
				return
			}
			for _, user := range []casework.UserID{anna, bruno, chloe, martin} {
				if s.Covers(user, "", s.Consent().Until.Add(1).At(0, 1, s.now.Location())) {
					t.Errorf("%s reads after the end of the consent", user)
				}
			}
		})
	}
	register := casework.Fold(casework.Register, []casework.Entry{{Seq: 1, At: time.Now(), Fact: casework.RefusalCounted{}}})
	if day := register.KeptUntil(time.UTC); day != "" {
		t.Errorf("the register of refusals is kept until %s", day)
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
