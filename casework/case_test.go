package casework_test

import (
	"testing"

	"parcours/casework"
)

// The proposal (guide IV.A.1).
func TestOpenRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*casework.Proposal)
		code   casework.ErrorCode
		field  string
	}{
		"nobody":                         {func(p *casework.Proposal) { p.Person = "" }, casework.Missing, "person"},
		"a name too long":                {func(p *casework.Proposal) { p.Person = long(casework.LineMax + 1) }, casework.TooLong, "person"},
		"no household":                   {func(p *casework.Proposal) { p.Household = "" }, casework.Missing, "household"},
		"an odd household":               {func(p *casework.Proposal) { p.Household = "village" }, casework.NotAChoice, "household"},
		"an entry too long":              {func(p *casework.Proposal) { p.EntryPath = long(casework.LineMax + 1) }, casework.TooLong, "entry"},
		"no answer":                      {func(p *casework.Proposal) { p.Answer = "" }, casework.Missing, "answer"},
		"a refusal, which opens nothing": {func(p *casework.Proposal) { p.Answer = casework.Refuses }, casework.NotAChoice, "answer"},
		"too many words":                 {func(p *casework.Proposal) { p.OwnWords = long(casework.AreaMax + 1) }, casework.TooLong, "own_words"},
		"an author's name too long":      {func(p *casework.Proposal) { p.Author.Name = long(casework.LineMax + 1) }, casework.TooLong, "name"},
		"an author's end that is none":   {func(p *casework.Proposal) { p.Author.End = "soon" }, casework.NotADate, "end"},
		"a consent without topics":       {func(p *casework.Proposal) { p.Consent.Topics = nil }, casework.Missing, "topics"},
		"a consent for whoever is not on the list yet": {func(p *casework.Proposal) {
			p.Consent.Shares = []casework.Share{{Professional: "p2"}}
		}, casework.NotListed, "partners"},
	} {
		t.Run(name, func(t *testing.T) {
			p := proposal(casework.Accepts)
			test.change(&p)
			facts, err := casework.Open("P-7K3F", anna, p, thinking(t).now)
			refused(t, test.code, test.field, facts, err)
		})
	}
	t.Run("no author", func(t *testing.T) {
		facts, err := casework.Open("P-7K3F", "", proposal(casework.Thinking), thinking(t).now)
		refused(t, casework.Forbidden, "", facts, err)
	})
}

func TestOpen(t *testing.T) {
	p := proposal(casework.Thinking)
	p.EntryPath, p.OwnWords = "rsa", "souffler"
	p.Author.ID, p.Author.User, p.Author.Agreed = "p9", "somebody", false
	s := begin(t, p)
	if s.State != casework.Proposed || s.Author != anna || !s.OpenedAt.Equal(s.now) || s.Person != "Mme Martin" ||
		s.Household != casework.OnePerson || s.EntryPath != "rsa" || s.OwnWords != "souffler" || len(s.Consents) > 0 {
		t.Errorf("%+v", s.Case)
	}
	if p, ok := s.Professional("p1"); !ok || p.User != anna || !p.Agreed || len(s.Professionals) != 1 {
		t.Errorf("the author is the first of the list: %+v", s.Professionals)
	}
	if s := consented(t); s.State != casework.Consented || s.Consent().Version != 1 {
		t.Errorf("state %s, %+v", s.State, s.Consents)
	}
}

func TestCountRefusal(t *testing.T) {
	c := casework.Fold(casework.Register, nil)
	for i, household := range []casework.Household{casework.OnePerson, casework.Family} {
		facts, err := casework.CountRefusal(household)
		if err != nil || len(facts) != 1 {
			t.Fatal(facts, err)
		}
		c.Apply(casework.Entry{Seq: uint64(i + 1), Fact: facts[0]})
	}
	if c.Refusals != 2 || len(c.Members) > 0 {
		t.Errorf("%+v", c)
	}
	for household, code := range map[casework.Household]casework.ErrorCode{"": casework.Missing, "village": casework.NotAChoice} {
		facts, err := casework.CountRefusal(household)
		refused(t, code, "household", facts, err)
	}
}

