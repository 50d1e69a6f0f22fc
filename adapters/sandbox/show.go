package sandbox

import (
	"hash/fnv"
	"strconv"
	"strings"
	"unicode/utf8"

	"parcours/bot/chat"
)

// group is a heading of a card and the rows under it.
type group struct {
	Heading string
	Runs    []run
}

// run is successive rows that all have a label, or that all have none.
type run struct {
	Labelled bool
	Rows     []chat.Row
}

// groups arranges the rows of a card under its headings.
func groups(card *chat.Card) []group {
	var all []group
	for _, row := range card.Rows {
		if row.IsHeading() || len(all) == 0 {
			all = append(all, group{})
		}
		last := &all[len(all)-1]
		if row.IsHeading() {
			last.Heading = row.Label
			continue
		}
		labelled := row.Label != ""
		if n := len(last.Runs); n == 0 || last.Runs[n-1].Labelled != labelled {
			last.Runs = append(last.Runs, run{Labelled: labelled})
		}
		at := &last.Runs[len(last.Runs)-1]
		at.Rows = append(at.Rows, row)
	}
	return all
}

// style is the class of a button.
func style(b chat.Button) string {
	switch b.Style {
	case chat.Primary:
		return "primary"
	case chat.Danger:
		return "danger"
	}
	return "ordinary"
}

// initials are the first letters of the first two words of a name.
func initials(name string) string {
	var letters strings.Builder
	for i, word := range strings.Fields(name) {
		if first, _ := utf8.DecodeRuneInString(word); i < 2 {
			letters.WriteRune(first)
		}
	}
	return strings.ToUpper(letters.String())
}

// hue picks one of the six tints of a picture, always the same for a name.
func hue(name string) string {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(name))
	return "hue-" + strconv.Itoa(int(sum.Sum32()%6))
}
