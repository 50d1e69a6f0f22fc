package casework_test

import (
	"fmt"
	"testing"
	"time"

	"parcours/casework"

	"github.com/google/go-cmp/cmp"
)

// gathered is a case at work on the day of its meeting c1, at two.
func gathered(t *testing.T) *story {
	t.Helper()
	s := working(t)
	return s.do(s.PlanCommission(meeting(s), s.now)).on("2026-10-02", 14)
}

// met is that case with the meeting under way.
func met(t *testing.T) *story {
	t.Helper()
	s := gathered(t)
	return s.by(bruno).do(s.OpenSession("c1", bruno, s.now))
}

func (s *story) after(d time.Duration) *story {
	s.now = s.now.Add(d)
	return s
}

// What is done at a meeting is done by whoever leads it, from its day on, and
// not at one that was cancelled (guide IV.B.3).
func TestMeetingsAreLed(t *testing.T) {
	decisions := map[string]func(s *story, id string, by casework.UserID) ([]casework.Fact, error){
		"open": func(s *story, id string, by casework.UserID) ([]casework.Fact, error) {
			return s.OpenSession(id, by, s.now)
		},
		"attendance": func(s *story, id string, by casework.UserID) ([]casework.Fact, error) {
			return s.TakeAttendance(id, []casework.Actor{"p1"}, nil, by, s.now)
		},
		"topic": func(s *story, id string, by casework.UserID) ([]casework.Fact, error) {
			return s.TakeTopic(id, casework.Housing, true, by, s.now)
		},
		"view": func(s *story, id string, by casework.UserID) ([]casework.Fact, error) {
			return s.GiveView(id, "I was heard", by, s.now)
		},
		"end": func(s *story, id string, by casework.UserID) ([]casework.Fact, error) {
			return s.EndSession(id, "2027-01-15", by, s.now)
		},
		"freeze": func(s *story, id string, by casework.UserID) ([]casework.Fact, error) {
			return s.FreezeRecord(id, "", "", by, s.now)
		},
	}
	for name, decide := range decisions {
		for _, test := range []struct {
			when   string
			change func(*story)
			id     string
			by     casework.UserID
			code   casework.ErrorCode
			field  string
		}{
			{"at no meeting", func(*story) {}, "c9", bruno, casework.UnknownItem, "commission"},
			{"by a partner", func(*story) {}, "c1", chloe, casework.Forbidden, ""},
			{"by the author, once there is a referent", func(*story) {}, "c1", anna, casework.Forbidden, ""},
			{"by a stranger", func(*story) {}, "c1", "stranger", casework.Forbidden, ""},
			{"by nobody", func(*story) {}, "c1", "", casework.Forbidden, ""},
			{"at one cancelled", func(s *story) { s.do(s.CancelCommission("c1", "snow", bruno, s.now)) }, "c1", bruno, casework.MeetingOff, ""},
			{"the day before", func(s *story) { s.on("2026-10-01", 23) }, "c1", bruno, casework.NotHeldYet, "commission"},
			{"after the consent ran out", func(s *story) { s.on("2027-09-02", 10) }, "c1", bruno, casework.ConsentGone, ""},
		} {
			t.Run(name+" "+test.when, func(t *testing.T) {
				s := gathered(t)
				test.change(s)
				facts, err := decide(s, test.id, test.by)
				refused(t, test.code, test.field, facts, err)
			})
		}
	}
	for _, name := range []string{"topic", "end"} {
		for when, s := range map[string]*story{
			"before it was opened": gathered(t),
			"after it ended":       met(t).do(met(t).EndSession("c1", "2027-01-15", bruno, met(t).now)),
			"twelve hours later":   met(t).after(12 * time.Hour),
		} {
			t.Run(name+" "+when, func(t *testing.T) {
				facts, err := decisions[name](s, "c1", bruno)
				refused(t, casework.NoSession, "", facts, err)
			})
		}
	}
}

