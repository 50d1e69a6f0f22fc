package paper

import (
	"strings"
)

// line is a piece of text that is drawn at once.
type line struct {
	set *typeset
	// drawn holds characters of the font alone.
	drawn string
	// spoken is the text when what is drawn does not read as it.
	spoken string
	// unseen is for what is read, while a drawing shows it.
	unseen bool
}

// typeset is how a text is set: font, size and space from a line to the next, in
// points, and colour.
type typeset struct {
	face          *face
	size, leading float64
	ink           ink
}

// lines cuts a text into lines no wider than width: between words, and inside a
// word that is wider than a line. No text is one line with nothing in it.
func (t *typeset) lines(text string, width float64) []line {
	var lines []line
	for _, paragraph := range strings.Split(legible(text), "\n") {
		lines = append(lines, t.wrap(paragraph, width)...)
	}
	return lines
}

// width is that of a text on one line.
func (t *typeset) width(text string) float64 {
	return float64(t.thousandths(text)) * t.size / 1000
}

// thousandths is the width of a text in thousandths of the size of its type.
func (t *typeset) thousandths(text string) int {
	sum := 0
	for _, r := range text {
		shown, _ := t.face.shown(r)
		sum += int(t.face.widths[shown])
	}
	return sum
}

func (t *typeset) wrap(text string, width float64) []line {
	most := int(width * 1000 / t.size)
	space := int(t.face.widths[' '])
	var (
		lines         []line
		drawn, spoken strings.Builder
		filled        int
		foreign       bool
	)
	// The space after a line keeps its last word apart from the next line for who
	// listens; a word that is cut needs none.
	end := func(space string) {
		drawn.WriteString(space)
		spoken.WriteString(space)
		l := line{set: t, drawn: drawn.String()}
		if foreign {
			l.spoken = spoken.String()
		}
		lines = append(lines, l)
		drawn.Reset()
		spoken.Reset()
		filled, foreign = 0, false
	}
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ' ' }) {
		wide := t.thousandths(word)
		if filled > 0 && filled+space+wide > most {
			end(" ")
		}
		if filled > 0 {
			drawn.WriteByte(' ')
			spoken.WriteByte(' ')
			filled += space
		}
		for _, r := range word {
			shown, same := t.face.shown(r)
			w := int(t.face.widths[shown])
			if filled > 0 && filled+w > most {
				end("")
			}
			drawn.WriteRune(shown)
			spoken.WriteRune(r)
			filled += w
			foreign = foreign || !same
		}
	}
	switch {
	case filled > 0:
		end(" ")
	case len(lines) == 0:
		end("")
	}
	return lines
}
