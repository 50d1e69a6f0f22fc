package paper

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// A page, in points: A4 with its margins.
const (
	pageWidth, pageHeight = 595.28, 841.89
	side, above, below    = 56.0, 54.0, 40.0
	textWidth             = pageWidth - 2*side
)

// thin is the width of rules.
const thin = 0.6

// ink is a colour.
type ink struct{ r, g, b int }

var (
	black = ink{28, 31, 35}
	soft  = ink{85, 93, 102}
	blue  = ink{35, 64, 92}
	rule  = ink{195, 201, 207}
	dots  = ink{120, 128, 136}
	tint  = ink{241, 244, 246}
	solid = ink{71, 112, 143}
)

// sheet draws a document, page after page, from top to bottom.
type sheet struct {
	pdf *fpdf.Fpdf
	doc Document
	// unit is 1, or more in large type: what is not type follows it.
	unit float64
	set  typesets
	// y is where the page has come to, start where it began, below what is repeated.
	y, start float64
	// bottom is where the foot of the page begins.
	bottom float64
	foot   []line
	// repeat draws what comes again at the top of a page, such as the head of a table.
	repeat func()

	root *tag
	// marks are, for each page, the element of each numbered stretch of drawing.
	marks [][]*tag
	// open tells whether a stretch of drawing is open, and of what.
	open   bool
	marked *tag
}

// typesets are the ways text is set.
type typesets struct {
	title, subtitle, part, subpart, body, strong, label, cell, head, small, foot typeset
}

func newSheet(d Document) *sheet {
	s := &sheet{pdf: fpdf.New("P", "pt", "A4", ""), doc: d, unit: 1, root: &tag{role: "Document"}}
	if d.Large {
		s.unit = 1.4
	}
	f := faces()
	in := func(f *face, size, leading float64, i ink) typeset {
		return typeset{f, size * s.unit, size * leading * s.unit, i}
	}
	s.set = typesets{
		title: in(f.bold, 19, 1.25, blue), subtitle: in(f.regular, 11, 1.35, soft),
		part: in(f.bold, 13, 1.3, blue), subpart: in(f.bold, 10.5, 1.35, blue),
		body: in(f.regular, 10, 1.45, black), strong: in(f.bold, 10, 1.45, black),
		label: in(f.regular, 10, 1.45, soft), cell: in(f.regular, 9, 1.4, black), head: in(f.bold, 9, 1.4, black),
		small: in(f.regular, 8.5, 1.4, soft), foot: in(f.regular, 7.5, 1.4, soft),
	}
	s.pdf.SetCatalogSort(true)
	s.pdf.SetCreationDate(d.Date)
	s.pdf.SetModificationDate(d.Date)
	s.pdf.SetAutoPageBreak(false, 0)
	s.pdf.SetMargins(0, 0, 0)
	embed(s.pdf)
	s.pdf.SetLineWidth(thin)

	var parts []string
	for _, part := range []string{d.Code, d.Version, d.Hash} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	s.foot = s.set.foot.lines(strings.Join(parts, "  ·  "), textWidth-90*s.unit)
	s.bottom = pageHeight - below - 14 - height(s.foot)
	s.page()
	return s
}

// page starts a page.
func (s *sheet) page() {
	s.close()
	s.pdf.AddPage()
	s.marks = append(s.marks, nil)
	s.y = above
	if s.repeat != nil {
		s.repeat()
	}
	s.start = s.y
}

// room is the height left on the page.
func (s *sheet) room() float64 { return s.bottom - s.y }

// full is the height of an empty page.
func (s *sheet) full() float64 { return s.bottom - above }

// fresh tells that nothing is on the page yet.
func (s *sheet) fresh() bool { return s.y <= s.start }

// in says that what is drawn next belongs to an element, or to none when t is nil.
func (s *sheet) in(t *tag) {
	if !s.open || s.marked != t {
		s.mark(t, "")
	}
}

