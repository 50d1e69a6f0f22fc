package casework_test

import (
	"testing"

	"parcours/casework"
)

// « Qui fait quoi, pour quand » (guide IV.C.2): somebody who may know of it, or
// the person herself, and by a day to come.
func TestAssignActionRefuses(t *testing.T) {
	s := working(t)
	s.list(casework.Professional{Name: "Denis", Service: "HLM"})
	s.list(casework.Professional{Name: "Elsa", Service: "CCAS", Agreed: true}, casework.Budget)
	s.do(s.SetObjective(casework.Objective{Topic: casework.Budget, Title: "Pay the debts"}, s.now))
	s.do(s.Extend(anna, casework.Extension{Vetoes: []casework.Topic{casework.Budget}}, s.now))
	for name, test := range map[string]struct {
		change func(*casework.Action)
		code   casework.ErrorCode
		field  string
	}{
		"nothing":                              {func(a *casework.Action) { a.What = "" }, casework.Missing, "what"},
		"too many words":                       {func(a *casework.Action) { a.What = long(casework.LineMax + 1) }, casework.TooLong, "what"},
		"no objective":                         {func(a *casework.Action) { a.Objective = "" }, casework.Missing, "objective"},
		"an unknown objective":                 {func(a *casework.Action) { a.Objective = "o9" }, casework.UnknownItem, "objective"},
		"an objective vetoed since":            {func(a *casework.Action) { a.Objective = "o2" }, casework.TopicVetoed, "topic"},
		"nobody":                               {func(a *casework.Action) { a.Who = "" }, casework.Missing, "who"},
		"somebody not on the list":             {func(a *casework.Action) { a.Who = "p9" }, casework.NotListed, "who"},
		"somebody the person did not agree to": {func(a *casework.Action) { a.Who = "p4" }, casework.NotAgreed, "who"},
		"somebody who may not know of it":      {func(a *casework.Action) { a.Who = "p5" }, casework.NotAgreed, "who"},
		"no day":                               {func(a *casework.Action) { a.Due = "" }, casework.Missing, "due"},
		"a day that is none":                   {func(a *casework.Action) { a.Due = "2026-11-31" }, casework.NotADate, "due"},
		"yesterday":                            {func(a *casework.Action) { a.Due = "2026-08-31" }, casework.PastDate, "due"},
	} {
		t.Run(name, func(t *testing.T) {
			a := call
			test.change(&a)
			facts, err := s.AssignAction(a, s.now)
			refused(t, test.code, test.field, facts, err)
		})
	}
}

func TestAssignAction(t *testing.T) {
	s := working(t)
	today := call
	today.Who, today.Due = casework.ThePerson, casework.DayOf(s.now)
	today.ID, today.Done, today.Help = "a99", true, true
	s.do(s.AssignAction(today, s.now))
	a, ok := s.Action("a2")
	if !ok || a.Done || a.Help || !a.SetAt.Equal(s.now) || s.TopicOf(a) != casework.Housing {
		t.Errorf("%+v", a)
	}
	if !s.Does(martin, a) || s.Does(bruno, a) || s.Does("", a) {
		t.Error("an action of the person is hers")
	}
	if first, _ := s.Action("a1"); !s.Does(bruno, first) || s.Does(martin, first) {
		t.Error("an action of a professional is theirs")
	}
	if _, ok := s.Action("a3"); ok {
		t.Error("an action from nowhere")
	}
}

// An action moves by whoever may know of it; the person moves her own.
func TestWhoMayChangeAnAction(t *testing.T) {
	s := working(t)
	s.list(casework.Professional{Name: "Denis", Service: "HLM", User: "denis", Agreed: true}, casework.Budget)
	s.join("denis", casework.RolePartner)
	own := call
	own.Who = casework.ThePerson
	s.do(s.AssignAction(own, s.now))
	for _, user := range []casework.UserID{martin, "denis", "stranger", ""} {
		facts, err := s.Finish("a1", user, s.now)
		refused(t, casework.Forbidden, "", facts, err)
	}
	for _, user := range []casework.UserID{anna, bruno, chloe, martin} {
		if facts, err := s.Finish("a2", user, s.now); err != nil || len(facts) != 1 {
			t.Errorf("%s: %v, %v", user, facts, err)
		}
	}
}

