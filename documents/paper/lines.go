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
		if n := len(lines); n > 0 && lines[n-1].drawn != "" {
			lines[n-1].end()
		}
		lines = append(lines, t.wrap(paragraph, width)...)
	}
	return lines
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
	end := func(word bool) {
		l := line{set: t, drawn: drawn.String()}
		if foreign {
			l.spoken = spoken.String()
		}
		if word {
			l.end()
		}
		lines = append(lines, l)
		drawn.Reset()
		spoken.Reset()
		filled, foreign = 0, false
	}
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ' ' }) {
		wide := 0
		for _, r := range word {
			shown, _ := t.face.shown(r)
			wide += int(t.face.widths[shown])
		}
		if filled > 0 && filled+space+wide > most {
			end(true)
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
				end(false)
			}
			drawn.WriteRune(shown)
			spoken.WriteRune(r)
			filled += w
			foreign = foreign || !same
		}
	}
	if filled > 0 || len(lines) == 0 {
		end(false)
	}
	return lines
}

// end puts a space after the last word of a line, which keeps it apart from the
// next line for who listens.
func (l *line) end() {
	l.drawn += " "
	if l.spoken != "" {
		l.spoken += " "
	}
}
