package figures_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"parcours/casework/figures"

	"pgregory.net/rapid"
)

// An attacker has the publication, knows how the tables hang together and that
// counts are whole and not negative. It tries one number after the other.
type attacker struct {
	mind   mind
	sheet  figures.Sheet
	shown  figures.Masked
	masked map[figures.Quantity]bool
	guess  map[figures.Quantity]int
	other  map[figures.Quantity]bool // seen to be possibly another number
	trials int
	wild   *rand.Rand // nil while guesses stay near the truth
}

// A mind is what else an attacker has.
type mind int

const (
	informed mind = iota // knows which masked counts are small
	clever               // has Mask itself to try guesses with
)

// The attacker gives up after so many guesses of one sort, and then is
// said to have won.
const trialsMax = 30_000

// attack gives the masked quantities of which only one number is possible. Where
// to find others is whispered by Mask's own work, and believed when it proves true.
func attack(s figures.Sheet, shown figures.Masked, mind mind) (known []figures.Quantity) {
	a := &attacker{mind: mind, sheet: s, shown: shown, masked: map[figures.Quantity]bool{}, other: map[figures.Quantity]bool{}}
	published := map[figures.Quantity]int{}
	for q := range s.Counts {
		if n, ok := shown.Count(q); ok {
			published[q] = n
		} else {
			a.masked[q] = true
		}
	}
	for _, hint := range figures.Guesses(s) {
		if a.guess = hint.Counts; a.possible() {
			a.keep()
		}
	}
	for _, q := range slices.Sorted(maps.Keys(a.masked)) {
		a.guess = maps.Clone(published)
		if !a.other[q] && !a.search(a.from(q)) {
			known = append(known, q)
		}
	}
	return known
}

// from gives what is masked, from q on to what hangs on it.
func (a *attacker) from(q figures.Quantity) []figures.Quantity {
	order := []figures.Quantity{q}
	for i := 0; i < len(order); i++ {
		for _, t := range a.sheet.Tables {
			if all := members(t); slices.Contains(all, order[i]) {
				for _, next := range all {
					if a.masked[next] && !slices.Contains(order, next) {
						order = append(order, next)
					}
				}
			}
		}
	}
	return order
}

func members(t figures.Table) []figures.Quantity { return append(slices.Clone(t.Rows), t.Total) }

// search tries guesses near the truth first, then wild ones.
func (a *attacker) search(order []figures.Quantity) bool {
	a.wild = nil
	for changes := 1; changes <= 4; changes++ {
		if a.trials = 0; a.try(order, 0, changes) {
			return true
		}
	}
	a.wild = rand.New(rand.NewPCG(1, 2))
	for range 400 {
		if a.trials = trialsMax - 300; a.try(order, 0, len(order)) {
			return true
		}
	}
	return false
}

// try gives numbers to order[i] and those after it, the first of order and at
// most so many not getting their own.
func (a *attacker) try(order []figures.Quantity, i, changes int) bool {
	if a.trials++; a.trials > trialsMax || !a.possible() {
		return false
	}
	if i == len(order) {
		return a.keep()
	}
	q := order[i]
	defer delete(a.guess, q)
	for _, v := range a.numbers(q) {
		left := changes
		if v != a.sheet.Counts[q] {
			left--
		} else if i == 0 {
			continue
		}
		if a.guess[q] = v; left >= 0 && a.try(order, i+1, left) {
			return true
		}
	}
	return false
}

// numbers gives what q could be: what a table leaves for it, or else what
// it is, something near, or anything.
func (a *attacker) numbers(q figures.Quantity) []int {
	for _, t := range a.sheet.Tables {
		if t.Kind == figures.Among || !slices.Contains(members(t), q) {
			continue
		}
		left, unknown := a.guess[t.Total], 0
		for _, m := range members(t) {
			if _, ok := a.guess[m]; !ok {
				unknown++
			}
		}
		for _, r := range t.Rows {
			left -= a.guess[r]
		}
		if q == t.Total {
			left = -left
		}
		if unknown == 1 {
			return []int{left}
		}
	}
	n := a.sheet.Counts[q]
	near := []int{n, n + 1, n - 1}
	if a.wild != nil {
		for range 3 {
			near = append(near, a.wild.IntN(8), a.wild.IntN(30))
		}
		a.wild.Shuffle(len(near), func(i, j int) { near[i], near[j] = near[j], near[i] })
	}
	return near
}

