// Package indicators writes down the figures of the démarche, as far as they may
// be published, for whoever reads them on a screen, on paper, or in a spreadsheet.
//
// It knows masked figures alone: what may not be shown never comes here.
package indicators

import (
	"fmt"
	"io"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"parcours/casework"
	"parcours/casework/figures"
	"parcours/documents/paper"
	"parcours/locales"
)

// A Report is the figures of a period, in the words of a département.
type Report struct {
	Figures figures.Masked
	// From and To are the first and the last day of the period.
	From, To casework.Day
	// Made is when the figures were counted.
	Made time.Time
	Say  locales.Printer
}

// Period completes a period: it ends today unless said, and begins on the 1st of
// January of the year it ends in.
func Period(from, to casework.Day, now time.Time) (casework.Day, casework.Day) {
	if to == "" {
		to = casework.DayOf(now)
	}
	if from == "" {
		from = to[:len("2006")] + "-01-01"
	}
	return from, to
}

// Format is what a Report can be written as.
type Format string

// The formats. Text is for a terminal; CSV is as French spreadsheets open it.
const (
	Text Format = "table"
	HTML Format = "html"
	PDF  Format = "pdf"
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// Files are the formats that people keep, the most usual first.
func Files() []Format { return []Format{PDF, HTML, CSV, XLSX} }

// Media is the media type of the format.
func (f Format) Media() string {
	switch f {
	case HTML:
		return "text/html; charset=utf-8"
	case PDF:
		return "application/pdf"
	case CSV:
		return "text/csv; charset=utf-8"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/plain; charset=utf-8"
}

// Write writes the report. It gives the error of w.
func (r Report) Write(w io.Writer, f Format) error {
	switch f {
	case Text:
		return r.text(w)
	case HTML:
		return paper.HTML(w, r.Document())
	case PDF:
		return paper.PDF(w, r.Document())
	case CSV:
		return r.csv(w)
	case XLSX:
		return r.xlsx(w)
	}
	return fmt.Errorf("indicators: no format %q", f)
}

// FileName is what the report is kept under.
func (r Report) FileName(f Format) string {
	return fmt.Sprintf("indicateurs-%s-%s.%s", r.From, r.To, f)
}

// A Line is one figure with its name, as people read it.
type Line struct{ Label, Value string }

// Main gives the figures that say the most: what people answered, and how long
// it takes.
func (r Report) Main() []Line {
	all := r.parts()
	var lines []Line
	for _, t := range []table{all[0].tables[0], r.lengths()} {
		for _, row := range t.rows {
			lines = append(lines, Line{row.label, r.inWords(row)})
		}
	}
	return lines
}

// inWords says a figure with its unit, or its share.
func (r Report) inWords(row row) string {
	switch value := r.value(row.value); {
	case !row.value.shown:
		return value
	case row.unit != "":
		return r.Say.T("figure.measured", locales.Args{"Value": value, "Unit": row.unit})
	case row.share.shown && !row.total:
		return r.Say.T("figure.counted", locales.Args{"Value": value, "Share": r.percent(row.share)})
	default:
		return value
	}
}

// Period says which days are counted.
func (r Report) Period() string {
	return r.Say.T("figure.period", locales.Args{"From": r.day(r.From), "To": r.day(r.To)})
}

// day writes a day in figures.
func (r Report) day(d casework.Day) string {
	t := d.At(12, 0, time.UTC)
	return r.Say.T("doc.day", locales.Args{"Day": t.Format("02"), "Month": t.Format("01"), "Year": t.Format("2006")})
}

// value says a figure; there is one word for all that are masked, so that nobody
// can tell which of them are small.
func (r Report) value(f figure) string {
	if !f.shown {
		return r.Say.T("figure.masked")
	}
	return r.printer().Sprint(number.Decimal(f.number, number.MaxFractionDigits(f.decimals)))
}

func (r Report) percent(f figure) string {
	if !f.shown {
		return r.Say.T("figure.masked")
	}
	return r.printer().Sprint(number.Percent(f.number/100, number.MaxFractionDigits(0)))
}

func (r Report) printer() *message.Printer { return message.NewPrinter(language.Make(r.Say.Lang())) }
