package paper

import (
	"fmt"
	"io"
)

// PDF writes the document on A4 pages, tagged so that a screen reader finds its
// headings, its tables and its language. It gives the error of w, or that of a
// table with more cells in a row than columns.
func PDF(w io.Writer, d Document) error {
	if err := d.check(); err != nil {
		return err
	}
	s := newSheet(d)
	shapes := []shape{s.title()}
	level := 1
	for i, b := range d.Blocks {
		if h, ok := b.(Heading); ok {
			level = h.under(level)
		}
		sh := s.shape(b, level)
		sh.joined = sh.joined || introduces(d.Blocks, i)
		shapes = append(shapes, sh)
	}
	// What follows a heading says how much room the heading must find.
	lead := 0.0
	for i := len(shapes) - 1; i >= 0; i-- {
		lead = shapes[i].room(lead)
		shapes[i].lead = lead
	}
	for _, sh := range shapes {
		s.lay(sh)
	}
	return s.finish(w)
}

// introduces tells that a block is the paragraph between a heading and the table
// it is about, with which it stays.
func introduces(blocks []Block, i int) bool {
	if _, ok := blocks[i].(Paragraph); !ok || i == 0 || i+1 == len(blocks) {
		return false
	}
	_, under := blocks[i-1].(Heading)
	_, above := blocks[i+1].(Table)
	return under && above
}

// shape is a block cut into rows.
type shape struct {
	// space is left above, except at the top of a page.
	space float64
	rows  []row
	// heads is how many of the first rows stay with the one after them.
	heads int
	// joined says that the block stays with the next.
	joined bool
	// repeat draws what comes again on the next pages, once the heads are drawn.
	repeat func()
	// breaks says that a page starts here.
	breaks bool
	// lead is the height that a page must have left for the block to start there.
	lead float64
}

// room is the height that the start of the block asks for, before a block that
// asks for next.
func (sh shape) room(next float64) float64 {
	if sh.breaks {
		return 0
	}
	sum := sh.space
	for i, r := range sh.rows {
		switch {
		case i < sh.heads || sh.joined:
			sum += r.height()
		case i == sh.heads:
			sum += r.lead()
		case i == sh.heads+1 && lost(sh.rows[i-1]):
			sum += r.lead()
		}
	}
	if sh.joined {
		sum += next
	}
	return sum
}

// lost tells a row that is too low to stand alone on a page.
func lost(r row) bool { return r.height() < pageHeight/10 }

// lay draws a block.
func (s *sheet) lay(sh shape) {
	if !s.fresh() {
		if sh.breaks || sh.lead > s.room() {
			s.page()
		} else {
			s.y += sh.space
		}
	}
	for i, r := range sh.rows {
		if i == sh.heads {
			s.repeat = sh.repeat
		}
		// The last row takes the one before with it.
		if i > sh.heads && i == len(sh.rows)-2 && lost(sh.rows[i+1]) && !s.fresh() && r.height()+sh.rows[i+1].lead() > s.room() {
			s.page()
		}
		s.place(r)
	}
	s.repeat = nil
}

// shape gives the block its tags and cuts it into rows; level is the rank of the
// heading it is.
func (s *sheet) shape(b Block, level int) shape {
	switch b := b.(type) {
	case Heading:
		return s.heading(b, level)
	case Paragraph:
		return shape{space: 7 * s.unit, rows: []row{s.text(b.Text, &s.set.body, s.root.add("P", ""))}}
	case List:
		return s.list(b)
	case Fields:
		return s.fields(b)
	case Table:
		return s.table(b)
	case Checks:
		return s.checks(b)
	case Signatures:
		return s.signatures(b)
	case Note:
		return s.note(b)
	case Quote:
		return s.quote(b)
	case Bars:
		return s.bars(b)
	case PageBreak:
		return shape{breaks: true}
	}
	panic(fmt.Sprintf("paper: no drawing for %T", b))
}