// What the platform did is kept too: the channel, the pinned card.
func TestWhatWasShown(t *testing.T) {
	s := consented(t)
	s.do([]casework.Fact{
		casework.ChannelOpened{Channel: "ch1"},
		casework.Shown{Key: "k1", Channel: "ch1", Message: "m1", Home: true},
		casework.Shown{Key: "k2", Channel: "ch1", Message: "m2"},
	}, nil)
	if s.Channel != "ch1" || s.Home != "m1" {
		t.Errorf("channel %s, home %s", s.Channel, s.Home)
	}
}

// What stands can be found by what it shows, to be changed in place.
func TestWhatStands(t *testing.T) {
	s := consented(t)
	s.do([]casework.Fact{
		casework.ChannelOpened{Channel: "ch1"},
		casework.Shown{Key: "k0", Channel: "ch1", Message: "m0"}, // as it was written before
		casework.Shown{Key: "k1", Channel: "ch1", Message: "m1", View: "action", Subject: "a1"},
		casework.Shown{Key: "k2", Channel: "ch1", Message: "m2", View: "action", Subject: "a2"},
		casework.Shown{Key: "k1", Channel: "ch1", Message: "m1", View: "action", Subject: "a1", Topics: []casework.Topic{casework.Health}},
		casework.Shown{Key: "k3", Channel: "d1", Message: "m3", User: "u2", View: "action", Subject: "a1"},
		casework.Shown{Key: "k4", Channel: "d1", Message: "m4", User: "u2", View: "action", Subject: "a1"},
		casework.Shown{Key: "k5", Channel: "d2", Message: "m5", User: "u3", View: "action", Subject: "a1"},
		casework.Shown{Key: "k6", Channel: "d2", Message: "m6", User: "u3"},
	}, nil)
	if len(s.Posts) != 3 || len(s.Told) != 3 {
		t.Errorf("%d posts stand, %d messages told", len(s.Posts), len(s.Told))
	}
	find := func(view, subject string, user casework.UserID) string {
		found, ok := s.Standing(view, subject, user)
		if ok != (found.Message != "") {
			t.Errorf("%v, %v", found, ok)
		}
		return string(found.Message)
	}
	for _, c := range []struct {
		subject string
		user    casework.UserID
		want    string
	}{{"a1", "", "m1"}, {"a2", "", "m2"}, {"a1", "u2", "m4"}, {"a1", "u3", "m5"}, {"a2", "u3", ""}, {"a3", "", ""}} {
		if got := find("action", c.subject, c.user); got != c.want {
			t.Errorf("%s to %q: %s, want %s", c.subject, c.user, got, c.want)
		}
	}
	if post, _ := s.Standing("action", "a1", ""); len(post.Topics) != 1 {
		t.Errorf("changed in place, it still tells of %v", post.Topics)
	}
	s.do([]casework.Fact{casework.Withheld{Messages: []casework.MessageRef{"m1", "m3", "m4"}}}, nil)
	if find("action", "a1", "") != "" || find("action", "a1", "u2") != "" || find("action", "a2", "") != "m2" {
		t.Errorf("emptied, they stand: %v, %v", s.Posts, s.Told)
	}
}

// A message that may have been sent stands, though nobody knows where: it is changed
// by nothing, until it is known to have arrived, or not to.
func TestWhatMayStand(t *testing.T) {
	s := consented(t)
	post := casework.Shown{Key: "k1", Channel: "ch1", View: "action", Subject: "a1"}
	told := casework.Shown{Key: "k2", User: "u2", View: "action", Subject: "a1"}
	s.do([]casework.Fact{casework.ChannelOpened{Channel: "ch1"}, post, post, told, told, casework.Shown{Key: "k3", Channel: "ch1", View: "action"}}, nil)
	if len(s.Posts) != 2 || len(s.Told) != 1 {
		t.Errorf("%+v, %+v", s.Posts, s.Told)
	}
	for _, user := range []casework.UserID{"", "u2"} {
		if found, ok := s.Standing("action", "a1", user); ok {
			t.Errorf("%+v", found)
		}
	}
	s.do([]casework.Fact{casework.Withheld{Messages: []casework.MessageRef{"m9"}, Keys: []string{"k3", "k9"}}}, nil)
	post.Message, told.Message, told.Channel = "m1", "m2", "d2"
	s.do([]casework.Fact{post, told}, nil)
	if len(s.Posts) != 1 || s.Posts[0].Message != "m1" || len(s.Told) != 1 || s.Told[0].Message != "m2" {
		t.Errorf("%+v, %+v", s.Posts, s.Told)
	}
	s.do([]casework.Fact{casework.Withheld{Keys: []string{"k1", "k2"}}}, nil)
	if len(s.Posts) != 1 || len(s.Told) != 1 {
		t.Errorf("what is known to stand is gone: %+v, %+v", s.Posts, s.Told)
	}
}

