package casework

import (
	"cmp"
	"strings"
	"time"
)

// RetentionMonths is how long a case is kept after the last contact, where nothing
// else is set (guidance of the CNIL on social support).
const RetentionMonths = 24

// RetentionNotice is how many days before a case is destroyed it is announced at least.
const RetentionNotice = 30

// RetentionSet: the case is kept so many months after the last contact from now on.
type RetentionSet struct {
	Months int `json:"months"`
}

func (f RetentionSet) apply(c *Case, e Entry) { c.months, c.monthsAt = f.Months, e.At }

// KeptMonths is how long the case is kept after the last contact.
func (c *Case) KeptMonths() int { return cmp.Or(c.months, RetentionMonths) }

// SetRetention decides how many months the case is kept after the last contact; nil
// when it is so already, and for no number, or of no case.
func (c *Case) SetRetention(months int) []Fact {
	if months == 0 || months == c.KeptMonths() || c.OpenedAt.IsZero() {
		return nil
	}
	return []Fact{RetentionSet{Months: months}}
}

// lastContact is when the case was or will be last worked on, as it stands: its end;
// as long as it has none, what was last decided or, if that is later, the end of the
// last day of the consent. The zero time for what is no case.
func (c *Case) lastContact(zone *time.Location) time.Time {
	switch c.State {
	case Proposed:
		return c.DecidedAt
	case Consented, Followed:
		if ends := c.Consent().Until.At(23, 59, zone); ends.After(c.DecidedAt) {
			return ends
		}
		return c.DecidedAt
	case Closed, Withdrawn:
		return c.endedAt
	}
	return time.Time{}
}

// KeptUntil is the last day on which the case is kept if nobody works on it any more,
// and may be read if it was closed: it moves on with each decision. What was said
// after the last contact of how long it is kept leaves long enough for the new day to
// be announced.
func (c *Case) KeptUntil(zone *time.Location) Day {
	last := c.lastContact(zone)
	if last.IsZero() {
		return ""
	}
	until := DayOf(last.In(zone)).AddMonths(c.KeptMonths())
	if c.monthsAt.After(last) {
		until = max(until, DayOf(c.monthsAt.In(zone)).Add(RetentionNotice+1))
	}
	return until
}

// Outlived reports whether a case is to be destroyed: the last day it is kept
// is over, and that was announced long enough before, to whoever could be told.
func (c *Case) Outlived(now time.Time) bool {
	until := c.KeptUntil(now.Location())
	if until == "" || DayOf(now) <= until {
		return false
	}
	about := string(RemindRetention) + "//" + string(until) + "/"
	for _, e := range c.journal {
		if f, ok := e.Fact.(Reminded); ok && strings.HasPrefix(f.Key, about) && now.Sub(e.At) >= RetentionNotice*24*time.Hour {
			return true
		}
	}
	return false
}
