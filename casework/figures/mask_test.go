package figures_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/casework/figures"
)

// parts makes a sheet of lines like "all = men + women"; "all > housing, work"
// is a table whose rows may overlap.
func parts(counts map[figures.Quantity]int, lines ...string) figures.Sheet {
	s := figures.Sheet{Counts: counts}
	for _, line := range lines {
		table := figures.Table{ID: line}
		total, rows, ok := strings.Cut(line, " = ")
		by := " + "
		if !ok {
			total, rows, _ = strings.Cut(line, " > ")
			table.Kind, by = figures.Among, ", "
		}
		table.Total = figures.Quantity(total)
		for _, q := range strings.Split(rows, by) {
			table.Rows = append(table.Rows, figures.Quantity(q))
		}
		s.Tables = append(s.Tables, table)
	}
	return s
}

// masked names what is not shown, in order.
func masked(s figures.Sheet, shown figures.Masked) string {
	all := map[string]bool{}
	for _, table := range s.Tables {
		for _, q := range members(table) {
			if _, ok := shown.Count(q); !ok {
				all[string(q)] = true
			}
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(all)), " ")
}

type counts = map[figures.Quantity]int

func TestMask(t *testing.T) {
	for name, test := range map[string]struct {
		sheet  figures.Sheet
		masked string
	}{
		"nothing small": {
			parts(counts{"all": 21, "a": 5, "b": 7, "c": 9}, "all = a + b + c"), "",
		},
		"a small one hides the smallest that suffices": {
			parts(counts{"all": 60, "a": 3, "b": 45, "c": 12}, "all = a + b + c"), "a c",
		},
		"the last of those alike": {
			parts(counts{"all": 33, "a": 3, "b": 11, "c": 10, "d": 9}, "all = a + b + c + d"), "a d",
		},
		"two empty ones still need a third": {
			parts(counts{"all": 30, "a": 0, "b": 0, "c": 19, "d": 11}, "all = a + b + c + d"), "a b d",
		},
		"a table of small ones hides no less than the total": {
			parts(counts{"all": 6, "a": 2, "b": 4}, "all = a + b"), "a all b",
		},
		"a small total hides all": {
			parts(counts{"all": 4, "a": 0, "b": 4}, "all = a + b"), "a all b",
		},
		"nothing at all": {
			parts(counts{}, "all = a + b"), "a all b",
		},
		"exactly five beside none": {
			parts(counts{"all": 24, "a": 19, "b": 5, "c": 0}, "all = a + b + c"), "a b c",
		},
		"a row that is the total of another table is spared": {
			parts(counts{"asked": 40, "yes": 22, "no": 3, "later": 15, "men": 10, "women": 12},
				"asked = yes + no + later", "yes = men + women"), "later no",
		},
		"a total of little is hidden sooner than a row of much": {
			parts(counts{"asked": 22, "yes": 22, "no": 0, "later": 0, "men": 10, "women": 12},
				"asked = yes + no + later", "yes = men + women"), "asked later no",
		},
		"a small row is the total of another table": {
			parts(counts{"asked": 40, "yes": 4, "no": 36, "men": 1, "women": 3},
				"asked = yes + no", "yes = men + women"), "men no women yes",
		},
		"a chain through three tables": {
			parts(counts{"all": 50, "a": 30, "b": 20, "c": 14, "d": 6, "e": 4, "f": 2},
				"all = a + b", "b = c + d", "d = e + f"), "c d e f",
		},
		"the same row in two tables": {
			parts(counts{"one": 20, "two": 30, "x": 3, "a": 17, "b": 27},
				"one = x + a", "two = x + b"), "a b x",
		},
		"rows that overlap do not tell of each other": {
			parts(counts{"all": 30, "housing": 20, "work": 12, "health": 3}, "all > housing, work, health"), "health",
		},
		"nearly everybody tells who is not": {
			parts(counts{"all": 30, "housing": 28, "work": 12}, "all > housing, work"), "housing",
		},
		"none beside the least of its size": {
			parts(counts{"all": 125, "a": 0, "b": 60, "c": 45, "d": 20}, "all = a + b + c + d"), "a d",
		},
		"the most of those below five beside the most of its size": {
			parts(counts{"all": 112, "a": 4, "b": 19, "c": 70, "d": 19}, "all = a + b + c + d"), "a b d",
		},
		"a pattern that only zeros would leave": {
			parts(counts{"all": 12, "met": 12, "housing": 6, "work": 7, "yes": 12, "no": 0, "later": 0, "never": 0, "unsaid": 0,
				"health": 1, "debts": 1, "family": 0},
				"all > met, housing, work", "met = yes + no + later + never + unsaid", "all > health, debts, family"),
			"debts family health later met never no unsaid yes",
		},
	} {
		t.Run(name, func(t *testing.T) {
			shown := figures.Mask(test.sheet)
			for q, n := range test.sheet.Counts {
				if m, ok := shown.Count(q); ok && m != n {
					t.Errorf("%s is %d, shown as %d", q, n, m)
				}
			}
			if got := masked(test.sheet, shown); got != test.masked {
				t.Errorf("masked: %q, want %q", got, test.masked)
			}
			for _, mind := range []mind{informed, clever} {
				if known := attack(test.sheet, shown, mind); len(known) > 0 {
					t.Errorf("worked out: %v", known)
				}
			}
		})
	}
}

