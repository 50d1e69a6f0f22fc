package paper

// cell is a column of lines inside a row.
type cell struct {
	x     float64
	lines []line
	tag   *tag
}

// row is what stands side by side on a page. Whatever is drawn is made of rows.
type row struct {
	cells []cell
	// top and bottom are the space inside the row, above and below its lines.
	top, bottom float64
	// least is the height the row has when its lines need less.
	least float64
	// whole is the greatest height at which the row is not cut between two pages.
	whole float64
	// behind draws what the lines stand on, first telling whether this is the start
	// of the row.
	behind func(top, bottom float64, first bool)
}

// height is that of lines one below the other.
func height(lines []line) float64 {
	sum := 0.0
	for _, l := range lines {
		sum += l.set.leading
	}
	return sum
}

// height is that of the row on one page.
func (r row) height() float64 {
	most := 0.0
	for _, c := range r.cells {
		most = max(most, height(c.lines))
	}
	return max(r.top+most+r.bottom, r.least)
}

// lead is the height that must be found on a page for the row to start there.
func (r row) lead() float64 {
	if h := r.height(); h <= r.whole {
		return h
	}
	first, _ := r.cut(2)
	return first.height()
}

// cut parts a row after so many lines of each cell.
func (r row) cut(lines int) (first, rest row) {
	first, rest = r, r
	first.cells, rest.cells = make([]cell, len(r.cells)), make([]cell, len(r.cells))
	first.least, rest.least = 0, 0
	for i, c := range r.cells {
		n := min(lines, len(c.lines))
		first.cells[i], rest.cells[i] = c, c
		first.cells[i].lines, rest.cells[i].lines = c.lines[:n], c.lines[n:]
	}
	return first, rest
}

// length is the number of lines of the longest cell.
func (r row) length() int {
	most := 0
	for _, c := range r.cells {
		most = max(most, len(c.lines))
	}
	return most
}

// fitting is how many lines of the row a height has room for. No line is left
// alone on either page where that can be.
func (r row) fitting(room float64) int {
	n, all := 0, r.length()
	for n < all {
		if first, _ := r.cut(n + 1); first.height() > room {
			break
		}
		n++
	}
	if all-n == 1 && n > 2 {
		n--
	}
	return n
}

// place draws a row where the page has come to, or on the pages that follow.
func (s *sheet) place(r row) {
	first := true
	for r.height() > s.room() {
		fits := r.fitting(s.room())
		if !s.fresh() && (r.height() <= r.whole || fits < 2) {
			s.page()
			continue
		}
		piece, rest := r.cut(max(fits, 1))
		if rest.length() == 0 {
			break
		}
		s.draw(piece, first)
		first, r = false, rest
		s.page()
	}
	s.draw(r, first)
}

func (s *sheet) draw(r row, first bool) {
	h := r.height()
	if r.behind != nil {
		r.behind(s.y, s.y+h, first)
	}
	for _, c := range r.cells {
		y := s.y + r.top
		for _, l := range c.lines {
			s.write(c.x, y, l, c.tag)
			y += l.set.leading
		}
	}
	s.y += h
}
