// Package workdays tells the working days of a French département: neither a
// Saturday, nor a Sunday, nor a public holiday there.
package workdays

import (
	"strconv"
	"sync"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/aa"
	"github.com/rickar/cal/v2/fr"

	"parcours/casework"
)

// own are the public holidays of some départements beside those of the whole
// country: the local law of Alsace and Moselle, and the days on which the abolition
// of slavery is remembered overseas (decree 83-1003 of 23 November 1983).
var own = map[string][]*cal.Holiday{
	"57": alsaceMoselle, "67": alsaceMoselle, "68": alsaceMoselle,
	"971": {on(time.May, 27)}, "972": {on(time.May, 22)}, "973": {on(time.June, 10)},
	"974": {on(time.December, 20)}, "976": {on(time.April, 27)},
	"977": {on(time.October, 9)}, "978": {on(time.May, 28)},
}

var alsaceMoselle = []*cal.Holiday{aa.GoodFriday, aa.ChristmasDay2}

func on(month time.Month, day int) *cal.Holiday {
	return &cal.Holiday{Month: month, Day: day, Func: cal.CalcDayOfMonth}
}

// Of gives what tells the working days of a département, by its official code;
// without one, or for a code that has no days of its own, they are those of the
// whole country. No day is no working day. It may be asked from anywhere at once.
func Of(departement string) func(casework.Day) bool { return Week(departement, 5) }

// Week is Of where some days a week are worked: 5, 6 with the Saturdays, or 7, in
// which case public holidays are worked too.
func Week(departement string, days int) func(casework.Day) bool {
	c := calendar{own: own[departement], days: days}
	return c.working
}

// A calendar knows the holidays of the years it was asked about.
type calendar struct {
	own   []*cal.Holiday
	days  int
	years sync.Map // of a year, as "2026": map[casework.Day]bool
}

func (c *calendar) working(d casework.Day) bool {
	if !d.Valid() || c.days == 7 {
		return d.Valid()
	}
	saturday := d.At(12, 0, time.UTC).Weekday() == time.Saturday
	return (d.IsWeekday() || c.days == 6 && saturday) && !c.holidays(string(d[:4]))[d]
}

// holidays gives those of a year.
func (c *calendar) holidays(year string) map[casework.Day]bool {
	if known, ok := c.years.Load(year); ok {
		return known.(map[casework.Day]bool)
	}
	number, _ := strconv.Atoi(year)
	days := map[casework.Day]bool{}
	for _, all := range [][]*cal.Holiday{fr.Holidays, c.own} {
		for _, holiday := range all {
			midnight, _ := holiday.Calc(number)
			// In some zones a midnight of spring is still the day before.
			days[casework.DayOf(midnight.Add(12*time.Hour))] = true
		}
	}
	c.years.Store(year, days)
	return days
}