// Its chair leads a meeting, the circle's chair and secretary, and the referent.
func TestWhoLeads(t *testing.T) {
	s := gathered(t)
	s.list(denis()).join("denis", casework.RoleSecretary)
	s.list(casework.Professional{Name: "Elsa", Service: "CCAS", User: "elsa", Agreed: true}).join("elsa", casework.RoleChair)
	m, _ := s.Commission("c1")
	leads := func(m casework.Commission) []casework.UserID {
		var who []casework.UserID
		for _, user := range []casework.UserID{anna, bruno, chloe, martin, "denis", "elsa", "stranger", ""} {
			if s.Leads(user, m) {
				who = append(who, user)
			}
		}
		return who
	}
	if diff := cmp.Diff([]casework.UserID{bruno, "denis", "elsa"}, leads(m)); diff != "" {
		t.Error(diff)
	}
	m.Chair = chloe
	if diff := cmp.Diff([]casework.UserID{bruno, chloe, "denis", "elsa"}, leads(m)); diff != "" {
		t.Errorf("with a chair of its own: %s", diff)
	}
	s.do(s.Leave(chloe))
	if s.Leads(chloe, m) {
		t.Error("whoever left leads nothing")
	}
}

func TestOpenSession(t *testing.T) {
	s := gathered(t).on("2026-10-02", 0) // the day counts, not the hour
	s.by(bruno).do(s.OpenSession("c1", bruno, s.now))
	m, ok := s.Session(s.now)
	if !ok || m.ID != "c1" || !m.OpenedAt.Equal(s.now) || m.OpenedBy != bruno {
		t.Errorf("%+v", m)
	}
	facts, err := s.OpenSession("c1", bruno, s.now)
	refused(t, casework.AlreadyDone, "", facts, err)

	second := casework.Commission{At: s.now.Add(time.Hour), Place: "CAF", Why: "eviction"}
	s.do(s.PlanCommission(second, s.now))
	facts, err = s.OpenSession("c2", bruno, s.now)
	refused(t, casework.AlreadyDone, "", facts, err)
	s.after(12 * time.Hour)
	if _, ok := s.Session(s.now); ok {
		t.Error("a meeting that nobody ended is under way for ever")
	}
	s.do(s.OpenSession("c2", bruno, s.now))
	facts, err = s.CancelCommission("c2", "", bruno, s.now)
	refused(t, casework.PastDate, "", facts, err)
}

// Those called who did not come are absent (annexe 2.1: « composition »).
func TestTakeAttendance(t *testing.T) {
	for name, test := range map[string]struct {
		present, excused []casework.Actor
		code             casework.ErrorCode
		field            string
	}{
		"nobody":                     {nil, []casework.Actor{"p1"}, casework.Missing, "present"},
		"somebody not on the list":   {[]casework.Actor{"p1", "p9"}, nil, casework.NotListed, "present"},
		"somebody not agreed to":     {[]casework.Actor{"p4"}, nil, casework.NotListed, "present"},
		"an excuse from nowhere":     {[]casework.Actor{"p1"}, []casework.Actor{"p9"}, casework.NotListed, "excused"},
		"both, the first being told": {[]casework.Actor{"p9"}, []casework.Actor{"p9"}, casework.NotListed, "present"},
	} {
		t.Run(name, func(t *testing.T) {
			s := met(t)
			s.list(casework.Professional{Name: "Denis", Service: "HLM"})
			facts, err := s.TakeAttendance("c1", test.present, test.excused, bruno, s.now)
			refused(t, test.code, test.field, facts, err)
		})
	}
	s := met(t)
	for _, person := range []casework.Presence{casework.Absent, casework.Present} { // it may be done again
		present := []casework.Actor{"p2"}
		if person == casework.Present {
			present = append(present, casework.ThePerson)
		}
		s.do(s.TakeAttendance("c1", present, []casework.Actor{"p1", "p2"}, bruno, s.now))
		m, _ := s.Commission("c1")
		want := []casework.Attendance{{Who: casework.ThePerson, Presence: person}, {Who: "p1", Presence: casework.Excused}, {Who: "p2", Presence: casework.Present}, {Who: "p3", Presence: casework.Absent}}
		if diff := cmp.Diff(want, m.Attendance); diff != "" {
			t.Error(diff)
		}
		if m.PresenceOf("p3") != casework.Absent || m.PresenceOf("p9") != "" {
			t.Errorf("%+v", m.Attendance)
		}
	}
	s.do(s.EndSession("c1", "2027-01-15", bruno, s.now)).on("2026-10-05", 9)
	s.do(s.TakeAttendance("c1", []casework.Actor{"p1"}, nil, bruno, s.now)) // also afterwards
}

