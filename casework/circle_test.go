package casework_test

import (
	"slices"
	"testing"

	"parcours/casework"
)

func denis() casework.Professional {
	return casework.Professional{Name: "Denis", Service: "HLM", User: "denis", Agreed: true}
}

// The list is drawn up with the person (guide IV.A.1), and kept up to date when
// professionals change (IV.A.2).
func TestListProfessional(t *testing.T) {
	line := func(s *story, id string) casework.Professional {
		p, _ := s.Professional(id)
		return p
	}
	t.Run("with her agreement, all that is shared is opened", func(t *testing.T) {
		s := consented(t).list(denis())
		s.join("denis", casework.RolePartner)
		if !s.Covers("denis", casework.Housing, s.now) || s.Covers("denis", casework.Health, s.now) {
			t.Errorf("%+v", s.Consent())
		}
	})
	t.Run("without it, a name on the list and nothing else", func(t *testing.T) {
		p := denis()
		p.Agreed = false
		s := consented(t).list(p)
		if len(s.Consents) != 1 || line(s, "p2").Agreed {
			t.Errorf("%+v", s.Consents)
		}
		facts, err := s.Invite("denis", casework.RolePartner, s.now)
		refused(t, casework.NotAgreed, "user", facts, err)
	})
	t.Run("an agreement taken back closes everything and ends the place", func(t *testing.T) {
		s := followed(t)
		s.list(casework.Professional{Name: "Bruno", Service: "CAF"})
		s.covers("", anna, chloe, martin)
		if s.IsMember(bruno) || s.Coordinator() != anna {
			t.Errorf("members %+v, coordinator %s", s.Members, s.Coordinator())
		}
	})
	t.Run("also of somebody the consent had already forgotten", func(t *testing.T) {
		s := together(t)
		s.do(s.Grant(anna, casework.Consent{Form: casework.Written, Topics: []casework.Topic{casework.Housing}}, s.now))
		s.list(casework.Professional{Name: "Bruno", Service: "CAF"})
		if s.IsMember(bruno) {
			t.Error("still in the circle")
		}
	})
	t.Run("the author stays, who answers for the file", func(t *testing.T) {
		s := consented(t).list(casework.Professional{Name: "Anna", Service: "MDS", Phone: "03 20"})
		if p := line(s, "p1"); !p.Agreed || p.User != anna || p.Phone != "03 20" || len(s.Professionals) != 1 {
			t.Errorf("%+v", p)
		}
		s.covers(casework.Housing, anna)
	})
	t.Run("the author too may be opened some topics only", func(t *testing.T) {
		s := consented(t).list(casework.Professional{Name: "Anna", Service: "MDS"}, casework.Budget)
		s.covers(casework.Housing).covers(casework.Budget, anna)
	})
	t.Run("the same name and service is the same line, and keeps its account", func(t *testing.T) {
		s := consented(t).list(denis()).list(casework.Professional{Name: "Denis", Service: "HLM", Email: "denis@hlm.example", Agreed: true})
		if p := line(s, "p2"); len(s.Professionals) != 2 || p.User != "denis" || p.Email == "" || len(s.Consents) != 2 {
			t.Errorf("%+v in %d versions", p, len(s.Consents))
		}
	})
	t.Run("the same account is the same line, whatever it is called", func(t *testing.T) {
		s := together(t).list(casework.Professional{Name: "Chloé", Service: "Mission locale", User: bruno, Agreed: true})
		if p := line(s, "p2"); p.Name != "Chloé" || line(s, "p3").User != chloe {
			t.Errorf("%+v", s.Professionals)
		}
	})
	t.Run("topics said anew replace those opened before", func(t *testing.T) {
		together(t).list(casework.Professional{Name: "Bruno", Service: "CAF", Agreed: true}, casework.Budget).
			covers(casework.Housing, anna, chloe, martin).covers(casework.Budget, anna, bruno, chloe, martin)
	})
}

func TestListProfessionalRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*casework.Professional)
		topics []casework.Topic
		code   casework.ErrorCode
		field  string
	}{
		"no name":                  {func(p *casework.Professional) { p.Name = "" }, nil, casework.Missing, "name"},
		"no service":               {func(p *casework.Professional) { p.Service = "" }, nil, casework.Missing, "service"},
		"a name too long":          {func(p *casework.Professional) { p.Name = long(casework.LineMax + 1) }, nil, casework.TooLong, "name"},
		"a purpose too long":       {func(p *casework.Professional) { p.Purpose = long(casework.AreaMax + 1) }, nil, casework.TooLong, "purpose"},
		"an address too long":      {func(p *casework.Professional) { p.Email = long(casework.LineMax + 1) }, nil, casework.TooLong, "email"},
		"a first name too long":    {func(p *casework.Professional) { p.FirstName = long(300) }, nil, casework.TooLong, "first_name"},
		"a street too long":        {func(p *casework.Professional) { p.Address = long(300) }, nil, casework.TooLong, "address"},
		"an odd profession":        {func(p *casework.Professional) { p.Profession = "wizard" }, nil, casework.NotAChoice, "profession"},
		"an odd sector":            {func(p *casework.Professional) { p.Sector = "magic" }, nil, casework.NotAChoice, "sector"},
		"a number too long":        {func(p *casework.Professional) { p.Phone = long(casework.LineMax + 1) }, nil, casework.TooLong, "phone"},
		"a measure too long":       {func(p *casework.Professional) { p.Measure = long(casework.LineMax + 1) }, nil, casework.TooLong, "measure"},
		"a beneficiary too long":   {func(p *casework.Professional) { p.Beneficiary = long(casework.LineMax + 1) }, nil, casework.TooLong, "beneficiary"},
		"a start that is no day":   {func(p *casework.Professional) { p.Start = "soon" }, nil, casework.NotADate, "start"},
		"an end that is no day":    {func(p *casework.Professional) { p.End = "2026-13-01" }, nil, casework.NotADate, "end"},
		"an end before the start":  {func(p *casework.Professional) { p.Start, p.End = "2026-10-02", "2026-10-01" }, nil, casework.PastDate, "end"},
		"a topic unknown":          {func(*casework.Professional) {}, []casework.Topic{"astrology"}, casework.NotAChoice, "topics"},
		"a topic vetoed":           {func(*casework.Professional) {}, []casework.Topic{casework.Health}, casework.TopicVetoed, "topics"},
		"a topic not agreed to":    {func(*casework.Professional) {}, []casework.Topic{casework.Work}, casework.TopicNotShared, "topics"},
		"a member's line for sale": {func(p *casework.Professional) { p.Name, p.Service = "Bruno", "CAF" }, nil, casework.AlreadyMember, "user"},
		"the person's own account": {func(p *casework.Professional) { p.User = martin }, nil, casework.AlreadyMember, "user"},
	} {
		t.Run(name, func(t *testing.T) {
			s := together(t)
			p := denis()
			test.change(&p)
			facts, err := s.ListProfessional(anna, p, test.topics, s.now)
			refused(t, test.code, test.field, facts, err)
		})
	}
}

