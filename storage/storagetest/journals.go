package storagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"parcours/casework"
	"parcours/storage"
)

var journals = []promise{
	{"entries are given back in order, after reopening too", func(s *subject) {
		s.append(at("A", 0, "one", "two"))
		s.append(at("A", 2, "", "four"))
		s.holds("A", "one", "two", "", "four")
		s.reopen()
		s.holds("A", "one", "two", "", "four")
		s.append(at("A", 4, "five"))
		s.holds("A", "one", "two", "", "four", "five")
	}},
	{"three hundred entries keep their order", func(s *subject) {
		var all []string
		for i := range 300 {
			all = append(all, fmt.Sprint(i))
		}
		s.append(at("A", 0, all...))
		s.holds("A", all...)
	}},
	{"a large entry is kept whole", func(s *subject) {
		large := strings.Repeat("a long line\n", 50_000)
		s.append(at("A", 0, large))
		s.reopen()
		s.holds("A", large)
	}},
	{"an unknown journal is unknown", func(s *subject) { s.holds("A") }},
	{"codes that begin alike stay apart", func(s *subject) {
		s.append(at("A", 0, "a"), at("AA", 0, "aa"), at("A-", 0, "a-"))
		s.holds("A", "a")
		s.holds("AA", "aa")
		s.append(storage.Change{Case: "A", Base: 1, Forget: casework.OnRequest})
		s.holds("A")
		s.holds("AA", "aa")
		s.holds("A-", "a-")
	}},
	{"the caller may reuse its bytes, before and after", func(s *subject) {
		change := at("A", 0, "one")
		s.append(change)
		copy(change.Entries[0], "xxx")
		journal, _ := s.Load(s.ctx, "A")
		copy(journal.Entries[0], "yyy")
		s.holds("A", "one")
	}},
	{"a header stays until the next", func(s *subject) {
		header := func(want string) {
			s.Helper()
			journal, err := s.Load(s.ctx, "A")
			if err != nil || string(journal.Header) != want {
				s.Fatalf("header %q, %v, want %q", journal.Header, err, want)
			}
		}
		s.append(at("A", 0, "one"))
		header("")
		change := at("A", 1, "two")
		change.Header = []byte("first")
		s.append(change)
		s.append(at("A", 2, "three"))
		header("first")
		s.append(storage.Change{Case: "A", Base: 3, Header: []byte("second")})
		s.reopen()
		header("second")
		s.holds("A", "one", "two", "three")
	}},
	{"a base that is not the end is a conflict", func(s *subject) {
		s.append(at("A", 0, "one", "two"))
		for _, base := range []uint64{0, 1, 3, 1 << 40} {
			s.refuses(storage.ErrConflict, at("A", base, "late"))
		}
		s.refuses(storage.ErrConflict, at("B", 1, "too soon"))
		s.refuses(storage.ErrConflict, storage.Change{Case: "A", Base: 1, Due: noon})
		s.refuses(storage.ErrConflict, storage.Change{Case: "A", Base: 1, Forget: casework.OnRequest})
		s.holds("A", "one", "two")
		s.holds("B")
		s.append(at("A", 2, "three"))
	}},
	{"changes are written all or none", func(s *subject) {
		s.append(at("A", 0, "one"))
		s.append(storage.Change{Once: "used"})
		first := storage.Change{
			Case: "B", Entries: blobs("b"), Terms: []storage.Term{member("m")}, Due: noon,
			Rows: []storage.Row{row("k", "B", noon)}, Once: "fresh",
		}
		s.refuses(storage.ErrConflict, first, at("A", 7, "wrong"))
		s.refuses(storage.ErrRepeated, first, storage.Change{Once: "used"})
		s.refuses(storage.ErrMalformed, first, storage.Change{Forget: casework.OnRequest})
		s.holds("B")
		s.finds(storage.ByMember, "m")
		s.due(noon, 9)
		s.takes(noon, time.Minute, 9)
		s.append(first, at("A", 1, "two"))
		s.holds("A", "one", "two")
		s.holds("B", "b")
	}},
	{"changes of one append see each other", func(s *subject) {
		s.append(at("A", 0, "one"), at("A", 1, "two"), at("A", 2, "three"))
		s.holds("A", "one", "two", "three")
		s.refuses(storage.ErrConflict, at("A", 3, "four"), at("A", 3, "also four"))
		s.refuses(storage.ErrConflict, storage.Change{Case: "A", Base: 3, Forget: casework.OnRequest}, at("A", 3, "four"))
		s.refuses(storage.ErrRepeated, storage.Change{Once: "x"}, storage.Change{Once: "x"})
		s.holds("A", "one", "two", "three")
		s.append(storage.Change{Once: "x"})
	}},
	{"what contradicts itself is refused", func(s *subject) {
		s.append(at("A", 0, "one"))
		long := strings.Repeat("x", storage.MaxName+1)
		for what, change := range map[string]storage.Change{
			"entries of no case":     {Entries: blobs("one")},
			"forgetting no case":     {Forget: casework.OnRequest, Base: 1},
			"forgetting nothing":     {Case: "B", Forget: casework.OnRequest},
			"writing and forgetting": {Case: "A", Base: 1, Forget: casework.OnRequest, Due: noon},
			"opening without entry":  {Case: "B", Due: noon},
			"a row without key":      {Rows: []storage.Row{{Case: "A"}}},
			"a code with a zero":     at("A\x00", 0, "one"),
			"a row's code with one":  rows(row("k", "\x00", noon)),
			"a long code":            at(casework.Code(long), 0, "one"),
			"a long once":            {Once: long},
			"a long key":             rows(row(long, "A", noon)),
			"a long term":            {Case: "A", Base: 1, Terms: []storage.Term{member(long)}},
		} {
			if err := s.Append(s.ctx, change); !errors.Is(err, storage.ErrMalformed) {
				s.Errorf("%s: %v, want %v", what, err, storage.ErrMalformed)
			}
		}
		if err := s.Settle(s.ctx, storage.Outcome{Key: "k"}); !errors.Is(err, storage.ErrMalformed) {
			s.Errorf("settle in no state: %v, want %v", err, storage.ErrMalformed)
		}
	}},
	{"a forgotten journal leaves only its code", func(s *subject) {
		s.append(storage.Change{
			Case: "A", Header: []byte("h"), Entries: blobs("one", "two"), Due: noon,
			Terms: []storage.Term{member("m")},
			Rows:  []storage.Row{row("a", "A", noon), row("b", "B", noon)},
		})
		s.append(storage.Change{Case: "A", Base: 2, Forget: casework.OnRequest, Rows: []storage.Row{row("last", "A", noon)}})
		for range 2 {
			s.holds("A")
			s.finds(storage.ByMember, "m")
			s.due(noon, 9)
			s.refuses(storage.ErrConflict, at("A", 0, "again"))
			s.refuses(storage.ErrConflict, at("A", 2, "more"))
			s.refuses(storage.ErrConflict, storage.Change{Case: "A", Base: 2, Forget: casework.OnRequest})
			s.reopen()
		}
		s.takes(noon, time.Minute, 9, "b", "last")
		s.append(rows(row("a", "", noon)))
		s.takes(noon, time.Minute, 9)
	}},
	{"a scan gives every journal in order", func(s *subject) {
		s.append(at("C", 0, "c"), at("A", 0, "a", "a2"), at("B", 0, "b"), at("D", 0, "d"))
		s.append(storage.Change{Case: "B", Base: 1, Forget: casework.OnRequest})
		var got []string
		scan := func(each func() error) error {
			return s.Store.(storage.Scanner).Scan(s.ctx, func(code casework.Code, journal storage.Journal, err error) error {
				got = append(got, fmt.Sprint(code, texts(journal.Entries), err))
				return each()
			})
		}
		err := scan(func() error { return nil })
		if want := []string{"A[a a2] <nil>", "C[c] <nil>", "D[d] <nil>"}; err != nil || !slices.Equal(got, want) {
			s.Fatalf("scan: %q, %v, want %q", got, err, want)
		}
		enough := errors.New("enough")
		got = nil
		if err := scan(func() error { return enough }); !errors.Is(err, enough) || len(got) != 1 {
			s.Fatalf("scan that stops: %q, %v", got, err)
		}
	}},
	{"a context that is done starts nothing", func(s *subject) {
		s.append(rows(row("k", "", noon)))
		ctx, cancel := context.WithCancel(s.ctx)
		cancel()
		_, load := s.Load(ctx, "A")
		_, find := s.Find(ctx, member("m"))
		_, due := s.Due(ctx, noon, 1)
		_, take := s.Take(ctx, noon, time.Minute, 1)
		scan := s.Store.(storage.Scanner).Scan(ctx, func(casework.Code, storage.Journal, error) error { return nil })
		for what, err := range map[string]error{
			"append": s.Append(ctx, at("A", 0, "one")),
			"settle": s.Settle(ctx, storage.Outcome{Key: "k", State: storage.Done}),
			"load":   load, "find": find, "due": due, "take": take, "scan": scan,
		} {
			if !errors.Is(err, context.Canceled) {
				s.Errorf("%s: %v, want %v", what, err, context.Canceled)
			}
		}
		s.holds("A")
		s.takes(noon, time.Minute, 9, "k")
	}},
	{"the kept value turns with the journals", func(s *subject) {
		keeper, ok := s.Store.(storage.Keeper)
		if !ok {
			return
		}
		var seen []string
		var fail error
		keeper.Keep(func(kept []byte, moved []storage.Moved) ([]byte, error) {
			seen = nil
			for _, m := range moved {
				seen = append(seen, fmt.Sprintf("%s %d→%d %q→%q %q→%q", m.Case, m.From, m.To, m.Before, m.After, m.HeaderBefore, m.HeaderAfter))
			}
			return append(bytes.Clone(kept), '.'), fail
		})
		steps := []struct {
			change storage.Change
			want   []string
		}{
			{storage.Change{Once: "x"}, nil},
			{at("A", 0, "one", "two"), []string{`A 0→2 ""→"two" ""→""`}},
			{storage.Change{Case: "A", Base: 2, Due: noon}, nil},
			{storage.Change{Case: "A", Base: 2, Header: []byte("h")}, []string{`A 2→2 "two"→"two" ""→"h"`}},
			{storage.Change{Case: "A", Base: 2, Header: []byte("i"), Entries: blobs("three")}, []string{`A 2→3 "two"→"three" "h"→"i"`}},
			{storage.Change{Case: "A", Base: 3, Forget: casework.OnRequest}, []string{`A 3→0 "three"→"" "i"→""`}},
		}
		for _, step := range steps {
			if s.append(step.change); !slices.Equal(seen, step.want) {
				s.Errorf("moved %q, want %q", seen, step.want)
			}
		}
		fail = errors.New("no")
		s.refuses(fail, at("B", 0, "one"))
		s.holds("B")
		s.reopen()
		kept, err := s.Store.(storage.Keeper).Kept(s.ctx)
		if want := strings.Repeat(".", len(steps)); err != nil || string(kept) != want {
			s.Errorf("kept %q, %v, want %q", kept, err, want)
		}
	}},
}
