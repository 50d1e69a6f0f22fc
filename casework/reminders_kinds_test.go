package casework_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parcours/casework"
	"parcours/workdays"
)

// unrecorded is a case at work with a meeting on Friday 2026-10-02 at two, whose
// record nobody writes, on the Monday before.
func unrecorded(t *testing.T) *story {
	t.Helper()
	s := working(t)
	s.do(s.PlanCommission(casework.Commission{At: casework.Day("2026-10-02").At(14, 0, s.now.Location()), Place: "MDS"}, s.now))
	return s.on("2026-09-28", 10)
}

// The record is asked for from the next working day on, every working day, of
// whoever leads; and for the last time of the referent.
func TestRecordReminders(t *testing.T) {
	first := []string{"2026-10-05 c1 +1 [bruno]", "2026-10-06 c1 +2 [bruno]", "2026-10-07 c1 +3 [bruno]", "2026-10-08 c1 +4 [bruno]", "2026-10-09 c1 +5 [bruno]", "2026-10-12 c1 +6 [bruno]"}
	for name, test := range map[string]struct {
		change func(*story)
		want   []string
	}{
		"nobody writes it": {func(*story) {}, first},
		"with a chair and a secretary": {func(s *story) {
			s.list(denis()).join("denis", casework.RoleSecretary)
			s.Commissions[0].Chair = chloe
		}, []string{"2026-10-05 c1 +1 [bruno chloe denis]", "2026-10-06 c1 +2 [bruno chloe denis]", "2026-10-07 c1 +3 [bruno chloe denis]", "2026-10-08 c1 +4 [bruno chloe denis]", "2026-10-09 c1 +5 [bruno chloe denis]", "2026-10-12 c1 +6 [bruno chloe denis]"}},
		"of a chair who may know of nothing": {func(s *story) {
			s.Commissions[0].Chair = chloe
			s.do(s.Grant(anna, casework.Consent{Form: casework.Written, Topics: []casework.Topic{casework.Housing}, Shares: []casework.Share{{Professional: "p2", Topics: []casework.Topic{casework.Housing}}}}, s.now))
		}, first},
		"written on the third day": {func(s *story) {
			same(s.T, told(s, "2026-09-29", "2026-10-06", casework.RemindRecord), first[:2]...)
			s.by(bruno).do(s.FreezeRecord("c1", "", "", bruno, s.now))
		}, nil},
		"cancelled afterwards, as it was not held": {func(s *story) {
			same(s.T, told(s, "2026-09-29", "2026-10-06", casework.RemindRecord), first[:2]...)
			s.by(bruno).do(s.CancelCommission("c1", "", bruno, s.now))
		}, nil},
		"overtaken by another meeting": {func(s *story) {
			s.do(s.PlanCommission(casework.Commission{At: casework.Day("2026-10-07").At(14, 0, s.now.Location()), Place: "MDS", Why: "eviction"}, s.now))
			s.on("2026-10-07", 14).by(bruno).do(s.OpenSession("c2", bruno, s.now))
		}, []string{"2026-10-08 c2 +1 [bruno]", "2026-10-09 c2 +2 [bruno]", "2026-10-12 c2 +3 [bruno]"}},
		"closed": {func(s *story) { s.do(s.Close(casework.Closing{Reason: "moved away"})) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := unrecorded(t)
			test.change(s)
			same(t, told(s, max("2026-09-29", casework.DayOf(s.now).Add(1)), "2026-10-12", casework.RemindRecord), test.want...)
		})
	}
	t.Run("until the thirtieth working day", func(t *testing.T) {
		s := unrecorded(t)
		s.Commissions[0].Chair = chloe
		lines := told(s, "2026-09-29", "2027-03-01", casework.RemindRecord)
		if n := len(lines); n != 29 || lines[n-1] != "2026-11-12 c1 +29 [bruno chloe]" {
			t.Errorf("%d reminders: %v", n, lines)
		}
		s = unrecorded(t)
		s.Commissions[0].Chair = chloe
		same(t, told(s, "2026-09-29", "2027-03-01", casework.RemindUnrecorded), "2026-11-13 c1 +30 [bruno]")
	})
}

