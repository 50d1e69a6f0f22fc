package casework_test

import (
	"testing"
	"time"

	"parcours/casework"

	"github.com/google/go-cmp/cmp"
)

// recorded is the meeting with its record r1, frozen an hour after it began.
func recorded(t *testing.T) *story {
	t.Helper()
	s := met(t).after(time.Hour)
	return s.by(bruno).do(s.FreezeRecord("c1", "a visit in May", "2027-01-15", bruno, s.now))
}

// corrected is that record with a second version, r2.
func corrected(t *testing.T) *story {
	t.Helper()
	s := recorded(t).on("2026-10-05", 10)
	return s.by(bruno).do(s.FreezeRecord("c1", "a visit in June", "", bruno, s.now))
}

func TestFreezeRecordRefuses(t *testing.T) {
	bare := func(t *testing.T) *story { // a meeting with nothing decided yet
		s := followed(t)
		return s.do(s.PlanCommission(meeting(s), s.now)).on("2026-10-02", 14)
	}
	for name, test := range map[string]struct {
		tell       func(*testing.T) *story
		id, notes  string
		next       casework.Day
		code       casework.ErrorCode
		field      string
		atTheTable func(*story)
	}{
		"of no meeting":                {tell: met, code: casework.Missing, field: "commission"},
		"without an objective":         {tell: bare, id: "c1", code: casework.NoObjective},
		"with too many notes":          {tell: met, id: "c1", notes: long(casework.AreaMax + 1), code: casework.TooLong, field: "notes"},
		"with a next day that is none": {tell: met, id: "c1", next: "2027-02-29", code: casework.NotADate, field: "next_on"},
		"with a next day that is past": {tell: met, id: "c1", next: "2026-10-01", code: casework.PastDate, field: "next_on"},
		"that says the same":           {tell: recorded, id: "c1", notes: "a visit in May", code: casework.SameAgain, field: "notes"},
		"with all objectives set aside": {tell: met, id: "c1", code: casework.NoObjective, atTheTable: func(s *story) {
			s.do(s.TakeTopic("c1", casework.Housing, false, bruno, s.now))
		}},
		"with all objectives vetoed": {tell: met, id: "c1", code: casework.NoObjective, atTheTable: func(s *story) {
			s.do(s.Extend(bruno, casework.Extension{Vetoes: []casework.Topic{casework.Housing}}, s.now))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := test.tell(t)
			if test.atTheTable != nil {
				test.atTheTable(s)
			}
			facts, err := s.FreezeRecord(test.id, test.notes, test.next, bruno, s.now)
			refused(t, test.code, test.field, facts, err)
		})
	}
}

func TestFreezeRecord(t *testing.T) {
	s := recorded(t)
	r, ok := s.Record("r1")
	if !ok || r.Commission != "c1" || r.Version != 1 || r.By != bruno || !r.At.Equal(s.now) || r.Hash != r.Text.Fingerprint() {
		t.Errorf("%+v", r)
	}
	if m, _ := s.Commission("c1"); !m.EndedAt.Equal(s.now) || m.NextOn != "2027-01-15" {
		t.Errorf("freezing ends the meeting: %+v", m)
	}
	if _, ok := s.Record("r9"); ok {
		t.Error("a record from nowhere")
	}
	t.Run("of a meeting that nobody opened", func(t *testing.T) {
		s := gathered(t)
		facts, err := s.FreezeRecord("c1", "", "", bruno, s.now)
		if err != nil || len(facts) != 1 {
			t.Errorf("%v, %v", facts, err)
		}
	})
	t.Run("with the next day that was fixed, even once it is past", func(t *testing.T) {
		s := recorded(t).on("2027-02-01", 10)
		s.do(s.FreezeRecord("c1", "a visit in June", "2027-01-15", bruno, s.now))
		if r, _ := s.LastRecord(); r.Version != 2 || r.Text.NextOn != "2027-01-15" {
			t.Errorf("%+v", r)
		}
	})
}

