package paper

import (
	"bytes"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"unicode"

	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares a text with the one kept under that name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-golden +now):\n%s", name, diff)
	}
}

// fataler is what tests and properties have in common.
type fataler interface {
	Helper()
	Errorf(string, ...any)
	Fatalf(string, ...any)
}

// render gives a document in one of the forms.
func render(t fataler, form func(io.Writer, Document) error, d Document) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := form(&out, d); err != nil {
		t.Fatalf("%v", err)
	}
	return out.Bytes()
}

// tool gives what an independent reader of PDF says of a file. A fault it tells of,
// or its absence, fails the test.
func tool(t fataler, file []byte, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stdin = bytes.NewReader(file)
	var faults bytes.Buffer
	cmd.Stderr = &faults
	out, err := cmd.Output()
	if err != nil || faults.Len() > 0 {
		t.Fatalf("%s: %v %s", name, err, faults.String())
	}
	return string(out)
}

// squeeze gives the letters of a text, without what layout adds or takes away.
func squeeze(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r), r == missing, unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
			return -1
		case r == '\u2011':
			return '-'
		}
		return r
	}, norm.NFC.String(text))
}

// texts are all the texts of a document, in reading order.
func texts(d Document) []string {
	all := []string{d.Title, d.Subtitle}
	for _, b := range d.Blocks {
		switch b := b.(type) {
		case Heading:
			all = append(all, b.Text)
		case Paragraph:
			all = append(all, b.Text)
		case List:
			all = append(all, b.Items...)
		case Fields:
			for _, f := range b.Fields {
				all = append(all, f.Label, f.Value)
			}
		case Table:
			all = append(all, b.Caption)
			for _, c := range b.Columns {
				all = append(all, c.Title)
			}
			for _, row := range b.Rows {
				all = append(all, row...)
			}
		case Checks:
			for _, c := range b.Checks {
				all = append(all, map[bool]string{true: "☒", false: "☐"}[c.Checked], c.Label)
			}
		case Signatures:
			for _, s := range b.Signatures {
				all = append(all, s.Who, s.Name, s.Date, s.Mark)
			}
		case Note:
			all = append(all, b.Text)
		case Quote:
			all = append(all, b.Text, b.By)
		case Bars:
			all = append(all, b.Caption)
			for _, bar := range b.Bars {
				all = append(all, bar.Label, bar.Shown)
			}
		}
	}
	return all
}

// drawn is squeeze, of the letters that are drawn.
func drawn(text string) string {
	return squeeze(strings.Map(func(r rune) rune {
		shown, _ := faces().regular.shown(r)
		return shown
	}, squeeze(text)))
}

// spoken gives the text that poppler finds in the tags of a PDF, as it is drawn.
func spoken(tags string) string {
	var text strings.Builder
	for line := range strings.Lines(tags) {
		if inner, ok := strings.CutPrefix(strings.TrimSpace(line), `"`); ok {
			text.WriteString(strings.TrimSuffix(inner, `"`))
		}
	}
	return text.String()
}

// inOrder holds that every text of the document is read, each after the one
// before, where as gives the letters that are compared.
func inOrder(t fataler, read string, d Document, as func(string) string) {
	t.Helper()
	rest := as(read)
	for _, text := range texts(d) {
		_, after, found := strings.Cut(rest, as(text))
		if !found {
			t.Fatalf("%q is not read, or not in its place, which is before %.200q", as(text), rest)
		}
		rest = after
	}
}