// The circle can only widen by consent, whoever helps too much: a partner adds lines and
// corrects how to reach people, and no more.
func TestAPartnerOpensNothing(t *testing.T) {
	bernard := func() casework.Professional {
		return casework.Professional{Name: "Bruno", Service: "CAF", Agreed: true}
	}
	for name, test := range map[string]struct {
		by     casework.UserID
		line   casework.Professional
		topics []casework.Topic
		field  string
	}{
		"topics to themself":         {by: chloe, line: casework.Professional{Name: "Chloé", Service: "Mission locale", User: chloe, Agreed: true}, topics: []casework.Topic{casework.Budget}, field: "topics"},
		"all of them to a newcomer":  {by: chloe, line: denis(), field: "agreed"},
		"the referent out":           {by: chloe, line: casework.Professional{Name: "Bruno", Service: "CAF"}, field: "agreed"},
		"the end of another mission": {by: chloe, line: func() casework.Professional { p := bernard(); p.End = "2026-12-01"; return p }(), field: "end"},
		"a later end of their own":   {by: bruno, line: func() casework.Professional { p := bernard(); p.End = "2030-12-01"; return p }(), field: "end"},
		"another beginning":          {by: chloe, line: func() casework.Professional { p := bernard(); p.Start = "2026-01-01"; return p }(), field: "start"},
	} {
		t.Run(name, func(t *testing.T) {
			s := together(t)
			s.list(casework.Professional{Name: "Bruno", Service: "CAF", Agreed: true, User: bruno, End: "2027-06-30"})
			facts, err := s.ListProfessional(test.by, test.line, test.topics, s.now)
			refused(t, casework.ConsentKept, test.field, facts, err)
		})
	}
	t.Run("an account to a line that is agreed to", func(t *testing.T) {
		s := together(t).list(casework.Professional{Name: "Denis", Service: "HLM", Agreed: true})
		facts, err := s.ListProfessional(chloe, denis(), nil, s.now)
		refused(t, casework.ConsentKept, "user", facts, err)
	})
	t.Run("what a partner may", func(t *testing.T) {
		s := together(t)
		s.list(casework.Professional{Name: "Bruno", Service: "CAF", Agreed: true, User: bruno, End: "2027-06-30"})
		versions, members := len(s.Consents), len(s.Members)
		p := denis()
		p.Agreed = false
		s.by(chloe).do(s.ListProfessional(chloe, p, nil, s.now))
		reach := bernard()
		reach.Phone = "03 20"
		s.by(chloe).do(s.ListProfessional(chloe, reach, nil, s.now))
		ends := bernard()
		ends.End = "2026-12-31"
		s.by(bruno).do(s.ListProfessional(bruno, ends, nil, s.now))
		got, _ := s.ProfessionalOf(bruno)
		if len(s.Consents) != versions || len(s.Members) != members || !got.Agreed || got.End != "2026-12-31" {
			t.Errorf("%d versions, %d members, %+v", len(s.Consents), len(s.Members), got)
		}
	})
	t.Run("the person may open what is hers", func(t *testing.T) {
		s := together(t)
		s.by(martin).do(s.ListProfessional(martin, denis(), []casework.Topic{casework.Budget}, s.now))
		if p, ok := s.ProfessionalOf("denis"); !ok || !p.Agreed {
			t.Errorf("%+v", p)
		}
	})
}

func TestThePersonInvitedIsNotListed(t *testing.T) {
	s := consented(t)
	s.do(s.Invite(martin, casework.RolePerson, s.now))
	p := denis()
	p.User = martin
	facts, err := s.ListProfessional(anna, p, nil, s.now)
	refused(t, casework.AlreadyMember, "user", facts, err)
	s.do(s.AnswerInvitation(martin, false, s.now)).list(p) // it was not the person
}

// Nobody is invited who is not on the list with the person's agreement (guide
// IV.A.2).
func TestInviteRefuses(t *testing.T) {
	s := together(t)
	s.list(casework.Professional{Name: "Denis", Service: "HLM", User: "denis"})
	s.list(casework.Professional{Name: "Elsa", Service: "CCAS", User: "elsa", Agreed: true}, casework.Budget)
	s.do(s.Extend(anna, casework.Extension{Vetoes: []casework.Topic{casework.Budget}}, s.now))
	for name, test := range map[string]struct {
		user  casework.UserID
		role  casework.Role
		code  casework.ErrorCode
		field string
	}{
		"nobody":                              {"", casework.RolePartner, casework.Missing, "user"},
		"without a role":                      {"denis", "", casework.Missing, "role"},
		"as the author":                       {"denis", casework.RoleAuthor, casework.NotAChoice, "role"},
		"somebody not on the list":            {"farid", casework.RolePartner, casework.NotListed, "user"},
		"a chair not on the list":             {"farid", casework.RoleChair, casework.NotListed, "user"},
		"somebody she did not agree to":       {"denis", casework.RolePartner, casework.NotAgreed, "user"},
		"somebody who may know of nothing":    {"elsa", casework.RoleSecretary, casework.NotAgreed, "user"},
		"a member":                            {bruno, casework.RoleChair, casework.AlreadyMember, "user"},
		"a professional in the person's seat": {"denis", casework.RolePerson, casework.NotAChoice, "role"},
	} {
		t.Run(name, func(t *testing.T) {
			facts, err := s.Invite(test.user, test.role, s.now)
			refused(t, test.code, test.field, facts, err)
		})
	}
}

