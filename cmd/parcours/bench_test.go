package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"parcours/casework"
	"parcours/casework/caseworktest"
	"parcours/storage"
	"parcours/storage/bolt"
	"parcours/storage/vault"
)

// manyCases fills a sealed store with cases as they are lived, those of a few
// hundred draws again and again, and gives how many entries they have.
func manyCases(t testing.TB, path string, cases int) (sealed *vault.Vault, entries int) {
	t.Helper()
	sealed, _, err := openStore(path, "", func(string) string { return "" }, bolt.Options{NoSync: true})
	must(t, err)
	const drawn = 400
	var journals [drawn][][]byte
	start := time.Date(2026, 1, 1, 9, 0, 0, 0, caseworktest.Zone())
	for i := range journals {
		random := rand.New(rand.NewPCG(uint64(i), 1))
		for _, e := range caseworktest.Plausible(random, "P-2222", start.AddDate(0, 0, i*365/drawn), start.AddDate(1, 0, 0)) {
			raw, err := casework.Encode(e)
			must(t, err)
			journals[i] = append(journals[i], raw)
		}
	}
	for first := 0; first < cases; first += 1000 {
		var changes []storage.Change
		for i := first; i < min(first+1000, cases); i++ {
			journal := journals[i%drawn]
			entries += len(journal)
			changes = append(changes, storage.Change{Case: casework.Code(fmt.Sprintf("P-%06d", i)), Entries: journal})
		}
		must(t, sealed.Append(context.Background(), changes...))
	}
	return sealed, entries
}

// BenchmarkIndicators100k counts 100 000 cases kept in a sealed file. ratio is to
// reading and opening them alone: 1 is as fast. heap-MB is the most that lived at
// once, besides what is mapped of the file.
func BenchmarkIndicators100k(b *testing.B) {
	const cases = 100_000
	sealed, entries := manyCases(b, filepath.Join(b.TempDir(), "parcours.db"), cases)
	defer sealed.Close()
	var raw time.Duration
	var most uint64
	for b.Loop() {
		start := time.Now()
		must(b, sealed.Scan(b.Context(), func(_ casework.Code, _ storage.Journal, err error) error { return err }))
		raw += time.Since(start)
		stop := peak(&most)
		_, err := count(b.Context(), sealed, "2026-01-01", "2026-12-31", caseworktest.Zone(), nil)
		stop()
		must(b, err)
	}
	took := b.Elapsed() - raw
	b.ReportMetric(took.Seconds()/float64(b.N), "s/count")
	b.ReportMetric(raw.Seconds()/took.Seconds(), "ratio")
	b.ReportMetric(float64(entries)/cases, "entries/case")
	b.ReportMetric(float64(most)/(1<<20), "heap-MB")
}

// peak watches the heap until it is stopped.
func peak(most *uint64) (stop func()) {
	runtime.GC()
	enough, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		var m runtime.MemStats
		for {
			runtime.ReadMemStats(&m)
			*most = max(*most, m.HeapInuse)
			select {
			case <-enough:
				return
			case <-tick.C:
			}
		}
	}()
	return func() { close(enough); <-stopped }
}