// All that the form of annexe 2.1 asks is in the record, as it was that day.
func TestMinutes(t *testing.T) {
	p := proposal(casework.Accepts)
	p.Household, p.OwnWords = casework.Family, "breathe"
	s := begin(t, p)
	s.list(casework.Professional{Name: "Bruno", Service: "CAF", User: bruno, Agreed: true}).join(bruno, casework.RolePartner)
	s.list(casework.Professional{Name: "Denis", Service: "HLM"}).refer(bruno, "")
	s.do(s.Extend(anna, casework.Extension{Topics: []casework.Topic{casework.Childhood, casework.Work}}, s.now))
	for _, r := range []casework.Relative{
		{Kind: casework.Herself, LastName: "Martin"}, {Kind: casework.Child, FirstName: "Lou"}, {Kind: casework.Adult, FirstName: "Sam", Left: true},
	} {
		s.do(s.StateRelative(r, s.now))
	}
	for _, e := range []casework.Element{
		{Name: "Friends", Kind: casework.Strength, Topic: casework.Budget}, {Name: "Damp", Kind: casework.Obstacle, Topic: casework.Housing},
		{Name: "Skills", Kind: casework.Strength, Topic: casework.Work},
	} {
		s.do(s.Assess(e, casework.AimStated{}, s.now))
	}
	first := meeting(s)
	first.Chair, first.Phase = bruno, "accueil"
	second := casework.Commission{At: first.At.AddDate(0, 2, 0), Place: "CAF", Extraordinary: true, Minutes: 60}
	off := casework.Commission{At: first.At.AddDate(0, 1, 0), Place: "CAF"}
	s.do(s.PlanCommission(first, s.now)).do(s.PlanCommission(second, s.now)).do(s.PlanCommission(off, s.now))
	s.do(s.CancelCommission("c3", "", bruno, s.now))
	s.do(s.SetObjective(casework.Objective{Topic: casework.Housing, Title: "Stay", OwnWords: "no more moving", Horizon: casework.Short}, s.now))

	s.on("2026-10-02", 14)
	s.do(s.OpenSession("c1", bruno, s.now)).after(time.Minute)
	s.do(s.SetObjective(casework.Objective{Topic: casework.Budget, Title: "Pay the debts"}, s.now))
	s.do(s.SetObjective(casework.Objective{Topic: casework.Work, Title: "Train"}, s.now))
	s.do(s.AssignAction(casework.Action{Objective: "o1", What: "Call", Who: "p2", Due: "2026-11-20"}, s.now))
	s.do(s.AssignAction(casework.Action{Objective: "o2", What: "Sort", Who: casework.ThePerson, Due: "2026-11-20"}, s.now))
	s.do(s.TakeAttendance("c1", []casework.Actor{casework.ThePerson, "p2"}, nil, bruno, s.now)).do(s.GiveView("c1", "I was heard", bruno, s.now))
	c1, _ := s.Commission("c1")
	line := func(id string) casework.Professional {
		p, _ := s.Professional(id)
		p.SetAt = time.Time{}
		return p
	}
	stay := casework.Objective{ID: "o1", Topic: casework.Housing, Title: "Stay", OwnWords: "no more moving", Horizon: casework.Short}
	debts := casework.Objective{ID: "o2", Topic: casework.Budget, Title: "Pay the debts"}
	train := casework.Objective{ID: "o3", Topic: casework.Work, Title: "Train"}
	steps := []casework.Step{
		{Action: casework.Action{ID: "a1", Objective: "o1", What: "Call", Who: "p2", Due: "2026-11-20"}},
		{Action: casework.Action{ID: "a2", Objective: "o2", What: "Sort", Who: casework.ThePerson, Due: "2026-11-20"}},
	}
	want := casework.Minutes{
		Person: "Mme Martin", Household: casework.Family, OwnWords: "breathe",
		Relatives: []casework.Relative{{ID: "h1", Kind: casework.Herself, LastName: "Martin"}, {ID: "h2", Kind: casework.Child, FirstName: "Lou"}},
		At:        time.Date(2026, 10, 2, 12, 0, 0, 0, time.UTC), Place: "MDS", Length: 90, Phase: "accueil",
		Chair: "p2", Referent: "p2", Support: []casework.Professional{line("p1"), line("p2")},
		Attendance: []casework.Attendance{{Who: casework.ThePerson, Presence: casework.Present}, {Who: "p1", Presence: casework.Absent}, {Who: "p2", Presence: casework.Present}},
		Strengths: []casework.Element{
			{ID: "e1", Name: "Friends", Kind: casework.Strength, Topic: casework.Budget, On: "2026-09-01"},
			{ID: "e3", Name: "Skills", Kind: casework.Strength, Topic: casework.Work, On: "2026-09-01"},
		},
		Objectives: []casework.Objective{stay, debts, train}, Actions: steps,
		View: "I was heard", Notes: "notes", NextOn: "2026-12-02",
	}
	if diff := cmp.Diff(want, s.Minutes(c1, "notes", "2026-12-02")); diff != "" {
		t.Fatalf("at the first meeting (-want +got):\n%s", diff)
	}
	s.do(s.FreezeRecord("c1", "notes", "2026-12-02", bruno, s.now))

	s.on("2026-10-20", 10).do(s.Review("o3", casework.Reached, "hired", s.now)) // between the two
	s.on("2026-12-02", 14).do(s.OpenSession("c2", bruno, s.now)).after(time.Minute)
	s.do(s.Extend(bruno, casework.Extension{Vetoes: []casework.Topic{casework.Childhood}}, s.now))
	s.do(s.TakeTopic("c2", casework.Budget, false, bruno, s.now))
	s.do(s.Review("o1", casework.Partly, "on the way", s.now)).do(s.Finish("a1", bruno, s.now))
	c2, _ := s.Commission("c2")
	steps[0].Done = true
	want = casework.Minutes{
		Person: "Mme Martin", Household: casework.Family, OwnWords: "breathe", Relatives: want.Relatives[:1],
		At: time.Date(2026, 12, 2, 13, 0, 0, 0, time.UTC), Place: "CAF", Length: 60, Extraordinary: true, Previous: "2026-10-02",
		Referent: "p2", Support: want.Support, Strengths: want.Strengths[1:],
		Reviews: []casework.Reviewed{
			{Objective: stay, Outcome: casework.Partly, Why: "on the way"}, {Objective: train, Outcome: casework.Reached, Why: "hired"},
		},
		Objectives: []casework.Objective{stay}, Actions: steps[:1],
	}
	if diff := cmp.Diff(want, s.Minutes(c2, "", "")); diff != "" {
		t.Fatalf("at the second (-want +got):\n%s", diff)
	}
}

