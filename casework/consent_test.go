package casework_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/casework"
)

// « Ce partage d'information doit toujours se faire avec le consentement » (guide
// III.B.3): who may know what, as the consent stands.
func TestCovers(t *testing.T) {
	t.Run("what the person thinks over is for the author alone, and nothing of her life", func(t *testing.T) {
		thinking(t).covers("", anna).covers(casework.Housing)
	})
	t.Run("what she thinks over is for nobody else, whatever else were written", func(t *testing.T) {
		thinking(t).do([]casework.Fact{
			casework.MemberInvited{User: bruno, Role: casework.RolePartner, Professional: "p1"},
			casework.InvitationAnswered{User: bruno, Accepted: true},
		}, nil).covers("", anna)
	})
	t.Run("the first consent is for the author, who has to find the others", func(t *testing.T) {
		consented(t).covers("", anna).covers(casework.Housing, anna)
	})
	t.Run("a professional knows once on the list, agreed to, invited and come", func(t *testing.T) {
		s := consented(t)
		s.list(casework.Professional{Name: "Bruno", Service: "CAF", User: bruno, Agreed: true}).covers("", anna)
		s.do(s.Invite(bruno, casework.RolePartner, s.now)).covers("", anna)
		s.do(s.AnswerInvitation(bruno, true, s.now)).covers("", anna, bruno).covers(casework.Budget, anna, bruno)
	})
	t.Run("somebody opened one topic knows of the general part and of that one", func(t *testing.T) {
		s := consented(t)
		s.list(casework.Professional{Name: "Bruno", Service: "CAF", User: bruno, Agreed: true}, casework.Budget)
		s.join(bruno, casework.RolePartner).covers("", anna, bruno).covers(casework.Budget, anna, bruno).covers(casework.Housing, anna)
	})
	t.Run("the person knows of everything that is recorded of her", func(t *testing.T) {
		together(t).covers(casework.Housing, anna, bruno, chloe, martin).covers(casework.Mobility, martin).covers(casework.Health, martin)
	})
	t.Run("a veto closes a topic to every professional, at once", func(t *testing.T) {
		s := together(t)
		s.do(s.Extend(anna, casework.Extension{Vetoes: []casework.Topic{casework.Housing}}, s.now))
		s.covers(casework.Housing, martin).covers(casework.Budget, anna, bruno, chloe, martin)
	})
	t.Run("whoever left knows of nothing", func(t *testing.T) {
		s := together(t)
		s.do(s.Leave(bruno)).covers("", anna, chloe, martin)
	})
	t.Run("the last day counts whole, in the département's time", func(t *testing.T) {
		s := together(t)
		s.now = time.Date(2027, 9, 1, 23, 59, 59, 0, s.now.Location())
		s.covers("", anna, bruno, chloe, martin)
		s.now = s.now.Add(time.Second)
		s.covers("").covers(casework.Housing)
	})
	t.Run("after a withdrawal nobody knows", func(t *testing.T) {
		s := together(t)
		s.do(s.Withdraw(anna)).covers("").covers(casework.Budget)
	})
	t.Run("after a withdrawal nobody knows, whatever else were written", func(t *testing.T) {
		s := together(t)
		given := casework.ConsentGiven{Consent: s.Consent()}
		s.do(s.Withdraw(anna)).do([]casework.Fact{given}, nil).covers("").covers(casework.Budget)
	})
	t.Run("a closed case stays readable while the consent runs, then to who kept it, until its retention ends", func(t *testing.T) {
		s := together(t)
		s.do(s.Close(casework.Closing{Reason: "moved away"})).covers("", anna, bruno, chloe, martin)
		s.on("2027-09-02", 10).covers("", anna, martin)
		s.on("2028-09-01", 10).covers("", anna, martin)
		s.on("2028-09-02", 10).covers("")
	})
}

