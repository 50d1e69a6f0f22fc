package bolt_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"parcours/storage"
	"parcours/storage/bolt"
)

// What a program that was killed had in hand is ready for the next one at once,
// first; what nobody ever took stays as it was.
func TestGiveBack(t *testing.T) {
	path, ctx := filepath.Join(t.TempDir(), "x.db"), t.Context()
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	first := open(t, path)
	var rows []storage.Row
	for key, after := range map[string]time.Time{"taken": noon, "again": noon, "done": noon, "later": noon.Add(time.Hour)} {
		rows = append(rows, storage.Row{Key: key, Case: "A", Body: []byte("x"), After: after})
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(first.Append(ctx, storage.Change{Rows: rows}))
	_, err := first.Take(ctx, noon, time.Hour, 9)
	must(err)
	must(first.Settle(ctx, storage.Outcome{Key: "again", State: storage.Waiting, After: noon.Add(time.Minute)}))
	must(first.Settle(ctx, storage.Outcome{Key: "done", State: storage.Done}))
	must(first.Close())

	second, err := bolt.Open(path, bolt.Options{GiveBack: true})
	must(err)
	defer second.Close()
	got, err := second.Take(ctx, noon, time.Hour, 9)
	must(err)
	var keys []string
	for _, row := range got {
		keys = append(keys, row.Key)
		if row.Tries != 1 {
			t.Errorf("%s was tried %d times", row.Key, row.Tries)
		}
	}
	if want := []string{"again", "taken"}; !slices.Equal(keys, want) {
		t.Errorf("given back: %v, want %v", keys, want)
	}
	got, err = second.Take(ctx, noon.Add(time.Hour-1), time.Hour, 9)
	must(err)
	if len(got) > 0 {
		t.Errorf("taken twice: %v", got)
	}
}
