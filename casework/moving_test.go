package casework_test

import (
	"testing"

	"parcours/casework"
)

// What was said in a channel that the case has left is known as long as it is not
// emptied; what is said next is said in the new one.
func TestTheCaseMoves(t *testing.T) {
	s := together(t).list(denis(), casework.Budget)
	s.do(s.Invite("denis", casework.RolePartner, s.now))
	s.do([]casework.Fact{
		casework.ChannelOpened{Channel: "ch1"},
		casework.Shown{Key: "card", Channel: "ch1", Message: "m1", Home: true},
		casework.Shown{Key: "k2", Channel: "ch1", Message: "m2", Topics: []casework.Topic{casework.Housing}},
		casework.Shown{Key: "k3", Channel: "ch1", Message: "m3", Topics: []casework.Topic{casework.Budget}},
	}, nil)
	if telling := s.Telling("denis", s.now); len(telling) != 1 || telling[0].Message != "m2" {
		t.Errorf("for denis, too telling: %+v", telling)
	}
	facts, err := casework.ChoosePast("denis", "burn")
	refused(t, casework.NotAChoice, "past", facts, err)
	s.do(casework.ChoosePast("denis", casework.NewChannel))
	if m, _ := s.Member("denis"); m.Past != casework.NewChannel || s.IsMember("denis") {
		t.Errorf("denis is %+v", m)
	}
	s.do([]casework.Fact{
		casework.ChannelMoved{Channel: "ch2", User: "denis"},
		casework.Shown{Key: "k4", Channel: "ch2", Message: "m4"},
		casework.Withheld{Messages: []casework.MessageRef{"m1", "m2"}},
	}, nil)
	m, _ := s.Member("denis")
	if s.Channel != "ch2" || s.Home != "" || len(s.Posts) != 1 || m.Past != "" {
		t.Errorf("in %s, home %q, posts %+v, denis %+v", s.Channel, s.Home, s.Posts, m)
	}
	if len(s.Former) != 1 || s.Former[0].Channel != "ch1" || len(s.Former[0].Posts) != 1 || s.Former[0].Posts[0].Message != "m3" {
		t.Errorf("it has left %+v", s.Former)
	}
}
