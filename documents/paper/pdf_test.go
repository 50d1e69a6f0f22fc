package paper

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
)

// render gives a document in one of the forms, or fails.
func render(t testing.TB, form func(w *bytes.Buffer, d Document) error, d Document) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := form(&out, d); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func pdf(w *bytes.Buffer, d Document) error { return PDF(w, d) }

// tool gives what an independent reader of PDF says of a file.
func tool(t testing.TB, file []byte, name string, args ...string) string {
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

func TestThePDFIsA4AndTagged(t *testing.T) {
	info := tool(t, render(t, pdf, sample()), "pdfinfo", "-")
	for _, want := range []string{"Relevé de décisions", "(A4)", "yes"} {
		if !strings.Contains(info, want) {
			t.Errorf("no %q in\n%s", want, info)
		}
	}
}
