package casework_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"parcours/casework"
	"parcours/casework/caseworktest"
	"parcours/workdays"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// policies are the one in use and others, on the working days of several places.
func policies() []casework.Policy {
	plain := casework.DefaultPolicy()
	alsace := casework.DefaultPolicy()
	alsace.Working = workdays.Of("67")
	odd := casework.Policy{
		Hour: 2, Working: workdays.Of("974"), Action: []int{-3, 2}, ActionReferent: []int{-1, 2, 5}, ActionChair: []int{0, 5},
		Invitations: []int{-10}, Commission: []int{0, -1, -2}, Record: 3, RecordMost: 6, Signatures: []int{1}, Review: []int{0, -14},
		Consent: []int{-1}, Mission: []int{-5}, Measure: []int{0}, Retention: []int{-400, -3}, Thinking: 3, Silence: 11,
	}
	return []casework.Policy{plain, alsace, odd}
}

// Due gives exactly what another reading of the journal gives, whenever it is
// asked: the same reminders, of the same moments, to the same people.
func TestDueIsWhatTheJournalSays(t *testing.T) {
	all := policies()
	kinds := map[casework.ReminderKind]int{}
	compare := func(t *rapid.T, journal []casework.Entry, c *casework.Case, p casework.Policy, now time.Time) []casework.Fact {
		give, record := c.Due(p, now)
		want, keys := caseworktest.Reference(journal, p, now)
		for i, r := range give {
			kinds[r.Kind]++
			give[i].To = slices.Sorted(slices.Values(r.To))
		}
		if diff := cmp.Diff(want, give, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("at %s (-journal +Due):\n%s", now, diff)
		}
		if diff := cmp.Diff(keys, keysOf(record), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("recorded at %s (-journal +Due):\n%s", now, diff)
		}
		return record
	}
	longLives(t, func(t *rapid.T, l *caseworktest.Life, step caseworktest.Step) {
		if rapid.IntRange(0, 11).Draw(t, "ask") < 11 {
			return
		}
		p := rapid.SampledFrom(all).Draw(t, "policy")
		c, journal, now := casework.Fold(l.Case.Code, l.Entries), slices.Clone(l.Entries), l.Now
		for range 3 {
			unit := rapid.SampledFrom([]time.Duration{time.Minute, time.Hour, 24 * time.Hour, 8 * 24 * time.Hour}).Draw(t, "unit")
			now = now.Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "asleep")) * unit)
			for _, fact := range compare(t, journal, c, p, now) {
				e := casework.Entry{Seq: c.Seq + 1, At: now, Fact: fact}
				journal = append(journal, e)
				c.Apply(e)
			}
		}
	})
	for _, kind := range casework.ReminderKinds() {
		rare := kind == casework.RemindMission || kind == casework.RemindTime // tables look at them
		if kinds[kind] == 0 && !rare {
			t.Errorf("no reminder of %s was given: the test looks at nothing of it (%v)", kind, kinds)
		}
	}
}

func keysOf(facts []casework.Fact) []string {
	var keys []string
	for _, fact := range facts {
		keys = append(keys, fact.(casework.Reminded).Key)
	}
	slices.Sort(keys)
	return keys
}

// However irregularly it is asked, the same is recorded in the end, each once; and
// whoever slept hears last what the others heard last.
func TestDueForgetsNothingHoweverSeldomItIsAsked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := caseworktest.Begin(t, caseworktest.Users())
		for range 50 {
			l.Step(t)
		}
		p := rapid.SampledFrom(policies()).Draw(t, "policy")
		end := l.Now.AddDate(0, 0, rapid.IntRange(1, 500).Draw(t, "days"))
		asked := func(pause func() time.Duration) []string {
			c := casework.Fold(l.Case.Code, l.Entries)
			var keys []string
			ask := func(now time.Time) {
				_, record := c.Due(p, now)
				for _, fact := range record {
					keys = append(keys, fact.(casework.Reminded).Key)
					c.Apply(casework.Entry{Seq: c.Seq + 1, At: now, Fact: fact})
				}
			}
			for now := l.Now; now.Before(end); now = now.Add(pause()) {
				ask(now)
			}
			ask(end)
			slices.Sort(keys)
			return keys
		}
		often := asked(func() time.Duration { return 11 * time.Hour })
		seldom := asked(func() time.Duration {
			return time.Duration(rapid.IntRange(1, 200).Draw(t, "asleep")) * 7 * time.Hour
		})
		if diff := cmp.Diff(often, seldom); diff != "" {
			t.Fatalf("(-often +seldom):\n%s", diff)
		}
		if repeated := len(often) - len(slices.Compact(slices.Clone(often))); repeated > 0 {
			t.Fatalf("%d recorded twice: %v", repeated, often)
		}
	})
}