// The person is asked of each topic; what she would not speak of is not written
// down as long as the meeting lasts (guide IV.B.3).
func TestTakeTopic(t *testing.T) {
	for topic, code := range map[casework.Topic]casework.ErrorCode{
		"": casework.Missing, "astrology": casework.NotAChoice, casework.Health: casework.TopicVetoed, casework.Work: casework.TopicNotShared,
	} {
		t.Run(string(code), func(t *testing.T) {
			s := met(t)
			facts, err := s.TakeTopic("c1", topic, true, bruno, s.now)
			refused(t, code, "topic", facts, err)
		})
	}
	decisions := func(s *story) map[string]func() ([]casework.Fact, error) {
		return map[string]func() ([]casework.Fact, error){
			"objective": func() ([]casework.Fact, error) {
				return s.SetObjective(casework.Objective{Topic: casework.Housing, Title: "Move"}, s.now)
			},
			"action": func() ([]casework.Fact, error) { return s.AssignAction(call, s.now) },
			"review": func() ([]casework.Fact, error) { return s.Review("o1", casework.Partly, "", s.now) },
			"element": func() ([]casework.Fact, error) {
				return s.Assess(casework.Element{Name: "Damp", Kind: casework.Obstacle, Topic: casework.Housing}, casework.AimStated{}, s.now)
			},
		}
	}
	aside := func(t *testing.T) *story {
		s := met(t)
		return s.do(s.TakeTopic("c1", casework.Housing, false, bruno, s.now))
	}
	for name := range decisions(met(t)) {
		t.Run(name+" of a topic set aside", func(t *testing.T) {
			s := aside(t)
			facts, err := decisions(s)[name]()
			refused(t, casework.TopicSetAside, "topic", facts, err)
		})
		t.Run(name+" once she agrees after all", func(t *testing.T) {
			s := aside(t)
			s.do(s.TakeTopic("c1", casework.Housing, true, bruno, s.now)).do(decisions(s)[name]())
			if m, _ := s.Commission("c1"); len(m.Topics) != 1 || m.SetAside(casework.Housing) {
				t.Errorf("%+v", m.Topics)
			}
		})
		t.Run(name+" after the meeting", func(t *testing.T) {
			s := aside(t)
			s.do(s.EndSession("c1", "2027-01-15", bruno, s.now)).do(decisions(s)[name]())
		})
	}
	t.Run("of a child, when childhood is set aside", func(t *testing.T) {
		s := met(t)
		s.do(s.Extend(anna, casework.Extension{Topics: []casework.Topic{casework.Childhood}}, s.now))
		s.do(s.TakeTopic("c1", casework.Childhood, false, bruno, s.now))
		facts, err := s.StateRelative(casework.Relative{Kind: casework.Child, FirstName: "Lou"}, s.now)
		refused(t, casework.TopicSetAside, "topic", facts, err)
	})
}

