package casework_test

import (
	"testing"

	"parcours/casework"
)

func TestRemove(t *testing.T) {
	s := followed(t).list(denis())
	s.do(s.Invite("denis", casework.RolePartner, s.now))
	for name, test := range map[string]struct {
		user   casework.UserID
		agreed bool
		code   casework.ErrorCode
		field  string
	}{
		"nobody":                {"", true, casework.Missing, "user"},
		"against her will":      {bruno, false, casework.NotAgreed, "agreed"},
		"a stranger":            {"stranger", true, casework.NotAMember, "user"},
		"the author, who stays": {anna, true, casework.AuthorStays, "user"},
	} {
		t.Run(name, func(t *testing.T) {
			facts, err := s.Remove(test.user, test.agreed)
			refused(t, test.code, test.field, facts, err)
		})
	}
	s.do(s.Remove("denis", true))
	facts, err := s.AnswerInvitation("denis", true, s.now)
	refused(t, casework.NotInvited, "", facts, err)
	s.do(s.Remove(bruno, true))
	if _, ok := s.Referent(); ok || s.IsMember(bruno) {
		t.Error("the referent is still there")
	}
	s.do(s.Withdraw(anna))
	facts, err = s.Remove(chloe, true)
	refused(t, casework.CaseEnded, "", facts, err)
}

// What somebody who leaves had to do is nobody's until it is handed over, or they
// come back.
func TestToHand(t *testing.T) {
	s := working(t)
	s.do(s.AssignAction(casework.Action{Objective: call.Objective, What: "Écrire", Who: casework.ThePerson, Due: call.Due}, s.now))
	had := s.Actions[0]
	p, _ := s.Professional(string(had.Who))
	s.do(s.Leave(p.User))
	if left := s.ToHand(); len(left) != 1 || left[0].ID != had.ID {
		t.Fatalf("to hand over: %+v", left)
	}
	s.join(p.User, casework.RolePartner)
	if left := s.ToHand(); len(left) != 0 {
		t.Errorf("they are back, and nobody has %+v", left)
	}
	s.do(s.Leave(p.User))
	s.do(s.Reassign(had.ID, "p1", anna, s.now))
	if left := s.ToHand(); len(left) != 0 {
		t.Errorf("handed over, and nobody has %+v", left)
	}
}

// Whoever keeps the overview takes over; the chair, when they may know of nothing.
func TestHeir(t *testing.T) {
	s := followed(t).list(denis()).join("denis", casework.RoleChair)
	if heir := s.Heir(s.now); heir != bruno {
		t.Errorf("after a partner: %s", heir)
	}
	s.do(s.Leave(bruno))
	if heir := s.Heir(s.now); heir != anna {
		t.Errorf("after the referent: %s", heir)
	}
	none := []casework.Share{{Professional: "p1"}, {Professional: "p4", Topics: []casework.Topic{casework.Housing}}}
	s.do(s.Grant(anna, casework.Consent{Form: casework.Written, Topics: []casework.Topic{casework.Housing}, Shares: none}, s.now))
	if heir := s.Heir(s.now); heir != "denis" {
		t.Errorf("after one who may know of nothing: %s", heir)
	}
}
