package caseworktest_test

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"parcours/casework"
	"parcours/casework/caseworktest"
)

func TestPlausibleCases(t *testing.T) {
	start := time.Date(2026, 1, 5, 9, 0, 0, 0, caseworktest.Zone())
	draw := func(seed uint64, days int) []casework.Entry {
		return caseworktest.Plausible(rand.New(rand.NewPCG(seed, 0)), "P-2222", start, start.AddDate(0, 0, days))
	}
	states := map[casework.State]int{}
	entries := 0
	for seed := range uint64(500) {
		journal := draw(seed, 730)
		c := casework.Fold("P-2222", journal)
		states[c.State]++
		entries += len(journal)
		if last := journal[len(journal)-1].At; last.After(start.AddDate(0, 0, 730)) {
			t.Fatalf("draw %d goes on until %s", seed, last)
		}
		if short := draw(seed, 30); !reflect.DeepEqual(short, draw(seed, 30)) {
			t.Fatalf("draw %d is not the same twice", seed)
		}
	}
	if states[casework.Proposed] == 0 || states[casework.Followed] == 0 || states[casework.Closed] == 0 {
		t.Errorf("drawn: %v", states)
	}
	if mean := entries / 500; mean < 22 || mean > 32 {
		t.Errorf("%d entries in a case", mean)
	}
}