func TestActionMoves(t *testing.T) {
	moves := map[string]func(*story) ([]casework.Fact, error){
		"finish":   func(s *story) ([]casework.Fact, error) { return s.Finish("a1", bruno, s.now) },
		"postpone": func(s *story) ([]casework.Fact, error) { return s.Postpone("a1", "2026-12-04", bruno, s.now) },
		"reassign": func(s *story) ([]casework.Fact, error) { return s.Reassign("a1", "p3", bruno, s.now) },
		"help":     func(s *story) ([]casework.Fact, error) { return s.AskHelp("a1", bruno, s.now) },
	}
	for name, move := range moves {
		t.Run(name, func(t *testing.T) {
			s := working(t)
			if name != "help" {
				s.do(s.AskHelp("a1", bruno, s.now))
			}
			s.on("2026-09-03", 10)
			s.do(move(s))
			got, _ := s.Action("a1")
			want := casework.Action{ID: "a1", Objective: "o1", What: call.What, Who: "p2", Due: call.Due, SetAt: got.SetAt}
			switch name {
			case "finish":
				want.Done = true
			case "postpone":
				want.Due, want.SetAt = "2026-12-04", s.now
			case "reassign":
				want.Who, want.SetAt = "p3", s.now
			case "help":
				want.Help = true
			}
			if got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
		t.Run(name+" is refused once done", func(t *testing.T) {
			s := working(t)
			s.do(s.Finish("a1", bruno, s.now))
			facts, err := move(s)
			refused(t, casework.AlreadyDone, "", facts, err)
		})
	}
}

func TestActionMovesRefuse(t *testing.T) {
	s := working(t)
	s.list(casework.Professional{Name: "Denis", Service: "HLM", Agreed: true}, casework.Budget)
	s.do(s.AskHelp("a1", bruno, s.now))
	for name, test := range map[string]struct {
		decide func() ([]casework.Fact, error)
		code   casework.ErrorCode
		field  string
	}{
		"to finish what is not":            {func() ([]casework.Fact, error) { return s.Finish("a9", bruno, s.now) }, casework.UnknownItem, "action"},
		"to postpone to no day":            {func() ([]casework.Fact, error) { return s.Postpone("a1", "", bruno, s.now) }, casework.Missing, "due"},
		"to postpone to the past":          {func() ([]casework.Fact, error) { return s.Postpone("a1", "2026-08-31", bruno, s.now) }, casework.PastDate, "due"},
		"to postpone to no date":           {func() ([]casework.Fact, error) { return s.Postpone("a1", "later", bruno, s.now) }, casework.NotADate, "due"},
		"to postpone to the same day":      {func() ([]casework.Fact, error) { return s.Postpone("a1", call.Due, bruno, s.now) }, casework.SameAgain, "due"},
		"to pass to nobody":                {func() ([]casework.Fact, error) { return s.Reassign("a1", "", bruno, s.now) }, casework.Missing, "who"},
		"to pass to a stranger":            {func() ([]casework.Fact, error) { return s.Reassign("a1", "p9", bruno, s.now) }, casework.NotListed, "who"},
		"to pass to who may not know":      {func() ([]casework.Fact, error) { return s.Reassign("a1", "p4", bruno, s.now) }, casework.NotAgreed, "who"},
		"to pass to whoever has it":        {func() ([]casework.Fact, error) { return s.Reassign("a1", "p2", bruno, s.now) }, casework.SameAgain, "who"},
		"to call for help a second time":   {func() ([]casework.Fact, error) { return s.AskHelp("a1", bruno, s.now) }, casework.SameAgain, ""},
		"to call for help on another's":    {func() ([]casework.Fact, error) { return s.AskHelp("a1", martin, s.now) }, casework.Forbidden, ""},
		"to postpone without being let in": {func() ([]casework.Fact, error) { return s.Postpone("a1", "2026-12-04", "stranger", s.now) }, casework.Forbidden, ""},
	} {
		t.Run(name, func(t *testing.T) {
			facts, err := test.decide()
			refused(t, test.code, test.field, facts, err)
		})
	}
}