// What a consent needs (guide III.B.3: aims defined, limits fixed).
func TestGrantNeeds(t *testing.T) {
	sound := casework.Consent{Form: casework.Written, Topics: []casework.Topic{casework.Work}}
	for name, test := range map[string]struct {
		by     casework.UserID
		change func(*casework.Consent)
		code   casework.ErrorCode
		field  string
	}{
		"a form":                         {anna, func(v *casework.Consent) { v.Form = "" }, casework.Missing, "form"},
		"a form we know":                 {anna, func(v *casework.Consent) { v.Form = "sms" }, casework.NotAChoice, "form"},
		"a witness when oral":            {anna, func(v *casework.Consent) { v.Form = casework.Oral }, casework.WitnessNeeded, "witness"},
		"a witness that fits":            {anna, func(v *casework.Consent) { v.Witness = long(casework.LineMax + 1) }, casework.TooLong, "witness"},
		"a purpose that fits":            {anna, func(v *casework.Consent) { v.Purpose = long(casework.LineMax + 1) }, casework.TooLong, "purpose"},
		"topics":                         {anna, func(v *casework.Consent) { v.Topics = nil }, casework.Missing, "topics"},
		"topics we know":                 {anna, func(v *casework.Consent) { v.Topics = []casework.Topic{"astrology"} }, casework.NotAChoice, "topics"},
		"vetoes we know":                 {anna, func(v *casework.Consent) { v.Vetoes = []casework.Topic{"astrology"} }, casework.NotAChoice, "veto"},
		"a last day that exists":         {anna, func(v *casework.Consent) { v.Until = "2027-02-29" }, casework.NotADate, "until"},
		"a last day to come":             {anna, func(v *casework.Consent) { v.Until = "2026-08-31" }, casework.PastDate, "until"},
		"partners of the list":           {anna, func(v *casework.Consent) { v.Shares = []casework.Share{{Professional: "p9"}} }, casework.NotListed, "partners"},
		"partners the person agreed to":  {anna, func(v *casework.Consent) { v.Shares = []casework.Share{{Professional: "p4"}} }, casework.NotListed, "partners"},
		"somebody who keeps the consent": {bruno, func(*casework.Consent) {}, casework.Forbidden, ""},
		"somebody":                       {"", func(*casework.Consent) {}, casework.Forbidden, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := together(t)
			s.list(casework.Professional{Name: "Denis", Service: "HLM"})
			v := sound
			test.change(&v)
			facts, err := s.Grant(test.by, v, s.now)
			refused(t, test.code, test.field, facts, err)
		})
	}
	t.Run("a case that goes on", func(t *testing.T) {
		s := together(t)
		s.do(s.Withdraw(anna))
		facts, err := s.Grant(anna, sound, s.now)
		refused(t, casework.CaseEnded, "", facts, err)
	})
}

func TestGrantGives(t *testing.T) {
	t.Run("twelve months, for the démarche alone, unless said", func(t *testing.T) {
		v := consented(t).Consent()
		if v.Version != 1 || v.Until != "2027-09-01" || v.Purpose != casework.Purpose {
			t.Errorf("%+v", v)
		}
	})
	t.Run("a case to a person who was thinking it over", func(t *testing.T) {
		s := thinking(t)
		s.do(s.Grant(anna, casework.Consent{Form: casework.Oral, Witness: "M. Petit", Topics: []casework.Topic{casework.Work}}, s.now))
		if s.State != casework.Consented {
			t.Errorf("state %s", s.State)
		}
		s.covers(casework.Work, anna)
	})
	t.Run("nothing to those it does not name any more", func(t *testing.T) {
		s := together(t)
		v := casework.Consent{Form: casework.Written, Topics: []casework.Topic{casework.Housing}, Shares: []casework.Share{{Professional: "p3", Topics: []casework.Topic{casework.Housing}}}}
		s.do(s.Grant(anna, v, s.now)).covers("", anna, chloe, martin).covers(casework.Housing, anna, chloe, martin).covers(casework.Budget, martin)
	})
	t.Run("an old veto stays, unless its topic is agreed to", func(t *testing.T) {
		s := together(t)
		s.do(s.Grant(anna, casework.Consent{Form: casework.Written, Topics: []casework.Topic{casework.Work}}, s.now)).covers(casework.Health, martin)
		s.do(s.Grant(anna, casework.Consent{Form: casework.Written, Topics: []casework.Topic{casework.Health}}, s.now)).covers(casework.Health, anna, martin)
	})
}

