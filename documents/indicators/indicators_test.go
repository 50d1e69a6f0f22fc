package indicators_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"parcours/casework/figures"
	"parcours/documents/indicators"
	"parcours/documents/paper"
	"parcours/locales"
)

func french() locales.Printer { return locales.For("fr").In(locales.DepartementOf("62")) }

func written(t *testing.T, r indicators.Report, f indicators.Format) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := r.Write(&out, f); err != nil {
		t.Fatalf("%s: %v", f, err)
	}
	return out.Bytes()
}

// rows reads the CSV as a French spreadsheet does.
func rows(t *testing.T, r indicators.Report) [][]string {
	t.Helper()
	text, marked := strings.CutPrefix(string(written(t, r, indicators.CSV)), "\ufeff")
	if !marked {
		t.Error("the file does not say that it is in UTF-8")
	}
	in := csv.NewReader(strings.NewReader(text))
	in.Comma = ';'
	all, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Every table that is counted is written, in every language, in words.
func TestEveryTableIsWritten(t *testing.T) {
	tables := figures.NewTally("2026-01-01", "2026-12-31", time.UTC, indicators.Paths()).Sheet().Tables
	for _, say := range []locales.Printer{french(), locales.For("en")} {
		r := year(t, 60, say)
		all := rows(t, r)
		want := 1 + 6 // the heads, and the lengths
		for _, table := range tables {
			want += len(table.Rows) + 1
			title := say.T("figure.table." + table.ID)
			if !slices.ContainsFunc(all, func(row []string) bool { return row[4] == title }) {
				t.Errorf("%s is not written", table.ID)
			}
		}
		if len(all) != want {
			t.Errorf("%d rows, want %d", len(all), want)
		}
		read(t, written(t, r, indicators.XLSX))
		for _, f := range []indicators.Format{indicators.Text, indicators.HTML, indicators.CSV} {
			if text := string(written(t, r, f)); strings.Contains(text, "[figure") || strings.Contains(text, "<no value>") {
				t.Errorf("%s in %s: a sentence is missing:\n%s", f, say.Lang(), text)
			}
		}
	}
}

// Paris calls nobody together: nothing is said of meetings.
func TestWithoutMeetings(t *testing.T) {
	r := year(t, 60, locales.For("fr").In(locales.DepartementOf("75")))
	for _, row := range rows(t, r) {
		if text := strings.Join(row, " "); strings.Contains(strings.ToLower(text), "rencontre") && !strings.Contains(text, "Difficultés") {
			t.Errorf("%q", text)
		}
	}
}

// Whatever the format, a figure that is masked is one word and no number, and the
// others are the same everywhere.
func TestTheFormatsSayTheSame(t *testing.T) {
	r := year(t, 60, french())
	sheets := read(t, written(t, r, indicators.XLSX))
	var counted []string // of the workbook, in its order
	for _, s := range sheets[1:] {
		for _, row := range s.rows {
			if len(row) == 3 && row[0].text != "Ce qui est compté" {
				counted = append(counted, row[0].text+"="+row[1].text)
			}
		}
	}
	var want []string
	masked, shown := 0, 0
	for _, row := range rows(t, r)[1:] {
		value := row[6]
		if value == "masqué" {
			masked++
			if row[7] == "" && row[8] != "masqué" {
				t.Errorf("the share tells: %q", row)
			}
		} else {
			shown++
			n, err := strconv.ParseFloat(strings.Replace(value, ",", ".", 1), 64)
			if err != nil || row[7] == "" && n < figures.Least {
				t.Errorf("%q is shown", row)
			}
			value = strconv.FormatFloat(n, 'f', -1, 64)
		}
		want = append(want, row[5]+"="+value)
	}
	if masked < 10 || shown < 30 {
		t.Errorf("%d masked, %d shown: no test", masked, shown)
	}
	for i := range counted {
		label, value, _ := strings.Cut(counted[i], "=")
		if n, err := strconv.ParseFloat(value, 64); err == nil {
			counted[i] = label + "=" + strconv.FormatFloat(n, 'f', -1, 64)
		}
	}
	// The CSV rounds the lengths.
	if n := len(want) - 6; !slices.Equal(counted[:n], want[:n]) || len(counted) != len(want) {
		t.Errorf("workbook %q\nCSV %q", counted, want)
	}
	tables := 0
	for _, b := range r.Document().Blocks {
		if grid, ok := b.(paper.Table); ok {
			for _, row := range grid.Rows {
				if said := row[0] + "=" + row[1]; tables < len(want)-6 && !strings.HasPrefix(said, want[tables]) {
					t.Errorf("the document says %q, the CSV %q", said, want[tables])
				}
				tables++
			}
		}
	}
	if tables != len(want) {
		t.Errorf("%d rows in the document, want %d", tables, len(want))
	}
}

// A masked figure is the same in a chart, whatever it is.
func TestChartsTellNothingOfWhatIsMasked(t *testing.T) {
	charts := 0
	for _, b := range year(t, 60, french()).Document().Blocks {
		bars, ok := b.(paper.Bars)
		if !ok {
			continue
		}
		charts++
		for _, bar := range bars.Bars {
			if masked := bar.Shown == "masqué"; masked != (bar.Value == 0) {
				t.Errorf("%s: %+v", bars.Caption, bar)
			}
		}
	}
	if charts < 3 {
		t.Errorf("%d charts", charts)
	}
}

// Nothing at all is all masked, and can still be handed out.
func TestNobody(t *testing.T) {
	r := year(t, 0, french())
	for _, row := range rows(t, r)[1:] {
		if row[6] != "masqué" {
			t.Errorf("%q", row)
		}
	}
	for _, f := range append(indicators.Files(), indicators.Text) {
		written(t, r, f)
	}
	for _, line := range r.Main() {
		if line.Value != "masqué" {
			t.Errorf("%+v", line)
		}
	}
}

// Whatever somebody calls their département, no cell is a formula.
func TestNoFormula(t *testing.T) {
	for _, name := range []string{"=1+1", "+cmd", "-2+3", "@SUM(1)", "\t=1", " =1", "＝1", `=HYPERLINK("x";"y")`, "\r@x", `"=1`, "'=1"} {
		own := fmt.Sprintf("name = %q\nmeetings = false\ndocuments = [\"list\"]\nmodel = \"75\"\n", name)
		place, err := locales.ReadDepartement([]byte(own))
		if err != nil {
			place = locales.DepartementOf("75")
			place.Name = name
		}
		r := year(t, 10, locales.For("fr").In(place))
		for _, row := range rows(t, r) {
			for _, cell := range row {
				if trimmed := strings.TrimSpace(cell); trimmed != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(trimmed)[0]) {
					t.Errorf("%q makes the cell %q", name, cell)
				}
			}
		}
		for _, s := range read(t, written(t, r, indicators.XLSX)) {
			if s.formulas > 0 {
				t.Errorf("%q makes a formula", name)
			}
		}
	}
}

