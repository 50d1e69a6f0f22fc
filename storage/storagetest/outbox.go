package storagetest

import (
	"errors"
	"reflect"
	"time"

	"parcours/casework"
	"parcours/storage"
)

var outbox = []promise{
	{"rows are taken as they were written, earliest first", func(s *subject) {
		s.append(storage.Change{Rows: []storage.Row{
			row("late", "A", noon.Add(time.Second)), row("b", "B", noon), row("old", "", time.Unix(-1, 5)), row("a", "A", noon),
		}})
		s.reopen()
		s.takes(noon, time.Hour, 0)
		got := s.take(noon, time.Hour, 2)
		want := []storage.Row{row("old", "", time.Unix(-1, 5).UTC()), row("a", "A", noon)}
		if !reflect.DeepEqual(got, want) {
			s.Fatalf("take: %v, want %v", got, want)
		}
		s.takes(noon, time.Hour, 9, "b")
		s.takes(noon.Add(time.Second), time.Hour, 9, "late")
	}},
	{"a lease hides a row and lets it come back", func(s *subject) {
		s.append(rows(row("k", "A", noon)))
		for try := range 3 {
			now := noon.Add(time.Duration(try) * time.Minute)
			got := s.take(now, time.Minute, 9)
			if len(got) != 1 || got[0].Tries != try || !got[0].After.Equal(now) {
				s.Fatalf("take %d: %v", try, got)
			}
			s.takes(now, time.Minute, 9)
			s.reopen()
			s.takes(now.Add(time.Minute-1), time.Minute, 9)
		}
	}},
	{"a key is used once for ever", func(s *subject) {
		s.append(rows(row("done", "A", noon), row("waits", "A", noon), row("waits", "A", noon.Add(-1))))
		s.settle(storage.Outcome{Key: "done", State: storage.Done})
		s.reopen()
		s.append(rows(row("done", "A", noon), row("waits", "A", noon.Add(-1)), row("new", "A", noon)))
		s.takes(noon.Add(-1), time.Hour, 9)
		s.takes(noon, time.Hour, 9, "new", "waits")
	}},
	{"a settled row is never taken again", func(s *subject) {
		for _, state := range []storage.RowState{storage.Done, storage.Moot, storage.Stuck} {
			key := string(state)
			s.append(rows(row(key, "A", noon)))
			s.takes(noon, time.Hour, 9, key)
			s.settle(storage.Outcome{Key: key, State: state})
			s.settle(storage.Outcome{Key: key, State: storage.Waiting, After: noon})
		}
		s.reopen()
		s.takes(noon.AddDate(1, 0, 0), time.Hour, 9)
	}},
	{"what is stuck is listed, with when and why, until it is tried again", func(s *subject) {
		s.append(rows(row("b", "B", noon), row("a", "A", noon), row("done", "A", noon)))
		s.takes(noon, time.Hour, 9, "a", "b", "done")
		s.settle(storage.Outcome{Key: "done", State: storage.Done, Why: "delivered"})
		s.settle(storage.Outcome{Key: "b", State: storage.Stuck, Why: "gone"})
		s.reopen()
		overseer := s.Store.(storage.Overseer)
		stuck, err := overseer.Stuck(s.ctx)
		if err != nil || len(stuck) != 1 || stuck[0].Key != "b" || stuck[0].Case != "B" || stuck[0].Why != "gone" || stuck[0].Since.IsZero() || stuck[0].Tries != 1 {
			s.Fatalf("stuck: %+v, %v", stuck, err)
		}
		if want := row("b", "B", noon); !reflect.DeepEqual(stuck[0].Body, want.Body) {
			s.Fatalf("its body is %q", stuck[0].Body)
		}
		for _, key := range []string{"a", "done", "none"} {
			if err := overseer.Unstick(s.ctx, key); !errors.Is(err, storage.ErrUnknown) {
				s.Errorf("unstick %s: %v", key, err)
			}
		}
		if err := overseer.Unstick(s.ctx, "b"); err != nil {
			s.Fatal(err)
		}
		s.takes(noon.AddDate(9, 0, 0), time.Hour, 9, "a", "b")
		if stuck, err := overseer.Stuck(s.ctx); err != nil || len(stuck) != 0 {
			s.Errorf("still stuck: %+v, %v", stuck, err)
		}
	}},
	{"what is stuck of a forgotten case is not listed", func(s *subject) {
		s.append(storage.Change{Case: "A", Entries: [][]byte{[]byte("1")}, Rows: []storage.Row{row("a", "A", noon)}})
		s.takes(noon, time.Hour, 9, "a")
		s.settle(storage.Outcome{Key: "a", State: storage.Stuck, Why: "gone"})
		s.append(storage.Change{Case: "A", Base: 1, Forget: casework.OnRequest})
		overseer := s.Store.(storage.Overseer)
		if stuck, err := overseer.Stuck(s.ctx); err != nil || len(stuck) != 0 {
			s.Errorf("stuck: %+v, %v", stuck, err)
		}
		if err := overseer.Unstick(s.ctx, "a"); !errors.Is(err, storage.ErrUnknown) {
			s.Errorf("unstick: %v", err)
		}
	}},
	{"a row that must wait comes back when said", func(s *subject) {
		s.append(rows(row("k", "A", noon)))
		s.takes(noon, time.Hour, 9, "k")
		s.settle(storage.Outcome{Key: "k", State: storage.Waiting, After: noon.Add(time.Minute)})
		s.takes(noon, time.Hour, 9)
		got := s.take(noon.Add(time.Minute), time.Hour, 9)
		want := row("k", "A", noon.Add(time.Minute))
		if want.Tries = 1; !reflect.DeepEqual(got, []storage.Row{want}) {
			s.Fatalf("take: %v, want %v", got, want)
		}
	}},
	{"settling writes its changes, whatever the row is", func(s *subject) {
		s.append(rows(row("k", "A", noon)))
		next := at("A", 0, "one")
		next.Rows = []storage.Row{row("next", "A", noon)}
		s.settle(storage.Outcome{Key: "k", State: storage.Done}, next)
		s.settle(storage.Outcome{Key: "k", State: storage.Waiting, After: noon}, at("A", 1, "two"))
		s.settle(storage.Outcome{Key: "nobody", State: storage.Done}, at("A", 2, "three"))
		s.holds("A", "one", "two", "three")
		s.takes(noon, time.Hour, 9, "next")
	}},
	{"settling comes before its changes", func(s *subject) {
		s.settle(storage.Outcome{Key: "k", State: storage.Done}, rows(row("k", "A", noon)))
		s.takes(noon, time.Hour, 9, "k")
	}},
	{"settling with a refused change settles nothing", func(s *subject) {
		s.append(at("A", 0, "one"), rows(row("k", "A", noon)))
		err := s.Settle(s.ctx, storage.Outcome{Key: "k", State: storage.Done}, at("A", 0, "again"))
		if !errors.Is(err, storage.ErrConflict) {
			s.Fatalf("settle: %v, want %v", err, storage.ErrConflict)
		}
		s.takes(noon, time.Hour, 9, "k")
	}},
	{"rows of a forgotten case are moot, stuck ones too", func(s *subject) {
		s.append(at("A", 0, "one"), rows(row("held", "A", noon), row("stuck", "A", noon), row("done", "A", noon)))
		s.takes(noon, time.Minute, 9, "done", "held", "stuck")
		s.settle(storage.Outcome{Key: "done", State: storage.Done})
		s.settle(storage.Outcome{Key: "stuck", State: storage.Stuck})
		s.append(storage.Change{Case: "A", Base: 1, Forget: casework.OnRequest})
		s.settle(storage.Outcome{Key: "held", State: storage.Waiting, After: noon})
		s.reopen()
		s.takes(noon.AddDate(1, 0, 0), time.Minute, 9)
	}},
}
