package figures_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"parcours/casework/figures"
)

// Of few tables all small sheets that could be are masked: what is published of
// one is published of another as well, for each count that it masks.
func TestEachPublicationLeavesADoubt(t *testing.T) {
	for name, test := range map[string]struct {
		tables     []string // from the top down
		free       []figures.Quantity
		most, sure int // sheets up to most are tried, which are all that one up to sure could be
	}{
		"one table":            {[]string{"all = a + b + c"}, []figures.Quantity{"a", "b", "c"}, 30, 26},
		"a row in two":         {[]string{"one = x + a", "two = x + b"}, []figures.Quantity{"x", "a", "b"}, 30, 26},
		"a chain":              {[]string{"all = a + b", "b = c + d"}, []figures.Quantity{"a", "c", "d"}, 30, 26},
		"rows that overlap":    {[]string{"all > a, b"}, []figures.Quantity{"all", "a", "b"}, 30, 26},
		"a row that has parts": {[]string{"all > a", "a = b + c"}, []figures.Quantity{"all", "b", "c"}, 30, 26},
		"two totals":           {[]string{"all > a, b", "a = c + d"}, []figures.Quantity{"all", "b", "c", "d"}, 16, 12},
		"tables that cross": {[]string{"all = one + two", "all = left + right", "one = a + b", "two = c + d", "left = a + c", "right = b + d"},
			[]figures.Quantity{"a", "b", "c", "d"}, 16, 12},
	} {
		t.Run(name, func(t *testing.T) {
			first := map[string]figures.Sheet{}
			differ := map[string]map[figures.Quantity]bool{}
			every(test.tables, test.free, test.most, counts{}, func(s figures.Sheet) {
				p := published(s)
				if _, ok := first[p]; !ok {
					first[p], differ[p] = s, map[figures.Quantity]bool{}
				}
				for q, n := range s.Counts {
					differ[p][q] = differ[p][q] || n != first[p].Counts[q]
				}
			})
			for p, s := range first {
				if slices.Max(slices.Collect(maps.Values(s.Counts))) > test.sure {
					continue
				}
				shown := figures.Mask(s)
				for q, n := range s.Counts {
					if _, ok := shown.Count(q); !ok && !differ[p][q] {
						t.Errorf("%v is shown as %s: %s is masked, and can only be %d", s.Counts, p, q, n)
					}
				}
			}
		})
	}
}

// published writes what is shown of s.
func published(s figures.Sheet) string {
	shown, all := figures.Mask(s), counts{}
	for q := range s.Counts {
		if n, ok := shown.Count(q); ok {
			all[q] = n
		}
	}
	return fmt.Sprint(all)
}

// every makes all sheets of the tables that count up to most, the free quantities
// being any number and the others their sums.
func every(tables []string, free []figures.Quantity, most int, given counts, do func(figures.Sheet)) {
	if len(free) > 0 {
		for n := range most + 1 {
			given[free[0]] = n
			every(tables, free[1:], most, given, do)
		}
		return
	}
	s := parts(maps.Clone(given), tables...)
	for _, table := range slices.Backward(s.Tables) {
		sum := 0
		for _, q := range table.Rows {
			if sum += s.Counts[q]; table.Kind == figures.Among && s.Counts[q] > s.Counts[table.Total] {
				return
			}
		}
		if table.Kind == figures.Parts {
			s.Counts[table.Total] = sum
		}
		if s.Counts[table.Total] > most {
			return
		}
	}
	do(s)
}
