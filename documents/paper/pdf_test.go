package paper

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestThePDFStandsAlone(t *testing.T) {
	file := render(t, PDF, sample())
	info := tool(t, file, "pdfinfo", "-")
	for name, want := range map[string]string{
		"Title": "Relevé de décisions", "Page size": "595.28 x 841.89 pts (A4)", "Pages": "3",
		"CreationDate": "Fri Dec 18 15:30:00 2026 UTC", "JavaScript": "no", "Form": "none", "Encrypted": "no",
	} {
		if !regexp.MustCompile(`(?m)^` + name + `: +` + regexp.QuoteMeta(want) + `$`).MatchString(info) {
			t.Errorf("no %s %q in\n%s", name, want, info)
		}
	}
	fonts := strings.Split(strings.TrimSpace(tool(t, file, "pdffonts", "-")), "\n")[2:]
	for _, font := range fonts {
		if !regexp.MustCompile(`CID TrueType +Identity-H +yes .* yes +\d+ +0$`).MatchString(font) {
			t.Errorf("not embedded: %s", font)
		}
	}
	// The whole of two fonts would take 180 kB.
	if len(fonts) != 2 || len(file) > 80_000 {
		t.Errorf("%d fonts, %d octets", len(fonts), len(file))
	}
}

func TestTheSampleAsItIsRead(t *testing.T) {
	file := render(t, PDF, sample())
	golden(t, "sample.txt", tool(t, file, "pdftotext", "-layout", "-", "-"))
	inOrder(t, spoken(tool(t, file, "pdfinfo", "-struct-text", "-")), sample(), drawn)
}

func TestEveryPageHasItsFoot(t *testing.T) {
	for _, large := range []bool{false, true} {
		d := longTable(40)
		d.Large = large
		pages := pagesOf(t, render(t, PDF, d))
		if len(pages) < 6 {
			t.Fatalf("%d pages", len(pages))
		}
		for i, text := range pages {
			foot := fmt.Sprintf("P-7F3K · version 2 · empreinte 3f9a 1c77page %d / %d", i+1, len(pages))
			if !strings.HasSuffix(squeeze(text), squeeze(foot)) {
				t.Errorf("page %d does not end with %q:\n%s", i+1, foot, text)
			}
		}
	}
}

func TestATableGoesOnOverThePages(t *testing.T) {
	pages := pagesOf(t, render(t, PDF, longTable(40)))
	for i, text := range pages {
		caption := "Objectifs (suite)\n"
		if i == 0 {
			caption = "Objectifs\n"
		}
		if head := caption + "N° de l’objectif Ce qui est décidé Moyens Qui\n"; strings.Count(text, head) != 1 {
			t.Errorf("page %d: no %q", i+1, head)
		}
	}
	all := squeeze(strings.Join(pages, ""))
	last := -1
	for i := range 40 {
		for _, mark := range []string{fmt.Sprintf("objectif-%02d", i+1), fmt.Sprintf("Début%02d.", i+1), fmt.Sprintf("Fin%02d.", i+1)} {
			if n := strings.Count(all, mark); n != 1 {
				t.Errorf("%s is there %d times", mark, n)
			}
			at := strings.Index(all, mark)
			if at < last {
				t.Errorf("%s comes too early", mark)
			}
			last = at
		}
	}
}

// TestNothingStandsAlone moves rows, and lines of a paragraph, down a page.
func TestNothingStandsAlone(t *testing.T) {
	for name, block := range map[string]Block{
		"row":  Table{Columns: []Column{{Title: "TÊTE"}}, Rows: [][]string{{"SEUL"}, {"SEUL"}, {"SEUL"}, {"SEUL"}, {"SEUL"}}},
		"line": Paragraph{"SEUL\nSEUL\nSEUL\nSEUL\nSEUL"},
	} {
		for n := 26; n < 36; n++ {
			d := sample()
			d.Blocks = nil
			for range n {
				d.Blocks = append(d.Blocks, Paragraph{"Une ligne."})
			}
			d.Blocks = append(d.Blocks, block)
			for _, text := range pagesOf(t, render(t, PDF, d)) {
				if strings.Count(text, "SEUL") == 1 {
					t.Errorf("after %d lines, a %s stands alone", n, name)
				}
			}
		}
	}
}

