package casework

import "time"

// Day is a calendar day, "2026-11-20", the same in every time zone. The zero
// Day is no day, and a day after it none either. Days compare as strings.
type Day string

// DayOf gives the day of t in t's own zone.
func DayOf(t time.Time) Day { return Day(t.Format(time.DateOnly)) }

// At gives the moment of the day at hour:minute in zone; on a night when that
// wall time does not exist, the moment the clock shows after the change. No day
// gives the zero time.
func (d Day) At(hour, minute int, zone *time.Location) time.Time {
	year, month, day, ok := d.date()
	if !ok {
		return time.Time{}
	}
	return time.Date(year, month, day, hour, minute, 0, 0, zone)
}

// Valid reports whether d is a day of the calendar.
func (d Day) Valid() bool {
	_, _, _, ok := d.date()
	return ok
}

// date reads d; ok is false when it is no day. Days are counted through by the
// hundred whenever a case changes, which time.Parse is slow for.
func (d Day) date() (year int, month time.Month, day int, ok bool) {
	if len(d) != len(time.DateOnly) || d[4] != '-' || d[7] != '-' {
		return 0, 0, 0, false
	}
	number := func(digits Day) (n int) {
		for _, c := range []byte(digits) {
			if c < '0' || c > '9' {
				return -1
			}
			n = 10*n + int(c-'0')
		}
		return n
	}
	year, month, day = number(d[:4]), time.Month(number(d[5:7])), number(d[8:])
	ok = year >= 0 && month >= time.January && month <= time.December && day >= 1 && day <= daysOf(year, month)
	return year, month, day, ok
}

// daysOf is how many days a month has.
func daysOf(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 12, 0, 0, 0, time.UTC).Day()
}

// Add gives the day n days later, or earlier for a negative n.
func (d Day) Add(n int) Day {
	if !d.Valid() {
		return ""
	}
	return DayOf(d.At(12, 0, time.UTC).AddDate(0, 0, n))
}

const secondsOfDay = 24 * 60 * 60

// Sub gives the number of days from other to d.
func (d Day) Sub(other Day) int {
	return int((d.At(12, 0, time.UTC).Unix() - other.At(12, 0, time.UTC).Unix()) / secondsOfDay)
}

// AddMonths gives the same day of the month n months later, or the last of that
// month when it is shorter.
func (d Day) AddMonths(n int) Day {
	if !d.Valid() {
		return ""
	}
	t := d.At(12, 0, time.UTC)
	first := time.Date(t.Year(), t.Month(), 1, 12, 0, 0, 0, time.UTC).AddDate(0, n, 0)
	return DayOf(first.AddDate(0, 0, min(t.Day(), daysOf(first.Year(), first.Month()))-1))
}

// AddWorking gives the nth working day after d (before it for a negative n);
// with n 0, d itself. Which days are working is told by working or, when it is
// nil, they are Monday to Friday.
func (d Day) AddWorking(n int, working func(Day) bool) Day {
	for ; n > 0; n-- {
		d = d.Add(1).FirstWorking(working)
	}
	for ; n < 0; n++ {
		d = d.Add(-1).LastWorking(working)
	}
	return d
}

// FirstWorking gives d if it is a working day, else the next one.
func (d Day) FirstWorking(working func(Day) bool) Day { return d.towards(1, working) }

// LastWorking gives d if it is a working day, else the one before.
func (d Day) LastWorking(working func(Day) bool) Day { return d.towards(-1, working) }

func (d Day) towards(step int, working func(Day) bool) Day {
	if working == nil {
		working = Day.IsWeekday
	}
	for d != "" && !working(d) {
		d = d.Add(step)
	}
	return d
}

// IsWeekday reports whether d is from Monday to Friday.
func (d Day) IsWeekday() bool {
	w := d.At(12, 0, time.UTC).Weekday()
	return w != time.Saturday && w != time.Sunday
}
