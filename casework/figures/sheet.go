// Package figures says what may be published of counts of people: a Sheet is
// what was counted, Mask gives what may be shown of it.
//
// A count below Least is never shown, nor is any from which one could be worked
// out. Quantities have an identity, so that the one that ends one table and
// begins another is hidden in both or in neither.
package figures

import (
	"maps"
	"slices"
)

// Least is the smallest count that may be shown.
const Least = 5

// Quantity names something counted; the same name is the same number wherever
// it stands.
type Quantity string

// Kind says how the rows of a table relate to its total.
type Kind int

// The kinds. In a table of Parts everybody counted by the total is in exactly
// one row; in one of Among each row counts some of them, and somebody may be in
// several rows or in none.
const (
	Parts Kind = iota
	Among
)

// A Table is rows in order, and the total they relate to.
type Table struct {
	ID    string
	Kind  Kind
	Rows  []Quantity
	Total Quantity
}

// A Measure is a mean or a median over the counted quantity Over.
type Measure struct {
	ID    string
	Value float64
	Over  Quantity
}

// A Sheet is everything counted, as it is: not to be shown. What Counts does
// not name is 0.
type Sheet struct {
	Counts   map[Quantity]int
	Tables   []Table
	Measures []Measure
}

// Masked is what may be shown of a Sheet. It keeps no number that may not.
type Masked struct {
	Tables   []Table
	counts   map[Quantity]int
	measures map[string]float64
}

// Count gives the count of q, unless it is masked. One mark must stand for every
// masked count, whatever the reason.
func (m Masked) Count(q Quantity) (n int, shown bool) {
	n, shown = m.counts[q]
	return n, shown
}

// Share gives how many in a hundred of whole are in part, unless one of the two
// is masked.
func (m Masked) Share(part, whole Quantity) (percent float64, shown bool) {
	n, ok := m.counts[part]
	of, shown := m.counts[whole]
	if !ok || !shown {
		return 0, false
	}
	return 100 * float64(n) / float64(of), true
}

// Measure gives the measure id, unless the count it rests on is masked.
func (m Masked) Measure(id string) (value float64, shown bool) {
	value, shown = m.measures[id]
	return value, shown
}

// quantities are all that the sheet names, in its order.
func (s Sheet) quantities() []Quantity {
	var all []Quantity
	for _, t := range s.Tables {
		all = append(append(all, t.Total), t.Rows...)
	}
	for _, m := range s.Measures {
		all = append(all, m.Over)
	}
	all = append(all, slices.Sorted(maps.Keys(s.Counts))...)
	seen := map[Quantity]bool{}
	return slices.DeleteFunc(all, func(q Quantity) bool {
		again := seen[q]
		seen[q] = true
		return again
	})
}

// sound reports whether the counts are as the tables say.
func (s Sheet) sound() bool {
	for _, n := range s.Counts {
		if n < 0 {
			return false
		}
	}
	for _, t := range s.Tables {
		sum := 0
		for _, q := range t.Rows {
			sum += s.Counts[q]
			if s.Counts[q] > s.Counts[t.Total] {
				return false
			}
		}
		if t.Kind == Parts && sum != s.Counts[t.Total] {
			return false
		}
	}
	return true
}
