package casework_test

import (
	"testing"

	"parcours/casework"

	"github.com/google/go-cmp/cmp"
)

// The household, as the forms of the départements ask (guide, annexes 2.2, 2.4).
func TestStateRelativeRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		relative casework.Relative
		code     casework.ErrorCode
		field    string
	}{
		"no kind":                          {casework.Relative{FirstName: "Sam"}, casework.Missing, "kind"},
		"an odd kind":                      {casework.Relative{Kind: "cat"}, casework.NotAChoice, "kind"},
		"an adult without a name":          {casework.Relative{Kind: casework.Adult}, casework.Missing, "first_name"},
		"a name of 300":                    {casework.Relative{Kind: casework.Adult, LastName: long(300)}, casework.TooLong, "last_name"},
		"a first name of 300":              {casework.Relative{Kind: casework.Adult, FirstName: long(300)}, casework.TooLong, "first_name"},
		"a situation of 300":               {casework.Relative{Kind: casework.Herself, Situation: long(300)}, casework.TooLong, "situation"},
		"an activity of 300":               {casework.Relative{Kind: casework.Herself, Activity: long(300)}, casework.TooLong, "activity"},
		"an address of 300":                {casework.Relative{Kind: casework.Herself, Address: long(300)}, casework.TooLong, "address"},
		"a mail of 300":                    {casework.Relative{Kind: casework.Herself, Email: long(300)}, casework.TooLong, "email"},
		"a number of 300":                  {casework.Relative{Kind: casework.Herself, Phone: long(300)}, casework.TooLong, "phone"},
		"another number of 300":            {casework.Relative{Kind: casework.Herself, Phone2: long(300)}, casework.TooLong, "phone2"},
		"an odd title":                     {casework.Relative{Kind: casework.Herself, Title: "sir"}, casework.NotAChoice, "title"},
		"an odd family":                    {casework.Relative{Kind: casework.Herself, Family: "clan"}, casework.NotAChoice, "family"},
		"an odd answer":                    {casework.Relative{Kind: casework.Herself, Locker: "maybe"}, casework.NotAChoice, "locker"},
		"a birth on no day":                {casework.Relative{Kind: casework.Adult, FirstName: "Sam", Born: "1985-02-30"}, casework.NotADate, "born"},
		"a birth to come":                  {casework.Relative{Kind: casework.Adult, FirstName: "Sam", Born: "2026-09-02"}, casework.FutureDate, "born"},
		"a child, when childhood is not":   {casework.Relative{Kind: casework.Child, FirstName: "Lou"}, casework.TopicNotShared, "topic"},
		"what is known":                    {casework.Relative{Kind: casework.Herself, LastName: "Martin"}, casework.SameAgain, ""},
		"what is known, without the names": {casework.Relative{Kind: casework.Herself}, casework.SameAgain, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := consented(t)
			s.do(s.StateRelative(casework.Relative{Kind: casework.Herself, LastName: "Martin", Phone: "06 00"}, s.now))
			facts, err := s.StateRelative(test.relative, s.now)
			refused(t, test.code, test.field, facts, err)
		})
	}
	t.Run("a child, when childhood is vetoed", func(t *testing.T) {
		s := consented(t)
		s.do(s.Extend(anna, casework.Extension{Vetoes: []casework.Topic{casework.Childhood}}, s.now))
		facts, err := s.StateRelative(casework.Relative{Kind: casework.Child, FirstName: "Lou"}, s.now)
		refused(t, casework.TopicVetoed, "topic", facts, err)
	})
}

// The same person is the same line; a correction keeps what it does not say.
func TestStateRelative(t *testing.T) {
	s := consented(t)
	s.do(s.Extend(anna, casework.Extension{Topics: []casework.Topic{casework.Childhood}}, s.now))
	if _, ok := s.Herself(); ok {
		t.Error("nobody stated her")
	}
	for _, r := range []casework.Relative{
		{ID: "h9", Kind: casework.Adult, FirstName: "Sam", LastName: "Martin", Born: "1980-01-02"},
		{Kind: casework.Herself, Title: casework.Madam, LastName: "Martin", FirstName: "Lucie", Address: "2 rue Basse"},
		{Kind: casework.Child, FirstName: "Sam", LastName: "Martin", Born: "2026-09-01"},
		{Kind: casework.Herself, LastName: "Roux", Family: casework.SingleParent, Locker: casework.Yes},
		{Kind: casework.Adult, FirstName: "Sam", LastName: "Martin", Activity: "baker", Left: true},
	} {
		s.do(s.StateRelative(r, s.now))
	}
	want := []casework.Relative{
		{ID: "h1", Kind: casework.Adult, FirstName: "Sam", LastName: "Martin", Born: "1980-01-02", Activity: "baker", Left: true},
		{ID: "h2", Kind: casework.Herself, Title: casework.Madam, LastName: "Roux", FirstName: "Lucie", Address: "2 rue Basse", Family: casework.SingleParent, Locker: casework.Yes},
		{ID: "h3", Kind: casework.Child, FirstName: "Sam", LastName: "Martin", Born: "2026-09-01"},
	}
	if diff := cmp.Diff(want, s.Relatives); diff != "" {
		t.Error(diff)
	}
	if herself, ok := s.Herself(); !ok || herself != want[1] {
		t.Errorf("%+v", herself)
	}
	for i, topic := range []casework.Topic{"", "", casework.Childhood} {
		if got := s.Relatives[i].Topic(); got != topic {
			t.Errorf("%s tells of %q", s.Relatives[i].ID, got)
		}
	}
	s.do(s.StateRelative(casework.Relative{Kind: casework.Adult, FirstName: "Sam", LastName: "Martin"}, s.now))
	if s.Relatives[0].Left {
		t.Error("whoever came back is there")
	}
}
