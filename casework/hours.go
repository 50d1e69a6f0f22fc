package casework

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A Clock is a time of the day, in minutes since midnight, up to 24 hours.
type Clock int

// ClockAt gives the time of the day at hour:minute.
func ClockAt(hour, minute int) Clock { return Clock(hour*60 + minute) }

var clockText = regexp.MustCompile(`^([01]?\d|2[0-4])(?:\s*[h:]\s*([0-5]\d)?)?$`)

// ParseClock reads a time of the day as people type it: "8h30", "8:30", "20 h",
// "20".
func ParseClock(text string) (at Clock, ok bool) {
	found := clockText.FindStringSubmatch(strings.ToLower(strings.TrimSpace(text)))
	if found == nil {
		return 0, false
	}
	hour, _ := strconv.Atoi(found[1])
	minute, _ := strconv.Atoi(found[2])
	at = ClockAt(hour, minute)
	return at, at <= ClockAt(24, 0)
}

// String gives the time of the day as "08:30".
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", c/60, c%60) }

// On gives the moment of d at the time of the day, in zone.
func (c Clock) On(d Day, zone *time.Location) time.Time { return d.At(0, int(c), zone) }

// Hours say when somebody may be nudged: on working days between two times of
// the day, less the quiet hours they asked for, which may span midnight.
type Hours struct {
	Zone     *time.Location
	Working  func(Day) bool
	From, To Clock
	// QuietFrom and QuietTo are equal when there are no quiet hours.
	QuietFrom, QuietTo Clock
}

// Hours gives when people in a time zone may be nudged.
func (p Policy) Hours(zone *time.Location) Hours {
	h := Hours{Zone: zone, Working: p.Working, From: p.From, To: p.To}
	if h.Working == nil {
		h.Working = Day.IsWeekday
	}
	return h
}

// A slot is from a time of the day to another, which is not in it.
type slot struct{ from, to Clock }

// searched is how many days ahead a moment is looked for: more than any row of
// days that are not worked.
const searched = 60

// Next gives the first moment, t or later, at which they may be nudged. Where
// there is none, since no day is a working day, it gives t: better at a bad hour
// than never.
func (h Hours) Next(t time.Time) time.Time {
	day := DayOf(t.In(h.Zone))
	for range searched {
		if h.Working(day) {
			for _, s := range h.open() {
				from, to := s.from.On(day, h.Zone), s.to.On(day, h.Zone)
				if to.After(t) && to.After(from) {
					return latest(from, t)
				}
			}
		}
		day = day.Add(1)
	}
	return t
}

// Open reports whether they may be nudged at t.
func (h Hours) Open(t time.Time) bool { return h.Next(t).Equal(t) }

// Late reports whether what was due at a moment comes late at now: more than a
// working day after they could first be nudged.
func (h Hours) Late(due, now time.Time) bool {
	first := h.Next(due).In(h.Zone)
	day := DayOf(first).AddWorking(1, h.Working)
	return now.After(day.At(first.Hour(), first.Minute(), h.Zone))
}

// Left is how long they may be nudged on a working day.
func (h Hours) Left() time.Duration {
	var left Clock
	for _, s := range h.open() {
		left += s.to - s.from
	}
	return time.Duration(left) * time.Minute
}

// open gives the parts of a working day in which they may be nudged, in order.
func (h Hours) open() []slot {
	open := []slot{{h.From, h.To}}
	for _, quiet := range h.quiet() {
		var left []slot
		for _, s := range open {
			for _, part := range []slot{{s.from, min(s.to, quiet.from)}, {max(s.from, quiet.to), s.to}} {
				if part.from < part.to {
					left = append(left, part)
				}
			}
		}
		open = left
	}
	return open
}

// quiet gives the quiet hours of a day, cut at midnight.
func (h Hours) quiet() []slot {
	switch {
	case h.QuietFrom == h.QuietTo:
		return nil
	case h.QuietTo < h.QuietFrom:
		return []slot{{0, h.QuietTo}, {h.QuietFrom, ClockAt(24, 0)}}
	}
	return []slot{{h.QuietFrom, h.QuietTo}}
}

// latest gives the later of two moments.
func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
