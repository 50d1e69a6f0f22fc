package documents_test

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"testing"

	"parcours/casework"
	"parcours/documents"
	"parcours/documents/paper"
)

// tenPages is a case whose decision record takes some ten pages.
func tenPages(t testing.TB) documents.Request {
	s := family(t)
	s.by(karim)
	for n := range 20 {
		s.list(casework.Professional{Name: fmt.Sprintf("Nom-%d", n), FirstName: "Prénom", Service: "Service social", Profession: "educator", Purpose: "Accompagnement de la famille dans ses démarches"})
	}
	for n := range 24 {
		s.aims(casework.Housing, fmt.Sprintf("Objectif numéro %d, pour un logement sain et assez grand", n), casework.Medium, "Que les enfants dorment bien.")
		for range 3 {
			s.acts(fmt.Sprintf("o%d", n+5), "Rassembler les papiers, puis appeler le bailleur et fixer une visite", casework.ThePerson, "2026-09-15")
		}
	}
	r := s.request()
	r.Subject = "c4"
	return r
}

// BenchmarkTenPages makes a record of ten pages from the case, and both its files.
func BenchmarkTenPages(b *testing.B) {
	r := tenPages(b)
	var pdf bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		pdf.Reset()
		d := made(b, documents.Record, "62", r).Document
		if err := paper.PDF(&pdf, d); err != nil {
			b.Fatal(err)
		}
		if err := paper.HTML(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(pdf.Len())/1000, "kB/file")
}

// TestTenPagesAreTenPages holds what the benchmark measures, and the memory it may
// take.
func TestTenPagesAreTenPages(t *testing.T) {
	r := tenPages(t)
	d := made(t, documents.Record, "62", r).Document
	if pages := bytes.Count([]byte(asPDF(t, d)), []byte("\f")); pages < 10 || pages > 13 {
		t.Errorf("%d pages", pages)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := paper.PDF(io.Discard, made(t, documents.Record, "62", r).Document); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 30 {
		t.Errorf("%d MB", took)
	}
}
