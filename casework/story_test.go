package casework_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"parcours/casework"
)

// The people of the stories.
const (
	anna   casework.UserID = "anna"   // social worker of the MDS, who proposes: line p1
	bruno  casework.UserID = "bruno"  // educator of the CAF: line p2
	chloe  casework.UserID = "chloe"  // adviser of the Mission locale: line p3
	martin casework.UserID = "martin" // the person
)

// A story is a case, told decision by decision.
type story struct {
	*testing.T
	*casework.Case
	now time.Time
}

func paris(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// begin opens a case on Tuesday 2026-09-01 at ten in Paris.
func begin(t *testing.T, p casework.Proposal) *story {
	t.Helper()
	s := &story{T: t, Case: casework.Fold("P-7K3F", nil), now: time.Date(2026, 9, 1, 10, 0, 0, 0, paris(t))}
	s.by(anna).do(casework.Open("P-7K3F", anna, p, s.now))
	return s
}

func proposal(answer casework.Answer) casework.Proposal {
	return casework.Proposal{
		Person: "Mme Martin", Household: casework.OnePerson, Answer: answer,
		Author: casework.Professional{Name: "Anna", Service: "MDS"},
		Consent: casework.Consent{
			Form: casework.Written, Topics: []casework.Topic{casework.Housing, casework.Budget},
			Vetoes: []casework.Topic{casework.Health},
		},
	}
}

// thinking is a case whose person has not answered yet.
func thinking(t *testing.T) *story { t.Helper(); return begin(t, proposal(casework.Thinking)) }

// consented is a case whose person agreed to share housing and budget until
// 2027-09-01, and vetoed health.
func consented(t *testing.T) *story { t.Helper(); return begin(t, proposal(casework.Accepts)) }

// together is that case with Bruno, Chloé and the person in the circle.
func together(t *testing.T) *story {
	t.Helper()
	s := consented(t)
	s.list(casework.Professional{Name: "Bruno", Service: "CAF", User: bruno, Agreed: true})
	s.list(casework.Professional{Name: "Chloé", Service: "Mission locale", User: chloe, Agreed: true})
	s.join(bruno, casework.RolePartner).join(chloe, casework.RolePartner).join(martin, casework.RolePerson)
	return s
}

// followed is that case with Bruno as the referent.
func followed(t *testing.T) *story {
	t.Helper()
	return together(t).refer(bruno, "")
}

// working is that case with an action for Bruno, due on Friday 2026-11-20.
func working(t *testing.T) *story {
	t.Helper()
	s := followed(t)
	s.do(s.SetObjective(casework.Objective{Topic: casework.Housing, Title: "Stay in the flat"}, s.now))
	s.do(s.AssignAction(call, s.now))
	return s
}

var call = casework.Action{Objective: "o1", What: "Call the landlord", Who: "p2", Due: "2026-11-20"}

type teller struct {
	*story
	user casework.UserID
}

// by says who decides next.
func (s *story) by(user casework.UserID) teller { return teller{s, user} }

// do takes a decision in: it must not have been refused.
func (s teller) do(facts []casework.Fact, err error) *story {
	s.Helper()
	if err != nil {
		s.Fatalf("refused: %v", err)
	}
	for _, fact := range facts {
		s.Apply(casework.Entry{Seq: s.Seq + 1, At: s.now, By: s.user, Fact: fact})
	}
	return s.story
}

func (s *story) do(facts []casework.Fact, err error) *story {
	s.Helper()
	return s.by(anna).do(facts, err)
}

func (s *story) list(p casework.Professional, topics ...casework.Topic) *story {
	s.Helper()
	return s.do(s.ListProfessional(anna, p, topics, s.now))
}

func (s *story) join(user casework.UserID, role casework.Role) *story {
	s.Helper()
	s.do(s.Invite(user, role, s.now))
	return s.by(user).do(s.AnswerInvitation(user, true, s.now))
}

func (s *story) refer(user casework.UserID, until casework.Day) *story {
	s.Helper()
	s.do(s.AskReferent(user, until, true, s.now))
	return s.by(user).do(s.AnswerReferent(user, true, s.now))
}

// on moves to a day at an hour, in Paris.
func (s *story) on(day casework.Day, hour int) *story {
	s.now = day.At(hour, 0, s.now.Location())
	return s
}

// refused checks that a decision was refused with this code about this field.
func refused(t *testing.T, code casework.ErrorCode, field string, facts []casework.Fact, err error) {
	t.Helper()
	var e *casework.Error
	if !errors.As(err, &e) || e.Code != code || e.Field != field || len(facts) > 0 {
		t.Errorf("got %v with %d facts, want it refused: %s (%s)", err, len(facts), code, field)
	}
}

// covers checks who of everybody is covered for a topic now.
func (s *story) covers(topic casework.Topic, want ...casework.UserID) *story {
	s.Helper()
	var got []casework.UserID
	for _, user := range []casework.UserID{anna, bruno, chloe, martin, "stranger"} {
		if s.Covers(user, topic, s.now) {
			got = append(got, user)
		}
	}
	if !slices.Equal(got, want) {
		s.Errorf("covered for %q: %v, want %v", topic, got, want)
	}
	return s
}
