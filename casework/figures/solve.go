package figures

import "slices"

// exposed gives the masked cells that could be worked out: those that stand alone
// or among small ones if there are any; else those for which whoever knows the
// band of each masked cell finds one number alone.
//
// The others come last as they alone hang on what the masked numbers are, so
// that masking for their sake might tell something.
func (n *net) exposed() []int {
	if found := n.alone(); len(found) > 0 {
		return found
	}
	var found []int
	for _, k := range n.knots() {
		found = append(found, k.cornered()...)
	}
	return found
}

// alone gives the first masked cell of each equation that masks one cell only,
// or small ones only: their sum can be told, and would be a small count itself.
func (n *net) alone() []int {
	var found []int
	for e, equation := range n.equations {
		cells := equation.cells()
		first := slices.IndexFunc(cells, func(c int) bool { return n.cells[c].masked && n.cells[c].secret() })
		if _, shows := n.cheapest(equation); first < 0 || !shows {
			continue
		}
		large := slices.ContainsFunc(cells, func(c int) bool { return n.cells[c].masked && n.cells[c].value >= Least })
		if n.hidden(e) == 1 || !large {
			found = append(found, cells[first])
		}
	}
	return found
}

// A knot is masked cells that hang together, and what the shown ones tell of
// them.
type knot struct {
	cells  []int // in the net
	truth  []int
	secret []bool
	bounds []span
	rows   []row
	of     [][]int // the rows each cell stands in
}

// A span is the numbers from least to most.
type span struct{ least, most int }

// A row says that its terms, some of them taken away, make sum.
type row struct {
	terms []term
	sum   int
}

type term struct{ cell, sign int }

// knots gives the masked cells of the net, those apart that no equation ties.
func (n *net) knots() []*knot {
	var all []*knot
	place := map[int]int{}
	done := make([]bool, len(n.equations))
	for first, c := range n.cells {
		if _, ok := place[first]; ok || !c.masked {
			continue
		}
		k := &knot{}
		add := func(c int) {
			if _, ok := place[c]; ok || !n.cells[c].masked {
				return
			}
			place[c] = len(k.cells)
			least, most := n.cells[c].band()
			k.cells, k.truth = append(k.cells, c), append(k.truth, n.cells[c].value)
			k.secret = append(k.secret, n.cells[c].secret())
			k.bounds, k.of = append(k.bounds, span{least, most}), append(k.of, nil)
		}
		add(first)
		for i := 0; i < len(k.cells); i++ {
			for _, e := range n.cells[k.cells[i]].in {
				if done[e] {
					continue
				}
				done[e] = true
				for _, c := range n.equations[e].cells() {
					add(c)
				}
				k.tie(n, n.equations[e], place)
			}
		}
		all = append(all, k)
	}
	return all
}

// tie takes in what e tells of the knot.
func (k *knot) tie(n *net, e equation, place map[int]int) {
	var r row
	for i, c := range e.cells() {
		sign := 1
		if i == 0 {
			sign = -1
		}
		if !n.cells[c].masked {
			r.sum -= sign * n.cells[c].value
			continue
		}
		r.terms = append(r.terms, term{place[c], sign})
		k.of[place[c]] = append(k.of[place[c]], len(k.rows))
	}
	k.rows = append(k.rows, r)
}

// effort bounds the search for one solution. A sheet whose tables form a tree is
// solved without a step back; in the others a search without end counts as none.
const effort = 2000

// cornered gives the cells for which no second number was found, all others of
// the net staying as they are shown and all of the knot in their bands.
func (k *knot) cornered() []int {
	free := make([]bool, len(k.cells)) // a second number was found
	k.narrow(k.bounds, k.every())
	try := func(c int, s span) {
		if free[c] || s.least > s.most {
			return
		}
		bounds := append([]span(nil), k.bounds...)
		bounds[c] = s
		left := effort
		if solution, ok := k.solve(bounds, k.of[c], free, &left); ok {
			for i, s := range solution {
				free[i] = free[i] || s.least != k.truth[i]
			}
		}
	}
	var found []int
	for c, cell := range k.cells {
		if !k.secret[c] {
			continue
		}
		try(c, span{k.bounds[c].least, k.truth[c] - 1})
		try(c, span{k.truth[c] + 1, k.bounds[c].most})
		if !free[c] {
			found = append(found, cell)
		}
	}
	return found
}

// every gives all rows.
func (k *knot) every() []int {
	rows := make([]int, len(k.rows))
	for r := range rows {
		rows[r] = r
	}
	return rows
}

// solve gives numbers within bounds that fulfil the rows; bounds changed where
// the rows of changed speak. It strays from the truth where that is still to be
// shown possible.
func (k *knot) solve(bounds []span, changed []int, free []bool, left *int) ([]span, bool) {
	if *left--; *left < 0 || !k.narrow(bounds, changed) {
		return nil, false
	}
	for c, s := range bounds {
		if s.least == s.most {
			continue
		}
		v := min(max(k.truth[c], s.least), s.most)
		if v == k.truth[c] && !free[c] {
			if v > s.least {
				v--
			} else {
				v++
			}
		}
		for _, part := range []span{{v, v}, {s.least, v - 1}, {v + 1, s.most}} {
			if part.least > part.most {
				continue
			}
			narrowed := append([]span(nil), bounds...)
			narrowed[c] = part
			if solution, ok := k.solve(narrowed, k.of[c], free, left); ok {
				return solution, true
			}
		}
		return nil, false
	}
	return bounds, true
}

// narrow draws the bounds together as far as each row by itself tells, beginning
// with the rows of changed. It reports false when nothing is left.
func (k *knot) narrow(bounds []span, changed []int) bool {
	waiting := append([]int(nil), changed...)
	queued := make([]bool, len(k.rows))
	for _, r := range waiting {
		queued[r] = true
	}
	for sweeps := 0; len(waiting) > 0; sweeps++ {
		if sweeps > effort {
			return false
		}
		r := k.rows[waiting[0]]
		queued[waiting[0]], waiting = false, waiting[1:]
		var least, most int
		for _, t := range r.terms {
			s := bounds[t.cell].times(t.sign)
			least, most = least+s.least, most+s.most
		}
		for _, t := range r.terms {
			s := bounds[t.cell].times(t.sign)
			s = span{max(s.least, r.sum-(most-s.most)), min(s.most, r.sum-(least-s.least))}.times(t.sign)
			if s.least > s.most {
				return false
			}
			if s == bounds[t.cell] {
				continue
			}
			bounds[t.cell] = s
			for _, again := range k.of[t.cell] {
				if !queued[again] {
					queued[again], waiting = true, append(waiting, again)
				}
			}
		}
	}
	return true
}

// times gives the span of the numbers of s with this sign.
func (s span) times(sign int) span {
	if sign < 0 {
		return span{-s.most, -s.least}
	}
	return s
}
