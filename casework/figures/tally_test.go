package figures_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/casework"
	"parcours/casework/caseworktest"
	"parcours/casework/figures"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// year is an empty tally of 2026 in Paris.
func year() *figures.Tally {
	return figures.NewTally("2026-01-01", "2026-12-31", caseworktest.Zone(), []string{"rsa", "ppe"})
}

// told folds a journal of facts on days, at noon in Paris; all are anna's.
func told(code casework.Code, facts ...any) *casework.Case {
	var entries []casework.Entry
	var now time.Time
	for _, f := range facts {
		switch f := f.(type) {
		case string:
			now = casework.Day(f).At(12, 0, caseworktest.Zone())
		case casework.Fact:
			entries = append(entries, casework.Entry{Seq: uint64(len(entries) + 1), At: now.UTC(), By: "anna", Fact: f})
		}
	}
	return casework.Fold(code, entries)
}

func opened(household casework.Household, path string) casework.Opened {
	return casework.Opened{Person: "private", Household: household, EntryPath: path, OwnWords: "private",
		Author: casework.Professional{ID: "p1", User: "anna", Name: "private", Sector: "department", Agreed: true}}
}

func given() casework.ConsentGiven {
	return casework.ConsentGiven{Consent: casework.Consent{Version: 1, Until: "2027-12-31"}}
}

func listed(id string, user casework.UserID, profession casework.Profession, sector casework.Sector, agreed bool) casework.ProfessionalListed {
	return casework.ProfessionalListed{Professional: casework.Professional{
		ID: id, User: user, Name: "private", Service: "private", Profession: profession, Sector: sector, Agreed: agreed}}
}

func meeting(id string, day casework.Day, extraordinary bool) casework.CommissionPlanned {
	return casework.CommissionPlanned{Commission: casework.Commission{
		ID: id, At: day.At(14, 0, caseworktest.Zone()), Place: "private", Extraordinary: extraordinary}}
}

// A whole life, from the proposal on 2 March to the end on 30 November.
func full() *casework.Case {
	return told("P-2222",
		"2026-03-02", opened(casework.Family, "RSA"),
		"2026-03-10", given(),
		casework.RelativeStated{Relative: casework.Relative{ID: "h1", Kind: casework.Herself, Title: casework.Madam,
			LastName: "private", Born: "1991-03-10", Family: casework.SingleParent, Activity: "private"}},
		listed("p2", "bruno", "educator", "benefits", true), listed("p3", "", "", "", true), listed("p4", "", "nurse", "health", false),
		casework.ElementAssessed{Element: casework.Element{ID: "e1", Name: "private", Kind: casework.Obstacle, Topic: casework.Housing}},
		casework.ElementAssessed{Element: casework.Element{ID: "e2", Name: "private", Kind: casework.Obstacle, Topic: casework.Housing}},
		casework.ElementAssessed{Element: casework.Element{ID: "e3", Name: "private", Kind: casework.Obstacle, Topic: casework.Work}},
		casework.ElementAssessed{Element: casework.Element{ID: "e4", Name: "private", Kind: casework.Strength, Topic: casework.Health}},
		casework.ReferentAsked{User: "bruno"}, casework.ReferentAnswered{User: "bruno", Accepted: true},
		casework.ReferentAsked{User: "chloe"}, casework.ReferentAnswered{User: "chloe"},
		meeting("c1", "2026-04-01", false), meeting("c2", "2026-05-01", true), meeting("c3", "2026-06-01", false), meeting("c4", "2027-02-01", false),
		"2026-04-01", casework.SessionOpened{Commission: "c1"},
		casework.AttendanceTaken{Commission: "c1", Attendance: []casework.Attendance{
			{Who: casework.ThePerson, Presence: casework.Present}, {Who: "p1", Presence: casework.Present},
			{Who: "p2", Presence: casework.Excused}, {Who: "p3", Presence: casework.Absent}}},
		casework.ObjectiveSet{Objective: casework.Objective{ID: "o1", Topic: casework.Housing, Title: "private"}},
		casework.ObjectiveSet{Objective: casework.Objective{ID: "o2", Topic: casework.Work, Title: "private"}},
		casework.ActionAssigned{Action: casework.Action{ID: "a1", Objective: "o1", What: "private", Who: "p2", Due: "2026-05-01"}},
		casework.ActionAssigned{Action: casework.Action{ID: "a2", Objective: "o1", What: "private", Who: "p2", Due: "2026-05-01"}},
		casework.HelpAsked{Action: "a1"}, casework.HelpAsked{Action: "a1"}, casework.ActionDone{Action: "a1"},
		"2026-04-20", casework.CommissionCancelled{Commission: "c3", Why: "private"},
		"2026-05-01", casework.SessionOpened{Commission: "c2"},
		"2026-05-11", casework.ObjectiveReviewed{Objective: "o1", Outcome: casework.NotYet, Why: "private"},
		"2026-11-30", casework.CaseClosed{Closing: casework.Closing{Reason: "private", Improved: casework.InPart,
			Satisfied: casework.Very, Heard: casework.Rather, Words: "private"}},
	)
}

