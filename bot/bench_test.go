package bot_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
	"parcours/storage"
)

// BenchmarkStatus500 is the overview of a case of 500 entries, from the line
// typed to the answer cleared, read and opened from disk each time.
func BenchmarkStatus500(b *testing.B) {
	w, code, channel := opened(b)
	grow(b, w, code, 500)
	line := chat.Command{User: bottest.ID("claire"), Channel: channel, Text: "suivi"}
	b.ReportAllocs()
	for b.Loop() {
		if answer := w.Bot.Command(context.Background(), line); bottest.Text(answer) == "" {
			b.Fatal("no answer")
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "ms/status")
}

// grow makes a journal of n entries: objectives, actions, and what becomes of
// them.
func grow(b *testing.B, w *bottest.World, code casework.Code, n int) {
	b.Helper()
	for w.Case(code).Seq < uint64(n) {
		c := w.Case(code)
		entries := make([][]byte, 0, 100)
		seq := c.Seq
		for range min(100, n-int(seq)) {
			seq++
			fact := casework.Fact(casework.ObjectiveSet{Objective: casework.Objective{
				ID: fmt.Sprintf("o%d", seq), Topic: casework.Budget, Title: "Solder les dettes (loyer, cantine)",
			}})
			if seq%2 == 0 {
				fact = casework.ActionAssigned{Action: casework.Action{
					ID: fmt.Sprintf("a%d", seq), Objective: fmt.Sprintf("o%d", seq-1), What: "Faire l’état de la dette", Who: casework.ThePerson, Due: "2027-01-15",
				}}
			}
			raw, err := casework.Encode(casework.Entry{Seq: seq, At: w.Now(), By: c.Author, Fact: fact})
			if err != nil {
				b.Fatal(err)
			}
			entries = append(entries, raw)
		}
		change := storage.Change{Case: code, Base: c.Seq, Entries: entries, Terms: []storage.Term{
			{Kind: storage.ByChannel, Value: string(c.Channel)}, {Kind: storage.ByMember, Value: string(c.Author)},
		}}
		if err := w.Store.Append(context.Background(), change); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNudgesNothingDue is a strike of the clock when nothing is due, with
// many cases that will want something later.
func BenchmarkNudgesNothingDue(b *testing.B) {
	for _, cases := range []int{1_000, 20_000} {
		b.Run(fmt.Sprintf("%d-cases", cases), func(b *testing.B) {
			w := world(b)
			for first := 0; first < cases; first += 1000 {
				changes := make([]storage.Change, 0, 1000)
				for i := first; i < first+1000; i++ {
					changes = append(changes, storage.Change{
						Case: casework.Code(fmt.Sprintf("P-%06d", i)), Entries: [][]byte{[]byte("{}")},
						Due: w.Now().Add(time.Duration(i+1) * time.Hour),
					})
				}
				if err := w.Store.Append(context.Background(), changes...); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				if err := w.Bot.Nudges.Tick(context.Background()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
