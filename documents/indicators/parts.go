package indicators

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"parcours/casework/figures"
	"parcours/locales"
)

// A part is a few tables that belong together.
type part struct {
	title  string
	tables []table
}

// A table is one figure a row. says tells in a sentence what it counts.
type table struct {
	title, says string
	rows        []row
	// measures: its rows are means, with a unit and no share.
	measures bool
}

// A row is a count, and its share of those the table counts; or a mean, with its
// unit. The row of all of them is the last.
type row struct {
	label        string
	value, share figure
	unit         string
	total        bool
}

// A figure may be shown or not; then it is no number.
type figure struct {
	number   float64
	decimals int
	shown    bool
}

// parts gives all that is to be written, whatever it is written as.
func (r Report) parts() []part {
	tables := map[string]figures.Table{}
	for _, t := range r.Figures.Tables {
		tables[t.ID] = t
	}
	var all []part
	for _, p := range contents {
		if p.meets && !r.Say.Place().Meetings {
			continue
		}
		said := part{title: r.Say.T("figure.part." + p.id)}
		for _, id := range p.tables {
			said.tables = append(said.tables, r.table(tables[id]))
		}
		all = append(all, said)
	}
	return append(all, part{title: r.Say.T("figure.part.lengths"), tables: []table{r.lengths()}})
}

// lengths gives the means and the medians.
func (r Report) lengths() table {
	said := table{title: r.Say.T("figure.part.lengths"), says: r.Say.T("figure.says.lengths"), measures: true}
	for _, length := range []struct {
		id    string
		meets bool
	}{{"duration", false}, {"to_meeting", true}, {"to_review", true}} {
		if length.meets && !r.Say.Place().Meetings {
			continue
		}
		for _, middle := range []string{"mean", "median"} {
			id := length.id + "." + middle
			value, shown := r.Figures.Measure(id)
			said.rows = append(said.rows, row{
				label: r.Say.T("figure.length." + id), value: figure{value, 1, shown}, unit: r.Say.T("figure.days"),
			})
		}
	}
	return said
}

func (r Report) table(t figures.Table) table {
	said := table{title: r.Say.T("figure.table." + t.ID), says: r.Say.T("figure.says." + t.ID)}
	for _, q := range t.Rows {
		said.rows = append(said.rows, r.row(t, q, choice(r.Say, t.ID, strings.TrimPrefix(string(q), t.ID+"."))))
	}
	all := r.row(t, t.Total, r.Say.T("figure.total."+string(t.Total)))
	all.total = true
	said.rows = append(said.rows, all)
	return said
}

func (r Report) row(t figures.Table, q figures.Quantity, label string) row {
	n, shown := r.Figures.Count(q)
	percent, known := r.Figures.Share(q, t.Total)
	return row{label: label, value: figure{float64(n), 0, shown}, share: figure{percent, 0, known}}
}

// choice names a choice of a table: as everywhere else, or as figures alone have
// it.
func choice(say locales.Printer, id, choice string) string {
	switch family, ok := families[id]; {
	case choice == "unknown":
		return say.T("figure.unknown")
	case ok:
		return capital(say.T(family + choice))
	}
	return say.T("figure.row." + id + "." + choice)
}

// families are the words that the choices of a table have everywhere.
var families = map[string]string{
	"household": "household.", "family": "family.", "problems": "topic.", "referents": "profession.",
	"partners": "sector.", "presence": "presence.", "person": "presence.", "objectives": "outcome.",
	"improved": "change.", "satisfied": "degree.", "heard": "degree.", "helped": "degree.",
}

func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// contents are the tables of each part, by their ids. A part that meets is left
// out where there are no meetings.
var contents = []struct {
	id     string
	meets  bool
	tables []string
}{
	{"entry", false, []string{"answers", "entry"}},
	{"profile", false, []string{"household", "age", "sex", "family", "problems"}},
	{"professionals", false, []string{"referents", "partners"}},
	{"meetings", true, []string{"meetings", "called_as", "person", "presence", "steps", "reviews"}},
	{"work", false, []string{"objectives", "actions", "difficulties"}},
	{"end", false, []string{"ended", "improved", "satisfied", "heard", "helped"}},
}

// Paths are the entries that are counted by themselves; any other counts as
// another.
func Paths() []string { return []string{"rsa", "ppe"} }
