package casework_test

import (
	"strings"
	"testing"
	"time"

	"parcours/casework"
	"parcours/casework/caseworktest"

	"pgregory.net/rapid"
)

// However a case was worked on, and however seldom anybody looks, it is not destroyed
// as long as it is to be kept after a decision, or after the last day of a consent that
// nobody ended; nor within thirty days of its announcement. Left alone, it is destroyed.
func TestNothingIsDestroyedThatWasWorkedOn(t *testing.T) {
	destroyed := map[casework.State]int{}
	check := func(t *rapid.T) {
		l := caseworktest.Begin(t, caseworktest.Users())
		for range caseworktest.Below(t, 80, "steps") {
			l.Step(t)
		}
		p := casework.DefaultPolicy()
		look := func() bool {
			_, record := l.Case.Due(p, l.Now)
			l.Apply("", record)
			return l.Case.Outlived(l.Now)
		}
		for range caseworktest.Below(t, 12, "looks") {
			l.Now = l.Now.AddDate(0, 0, caseworktest.Below(t, 300, "days"))
			if look() {
				checkOutlived(t, l)
			}
			if caseworktest.Below(t, 3, "decides") == 0 {
				l.Step(t)
			}
		}
		for left := l.Now.AddDate(6, 0, 0); !look(); l.Now = l.Now.AddDate(0, 0, 1+caseworktest.Below(t, 50, "asleep")) {
			if l.Now.After(left) {
				t.Fatalf("%s, and not to be destroyed at %s", l.Case.State, l.Now)
			}
		}
		checkOutlived(t, l)
		destroyed[l.Case.State]++
	}
	for range 10 {
		rapid.Check(t, check)
	}
	for _, state := range []casework.State{casework.Proposed, casework.Consented, casework.Followed, casework.Closed, casework.Withdrawn} {
		if destroyed[state] == 0 {
			t.Errorf("nothing %s was ever destroyed: the test looks at nothing of it (%v)", state, destroyed)
		}
	}
}

// checkOutlived reads in the journal whether a case may be destroyed.
func checkOutlived(t *rapid.T, l *caseworktest.Life) {
	months, announced, ended := 24, time.Time{}, false
	var worked, agreed casework.Day
	for _, e := range l.Entries {
		over := ended // whoever leaves after the end changes nothing
		switch f := e.Fact.(type) {
		case casework.RetentionSet:
			months = f.Months
		case casework.ConsentGiven:
			agreed = f.Consent.Until
		case casework.CaseClosed, casework.ConsentWithdrawn:
			ended, over = true, false
		case casework.Reminded:
			if strings.HasPrefix(f.Key, "retention/") {
				announced = e.At
			}
		}
		if decision(e.Fact) && !over {
			worked = casework.DayOf(e.At)
		}
	}
	if !ended {
		worked = max(worked, agreed)
	}
	if today := casework.DayOf(l.Now); today <= worked.AddMonths(months) {
		t.Fatalf("worked on until %s, kept %d months, and destroyed on %s", worked, months, today)
	}
	if announced.IsZero() || l.Now.Sub(announced) < 30*24*time.Hour {
		t.Fatalf("announced at %s, and destroyed at %s", announced, l.Now)
	}
}