// The person says what she thinks of the meeting, or has it written down.
func TestGiveView(t *testing.T) {
	s := met(t)
	s.by(martin).do(s.GiveView("c1", long(casework.AreaMax), martin, s.now))
	s.do(s.GiveView("c1", "I was heard", bruno, s.now))
	if m, _ := s.Commission("c1"); m.View != "I was heard" {
		t.Errorf("%q", m.View)
	}
	for name, test := range map[string]struct {
		words  string
		change func(*story)
		code   casework.ErrorCode
		field  string
	}{
		"nothing":                   {"", func(*story) {}, casework.Missing, "words"},
		"too many words":            {long(casework.AreaMax + 1), func(*story) {}, casework.TooLong, "words"},
		"of a meeting to come":      {"Heard", func(s *story) { s.on("2026-10-01", 10) }, casework.NotHeldYet, "commission"},
		"of one that was cancelled": {"Heard", func(s *story) { s.do(s.CancelCommission("c1", "", bruno, s.now)) }, casework.MeetingOff, ""},
		"by an account that left":   {"Heard", func(s *story) { s.do(s.Leave(martin)) }, casework.Forbidden, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := gathered(t)
			test.change(s)
			facts, err := s.GiveView("c1", test.words, martin, s.now)
			refused(t, test.code, test.field, facts, err)
		})
	}
}

// The day of the next meeting is fixed before a meeting ends (guide IV.D.2).
func TestEndSession(t *testing.T) {
	for day, code := range map[casework.Day]casework.ErrorCode{"": casework.Missing, "2026-10-01": casework.PastDate, "2027-02-29": casework.NotADate} {
		t.Run(string(code), func(t *testing.T) {
			s := met(t)
			facts, err := s.EndSession("c1", day, bruno, s.now)
			refused(t, code, "next_on", facts, err)
		})
	}
	s := met(t).after(time.Hour)
	s.do(s.EndSession("c1", "2027-01-15", bruno, s.now))
	if m, _ := s.Commission("c1"); !m.EndedAt.Equal(s.now) || m.NextOn != "2027-01-15" {
		t.Errorf("%+v", m)
	}
	if m, ok := s.NextCommission(s.now); ok {
		t.Errorf("a meeting that ended is not the next: %+v", m)
	}
}

// A meeting that is cancelled makes room, and is nobody's next one.
func TestCancelCommission(t *testing.T) {
	cancel := func(s *story, id, why string, by casework.UserID) ([]casework.Fact, error) {
		return s.CancelCommission(id, why, by, s.now)
	}
	for name, test := range map[string]struct {
		id, why string
		by      casework.UserID
		code    casework.ErrorCode
		field   string
	}{
		"an unknown one":                  {"c9", "", bruno, casework.UnknownItem, "commission"},
		"for too long a reason":           {"c1", long(casework.LineMax + 1), bruno, casework.TooLong, "why"},
		"by a partner":                    {"c1", "", chloe, casework.Forbidden, ""},
		"by the person":                   {"c1", "", martin, casework.Forbidden, ""},
		"by the author beside a referent": {"c1", "", anna, casework.Forbidden, ""},
	} {
		t.Run(name, func(t *testing.T) {
			facts, err := cancel(gathered(t), test.id, test.why, test.by)
			refused(t, test.code, test.field, facts, err)
		})
	}
	t.Run("one that began", func(t *testing.T) {
		facts, err := cancel(met(t), "c1", "", bruno)
		refused(t, casework.PastDate, "", facts, err)
	})
	s := working(t)
	m := meeting(s)
	m.Phase = "accueil"
	s.do(s.PlanCommission(m, s.now)).do(s.PlanCommission(casework.Commission{At: m.At.AddDate(0, 0, 7), Place: "MDS", Phase: "suivi"}, s.now))
	if s.Phase() != "suivi" {
		t.Errorf("phase %q", s.Phase())
	}
	s.do(cancel(s, "c2", "", bruno)).do(cancel(s, "c1", "snow", bruno))
	if m, _ := s.Commission("c1"); !m.Cancelled || m.WhyOff != "snow" {
		t.Errorf("%+v", m)
	}
	if m, ok := s.NextCommission(s.now); ok || s.Phase() != "" {
		t.Errorf("%+v, phase %q", m, s.Phase())
	}
	facts, err := cancel(s, "c1", "", bruno)
	refused(t, casework.MeetingOff, "", facts, err)
	facts, err = s.AnswerAttendance("c1", chloe, true, s.now)
	refused(t, casework.MeetingOff, "", facts, err)
	s.do(s.PlanCommission(meeting(s), s.now)) // the same moment, again
	t.Run("nobody is reminded of it", func(t *testing.T) {
		for _, kind := range []casework.ReminderKind{casework.RemindCommission, casework.RemindInvitations} {
			s := working(t)
			s.do(s.PlanCommission(meeting(s), s.now)).do(cancel(s, "c1", "snow", bruno))
			same(t, told(s, "2026-09-02", "2026-10-03", kind))
		}
	})
}