// mark opens a stretch of drawing. When spoken is not empty, it is read instead of
// what is drawn.
func (s *sheet) mark(t *tag, spoken string) {
	s.close()
	s.open, s.marked = true, t
	if t == nil {
		s.pdf.RawWriteStr("/Artifact BMC")
		return
	}
	role := t.role
	if spoken != "" {
		role = "Span" // where readers look for it
	}
	page := len(s.marks) - 1
	mark := len(s.marks[page])
	s.marks[page] = append(s.marks[page], t)
	t.kids = append(t.kids, kid{page: page, mark: mark})
	s.pdf.RawWriteStr(fmt.Sprintf("/%s <</MCID %d %s>> BDC", role, mark, instead(spoken)))
}

func (s *sheet) close() {
	if s.open {
		s.pdf.RawWriteStr("EMC")
	}
	s.open = false
}

// write draws a line of text whose top left corner is at x, y.
func (s *sheet) write(x, y float64, l line, t *tag) {
	if l.drawn == "" {
		return
	}
	if l.spoken == "" {
		s.in(t)
	} else {
		s.mark(t, l.spoken)
		defer s.close()
	}
	s.pdf.SetFont(family, l.set.face.style, l.set.size)
	s.pdf.SetTextColor(l.set.ink.r, l.set.ink.g, l.set.ink.b)
	if l.unseen {
		s.pdf.RawWriteStr("3 Tr")
	}
	s.pdf.Text(x, y+(l.set.leading+0.72*l.set.size)/2, l.drawn)
	if l.unseen {
		s.pdf.RawWriteStr("0 Tr")
	}
}

// stroke draws a thin line.
func (s *sheet) stroke(x1, y1, x2, y2 float64, i ink) {
	s.in(nil)
	s.pdf.SetDrawColor(i.r, i.g, i.b)
	s.pdf.Line(x1, y1, x2, y2)
}

// blank draws a line to write on, which is read aloud as such.
func (s *sheet) blank(x1, x2, y float64, t *tag) {
	s.in(t)
	s.pdf.SetDrawColor(dots.r, dots.g, dots.b)
	s.pdf.SetDashPattern([]float64{0.8, 2}, 0)
	s.pdf.Line(x1, y, x2, y)
	s.pdf.SetDashPattern(nil, 0)
}

// frame draws the outline of a box.
func (s *sheet) frame(x, y, w, h float64) {
	s.in(nil)
	s.pdf.SetDrawColor(rule.r, rule.g, rule.b)
	s.pdf.Rect(x, y, w, h, "D")
}

// box draws a box to tick, ticked or not.
func (s *sheet) box(x, y, size float64, ticked bool) {
	s.in(nil)
	s.pdf.SetDrawColor(black.r, black.g, black.b)
	s.pdf.Rect(x, y, size, size, "D")
	if ticked {
		in := size * 0.22
		s.pdf.SetLineWidth(1.1 * s.unit)
		s.pdf.Line(x+in, y+in, x+size-in, y+size-in)
		s.pdf.Line(x+in, y+size-in, x+size-in, y+in)
		s.pdf.SetLineWidth(thin)
	}
}

// fill draws a box of one colour.
func (s *sheet) fill(x, y, w, h float64, i ink) {
	s.in(nil)
	s.pdf.SetFillColor(i.r, i.g, i.b)
	s.pdf.Rect(x, y, w, h, "F")
}

// finish draws the foot of each page, now that their number is known, and writes
// the file.
func (s *sheet) finish(w io.Writer) error {
	for i := range s.marks {
		s.close()
		s.pdf.SetPage(i + 1)
		// The page may have ended in any type, which fpdf does not recall.
		s.pdf.SetFont(family, "B", 1)
		y := s.bottom + 12
		s.stroke(side, y-6, pageWidth-side, y-6, rule)
		for _, l := range s.foot {
			s.write(side, y, l, nil)
			y += l.set.leading
		}
		number := fmt.Sprintf("%s %d / %d", s.doc.Labels.Page, i+1, len(s.marks))
		x := pageWidth - side - s.set.foot.width(number)
		for _, l := range s.set.foot.lines(number, textWidth) {
			s.write(x, s.bottom+12, l, nil)
		}
	}
	s.close()
	var out bytes.Buffer
	if err := s.pdf.Output(&out); err != nil {
		return fmt.Errorf("paper: %w", err)
	}
	file, err := complete(out.Bytes(), s.doc, s.root, s.marks)
	if err != nil {
		return err
	}
	_, err = w.Write(file)
	return err
}