// The journal is nobody's to change: what a caller does to the slices it gave or
// was given does not reach the case.
func TestConsentsShareNoMemory(t *testing.T) {
	topics := []casework.Topic{casework.Housing, casework.Budget}
	p := proposal(casework.Accepts)
	p.Consent.Topics = topics
	s := begin(t, p)
	topics[0] = casework.Health
	s.covers(casework.Housing, anna)
	s.Consent().Shares[0].Topics[0] = casework.Health
	if again := casework.Fold(s.Code, s.History()); !again.Covers(anna, casework.Housing, s.now) {
		t.Error("the journal was changed through the case")
	}
}

func TestExtend(t *testing.T) {
	open := func(s *story, x casework.Extension) *story { return s.do(s.Extend(anna, x, s.now)) }
	work := []casework.Topic{casework.Work}
	for name, test := range map[string]func(*story){
		"a new topic is for everybody already named": func(s *story) {
			open(s, casework.Extension{Topics: work}).covers(casework.Work, anna, bruno, chloe, martin)
		},
		"with partners, for these alone": func(s *story) {
			open(s, casework.Extension{Topics: work, Partners: []string{"p3"}}).covers(casework.Work, chloe, martin)
		},
		"partners alone are opened what is shared": func(s *story) {
			s.list(casework.Professional{Name: "Bruno", Service: "CAF", Agreed: true}, casework.Budget).covers(casework.Housing, anna, chloe, martin)
			open(s, casework.Extension{Partners: []string{"p2"}}).covers(casework.Housing, anna, bruno, chloe, martin).covers(casework.Health, martin)
		},
		"a veto lifted for one is not lifted for those who knew before it": func(s *story) {
			open(s, casework.Extension{Vetoes: []casework.Topic{casework.Budget}}).covers(casework.Budget, martin)
			open(s, casework.Extension{Topics: []casework.Topic{casework.Budget}, Partners: []string{"p1"}}).covers(casework.Budget, anna, martin)
		},
		"a topic never agreed to is not opened by an old share of it": func(s *story) {
			early := casework.Share{Professional: "p2", Topics: []casework.Topic{casework.Housing, casework.Work}}
			s.do(s.Grant(anna, casework.Consent{Form: casework.Written, Topics: []casework.Topic{casework.Housing}, Shares: []casework.Share{early, {Professional: "p3", Topics: early.Topics[:1]}}}, s.now))
			open(s, casework.Extension{Topics: work, Partners: []string{"p3"}}).covers(casework.Work, chloe, martin)
		},
		"vetoed and agreed to in one breath is vetoed": func(s *story) {
			open(s, casework.Extension{Topics: work, Vetoes: work}).covers(casework.Work, martin)
		},
		"longer": func(s *story) {
			s.on("2027-10-01", 10).covers("")
			open(s, casework.Extension{Until: "2028-01-01"}).covers("", anna, bruno, chloe, martin)
		},
		"shorter, if she wants": func(s *story) {
			open(s, casework.Extension{Until: "2026-09-30"}).on("2026-10-01", 0).covers("")
		},
		"in writing, after it was by word of mouth": func(s *story) {
			open(s, casework.Extension{Form: casework.Oral, Witness: "M. Petit"})
			open(s, casework.Extension{Witness: "Mme Roux"})
			open(s, casework.Extension{Form: casework.Written})
			if v := s.Consent(); v.Form != casework.Written || v.Witness != "" || v.Version != 6 {
				s.Errorf("%+v", v)
			}
		},
		"by word of mouth, before a witness": func(s *story) {
			open(s, casework.Extension{Topics: work, Form: casework.Oral, Witness: "M. Petit"})
			open(s, casework.Extension{Until: "2027-10-01", Witness: "Mme Roux"})
			facts, err := s.Extend(anna, casework.Extension{Until: "2028-10-01", Form: casework.Oral}, s.now)
			refused(s.T, casework.WitnessNeeded, "witness", facts, err) // each time anew
			if v := s.Consent(); v.Form != casework.Oral || v.Witness != "Mme Roux" || v.Version != 5 {
				s.Errorf("%+v", v)
			}
		},
	} {
		t.Run(name, func(t *testing.T) { test(together(t)) })
	}
}

func TestExtendRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		by    casework.UserID
		x     casework.Extension
		code  casework.ErrorCode
		field string
	}{
		"nothing":                {anna, casework.Extension{}, casework.NothingConsent, "topics"},
		"what is so already":     {anna, casework.Extension{Topics: []casework.Topic{casework.Housing}, Until: "2027-09-01"}, casework.NothingConsent, "topics"},
		"an unknown partner":     {anna, casework.Extension{Partners: []string{"p9"}}, casework.NotListed, "partners"},
		"a day past":             {anna, casework.Extension{Until: "2026-08-31"}, casework.PastDate, "until"},
		"an oral one unseen":     {anna, casework.Extension{Form: casework.Oral, Until: "2028-01-01"}, casework.WitnessNeeded, "witness"},
		"whoever keeps it not":   {chloe, casework.Extension{Until: "2028-01-01"}, casework.Forbidden, ""},
		"the person by her chat": {martin, casework.Extension{Until: "2028-01-01"}, casework.Forbidden, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := together(t)
			facts, err := s.Extend(test.by, test.x, s.now)
			refused(t, test.code, test.field, facts, err)
		})
	}
	t.Run("a consent never given", func(t *testing.T) {
		s := thinking(t)
		facts, err := s.Extend(anna, casework.Extension{Until: "2028-01-01"}, s.now)
		refused(t, casework.NothingConsent, "action", facts, err)
	})
	t.Run("a new topic of a consent that ran out", func(t *testing.T) {
		s := together(t).on("2027-10-01", 10)
		facts, err := s.Extend(anna, casework.Extension{Topics: []casework.Topic{casework.Work}}, s.now)
		refused(t, casework.PastDate, "until", facts, err)
	})
}

// She may take her agreement back at any time; sharing stops at once.
func TestWithdraw(t *testing.T) {
	for _, by := range []casework.UserID{anna, bruno, martin} {
		t.Run("by "+string(by), func(t *testing.T) {
			s := followed(t)
			s.do(s.Withdraw(by)).covers("")
			if s.Consent().InForce(s.now) {
				t.Error("still in force")
			}
			if s.State != casework.Withdrawn || s.IsMember(bruno) || !s.IsMember(anna) || s.Coordinator() != anna {
				t.Errorf("state %s, members %+v, coordinator %s", s.State, s.Members, s.Coordinator())
			}
			facts, err := s.Withdraw(by)
			refused(t, casework.CaseEnded, "", facts, err)
		})
	}
	t.Run("even of a consent that ran out", func(t *testing.T) {
		s := together(t).on("2028-01-01", 10)
		s.do(s.Withdraw(anna))
	})
	t.Run("not by a partner, who does not keep it", func(t *testing.T) {
		s := followed(t)
		facts, err := s.Withdraw(chloe)
		refused(t, casework.Forbidden, "", facts, err)
	})
	t.Run("not by the person's account once it left", func(t *testing.T) {
		s := together(t)
		s.do(s.Leave(martin))
		facts, err := s.Withdraw(martin)
		refused(t, casework.Forbidden, "", facts, err)
	})
	t.Run("not before any consent", func(t *testing.T) {
		facts, err := thinking(t).Withdraw(anna)
		refused(t, casework.NothingConsent, "action", facts, err)
	})
	t.Run("questions still open are open no more", func(t *testing.T) {
		s := consented(t)
		s.list(casework.Professional{Name: "Bruno", Service: "CAF", User: bruno, Agreed: true})
		s.do(s.Invite(bruno, casework.RolePartner, s.now))
		s.do(s.AskReferent(anna, "", true, s.now))
		s.do(s.Withdraw(anna))
		facts, err := s.AnswerInvitation(bruno, true, s.now)
		refused(t, casework.NotInvited, "", facts, err)
		facts, err = s.AnswerReferent(anna, false, s.now)
		refused(t, casework.NotAsked, "", facts, err)
	})
}

