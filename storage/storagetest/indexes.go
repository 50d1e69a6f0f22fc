package storagetest

import (
	"errors"
	"time"

	"parcours/casework"
	"parcours/storage"
)

var indexes = []promise{
	{"cases are found by term, in the order of their codes", func(s *subject) {
		for _, code := range []casework.Code{"C", "A", "D", "B"} {
			change := at(code, 0, "one")
			change.Terms = []storage.Term{member("m"), {Kind: storage.ByChannel, Value: string(code)}, member("m")}
			s.append(change)
		}
		s.finds(storage.ByMember, "m", "A", "B", "C", "D")
		s.finds(storage.ByChannel, "C", "C")
		s.finds(storage.ByChannel, "m")
		s.reopen()
		s.finds(storage.ByMember, "m", "A", "B", "C", "D")
	}},
	{"terms are compared whole", func(s *subject) {
		change := at("A", 0, "one")
		change.Terms = []storage.Term{member("ab"), member("a\x00b"), member("")}
		s.append(change)
		for _, value := range []string{"ab", "a\x00b", ""} {
			s.finds(storage.ByMember, value, "A")
		}
		for _, value := range []string{"a", "b", "abc", "a\x00", "\x00"} {
			s.finds(storage.ByMember, value)
		}
		s.finds("membe", "rab")
	}},
	{"the terms of a change replace those before", func(s *subject) {
		change := at("A", 0, "one")
		change.Terms = []storage.Term{member("x"), member("y")}
		s.append(change)
		s.append(storage.Change{Case: "A", Base: 1, Terms: []storage.Term{member("y"), member("z")}})
		s.finds(storage.ByMember, "x")
		s.finds(storage.ByMember, "y", "A")
		s.finds(storage.ByMember, "z", "A")
		s.append(at("A", 1, "two"))
		s.finds(storage.ByMember, "y")
		s.finds(storage.ByMember, "z")
	}},
	{"what is due comes earliest first", func(s *subject) {
		moments := map[casework.Code]time.Time{
			"B": time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
			"A": time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC),
			"D": noon.Add(-1),
			"C": noon,
			"E": noon.In(time.FixedZone("", 7200)),
			"F": noon.Add(1),
		}
		for code, moment := range moments {
			change := at(code, 0, "one")
			change.Due = moment
			s.append(change)
		}
		s.append(at("G", 0, "never"))
		for range 2 {
			s.due(noon, 9, "A", "B", "D", "C", "E")
			s.due(noon, 2, "A", "B")
			s.due(noon, 0)
			s.due(moments["B"].Add(-1), 9, "A")
			s.due(noon.AddDate(100, 0, 0), 9, "A", "B", "D", "C", "E", "F")
			s.reopen()
		}
	}},
	{"the due date of a change replaces the one before", func(s *subject) {
		change := at("A", 0, "one")
		change.Due = noon
		s.append(change)
		s.append(storage.Change{Case: "A", Base: 1, Due: noon.Add(time.Hour)})
		s.due(noon, 9)
		s.due(noon.Add(time.Hour), 9, "A")
		s.append(at("A", 1, "two"))
		s.due(noon.AddDate(1, 0, 0), 9)
	}},
}

var onces = []promise{
	{"a once is written a single time", func(s *subject) {
		change := at("A", 0, "one")
		change.Once, change.OnceUntil = "press", time.Now().Add(time.Hour)
		s.append(change)
		for range 2 {
			s.refuses(storage.ErrRepeated, storage.Change{Once: "press"})
			s.reopen()
		}
		again := at("A", 1, "two")
		again.Once = "press"
		s.refuses(storage.ErrRepeated, again)
		s.append(rows(row("k", "", noon)))
		if err := s.Settle(s.ctx, storage.Outcome{Key: "k", State: storage.Done}, again); !errors.Is(err, storage.ErrRepeated) {
			s.Errorf("settle with a known once: %v", err)
		}
		s.takes(noon, time.Minute, 1, "k")
		s.holds("A", "one")
	}},
	{"a once without end is kept for ever", func(s *subject) {
		s.append(storage.Change{Once: "always"})
		s.reopen()
		s.refuses(storage.ErrRepeated, storage.Change{Once: "always", OnceUntil: time.Now().Add(time.Hour)})
	}},
	{"a once that ran out may be written again", func(s *subject) {
		for range 3 {
			s.append(storage.Change{Once: "brief", OnceUntil: time.Now().Add(-time.Hour)})
		}
		s.append(storage.Change{Once: "brief", OnceUntil: time.Now().Add(time.Hour)})
		for range 9 {
			s.append(storage.Change{Once: "other", OnceUntil: time.Now().Add(-time.Hour)})
		}
		s.refuses(storage.ErrRepeated, storage.Change{Once: "brief"})
	}},
}
