package casework_test

import (
	"testing"
	"time"

	"parcours/casework"
)

// meeting is a commission on Friday 2026-10-02 at two.
func meeting(s *story) casework.Commission {
	return casework.Commission{At: casework.Day("2026-10-02").At(14, 0, s.now.Location()), Place: "MDS"}
}

// Invitations go out 15 to 20 days ahead; a meeting takes an hour to an hour and
// a half (guide, annexe 2.1).
func TestPlanCommissionRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*story, *casework.Commission)
		code   casework.ErrorCode
		field  string
	}{
		"no place":                      {func(_ *story, m *casework.Commission) { m.Place = "" }, casework.Missing, "place"},
		"a place too long":              {func(_ *story, m *casework.Commission) { m.Place = long(casework.LineMax + 1) }, casework.TooLong, "place"},
		"a reason too long":             {func(_ *story, m *casework.Commission) { m.Why = long(casework.LineMax + 1) }, casework.TooLong, "why"},
		"a phase too long":              {func(_ *story, m *casework.Commission) { m.Phase = long(casework.LineMax + 1) }, casework.TooLong, "phase"},
		"no moment":                     {func(_ *story, m *casework.Commission) { m.At = time.Time{} }, casework.Missing, "at"},
		"now":                           {func(s *story, m *casework.Commission) { m.At = s.now }, casework.PastDate, "at"},
		"a quarter of an hour is least": {func(_ *story, m *casework.Commission) { m.Minutes = 14 }, casework.NotANumber, "length"},
		"four hours are most":           {func(_ *story, m *casework.Commission) { m.Minutes = 241 }, casework.NotANumber, "length"},
		"a chair from outside":          {func(_ *story, m *casework.Commission) { m.Chair = "stranger" }, casework.NotAMember, "chair"},
		"fourteen days ahead, no reason": {func(s *story, m *casework.Commission) {
			m.At = casework.DayOf(s.now).Add(14).At(23, 0, s.now.Location())
		}, casework.WhyNeeded, "why"},
	} {
		t.Run(name, func(t *testing.T) {
			s := together(t)
			m := meeting(s)
			test.change(s, &m)
			facts, err := s.PlanCommission(m, s.now)
			refused(t, test.code, test.field, facts, err)
		})
	}
	t.Run("the same moment twice", func(t *testing.T) {
		s := together(t)
		s.do(s.PlanCommission(meeting(s), s.now))
		facts, err := s.PlanCommission(meeting(s), s.now)
		refused(t, casework.SameAgain, "at", facts, err)
	})
}

func TestPlanCommission(t *testing.T) {
	s := together(t)
	utc := meeting(s)
	utc.At = time.Date(2026, 9, 15, 23, 0, 0, 0, time.UTC) // the 16th in Paris, fifteen days ahead
	if _, err := s.PlanCommission(utc, s.now); err != nil {
		t.Error(err)
	}
	m := meeting(s)
	m.At = casework.DayOf(s.now).Add(15).At(8, 0, s.now.Location())
	s.do(s.PlanCommission(m, s.now))
	soon := meeting(s)
	soon.At, soon.Why, soon.Minutes, soon.Chair = s.now.Add(48*time.Hour), "eviction", 60, bruno
	s.do(s.PlanCommission(soon, s.now))
	if c1, _ := s.Commission("c1"); c1.Minutes != casework.MinutesDefault {
		t.Errorf("%+v", c1)
	}
	if c2, ok := s.Commission("c2"); !ok || c2.Minutes != 60 || c2.Chair != bruno || !c2.SetAt.Equal(s.now) {
		t.Errorf("%+v", c2)
	}
}

func TestNextCommission(t *testing.T) {
	s := together(t)
	late, early := meeting(s), meeting(s)
	late.At = late.At.AddDate(0, 2, 0)
	s.do(s.PlanCommission(late, s.now))
	s.do(s.PlanCommission(early, s.now))
	for _, test := range []struct {
		when string
		at   time.Time
		want string
	}{
		{"before both", s.now, "c2"},
		{"while the first goes on", early.At.Add(89 * time.Minute), "c2"},
		{"after the first", early.At.Add(90 * time.Minute), "c1"},
		{"after both", late.At.Add(24 * time.Hour), ""},
	} {
		if m, ok := s.NextCommission(test.at); m.ID != test.want || ok != (test.want != "") {
			t.Errorf("%s: %q, %t", test.when, m.ID, ok)
		}
	}
}

func TestAnswerAttendance(t *testing.T) {
	s := together(t)
	s.do(s.PlanCommission(meeting(s), s.now))
	answer := func(id string, user casework.UserID, present bool) ([]casework.Fact, error) {
		return s.AnswerAttendance(id, user, present, s.now)
	}
	s.do(answer("c1", martin, true))
	s.do(answer("c1", bruno, true))
	facts, err := answer("c1", bruno, true)
	refused(t, casework.AlreadyDone, "", facts, err)
	s.do(answer("c1", bruno, false))
	if m, _ := s.Commission("c1"); len(m.Answers) != 2 || m.Answers[bruno] || !m.Answers[martin] {
		t.Errorf("the last answer counts: %v", m.Answers)
	}
	facts, err = answer("c9", bruno, true)
	refused(t, casework.UnknownItem, "commission", facts, err)
	facts, err = answer("c1", "stranger", true)
	refused(t, casework.NotAMember, "", facts, err)
	s.on("2026-10-02", 14)
	facts, err = answer("c1", chloe, true)
	refused(t, casework.PastDate, "", facts, err)
}