// A newcomer reads the whole past of a channel: what tells of more than they may
// know is found, and once emptied found no more.
func TestTooTelling(t *testing.T) {
	s := together(t).list(denis(), casework.Budget).join("denis", casework.RolePartner)
	s.do([]casework.Fact{
		casework.ChannelOpened{Channel: "ch1"},
		casework.Shown{Key: "card", Channel: "ch1", Message: "m1", Home: true},
		casework.Shown{Key: "general", Channel: "ch1", Message: "m2"},
		casework.Shown{Key: "housing", Channel: "ch1", Message: "m3", Topics: []casework.Topic{casework.Budget, casework.Housing}},
		casework.Shown{Key: "budget", Channel: "ch1", Message: "m4", Topics: []casework.Topic{casework.Budget}},
		casework.Shown{Key: "elsewhere", Channel: "ch2", Message: "m5", Topics: []casework.Topic{casework.Housing}},
		casework.Shown{Key: "private", Channel: "ch1", User: anna, Message: "m6", Topics: []casework.Topic{casework.Housing}},
	}, nil)
	if posts, home := s.TooTelling("denis", s.now); !home || len(posts) != 1 || posts[0].Message != "m3" {
		t.Errorf("%+v, %t", posts, home)
	}
	if posts, home := s.TooTelling(bruno, s.now); home || len(posts) > 0 {
		t.Errorf("%+v, %t", posts, home)
	}
	s.do([]casework.Fact{casework.Withheld{Messages: []casework.MessageRef{"m3"}}}, nil)
	if posts, _ := s.TooTelling("denis", s.now); len(posts) > 0 || len(s.Posts) != 2 {
		t.Errorf("%+v", s.Posts)
	}
}

// The history is for reading: appending to what is given does not reach the
// case, nor does the case's next entry reach what was given.
func TestHistoryIsApart(t *testing.T) {
	s := consented(t)
	for range 5 { // whatever room a slice of three, four… leaves at its end
		history := s.History()
		mine := append(history, casework.Entry{Seq: 99, Fact: casework.CaseClosed{}})
		s.do([]casework.Fact{casework.Shown{Key: "k"}}, nil)
		if n := len(history); mine[n].Seq != 99 || s.History()[n].Seq != s.Seq {
			t.Errorf("%v, %v, %v", history, mine, s.History())
		}
	}
}

// The last moment of a case is its latest, even if a clock was set back.
func TestLastAt(t *testing.T) {
	s := consented(t)
	later := s.now
	s.on("2026-08-01", 10).do(s.Close(casework.Closing{Reason: "moved away"}))
	if !s.LastAt.Equal(later) || s.Seq != 3 {
		t.Errorf("%s, entry %d", s.LastAt, s.Seq)
	}
}

// An obstacle to sharing is news once, until it is gone or another comes.
func TestHoldSharing(t *testing.T) {
	s := consented(t)
	news := func(facts []casework.Fact, want bool) {
		t.Helper()
		if (len(facts) == 1) != want {
			t.Errorf("%v, want news: %t", facts, want)
		}
		s.do(facts, nil)
	}
	news(s.ResumeSharing(), false)
	news(s.HoldSharing("stranger", "u1"), true)
	news(s.HoldSharing("stranger", "u1"), false)
	news(s.HoldSharing("stranger", "u2"), true)
	news(s.HoldSharing("strangeru", "2"), true)
	news(s.ResumeSharing(), true)
	news(s.ResumeSharing(), false)
	news(s.HoldSharing("strangeru", "2"), true)
}
