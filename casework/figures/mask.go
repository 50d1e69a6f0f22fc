package figures

// Mask gives what may be shown of s: no count below Least, and none from which
// such a count could be worked out. Each masked count could be at least two
// numbers for somebody who knows how the tables hang together, that counts are
// whole and not negative, and which masked ones are below Least; and also for
// somebody who does not know which, but can try on Mask whatever sheet could be.
// That holds unless the tables alone, nothing counted, say what it is.
//
// Besides small counts it masks few and small ones, rows sooner than totals; in
// doubt it masks more. Nothing is shown of a sheet that contradicts itself.
func Mask(s Sheet) Masked {
	m := Masked{Tables: s.Tables, counts: map[Quantity]int{}, measures: map[string]float64{}}
	if !s.sound() {
		return m
	}
	quantities := s.quantities()
	g := newNet(s, quantities).twin()
	for i, q := range quantities {
		if !g.masked[i] {
			m.counts[q] = g.cells[i].value
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
	value int
	// unseen: no cell of a table, but how many of a total are not in a row, which
	// whoever sees both can tell.
	unseen bool
	total  bool
	in     []int // the equations it stands in
}

// An equation says that its first cell, a total, is the sum of the others.
type equation []int

func newNet(s Sheet, quantities []Quantity) *net {
	n := &net{}
	at := map[Quantity]int{}
	for i, q := range quantities {
		at[q] = i
		n.cells = append(n.cells, cell{value: s.Counts[q]})
	}
	for _, t := range s.Tables {
		whole := equation{at[t.Total]}
		for _, q := range t.Rows {
			if t.Kind == Parts {
				whole = append(whole, at[q])
				continue
			}
			n.cells = append(n.cells, cell{value: s.Counts[t.Total] - s.Counts[q], unseen: true})
			n.tie(equation{at[t.Total], at[q], len(n.cells) - 1})
		}
		if len(whole) > 1 {
			n.tie(whole)
		}
	}
	return n
}

func (n *net) tie(e equation) {
	n.cells[e[0]].total = true
	for _, c := range e {
		n.cells[c].in = append(n.cells[c].in, len(n.equations))
	}
	n.equations = append(n.equations, e)
}
