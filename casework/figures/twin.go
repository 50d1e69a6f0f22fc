package figures

import (
	"cmp"
	"slices"
)

// trialsMax bounds the search for a twin: what was not found then is masked.
const trialsMax = 2000

// twin gives the guise that the net is shown in. Nobody learns from it what is
// masked, not even by trying Mask on whatever could be, as
//
//   - a guise is clean if somebody who knows what it shows, and of what size each
//     masked cell is, finds two numbers at least for each masked count. That hangs
//     on nothing but what he knows: each sheet that he finds possible has the same
//     guise, clean as well, and shows the same;
//   - a sheet whose own guise is clean is shown in it;
//   - any other is shown in the clean guise of another sheet, its twin, that
//     differs from it only in what that guise masks. All that the twin could be
//     taken for is shown so too: how the twin was found tells nothing.
//
// There is always a twin: where all counts are small, nothing is shown.
func (n *net) twin() *guise {
	own := make([]size, len(n.cells))
	for c, cell := range n.cells {
		own[c] = cell.size()
	}
	g := n.guise(own)
	if g.clean() {
		return g
	}
	trials := trialsMax
	for exposed := g.exposed(); len(exposed) > 0; exposed = g.exposed() {
		g = g.better(exposed, &trials)
	}
	return g
}

// taken gives the numbers that the guise takes c for one of.
func (g *guise) taken(c int) span { return g.cells[c].of(g.sizes[c]) }

// known gives the numbers that c could be for somebody who knows whether it is
// small.
func (g *guise) known(c int) span {
	if g.cells[c].value < Least {
		return span{0, Least - 1}
	}
	return span{Least, unbounded}
}

func (g *guise) clean() bool {
	return !slices.ContainsFunc(g.knots(), func(k *knot) bool { return len(k.certain(g, g.taken)) > 0 })
}

// exposed gives the masked cells by which the guise is not clean, and those that
// somebody can work out, from what is shown, who knows which ones are small.
func (g *guise) exposed() (found []int) {
	for _, k := range g.knots() {
		found = append(found, k.certain(g, g.taken)...)
		if k.told {
			found = append(found, k.certain(g, g.known)...)
		}
	}
	return found
}

// fits reports whether the net can be shown in the guise: what is shown, and what
// whoever sees it can tell, is of the size it is taken for.
func (g *guise) fits() bool {
	for c, cell := range g.cells {
		told := !g.masked[c] || cell.unseen && g.hidden(cell.in[0]) == 1
		if told && g.sizes[c] != cell.size() {
			return false
		}
	}
	return true
}

// better gives a guise that exposes less: of those like g the one that exposes
// least, and masks least; or else one that shows nothing around the first of
// exposed.
func (g *guise) better(exposed []int, trials *int) *guise {
	for _, tries := range [][][]flip{g.singles(exposed[0]), g.heaps(exposed[0])} {
		best, least := (*guise)(nil), len(exposed)
		for _, flips := range tries {
			if *trials--; *trials < 0 {
				break
			}
			other := g.with(flips)
			if !other.fits() {
				continue
			}
			left := len(other.exposed())
			if left < least || best != nil && left == least && other.weigh(best) < 0 {
				best, least = other, left
			}
		}
		if best != nil {
			return best
		}
	}
	var all []flip
	for _, c := range g.around(exposed[0], func(int) bool { return true }) {
		all = append(all, flip{c, small})
	}
	return g.with(all)
}

// A flip takes a cell for one of another size.
type flip struct {
	cell int
	to   size
}

func (g *guise) with(flips []flip) *guise {
	sizes := slices.Clone(g.sizes)
	for _, f := range flips {
		sizes[f.cell] = f.to
	}
	return g.guise(sizes)
}

// singles takes one cell near c, masked or beside a masked one, for one of
// another size.
func (g *guise) singles(c int) (tries [][]flip) {
	for _, c := range g.around(c, g.hides) {
		is := g.sizes[c]
		for _, to := range slices.Compact([]size{small, max(is-1, small), is + 1}) {
			if to != is && (to <= 1 || !g.cells[c].unseen) {
				tries = append(tries, []flip{{c, to}})
			}
		}
	}
	return tries
}

// heaps takes the rows up to some size in a table of c for small ones, but for
// the last, on which all the rest is heaped.
func (g *guise) heaps(c int) (tries [][]flip) {
	for _, e := range g.cells[c].in {
		total, rows := g.equations[e][0], g.equations[e][1:]
		for top := small + 1; top <= g.cells[total].size(); top++ {
			var all []flip
			for _, r := range rows {
				if g.cells[r].size() <= top {
					all = append(all, flip{r, small})
				}
			}
			for to := top; len(all) > 0 && to <= top+2; to++ {
				last := len(all) - 1
				tries = append(tries, append(slices.Clone(all[:last]), flip{all[last].cell, to}))
			}
		}
	}
	return tries
}

func (g *guise) hides(c int) bool { return g.masked[c] }

// around gives c and the cells that hang together with it by those that lead on,
// the nearest first.
func (g *guise) around(c int, leads func(c int) bool) []int {
	all, seen := []int{c}, map[int]bool{c: true}
	for i := 0; i < len(all); i++ {
		if !leads(all[i]) {
			continue
		}
		for _, e := range g.cells[all[i]].in {
			for _, next := range g.equations[e] {
				if !seen[next] {
					seen[next], all = true, append(all, next)
				}
			}
		}
	}
	return all
}

// weigh compares what g masks to what other does: in how many places, then how
// large.
func (g *guise) weigh(other *guise) int {
	places, sum := 0, 0
	for c, cell := range g.cells {
		switch {
		case g.masked[c] && !other.masked[c]:
			places, sum = places+len(cell.in), sum+cell.value
		case !g.masked[c] && other.masked[c]:
			places, sum = places-len(cell.in), sum-cell.value
		}
	}
	return cmp.Or(places, sum)
}
