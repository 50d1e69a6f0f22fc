package casework_test

import (
	"testing"
	"time"

	"parcours/casework"

	"github.com/google/go-cmp/cmp"
)

// Everybody signs for themselves: the account says whose line it is.
func TestSign(t *testing.T) {
	s := recorded(t)
	s.list(casework.Professional{Name: "Chloé", Service: "Mission locale", Agreed: true}, casework.Budget)
	for _, user := range []casework.UserID{anna, bruno, chloe, martin} {
		s.after(time.Minute).by(user).do(s.Sign("r1", user, s.now))
		facts, err := s.Sign("r1", user, s.now)
		refused(t, casework.AlreadySigned, "", facts, err)
	}
	r, _ := s.Record("r1")
	for i, want := range []struct {
		who  casework.Actor
		by   casework.UserID
		part bool
	}{{"p1", anna, false}, {"p2", bruno, false}, {"p3", chloe, true}, {casework.ThePerson, martin, false}} {
		got := r.Signatures[i]
		if got.Who != want.who || got.By != want.by || got.Part != want.part || got.Hash != r.Hash || got.OnPaper() || got.At.IsZero() {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	if signed, ok := r.SignedBy("p3"); !ok || signed.By != chloe {
		t.Errorf("%+v", signed)
	}
}

func TestSignRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		tell  func(*testing.T) *story
		id    string
		user  casework.UserID
		after func(*story)
		code  casework.ErrorCode
		field string
	}{
		"what is not":                     {tell: recorded, id: "r9", user: bruno, code: casework.UnknownItem, field: "record"},
		"a version that is not in use":    {tell: corrected, id: "r1", user: bruno, code: casework.StaleRecord},
		"for somebody outside":            {tell: recorded, id: "r1", user: "stranger", code: casework.NotASigner},
		"for nobody":                      {tell: recorded, id: "r1", user: "", code: casework.NotASigner},
		"for somebody who left":           {tell: recorded, id: "r1", user: chloe, code: casework.NotASigner, after: func(s *story) { s.do(s.Leave(chloe)) }},
		"for a person whose account left": {tell: recorded, id: "r1", user: martin, code: casework.NotASigner, after: func(s *story) { s.do(s.Leave(martin)) }},
		"for somebody who may know of nothing any more": {tell: recorded, id: "r1", user: chloe, code: casework.NotASigner, after: func(s *story) {
			s.do(s.Grant(anna, casework.Consent{Form: casework.Written, Topics: []casework.Topic{casework.Housing}}, s.now))
		}},
		"after the consent ran out": {tell: recorded, id: "r1", user: bruno, code: casework.ConsentGone, after: func(s *story) { s.on("2027-09-02", 10) }},
		"after the end": {tell: recorded, id: "r1", user: bruno, code: casework.CaseEnded, after: func(s *story) {
			s.do(s.Close(casework.Closing{Reason: "moved away"}))
		}},
		"by account, what she signed on paper": {tell: recorded, id: "r1", user: martin, code: casework.AlreadySigned, after: func(s *story) {
			s.do(s.SignOnPaper("r1", "Mme Martin", "M. Petit", anna, s.now))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := test.tell(t)
			if test.after != nil {
				test.after(s)
			}
			facts, err := s.Sign(test.id, test.user, s.now)
			refused(t, test.code, test.field, facts, err)
		})
	}
}

// The family alone may sign on paper, before a witness, and whoever keeps her
// consent records it.
func TestSignOnPaper(t *testing.T) {
	sign := func(s *story, id, name, witness string, by casework.UserID) ([]casework.Fact, error) {
		return s.SignOnPaper(id, name, witness, by, s.now)
	}
	for name, test := range map[string]struct {
		id, name, witness string
		by                casework.UserID
		code              casework.ErrorCode
		field             string
	}{
		"what is not":              {"r9", "Mme Martin", "M. Petit", anna, casework.UnknownItem, "record"},
		"a version not in use":     {"r1", "Mme Martin", "M. Petit", anna, casework.StaleRecord, ""},
		"without a name":           {"r2", "", "M. Petit", anna, casework.Missing, "name"},
		"with a name of 300":       {"r2", long(300), "M. Petit", anna, casework.TooLong, "name"},
		"without a witness":        {"r2", "Mme Martin", "", anna, casework.Missing, "witness"},
		"with a witness of 300":    {"r2", "Mme Martin", long(300), anna, casework.TooLong, "witness"},
		"by who keeps it not":      {"r2", "Mme Martin", "M. Petit", chloe, casework.Forbidden, ""},
		"by the person's account":  {"r2", "Mme Martin", "M. Petit", martin, casework.Forbidden, ""},
		"by nobody":                {"r2", "Mme Martin", "M. Petit", "", casework.Forbidden, ""},
		"whoever signed on paper":  {"r2", "M. Martin", "Mme Roux", bruno, casework.AlreadySigned, "name"},
		"before the paper is read": {"r9", "", "", chloe, casework.UnknownItem, "record"},
	} {
		t.Run(name, func(t *testing.T) {
			s := corrected(t)
			s.do(sign(s, "r2", "M. Martin", "M. Petit", anna))
			facts, err := sign(s, test.id, test.name, test.witness, test.by)
			refused(t, test.code, test.field, facts, err)
		})
	}
	t.Run("what she signed by her account", func(t *testing.T) {
		s := recorded(t)
		s.by(martin).do(s.Sign("r1", martin, s.now))
		facts, err := sign(s, "r1", "Mme Martin", "M. Petit", anna)
		refused(t, casework.AlreadySigned, "name", facts, err)
	})
	s := recorded(t)
	s.do(sign(s, "r1", "Mme Martin", "M. Petit", anna)).by(bruno).do(sign(s, "r1", "M. Martin", "M. Petit", bruno))
	r, _ := s.Record("r1")
	if len(r.Signatures) != 2 || !r.Signatures[0].OnPaper() || r.Signatures[0].Who != casework.ThePerson || r.Signatures[0].By != anna || r.Signatures[1].By != bruno {
		t.Errorf("%+v", r.Signatures)
	}
}

// Whoever was at the meeting is to sign, and the person in any case.
func TestUnsigned(t *testing.T) {
	unsigned := func(s *story) []casework.Actor {
		r, _ := s.LastRecord()
		return s.Unsigned(r)
	}
	s := recorded(t)
	s.by(anna).do(s.Sign("r1", anna, s.now))
	if diff := cmp.Diff([]casework.Actor{casework.ThePerson, "p2", "p3"}, unsigned(s)); diff != "" {
		t.Errorf("nobody wrote down who came: %s", diff)
	}
	s.do(s.TakeAttendance("c1", []casework.Actor{"p1", "p3"}, []casework.Actor{"p2"}, bruno, s.now)).do(s.FreezeRecord("c1", "", "", bruno, s.now))
	if diff := cmp.Diff([]casework.Actor{casework.ThePerson, "p1", "p3"}, unsigned(s)); diff != "" {
		t.Error(diff)
	}
}
