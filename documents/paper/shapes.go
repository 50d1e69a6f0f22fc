package paper

import (
	"fmt"
	"slices"
)

// text is a row of plain text over the width of the page.
func (s *sheet) text(text string, set *typeset, t *tag) row {
	return row{cells: []cell{{x: side, lines: set.lines(text, textWidth), tag: t}}, whole: 3 * set.leading}
}

func (s *sheet) title() shape {
	rows := []row{s.text(s.doc.Title, &s.set.title, s.root.add("H1", ""))}
	if s.doc.Subtitle != "" {
		subtitle := s.text(s.doc.Subtitle, &s.set.subtitle, s.root.add("P", ""))
		subtitle.top = 3 * s.unit
		rows = append(rows, subtitle)
	}
	rows = append(rows, row{least: 14 * s.unit, behind: func(_, bottom float64, _ bool) {
		s.stroke(side, bottom-4*s.unit, pageWidth-side, bottom-4*s.unit, rule)
	}})
	return shape{rows: rows, joined: true}
}

func (s *sheet) heading(b Heading, level int) shape {
	space, set := 18.0, &s.set.part
	if level > 2 {
		space, set = 11, &s.set.subpart
	}
	return shape{space: space * s.unit, rows: []row{s.text(b.Text, set, s.root.add(fmt.Sprintf("H%d", level), ""))}, joined: true}
}

func (s *sheet) list(b List) shape {
	sh := shape{space: 7 * s.unit}
	list := s.root.add("L", "/A <</O /List /ListNumbering /Disc>> ")
	const hang = 14.0
	for _, text := range b.Items {
		item := list.add("LI", "")
		label, body := item.add("Lbl", ""), item.add("LBody", "")
		r := s.text(text, &s.set.body, body)
		r.cells[0].x, r.cells[0].lines = side+hang*s.unit, s.set.body.lines(text, textWidth-hang*s.unit)
		bullet := cell{x: side + 4*s.unit, lines: s.set.body.lines("•", hang), tag: label}
		r.cells = []cell{bullet, r.cells[0]}
		r.bottom = 2 * s.unit
		sh.rows = append(sh.rows, r)
	}
	return sh
}

// writing is the height of a line to write on by hand.
const writing = 21.0

func (s *sheet) fields(b Fields) shape {
	sh := shape{space: 7 * s.unit}
	list := s.root.add("L", "")
	const labels, between = 0.34 * textWidth, 10.0
	x, width := side+labels+between, textWidth-labels-between
	for _, f := range b.Fields {
		item := list.add("LI", "")
		label := cell{x: side, lines: s.set.label.lines(f.Label, labels), tag: item.add("Lbl", "")}
		r := row{cells: []cell{label}, top: 3.5 * s.unit, bottom: 3.5 * s.unit, whole: s.full() / 3}
		body := item.add("LBody", "")
		if !blank(f.Value) {
			r.cells = append(r.cells, cell{x: x, lines: s.set.body.lines(f.Value, width), tag: body})
			r.behind = func(_, bottom float64, _ bool) { s.stroke(side, bottom, side+textWidth, bottom, rule) }
			sh.rows = append(sh.rows, r)
			continue
		}
		body.attributes = instead(s.doc.Labels.Blank)
		r.least = writing * s.unit
		r.behind = func(_, bottom float64, first bool) {
			if first {
				s.blank(x, x+width, bottom-3*s.unit, body)
			}
		}
		sh.rows = append(sh.rows, r)
		for range f.Lines - 1 {
			sh.rows = append(sh.rows, row{least: r.least, behind: r.behind})
		}
	}
	return sh
}

func (s *sheet) checks(b Checks) shape {
	sh := shape{space: 7 * s.unit}
	list := s.root.add("L", "")
	hang, box := 17*s.unit, 8.5*s.unit
	for _, check := range b.Checks {
		item := list.add("LI", "")
		sign, word := "☐", s.doc.Labels.Unchecked
		if check.Checked {
			sign, word = "☒", s.doc.Labels.Checked
		}
		mark := s.set.body.lines(sign, hang)
		mark[0].unseen = true
		sh.rows = append(sh.rows, row{
			cells: []cell{
				{x: side, lines: mark, tag: item.add("Lbl", instead(word))},
				{x: side + hang, lines: s.set.body.lines(check.Label, textWidth-hang), tag: item.add("LBody", "")},
			},
			top: 1.5 * s.unit, bottom: 1.5 * s.unit, whole: s.full() / 3,
			behind: func(top, _ float64, first bool) {
				if !first {
					return
				}
				y := top + 1.5*s.unit + (s.set.body.leading-box)/2
				s.box(side, y, box, check.Checked)
			},
		})
	}
	return sh
}

