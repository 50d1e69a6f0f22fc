package figures

import (
	"cmp"
	"slices"
)

// Mask gives what may be shown of s: no count below Least, and none from which
// such a count could be worked out by somebody who knows how the tables hang
// together, that counts are whole and not negative, and which masked ones are
// below Least: each could be at least two numbers. Where tables form a tree, not
// crossing each other, this holds for somebody who tries Mask itself as well.
// Besides small counts it masks few and small ones, rows sooner than totals; in
// doubt it masks more. Nothing is shown of a sheet that contradicts itself.
func Mask(s Sheet) Masked {
	m := Masked{Tables: s.Tables, counts: map[Quantity]int{}, measures: map[string]float64{}}
	if !s.sound() {
		return m
	}
	quantities := s.quantities()
	n := newNet(s, quantities)
	n.protect()
	for i, q := range quantities {
		if !n.cells[i].masked {
			m.counts[q] = n.cells[i].value
		}
	}
	for _, measure := range s.Measures {
		if _, shown := m.counts[measure.Over]; shown {
			m.measures[measure.ID] = measure.Value
		}
	}
	return m
}

// A net is the cells of a sheet and the equations that tie them.
type net struct {
	cells     []cell
	equations []equation
}

type cell struct {
	value  int
	masked bool
	// unseen: no cell of a table, but how many of a total are not in a row, which
	// whoever sees both can tell.
	unseen bool
	total  bool
	in     []int // the equations it stands in
}

// secret reports whether the cell, if masked, may not be found out.
func (c cell) secret() bool { return !c.unseen || c.value < Least }

// An equation says that the parts make the total.
type equation struct {
	total int
	parts []int
}

func newNet(s Sheet, quantities []Quantity) *net {
	n := &net{}
	at := map[Quantity]int{}
	for i, q := range quantities {
		at[q] = i
		n.cells = append(n.cells, cell{value: s.Counts[q], masked: s.Counts[q] < Least})
	}
	for _, t := range s.Tables {
		var parts []int
		for _, q := range t.Rows {
			if t.Kind == Parts {
				parts = append(parts, at[q])
				continue
			}
			n.cells = append(n.cells, cell{value: s.Counts[t.Total] - s.Counts[q], masked: true, unseen: true})
			n.tie(at[t.Total], at[q], len(n.cells)-1)
		}
		if len(parts) > 0 {
			n.tie(at[t.Total], parts...)
		}
	}
	return n
}

func (n *net) tie(total int, parts ...int) {
	n.cells[total].total = true
	for _, c := range append([]int{total}, parts...) {
		n.cells[c].in = append(n.cells[c].in, len(n.equations))
	}
	n.equations = append(n.equations, equation{total, parts})
}

// protect masks until no masked cell is exposed, or nothing that bears on an
// exposed one is shown any more.
func (n *net) protect() {
	for n.cover(n.exposed()) {
	}
}

// cover masks one more cell near each exposed one, and reports whether it found
// any. What was changed once is looked at anew before it is changed again.
func (n *net) cover(exposed []int) bool {
	changed := map[int]bool{}
	for _, c := range exposed {
		if slices.ContainsFunc(n.cells[c].in, func(e int) bool { return changed[e] }) {
			continue
		}
		more, ok := n.partner(c)
		if !ok {
			continue
		}
		n.cells[more].masked = true
		for _, e := range n.cells[more].in {
			changed[e] = true
		}
	}
	return len(changed) > 0
}

// partner gives the shown cell to mask for the sake of the masked cell c: from
// the nearest equation that shows any, the one most alone first.
func (n *net) partner(c int) (int, bool) {
	near, seen := []int{c}, map[int]bool{c: true}
	for i := 0; i < len(near); i++ {
		ties := slices.Clone(n.cells[near[i]].in)
		slices.SortStableFunc(ties, func(a, b int) int { return cmp.Compare(n.hidden(a), n.hidden(b)) })
		for _, e := range ties {
			if best, ok := n.cheapest(n.equations[e]); ok {
				return best, true
			}
			for _, next := range n.equations[e].cells() {
				if !seen[next] {
					seen[next], near = true, append(near, next)
				}
			}
		}
	}
	return 0, false
}

// hidden counts the masked cells of an equation.
func (n *net) hidden(e int) (count int) {
	for _, c := range n.equations[e].cells() {
		if n.cells[c].masked {
			count++
		}
	}
	return count
}

// cheapest gives the shown cell of e that costs least to mask: tied to little
// else, a row sooner than a total, small, and last.
//
// Small is said by bands, as what is masked must not tell by its being chosen
// more than the band that solve lets everybody know.
func (n *net) cheapest(e equation) (best int, ok bool) {
	for _, c := range e.cells() {
		if !n.cells[c].masked && (!ok || n.cost(c, best) < 0) {
			best, ok = c, true
		}
	}
	return best, ok
}

func (n *net) cost(a, b int) int {
	x, y := n.cells[a], n.cells[b]
	lowX, _ := x.band()
	lowY, _ := y.band()
	rank := func(total bool) int {
		if total {
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(len(x.in), len(y.in)), cmp.Compare(rank(x.total), rank(y.total)),
		cmp.Compare(lowX, lowY), cmp.Compare(b, a),
	)
}

func (e equation) cells() []int { return append([]int{e.total}, e.parts...) }

// bandStep is how many times as large the numbers of the next band are.
const bandStep = 4

// unbounded is more than anything counted.
const unbounded = 1 << 30

// band gives the bounds of the numbers that c is taken for one of: 0 to 4, 5 to
// 19, 20 to 79… Only what is chosen by size needs a band.
func (c cell) band() (least, most int) {
	if c.value < Least {
		return 0, Least - 1
	}
	least = Least
	if c.unseen {
		return least, unbounded
	}
	for c.value >= least*bandStep {
		least *= bandStep
	}
	return least, least*bandStep - 1
}
