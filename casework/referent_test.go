package casework_test

import (
	"testing"

	"parcours/casework"
)

// The referent is directly involved, chosen by the person, and accepts (guide
// IV.A.3).
func TestAskReferentRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		user   casework.UserID
		until  casework.Day
		chosen bool
		code   casework.ErrorCode
		field  string
	}{
		"nobody":                         {"", "", true, casework.Missing, "user"},
		"whom the person did not choose": {chloe, "", false, casework.NotChosen, "chosen_by_person"},
		"whoever is not in the circle":   {"stranger", "", true, casework.NotAMember, "user"},
		"the person herself":             {martin, "", true, casework.NotAMember, "user"},
		"until a day that is none":       {chloe, "2026-02-30", true, casework.NotADate, "until"},
		"until a day past":               {chloe, "2026-08-31", true, casework.PastDate, "until"},
		"the referent there is":          {bruno, "", true, casework.SameAgain, "user"},
	} {
		t.Run(name, func(t *testing.T) {
			s := followed(t)
			facts, err := s.AskReferent(test.user, test.until, test.chosen, s.now)
			refused(t, test.code, test.field, facts, err)
		})
	}
}

func TestReferent(t *testing.T) {
	is := func(s *story, want casework.UserID) {
		s.Helper()
		if got, _ := s.Referent(); got.User != want {
			s.Errorf("referent %q, want %q", got.User, want)
		}
	}
	t.Run("asked is not accepted", func(t *testing.T) {
		s := together(t)
		s.do(s.AskReferent(bruno, "", true, s.now))
		is(s, "")
		if s.State != casework.Consented {
			t.Errorf("state %s", s.State)
		}
	})
	t.Run("accepted: the case is followed", func(t *testing.T) {
		s := followed(t)
		is(s, bruno)
		if s.State != casework.Followed {
			t.Errorf("state %s", s.State)
		}
	})
	t.Run("declined: the person chooses again", func(t *testing.T) {
		s := together(t)
		s.do(s.AskReferent(bruno, "", true, s.now))
		s.do(s.AnswerReferent(bruno, false, s.now))
		is(s, "")
		is(s.refer(chloe, ""), chloe)
	})
	t.Run("the last choice counts", func(t *testing.T) {
		s := together(t)
		s.do(s.AskReferent(bruno, "", true, s.now))
		s.do(s.AskReferent(chloe, "", true, s.now))
		facts, err := s.AnswerReferent(bruno, true, s.now)
		refused(t, casework.NotAsked, "", facts, err)
		is(s.by(chloe).do(s.AnswerReferent(chloe, true, s.now)), chloe)
	})
	t.Run("the one before stays until the successor accepts", func(t *testing.T) {
		s := followed(t)
		s.do(s.AskReferent(chloe, "", true, s.now))
		is(s, bruno)
		s.do(s.AnswerReferent(chloe, false, s.now))
		is(s, bruno)
		is(s.refer(chloe, ""), chloe)
	})
	t.Run("a mission may be prolonged", func(t *testing.T) {
		s := together(t).refer(bruno, "2026-12-31").refer(bruno, "2027-06-30")
		if m, _ := s.Referent(); m.Until != "2027-06-30" {
			t.Errorf("%+v", s.Referents)
		}
	})
	t.Run("whoever leaves the circle is not involved any more", func(t *testing.T) {
		s := followed(t)
		s.do(s.Leave(bruno))
		is(s, "")
		is(s.join(bruno, casework.RolePartner), "")
		is(s.refer(bruno, ""), bruno)
	})
	t.Run("an offer does not outlive the place", func(t *testing.T) {
		s := together(t)
		s.do(s.AskReferent(bruno, "", true, s.now))
		s.do(s.Leave(bruno))
		facts, err := s.AnswerReferent(bruno, true, s.now)
		refused(t, casework.NotAsked, "", facts, err)
	})
}

func TestAnswerReferentRefuses(t *testing.T) {
	s := followed(t)
	facts, err := s.AnswerReferent(chloe, true, s.now)
	refused(t, casework.NotAsked, "", facts, err)
	facts, err = s.AnswerReferent(bruno, true, s.now)
	refused(t, casework.AlreadyDone, "", facts, err)
	facts, err = s.AnswerReferent(bruno, false, s.now)
	refused(t, casework.NotAsked, "", facts, err)

	s.do(s.AskReferent(chloe, "", true, s.now)).on("2028-01-01", 10)
	facts, err = s.AnswerReferent(chloe, true, s.now)
	refused(t, casework.ConsentGone, "", facts, err)
	s.do(s.AnswerReferent(chloe, false, s.now))
}