func TestAnswerInvitation(t *testing.T) {
	asked := func(t *testing.T) *story {
		s := consented(t).list(denis())
		return s.do(s.Invite("denis", casework.RolePartner, s.now))
	}
	answer := func(s *story, accepts bool) ([]casework.Fact, error) {
		return s.AnswerInvitation("denis", accepts, s.now)
	}

	t.Run("no is no", func(t *testing.T) {
		s := asked(t)
		s.do(answer(s, false))
		if s.IsMember("denis") {
			t.Error("in the circle")
		}
		facts, err := answer(s, true)
		refused(t, casework.NotInvited, "", facts, err)
	})
	t.Run("yes once", func(t *testing.T) {
		s := asked(t)
		s.do(answer(s, true))
		facts, err := answer(s, true)
		refused(t, casework.AlreadyDone, "", facts, err)
		facts, err = answer(s, false)
		refused(t, casework.NotInvited, "", facts, err)
	})
	t.Run("not for somebody else", func(t *testing.T) {
		s := asked(t)
		facts, err := s.AnswerInvitation("farid", true, s.now)
		refused(t, casework.NotInvited, "", facts, err)
	})
	t.Run("no longer once the person changed her mind", func(t *testing.T) {
		s := asked(t).list(casework.Professional{Name: "Denis", Service: "HLM"})
		facts, err := answer(s, true)
		refused(t, casework.NotAgreed, "", facts, err)
	})
	t.Run("no longer once all opened to them is vetoed", func(t *testing.T) {
		s := asked(t)
		s.do(s.Extend(anna, casework.Extension{Vetoes: []casework.Topic{casework.Housing, casework.Budget}}, s.now))
		facts, err := answer(s, true)
		refused(t, casework.NotAgreed, "", facts, err)
	})
	t.Run("not with an account that was on the list by mistake", func(t *testing.T) {
		s := asked(t).list(casework.Professional{Name: "Denis", Service: "HLM", User: "denis2", Agreed: true})
		facts, err := answer(s, true)
		refused(t, casework.NotAgreed, "", facts, err)
	})
	t.Run("not in the line of another, for somebody who has a line again", func(t *testing.T) {
		s := asked(t).list(casework.Professional{Name: "Denis", Service: "HLM", User: "denis2", Agreed: true})
		s.list(casework.Professional{Name: "D.", Service: "HLM", User: "denis", Agreed: true}, casework.Budget)
		facts, err := answer(s, true)
		refused(t, casework.NotAgreed, "", facts, err)
	})
	t.Run("not without a consent in force, though one may still decline", func(t *testing.T) {
		s := asked(t).on("2028-01-01", 10)
		facts, err := answer(s, true)
		refused(t, casework.ConsentGone, "", facts, err)
		s.do(answer(s, false))
	})
	t.Run("not after the end", func(t *testing.T) {
		s := asked(t)
		s.do(s.Close(casework.Closing{Reason: "moved away"}))
		facts, err := answer(s, true)
		refused(t, casework.NotInvited, "", facts, err)
	})
	t.Run("again after leaving, by a new invitation", func(t *testing.T) {
		s := together(t)
		s.do(s.Leave(bruno)).join(bruno, casework.RoleChair)
		if chair, ok := s.Chair(); !ok || chair != bruno || len(s.Members) != 4 {
			t.Errorf("%+v", s.Members)
		}
	})
}

func TestLeave(t *testing.T) {
	s := together(t)
	for user, code := range map[casework.UserID]casework.ErrorCode{anna: casework.AuthorStays, "stranger": casework.NotAMember, "": casework.NotAMember} {
		facts, err := s.Leave(user)
		refused(t, code, "", facts, err)
	}
	s.do(s.Leave(bruno))
	facts, err := s.Leave(bruno)
	refused(t, casework.NotAMember, "", facts, err)
}

// The referent keeps the overview (guide IV.D.1), the author until there is one;
// the chair may call the circle together too.
func TestWhoCoordinates(t *testing.T) {
	coordinate := func(s *story) []casework.UserID {
		var who []casework.UserID
		for _, user := range []casework.UserID{anna, bruno, chloe, "denis", martin, "stranger"} {
			if s.Coordinates(user) {
				who = append(who, user)
			}
		}
		return who
	}
	s := together(t)
	check := func(when string, want ...casework.UserID) {
		t.Helper()
		if got := coordinate(s); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", when, got, want)
		}
	}
	check("at first", anna)
	s.list(denis()).join("denis", casework.RoleChair)
	check("with a chair", anna, "denis")
	s.do(s.AskReferent(bruno, "", true, s.now))
	check("before the referent accepts", anna, "denis")
	s.do(s.AnswerReferent(bruno, true, s.now))
	check("with a referent", bruno, "denis")
	s.do(s.Leave(bruno))
	check("after the referent left", anna, "denis")
	s.do(s.Leave("denis"))
	check("after the chair left", anna)
}