func (s *sheet) signatures(b Signatures) shape {
	sh := shape{space: 10 * s.unit}
	if len(b.Signatures) == 0 {
		return sh
	}
	list := s.root.add("L", "")
	const gutter, inner = 14.0, 9.0
	width := (textWidth - gutter) / 2
	for pair := range slices.Chunk(b.Signatures, 2) {
		r := row{top: inner, bottom: inner + gutter, least: 106*s.unit + gutter, whole: s.full() / 2}
		for i, sign := range pair {
			x := side + float64(i)*(width+gutter)
			t := list.add("LI", "").add("LBody", "")
			lines := s.set.strong.lines(sign.Who, width-2*inner)
			for _, more := range []struct {
				text string
				set  *typeset
			}{{sign.Name, &s.set.body}, {sign.Date, &s.set.body}, {sign.Mark, &s.set.small}} {
				if more.text != "" {
					lines = append(lines, more.set.lines(more.text, width-2*inner)...)
				}
			}
			r.cells = append(r.cells, cell{x: x + inner, lines: lines, tag: t})
		}
		r.behind = func(top, bottom float64, _ bool) {
			for i := range pair {
				s.frame(side+float64(i)*(width+gutter), top, width, bottom-gutter-top)
			}
		}
		sh.rows = append(sh.rows, r)
	}
	return sh
}

func (s *sheet) note(b Note) shape {
	const inner = 9.0
	t := s.root.add("P", "")
	return shape{space: 10 * s.unit, rows: []row{{
		cells: []cell{{x: side + inner, lines: s.set.small.lines(b.Text, textWidth-2*inner), tag: t}},
		top:   inner - 2, bottom: inner - 1, whole: s.full() / 3,
		behind: func(top, bottom float64, _ bool) { s.frame(side, top, textWidth, bottom-top) },
	}}}
}

func (s *sheet) quote(b Quote) shape {
	const inner = 12.0
	t := s.root.add("BlockQuote", "")
	lines := s.set.body.lines(b.Text, textWidth-inner)
	r := row{
		cells: []cell{{x: side + inner, lines: lines, tag: t.add("P", "")}},
		top:   2 * s.unit, bottom: 2 * s.unit, whole: 3 * s.set.body.leading,
		behind: func(top, bottom float64, _ bool) { s.fill(side, top, 2, bottom-top, solid) },
	}
	sh := shape{space: 8 * s.unit, rows: []row{r}}
	if b.By != "" {
		by := r
		by.top, by.whole = 0, s.full()/3
		by.cells = []cell{{x: side + inner, lines: s.set.small.lines(b.By, textWidth-inner), tag: t.add("P", "")}}
		sh.rows = append(sh.rows, by)
	}
	return sh
}

func (s *sheet) bars(b Bars) shape {
	sh := shape{space: 9 * s.unit, heads: 1}
	figure := s.root.add("Div", "")
	caption := s.text(b.Caption, &s.set.strong, figure.add("P", ""))
	caption.bottom = 3 * s.unit
	sh.rows = []row{caption}
	const labels, most, between = 0.4 * textWidth, 0.38 * textWidth, 8.0
	list := figure.add("L", "")
	for i, length := range b.lengths() {
		bar, wide := b.Bars[i], length*most
		item := list.add("LI", "")
		beside := side + labels + between + wide
		if wide > 0 {
			beside += between
		}
		sh.rows = append(sh.rows, row{
			cells: []cell{
				{x: side, lines: s.set.body.lines(bar.Label, labels), tag: item.add("Lbl", "")},
				{x: beside, lines: s.set.body.lines(bar.Shown, side+textWidth-beside), tag: item.add("LBody", "")},
			},
			top: 2 * s.unit, bottom: 2 * s.unit, whole: s.full() / 3,
			behind: func(top, _ float64, first bool) {
				if first && wide > 0 {
					s.fill(side+labels+between, top+4.5*s.unit, wide, 10*s.unit, solid)
				}
			},
		})
	}
	return sh
}