// possible reports whether the guess so far contradicts no table.
func (a *attacker) possible() bool {
	for _, t := range a.sheet.Tables {
		total, known := a.guess[t.Total]
		sum, all := 0, true
		for _, q := range t.Rows {
			n, ok := a.guess[q]
			if ok && (n < 0 || known && n > total) {
				return false
			}
			sum, all = sum+n, all && ok
		}
		if t.Kind == figures.Parts && known && (sum > total || all && sum != total) {
			return false
		}
	}
	return true
}

// keep takes in a guess that has the same small counts, or, for a clever attacker,
// would have been published just so.
func (a *attacker) keep() bool {
	guessed := a.sheet
	guessed.Counts = maps.Clone(a.sheet.Counts) // what hangs on nothing tried stays
	maps.Copy(guessed.Counts, a.guess)
	if a.mind == informed {
		for q := range a.masked {
			if (guessed.Counts[q] < figures.Least) != (a.sheet.Counts[q] < figures.Least) {
				return false
			}
		}
	}
	if a.mind == clever {
		again := figures.Mask(guessed)
		for q, n := range guessed.Counts {
			if m, ok := again.Count(q); ok == a.masked[q] || ok && m != n {
				return false
			}
		}
	}
	for q := range a.masked {
		if v, ok := a.guess[q]; ok && v != a.sheet.Counts[q] {
			a.other[q] = true
		}
	}
	return true
}

// sheets draws sheets of tables that share totals and rows.
func sheets(least int) *rapid.Generator[figures.Sheet] {
	return rapid.Custom(func(t *rapid.T) figures.Sheet {
		s := figures.Sheet{Counts: map[figures.Quantity]int{}}
		count := rapid.OneOf(rapid.IntRange(least, least+3), rapid.IntRange(least, 8), rapid.IntRange(least, 25))
		roots := []figures.Quantity{}
		for i := range rapid.IntRange(1, 3).Draw(t, "tables") {
			table := figures.Table{ID: fmt.Sprint("t", i), Total: figures.Quantity(fmt.Sprint("t", i))}
			if len(roots) > 0 && rapid.Bool().Draw(t, "linked") {
				table.Total = rapid.SampledFrom(roots).Draw(t, "total")
			}
			total, known := s.Counts[table.Total]
			left := total
			table.Kind = rapid.SampledFrom([]figures.Kind{figures.Parts, figures.Parts, figures.Among}).Draw(t, "kind")
			for j := range rapid.IntRange(2, 4).Draw(t, "rows") {
				q := figures.Quantity(fmt.Sprint("t", i, "r", j))
				v := count.Draw(t, "count")
				if known && table.Kind == figures.Parts {
					if left < 2*least {
						break
					}
					v = min(v, left-least)
				} else if known {
					v = min(v, total)
				}
				left -= v
				s.Counts[q], table.Rows = v, append(table.Rows, q)
			}
			switch {
			case known && table.Kind == figures.Parts:
				q := figures.Quantity(fmt.Sprint("t", i, "rest"))
				s.Counts[q], table.Rows = left, append(table.Rows, q)
			case !known && table.Kind == figures.Parts:
				s.Counts[table.Total] = -left
			case !known:
				for _, q := range table.Rows {
					total = max(total, s.Counts[q])
				}
				s.Counts[table.Total] = total + count.Draw(t, "more")
			}
			s.Tables = append(s.Tables, table)
			roots = append(append(roots, table.Total), table.Rows...)
		}
		return s
	})
}

