package bot_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"parcours/bot"
	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
	"parcours/commands"
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
	few := 0.0
	for _, cases := range []int{1_000, 1_000_000} {
		b.Run(fmt.Sprintf("%d-cases", cases), func(b *testing.B) {
			w := world(b)
			w.Fast = true
			w.Restart()
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
			each := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
			if few == 0 {
				few = each
			}
			b.ReportMetric(each/few, "ratio")
		})
	}
}

// BenchmarkNudges10000Due hands over ten thousand reminders that fall due at once,
// for five hundred people, and then delivers them on a platform that takes no time.
func BenchmarkNudges10000Due(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		w, reminders := crowd(b, 10_000, 500)
		b.StartTimer()
		start := time.Now()
		if err := w.Bot.Nudges.Tick(context.Background()); err != nil {
			b.Fatal(err)
		}
		planned := time.Now()
		if err := w.Bot.Outbox.Drain(context.Background()); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(planned.Sub(start).Seconds(), "s/planned")
		b.ReportMetric(time.Since(planned).Seconds(), "s/delivered")
		b.StopTimer()
		keys := 0
		for _, m := range w.Platform.Select(func(bottest.Message) bool { return true }) {
			keys += len(m.Keys)
		}
		if keys != reminders {
			b.Fatalf("%d reminders were delivered, want %d", keys, reminders)
		}
		b.StartTimer()
	}
}

// crowd gives a world with cases of which each has a reminder due, and how many
// these are.
func crowd(b *testing.B, cases, people int) (*bottest.World, int) {
	b.Helper()
	var handles []string
	for i := range people {
		handles = append(handles, fmt.Sprintf("user%d", i))
	}
	w := bottest.New(b, commands.All(), commands.Views(), handles...)
	w.With(func(o *bot.Options) { o.Hands = 4 })
	w.Advance(-24 * time.Hour)
	policy := casework.DefaultPolicy()
	var changes []storage.Change
	for i := range cases {
		user := bottest.ID(handles[i%people])
		code := casework.Code(fmt.Sprintf("P-%06d", i))
		c := casework.Fold(code, nil)
		var entries [][]byte
		add := func(facts []casework.Fact, err error) {
			if err != nil {
				b.Fatal(err)
			}
			for _, fact := range facts {
				e := casework.Entry{Seq: c.Seq + 1, At: w.Now(), By: user, Fact: fact}
				raw, err := casework.Encode(e)
				if err != nil {
					b.Fatal(err)
				}
				entries = append(entries, raw)
				c.Apply(e)
			}
		}
		add(casework.Open(code, user, casework.Proposal{
			Person: "Madame X", Household: casework.OnePerson, Answer: casework.Accepts, Author: casework.Professional{Name: "X", Service: "Y"},
			Consent: casework.Consent{Form: casework.Written, Topics: []casework.Topic{casework.Budget}, Until: "2027-10-01"},
		}, w.Now()))
		add([]casework.Fact{
			casework.ObjectiveSet{Objective: casework.Objective{ID: "o1", Topic: casework.Budget, Title: "Solder"}},
			casework.ActionAssigned{Action: casework.Action{ID: "a1", Objective: "o1", What: "Appeler", Who: "p1", Due: "2026-11-23"}},
		}, nil)
		changes = append(changes, storage.Change{
			Case: code, Entries: entries, Due: c.NextDue(policy, w.Now().Location()),
			Terms: []storage.Term{{Kind: storage.ByMember, Value: string(user)}},
		})
	}
	if err := w.Store.Append(context.Background(), changes...); err != nil {
		b.Fatal(err)
	}
	w.Advance(24 * time.Hour)
	return w, cases
}