func TestTally(t *testing.T) {
	tally := year()
	tally.Add(full())
	tally.Add(told("P-3333", "2026-06-01", opened(casework.OnePerson, "a friend of Mme Martin")))
	tally.Add(told("P-4444", "2025-12-31", opened(casework.OnePerson, ""), given(), // of the year before, ends in this one
		"2026-01-30", casework.ConsentWithdrawn{}))
	tally.Add(told("P-5555", "2026-12-31", opened(casework.OnePerson, "a friend"), given(), // ends in the next
		casework.RelativeStated{Relative: casework.Relative{ID: "h1", Kind: casework.Herself, Family: "widow of M. Petit"}},
		listed("p2", "", "private", "private", true),
		"2027-01-01", casework.ConsentWithdrawn{}))
	tally.Add(told(casework.Register, casework.RefusalCounted{}, "2026-02-01", casework.RefusalCounted{},
		"2025-02-01", casework.RefusalCounted{}))
	s := tally.Sheet()
	want := counts{
		"proposed": 5, "answers.accepted": 2, "answers.thinking": 1, "answers.refused": 2,
		"household.family": 1, "household.person": 1, "age.35_44": 1, "age.unknown": 1,
		"sex.madame": 1, "sex.unknown": 1, "family.single_parent": 1, "family.unknown": 1,
		"entry.rsa": 1, "entry.other": 1, "problems.logement": 1, "problems.emploi": 1,
		"referents": 1, "referents.educator": 1,
		"partners": 3, "partners.benefits": 1, "partners.unknown": 2,
		"meetings": 3, "meetings.held": 2, "meetings.cancelled": 1,
		"called_as.ordinary": 1, "called_as.extraordinary": 1, "person.present": 1, "person.unknown": 1,
		"called": 3, "presence.present": 1, "presence.excused": 1, "presence.absent": 1,
		"objectives": 2, "objectives.not": 1, "objectives.unknown": 1,
		"actions": 2, "actions.done": 1, "actions.open": 1, "difficulties.help": 1,
		"steps.met": 1, "reviews.reviewed": 1,
		"ended": 2, "ended.closed": 1, "ended.withdrawn": 1, "improved.partly": 1,
		"satisfied.very": 1, "heard.rather": 1, "helped.unknown": 1,
	}
	if diff := cmp.Diff(want, s.Counts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, m := range []figures.Measure{
		{ID: "duration.mean", Value: (265 + 30) / 2.0, Over: figures.Ended}, {ID: "duration.median", Value: (265 + 30) / 2.0, Over: figures.Ended},
		{ID: "to_meeting.mean", Value: 30, Over: figures.MetOnce}, {ID: "to_review.median", Value: 40, Over: figures.ReviewedToo},
	} {
		if !slices.Contains(s.Measures, m) {
			t.Errorf("no %v among %v", m, s.Measures)
		}
	}
}

func TestAges(t *testing.T) {
	for born, band := range map[casework.Day]string{
		"": "unknown", "2001-03-11": "under_25", "2001-03-10": "25_34", "1991-03-11": "25_34", "1991-03-10": "35_44",
		"1981-03-10": "45_54", "1971-03-10": "55_64", "1961-03-11": "55_64", "1961-03-10": "over_64", "1920-01-01": "over_64",
	} {
		tally := year()
		tally.Add(told("P-2222", "2026-03-01", opened(casework.OnePerson, ""), "2026-03-10", given(),
			casework.RelativeStated{Relative: casework.Relative{ID: "h1", Kind: casework.Herself, Born: born}}))
		if tally.Sheet().Counts[figures.Quantity("age."+band)] != 1 {
			t.Errorf("born on %q: %v", born, tally.Sheet().Counts)
		}
	}
}

// Days are those of the département: an evening there may be another day in UTC.
func TestTheDayIsThatOfTheZone(t *testing.T) {
	zone := caseworktest.Zone()
	for at, want := range map[time.Time]int{
		time.Date(2025, 12, 31, 23, 30, 0, 0, time.UTC): 1, time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC): 0,
		time.Date(2025, 12, 31, 22, 30, 0, 0, time.UTC): 0, time.Date(2026, 12, 31, 22, 30, 0, 0, time.UTC): 1,
	} {
		tally := year()
		tally.Add(casework.Fold("P-2222", []casework.Entry{{Seq: 1, At: at, By: "anna", Fact: opened(casework.Family, "")}}))
		if got := tally.Sheet().Counts[figures.Proposed]; got != want {
			t.Errorf("%s: %d, want %d", at.In(zone), got, want)
		}
	}
}