// Whoever was at the meeting is asked to sign its record, and the referent to see
// to those who are not in the circle.
func TestSignatureReminders(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*story)
		want   []string
	}{
		"nobody signs": {func(*story) {}, []string{"2026-10-05 r1 +3 [anna bruno chloe martin]", "2026-10-09 r1 +7 [anna bruno chloe martin]"}},
		"some sign": {func(s *story) {
			s.by(bruno).do(s.Sign("r1", bruno, s.now)).by(martin).do(s.Sign("r1", martin, s.now))
		}, []string{"2026-10-05 r1 +3 [anna chloe]", "2026-10-09 r1 +7 [anna chloe]"}},
		"one signs on the way": {func(s *story) {
			same(s.T, told(s, "2026-10-03", "2026-10-06", casework.RemindSignatures), "2026-10-05 r1 +3 [anna bruno chloe martin]")
			s.by(anna).do(s.Sign("r1", anna, s.now))
		}, []string{"2026-10-09 r1 +7 [bruno chloe martin]"}},
		"somebody without an account is left": {func(s *story) {
			for _, user := range []casework.UserID{anna, bruno, chloe, martin} {
				s.by(user).do(s.Sign("r1", user, s.now))
			}
			s.list(casework.Professional{Name: "Denis", Service: "HLM", Agreed: true})
		}, []string{"2026-10-05 r1 +3 [bruno]", "2026-10-09 r1 +7 [bruno]"}},
		"the person has no account": {func(s *story) {
			for _, user := range []casework.UserID{anna, bruno, chloe} {
				s.by(user).do(s.Sign("r1", user, s.now))
			}
			s.by(martin).do(s.Leave(martin))
		}, []string{"2026-10-05 r1 +3 [bruno]", "2026-10-09 r1 +7 [bruno]"}},
		"her family signed on paper": {func(s *story) {
			for _, user := range []casework.UserID{anna, bruno, chloe} {
				s.by(user).do(s.Sign("r1", user, s.now))
			}
			s.by(martin).do(s.Leave(martin))
			s.by(anna).do(s.SignOnPaper("r1", "Mme Martin", "M. Petit", anna, s.now))
		}, nil},
		"all sign": {func(s *story) {
			for _, user := range []casework.UserID{anna, bruno, chloe, martin} {
				s.by(user).do(s.Sign("r1", user, s.now))
			}
		}, nil},
		"it is corrected": {func(s *story) {
			s.on("2026-10-06", 10).by(bruno).do(s.FreezeRecord("c1", "A visit in May", "", bruno, s.now))
		}, []string{"2026-10-09 r2 +3 [anna bruno chloe martin]", "2026-10-13 r2 +7 [anna bruno chloe martin]"}},
		"those who were there alone": {func(s *story) {
			s.on("2026-10-06", 10).by(bruno).do(s.TakeAttendance("c1", []casework.Actor{"p3"}, nil, bruno, s.now))
			s.by(bruno).do(s.FreezeRecord("c1", "", "", bruno, s.now))
		}, []string{"2026-10-09 r2 +3 [chloe martin]", "2026-10-13 r2 +7 [chloe martin]"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := unrecorded(t).on("2026-10-02", 16)
			s.by(bruno).do(s.FreezeRecord("c1", "", "", bruno, s.now))
			test.change(s)
			same(t, told(s, casework.DayOf(s.now).Add(1), "2026-10-20", casework.RemindSignatures), test.want...)
		})
	}
}

