package storagetest

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parcours/casework"
	"parcours/storage"
)

// likeModel drives a store and the model through the same random calls and
// wants the same answers.
func likeModel(t *testing.T, open Open) {
	folder := t.TempDir()
	var runs int
	rapid.Check(t, func(r *rapid.T) {
		runs++
		path := filepath.Join(folder, fmt.Sprint(runs))
		p := &pair{model: newModel(), store: open(t, path)}
		defer func() {
			if err := p.store.Close(); err != nil {
				r.Errorf("close: %v", err)
			}
		}()
		ctx := context.Background()
		r.Repeat(map[string]func(*rapid.T){
			"append": func(r *rapid.T) {
				changes := p.changes(r)
				p.refusal(r, func(s storage.Store) error { return s.Append(ctx, changes...) })
			},
			"settle": func(r *rapid.T) {
				outcome := storage.Outcome{Key: someKey.Draw(r, "key"), State: someState.Draw(r, "state"), After: someTime.Draw(r, "after")}
				changes := p.changes(r)
				p.refusal(r, func(s storage.Store) error { return s.Settle(ctx, outcome, changes...) })
			},
			"take": func(r *rapid.T) {
				now, limit := someTime.Draw(r, "now"), rapid.IntRange(0, 3).Draw(r, "limit")
				same(r, p, func(s storage.Store) ([]storage.Row, error) { return s.Take(ctx, now, time.Hour, limit) })
			},
			"due": func(r *rapid.T) {
				now, limit := someTime.Draw(r, "now"), rapid.IntRange(0, 3).Draw(r, "limit")
				same(r, p, func(s storage.Store) ([]casework.Code, error) { return s.Due(ctx, now, limit) })
			},
			"find": func(r *rapid.T) {
				term := someTerm.Draw(r, "term")
				same(r, p, func(s storage.Store) ([]casework.Code, error) { return s.Find(ctx, term) })
			},
			"load": func(r *rapid.T) {
				code := someCode.Draw(r, "code")
				same(r, p, func(s storage.Store) (storage.Journal, error) { return s.Load(ctx, code) })
			},
			"reopen": func(r *rapid.T) {
				if err := p.store.Close(); err != nil {
					r.Fatalf("close: %v", err)
				}
				p.store = open(t, path)
			},
			// After each of them.
			"": func(r *rapid.T) {
				if s, ok := p.store.(storage.Inspector); ok {
					if err := s.Check(ctx, func(d storage.Damage) { r.Errorf("check: %s", d.What) }); err != nil {
						r.Errorf("check: %v", err)
					}
				}
			},
		})
	})
}

// Few values, so that they meet.
var (
	someCode  = rapid.SampledFrom([]casework.Code{"A", "AA", "B", "C"})
	someKey   = rapid.SampledFrom([]string{"k", "kk", "l", "m", "n", "o"})
	someState = rapid.SampledFrom([]storage.RowState{storage.Waiting, storage.Done, storage.Moot, storage.Stuck})
	someTerm  = rapid.SampledFrom([]storage.Term{member("m"), member("mm"), {Kind: storage.ByChannel, Value: "m"}})
	someBytes = rapid.SliceOfN(rapid.Byte(), 0, 40)
	someOnce  = rapid.SampledFrom([]string{"", "", "", "x", "y"})
	someTime  = rapid.Custom(func(r *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(-3, 3).Draw(r, "s"), rapid.Int64Range(0, 2).Draw(r, "ns")).UTC()
	})
)

// A pair is a store and what it should be like.
type pair struct {
	model *model
	store storage.Store
}

func (p *pair) changes(r *rapid.T) []storage.Change {
	return rapid.SliceOfN(rapid.Custom(p.change), 0, 3).Draw(r, "changes")
}

// change draws one that is most often at the end of its journal.
func (p *pair) change(r *rapid.T) storage.Change {
	c := storage.Change{
		Case: someCode.Draw(r, "case"),
		Rows: rapid.SliceOfN(rapid.Custom(func(r *rapid.T) storage.Row {
			return storage.Row{Key: someKey.Draw(r, "key"), Case: someCode.Draw(r, "case"), Body: someBytes.Draw(r, "body"), After: someTime.Draw(r, "after")}
		}), 0, 2).Draw(r, "rows"),
	}
	if c.Once = someOnce.Draw(r, "once"); c.Once != "" {
		c.OnceUntil = time.Now().Add(time.Duration(rapid.SampledFrom([]int{-1, 1}).Draw(r, "hours")) * time.Hour)
	}
	c.Base = uint64(len(p.model.cases[c.Case].Entries))
	if rapid.IntRange(0, 9).Draw(r, "astray") == 0 {
		c.Base = rapid.Uint64Range(0, 4).Draw(r, "base")
	}
	if c.Base > 0 && rapid.IntRange(0, 9).Draw(r, "forget") == 0 {
		c.Forget = casework.OnRequest
		return c
	}
	c.Entries = rapid.SliceOfN(someBytes, 0, 3).Draw(r, "entries")
	if c.Base > 0 || len(c.Entries) > 0 {
		c.Terms = rapid.SliceOfN(someTerm, 0, 3).Draw(r, "terms")
		c.Due = rapid.OneOf(someTime, rapid.Just(time.Time{})).Draw(r, "due")
		c.Header = rapid.OneOf(someBytes, rapid.Just([]byte(nil))).Draw(r, "header")
	}
	return c
}

// refusal runs a write on both and wants the store to refuse for one of the
// reasons of the model, or neither to refuse.
func (p *pair) refusal(r *rapid.T, write func(storage.Store) error) {
	want, got := write(p.model), write(p.store)
	if (want == nil) != (got == nil) {
		r.Fatalf("got %v, want %v", got, want)
	}
	for _, reason := range []error{storage.ErrConflict, storage.ErrRepeated, storage.ErrMalformed} {
		if errors.Is(got, reason) && !errors.Is(want, reason) {
			r.Fatalf("got %v, want %v", got, want)
		}
	}
}

// same runs a read on both and wants the same, as printed: nothing and an empty
// slice are the same answer.
func same[V any](r *rapid.T, p *pair, read func(storage.Store) (V, error)) {
	want, wantErr := read(p.model)
	got, err := read(p.store)
	if !errors.Is(err, wantErr) || fmt.Sprint(got) != fmt.Sprint(want) {
		r.Fatalf("got %v, %v, want %v, %v", got, err, want, wantErr)
	}
}
