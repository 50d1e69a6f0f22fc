package casework

import "time"

// MissionEnded: the last day of the referent's mission passed, and nobody had taken
// over. They leave the circle; save the author, who stays answerable for the file.
// Whoever opened the case keeps the overview until the person chooses again
// (guide IV.A.3).
type MissionEnded struct {
	User UserID `json:"user"`
}

func (f MissionEnded) apply(c *Case, _ Entry) {
	if f.User != c.Author {
		c.gone(f.User)
		return
	}
	c.endMissions(f.User)
}

// ChannelShut: the last day of the consent passed, and its channel is closed to the
// professionals. They keep their place in the circle, and come back when the person
// agrees anew.
type ChannelShut struct{}

func (ChannelShut) apply(c *Case, _ Entry) { c.shut = true }

// Lapse decides what follows, at now, from last days that have passed: of the
// referent's mission, and of the consent; nil when nothing does.
func (c *Case) Lapse(now time.Time) []Fact {
	var facts []Fact
	for _, last := range c.lasts() {
		if last.on < DayOf(now) {
			facts = append(facts, last.then)
		}
	}
	return facts
}

// NextLapse is when Lapse will next have something to decide; the zero time if never.
func (c *Case) NextLapse(zone *time.Location) (next time.Time) {
	for _, last := range c.lasts() {
		if at := last.on.Add(1).At(0, 0, zone); next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next
}

// A last day, and what its passing leads to.
type lastDay struct {
	on   Day
	then Fact
}

func (c *Case) lasts() []lastDay {
	if c.State != Consented && c.State != Followed {
		return nil
	}
	var all []lastDay
	if r, ok := c.Referent(); ok && r.Until != "" {
		all = append(all, lastDay{r.Until, MissionEnded{User: r.User}})
	}
	if until := c.Consent().Until; until != "" && !c.shut {
		all = append(all, lastDay{until, ChannelShut{}})
	}
	return all
}

// PutOut reports whether user has a place in the circle, and none in its channel until
// the person agrees anew. She herself and whoever opened the case stay there.
func (c *Case) PutOut(user UserID) bool {
	m, ok := c.Member(user)
	return ok && c.shut && m.Joined && m.Role != RolePerson && user != c.Author
}
