package paper

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// anyText is what people may write, and worse.
func anyText() *rapid.Generator[string] {
	word := rapid.OneOf(
		rapid.StringMatching(`[a-zA-Z]{1,12}`),
		rapid.SampledFrom([]string{
			"l’œuvre", "«\u00a0Élan\u00a0»", "16\u202f€", "—", "…", "ÿ", "e\u0301te\u0301", "à\u00a0:", "porte‑clé",
			"🙂", "👩\u200d👧", "❤\ufe0f", "☐", "☒", "✓", "語学", "\u202eabc\u202c", "\u200fx", "\u0007", "\x00", "\r", "\t",
			"<script>alert(1)</script>", "</td>", "\"'>", "&amp;", "{{.Title}}", "(\\)", "%s", "/P <<", "EMC", "\xff",
		}),
		rapid.Map(rapid.IntRange(20, 300), func(n int) string { return strings.Repeat("nom", n/3) }),
	)
	return rapid.Custom(func(t *rapid.T) string {
		var text strings.Builder
		for i, n := 0, rapid.SampledFrom([]int{0, 1, 1, 2, 2, 3, 5, 40}).Draw(t, "words"); i < n; i++ {
			text.WriteString(rapid.SampledFrom([]string{" ", "  ", "\n", "\r\n", ""}).Draw(t, "space"))
			text.WriteString(word.Draw(t, "word"))
		}
		return text.String()
	})
}

func anyBlock() *rapid.Generator[Block] {
	text := anyText()
	return rapid.Custom(func(t *rapid.T) Block {
		several := func(each func()) {
			for range rapid.IntRange(0, 4).Draw(t, "several") {
				each()
			}
		}
		draw := func() string { return text.Draw(t, "text") }
		switch rapid.IntRange(0, 10).Draw(t, "kind") {
		case 0:
			return Heading{rapid.IntRange(-1, 4).Draw(t, "level"), draw()}
		case 1:
			return Paragraph{draw()}
		case 2:
			var b List
			several(func() { b.Items = append(b.Items, draw()) })
			return b
		case 3:
			var b Fields
			several(func() {
				b.Fields = append(b.Fields, Field{Label: draw(), Value: draw(), Lines: rapid.IntRange(-1, 60).Draw(t, "lines")})
			})
			return b
		case 4:
			b := Table{Caption: draw()}
			several(func() {
				b.Columns = append(b.Columns, Column{draw(), rapid.Float64().Draw(t, "width"), rapid.Bool().Draw(t, "names")})
			})
			several(func() {
				var row []string
				for range rapid.IntRange(0, len(b.Columns)).Draw(t, "cells") {
					row = append(row, draw())
				}
				b.Rows = append(b.Rows, row)
			})
			return b
		case 5:
			var b Checks
			several(func() { b.Checks = append(b.Checks, Check{draw(), rapid.Bool().Draw(t, "checked")}) })
			return b
		case 6:
			var b Signatures
			several(func() { b.Signatures = append(b.Signatures, Signature{draw(), draw(), draw(), draw()}) })
			return b
		case 7:
			return Note{draw()}
		case 8:
			return Quote{draw(), draw()}
		case 9:
			b := Bars{Caption: draw()}
			several(func() {
				value := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, -1, math.NaN(), math.Inf(1), math.Inf(-1)}))
				b.Bars = append(b.Bars, Bar{draw(), value.Draw(t, "value"), draw()})
			})
			return b
		default:
			return PageBreak{}
		}
	})
}

func anyDocument() *rapid.Generator[Document] {
	return rapid.Custom(func(t *rapid.T) Document {
		return Document{
			Lang: "fr", Title: anyText().Draw(t, "title"), Subtitle: anyText().Draw(t, "subtitle"),
			Code: "P-7F3K", Version: "version 2", Hash: "empreinte 3f9a", Labels: labels,
			Large: rapid.Bool().Draw(t, "large"), Blocks: rapid.SliceOfN(anyBlock(), 0, 8).Draw(t, "blocks"),
		}
	})
}

// TestNothingIsLost reads random documents back, from both renderings.
func TestNothingIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDocument().Draw(t, "document")
		file := render(t, PDF, d)
		inOrder(t, spoken(tool(t, file, "pdfinfo", "-struct-text", "-")), d, drawn)
		all := letters(strings.Join(texts(d), ""))
		for i, text := range pagesOf(t, file) {
			if !strings.Contains(squeeze(text), squeeze("P-7F3K · version 2 · empreinte 3f9a page")) {
				t.Fatalf("no foot on page %d:\n%s", i+1, text)
			}
			for r, n := range letters(text) {
				all[r] -= n
			}
		}
		for r, n := range all {
			if n > 0 {
				t.Fatalf("%q is lost %d times", r, n)
			}
		}

		page := string(render(t, HTML, d))
		inOrder(t, reading(page), d, squeeze)
		balanced(t, page)
	})
}

// letters counts each letter of a text.
func letters(text string) map[rune]int {
	n := make(map[rune]int)
	for _, r := range squeeze(text) {
		n[r]++
	}
	return n
}
