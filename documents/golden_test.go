package documents_test

import (
	"bytes"
	"flag"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"parcours/documents"
	"parcours/documents/paper"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden holds a text to the file of that name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-golden +now):\n%s", name, diff)
	}
}

// asPDF is what a reader of PDF says of a document.
func asPDF(t testing.TB, d paper.Document) string {
	t.Helper()
	var file, faults bytes.Buffer
	if err := paper.PDF(&file, d); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("pdftotext", "-layout", "-", "-")
	cmd.Stdin, cmd.Stderr = &file, &faults
	out, err := cmd.Output()
	if err != nil || faults.Len() > 0 {
		t.Fatalf("pdftotext: %v %s", err, faults.String())
	}
	return string(out)
}

var (
	outside = regexp.MustCompile(`(?s)<head>.*</head>`)
	inline  = regexp.MustCompile(`</?(span|em|strong)[^>]*>`)
	tag     = regexp.MustCompile(`<[^>]*>`)
	gaps    = regexp.MustCompile(`\s*\n\s*`)
)

// asHTML is the text of a document as a browser without any style shows it.
func asHTML(t testing.TB, d paper.Document) string {
	t.Helper()
	var file bytes.Buffer
	if err := paper.HTML(&file, d); err != nil {
		t.Fatal(err)
	}
	text := inline.ReplaceAllString(outside.ReplaceAllString(file.String(), ""), " ")
	text = html.UnescapeString(tag.ReplaceAllString(text, "\n"))
	return strings.TrimSpace(gaps.ReplaceAllString(text, "\n")) + "\n"
}

// own is the model whose form a kind is, or whose words suit it best.
var own = map[documents.Kind]string{
	documents.Record: "62", documents.Project: "67", documents.List: "75", documents.Synthesis: "09",
	documents.Invitation: "62", documents.Attendance: "62", documents.Blank: "62", documents.Leaflet: "62",
}

func TestEachKindInItsOwnModel(t *testing.T) {
	for name, s := range map[string]*story{"ariege": ariege(t), "family": family(t)} {
		for kind, model := range own {
			t.Run(name+" "+string(kind), func(t *testing.T) {
				d := made(t, kind, model, s.request()).Document
				golden(t, name+"-"+string(kind)+".html.txt", asHTML(t, d))
				golden(t, name+"-"+string(kind)+".pdf.txt", asPDF(t, d))
			})
		}
	}
}

func TestTheLetterToAPartner(t *testing.T) {
	r := family(t).request()
	r.Subject = "p3"
	golden(t, "family-invitation-partner.html.txt", asHTML(t, made(t, documents.Invitation, "62", r).Document))
}
