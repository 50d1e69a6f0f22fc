// Package paper is a neutral model of what is handed out on paper or read on a
// screen, and its two renderings: HTML, for whoever reads with a phone, a screen
// reader or large type, and PDF, for whoever prints, signs and files. It knows
// nothing of cases: whoever builds a document chooses its words.
//
// Nothing of a document is lost in a rendering: an empty value is a visible
// blank to fill by hand, a character that the font of the PDF lacks is drawn as a
// replacement and still read aloud as what it is, and a table goes on over as many
// pages as it needs.
package paper

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// A Document is what is rendered. Equal documents give equal bytes.
type Document struct {
	// Lang is the language of the text, as in "fr".
	Lang string
	// Title heads the first page, above Subtitle, which may be empty.
	Title, Subtitle string
	// Code, Version and Hash tell in the foot of every page which document this is.
	Code, Version, Hash string
	// Date is when the document was made, kept in the file of the PDF; it is not shown.
	Date time.Time
	// Large sets everything in large type.
	Large  bool
	Labels Labels
	Blocks []Block
}

// Labels are the few words that the renderings themselves need.
type Labels struct {
	// Page comes before "3 / 10" in the foot of a page.
	Page string
	// Continued follows the caption of a table on the pages after its first.
	Continued string
	// Blank is read aloud where a value is left to be filled by hand.
	Blank string
	// Checked and Unchecked are read aloud for the boxes of Checks.
	Checked, Unchecked string
}

// A Block is one of the kinds below. In every text, line breaks are kept.
type Block interface{ kind() string }

// Heading opens a part of the document. It stays on the page of what follows.
type Heading struct {
	// Level is 1 for a part and 2 for a part of a part.
	Level int
	Text  string
}

// Paragraph is plain text.
type Paragraph struct{ Text string }

// List is a bulleted list.
type List struct{ Items []string }

// Fields are the labels and values of a form, one below the other.
type Fields struct{ Fields []Field }

// A Field without a value is shown as a line to write on.
type Field struct {
	Label, Value string
	// Lines is how many lines to write on an empty value has; 0 is one.
	Lines int
}

// Table is a grid with a heading over each column, repeated on each page. A row
// is kept whole where a page allows it.
type Table struct {
	// Caption says what the table holds; it may be empty.
	Caption string
	Columns []Column
	// Rows have at most one cell for each column; an empty or missing cell is left
	// blank, high enough to write in.
	Rows [][]string
}

// A Column of a Table.
type Column struct {
	Title string
	// Width is the share of the column: one of 2 is twice as wide as one of 1. 0 is 1.
	Width float64
	// Names says that the cells of the column name their row.
	Names bool
}

// Checks are boxes, ticked or not.
type Checks struct{ Checks []Check }

// A Check is one box of Checks.
type Check struct {
	Label   string
	Checked bool
}

// Signatures are boxes to sign in, two on a line.
type Signatures struct{ Signatures []Signature }

// A Signature is one box of Signatures.
type Signature struct {
	// Who is the quality in which somebody signs, as "The person".
	Who string
	// Name is theirs, with their function where it matters.
	Name string
	Date string
	// Mark says how it was signed. When empty, room is left to sign by hand.
	Mark string
}

// Note is a short framed text in small type, such as a legal notice.
type Note struct{ Text string }

// Quote is what somebody said, in their own words.
type Quote struct {
	Text string
	// By says whose words they are; it may be empty.
	By string
}

// Bars is a chart of horizontal bars.
type Bars struct {
	// Caption says what the chart shows.
	Caption string
	Bars    []Bar
}

// A Bar is as long as its value is to the greatest of the chart. What is not a
// positive number has no length.
type Bar struct {
	Label string
	Value float64
	// Shown is what is written beside the bar, as "12", or "fewer than 5".
	Shown string
}

// PageBreak starts a new page.
type PageBreak struct{}

func (Heading) kind() string    { return "heading" }
func (Paragraph) kind() string  { return "paragraph" }
func (List) kind() string       { return "list" }
func (Fields) kind() string     { return "fields" }
func (Table) kind() string      { return "table" }
func (Checks) kind() string     { return "checks" }
func (Signatures) kind() string { return "signatures" }
func (Note) kind() string       { return "note" }
func (Quote) kind() string      { return "quote" }
func (Bars) kind() string       { return "bars" }
func (PageBreak) kind() string  { return "pagebreak" }

// check refuses a table with cells that would stand under no heading.
func (d Document) check() error {
	for i, b := range d.Blocks {
		table, ok := b.(Table)
		if !ok {
			continue
		}
		for j, row := range table.Rows {
			if len(row) > len(table.Columns) {
				return fmt.Errorf("paper: block %d, row %d: %d cells for %d columns", i, j, len(row), len(table.Columns))
			}
		}
	}
	return nil
}

// under gives the rank of the heading, 1 being the title's, below a part of rank
// above: no rank is skipped.
func (h Heading) under(above int) int {
	return min(max(h.Level, 1)+1, above+1, 3)
}

// blank tells a value that is left to be filled by hand.
func blank(value string) bool { return strings.TrimSpace(value) == "" }

// cell gives the text of a cell, empty when the row has none there.
func (t Table) cell(row, column int) string {
	if column < len(t.Rows[row]) {
		return t.Rows[row][column]
	}
	return ""
}

// A table over the width of the page has room for some so many letters, and a
// column is made wide enough for a word of up to so many, such as a date.
const (
	lettersAcross, lettersAcrossLarge = 80, 58
	lettersKept                       = 16
)

// shares gives the part of the whole width that each column takes: the part asked
// for, save that a word is not cut to keep to it.
func (t Table) shares(large bool) []float64 {
	across := float64(lettersAcross)
	if large {
		across = lettersAcrossLarge
	}
	shares, least := make([]float64, len(t.Columns)), make([]float64, len(t.Columns))
	sum, needed := 0.0, 0.0
	for i, c := range t.Columns {
		shares[i] = c.Width
		if !(c.Width > 0) || math.IsInf(c.Width, 0) {
			shares[i] = 1
		}
		sum += shares[i]
		letters := longest(c.Title)
		for r := range t.Rows {
			letters = max(letters, longest(t.cell(r, i)))
		}
		least[i] = float64(min(letters, lettersKept)+3) / across
		needed += least[i]
	}
	if needed >= 1 {
		for i := range least {
			least[i] /= needed
		}
		return least
	}
	// Who has too little takes it from who has more than enough.
	lacking, spare := 0.0, 0.0
	for i := range shares {
		shares[i] /= sum
		lacking += max(0, least[i]-shares[i])
		spare += max(0, shares[i]-least[i])
	}
	for i := range shares {
		if shares[i] < least[i] {
			shares[i] = least[i]
		} else if lacking > 0 {
			shares[i] -= (shares[i] - least[i]) * lacking / spare
		}
	}
	return shares
}

// longest gives the number of letters of the longest word.
func longest(text string) int {
	most, letters := 0, 0
	for _, r := range text {
		if r == ' ' || r == '\n' {
			letters = 0
			continue
		}
		letters++
		most = max(most, letters)
	}
	return most
}

// lengths gives the length of each bar, from 0 to 1.
func (b Bars) lengths() []float64 {
	lengths, most := make([]float64, len(b.Bars)), 0.0
	for i, bar := range b.Bars {
		if bar.Value > 0 && !math.IsInf(bar.Value, 0) {
			lengths[i] = bar.Value
			most = max(most, bar.Value)
		}
	}
	if most > 0 {
		for i := range lengths {
			lengths[i] /= most
		}
	}
	return lengths
}