// The day chosen for the next meeting is told to the referent as long as nobody is
// called to it.
func TestReviewReminders(t *testing.T) {
	plan := func(s *story, day casework.Day, extraordinary bool) {
		s.do(s.PlanCommission(casework.Commission{At: day.At(14, 0, s.now.Location()), Place: "MDS", Why: "x", Extraordinary: extraordinary}, s.now))
	}
	both := []string{"2026-12-16 c1 -30 [bruno]", "2027-01-08 c1 -7 [bruno]"}
	for name, test := range map[string]struct {
		change func(*story)
		want   []string
	}{
		"nobody is called":                    {func(*story) {}, both},
		"called to that day":                  {func(s *story) { plan(s, "2027-01-15", false) }, nil},
		"called to a day after":               {func(s *story) { plan(s, "2027-02-15", false) }, nil},
		"called to a day before":              {func(s *story) { plan(s, "2027-01-11", false) }, nil},
		"an extraordinary meeting before":     {func(s *story) { plan(s, "2026-11-11", true) }, both},
		"an extraordinary meeting on the day": {func(s *story) { plan(s, "2027-01-15", true) }, nil},
		"called, and cancelled": {func(s *story) {
			plan(s, "2027-01-15", false)
			s.by(bruno).do(s.CancelCommission("c2", "", bruno, s.now))
		}, both},
		"another day, in the correction of the record": {func(s *story) {
			s.on("2026-12-18", 10).by(bruno).do(s.FreezeRecord("c1", "", "2027-02-03", bruno, s.now))
		}, []string{"2027-01-04 c1 -30 [bruno]", "2027-01-27 c1 -7 [bruno]"}},
		"a near day": {func(s *story) {
			s.by(bruno).do(s.FreezeRecord("c1", "Soon", "2026-10-20", bruno, s.now))
		}, []string{"2026-10-13 c1 -7 [bruno]"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := unrecorded(t).on("2026-10-02", 16)
			s.by(bruno).do(s.FreezeRecord("c1", "", "2027-01-15", bruno, s.now))
			test.change(s)
			same(t, told(s, casework.DayOf(s.now).Add(1), "2027-02-20", casework.RemindReview), test.want...)
		})
	}
}

// A case in which nobody decides anything comes back to the referent, as often as
// the silence lasts as long again; what the program notes by itself is no decision.
func TestSilenceReminders(t *testing.T) {
	every := []string{"2026-11-02  +60 [bruno]", "2026-12-30  +120 [bruno]", "2027-03-01  +180 [bruno]", "2027-04-29  +240 [bruno]", "2027-06-28  +300 [bruno]", "2027-08-27  +360 [bruno]"}
	t.Run("for a year", func(t *testing.T) {
		same(t, told(followed(t), "2026-09-02", "2027-12-31", casework.RemindSilence), every...)
	})
	t.Run("until somebody decides something", func(t *testing.T) {
		s := followed(t)
		same(t, told(s, "2026-09-02", "2026-11-10", casework.RemindSilence), every[0])
		s.do(s.SetObjective(casework.Objective{Topic: casework.Housing, Title: "Stay in the flat"}, s.now))
		same(t, told(s, "2026-11-11", "2027-01-31", casework.RemindSilence), "2027-01-11  +60 [bruno]")
	})
	t.Run("whatever the program notes", func(t *testing.T) {
		s := followed(t).on("2026-10-20", 10)
		for _, fact := range []casework.Fact{
			casework.ChannelOpened{Channel: "x"}, casework.Shown{Key: "k"}, casework.Withheld{}, casework.Reminded{Key: "k"},
			casework.SharingHeld{Reason: "public"}, casework.SharingResumed{}, casework.DocumentMade{Kind: "list"},
		} {
			s.do([]casework.Fact{fact}, nil)
		}
		same(t, told(s, "2026-10-21", "2026-11-10", casework.RemindSilence), every[0])
	})
	t.Run("no further than the agreement", func(t *testing.T) {
		s := followed(t)
		s.do(s.Extend(anna, casework.Extension{Until: "2026-11-15"}, s.now))
		same(t, told(s, "2026-09-02", "2027-12-31", casework.RemindSilence), every[0])
	})
	t.Run("not while the person thinks it over", func(t *testing.T) {
		same(t, told(thinking(t), "2026-09-02", "2027-06-30", casework.RemindSilence))
	})
	t.Run("not once closed", func(t *testing.T) {
		s := followed(t)
		s.do(s.Close(casework.Closing{Reason: "moved away"}))
		same(t, told(s, "2026-09-02", "2027-06-30", casework.RemindSilence))
	})
}

