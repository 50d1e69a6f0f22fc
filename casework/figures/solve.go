package figures

import "slices"

// A knot is masked cells that hang together, and what the shown ones tell of
// them.
type knot struct {
	cells  []int // in the net
	bounds []span
	rows   []row
	of     [][]int // the rows each cell stands in
	told   bool    // something shown bears on it
}

// A span is the numbers from least to most.
type span struct{ least, most int }

// A row says that its terms, some of them taken away, make sum.
type row struct {
	terms []term
	sum   int
}

type term struct{ cell, sign int }

// knots gives the masked cells of g, those apart that no equation ties, unless all
// of them may be known.
func (g *guise) knots() []*knot {
	var all []*knot
	place := make([]int, len(g.cells)) // in its knot, from 1
	done := make([]bool, len(g.equations))
	for first := range g.cells {
		if place[first] > 0 || !g.secret(first) {
			continue
		}
		k := &knot{}
		add := func(c int) {
			if place[c] > 0 || !g.masked[c] {
				return
			}
			k.cells, k.of = append(k.cells, c), append(k.of, nil)
			place[c] = len(k.cells)
		}
		add(first)
		for i := 0; i < len(k.cells); i++ {
			for _, e := range g.cells[k.cells[i]].in {
				if done[e] {
					continue
				}
				done[e] = true
				for _, c := range g.equations[e] {
					add(c)
				}
				k.tie(g, g.equations[e], place)
			}
		}
		all = append(all, k)
	}
	return all
}

// tie takes in what e tells of the knot.
func (k *knot) tie(g *guise, e equation, place []int) {
	var r row
	for i, c := range e {
		sign := 1
		if i == 0 {
			sign = -1
		}
		if !g.masked[c] {
			r.sum -= sign * g.cells[c].value
			k.told = true
			continue
		}
		r.terms = append(r.terms, term{place[c] - 1, sign})
		k.of[place[c]-1] = append(k.of[place[c]-1], len(k.rows))
	}
	k.rows = append(k.rows, r)
}

// certain gives the cells of the knot of which no second number was found that
// could be, each being within bounds and the shown ones as they are; all if not
// even one was found. Of small ones alone, nothing else shown, none is certain.
//
// What is masked has no part in the search, but what is shown and the bounds.
func (k *knot) certain(g *guise, bounds func(c int) span) (found []int) {
	k.bounds = k.bounds[:0]
	large := false
	for _, c := range k.cells {
		s := bounds(c)
		k.bounds, large = append(k.bounds, s), large || s.least >= Least
	}
	if !k.told && !large {
		return nil
	}
	free, ok := k.free()
	for i, c := range k.cells {
		secret := !g.cells[c].unseen || bounds(c).least < Least
		if !ok || secret && !free[i] {
			found = append(found, c)
		}
	}
	return found
}

// effort bounds the search for one solution: one without end counts as none.
const effort = 2000

// free tells the cells for which two numbers at least were found. It is false
// when not even one was found.
func (k *knot) free() (free []bool, ok bool) {
	if !k.narrow(k.bounds, k.every()) {
		return nil, false
	}
	free = make([]bool, len(k.cells))
	if k.tree() {
		for c, s := range k.bounds {
			free[c] = s.least < s.most
		}
		return free, true
	}
	left := effort
	one, ok := k.solve(slices.Clone(k.bounds), nil, nil, free, &left)
	if !ok {
		return nil, false
	}
	try := func(c int, s span) {
		if free[c] || s.least > s.most {
			return
		}
		bounds := slices.Clone(k.bounds)
		bounds[c] = s
		left := effort
		if other, ok := k.solve(bounds, k.of[c], one, free, &left); ok {
			for i := range other {
				free[i] = free[i] || other[i] != one[i]
			}
		}
	}
	for c, s := range k.bounds {
		try(c, span{s.least, one[c].least - 1})
		try(c, span{one[c].least + 1, s.most})
	}
	return free, true
}

// tree reports whether no rows make a ring. Then each number that narrow leaves
// is part of a solution.
func (k *knot) tree() bool {
	ends := 0
	for _, r := range k.rows {
		ends += len(r.terms)
	}
	return ends == len(k.cells)+len(k.rows)-1
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
// the rows of changed speak. It stays near the solution one, if there is one
// already, but strays from it in the cells not free yet.
func (k *knot) solve(bounds []span, changed []int, one []span, free []bool, left *int) ([]span, bool) {
	if *left--; *left < 0 || !k.narrow(bounds, changed) {
		return nil, false
	}
	for c, s := range bounds {
		if s.least == s.most {
			continue
		}
		v := s.least
		if one != nil {
			v = min(max(one[c].least, s.least), s.most)
			if v == one[c].least && !free[c] {
				if v > s.least {
					v--
				} else {
					v++
				}
			}
		}
		for _, part := range []span{{v, v}, {s.least, v - 1}, {v + 1, s.most}} {
			if part.least > part.most {
				continue
			}
			narrowed := slices.Clone(bounds)
			narrowed[c] = part
			if solution, ok := k.solve(narrowed, k.of[c], one, free, left); ok {
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
	waiting := slices.Clone(changed)
	queued := make([]bool, len(k.rows))
	for _, r := range waiting {
		queued[r] = true
	}
	for sweeps := 0; len(waiting) > 0; sweeps++ {
		if sweeps > effort+10*len(k.rows) {
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