// Whoever chairs should rather not take part in the support (guide IV.B.3).
func TestInvolved(t *testing.T) {
	s := working(t)
	s.list(casework.Professional{Name: "Anna", Service: "MDS", Measure: "AEB"})
	s.do(s.AssignAction(casework.Action{Objective: "o1", What: "Write", Who: casework.ThePerson, Due: "2026-11-20"}, s.now))
	involved := func(want ...casework.UserID) {
		t.Helper()
		var got []casework.UserID
		for _, user := range []casework.UserID{anna, bruno, chloe, martin, "stranger", ""} {
			if s.Involved(user) {
				got = append(got, user)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	involved(anna, bruno, martin) // a measure, the mission, something to do
	s.do(s.Reassign("a1", "p3", bruno, s.now)).do(s.Finish("a2", martin, s.now))
	involved(anna, bruno, chloe)
	s.do(s.Review("o1", casework.Dropped, "", s.now)).refer(chloe, "")
	involved(anna, chloe)
}

// The chair hears a quarter of an hour before the end, and at the end.
func TestTimeReminders(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*story)
		want   []string
	}{
		"to whoever opened it": {func(*story) {}, []string{"15:15 -15 [bruno]", "15:30 +0 [bruno]"}},
		"to its chair":         {func(s *story) { s.Commissions[0].Chair = chloe }, []string{"15:15 -15 [chloe]", "15:30 +0 [chloe]"}},
		"to whoever opened it, when the chair left": {func(s *story) {
			s.Commissions[0].Chair = chloe
			s.do(s.Leave(chloe))
		}, []string{"15:15 -15 [bruno]", "15:30 +0 [bruno]"}},
		"of a quarter of an hour, at the end alone": {func(s *story) { s.Commissions[0].Minutes = 15 }, []string{"14:15 +0 [bruno]"}},
		"none once it ended":                        {func(s *story) { s.do(s.EndSession("c1", "2027-01-15", bruno, s.now)) }, nil},
		"none once its record was frozen":           {func(s *story) { s.do(s.FreezeRecord("c1", "", "", bruno, s.now)) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := met(t)
			test.change(s)
			var got []string
			for range 30 {
				give, record := s.after(5*time.Minute).Due(casework.DefaultPolicy(), s.now)
				for _, r := range give {
					if r.Kind == casework.RemindTime {
						got = append(got, fmt.Sprintf("%s %+d %v", s.now.Format("15:04"), r.Days, r.To))
					}
				}
				s.do(record, nil)
			}
			same(t, got, test.want...)
		})
	}
	t.Run("nobody when it is long over", func(t *testing.T) {
		s := met(t).after(12 * time.Hour)
		give, record := s.Due(casework.DefaultPolicy(), s.now)
		if len(give) > 0 || len(record) == 0 {
			t.Errorf("%v, %v", give, record)
		}
	})
}