// A consent that ran out stops the work until it is renewed.
func TestNothingIsDecidedWithoutConsent(t *testing.T) {
	decisions := func(s *story) map[string]func() ([]casework.Fact, error) {
		return map[string]func() ([]casework.Fact, error){
			"list":       func() ([]casework.Fact, error) { return s.ListProfessional(anna, casework.Professional{}, nil, s.now) },
			"invite":     func() ([]casework.Fact, error) { return s.Invite(chloe, casework.RolePartner, s.now) },
			"referent":   func() ([]casework.Fact, error) { return s.AskReferent(chloe, "", true, s.now) },
			"assess":     func() ([]casework.Fact, error) { return s.Assess(casework.Element{}, casework.AimStated{}, s.now) },
			"objective":  func() ([]casework.Fact, error) { return s.SetObjective(casework.Objective{}, s.now) },
			"action":     func() ([]casework.Fact, error) { return s.AssignAction(call, s.now) },
			"finish":     func() ([]casework.Fact, error) { return s.Finish("a1", bruno, s.now) },
			"commission": func() ([]casework.Fact, error) { return s.PlanCommission(casework.Commission{}, s.now) },
			"attendance": func() ([]casework.Fact, error) { return s.AnswerAttendance("c1", bruno, true, s.now) },
			"cancel":     func() ([]casework.Fact, error) { return s.CancelCommission("c1", "", bruno, s.now) },
			"session":    func() ([]casework.Fact, error) { return s.OpenSession("c1", bruno, s.now) },
			"presence":   func() ([]casework.Fact, error) { return s.TakeAttendance("c1", nil, nil, bruno, s.now) },
			"topic":      func() ([]casework.Fact, error) { return s.TakeTopic("c1", "", true, bruno, s.now) },
			"view":       func() ([]casework.Fact, error) { return s.GiveView("c1", "", martin, s.now) },
			"end":        func() ([]casework.Fact, error) { return s.EndSession("c1", "", bruno, s.now) },
			"review":     func() ([]casework.Fact, error) { return s.Review("o1", casework.Reached, "", s.now) },
			"relative":   func() ([]casework.Fact, error) { return s.StateRelative(casework.Relative{}, s.now) },
			"freeze":     func() ([]casework.Fact, error) { return s.FreezeRecord("c1", "", "", bruno, s.now) },
			"sign":       func() ([]casework.Fact, error) { return s.Sign("r1", bruno, s.now) },
			"on paper":   func() ([]casework.Fact, error) { return s.SignOnPaper("r1", "", "", anna, s.now) },
		}
	}
	over := working(t)
	over.do(over.Close(casework.Closing{Reason: "moved away"}))
	for code, s := range map[casework.ErrorCode]*story{
		casework.NoConsent:   thinking(t),
		casework.ConsentGone: working(t).on("2027-09-02", 10),
		casework.CaseEnded:   over,
	} {
		for name, decide := range decisions(s) {
			t.Run(string(code)+" "+name, func(t *testing.T) {
				facts, err := decide()
				refused(t, code, "", facts, err)
			})
		}
	}
}

