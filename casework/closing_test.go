package casework_test

import (
	"testing"
	"time"

	"parcours/casework"
)

func TestCloseRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		end   casework.Closing
		code  casework.ErrorCode
		field string
	}{
		"no reason":                              {casework.Closing{}, casework.Missing, "reason"},
		"a reason of 300":                        {casework.Closing{Reason: long(300)}, casework.TooLong, "reason"},
		"an odd change":                          {casework.Closing{Reason: "done", Improved: "hardly"}, casework.NotAChoice, "improved"},
		"an odd satisfaction":                    {casework.Closing{Reason: "done", Satisfied: "so so"}, casework.NotAChoice, "satisfaction"},
		"an odd hearing":                         {casework.Closing{Reason: "done", Heard: "so so"}, casework.NotAChoice, "heard"},
		"an odd help":                            {casework.Closing{Reason: "done", Helped: "so so"}, casework.NotAChoice, "helped"},
		"too many words":                         {casework.Closing{Reason: "done", Words: long(casework.AreaMax + 1)}, casework.TooLong, "words"},
		"too much left":                          {casework.Closing{Reason: "done", Remains: long(casework.AreaMax + 1)}, casework.TooLong, "remains"},
		"a successor who is not on the list":     {casework.Closing{Reason: "done", Successor: "p9"}, casework.NotListed, "successor"},
		"a successor she does not want":          {casework.Closing{Reason: "done", Successor: "p4"}, casework.NotListed, "successor"},
		"an account in the place of a successor": {casework.Closing{Reason: "done", Successor: string(bruno)}, casework.NotListed, "successor"},
	} {
		t.Run(name, func(t *testing.T) {
			s := followed(t)
			s.list(casework.Professional{Name: "Denis", Service: "HLM"})
			facts, err := s.Close(test.end)
			refused(t, test.code, test.field, facts, err)
		})
	}
	ended := followed(t)
	ended.do(ended.Close(casework.Closing{Reason: "moved away"}))
	withdrawn := followed(t)
	withdrawn.do(withdrawn.Withdraw(martin))
	for name, test := range map[string]struct {
		of   *casework.Case
		code casework.ErrorCode
	}{
		"a proposal, of which nothing is kept": {thinking(t).Case, casework.NoConsent},
		"the register":                         {casework.Fold(casework.Register, nil), casework.NoConsent},
		"a case closed":                        {ended.Case, casework.CaseEnded},
		"a case withdrawn":                     {withdrawn.Case, casework.CaseEnded},
	} {
		t.Run(name, func(t *testing.T) {
			facts, err := test.of.Close(casework.Closing{Reason: "moved away"})
			refused(t, test.code, "", facts, err)
		})
	}
}

func TestClose(t *testing.T) {
	s := followed(t).on("2028-02-29", 23) // even after the consent ran out
	end := casework.Closing{
		Reason: "autonomous", Improved: casework.InPart, Satisfied: casework.Very, Heard: casework.Rather, Helped: casework.Little,
		Words: "thank you", Remains: "the driving test", Successor: "p3",
	}
	// Two years from the end of the consent, as long as it is not closed.
	if day := s.KeptUntil(time.UTC); day != "2029-09-01" {
		t.Errorf("an open case is kept until %s", day)
	}
	s.do(s.Close(end))
	if s.State != casework.Closed || !s.Ended() || s.Closing != end || !s.ClosedAt.Equal(s.now) {
		t.Errorf("%s, %+v", s.State, s.Closing)
	}
	// Two years from a 29th of February is a 28th; in Tokyo it was March already.
	for zone, want := range map[*time.Location]casework.Day{s.now.Location(): "2030-02-28", time.FixedZone("Tokyo", 9*60*60): "2030-03-01"} {
		if day := s.KeptUntil(zone); day != want {
			t.Errorf("in %s kept until %s, want %s", zone, day, want)
		}
	}
}
