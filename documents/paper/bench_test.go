package paper

import (
	"bytes"
	"io"
	"runtime"
	"testing"
)

// BenchmarkTenPages draws a record of ten pages of tables. The promise is less
// than 150 ms and less than 30 MB allocated.
func BenchmarkTenPages(b *testing.B) {
	d := longTable(40)
	d.Blocks = append(append(d.Blocks, PageBreak{}), sample().Blocks...)
	if pages := bytes.Count(render(b, PDF, d), []byte("/Type /Page /Parent")); pages != 10 {
		b.Fatalf("%d pages", pages)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		if err := PDF(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	n := float64(b.N)
	b.ReportMetric(b.Elapsed().Seconds()*1000/n, "ms/document")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/n/1e6, "MB/document")
}