// The next record opens with the objectives of the meeting before (guide IV.D.2,
// annexe 2.1: « bilan des objectifs précédemment fixés »).
func TestReviewsInTheNextRecord(t *testing.T) {
	next := func(t *testing.T, during, since, at func(*story)) []casework.Reviewed {
		s := met(t).after(time.Minute)
		during(s)
		s.do(s.EndSession("c1", "2026-12-02", bruno, s.now)).after(time.Minute)
		s.do(s.PlanCommission(casework.Commission{At: casework.Day("2026-12-02").At(14, 0, s.now.Location()), Place: "MDS"}, s.now))
		s.on("2026-11-02", 14)
		since(s)
		s.on("2026-12-02", 14).do(s.OpenSession("c2", bruno, s.now)).after(time.Minute)
		at(s)
		c2, _ := s.Commission("c2")
		return s.Minutes(c2, "", "").Reviews
	}
	nothing := func(*story) {}
	review := func(outcome casework.Outcome) func(*story) {
		return func(s *story) { s.do(s.Review("o1", outcome, "so", s.now)) }
	}
	set := func(s *story) {
		s.do(s.SetObjective(casework.Objective{Topic: casework.Budget, Title: "Pay"}, s.now))
	}
	for name, test := range map[string]struct {
		during, since, at func(*story)
		want              []string
	}{
		"untouched":                       {nothing, nothing, nothing, []string{"o1 "}},
		"set at the meeting before":       {set, nothing, nothing, []string{"o1 ", "o2 "}},
		"set since":                       {nothing, set, nothing, []string{"o1 "}},
		"set at this one":                 {nothing, nothing, set, []string{"o1 "}},
		"looked at here":                  {nothing, nothing, review(casework.NotYet), []string{"o1 not"}},
		"reached since":                   {nothing, review(casework.Reached), nothing, []string{"o1 reached"}},
		"in part since":                   {nothing, review(casework.Partly), nothing, []string{"o1 partly"}},
		"reached at the one before":       {review(casework.Reached), nothing, nothing, nil},
		"in part at the one before":       {review(casework.Partly), nothing, nothing, []string{"o1 "}},
		"taken up again":                  {review(casework.Dropped), nothing, review(casework.NotYet), []string{"o1 not"}},
		"twice here, the last one counts": {nothing, review(casework.Partly), review(casework.Reached), []string{"o1 reached"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, r := range next(t, test.during, test.since, test.at) {
				got = append(got, r.Objective.ID+" "+string(r.Outcome))
			}
			same(t, got, test.want...)
		})
	}
}

func TestReviewRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		id      string
		outcome casework.Outcome
		why     string
		code    casework.ErrorCode
		field   string
	}{
		"nothing":             {"", casework.Reached, "", casework.Missing, "objective"},
		"what is not":         {"o9", casework.Reached, "", casework.UnknownItem, "objective"},
		"without an outcome":  {"o1", "", "", casework.Missing, "outcome"},
		"with an odd one":     {"o1", "perhaps", "", casework.NotAChoice, "outcome"},
		"with too many words": {"o1", casework.Reached, long(casework.AreaMax + 1), casework.TooLong, "why"},
		"as it was":           {"o1", casework.Partly, "soon", casework.SameAgain, "outcome"},
		"a topic vetoed":      {"o2", casework.Reached, "", casework.TopicVetoed, "topic"},
		"a topic not shared":  {"o3", casework.Reached, "", casework.TopicNotShared, "topic"},
	} {
		t.Run(name, func(t *testing.T) {
			s := working(t)
			s.do(s.Extend(anna, casework.Extension{Topics: []casework.Topic{casework.Work}}, s.now))
			s.do(s.SetObjective(casework.Objective{Topic: casework.Budget, Title: "Pay"}, s.now))
			s.do(s.SetObjective(casework.Objective{Topic: casework.Work, Title: "Train"}, s.now))
			s.do(s.Review("o1", casework.Partly, "soon", s.now))
			s.do(s.Grant(anna, casework.Consent{Form: casework.Written, Topics: []casework.Topic{casework.Housing}, Vetoes: []casework.Topic{casework.Budget}}, s.now))
			facts, err := s.Review(test.id, test.outcome, test.why, s.now)
			refused(t, test.code, test.field, facts, err)
		})
	}
}

// An objective that is over takes no action and wants no reminder, until another
// review takes it up again.
func TestReview(t *testing.T) {
	for _, outcome := range []casework.Outcome{casework.Reached, casework.Dropped} {
		s := working(t)
		s.do(s.Review("o1", outcome, "", s.now))
		if o, _ := s.Objective("o1"); !o.Over() || o.Outcome != outcome || !o.ReviewedAt.Equal(s.now) {
			t.Errorf("%+v", o)
		}
		facts, err := s.AssignAction(call, s.now)
		refused(t, casework.ObjectiveOver, "objective", facts, err)
		same(t, told(s, "2026-09-02", "2026-11-19", casework.RemindAction))
		s.do(s.Review("o1", casework.NotYet, "the lease was not signed", s.now)).do(s.AssignAction(call, s.now))
		same(t, told(s, "2026-11-20", "2026-11-20", casework.RemindAction), "2026-11-20 a1 +0 [bruno]", "2026-11-20 a2 +0 [bruno]")
	}
	t.Run("the same again, at the next meeting", func(t *testing.T) {
		s := gathered(t)
		s.do(s.Review("o1", casework.Partly, "soon", s.now)).after(time.Minute)
		s.do(s.OpenSession("c1", bruno, s.now)).after(time.Minute)
		s.do(s.Review("o1", casework.Partly, "soon", s.now))
		facts, err := s.Review("o1", casework.Partly, "soon", s.now)
		refused(t, casework.SameAgain, "outcome", facts, err)
	})
}

// A correction is another version; whoever signed the first one signed that one
// alone.
func TestACorrectionIsAnotherVersion(t *testing.T) {
	s := recorded(t)
	s.by(martin).do(s.Sign("r1", martin, s.now))
	s.by(bruno).do(s.FreezeRecord("c1", "a visit in June", "", bruno, s.now))
	first, _ := s.Record("r1")
	second, ok := s.RecordOf("c1")
	if !ok || second.ID != "r2" || second.Version != 2 || second.Hash == first.Hash || second.Text.NextOn != "2027-01-15" {
		t.Errorf("%+v", second)
	}
	if !s.Stale(first) || s.Stale(second) || len(first.Signatures) != 1 || len(second.Signatures) != 0 || first.Text.Notes != "a visit in May" {
		t.Errorf("%+v\n%+v", first, second)
	}
	s.by(martin).do(s.Sign("r2", martin, s.now))
	if second, _ := s.Record("r2"); len(second.Signatures) != 1 || second.Signatures[0].Hash != second.Hash {
		t.Errorf("%+v", second.Signatures)
	}
}

// The last record is that of the last meeting, however late another is corrected.
func TestLastRecord(t *testing.T) {
	if _, ok := working(t).LastRecord(); ok {
		t.Error("no meeting, no record")
	}
	s := recorded(t)
	s.do(s.PlanCommission(casework.Commission{At: s.now.AddDate(0, 2, 0), Place: "MDS"}, s.now))
	s.now = s.now.AddDate(0, 2, 0)
	s.do(s.FreezeRecord("c2", "", "", bruno, s.now)).do(s.FreezeRecord("c1", "a visit in June", "", bruno, s.now))
	if last, ok := s.LastRecord(); !ok || last.Commission != "c2" {
		t.Errorf("%+v", last)
	}
	s.do(s.FreezeRecord("c2", "corrected", "", bruno, s.now))
	if last, _ := s.LastRecord(); last.Commission != "c2" || last.Version != 2 {
		t.Errorf("%+v", last)
	}
}