// Whoever keeps a closed case hears a month before it can be read no more; a day
// that is not there two years later is the last of its month. So does, and of
// nothing else, whoever opened a case of which the person took back her consent; or
// that she never answered.
func TestRetentionReminders(t *testing.T) {
	closed := func(t *testing.T, day casework.Day) *story {
		s := followed(t)
		s.do(s.Extend(anna, casework.Extension{Until: "2028-12-31"}, s.now))
		s.on(day, 10).do(s.Close(casework.Closing{Reason: "moved away"}))
		return s
	}
	for day, want := range map[casework.Day]string{
		"2026-11-20": "2028-10-20  -30 [anna bruno]",
		"2028-02-29": "2030-01-29  -30 [anna bruno]",
		"2026-12-22": "2028-11-22  -30 [anna bruno]",
		"2026-12-26": "2028-11-24  -30 [anna bruno]", // 26 November is a Sunday
	} {
		s := closed(t, day)
		same(t, told(s, casework.DayOf(s.now).Add(650), casework.DayOf(s.now).Add(740), casework.RemindRetention), want)
	}
	for _, kind := range casework.ReminderKinds() {
		s := followed(t)
		s.by(martin).do(s.Withdraw(martin))
		var want []string
		if kind == casework.RemindRetention {
			want = []string{"2028-08-02  -30 [anna]"}
		}
		same(t, told(s, casework.DayOf(s.now), "2029-01-01", kind), want...)
	}
	same(t, told(thinking(t), "2026-09-02", "2029-01-01", casework.RemindRetention), "2028-08-02  -30 [anna]")
}

// Days nobody works are those of the département.
func TestRemindersOnHolidays(t *testing.T) {
	for _, test := range []struct {
		departement string
		due         casework.Day
		want        string // the days of -1, 0 and 1
	}{
		{"09", "2027-03-30", "2027-03-26 2027-03-30 2027-03-31"},  // Tuesday after Easter
		{"67", "2027-03-30", "2027-03-25 2027-03-30 2027-03-31"},  // not on Good Friday
		{"09", "2027-03-29", "2027-03-26 2027-03-30 2027-03-30"},  // Easter Monday
		{"67", "2027-03-26", "2027-03-25 2027-03-30 2027-03-30"},  // Good Friday
		{"09", "2027-03-26", "2027-03-25 2027-03-26 2027-03-30"},  //
		{"973", "2027-06-11", "2027-06-09 2027-06-11 2027-06-14"}, // the day after the abolition
		{"09", "2027-06-11", "2027-06-10 2027-06-11 2027-06-14"},  //
		{"971", "2027-05-27", "2027-05-26 2027-05-28 2027-05-28"}, //
		{"972", "2027-05-21", "2027-05-20 2027-05-21 2027-05-24"}, // the abolition is a Saturday
		{"09", "2026-12-25", "2026-12-24 2026-12-28 2026-12-28"},  // Christmas
		{"09", "2027-01-01", "2026-12-31 2027-01-04 2027-01-04"},  //
		{"09", "2026-11-14", "2026-11-13 2026-11-16 2026-11-16"},  // a Saturday
		{"09", "2026-11-12", "2026-11-10 2026-11-12 2026-11-13"},  // the day after the Armistice
	} {
		s := working(t)
		s.do(s.Postpone("a1", test.due, bruno, s.now))
		p := casework.Policy{Hour: 9, Working: workdays.Of(test.departement), Action: []int{-1, 0, 1}}
		want := map[string]string{}
		for i, day := range []string{test.want[:10], test.want[11:21], test.want[22:]} {
			want[fmt.Sprintf("action/a1/%s/%d", test.due, i-1)] = day
		}
		for key, day := range want {
			at := casework.Day(day).At(9, 0, s.now.Location())
			if before := due(s, p, at.Add(-time.Minute)); before[key] {
				t.Errorf("%s in %s is due before %s", key, test.departement, day)
			}
			if !due(s, p, at)[key] {
				t.Errorf("%s in %s is not due on %s", key, test.departement, day)
			}
		}
	}
}

