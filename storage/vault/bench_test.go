package vault_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"parcours/casework"
	"parcours/storage"
	"parcours/storage/bolt"
	"parcours/storage/vault"
)

const (
	benchWriters = 64
	benchEntry   = 600 // bytes
	// overhead is what sealing adds to an entry: nonce and tag.
	overhead = 12 + 16
)

var benchDue = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// shared runs n operations over the writers, each told its own count.
func shared(n int, work func(writer, number int)) time.Duration {
	start := time.Now()
	var all sync.WaitGroup
	for writer := range benchWriters {
		all.Go(func() {
			for number := 0; number*benchWriters+writer < n; number++ {
				work(writer, number)
			}
		})
	}
	all.Wait()
	return time.Since(start)
}

// BenchmarkAppend64 compares 64 writers of sealed journals with 64 writers of
// the same bytes to bbolt alone, in alternating rounds. ratio: 1 is as fast.
func BenchmarkAppend64(b *testing.B) {
	const rounds = 10
	db, err := bbolt.Open(filepath.Join(b.TempDir(), "raw"), 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	// The batch that suits the writers best, so that the limit is the real one.
	db.MaxBatchSize = benchWriters
	name := []byte("entries")
	if err := db.Update(func(tx *bbolt.Tx) error { _, err := tx.CreateBucket(name); return err }); err != nil {
		b.Fatal(err)
	}
	v := open(b, filepath.Join(b.TempDir(), "store"))
	defer v.Close()
	entry := make([]byte, benchEntry)
	sealed := make([]byte, benchEntry+overhead)
	var done [benchWriters]uint64
	var raw, vaulted time.Duration
	each := max(b.N/rounds, benchWriters)
	for range rounds {
		var base [benchWriters]uint64
		copy(base[:], done[:])
		raw += shared(each, func(writer, number int) {
			key := binary.BigEndian.AppendUint64(fmt.Appendf(nil, "P-%02d\x00", writer), base[writer]+uint64(number)+1)
			if err := db.Batch(func(tx *bbolt.Tx) error { return tx.Bucket(name).Put(key, sealed) }); err != nil {
				b.Error(err)
			}
		})
		vaulted += shared(each, func(writer, number int) {
			code := casework.Code(fmt.Sprintf("P-%02d", writer))
			change := storage.Change{Case: code, Base: done[writer], Entries: [][]byte{entry}, Terms: benchTerms(writer), Due: benchDue}
			if err := v.Append(b.Context(), change); err != nil {
				b.Error(err)
			}
			done[writer]++
		})
	}
	b.ReportMetric(raw.Seconds()/vaulted.Seconds(), "ratio")
	b.ReportMetric(float64(each*rounds)/vaulted.Seconds(), "appends/s")
	b.ReportMetric(float64(each*rounds)/raw.Seconds(), "raw/s")
}

func benchTerms(i int) []storage.Term {
	return []storage.Term{
		{Kind: storage.ByChannel, Value: fmt.Sprint("channel", i)},
		{Kind: storage.ByMember, Value: fmt.Sprint("member", i/5)},
		{Kind: storage.ByMember, Value: fmt.Sprint("other", i/3)},
	}
}

// filled gives the path of a store of many cases, made once a run: three
// entries and three terms each, due in the future.
func filled(b *testing.B, cases int) string {
	b.Helper()
	filledMu.Lock()
	defer filledMu.Unlock()
	if path, ok := filledPaths[cases]; ok {
		return path
	}
	folder, err := os.MkdirTemp("", "parcours-bench")
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(folder, "store")
	v, err := tryOpen(path, bolt.Options{NoSync: true})
	if err != nil {
		b.Fatal(err)
	}
	entry := []byte(strings.Repeat("x", 300))
	var changes []storage.Change
	for i := range cases {
		changes = append(changes, storage.Change{
			Case: casework.Code(fmt.Sprintf("P-%06d", i)), Entries: [][]byte{entry, entry, entry},
			Terms: benchTerms(i), Due: benchDue.Add(time.Duration(i) * time.Minute),
			Rows: []storage.Row{{Key: fmt.Sprint("row", i), After: benchDue.Add(time.Duration(i) * time.Minute)}},
		})
		if len(changes) == 1000 || i == cases-1 {
			if err := v.Append(context.Background(), changes...); err != nil {
				b.Fatal(err)
			}
			changes = changes[:0]
		}
	}
	if err := v.Close(); err != nil {
		b.Fatal(err)
	}
	filledPaths[cases] = path
	return path
}

var (
	filledMu    sync.Mutex
	filledPaths = map[int]string{}
)

// removeFilled takes the filled stores away at the end of a run.
func removeFilled() {
	for _, path := range filledPaths {
		os.RemoveAll(filepath.Dir(path))
	}
}

// resident gives the memory of the process in bytes.
func resident(b *testing.B) int64 {
	b.Helper()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		b.Fatal(err)
	}
	var size, pages int64
	if _, err := fmt.Sscan(string(text), &size, &pages); err != nil {
		b.Fatal(err)
	}
	return pages * int64(os.Getpagesize())
}

// BenchmarkOpen100k opens a sealed store of 100 000 cases.
func BenchmarkOpen100k(b *testing.B) {
	path := filled(b, 100_000)
	debug.FreeOSMemory()
	before := resident(b)
	var most int64
	for b.Loop() {
		v := open(b, path)
		most = max(most, resident(b)-before)
		if err := v.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/open")
	b.ReportMetric(float64(most)/(1<<20), "MB")
}

// BenchmarkFindMine finds the cases of a member among few and many; ratio: 1
// if the number of cases makes no difference.
func BenchmarkFindMine(b *testing.B) {
	fewAndMany(b, func(v *vault.Vault) error {
		codes, err := v.Find(context.Background(), storage.Term{Kind: storage.ByMember, Value: "member100"})
		if err == nil && len(codes) != 5 {
			err = fmt.Errorf("found %d cases", len(codes))
		}
		return err
	})
}

// BenchmarkTickNothingDue asks what is due and what waits when nothing does.
func BenchmarkTickNothingDue(b *testing.B) {
	fewAndMany(b, func(v *vault.Vault) error {
		before := benchDue.Add(-time.Second)
		codes, err := v.Due(context.Background(), before, 100)
		if err != nil {
			return err
		}
		rows, err := v.Take(context.Background(), before, time.Minute, 100)
		if err == nil && len(codes)+len(rows) > 0 {
			err = fmt.Errorf("%d cases and %d rows are due", len(codes), len(rows))
		}
		return err
	})
}

func fewAndMany(b *testing.B, ask func(*vault.Vault) error) {
	few, many := open(b, filled(b, 1000)), open(b, filled(b, 100_000))
	defer few.Close()
	defer many.Close()
	var took [2]time.Duration
	for b.Loop() {
		for i, v := range []*vault.Vault{few, many} {
			start := time.Now()
			if err := ask(v); err != nil {
				b.Fatal(err)
			}
			took[i] += time.Since(start)
		}
	}
	b.ReportMetric(took[1].Seconds()/took[0].Seconds(), "ratio")
	b.ReportMetric(float64(took[1].Nanoseconds())/float64(b.N), "ns/ask")
}