func TestMeanAndMedian(t *testing.T) {
	for name, test := range map[string]struct {
		days         []int
		mean, median float64
	}{
		"none": {nil, 0, 0}, "one": {[]int{7}, 7, 7}, "an even number": {[]int{1, 2, 4, 9}, 4, 3},
		"an odd one": {[]int{1, 8, 3}, 4, 3}, "the same twice": {[]int{2, 2, 11}, 5, 2},
	} {
		tally := year()
		for _, d := range test.days {
			tally.Add(told("P-2222", "2026-01-01", opened(casework.Family, ""), given(),
				string(casework.Day("2026-01-01").Add(d)), casework.ConsentWithdrawn{}))
		}
		for _, m := range tally.Sheet().Measures {
			want, ok := map[string]float64{"duration.mean": test.mean, "duration.median": test.median}[m.ID]
			if ok && m.Value != want {
				t.Errorf("%s: %s is %v, want %v", name, m.ID, m.Value, want)
			}
		}
	}
}

// lived draws some cases and the register.
func lived(t *rapid.T) []*casework.Case {
	var cases []*casework.Case
	for range rapid.IntRange(0, 6).Draw(t, "cases") {
		cases = append(cases, casework.Fold(caseworktest.History(t, caseworktest.Users())))
	}
	return append(cases, told(casework.Register, casework.RefusalCounted{}))
}

// Whoever counts, in whatever order and in how many parts, counts the same.
func TestOrderAndPartsDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cases := lived(t)
		whole := year()
		for _, c := range cases {
			whole.Add(c)
		}
		rand.New(rand.NewPCG(uint64(rapid.IntRange(0, 99).Draw(t, "order")), 0)).
			Shuffle(len(cases), func(i, j int) { cases[i], cases[j] = cases[j], cases[i] })
		workers := []*figures.Tally{year(), year(), year()}
		for i, c := range cases {
			workers[i%len(workers)].Add(c)
		}
		workers[2].Merge(workers[0])
		workers[2].Merge(workers[1])
		if diff := cmp.Diff(whole.Sheet(), workers[2].Sheet()); diff != "" {
			t.Fatalf("(-whole +parts):\n%s", diff)
		}
	})
}

// The rows of each table make its total, none is more than it, every count has
// its row, and none is named by what somebody wrote.
func TestTheSumsAreRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tally := year()
		for _, c := range append(lived(t), full()) {
			tally.Add(c)
		}
		s := tally.Sheet()
		named := map[figures.Quantity]bool{}
		for _, table := range s.Tables {
			sum := 0
			named[table.Total] = true
			for _, q := range table.Rows {
				sum += s.Counts[q]
				named[q] = true
				if s.Counts[q] > s.Counts[table.Total] {
					t.Fatalf("%s is %d of %d", q, s.Counts[q], s.Counts[table.Total])
				}
			}
			if table.Kind == figures.Parts && sum != s.Counts[table.Total] {
				t.Fatalf("%s: %d in rows, %d in all", table.ID, sum, s.Counts[table.Total])
			}
		}
		for q := range s.Counts {
			if !named[q] || strings.Contains(string(q), "private") || strings.Contains(string(q), "Martin") {
				t.Fatalf("%s has no row", q)
			}
		}
	})
}

// A year of many cases is masked and still tells something.
func TestATallyIsMasked(t *testing.T) {
	tally := year()
	for i := range 40 {
		path := "rsa"
		if i < 3 {
			path = "ppe"
		}
		tally.Add(told(casework.Code(fmt.Sprint("P-", i)), "2026-06-01", opened(casework.OnePerson, path), given()))
	}
	shown := figures.Mask(tally.Sheet())
	if n, ok := shown.Count(figures.Accepted); n != 40 || !ok {
		t.Errorf("accepted: %d, %t", n, ok)
	}
	if _, ok := shown.Count("entry.ppe"); ok {
		t.Error("three people are shown")
	}
	if _, ok := shown.Measure("duration.mean"); ok {
		t.Error("the mean over nobody is shown")
	}
}

func BenchmarkTally(b *testing.B) {
	c := full()
	tally := year()
	for b.Loop() {
		tally.Add(c)
	}
}