// due gives the keys of all that is due at a moment.
func due(s *story, p casework.Policy, at time.Time) map[string]bool {
	_, record := s.Due(p, at)
	keys := map[string]bool{}
	for _, key := range keysOf(record) {
		keys[key] = true
	}
	return keys
}

// What is counted in days and falls on a day nobody works comes on the day worked
// before, when it is ahead; the end of an agreement on the next.
func TestRemindersAroundADay(t *testing.T) {
	for until, want := range map[casework.Day][]string{
		"2027-05-08": {"2027-04-08  -30 [anna]", "2027-04-30  -7 [anna]", "2027-05-10  +0 [anna]"}, // Saturday, and 1 May
		"2027-04-06": {"2027-03-05  -30 [anna]", "2027-03-30  -7 [anna]", "2027-04-06  +0 [anna]"}, // 7 March is a Sunday
		"2028-02-29": {"2028-01-28  -30 [anna]", "2028-02-22  -7 [anna]", "2028-02-29  +0 [anna]"}, // 30 January is a Sunday
		"2028-03-07": {"2028-02-04  -30 [anna]", "2028-02-29  -7 [anna]", "2028-03-07  +0 [anna]"}, // 6 February is a Sunday
		"2027-05-13": {"2027-04-13  -30 [anna]", "2027-05-05  -7 [anna]", "2027-05-13  +0 [anna]"}, // 6 May is Ascension Day
		"2027-12-25": {"2027-11-25  -30 [anna]", "2027-12-17  -7 [anna]", "2027-12-27  +0 [anna]"}, // Christmas, a Saturday
		"2028-12-26": {"2028-11-24  -30 [anna]", "2028-12-19  -7 [anna]", "2028-12-27  +0 [anna]"}, // in Alsace
		"2028-04-14": {"2028-03-15  -30 [anna]", "2028-04-07  -7 [anna]", "2028-04-18  +0 [anna]"}, // Good Friday there
	} {
		s := together(t)
		s.do(s.Extend(anna, casework.Extension{Until: until}, s.now))
		p := casework.DefaultPolicy()
		p.Working, p.Silence = workdays.Of("67"), 0
		same(t, toldBy(s, p, until.Add(-40), until.Add(10), casework.RemindConsent), want...)
	}
}

// On the nights when the clock changes there is one hour of the policy, neither
// none nor two.
func TestRemindersOnTheNightsOfTheClock(t *testing.T) {
	for _, test := range []struct {
		due  casework.Day
		hour int
		want string
	}{
		{"2027-03-28", 1, "2027-03-28T01:00:00+01:00"}, {"2027-03-28", 2, "2027-03-28T03:00:00+02:00"}, {"2027-03-28", 3, "2027-03-28T03:00:00+02:00"},
		{"2026-10-25", 1, "2026-10-25T01:00:00+02:00"}, {"2026-10-25", 2, "2026-10-25T02:00:00"}, {"2026-10-25", 3, "2026-10-25T03:00:00+01:00"},
		{"2026-10-25", 0, "2026-10-25T00:00:00+02:00"}, {"2027-03-28", 23, "2027-03-28T23:00:00+02:00"},
	} {
		s := working(t)
		s.do(s.Postpone("a1", test.due, bruno, s.now))
		p := casework.Policy{Hour: test.hour, Working: func(casework.Day) bool { return true }, Action: []int{0}}
		next := s.NextDue(p, s.now.Location())
		if got := next.Format(time.RFC3339); !strings.HasPrefix(got, test.want) {
			t.Errorf("%s at %d: %s, want %s", test.due, test.hour, got, test.want)
		}
		times := 0
		for at := next.Add(-26 * time.Hour); at.Before(next.Add(26 * time.Hour)); at = at.Add(30 * time.Minute) {
			give, record := s.Due(p, at)
			times += len(give)
			s.do(record, nil)
		}
		if times != 1 {
			t.Errorf("%s at %d: given %d times", test.due, test.hour, times)
		}
	}
}