func TestKeepsConsent(t *testing.T) {
	s := followed(t)
	var keepers []casework.UserID
	for _, user := range []casework.UserID{anna, bruno, chloe, martin, ""} {
		if s.KeepsConsent(user) {
			keepers = append(keepers, user)
		}
	}
	if casework.Fold(casework.Register, nil).KeepsConsent("") {
		t.Error("nobody keeps the register's consent")
	}
	if !slices.Equal(keepers, []casework.UserID{anna, bruno}) {
		t.Errorf("the author and the referent keep the consent, got %v", keepers)
	}
}

func long(n int) string { return strings.Repeat("é", n) }

// She may take part of her agreement back by herself; whoever nothing is open to
// any more leaves.
func TestNarrow(t *testing.T) {
	for _, by := range []casework.UserID{anna, bruno, martin} {
		t.Run("by "+string(by), func(t *testing.T) {
			s := followed(t)
			s.do(s.Narrow(by, []casework.Topic{casework.Budget}, s.now)).covers(casework.Budget, martin).covers(casework.Housing, anna, bruno, chloe, martin)
			facts, err := s.Narrow(by, []casework.Topic{casework.Budget}, s.now)
			refused(t, casework.NothingConsent, "veto", facts, err)
		})
	}
	t.Run("with nothing left", func(t *testing.T) {
		s := followed(t)
		s.do(s.Narrow(martin, s.Consent().Topics, s.now)).covers("", martin)
		if _, ok := s.Referent(); ok || s.IsMember(bruno) || s.IsMember(chloe) || !s.IsMember(anna) {
			t.Errorf("members %+v", s.Members)
		}
	})
	t.Run("no topic", func(t *testing.T) {
		s := followed(t)
		facts, err := s.Narrow(martin, nil, s.now)
		refused(t, casework.Missing, "veto", facts, err)
	})
	t.Run("not by a partner", func(t *testing.T) {
		s := followed(t)
		facts, err := s.Narrow(chloe, []casework.Topic{casework.Budget}, s.now)
		refused(t, casework.Forbidden, "", facts, err)
	})
	t.Run("not after the end", func(t *testing.T) {
		s := followed(t)
		s.do(s.Withdraw(martin))
		facts, err := s.Narrow(anna, []casework.Topic{casework.Budget}, s.now)
		refused(t, casework.CaseEnded, "", facts, err)
	})
}

// A new consent is open to whoever records it; those it does not name leave.
func TestGrantByTheReferent(t *testing.T) {
	s := followed(t)
	s.do(s.Grant(bruno, casework.Consent{Form: casework.Written, Topics: []casework.Topic{casework.Housing}}, s.now)).covers("", anna, bruno, martin)
	if s.IsMember(chloe) || !s.IsMember(bruno) {
		t.Errorf("members %+v", s.Members)
	}
}

// A consent allows sharing once it was given, until its last day is over, and as long
// as nobody ended or suspended it.
func TestInForce(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	given := func(change func(*casework.Consent)) casework.Consent {
		v := casework.Consent{Version: 1, Until: "2026-11-23"}
		change(&v)
		return v
	}
	for name, test := range map[string]struct {
		v    casework.Consent
		want bool
	}{
		"on its last day": {given(func(*casework.Consent) {}), true},
		"the day after":   {given(func(v *casework.Consent) { v.Until = "2026-11-22" }), false},
		"proposed":        {given(func(v *casework.Consent) { v.Version = 0 }), false},
		"without an end":  {given(func(v *casework.Consent) { v.Until = "" }), false},
		"withdrawn":       {given(func(v *casework.Consent) { v.Withdrawn = true }), false},
		"suspended":       {given(func(v *casework.Consent) { v.Suspended = true }), false},
		"never proposed":  {casework.Consent{}, false},
	} {
		if got := test.v.InForce(now); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}