func TestARowHigherThanAPageIsCutBetweenLines(t *testing.T) {
	d := sample()
	var lines []string
	for i := range 200 {
		lines = append(lines, fmt.Sprintf("ligne-%03d", i))
	}
	d.Blocks = []Block{Paragraph{"Avant."}, Table{
		Columns: []Column{{Title: "Tête-A"}, {Title: "Tête-B"}},
		Rows:    [][]string{{strings.Join(lines, "\n"), "courte"}, {"suivante", ""}},
	}}
	pages := pagesOf(t, render(t, PDF, d))
	if len(pages) < 4 {
		t.Errorf("%d pages", len(pages))
	}
	for i, text := range pages {
		if strings.Count(text, "Tête-A") != 1 || strings.Count(text, "ligne-") < 2 {
			t.Errorf("page %d:\n%s", i+1, text)
		}
	}
	want := append(slices.Clone(lines), "suivante")
	if got := regexp.MustCompile(`ligne-\d+|suivante`).FindAllString(strings.Join(pages, ""), -1); !slices.Equal(got, want) {
		t.Errorf("read %q", got)
	}
}

// TestAHeadingStaysWithWhatFollows moves a heading down a page, line by line.
func TestAHeadingStaysWithWhatFollows(t *testing.T) {
	table := Table{Caption: "LÉGENDE", Columns: []Column{{Title: "TÊTE"}}, Rows: [][]string{{"SUITE"}, {"b"}}}
	follows := map[string][]Block{
		"a table":               {table},
		"a table and its words": {Paragraph{"PHRASE\n2\n3"}, table},
		"a paragraph":           {Paragraph{"SUITE\n2\n3\n4\n5"}},
		"bars":                  {Bars{"LÉGENDE", []Bar{{"SUITE", 1, "1"}}}},
		"signatures":            {Signatures{[]Signature{{Who: "SUITE"}}}},
	}
	for name, blocks := range follows {
		for n := 26; n < 40; n++ {
			d := sample()
			d.Blocks = nil
			for range n {
				d.Blocks = append(d.Blocks, Paragraph{"Une ligne."})
			}
			d.Blocks = append(d.Blocks, Heading{1, "PARTIE"}, Heading{2, "CHAPITRE"})
			d.Blocks = append(d.Blocks, blocks...)
			for _, text := range pagesOf(t, render(t, PDF, d)) {
				if strings.Contains(text, "PARTIE") != strings.Contains(text, "SUITE") {
					t.Errorf("after %d lines, a heading and %s are on two pages", n, name)
				}
			}
		}
	}
}

func TestTheSameDocumentGivesTheSameBytes(t *testing.T) {
	want := render(t, PDF, sample())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			var got bytes.Buffer
			if err := PDF(&got, sample()); err != nil || !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%d octets, error %v; want the same %d", got.Len(), err, len(want))
			}
		})
	}
	wg.Wait()
	later := sample()
	later.Date = later.Date.Add(time.Second)
	if bytes.Equal(render(t, PDF, later), want) {
		t.Error("the date is not in the file")
	}
}

// TestTheFontsDrawFrench tells the letters that need no replacement.
func TestTheFontsDrawFrench(t *testing.T) {
	f := faces()
	for _, face := range []*face{f.regular, f.bold} {
		for _, r := range "abcxyzABCXYZ0123456789éèêëàâçîïôùûüÿœŒæÆÉÈÊËÀÂÇÎÏÔÙÛÜŸ«»’‘“”–—…€·•°²³½×%&@#/\\|\u00a0□■�" {
			if !face.has(r) {
				t.Errorf("%q is missing", r)
			}
		}
		for r, want := range map[rune]rune{'\u202f': '\u00a0', '‑': '-', '☒': '■', '🙂': missing, 'ش': missing, '語': missing} {
			if got, _ := face.shown(r); got != want {
				t.Errorf("%q is drawn as %q, want %q", r, got, want)
			}
		}
	}
}

func TestCellsWithoutAColumnAreRefused(t *testing.T) {
	d := Document{Blocks: []Block{Table{Columns: []Column{{Title: "a"}}, Rows: [][]string{{"1", "2"}}}}}
	for name, form := range map[string]func(io.Writer, Document) error{"PDF": PDF, "HTML": HTML} {
		var out bytes.Buffer
		if err := form(&out, d); err == nil || out.Len() > 0 {
			t.Errorf("%s: error %v, %d octets written", name, err, out.Len())
		}
	}
}

// pagesOf gives the text of each page, in the order in which it was drawn.
func pagesOf(t fataler, file []byte) []string {
	t.Helper()
	text := tool(t, file, "pdftotext", "-raw", "-", "-")
	return strings.Split(strings.TrimSuffix(text, "\f"), "\f")
}
