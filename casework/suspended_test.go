package casework_test

import (
	"testing"

	"parcours/casework"
	"parcours/casework/caseworktest"

	"pgregory.net/rapid"
)

// Whatever takes from anybody what they could know narrows the case, whoever they
// are, from the first consent on.
func TestWhateverIsTakenBackNarrows(t *testing.T) {
	narrowed := 0
	rapid.Check(t, func(t *rapid.T) {
		l := caseworktest.Begin(t, caseworktest.Users())
		for range 40 {
			before := casework.Fold(l.Case.Code, l.Entries)
			step := l.Step(t)
			narrows := l.Case.Narrows(before)
			if narrows {
				narrowed++
			}
			suspended := l.Case.Consent().Suspended
			for _, topic := range append(casework.Topics(), "") {
				for _, user := range l.Users {
					if before.State != casework.Proposed && !suspended && !narrows && before.Covers(user, topic, l.Now) && !l.Case.Covers(user, topic, l.Now) {
						t.Fatalf("%s takes %q from %s, and narrows nothing", step.Name, topic, user)
					}
				}
			}
			if narrows && len(step.Facts) == 0 {
				t.Fatalf("%s narrows without a fact", step.Name)
			}
		}
	})
	if narrowed == 0 {
		t.Error("nothing was ever narrowed")
	}
}

func TestNarrows(t *testing.T) {
	may := casework.Extension{Topics: []casework.Topic{casework.Mobility}}
	for name, test := range map[string]struct {
		do   func(*story)
		want bool
	}{
		"withdrawn":     {func(s *story) { s.do(s.Withdraw(anna)) }, true},
		"closed":        {func(s *story) { s.do(s.Close(casework.Closing{Reason: "moved away"})) }, true},
		"somebody left": {func(s *story) { s.do(s.Leave(bruno)) }, true},
		"a veto": {func(s *story) {
			s.do(s.Extend(anna, casework.Extension{Vetoes: []casework.Topic{casework.Work}}, s.now))
		}, true},
		"an earlier end":  {func(s *story) { s.do(s.Extend(anna, casework.Extension{Until: "2026-12-01"}, s.now)) }, true},
		"a later end":     {func(s *story) { s.do(s.Extend(anna, casework.Extension{Until: "2028-12-01"}, s.now)) }, false},
		"one topic more":  {func(s *story) { s.do(s.Extend(anna, may, s.now)) }, false},
		"nothing changed": {func(*story) {}, false},
		"fewer topics": {func(s *story) {
			v := s.Consent()
			v.Topics = v.Topics[1:]
			s.do(s.Grant(anna, v, s.now))
		}, true},
		"fewer partners": {func(s *story) {
			v := s.Consent()
			v.Shares = v.Shares[:1]
			s.do(s.Grant(anna, v, s.now))
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := together(t)
			before := casework.Fold(s.Code, s.History())
			test.do(s)
			if got := s.Narrows(before); got != test.want {
				t.Errorf("narrows: %v", got)
			}
			if s.Case.Narrows(casework.Fold(s.Code, s.History())) {
				t.Error("it narrows what it is")
			}
		})
	}
}

// What is suspended is for nobody until the consent is given anew, and then is as
// that one says.
func TestSuspended(t *testing.T) {
	s := together(t)
	s.do(s.SuspendSharing(casework.ConsentChanged), nil)
	s.covers("").covers(casework.Budget)
	if s.SuspendSharing(casework.ConsentUnknown) != nil {
		t.Error("suspended twice")
	}
	facts, err := s.Extend(anna, casework.Extension{Topics: []casework.Topic{casework.Mobility}}, s.now)
	refused(t, casework.ConsentInDoubt, "action", facts, err)
	facts, err = s.Narrow(martin, []casework.Topic{casework.Work}, s.now)
	refused(t, casework.ConsentInDoubt, "action", facts, err)
	facts, err = s.SetObjective(casework.Objective{Topic: casework.Budget, Title: "x"}, s.now)
	refused(t, casework.ConsentInDoubt, "", facts, err)
	s.do(s.Grant(anna, casework.Consent{Form: casework.Written, Topics: []casework.Topic{casework.Budget}}, s.now))
	s.covers("", anna, martin).covers(casework.Budget, anna, martin)
	s.do(s.Withdraw(anna))
	if s.SuspendSharing(casework.ConsentChanged) != nil || thinking(t).SuspendSharing(casework.ConsentChanged) != nil {
		t.Error("suspended where nothing is shared")
	}
}
