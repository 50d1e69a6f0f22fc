package casework

import (
	"strconv"
	"time"
)

// An Objective is what the person and the circle work on (guide IV.C.2).
type Objective struct {
	ID      string  `json:"id"`
	Topic   Topic   `json:"topic"`
	Title   string  `json:"title"`
	Horizon Horizon `json:"horizon,omitempty"`
	// OwnWords is the objective as the person says it.
	OwnWords string `json:"words,omitempty"`
}

// ObjectiveSet: an objective was agreed on.
type ObjectiveSet struct {
	Objective Objective `json:"objective"`
}

func (f ObjectiveSet) apply(c *Case, _ Entry) { c.Objectives = append(c.Objectives, f.Objective) }

// Objective gives the objective id.
func (c *Case) Objective(id string) (Objective, bool) {
	o, ok := find(c.Objectives, id, func(o Objective) string { return o.ID })
	if !ok {
		return Objective{}, false
	}
	return *o, true
}

// SetObjective decides a new objective. Errors: Missing, TooLong, NotAChoice,
// TopicVetoed, TopicNotShared, and those of a decision on a case at work.
func (c *Case) SetObjective(o Objective, now time.Time) ([]Fact, error) {
	err := first(
		c.working(now),
		c.topicOpen(o.Topic), line("title", o.Title, true), area("own_words", o.OwnWords, false),
	)
	if err != nil {
		return nil, err
	}
	if o.Horizon != "" {
		if err := oneOf("horizon", o.Horizon, Short, Medium, Long); err != nil {
			return nil, err
		}
	}
	o.ID = "o" + strconv.Itoa(len(c.Objectives)+1)
	return []Fact{ObjectiveSet{Objective: o}}, nil
}
