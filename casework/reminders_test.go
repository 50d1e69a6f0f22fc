package casework_test

import (
	"fmt"
	"testing"
	"time"

	"parcours/casework"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// told runs a case from one morning to another, handing over what is due every
// day at the hour, and gives lines « day kind subject ±days → people ».
func told(s *story, from, to casework.Day, kind casework.ReminderKind) []string {
	s.Helper()
	return toldBy(s, casework.DefaultPolicy(), from, to, kind)
}

func toldBy(s *story, p casework.Policy, from, to casework.Day, kind casework.ReminderKind) []string {
	s.Helper()
	var lines []string
	for day := from; day <= to; day = day.Add(1) {
		s.on(day, 9)
		give, record := s.Due(p, s.now)
		for _, r := range give {
			if r.Kind == kind {
				lines = append(lines, fmt.Sprintf("%s %s %+d %v", day, r.Subject, r.Days, r.To))
			}
		}
		s.do(record, nil)
	}
	return lines
}

func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Whoever does an action hears of it a week before, the day before, on the day,
// and then as it is late, in working days; the referent when it is a week late, and
// with the chair when it is three (guide IV.D.1: the referent nudges).
func TestActionReminders(t *testing.T) {
	policy := []string{
		"2026-11-11 a1 -7 [bruno]", "2026-11-19 a1 -1 [bruno]", "2026-11-20 a1 +0 [bruno]",
		"2026-11-23 a1 +1 [bruno]", "2026-12-01 a1 +7 [bruno]", "2026-12-11 a1 +15 [bruno]",
	}
	for name, test := range map[string]struct {
		change func(*story)
		want   []string
	}{
		"untouched": {func(*story) {}, policy},
		"late, with another referent and a chair": {func(s *story) {
			s.refer(chloe, "").list(denis()).join("denis", casework.RoleChair)
		}, []string{
			policy[0], policy[1], policy[2], policy[3],
			"2026-12-01 a1 +7 [bruno chloe]", "2026-12-11 a1 +15 [chloe denis]",
		}},
		"done": {func(s *story) { s.do(s.Finish("a1", bruno, s.now)) }, nil},
		"done on the way": {func(s *story) {
			same(s.T, told(s, "2026-11-01", "2026-11-19", casework.RemindAction), policy[:2]...)
			s.do(s.Finish("a1", bruno, s.now))
		}, nil},
		"postponed on the way": {func(s *story) {
			same(s.T, told(s, "2026-11-01", "2026-11-19", casework.RemindAction), policy[:2]...)
			s.do(s.Postpone("a1", "2026-12-10", bruno, s.now))
		}, []string{"2026-12-01 a1 -7 [bruno]", "2026-12-09 a1 -1 [bruno]", "2026-12-10 a1 +0 [bruno]", "2026-12-11 a1 +1 [bruno]"}},
		"passed on the day before": {func(s *story) {
			same(s.T, told(s, "2026-11-01", "2026-11-19", casework.RemindAction), policy[:2]...)
			s.do(s.Reassign("a1", "p3", bruno, s.now))
		}, []string{
			"2026-11-20 a1 +0 [chloe]", "2026-11-23 a1 +1 [chloe]",
			"2026-12-01 a1 +7 [chloe bruno]", "2026-12-11 a1 +15 [bruno]",
		}},
		"of somebody without an account: the referent hears": {func(s *story) {
			s.list(casework.Professional{Name: "Denis", Service: "HLM", Agreed: true})
			s.do(s.Reassign("a1", "p4", bruno, s.now))
		}, policy},
		"of somebody who left: the coordinator hears": {func(s *story) {
			s.do(s.Reassign("a1", "p3", bruno, s.now))
			s.do(s.Leave(chloe))
		}, policy},
		"of a referent who left: the author hears": {func(s *story) {
			s.do(s.Leave(bruno))
		}, []string{
			"2026-11-11 a1 -7 [anna]", "2026-11-19 a1 -1 [anna]", "2026-11-20 a1 +0 [anna]",
			"2026-11-23 a1 +1 [anna]", "2026-12-01 a1 +7 [anna]", "2026-12-11 a1 +15 [anna]",
		}},
		"of somebody who may know of it no more: the referent hears": {func(s *story) {
			s.do(s.Reassign("a1", "p3", bruno, s.now))
			s.list(casework.Professional{Name: "Chloé", Service: "Mission locale", Agreed: true}, casework.Budget)
		}, policy},
		"of the person": {func(s *story) {
			s.do(s.Reassign("a1", casework.ThePerson, bruno, s.now))
		}, []string{
			"2026-11-11 a1 -7 [martin]", "2026-11-19 a1 -1 [martin]", "2026-11-20 a1 +0 [martin]",
			"2026-11-23 a1 +1 [martin]", "2026-12-01 a1 +7 [martin bruno]", "2026-12-11 a1 +15 [bruno]",
		}},
		"vetoed": {func(s *story) {
			s.do(s.Extend(anna, casework.Extension{Vetoes: []casework.Topic{casework.Housing}}, s.now))
		}, nil},
		"not shared any more": {func(s *story) {
			s.do(s.Grant(anna, casework.Consent{Form: casework.Written, Topics: []casework.Topic{casework.Budget}}, s.now))
		}, nil},
		"withdrawn": {func(s *story) { s.do(s.Withdraw(martin)) }, nil},
		"closed":    {func(s *story) { s.do(s.Close(casework.Closing{Reason: "moved away"})) }, nil},
		"the consent runs out on the way": {func(s *story) {
			s.do(s.Extend(anna, casework.Extension{Until: "2026-11-20"}, s.now))
		}, policy[:3]},
	} {
		t.Run(name, func(t *testing.T) {
			s := working(t)
			test.change(s)
			from := max("2026-09-02", casework.DayOf(s.now).Add(1))
			same(t, told(s, from, "2026-12-12", casework.RemindAction), test.want...)
		})
	}
}

// What a veto silenced is not forgotten: once the person agrees to the topic
// again, the last thing due is said.
func TestAReminderOutlivesAVeto(t *testing.T) {
	s := working(t)
	s.do(s.Extend(anna, casework.Extension{Vetoes: []casework.Topic{casework.Housing}}, s.now))
	same(t, told(s, "2026-09-02", "2026-11-24", casework.RemindAction))
	s.do(s.Extend(anna, casework.Extension{Topics: []casework.Topic{casework.Housing}}, s.now))
	same(t, told(s, "2026-11-25", "2026-11-30", casework.RemindAction), "2026-11-25 a1 +1 [bruno]")
}

// Invitations are to be sent 15 to 20 days ahead (guide, annexe 2.1); the circle
// is reminded of the meeting itself.
func TestCommissionReminders(t *testing.T) {
	plan := func(t *testing.T, at casework.Day, why string) *story {
		s := followed(t)
		s.do(s.PlanCommission(casework.Commission{At: at.At(14, 0, s.now.Location()), Place: "MDS", Why: why}, s.now))
		return s
	}
	t.Run("to whoever sends the invitations", func(t *testing.T) {
		s := plan(t, "2026-10-02", "")
		same(t, told(s, "2026-09-02", "2026-10-03", casework.RemindInvitations), "2026-09-11 c1 -21 [bruno]", "2026-09-17 c1 -15 [bruno]")
	})
	t.Run("to the circle", func(t *testing.T) {
		s := plan(t, "2026-10-02", "")
		same(t, told(s, "2026-09-02", "2026-10-03", casework.RemindCommission),
			"2026-09-25 c1 -7 [anna bruno chloe martin]", "2026-10-01 c1 -1 [anna bruno chloe martin]")
	})
	t.Run("only what is still to come when it is called at short notice", func(t *testing.T) {
		s := plan(t, "2026-09-05", "eviction")
		same(t, told(s, "2026-09-02", "2026-09-06", casework.RemindInvitations))
		s = plan(t, "2026-09-05", "eviction")
		same(t, told(s, "2026-09-02", "2026-09-06", casework.RemindCommission), "2026-09-04 c1 -1 [anna bruno chloe martin]")
	})
	t.Run("never of a meeting that has begun", func(t *testing.T) {
		s := plan(t, "2026-10-02", "").on("2026-10-02", 14)
		give, record := s.Due(casework.DefaultPolicy(), s.now)
		if len(give) > 0 || len(record) != 4 {
			t.Errorf("%v, %v", give, record)
		}
	})
	t.Run("not of a member who left, nor of one who may know of nothing", func(t *testing.T) {
		s := plan(t, "2026-10-02", "")
		s.do(s.Leave(chloe))
		s.list(casework.Professional{Name: "Denis", Service: "HLM", User: "denis", Agreed: true}, casework.Budget).join("denis", casework.RolePartner)
		s.do(s.Extend(anna, casework.Extension{Vetoes: []casework.Topic{casework.Budget}}, s.now))
		same(t, told(s, "2026-09-28", "2026-10-03", casework.RemindCommission),
			"2026-09-28 c1 -7 [anna bruno martin]", "2026-10-01 c1 -1 [anna bruno martin]")
	})
}

// The end of a consent is told to whoever keeps it, also when it has passed:
// that is what lets it be renewed.
func TestConsentReminders(t *testing.T) {
	t.Run("a month, a week, and on the last day", func(t *testing.T) {
		s := together(t)
		same(t, told(s, "2027-07-20", "2027-09-10", casework.RemindConsent),
			"2027-08-02  -30 [anna]", "2027-08-25  -7 [anna]", "2027-09-01  +0 [anna]")
	})
	t.Run("late, after the last day, still", func(t *testing.T) {
		s := followed(t).on("2027-10-01", 9)
		give, record := s.Due(casework.DefaultPolicy(), s.now)
		if len(give) != 1 || give[0].Kind != casework.RemindConsent || give[0].Days != 0 || give[0].To[0] != bruno || len(record) != 3+6 {
			t.Errorf("%+v, %v", give, record)
		}
	})
	t.Run("renewed, from the new last day", func(t *testing.T) {
		s := together(t).on("2027-08-05", 10)
		s.do(s.Extend(anna, casework.Extension{Until: "2028-09-01"}, s.now))
		same(t, told(s, "2027-08-06", "2027-09-10", casework.RemindConsent))
	})
	t.Run("a short one is not late from the start", func(t *testing.T) {
		s := together(t).on("2027-03-01", 10)
		s.do(s.Extend(anna, casework.Extension{Until: "2027-03-11"}, s.now))
		same(t, told(s, "2027-03-02", "2027-03-12", casework.RemindConsent), "2027-03-04  -7 [anna]", "2027-03-11  +0 [anna]")
	})
	t.Run("a new version with the same last day takes no reminder away", func(t *testing.T) {
		s := together(t).on("2027-08-02", 10)
		s.do(s.Extend(anna, casework.Extension{Topics: []casework.Topic{casework.Work}}, s.now))
		same(t, told(s, "2027-08-03", "2027-08-03", casework.RemindConsent), "2027-08-03  -30 [anna]")
	})
	t.Run("none once withdrawn", func(t *testing.T) {
		s := together(t)
		s.do(s.Withdraw(anna))
		same(t, told(s, "2027-07-20", "2027-09-10", casework.RemindConsent))
	})
}

// A mission limited in time is to have a successor in time (guide IV.A.3), and
// measures that end are seen coming.
func TestMissionAndMeasureReminders(t *testing.T) {
	t.Run("the mission", func(t *testing.T) {
		s := together(t).refer(bruno, "2026-12-31")
		same(t, told(s, "2026-09-02", "2027-01-10", casework.RemindMission), "2026-10-30 bruno -60 [bruno]", "2026-12-01 bruno -30 [bruno]")
	})
	t.Run("not of a mission whose end was near when it was given", func(t *testing.T) {
		s := together(t).on("2026-12-20", 10).refer(bruno, "2026-12-31")
		same(t, told(s, "2026-12-21", "2027-01-10", casework.RemindMission))
	})
	t.Run("nor of an author's measure that was about to end at the opening", func(t *testing.T) {
		p := proposal(casework.Accepts)
		p.Author.End = "2026-09-20"
		same(t, told(begin(t, p), "2026-09-02", "2026-09-21", casework.RemindMeasure))
	})
	t.Run("not of a mission another took over", func(t *testing.T) {
		s := together(t).refer(bruno, "2026-12-31").refer(chloe, "")
		same(t, told(s, "2026-09-02", "2027-01-10", casework.RemindMission))
	})
	t.Run("not of a referent who left", func(t *testing.T) {
		s := together(t).refer(bruno, "2026-12-31")
		s.do(s.Leave(bruno))
		same(t, told(s, "2026-09-02", "2027-01-10", casework.RemindMission))
	})
	bruno := casework.Professional{Name: "Bruno", Service: "CAF", Agreed: true, End: "2026-12-31"}
	t.Run("a measure", func(t *testing.T) {
		s := together(t).list(bruno)
		same(t, told(s, "2026-09-02", "2027-01-10", casework.RemindMeasure), "2026-12-01 p2 -30 [anna]")
	})
	t.Run("a measure noted when it is about to end is known to whoever notes it", func(t *testing.T) {
		s := together(t).on("2026-12-20", 10).list(bruno)
		same(t, told(s, "2026-12-21", "2027-01-10", casework.RemindMeasure))
	})
	t.Run("a correction takes no reminder away", func(t *testing.T) {
		s := together(t).list(bruno).on("2026-12-01", 10)
		bruno.Phone = "03 20"
		s.list(bruno)
		same(t, told(s, "2026-12-02", "2027-01-10", casework.RemindMeasure), "2026-12-02 p2 -30 [anna]")
	})
	t.Run("not of somebody she does not want", func(t *testing.T) {
		s := together(t)
		bruno.Agreed = false
		same(t, told(s.list(bruno), "2026-09-02", "2027-01-10", casework.RemindMeasure))
	})
}

func TestThinkingReminder(t *testing.T) {
	same(t, told(thinking(t), "2026-09-02", "2026-12-01", casework.RemindThinking), "2026-09-15  +14 [anna]")
	s := thinking(t)
	s.do(s.Grant(anna, proposal("").Consent, s.now))
	same(t, told(s, "2026-09-02", "2026-12-01", casework.RemindThinking))
}

// After a long sleep everybody hears once of each subject, of the last thing
// only, and nothing comes twice.
func TestAfterDowntime(t *testing.T) {
	s := working(t)
	second := call
	second.Due = "2026-11-13"
	s.do(s.AssignAction(second, s.now)).on("2026-11-24", 18)
	give, record := s.Due(casework.DefaultPolicy(), s.now)
	var got []string
	for _, r := range give {
		got = append(got, r.Key)
	}
	same(t, got, "silence//2026-09-01/60", "action/a1/2026-11-20/1", "action/a2/2026-11-13/7")
	if len(record) != 4+5+1 {
		t.Errorf("%d reminders recorded: %v", len(record), record)
	}
	s.do(record, nil)
	if give, record := s.Due(casework.DefaultPolicy(), s.now); len(give)+len(record) > 0 {
		t.Errorf("again: %v, %v", give, record)
	}
}

// Due only looks: asked twice it says the same, and the case stays as it is.
func TestDueChangesNothing(t *testing.T) {
	s := working(t).on("2026-11-24", 18)
	give, record := s.Due(casework.DefaultPolicy(), s.now)
	again, recordAgain := s.Due(casework.DefaultPolicy(), s.now)
	if diff := cmp.Diff(give, again) + cmp.Diff(record, recordAgain); diff != "" {
		t.Error(diff)
	}
	sameCase(t, "after Due", casework.Fold(s.Code, s.History()), s.Case)
}

// The hour is that of the département, winter and summer; the policy decides it.
func TestReminderHour(t *testing.T) {
	s := working(t)
	policy := casework.Policy{Hour: 8, Action: []int{0}}
	for due, want := range map[casework.Day]string{
		"2026-10-23": "2026-10-23T08:00:00+02:00", "2026-10-26": "2026-10-26T08:00:00+01:00",
	} {
		s.do(s.Postpone("a1", due, bruno, s.now))
		if next := s.NextDue(policy, s.now.Location()).Format(time.RFC3339); next != want {
			t.Errorf("due %s: %s, want %s", due, next, want)
		}
	}
	if never := s.NextDue(casework.Policy{}, s.now.Location()); !never.IsZero() {
		t.Errorf("no policy, and yet %s", never)
	}
}

// The register of refusals is no case: it never wants attention.
func TestTheRegisterIsNeverDue(t *testing.T) {
	s := &story{T: t, Case: casework.Fold(casework.Register, nil), now: time.Date(2026, 9, 1, 10, 0, 0, 0, paris(t))}
	s.do(casework.CountRefusal(casework.Family))
	give, record := s.Due(casework.DefaultPolicy(), s.now)
	if next := s.NextDue(casework.DefaultPolicy(), s.now.Location()); !next.IsZero() || len(give)+len(record) > 0 {
		t.Errorf("due %s: %v %v", next, give, record)
	}
}
