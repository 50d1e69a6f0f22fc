package figures

import (
	"maps"
	"slices"
)

// Guesses gives sheets that s could be, by how it is shown: for each masked count
// some in which it differs. Some are right for who knows which are small, some
// for who can try Mask.
func Guesses(s Sheet) []Sheet {
	quantities := s.quantities()
	g := newNet(s, quantities).twin()
	var all []Sheet
	for _, bounds := range []func(int) span{g.known, g.taken} {
		every := maps.Clone(s.Counts)
		var changes []map[Quantity]int
		for _, k := range g.knots() {
			k.certain(g, bounds)
			solve := func(c int, within span) (map[Quantity]int, bool) {
				bounds, left := slices.Clone(k.bounds), effort
				bounds[c] = within
				solution, ok := k.solve(bounds, k.every(), nil, nil, &left)
				change := map[Quantity]int{}
				for i, s := range solution {
					if k.cells[i] < len(quantities) {
						change[quantities[k.cells[i]]] = s.least
					}
				}
				return change, ok
			}
			one, _ := solve(0, k.bounds[0])
			maps.Copy(every, one)
			for c, s := range k.bounds {
				if k.cells[c] >= len(quantities) {
					continue
				}
				is := one[quantities[k.cells[c]]]
				for _, within := range []span{{s.least, is - 1}, {is + 1, s.most}} {
					if other, ok := solve(c, within); ok {
						changes = append(changes, other)
					}
				}
			}
		}
		all = append(all, Sheet{Counts: every, Tables: s.Tables})
		for _, change := range changes {
			counts := maps.Clone(every)
			maps.Copy(counts, change)
			all = append(all, Sheet{Counts: counts, Tables: s.Tables})
		}
	}
	return all
}
