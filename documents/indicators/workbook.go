package indicators

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// xlsx writes a workbook: a sheet that says what it is, then one a part.
func (r Report) xlsx(w io.Writer) (err error) {
	b := &workbook{Report: r, file: excelize.NewFile()}
	defer func() { err = errors.Join(err, b.file.Close()) }()
	b.styles()
	b.cover()
	for _, p := range r.parts() {
		b.part(p)
	}
	b.try(b.file.SetDocProps(&excelize.DocProperties{
		Creator: "Parcours", LastModifiedBy: "Parcours", Title: r.Say.T("figure.title"), Language: r.Say.Lang(),
		Created: r.Made.UTC().Format(time.RFC3339), Modified: r.Made.UTC().Format(time.RFC3339),
	}))
	b.file.SetActiveSheet(0)
	if b.err == nil {
		_, b.err = b.file.WriteTo(w)
	}
	if b.err != nil {
		return fmt.Errorf("indicators: %w", b.err)
	}
	return nil
}

// A workbook is being written; err is the first thing that went wrong.
type workbook struct {
	Report
	file *excelize.File
	err  error

	sheet string
	line  int // of the sheet, from 1

	title, head, headRight, strong, says, text int
	row, all                                   rowStyle
}

func (b *workbook) try(err error) {
	if b.err == nil {
		b.err = err
	}
}

// What the sheets look like. The typeface is one that every computer has, or has
// another as wide for.
const (
	typeface = "Arial"
	headInk  = "FFFFFF"
	headFill = "1F4E79"
	greyInk  = "595959"
)

func (b *workbook) styles() {
	b.try(b.file.SetDefaultFont(typeface))
	style := func(font excelize.Font, s excelize.Style) int {
		font.Family = typeface
		if font.Size == 0 {
			font.Size = 10
		}
		s.Font = &font
		id, err := b.file.NewStyle(&s)
		b.try(err)
		return id
	}
	wrap := &excelize.Alignment{WrapText: true, Vertical: "top"}
	right := &excelize.Alignment{Horizontal: "right"}
	over := []excelize.Border{{Type: "top", Style: 1, Color: greyInk}}
	counts, shares, means := "#,##0", "0.0%", "#,##0.0"
	plain, bold := excelize.Font{}, excelize.Font{Bold: true}
	grey := excelize.Font{Italic: true, Color: greyInk}
	head := excelize.Font{Bold: true, Color: headInk}
	fill := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{headFill}}

	b.title = style(excelize.Font{Bold: true, Size: 16}, excelize.Style{})
	b.head = style(head, excelize.Style{Fill: fill})
	b.headRight = style(head, excelize.Style{Fill: fill, Alignment: right})
	b.strong = style(excelize.Font{Bold: true, Size: 12}, excelize.Style{})
	b.says = style(grey, excelize.Style{Alignment: wrap})
	b.text = style(plain, excelize.Style{Alignment: wrap})
	b.row = rowStyle{
		text: b.text, masked: style(grey, excelize.Style{Alignment: right}), count: style(plain, excelize.Style{CustomNumFmt: &counts}),
		share: style(plain, excelize.Style{CustomNumFmt: &shares}), mean: style(plain, excelize.Style{CustomNumFmt: &means}),
	}
	b.all = rowStyle{
		text: style(bold, excelize.Style{Border: over}), masked: style(grey, excelize.Style{Alignment: right, Border: over}),
		count: style(bold, excelize.Style{CustomNumFmt: &counts, Border: over}), share: style(bold, excelize.Style{CustomNumFmt: &shares, Border: over}),
	}
}

// A rowStyle is how the cells of a row look.
type rowStyle struct{ text, masked, count, share, mean int }

// cover makes of the first sheet the one that says what the others hold.
func (b *workbook) cover() {
	b.open(b.Say.T("figure.about"))
	b.next()
	b.say(1, b.Say.T("figure.title"), b.title)
	for _, text := range []string{b.Say.Place().Name, b.Period(), b.note()} {
		b.next()
		b.across(text, b.text)
	}
}