// What stands, and for whom, as the case goes on.
func TestWhatStillStands(t *testing.T) {
	late := func(kind casework.ReminderKind, subject string, on casework.Day) casework.Reminder {
		return casework.Reminder{Kind: kind, Subject: subject, On: on}
	}
	action := casework.Reminder{Kind: casework.RemindAction, Subject: "a1", On: "2026-11-20", Days: 1, At: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
	for name, test := range map[string]struct {
		r      casework.Reminder
		change func(*story)
		want   []casework.UserID
	}{
		"an action":                   {action, func(*story) {}, []casework.UserID{bruno}},
		"an action of another":        {action, func(s *story) { s.Actions[0].Who = "p3" }, []casework.UserID{bruno, chloe}},
		"an action handed over since": {action, func(s *story) { s.do(s.Reassign("a1", "p3", bruno, s.now)) }, nil},
		"an action put off":           {action, func(s *story) { s.do(s.Postpone("a1", "2026-12-20", bruno, s.now)) }, nil},
		"an action whose actor left":  {action, func(s *story) { s.do(s.Leave(bruno)) }, []casework.UserID{anna}},
		"an action of a vetoed topic": {action, func(s *story) {
			s.do(s.Extend(anna, casework.Extension{Vetoes: []casework.Topic{casework.Housing}}, s.now))
		}, nil},
		"the mission of a referent":     {late(casework.RemindMission, "bruno", "2027-01-31"), func(s *story) { s.refer(bruno, "2027-01-31") }, []casework.UserID{bruno}},
		"a mission that another took":   {late(casework.RemindMission, "bruno", "2027-01-31"), func(s *story) { s.refer(bruno, "2027-01-31").refer(chloe, "") }, nil},
		"a consent":                     {late(casework.RemindConsent, "", "2027-09-01"), func(*story) {}, []casework.UserID{bruno}},
		"a consent that ran out":        {late(casework.RemindConsent, "", "2027-09-01"), func(s *story) { s.on("2027-10-01", 9) }, []casework.UserID{bruno}},
		"a consent that was renewed":    {late(casework.RemindConsent, "", "2027-09-01"), func(s *story) { s.do(s.Extend(anna, casework.Extension{Until: "2028-01-01"}, s.now)) }, nil},
		"a silence":                     {late(casework.RemindSilence, "", "2026-09-01"), func(*story) {}, []casework.UserID{bruno}},
		"a silence that was broken":     {late(casework.RemindSilence, "", "2026-09-01"), func(s *story) { s.do(s.Leave(chloe)) }, nil},
		"a measure":                     {late(casework.RemindMeasure, "p3", "2027-01-31"), func(s *story) { s.Professionals[2].End = "2027-01-31" }, []casework.UserID{bruno}},
		"a measure of no end any more":  {late(casework.RemindMeasure, "p3", "2027-01-31"), func(*story) {}, nil},
		"thinking, once it is over":     {late(casework.RemindThinking, "", "2026-09-01"), func(*story) {}, nil},
		"what was never heard of":       {late("birthday", "", ""), func(*story) {}, nil},
		"an unknown subject":            {late(casework.RemindAction, "a9", ""), func(*story) {}, nil},
		"retention, as long as it runs": {late(casework.RemindRetention, "", "2028-11-24"), func(*story) {}, nil},
		"retention of a closed case":    {late(casework.RemindRetention, "", "2028-11-24"), func(s *story) { s.do(s.Close(casework.Closing{Reason: "moved away"})) }, []casework.UserID{anna, bruno}},
		"anything once she withdrew":    {late(casework.RemindConsent, "", "2027-09-01"), func(s *story) { s.do(s.Withdraw(martin)) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := working(t).on("2026-11-24", 10)
			test.change(s)
			var got []casework.UserID
			for _, user := range []casework.UserID{anna, bruno, chloe, martin, "stranger", ""} {
				if s.Stands(test.r, user, s.now) {
					got = append(got, user)
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(test.want) {
				t.Errorf("stands for %v, want %v", got, test.want)
			}
		})
	}
}

// What stands around a meeting.
func TestWhatStandsOfAMeeting(t *testing.T) {
	everybody := []casework.UserID{anna, bruno, chloe, martin}
	referent := everybody[1:2]
	r := func(kind casework.ReminderKind, subject string) casework.Reminder {
		return casework.Reminder{Kind: kind, Subject: subject}
	}
	frozen := func(s *story) {
		s.on("2026-10-02", 16).by(bruno).do(s.FreezeRecord("c1", "", "2027-01-15", bruno, s.now))
	}
	sign := func(users ...casework.UserID) func(*story) {
		return func(s *story) {
			frozen(s)
			for _, user := range users {
				s.by(user).do(s.Sign("r1", user, s.now))
			}
		}
	}
	cancelled := func(s *story) { s.by(bruno).do(s.CancelCommission("c1", "", bruno, s.now)) }
	begun := func(s *story) { s.on("2026-10-02", 14) }
	for name, test := range map[string]struct {
		r      casework.Reminder
		change func(*story)
		want   []casework.UserID
	}{
		"the meeting":                     {r(casework.RemindCommission, "c1"), func(*story) {}, everybody},
		"a meeting somebody left":         {r(casework.RemindCommission, "c1"), func(s *story) { s.do(s.Leave(chloe)) }, []casework.UserID{anna, bruno, martin}},
		"a meeting that was cancelled":    {r(casework.RemindCommission, "c1"), cancelled, nil},
		"a meeting that began":            {r(casework.RemindCommission, "c1"), begun, nil},
		"invitations":                     {r(casework.RemindInvitations, "c1"), func(*story) {}, referent},
		"invitations of one that began":   {r(casework.RemindInvitations, "c1"), begun, nil},
		"a record":                        {r(casework.RemindRecord, "c1"), begun, referent},
		"a record that is fixed":          {r(casework.RemindRecord, "c1"), frozen, nil},
		"a record of one not held":        {r(casework.RemindUnrecorded, "c1"), cancelled, nil},
		"signatures":                      {r(casework.RemindSignatures, "r1"), frozen, everybody},
		"signatures, some given":          {r(casework.RemindSignatures, "r1"), sign(bruno, chloe), []casework.UserID{anna, bruno, martin}},
		"signatures, all given":           {r(casework.RemindSignatures, "r1"), sign(everybody...), nil},
		"the time of a meeting to come":   {r(casework.RemindTime, "c1"), func(*story) {}, nil},
		"the time of a meeting under way": {r(casework.RemindTime, "c1"), func(s *story) { s.on("2026-10-02", 14).by(bruno).do(s.OpenSession("c1", bruno, s.now)) }, referent},
		"the next meeting":                {r(casework.RemindReview, "c1"), frozen, referent},
		"the next meeting, called": {r(casework.RemindReview, "c1"), func(s *story) {
			frozen(s)
			s.do(s.PlanCommission(casework.Commission{At: casework.Day("2027-01-15").At(9, 0, s.now.Location()), Place: "MDS"}, s.now))
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := unrecorded(t)
			test.change(s)
			var got []casework.UserID
			for _, user := range append(everybody, "stranger", "") {
				if s.Stands(test.r, user, s.now) {
					got = append(got, user)
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(test.want) {
				t.Errorf("stands for %v, want %v", got, test.want)
			}
		})
	}
}
