package paper

import (
	"bytes"
	"strings"
	"testing"
)

// TestTheTagsTellTheDocument holds what a screen reader hears, as poppler reads
// the tags: the structure, the words apart, blanks and boxes by their names.
func TestTheTagsTellTheDocument(t *testing.T) {
	file := render(t, PDF, sample())
	golden(t, "sample.tags", tool(t, file, "pdfinfo", "-struct-text", "-"))
	// poppler does not tell what stands instead of a drawing.
	for words, want := range map[string]int{"à compléter": 2, "coché": 1, "non coché": 1} {
		if got := bytes.Count(file, []byte("/ActualText "+hex(words)+" /K")); got != want {
			t.Errorf("%q is told %d times, want %d", words, got, want)
		}
	}
	if info := tool(t, file, "pdfinfo", "-"); !strings.Contains(info, "Tagged:          yes") {
		t.Error(info)
	}
	if !bytes.Contains(file, []byte("/Lang "+hex("fr")+" /MarkInfo <</Marked true>>")) {
		t.Error("the language is not told")
	}
}

// TestWhoListensHearsTheHeadOfATableOnce tells what is repeated for the eye.
func TestWhoListensHearsTheHeadOfATableOnce(t *testing.T) {
	read := tool(t, render(t, PDF, longTable(40)), "pdfinfo", "-struct-text", "-")
	for text, want := range map[string]int{"Ce qui est décidé": 1, "suite": 0, "empreinte": 0, "/Scope /Column": 4, "/Scope /Row": 40, "objectif-27": 1, "Fin40.": 1} {
		if got := strings.Count(read, text); got != want {
			t.Errorf("%q is heard %d times, want %d", text, got, want)
		}
	}
}

func TestAFileThatIsNotOfFpdfIsRefused(t *testing.T) {
	if _, err := complete([]byte("%PDF-1.7\n%%EOF\n"), Document{}, &tag{}, nil); err == nil {
		t.Error("no error")
	}
}