// part makes the sheet of a part, its heads kept in sight and on each page.
func (b *workbook) part(p part) {
	b.open(p.title)
	heads := []string{"what", "count", "share"}
	if p.tables[0].measures {
		heads = []string{"what", "value", "unit"}
	}
	b.next()
	for i, head := range heads {
		style := b.headRight
		if i == 0 {
			style = b.head
		}
		b.say(i+1, b.Say.T("figure.column."+head), style)
	}
	b.try(b.file.SetPanes(b.sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	b.try(b.file.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$1:$1", strings.ReplaceAll(b.sheet, "'", "''")), Scope: b.sheet,
	}))
	for _, t := range p.tables {
		b.table(t)
	}
}

func (b *workbook) table(t table) {
	b.next()
	b.next()
	b.say(1, t.title, b.strong)
	b.next()
	b.across(t.says, b.says)
	for _, row := range t.rows {
		b.next()
		look := b.row
		if row.total {
			look = b.all
		}
		b.say(1, row.label, look.text)
		if row.unit != "" {
			b.figure(2, row.value, 1, look.mean, look.masked)
			b.say(3, row.unit, look.masked)
			continue
		}
		b.figure(2, row.value, 1, look.count, look.masked)
		b.figure(3, row.share, 100, look.share, look.masked)
	}
}

// Measures of a sheet: the widths of its columns in letters, and how high a line
// of text is, in points.
var widths = []float64{56, 14, 14}

const (
	lineLetters = 86
	lineHeight  = 13.5
)

// across writes a text over the whole width, on as many lines as it takes: not
// all spreadsheets measure by themselves a text that wraps.
func (b *workbook) across(text string, style int) {
	b.say(1, text, style)
	b.try(b.file.MergeCell(b.sheet, b.cell(1), b.cell(len(widths))))
	lines := (utf8.RuneCountInString(text) + lineLetters - 1) / lineLetters
	b.try(b.file.SetRowHeight(b.sheet, b.line, lineHeight*float64(lines)+2))
}

// figure writes a number as one, divided by of, or the word for what is masked.
func (b *workbook) figure(column int, f figure, of float64, style, masked int) {
	if !f.shown {
		b.say(column, b.value(f), masked)
		return
	}
	at := b.cell(column)
	b.try(b.file.SetCellFloat(b.sheet, at, f.number/of, -1, 64))
	b.try(b.file.SetCellStyle(b.sheet, at, at, style))
}

// say writes a text, which is never a formula.
func (b *workbook) say(column int, text string, style int) {
	at := b.cell(column)
	b.try(b.file.SetCellStr(b.sheet, at, text))
	b.try(b.file.SetCellStyle(b.sheet, at, at, style))
}

func (b *workbook) cell(column int) string {
	at, err := excelize.CoordinatesToCellName(column, b.line)
	b.try(err)
	return at
}

func (b *workbook) next() { b.line++ }

// open begins a sheet: A4, upright, as wide as the page.
func (b *workbook) open(name string) {
	if b.sheet == "" {
		b.try(b.file.SetSheetName(b.file.GetSheetName(0), name))
	} else {
		_, err := b.file.NewSheet(name)
		b.try(err)
	}
	b.sheet, b.line = name, 0
	for i, width := range widths {
		column, err := excelize.ColumnNumberToName(i + 1)
		b.try(err)
		b.try(b.file.SetColWidth(name, column, column, width))
	}
	yes, a4, upright, one, any := true, 9, "portrait", 1, 0
	b.try(b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &yes}))
	b.try(b.file.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &upright, FitToWidth: &one, FitToHeight: &any}))
	escaped := strings.ReplaceAll(b.Say.T("figure.title"), "&", "&&")
	page := b.Say.T("doc.label.page")
	b.try(b.file.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddFooter: "&L" + escaped + "&R" + page + " &P / &N"}))
}