func TestTheWorkbook(t *testing.T) {
	sheets := read(t, written(t, year(t, 60, french()), indicators.XLSX))
	var names []string
	for i, s := range sheets {
		names = append(names, s.name)
		if i > 0 && (s.frozen != "A2" || s.rows[0][0].text != "Ce qui est compté") {
			t.Errorf("%s: frozen at %q under %v", s.name, s.frozen, s.rows[0])
		}
		for _, row := range s.rows {
			for n, cell := range row {
				_, err := strconv.ParseFloat(cell.text, 64)
				if isNumber := err == nil; isNumber != cell.number || isNumber && n == 0 {
					t.Errorf("%s: %+v", s.name, cell)
				}
			}
		}
	}
	want := []string{"Lisez-moi", "Entrer dans la démarche", "Les personnes entrées", "Les professionnels", "Les rencontres", "Ce qui est fait", "La fin de la démarche", "Les durées"}
	if !slices.Equal(names, want) {
		t.Errorf("sheets %q", names)
	}
}

func TestPeriod(t *testing.T) {
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct{ from, to, wantFrom, wantTo string }{
		{"", "", "2026-01-01", "2026-03-02"},
		{"2025-06-01", "", "2025-06-01", "2026-03-02"},
		{"", "2024-12-31", "2024-01-01", "2024-12-31"},
		{"2025-06-01", "2025-07-01", "2025-06-01", "2025-07-01"},
	} {
		from, to := indicators.Period(day(c.from), day(c.to), now)
		if string(from) != c.wantFrom || string(to) != c.wantTo {
			t.Errorf("%+v: %s to %s", c, from, to)
		}
	}
}

func TestAnErrorOfTheWriterIsGiven(t *testing.T) {
	r := year(t, 10, french())
	for _, f := range append(indicators.Files(), indicators.Text) {
		if err := r.Write(full{}, f); err == nil {
			t.Errorf("%s: no error", f)
		}
	}
	if err := r.Write(io.Discard, "odt"); err == nil {
		t.Error("an unknown format is written")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// A tab is a sheet of a workbook, as a reader of our own finds it.
type tab struct {
	name     string
	rows     [][]cell
	formulas int
	frozen   string
}

type cell struct {
	text   string
	number bool
}

// read reads a workbook with nothing but a zip and an XML reader.
func read(t *testing.T, book []byte) []tab {
	t.Helper()
	files, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	decode := func(name string, into any) {
		t.Helper()
		f, err := files.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := xml.NewDecoder(f).Decode(into); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	var about struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
		} `xml:"sheets>sheet"`
	}
	decode("xl/workbook.xml", &about)
	var strs struct {
		Items []struct {
			T string `xml:"t"`
		} `xml:"si"`
	}
	decode("xl/sharedStrings.xml", &strs)
	var tabs []tab
	for i, sheet := range about.Sheets {
		var data struct {
			Pane struct {
				Cell  string `xml:"topLeftCell,attr"`
				State string `xml:"state,attr"`
			} `xml:"sheetViews>sheetView>pane"`
			Rows []struct {
				Cells []struct {
					Type    string  `xml:"t,attr"`
					Value   *string `xml:"v"`
					Formula *string `xml:"f"`
				} `xml:"c"`
			} `xml:"sheetData>row"`
		}
		decode(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), &data)
		found := tab{name: sheet.Name}
		if data.Pane.State == "frozen" {
			found.frozen = data.Pane.Cell
		}
		for _, row := range data.Rows {
			var cells []cell
			for _, c := range row.Cells {
				switch {
				case c.Formula != nil:
					found.formulas++
				case c.Value == nil:
				case c.Type == "s":
					n, err := strconv.Atoi(*c.Value)
					if err != nil {
						t.Fatal(err)
					}
					cells = append(cells, cell{text: strs.Items[n].T})
				default:
					cells = append(cells, cell{text: *c.Value, number: c.Type == "" || c.Type == "n"})
				}
			}
			if len(cells) > 0 {
				found.rows = append(found.rows, cells)
			}
		}
		tabs = append(tabs, found)
	}
	return tabs
}
