package casework_test

import (
	"testing"
	"time"

	"parcours/casework"

	"pgregory.net/rapid"
)

func TestDayArithmetic(t *testing.T) {
	for _, test := range []struct {
		name      string
		got, want casework.Day
	}{
		{"over a month's end", casework.Day("2026-01-31").Add(1), "2026-02-01"},
		{"back over a leap day", casework.Day("2028-03-01").Add(-1), "2028-02-29"},
		{"over the night the clocks go forward", casework.Day("2026-03-28").Add(2), "2026-03-30"},
		{"a month after the 31st", casework.Day("2026-01-31").AddMonths(1), "2026-02-28"},
		{"a month after the 31st, leap year", casework.Day("2028-01-31").AddMonths(1), "2028-02-29"},
		{"a year after a leap day", casework.Day("2028-02-29").AddMonths(12), "2029-02-28"},
		{"over the year's end", casework.Day("2026-11-30").AddMonths(3), "2027-02-28"},
		{"a month before the 31st", casework.Day("2026-03-31").AddMonths(-1), "2026-02-28"},
		{"the next working day of a Friday", casework.Day("2026-11-20").AddWorking(1, nil), "2026-11-23"},
		{"the working day before a Monday", casework.Day("2026-11-23").AddWorking(-1, nil), "2026-11-20"},
		{"the next working day of a Saturday", casework.Day("2026-11-21").AddWorking(1, nil), "2026-11-23"},
		{"seven working days", casework.Day("2026-11-20").AddWorking(7, nil), "2026-12-01"},
		{"seven working days before", casework.Day("2026-11-20").AddWorking(-7, nil), "2026-11-11"},
		{"no working day from a Sunday", casework.Day("2026-11-22").AddWorking(0, nil), "2026-11-22"},
		{"after no day", casework.Day("").Add(1), ""},
		{"months after no day", casework.Day("soon").AddMonths(1), ""},
		{"working days after no day", casework.Day("2026-02-30").AddWorking(2, nil), ""},
	} {
		if test.got != test.want {
			t.Errorf("%s: %s, want %s", test.name, test.got, test.want)
		}
	}
}

func TestDayValid(t *testing.T) {
	for day, want := range map[casework.Day]bool{
		"2026-11-20": true, "2028-02-29": true, "": false, "2026-02-29": false, "2026-13-01": false,
		"2026-1-2": false, "20/11/2026": false, "2026-11-20T00:00:00Z": false, "12026-11-20": false,
	} {
		if day.Valid() != want {
			t.Errorf("%q: %t", day, !want)
		}
	}
}

// A day is that of the clock on the wall, and an hour that the night of a change
// skips is the one that the clock shows instead.
func TestDayAndMoment(t *testing.T) {
	zone := paris(t)
	midnight := time.Date(2026, 9, 1, 22, 30, 0, 0, time.UTC)
	if got := casework.DayOf(midnight.In(zone)); got != "2026-09-02" {
		t.Errorf("half past midnight in Paris is on %s", got)
	}
	for _, test := range []struct {
		day          casework.Day
		hour, minute int
		want         string
	}{
		{"2026-03-29", 2, 30, "2026-03-29T03:30:00+02:00"},
		{"2026-03-29", 9, 0, "2026-03-29T09:00:00+02:00"},
		{"2026-03-28", 9, 0, "2026-03-28T09:00:00+01:00"},
		{"2026-10-25", 9, 0, "2026-10-25T09:00:00+01:00"},
	} {
		if got := test.day.At(test.hour, test.minute, zone).Format(time.RFC3339); got != test.want {
			t.Errorf("%s at %d:%d is %s, want %s", test.day, test.hour, test.minute, got, test.want)
		}
	}
	if !casework.Day("soon").At(9, 0, zone).IsZero() {
		t.Error("no day has a moment")
	}
}

func TestDaysAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := casework.DayOf(time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "second"), 0).UTC())
		n := rapid.IntRange(-200_000, 200_000).Draw(t, "days")
		later := d.Add(n)
		if got := later.Sub(d); later.Valid() && got != n {
			t.Fatalf("from %s to %s there are %d days, not %d", d, later, got, n)
		}
		if later.Valid() && (n > 0) != (later > d) {
			t.Fatalf("%s and %s are in the wrong order", d, later)
		}
		m := d.AddMonths(rapid.IntRange(0, 60).Draw(t, "months"))
		if !m.Valid() || m < d || m[8:] > d[8:] {
			t.Fatalf("months after %s: %s", d, m)
		}
		w := d.AddWorking(rapid.IntRange(1, 30).Draw(t, "working"), nil).At(12, 0, time.UTC).Weekday()
		if w == time.Saturday || w == time.Sunday {
			t.Fatalf("a working %s", w)
		}
	})
}

// What is a day is what the calendar says, and nothing but ten characters of it.
func TestOnlyDaysAreDays(t *testing.T) {
	text := rapid.OneOf(
		rapid.StringMatching(`[0-9]{4}-[0-9]{2}-[0-9]{2}`), rapid.StringMatching(`(19|20)[0-9]{2}-(0[0-9]|1[0-3])-([0-2][0-9]|3[0-2])`),
		rapid.StringMatching(`[0-9]{4}-02-(28|29|30)`), rapid.StringMatching(`[0-9+-:]{10}`), rapid.String(),
	)
	rapid.Check(t, func(t *rapid.T) {
		d := text.Draw(t, "day")
		want, err := time.Parse(time.DateOnly, d)
		if got := casework.Day(d).Valid(); got != (err == nil) {
			t.Fatalf("%q is a day: %t", d, got)
		}
		if got := casework.Day(d).At(0, 0, time.UTC); err == nil && !got.Equal(want) {
			t.Fatalf("%q is %s", d, got)
		}
	})
}