func TestNothingIsShownOfAContradiction(t *testing.T) {
	for name, s := range map[string]figures.Sheet{
		"less than the parts": parts(counts{"all": 30, "a": 20, "b": 20}, "all = a + b"),
		"less than none":      parts(counts{"all": 30, "a": 40, "b": -10}, "all = a + b"),
		"more than all":       parts(counts{"all": 30, "a": 40, "b": 10}, "all > a, b"),
	} {
		t.Run(name, func(t *testing.T) {
			s.Measures = []figures.Measure{{ID: "days", Over: "all"}}
			shown := figures.Mask(s)
			if _, ok := shown.Measure("days"); ok || masked(s, shown) != "a all b" {
				t.Errorf("masked: %q, days shown: %t", masked(s, shown), ok)
			}
		})
	}
}

// A measure is shown with the count it rests on, a share with both of its own.
func TestMeasures(t *testing.T) {
	s := parts(counts{"ended": 12, "better": 9, "worse": 3}, "ended = better + worse")
	s.Measures = []figures.Measure{{ID: "days", Value: 97.5, Over: "ended"}, {ID: "days when worse", Value: 12, Over: "worse"}}
	s.Counts["women"], s.Counts["heard"] = 5, 20
	shown := figures.Mask(s)
	if v, ok := shown.Measure("days"); v != 97.5 == ok {
		t.Errorf("days: %v, %t", v, ok)
	}
	if v, ok := shown.Measure("days when worse"); ok || v != 0 {
		t.Errorf("days when worse: %v, %t", v, ok)
	}
	if v, ok := shown.Share("women", "heard"); v != 25 || !ok {
		t.Errorf("women: %v, %t", v, ok)
	}
	for _, q := range []figures.Quantity{"better", "worse", "nobody"} {
		if v, ok := shown.Share(q, "ended"); ok || v != 0 {
			t.Errorf("%s: %v, %t", q, v, ok)
		}
		if v, ok := shown.Share("ended", q); ok || v != 0 {
			t.Errorf("of %s: %v, %t", q, v, ok)
		}
	}
}

// large is a sheet like a year of a département: a table of answers, and many
// profiles of those who accepted.
func large() figures.Sheet {
	s := figures.Sheet{Counts: counts{"asked": 200, "yes": 150, "no": 47, "later": 3}}
	s.Tables = []figures.Table{{ID: "answers", Total: "asked", Rows: []figures.Quantity{"yes", "no", "later"}}}
	for i := range 20 {
		table := figures.Table{ID: fmt.Sprint("t", i), Total: "yes", Kind: figures.Kind(i % 2)}
		left := 150
		for j := range 12 {
			q := figures.Quantity(fmt.Sprint(i, " ", j))
			v := min(left, (i+j*j*j)%31)
			if j == 11 {
				v = left
			}
			left -= v
			table.Rows, s.Counts[q] = append(table.Rows, q), v
		}
		s.Tables = append(s.Tables, table)
	}
	return s
}

// cornered is as large, with nobody beside five in each of its tables.
func cornered() figures.Sheet {
	s := large()
	for _, table := range s.Tables[1:] {
		if table.Kind == figures.Parts {
			for j, n := range []int{0, 60, 11, 13, 0, 20, 9, 7, 0, 5, 5, 20} {
				s.Counts[table.Rows[j]] = n
			}
		}
	}
	return s
}

// Masking takes a moment, not a pause. The bound leaves room for a slow machine.
func TestMaskingIsQuick(t *testing.T) {
	for _, s := range []figures.Sheet{large(), cornered()} {
		start := time.Now()
		figures.Mask(s)
		if took := time.Since(start); took > time.Second {
			t.Errorf("%d cells took %s", len(s.Counts), took)
		}
	}
}

func BenchmarkMask(b *testing.B) {
	for name, s := range map[string]figures.Sheet{"large": large(), "cornered": cornered()} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				figures.Mask(s)
			}
		})
	}
}