// What was due stands no more right after what ends it, and for nobody who may not
// know of it any more.
func TestNothingStandsAfterItsEnd(t *testing.T) {
	ended := map[string]int{}
	p := casework.DefaultPolicy()
	check := func(t *rapid.T, l *caseworktest.Life, _ caseworktest.Step) {
		l.Now = l.Now.AddDate(0, 0, rapid.IntRange(0, 9).Draw(t, "later"))
		give, _ := l.Case.Due(p, l.Now)
		if len(give) == 0 {
			return
		}
		before := casework.Fold(l.Case.Code, l.Entries)
		next := l.Step(t)
		for _, r := range give {
			for _, user := range r.To {
				stands := l.Case.Stands(r, user, l.Now)
				if stands && !forKeepers(l.Case, r) && !l.Case.Covers(user, "", l.Now) {
					t.Fatalf("%s may know of nothing, and yet this stands: %+v", user, r)
				}
				for _, fact := range next.Facts {
					if why := ends(before, fact, r, user); why != "" {
						ended[why]++
						if stands {
							t.Fatalf("stands for %s after %s: %+v", user, why, r)
						}
					}
				}
			}
		}
	}
	longLives(t, check)
	for _, why := range []string{"frozen", "closed", "withdrawn", "renewed", "decided"} {
		if ended[why] == 0 {
			t.Errorf("nothing was ever %s: the test looks at nothing of it", why)
		}
	}
}

// ends says how a fact ends a reminder to user; nothing when it does not.
func ends(before *casework.Case, fact casework.Fact, r casework.Reminder, user casework.UserID) string {
	action := func(id, why string) string {
		if r.Kind == casework.RemindAction && r.Subject == id {
			return why
		}
		return ""
	}
	of := func(why string, kinds ...casework.ReminderKind) string {
		if slices.Contains(kinds, r.Kind) {
			return why
		}
		return ""
	}
	if r.Kind == casework.RemindSilence && decision(fact) {
		return "decided"
	}
	switch f := fact.(type) {
	case casework.ActionDone:
		return action(f.Action, "done")
	case casework.ActionPostponed:
		return action(f.Action, "put off")
	case casework.ActionReassigned:
		return action(f.Action, "handed over")
	case casework.ObjectiveReviewed:
		a, _ := before.Action(r.Subject)
		if r.Kind == casework.RemindAction && a.Objective == f.Objective && (f.Outcome == casework.Reached || f.Outcome == casework.Dropped) {
			return "over"
		}
	case casework.CommissionCancelled:
		if r.Subject == f.Commission {
			return of("cancelled", casework.RemindInvitations, casework.RemindCommission, casework.RemindRecord, casework.RemindUnrecorded)
		}
	case casework.RecordFrozen:
		if r.Subject == f.Record.Commission {
			return of("frozen", casework.RemindRecord, casework.RemindUnrecorded)
		}
		if old, ok := before.RecordOf(f.Record.Commission); ok && r.Subject == old.ID {
			return of("frozen", casework.RemindSignatures)
		}
	case casework.RecordSigned:
		m, _ := before.Member(user)
		if r.Subject == f.Signature.Record && m.Actor() == f.Signature.Who && user != before.Coordinator() {
			return of("signed", casework.RemindSignatures)
		}
	case casework.CommissionPlanned:
		if !f.Commission.Extraordinary {
			last, _ := before.Commission(r.Subject)
			if f.Commission.At.After(last.At) {
				return of("called", casework.RemindReview)
			}
		}
	case casework.MemberLeft:
		if f.User == user && user != before.Author {
			return "left"
		}
	case casework.MissionEnded:
		if f.User == user && user != before.Author {
			return "left"
		}
	case casework.CaseClosed:
		return "closed"
	case casework.ConsentWithdrawn:
		return "withdrawn"
	case casework.ConsentGiven:
		if before.State == casework.Proposed {
			return of("agreed", casework.RemindThinking)
		}
		if f.Consent.Until != before.Consent().Until {
			return of("renewed", casework.RemindConsent)
		}
	}
	return ""
}

// decision reports whether somebody decided a fact.
func decision(fact casework.Fact) bool {
	switch fact.(type) {
	case casework.Shown, casework.Reminded, casework.ChannelOpened, casework.ChannelMoved, casework.SharingHeld, casework.SharingResumed, casework.SharingSuspended, casework.RetentionSet, casework.MissionEnded, casework.ChannelShut:
		return false
	}
	return true
}

// A case of fifty entries is looked at for the next thing due at each of its
// changes.
func BenchmarkNextDue(b *testing.B) {
	for _, working := range []string{"weekdays", "67"} {
		p := casework.DefaultPolicy()
		if working != "weekdays" {
			p.Working = workdays.Of(working)
		}
		journal := busy(b)
		c, zone := casework.Fold("P-7K3F", journal), caseworktest.Zone()
		b.Run(fmt.Sprintf("%s/%d entries", working, len(journal)), func(b *testing.B) {
			for b.Loop() {
				if c.NextDue(p, zone).IsZero() {
					b.Fatal("nothing is ever due")
				}
			}
		})
	}
}

// busy is the journal of a case of about fifty entries that is worked on.
func busy(b *testing.B) []casework.Entry {
	start := time.Date(2026, 1, 5, 9, 0, 0, 0, caseworktest.Zone())
	for seed := range uint64(10_000) {
		journal := caseworktest.Plausible(rand.New(rand.NewPCG(seed, 0)), "P-7K3F", start, start.AddDate(1, 0, 0))
		if c := casework.Fold("P-7K3F", journal); len(journal) >= 45 && !c.Ended() {
			return journal
		}
	}
	b.Fatal("no such case was drawn")
	return nil
}
