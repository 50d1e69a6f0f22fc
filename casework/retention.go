package casework

import (
	"strings"
	"time"
)

// noticeDays is how long before a closed case is destroyed it is announced.
const noticeDays = 30

// Outlived reports whether a closed case is to be destroyed: the last day it is kept
// is over, and that was announced long enough before, to whoever could be told.
func (c *Case) Outlived(now time.Time) bool {
	until := c.KeptUntil(now.Location())
	if until == "" || DayOf(now) <= until {
		return false
	}
	about := string(RemindRetention) + "//" + string(until) + "/"
	for _, e := range c.journal {
		if f, ok := e.Fact.(Reminded); ok && strings.HasPrefix(f.Key, about) && now.Sub(e.At) >= noticeDays*24*time.Hour {
			return true
		}
	}
	return false
}
