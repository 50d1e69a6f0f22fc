package paper

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
)

// HTML writes the document as one file that needs no other: no script, no remote
// resource, readable on a phone, in the dark, by a screen reader, and on paper.
// It gives the error of w, or that of a table with more cells in a row than
// columns.
func HTML(w io.Writer, d Document) error {
	if err := d.check(); err != nil {
		return err
	}
	sheet := struct {
		Document
		Style template.CSS
		Parts []template.HTML
	}{Document: d, Style: style}
	level := 1
	for i, b := range d.Blocks {
		if h, ok := b.(Heading); ok {
			level = h.under(level)
		}
		var out strings.Builder
		err := pages.ExecuteTemplate(&out, b.kind(), part{ID: fmt.Sprintf("b%d", i+1), Level: level, Document: d, Block: b})
		if err != nil {
			return fmt.Errorf("paper: %w", err)
		}
		sheet.Parts = append(sheet.Parts, template.HTML(out.String()))
	}
	// What cannot be seen goes last: every text is escaped by then, so what its
	// absence brings together can make no markup.
	out := transform.NewWriter(w, transform.Chain(runes.ReplaceIllFormed(), runes.Remove(runes.Predicate(unseen))))
	if err := pages.Execute(out, sheet); err != nil {
		return fmt.Errorf("paper: %w", err)
	}
	return out.Close()
}

// unseen tells the control characters, and the marks that reverse the direction
// of reading.
func unseen(r rune) bool {
	return unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r)
}

// part is a block as its template reads it.
type part struct {
	// ID tells apart what has a name in the file.
	ID string
	// Level is that of the heading the block is, or stands under, from 1 for the title.
	Level int
	Document
	Block Block
}

var (
	//go:embed page.html.tmpl
	pageText string
	//go:embed page.css
	style template.CSS

	pages = template.Must(template.New("page").Funcs(template.FuncMap{
		"blank":   blank,
		"cell":    Table.cell,
		"shares":  Table.shares,
		"chart":   newChart,
		"percent": func(share float64) string { return fmt.Sprintf("%.1f%%", share*100) },
		"times":   func(n int) []struct{} { return make([]struct{}, max(n, 1)) },
	}).Parse(pageText))
)

// chart is Bars laid out for a picture, in CSS pixels from its top.
type chart struct {
	Height int
	Bars   []chartBar
}

type chartBar struct {
	Lines []chartLine
	Top   int
	// Length is a share of the width of the picture, with room left for Shown.
	Length float64
	// Beside is where Shown starts, and Base the line it stands on.
	Beside float64
	Base   int
	Shown  string
}

type chartLine struct {
	Text string
	Base int
}

// Measures of a chart. A line of labelRunes fits a narrow phone.
const (
	labelRunes  = 36
	labelHeight = 20
	barHeight   = 16
	barGap      = 16
	barMost     = 0.72
)

func newChart(b Bars) chart {
	var c chart
	for i, length := range b.lengths() {
		bar := chartBar{Shown: b.Bars[i].Shown, Length: length * barMost}
		for _, text := range chunks(b.Bars[i].Label, labelRunes) {
			c.Height += labelHeight
			bar.Lines = append(bar.Lines, chartLine{text, c.Height - 6})
		}
		bar.Top, bar.Base = c.Height, c.Height+barHeight-3
		if length > 0 {
			bar.Beside = bar.Length + 0.015
		}
		c.Height += barHeight + barGap
		c.Bars = append(c.Bars, bar)
	}
	return c
}

// chunks cuts a text between words into lines of at most most characters; a
// longer word is cut.
func chunks(text string, most int) []string {
	var lines []string
	line, size := "", 0
	for _, word := range strings.Fields(text) {
		for {
			letters := []rune(word)
			switch {
			case size == 0 && len(letters) > most:
				lines = append(lines, string(letters[:most]))
				word = string(letters[most:])
				continue
			case size == 0:
				line, size = word, len(letters)
			case size+1+len(letters) <= most:
				line, size = line+" "+word, size+1+len(letters)
			default:
				lines = append(lines, line)
				line, size = "", 0
				continue
			}
			break
		}
	}
	if size > 0 {
		lines = append(lines, line)
	}
	return lines
}
