package figures

import (
	"cmp"
	"slices"
)

// A size is a band of numbers: 0 to 4, 5 to 19, 20 to 79… How many of a total are
// not in a row is small or not.
type size int

// small is the size of the counts that are never shown.
const small size = 0

// bandStep is how many times as large the numbers of the next size are.
const bandStep = 4

// unbounded is more than anything counted.
const unbounded = 1 << 30

func (c cell) size() size {
	s := small
	for least := Least; c.value >= least; least *= bandStep {
		if s++; c.unseen {
			break
		}
	}
	return s
}

// of gives the numbers of size s that c could be.
func (c cell) of(s size) span {
	if s == small {
		return span{0, Least - 1}
	}
	if c.unseen {
		return span{Least, unbounded}
	}
	least := Least
	for range s - 1 {
		least *= bandStep
	}
	return span{least, least*bandStep - 1}
}

// A guise takes each cell of a net for one of a size, and masks by that alone:
// all sheets of the same sizes are masked in the same places.
type guise struct {
	*net
	sizes  []size
	masked []bool
}

func (n *net) guise(sizes []size) *guise {
	g := &guise{n, sizes, make([]bool, len(n.cells))}
	for c, cell := range n.cells {
		g.masked[c] = cell.unseen || sizes[c] == small
	}
	for g.cover(g.alone()) {
	}
	return g
}

// secret reports whether c is masked, and may not be found out.
func (g *guise) secret(c int) bool { return g.masked[c] && (!g.cells[c].unseen || g.sizes[c] == small) }

// alone gives the first masked cell of each equation that masks one cell only,
// or small ones only: their sum can be told, and would be a small count itself.
func (g *guise) alone() []int {
	var found []int
	for _, e := range g.equations {
		first, hidden, large := -1, 0, false
		for _, c := range e {
			if !g.masked[c] {
				continue
			}
			if first < 0 && g.secret(c) {
				first = c
			}
			hidden, large = hidden+1, large || g.sizes[c] > small
		}
		if first >= 0 && hidden < len(e) && (hidden == 1 || !large) {
			found = append(found, first)
		}
	}
	return found
}

// cover masks one more cell near each exposed one, and reports whether it found
// any. What was changed once is looked at anew before it is changed again.
func (g *guise) cover(exposed []int) bool {
	changed, more := make([]bool, len(g.equations)), false
	for _, c := range exposed {
		if slices.ContainsFunc(g.cells[c].in, func(e int) bool { return changed[e] }) {
			continue
		}
		if c, ok := g.partner(c); ok {
			g.masked[c], more = true, true
			for _, e := range g.cells[c].in {
				changed[e] = true
			}
		}
	}
	return more
}

// partner gives the shown cell to mask for the sake of the masked cell c: from
// the nearest equation that shows any, the one most alone first.
func (g *guise) partner(c int) (int, bool) {
	near, seen := []int{c}, map[int]bool{c: true}
	for i := 0; i < len(near); i++ {
		alone := -1
		for _, e := range g.cells[near[i]].in {
			if g.hidden(e) < len(g.equations[e]) && (alone < 0 || g.hidden(e) < g.hidden(alone)) {
				alone = e
			}
		}
		if alone >= 0 {
			return g.cheapest(g.equations[alone]), true
		}
		for _, e := range g.cells[near[i]].in {
			for _, next := range g.equations[e] {
				if !seen[next] {
					seen[next], near = true, append(near, next)
				}
			}
		}
	}
	return 0, false
}

// hidden counts the masked cells of an equation.
func (g *guise) hidden(e int) (count int) {
	for _, c := range g.equations[e] {
		if g.masked[c] {
			count++
		}
	}
	return count
}

// cheapest gives the shown cell of e that costs least to mask: tied to little
// else, a row sooner than a total, small, and last.
func (g *guise) cheapest(e equation) int {
	best := -1
	for _, c := range e {
		if !g.masked[c] && (best < 0 || g.cost(c, best) < 0) {
			best = c
		}
	}
	return best
}

func (g *guise) cost(a, b int) int {
	x, y := g.cells[a], g.cells[b]
	rank := func(total bool) int {
		if total {
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(len(x.in), len(y.in)), cmp.Compare(rank(x.total), rank(y.total)),
		cmp.Compare(g.sizes[a], g.sizes[b]), cmp.Compare(b, a),
	)
}
