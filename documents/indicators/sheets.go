package indicators

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"
)

// byteOrderMark tells spreadsheets that the file is in UTF-8.
const byteOrderMark = "\ufeff"

// csv writes one row a figure, each with its département and its period, so that
// files of several can be put one below the other. Commas are in numbers, so
// semicolons are between them, as French spreadsheets expect.
func (r Report) csv(w io.Writer) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return fmt.Errorf("indicators: %w", err)
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	var heads []string
	for _, head := range []string{"department", "from", "to", "part", "table", "what", "value", "unit", "percent"} {
		heads = append(heads, r.Say.T("figure.column."+head))
	}
	rows := [][]string{heads}
	for _, p := range r.parts() {
		for _, t := range p.tables {
			for _, row := range t.rows {
				rows = append(rows, []string{
					r.Say.Place().Name, string(r.From), string(r.To), p.title, t.title, row.label,
					r.raw(row.value), row.unit, r.rawShare(row),
				})
			}
		}
	}
	for _, row := range rows {
		for i := range row {
			row[i] = Inert(row[i])
		}
		if err := out.Write(row); err != nil {
			return fmt.Errorf("indicators: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("indicators: %w", err)
	}
	return nil
}

// raw writes a figure as a French spreadsheet reads it: with a comma.
func (r Report) raw(f figure) string {
	if !f.shown {
		return r.Say.T("figure.masked")
	}
	return strings.Replace(strconv.FormatFloat(f.number, 'f', f.decimals, 64), ".", ",", 1)
}

func (r Report) rawShare(row row) string {
	if row.unit != "" {
		return ""
	}
	row.share.decimals = 1
	return r.raw(row.share)
}

// Inert keeps a spreadsheet from taking a text for a formula: an apostrophe before
// it says that it is none.
func Inert(text string) string {
	bare := strings.TrimLeftFunc(text, unicode.IsSpace)
	if bare != "" && (bare != text || strings.ContainsRune("=+-@＝＋－＠", []rune(bare)[0])) {
		return "'" + text
	}
	return text
}

// text writes the report for a terminal.
func (r Report) text(w io.Writer) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(out, "%s\n%s\n%s\n\n%s\n", r.Say.T("figure.title"), r.Say.Place().Name, r.Period(), r.note())
	for _, p := range r.parts() {
		fmt.Fprintf(out, "\n%s\n", strings.ToUpper(p.title))
		for _, t := range p.tables {
			fmt.Fprintf(out, "\n%s\n", t.title)
			for _, row := range t.rows {
				if row.unit != "" {
					fmt.Fprintf(out, "  %s\t%s\n", row.label, r.inWords(row))
					continue
				}
				fmt.Fprintf(out, "  %s\t%s\t%s\n", row.label, r.value(row.value), r.percent(row.share))
			}
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("indicators: %w", err)
	}
	return nil
}
