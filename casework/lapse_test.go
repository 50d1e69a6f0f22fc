package casework_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parcours/casework"
	"parcours/casework/caseworktest"
)

func TestLastDays(t *testing.T) {
	ended, shut := casework.MissionEnded{User: bruno}, casework.ChannelShut{}
	for name, test := range map[string]struct {
		change func(*story)
		want   []casework.Fact
		next   casework.Day
	}{
		"the consent, on its last day": {func(s *story) { s.on("2027-09-01", 23) }, nil, "2027-09-02"},
		"the consent":                  {func(s *story) { s.on("2027-09-02", 0) }, []casework.Fact{shut}, "2027-09-02"},
		"the consent, known":           {func(s *story) { s.on("2027-09-02", 0).do(s.Lapse(s.now), nil) }, nil, ""},
		"a mission, on its last day":   {func(s *story) { s.refer(chloe, "2026-10-01").refer(bruno, "2026-12-31").on("2026-12-31", 23) }, nil, "2027-01-01"},
		"a mission":                    {func(s *story) { s.refer(chloe, "2026-10-01").refer(bruno, "2026-12-31").on("2027-01-01", 0) }, []casework.Fact{ended}, "2027-01-01"},
		"both":                         {func(s *story) { s.refer(chloe, "").refer(bruno, "2026-12-31").on("2028-01-01", 9) }, []casework.Fact{ended, shut}, "2027-01-01"},
		"a consent without a last day": {func(s *story) {
			s.do([]casework.Fact{casework.ConsentGiven{}}, nil).on("2028-01-01", 9)
		}, nil, ""},
		"a mission that outlives the consent": {func(s *story) {
			s.refer(chloe, "2027-12-31").on("2027-09-01", 9)
		}, nil, "2027-09-02"},
		"withdrawn": {func(s *story) { s.do(s.Withdraw(anna)).on("2028-01-01", 9) }, nil, ""},
		"closed":    {func(s *story) { s.do(s.Close(casework.Closing{Reason: "moved"})).on("2028-01-01", 9) }, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := followed(t)
			test.change(s)
			if d := cmp.Diff(test.want, s.Lapse(s.now)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			var next casework.Day
			if at := s.NextLapse(s.now.Location()); !at.IsZero() {
				next = casework.DayOf(at)
			}
			if next != test.next {
				t.Errorf("looked at again on %q, want %q", next, test.next)
			}
		})
	}
	if s := begin(t, proposal(casework.Thinking)); s.Lapse(s.now.AddDate(9, 0, 0)) != nil {
		t.Error("a proposal has a last day")
	}
}

// Whose mission is over leaves the circle, what they had to do is to be handed over,
// and whoever opened the case keeps the overview.
func TestTheEndOfAMission(t *testing.T) {
	s := working(t)
	s.refer(chloe, "").refer(bruno, "2026-12-31").on("2027-01-01", 0)
	s.do(s.Lapse(s.now), nil)
	if s.IsMember(bruno) || s.Coordinator() != anna || len(s.ToHand()) != 1 {
		t.Errorf("bruno is in the circle: %t; %s coordinates; to hand over: %+v", s.IsMember(bruno), s.Coordinator(), s.ToHand())
	}
	s.refer(anna, "2027-01-31").on("2027-02-01", 0)
	s.do(s.Lapse(s.now), nil)
	if _, is := s.Referent(); is || !s.IsMember(anna) || s.Lapse(s.now) != nil {
		t.Error("whoever opened the case stays in the circle, and is the referent no more")
	}
}

// The channel is closed to the professionals as long as there is no consent: they stay
// in the circle, and whoever keeps the consent can renew it.
func TestAChannelIsShut(t *testing.T) {
	s := followed(t)
	out := func() (all []casework.UserID) {
		for _, m := range s.Members {
			if s.PutOut(m.User) {
				all = append(all, m.User)
			}
		}
		return all
	}
	s.on("2027-09-02", 0)
	s.do(s.Lapse(s.now), nil)
	if got := out(); !slices.Equal(got, []casework.UserID{bruno, chloe}) || !s.IsMember(bruno) || !s.KeepsConsent(bruno) {
		t.Errorf("out of the channel: %q; bruno is in the circle: %t, keeps the consent: %t", got, s.IsMember(bruno), s.KeepsConsent(bruno))
	}
	s.by(bruno).do(s.Extend(bruno, casework.Extension{Until: "2028-09-01"}, s.now))
	if got := out(); got != nil {
		t.Errorf("the consent runs, and out of the channel: %q", got)
	}
	s.covers("", anna, bruno, chloe, martin)
}

// Lapse is looked at exactly when it has something to decide, and decides it once.
func TestLastDaysAtAnyMoment(t *testing.T) {
	happened := map[string]int{}
	longLives(t, func(t *rapid.T, l *caseworktest.Life, _ caseworktest.Step) {
		now := l.Now.Add(time.Duration(caseworktest.Below(t, 400, "asleep")) * 24 * time.Hour)
		facts, next := l.Case.Lapse(now), l.Case.NextLapse(now.Location())
		if due := !next.IsZero() && !next.After(now); due != (len(facts) > 0) {
			t.Fatalf("looked at on %s, and on %s %d facts follow", next, now, len(facts))
		}
		later := casework.Fold(l.Case.Code, l.Entries)
		for _, fact := range facts {
			happened[casework.FactName(fact)]++
			later.Apply(casework.Entry{Seq: later.Seq + 1, At: now, Fact: fact})
		}
		if again := later.Lapse(now); again != nil {
			t.Fatalf("%v, and then again %v", facts, again)
		}
	})
	if len(happened) < 2 {
		t.Errorf("only %v happened: the test looks at nothing", happened)
	}
}