// crossed draws a table by rows and by columns at once, whose sums are rows of
// two more tables.
func crossed() *rapid.Generator[figures.Sheet] {
	return rapid.Custom(func(t *rapid.T) figures.Sheet {
		s := figures.Sheet{Counts: map[figures.Quantity]int{}}
		down := figures.Table{ID: "down", Total: "all"}
		across := figures.Table{ID: "across", Total: "all"}
		columns := make([]figures.Table, 3)
		for r := range 3 {
			line := figures.Table{ID: fmt.Sprint("row", r), Total: figures.Quantity(fmt.Sprint("row", r))}
			for c := range columns {
				q := figures.Quantity(fmt.Sprint("r", r, "c", c))
				v := rapid.OneOf(rapid.IntRange(0, 6), rapid.IntRange(0, 25)).Draw(t, "count")
				columns[c].ID, columns[c].Total = fmt.Sprint("column", c), figures.Quantity(fmt.Sprint("column", c))
				columns[c].Rows, line.Rows = append(columns[c].Rows, q), append(line.Rows, q)
				s.Counts[q] = v
				s.Counts[line.Total] += v
				s.Counts[columns[c].Total] += v
				s.Counts["all"] += v
			}
			s.Tables, down.Rows = append(s.Tables, line), append(down.Rows, line.Total)
		}
		for _, column := range columns {
			s.Tables, across.Rows = append(s.Tables, column), append(across.Rows, column.Total)
		}
		s.Tables = append(s.Tables, down, across)
		return s
	})
}

// Nobody works a masked count out, not even by trying on Mask what could be.
func TestAttackersLearnNothing(t *testing.T) {
	for name, test := range map[string]struct {
		drawn *rapid.Generator[figures.Sheet]
		mind  mind
	}{
		"tables that form a tree":              {sheets(0), clever},
		"tables that form a tree, small known": {sheets(0), informed},
		"tables that cross":                    {crossed(), clever},
		"tables that cross, small known":       {crossed(), informed},
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				s := test.drawn.Draw(t, "sheet")
				shown := figures.Mask(s)
				for q, n := range s.Counts {
					if _, ok := shown.Count(q); ok && n < figures.Least {
						t.Fatalf("%s is %d and shown", q, n)
					}
				}
				if known := attack(s, shown, test.mind); len(known) > 0 {
					t.Fatalf("worked out: %v", known)
				}
			})
		})
	}
}

// The masked counts of a table, when their sum can be told, are together no
// small count either.
func TestWhatIsMaskedTogetherIsNotSmall(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := sheets(0).Draw(t, "sheet")
		shown := figures.Mask(s)
		for _, table := range s.Tables {
			total, ok := shown.Count(table.Total)
			if !ok || table.Kind == figures.Among {
				continue
			}
			rest := total
			for _, q := range table.Rows {
				n, _ := shown.Count(q)
				rest -= n
			}
			if rest > 0 && rest < figures.Least {
				t.Fatalf("%s: the masked rows count %d", table.ID, rest)
			}
		}
	})
}

// A sheet without a small count, or a small rest, is shown whole.
func TestNothingSmallNothingMasked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := sheets(figures.Least).Draw(t, "sheet")
		s.Tables = slices.DeleteFunc(s.Tables, func(table figures.Table) bool {
			return table.Kind == figures.Among && slices.ContainsFunc(table.Rows, func(q figures.Quantity) bool {
				return s.Counts[table.Total]-s.Counts[q] < figures.Least
			})
		})
		shown := figures.Mask(s)
		for q, n := range s.Counts {
			if m, ok := shown.Count(q); !ok || m != n {
				t.Fatalf("%s is masked", q)
			}
		}
	})
}

// The same sheet is masked the same way each time.
func TestMaskingIsDeterministic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(sheets(0), crossed()).Draw(t, "sheet")
		if first, second := figures.Mask(s), figures.Mask(s); !reflect.DeepEqual(first, second) {
			t.Fatalf("%v, then %v", first, second)
		}
	})
}
