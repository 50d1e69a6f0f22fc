package storagetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"parcours/casework"
	"parcours/storage"
)

// many is how many goroutines use a store at once.
const many = 64

// together runs work many times at once and waits for all of them.
func together(work func(i int)) {
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() { work(i) })
	}
	all.Wait()
}

var togethers = []promise{
	{"of many writers one wins each place", func(s *subject) {
		const places = 8
		var wins [places]atomic.Int32
		together(func(i int) {
			for base := range wins {
				err := s.Append(s.ctx, at("A", uint64(base), fmt.Sprint(base)))
				switch {
				case err == nil:
					wins[base].Add(1)
				case !errors.Is(err, storage.ErrConflict):
					s.Errorf("append: %v", err)
				}
			}
		})
		var want []string
		for base := range wins {
			want = append(want, fmt.Sprint(base))
			if got := wins[base].Load(); got != 1 {
				s.Errorf("place %d was won %d times", base, got)
			}
		}
		s.holds("A", want...)
	}},
	{"the refusal of one writer is not that of others", func(s *subject) {
		s.append(at("A", 0, "one"), storage.Change{Once: "used"})
		together(func(i int) {
			code := casework.Code(fmt.Sprint("W", i))
			for base := range uint64(4) {
				if err := s.Append(s.ctx, at(code, base, fmt.Sprint(base))); err != nil {
					s.Errorf("append: %v", err)
				}
				if err := s.Append(s.ctx, at(code, base+1, "no"), at("A", 0, "no")); !errors.Is(err, storage.ErrConflict) {
					s.Errorf("append: %v, want %v", err, storage.ErrConflict)
				}
				if err := s.Append(s.ctx, storage.Change{Once: "used"}); !errors.Is(err, storage.ErrRepeated) {
					s.Errorf("append: %v, want %v", err, storage.ErrRepeated)
				}
				journal, err := s.Load(s.ctx, code)
				if err != nil || uint64(len(journal.Entries)) != base+1 {
					s.Errorf("load: %d entries, %v, want %d", len(journal.Entries), err, base+1)
				}
			}
		})
		s.reopen()
		for i := range many {
			s.holds(casework.Code(fmt.Sprint("W", i)), "0", "1", "2", "3")
		}
		s.holds("A", "one")
	}},
	{"writers that load and try again all get through", func(s *subject) {
		together(func(i int) {
			for {
				journal, err := s.Load(s.ctx, "A")
				if err != nil && !errors.Is(err, storage.ErrUnknown) {
					s.Errorf("load: %v", err)
					return
				}
				err = s.Append(s.ctx, at("A", uint64(len(journal.Entries)), fmt.Sprint(i)))
				if err == nil {
					return
				}
				if !errors.Is(err, storage.ErrConflict) {
					s.Errorf("append: %v", err)
					return
				}
			}
		})
		s.reopen()
		journal, err := s.Load(s.ctx, "A")
		got := texts(journal.Entries)
		slices.Sort(got)
		if got = slices.Compact(got); err != nil || len(got) != many {
			s.Fatalf("%d writers are in the journal, %v, want %d", len(got), err, many)
		}
	}},
	{"of many writers of a once one wins", func(s *subject) {
		var wins atomic.Int32
		together(func(int) {
			switch err := s.Append(s.ctx, storage.Change{Once: "x"}); {
			case err == nil:
				wins.Add(1)
			case !errors.Is(err, storage.ErrRepeated):
				s.Errorf("append: %v", err)
			}
		})
		if got := wins.Load(); got != 1 {
			s.Fatalf("the once was written %d times", got)
		}
	}},
	{"a row is in one hand at a time", func(s *subject) {
		var all storage.Change
		for i := range 3 * many {
			all.Rows = append(all.Rows, row(fmt.Sprint(i), "A", noon))
		}
		s.append(all)
		var mu sync.Mutex
		hands := map[string]int{}
		together(func(int) {
			for {
				rows, err := s.Take(s.ctx, noon, time.Minute, 2)
				if err != nil {
					s.Errorf("take: %v", err)
				}
				if len(rows) == 0 {
					return
				}
				mu.Lock()
				for _, row := range rows {
					hands[row.Key]++
				}
				mu.Unlock()
			}
		})
		for _, row := range all.Rows {
			if hands[row.Key] != 1 {
				s.Errorf("row %s was in %d hands", row.Key, hands[row.Key])
			}
		}
	}},
	{"closing waits for what is under way", func(s *subject) {
		var kept [many]uint64
		var all, started sync.WaitGroup
		started.Add(many)
		for i := range many {
			all.Go(func() {
				for base := uint64(0); ; base++ {
					if err := s.Append(s.ctx, at(casework.Code(fmt.Sprint("W", i)), base, "entry")); err != nil {
						if errors.Is(err, storage.ErrConflict) {
							s.Errorf("append: %v", err)
						}
						break
					}
					if kept[i]++; base == 0 {
						started.Done()
					}
				}
			})
		}
		started.Wait()
		// The store they write to is the one closed, not the one opened next.
		store := s.Store
		if err := store.Close(); err != nil {
			s.Fatalf("close: %v", err)
		}
		all.Wait()
		s.reopen()
		if _, err := store.Load(s.ctx, "W0"); err == nil {
			s.Error("a closed store was read")
		}
		for i := range many {
			journal, err := s.Load(s.ctx, casework.Code(fmt.Sprint("W", i)))
			if got := uint64(len(journal.Entries)); err != nil || got != kept[i] {
				s.Errorf("writer %d: %d entries, %v, want %d", i, got, err, kept[i])
			}
		}
	}},
}
