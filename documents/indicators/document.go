package indicators

import (
	"parcours/documents/paper"
	"parcours/locales"
)

// Document gives the report to be read or printed.
func (r Report) Document() paper.Document {
	d := paper.Document{
		Lang: r.Say.Lang(), Title: r.Say.T("figure.title"), Subtitle: r.Say.Place().Name + "\n" + r.Period(), Date: r.Made,
		Labels: paper.Labels{
			Page: r.Say.T("doc.label.page"), Continued: r.Say.T("doc.label.continued"), Blank: r.Say.T("figure.masked"),
		},
		Blocks: []paper.Block{paper.Note{Text: r.note()}},
	}
	for _, p := range r.parts() {
		d.Blocks = append(d.Blocks, paper.Heading{Level: 1, Text: p.title})
		for _, t := range p.tables {
			if len(p.tables) > 1 {
				d.Blocks = append(d.Blocks, paper.Heading{Level: 2, Text: t.title})
			}
			d.Blocks = append(d.Blocks, paper.Paragraph{Text: t.says}, r.grid(t))
			if chart, ok := r.chart(t); ok {
				d.Blocks = append(d.Blocks, chart)
			}
		}
	}
	return d
}

// note says what is masked and why, and that nobody is named.
func (r Report) note() string { return r.Say.T("figure.note") }

// grid gives a table of two columns, which a narrow screen has room for.
func (r Report) grid(t table) paper.Table {
	value := r.Say.T("figure.column.both")
	if t.measures {
		value = r.Say.T("figure.column.value")
	}
	grid := paper.Table{Columns: []paper.Column{{Title: r.Say.T("figure.column.what"), Width: 2, Names: true}, {Title: value}}}
	for _, row := range t.rows {
		grid.Rows = append(grid.Rows, []string{row.label, r.inWords(row)})
	}
	return grid
}

// A chart of fewer rows, or with fewer bars to see, says no more than the table.
const (
	chartRows = 6
	chartSeen = 2
)

// chart shows the rows of a table next to each other. A masked one has no bar.
func (r Report) chart(t table) (paper.Bars, bool) {
	bars := paper.Bars{Caption: r.Say.T("figure.chart", locales.Args{"Table": t.title})}
	seen := 0
	for _, row := range t.rows {
		if row.total {
			continue
		}
		bar := paper.Bar{Label: row.label, Shown: r.value(row.value)}
		if row.value.shown {
			bar.Value = row.value.number
			seen++
		}
		bars.Bars = append(bars.Bars, bar)
	}
	return bars, !t.measures && len(bars.Bars) >= chartRows && seen >= chartSeen
}
