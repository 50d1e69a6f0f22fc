package workdays_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"parcours/casework"
	"parcours/workdays"

	"pgregory.net/rapid"
)

// whole are the public holidays of the whole country, from calendars printed at
// the time: years with an early and a late Easter, common and leap.
var whole = map[string][]casework.Day{
	"2008": {"2008-01-01", "2008-03-24", "2008-05-01", "2008-05-01", "2008-05-08", "2008-05-12", "2008-07-14", "2008-08-15", "2008-11-01", "2008-11-11", "2008-12-25"},
	"2011": {"2011-01-01", "2011-04-25", "2011-05-01", "2011-05-08", "2011-06-02", "2011-06-13", "2011-07-14", "2011-08-15", "2011-11-01", "2011-11-11", "2011-12-25"},
	"2024": {"2024-01-01", "2024-04-01", "2024-05-01", "2024-05-08", "2024-05-09", "2024-05-20", "2024-07-14", "2024-08-15", "2024-11-01", "2024-11-11", "2024-12-25"},
	"2025": {"2025-01-01", "2025-04-21", "2025-05-01", "2025-05-08", "2025-05-29", "2025-06-09", "2025-07-14", "2025-08-15", "2025-11-01", "2025-11-11", "2025-12-25"},
	"2026": {"2026-01-01", "2026-04-06", "2026-05-01", "2026-05-08", "2026-05-14", "2026-05-25", "2026-07-14", "2026-08-15", "2026-11-01", "2026-11-11", "2026-12-25"},
	"2027": {"2027-01-01", "2027-03-29", "2027-05-01", "2027-05-08", "2027-05-06", "2027-05-17", "2027-07-14", "2027-08-15", "2027-11-01", "2027-11-11", "2027-12-25"},
	"2028": {"2028-01-01", "2028-04-17", "2028-05-01", "2028-05-08", "2028-05-25", "2028-06-05", "2028-07-14", "2028-08-15", "2028-11-01", "2028-11-11", "2028-12-25"},
	"2038": {"2038-01-01", "2038-04-26", "2038-05-01", "2038-05-08", "2038-06-03", "2038-06-14", "2038-07-14", "2038-08-15", "2038-11-01", "2038-11-11", "2038-12-25"},
}

// alsace are those that Alsace and Moselle have besides.
var alsace = []casework.Day{
	"2008-03-21", "2008-12-26", "2011-04-22", "2011-12-26", "2024-03-29", "2024-12-26", "2025-04-18", "2025-12-26",
	"2026-04-03", "2026-12-26", "2027-03-26", "2027-12-26", "2028-04-14", "2028-12-26", "2038-04-23", "2038-12-26",
}

// Every day of those years is worked on or not as the printed calendar says, in
// départements without days of their own, and in those that have some.
func TestEveryDayOfSomeYears(t *testing.T) {
	for departement, own := range map[string][]casework.Day{
		"": nil, "09": nil, "2A": nil, "75": nil, "988": nil, "nowhere": nil,
		"57": alsace, "67": alsace, "68": alsace,
		"971": each("-05-27"), "972": each("-05-22"), "973": each("-06-10"), "974": each("-12-20"), "976": each("-04-27"),
		"977": each("-10-09"), "978": each("-05-28"),
	} {
		working := workdays.Of(departement)
		for year, holidays := range whole {
			for d := casework.Day(year + "-01-01"); string(d[:4]) == year; d = d.Add(1) {
				free := !d.IsWeekday() || slices.Contains(holidays, d) || slices.Contains(own, d)
				if working(d) == free {
					t.Errorf("%s in %q: working is %t", d, departement, !free)
				}
			}
		}
	}
}

// each gives a day of every one of those years.
func each(day casework.Day) []casework.Day {
	var days []casework.Day
	for year := range whole {
		days = append(days, casework.Day(year)+day)
	}
	return days
}

func TestNoDayIsWorked(t *testing.T) {
	for _, d := range []casework.Day{"", "2026", "soon", "2026-02-30", "2027-02-29"} {
		if workdays.Of("")(d) {
			t.Errorf("%q is a working day", d)
		}
	}
	if !workdays.Of("")("2028-02-29") {
		t.Error("Tuesday 29 February 2028 is no working day")
	}
}

// Easter is on the Sunday that the tables of the calendar give: found here by
// another way, from the age of the moon.
func TestEasterMondayOfAnyYear(t *testing.T) {
	working := workdays.Of("67")
	rapid.Check(t, func(t *rapid.T) {
		year := rapid.IntRange(1990, 2199).Draw(t, "year")
		easter := sundayAfterMoon(year)
		for _, after := range []int{-2, 1, 39, 50} {
			if d := easter.Add(after); working(d) {
				t.Fatalf("%d: Easter is %s, and %s a working day", year, easter, d)
			}
		}
	})
}

// sundayAfterMoon gives Easter by the rule itself: the Sunday after the first full
// moon of the ecclesiastical calendar from 21 March on. A lunation begins with the
// epact's day.
func sundayAfterMoon(year int) casework.Day {
	golden := year%19 + 1
	century := year/100 + 1
	epact := (11*golden + 20 + (8*century+5)/25 - 5 - (3*century/4 - 12)) % 30
	if epact < 0 {
		epact += 30
	}
	if epact == 25 && golden > 11 || epact == 24 {
		epact++
	}
	moon := 44 - epact
	if moon < 21 {
		moon += 30
	}
	full := time.Date(year, time.March, moon, 12, 0, 0, 0, time.UTC)
	return casework.DayOf(full.AddDate(0, 0, 7-int(full.Weekday())))
}

// One calendar may be asked by many at once.
func TestManyAskAtOnce(t *testing.T) {
	working := workdays.Of("974")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for d := casework.Day("2026-01-01"); d < "2029-01-01"; d = d.Add(1) {
				if d[5:] == "12-20" && working(d) {
					t.Errorf("%s is worked on", d)
				}
			}
		})
	}
	all.Wait()
}

func BenchmarkWorking(b *testing.B) {
	working := workdays.Of("67")
	for b.Loop() {
		working("2026-04-03")
	}
}
