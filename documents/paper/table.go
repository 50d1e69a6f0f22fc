package paper

import "slices"

// inset is the space between the sides of a cell and its text.
const inset = 5.0

func (s *sheet) table(b Table) shape {
	if len(b.Columns) == 0 {
		return s.caption(b, b.Caption, s.root)
	}
	table := s.root.add("Table", "")
	sh := s.caption(b, b.Caption, table)
	sh.space = 9 * s.unit

	shares := b.shares(s.doc.Large)
	head := s.tableRow(shares, func(i int) (string, *typeset) { return b.Columns[i].Title, &s.set.head })
	grid := head.behind
	head.behind = func(top, bottom float64, first bool) {
		s.fill(side, top, textWidth, bottom-top, tint)
		grid(top, bottom, first)
	}
	again := head
	again.cells = slices.Clone(head.cells)
	headTag := table.add("TR", "")
	for i := range head.cells {
		head.cells[i].tag = headTag.add("TH", "/A <</O /Table /Scope /Column>> ")
	}
	sh.rows = append(sh.rows, head)
	sh.heads = len(sh.rows)

	for r := range b.Rows {
		body := s.tableRow(shares, func(i int) (string, *typeset) {
			if b.Columns[i].Names {
				return b.cell(r, i), &s.set.head
			}
			return b.cell(r, i), &s.set.cell
		})
		rowTag := table.add("TR", "")
		for i := range body.cells {
			if blank(b.cell(r, i)) {
				body.least = (writing + 4) * s.unit
			}
			if b.Columns[i].Names {
				body.cells[i].tag = rowTag.add("TH", "/A <</O /Table /Scope /Row>> ")
			} else {
				body.cells[i].tag = rowTag.add("TD", "")
			}
		}
		sh.rows = append(sh.rows, body)
	}

	// On the next pages the heading is for the eye alone: who listens hears it once.
	carried := s.caption(b, continued(b.Caption, s.doc.Labels.Continued), nil)
	if rows := append(carried.rows, again); tall(rows) < s.full()/3 {
		sh.repeat = func() {
			for _, r := range rows {
				s.draw(r, true)
			}
		}
	}
	return sh
}

// caption is the text above a table, when it has one.
func (s *sheet) caption(b Table, text string, t *tag) shape {
	var sh shape
	if b.Caption != "" {
		r := s.text(text, &s.set.strong, t.add("Caption", ""))
		r.bottom = 3 * s.unit
		sh.rows = []row{r}
	}
	return sh
}

func continued(caption, word string) string {
	if word == "" {
		return caption
	}
	return caption + " (" + word + ")"
}

// tableRow is a row of framed cells.
func (s *sheet) tableRow(shares []float64, text func(column int) (string, *typeset)) row {
	r := row{top: 4 * s.unit, bottom: 4 * s.unit, whole: s.full() / 3}
	edges := []float64{side}
	for i, share := range shares {
		x, width := edges[i], share*textWidth
		words, set := text(i)
		r.cells = append(r.cells, cell{x: x + inset, lines: set.lines(words, width-2*inset)})
		edges = append(edges, x+width)
	}
	r.behind = func(top, bottom float64, _ bool) {
		for i, x := range edges[1:] {
			s.frame(edges[i], top, x-edges[i], bottom-top)
		}
	}
	return r
}

// tall is the height of rows one below the other.
func tall(rows []row) float64 {
	sum := 0.0
	for _, r := range rows {
		sum += r.height()
	}
	return sum
}
