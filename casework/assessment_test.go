package casework_test

import (
	"testing"

	"parcours/casework"

	"github.com/google/go-cmp/cmp"
)

// Obstacles and strengths, priority 1 to 7 (guide, annexe 2.3).
func TestAssessRefuses(t *testing.T) {
	sound := casework.Element{Name: "Car", Kind: casework.Obstacle, Topic: casework.Housing, Priority: 1}
	for name, test := range map[string]struct {
		change func(*casework.Element, *casework.AimStated)
		code   casework.ErrorCode
		field  string
	}{
		"nothing":                {func(e *casework.Element, _ *casework.AimStated) { e.Name = "" }, casework.Missing, "element"},
		"too many words":         {func(e *casework.Element, _ *casework.AimStated) { e.Name = long(casework.LineMax + 1) }, casework.TooLong, "element"},
		"no kind":                {func(e *casework.Element, _ *casework.AimStated) { e.Kind = "" }, casework.Missing, "kind"},
		"neither of the kinds":   {func(e *casework.Element, _ *casework.AimStated) { e.Kind = "risk" }, casework.NotAChoice, "kind"},
		"no topic":               {func(e *casework.Element, _ *casework.AimStated) { e.Topic = "" }, casework.Missing, "topic"},
		"a topic unknown":        {func(e *casework.Element, _ *casework.AimStated) { e.Topic = "astrology" }, casework.NotAChoice, "topic"},
		"a topic vetoed":         {func(e *casework.Element, _ *casework.AimStated) { e.Topic = casework.Health }, casework.TopicVetoed, "topic"},
		"a topic not agreed to":  {func(e *casework.Element, _ *casework.AimStated) { e.Topic = casework.Work }, casework.TopicNotShared, "topic"},
		"priority eight":         {func(e *casework.Element, _ *casework.AimStated) { e.Priority = 8 }, casework.NotANumber, "priority"},
		"a priority below":       {func(e *casework.Element, _ *casework.AimStated) { e.Priority = -1 }, casework.NotANumber, "priority"},
		"an objective too long":  {func(e *casework.Element, _ *casework.AimStated) { e.Objective = long(casework.LineMax + 1) }, casework.TooLong, "objective"},
		"an aim too long":        {func(_ *casework.Element, a *casework.AimStated) { a.Aim = long(casework.LineMax + 1) }, casework.TooLong, "aim"},
		"a situation too long":   {func(_ *casework.Element, a *casework.AimStated) { a.Situation = long(casework.AreaMax + 1) }, casework.TooLong, "situation"},
		"an interview on no day": {func(e *casework.Element, _ *casework.AimStated) { e.On = "2026-02-30" }, casework.NotADate, "interview"},
		"an interview to come":   {func(e *casework.Element, _ *casework.AimStated) { e.On = "2026-09-02" }, casework.FutureDate, "interview"},
		"a problem too long":     {func(_ *casework.Element, a *casework.AimStated) { a.Problem = long(casework.LineMax + 1) }, casework.TooLong, "problem"},
	} {
		t.Run(name, func(t *testing.T) {
			s := together(t)
			e, aim := sound, casework.AimStated{}
			test.change(&e, &aim)
			facts, err := s.Assess(e, aim, s.now)
			refused(t, test.code, test.field, facts, err)
		})
	}
}

func TestAssess(t *testing.T) {
	s := together(t)
	assess := func(name string, kind casework.Kind, priority int, aim casework.AimStated) {
		t.Helper()
		s.do(s.Assess(casework.Element{Name: name, Kind: kind, Topic: casework.Housing, Priority: priority}, aim, s.now))
	}
	assess("experience", casework.Strength, 0, casework.AimStated{Aim: "a job", Problem: "how?"})
	assess("debts", casework.Obstacle, 0, casework.AimStated{})
	assess("flat", casework.Obstacle, 7, casework.AimStated{Problem: "how, with a son?"})
	assess("car", casework.Obstacle, 1, casework.AimStated{})
	assess("health", casework.Strength, 2, casework.AimStated{})
	if s.Aim != "a job" || s.Problem != "how, with a son?" {
		t.Errorf("aim %q, problem %q", s.Aim, s.Problem)
	}
	var order []string
	for _, e := range s.ByPriority() {
		order = append(order, e.ID+" "+e.Name)
	}
	if diff := cmp.Diff([]string{"e4 car", "e3 flat", "e2 debts", "e1 experience", "e5 health"}, order); diff != "" {
		t.Error(diff)
	}
	if s.Elements[0].Name != "experience" {
		t.Error("the order of the journal changed")
	}
}

// An interview is of today unless said; each day counts once (annexe 2.3: two or
// three preparatory interviews).
func TestInterviews(t *testing.T) {
	s := together(t)
	for _, on := range []casework.Day{"", "2026-08-20", "2026-08-20", "2026-07-01"} {
		e := casework.Element{Name: "Car", Kind: casework.Obstacle, Topic: casework.Housing, On: on}
		s.do(s.Assess(e, casework.AimStated{Situation: "alone with a son"}, s.now))
	}
	if diff := cmp.Diff([]casework.Day{"2026-07-01", "2026-08-20", "2026-09-01"}, s.Interviews()); diff != "" {
		t.Error(diff)
	}
	if s.Situation != "alone with a son" || s.Aim != "" {
		t.Errorf("%q, %q", s.Situation, s.Aim)
	}
}

func TestSetObjective(t *testing.T) {
	s := together(t)
	o := casework.Objective{ID: "o99", Topic: casework.Housing, Title: "Stay", Horizon: casework.Long, OwnWords: "no more moving"}
	s.do(s.SetObjective(o, s.now))
	o.ID, o.SetAt = "o1", s.now
	if got, ok := s.Objective("o1"); !ok || got != o {
		t.Errorf("%+v", got)
	}
	if _, ok := s.Objective("o99"); ok {
		t.Error("an objective from nowhere")
	}
	for name, test := range map[string]struct {
		change func(*casework.Objective)
		code   casework.ErrorCode
		field  string
	}{
		"no title":                    {func(o *casework.Objective) { o.Title = "" }, casework.Missing, "title"},
		"a title too long":            {func(o *casework.Objective) { o.Title = long(casework.LineMax + 1) }, casework.TooLong, "title"},
		"an odd horizon":              {func(o *casework.Objective) { o.Horizon = "never" }, casework.NotAChoice, "horizon"},
		"a topic vetoed":              {func(o *casework.Objective) { o.Topic = casework.Health }, casework.TopicVetoed, "topic"},
		"a topic not agreed to":       {func(o *casework.Objective) { o.Topic = casework.Work }, casework.TopicNotShared, "topic"},
		"no topic":                    {func(o *casework.Objective) { o.Topic = "" }, casework.Missing, "topic"},
		"the person's words too many": {func(o *casework.Objective) { o.OwnWords = long(casework.AreaMax + 1) }, casework.TooLong, "own_words"},
	} {
		t.Run(name, func(t *testing.T) {
			changed := o
			test.change(&changed)
			facts, err := s.SetObjective(changed, s.now)
			refused(t, test.code, test.field, facts, err)
		})
	}
}
