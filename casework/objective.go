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

	SetAt time.Time `json:"-"`
	// Outcome is what the last review found, Why in words; empty before any.
	Outcome    Outcome   `json:"-"`
	Why        string    `json:"-"`
	ReviewedAt time.Time `json:"-"`
}

// Over reports whether the objective is worked on no more.
func (o Objective) Over() bool { return o.Outcome == Reached || o.Outcome == Dropped }

// ObjectiveSet: an objective was agreed on.
type ObjectiveSet struct {
	Objective Objective `json:"objective"`
}

func (f ObjectiveSet) apply(c *Case, e Entry) {
	f.Objective.SetAt = e.At
	c.Objectives = append(c.Objectives, f.Objective)
}

// ObjectiveReviewed: the circle looked at what became of an objective.
type ObjectiveReviewed struct {
	Objective string  `json:"objective"`
	Outcome   Outcome `json:"outcome"`
	Why       string  `json:"why,omitempty"`
}

func (f ObjectiveReviewed) apply(c *Case, e Entry) {
	if o, ok := c.objective(f.Objective); ok {
		o.Outcome, o.Why, o.ReviewedAt = f.Outcome, f.Why, e.At
	}
}

func (c *Case) objective(id string) (*Objective, bool) {
	return find(c.Objectives, id, func(o Objective) string { return o.ID })
}

// Objective gives the objective id.
func (c *Case) Objective(id string) (Objective, bool) {
	o, ok := c.objective(id)
	if !ok {
		return Objective{}, false
	}
	return *o, true
}

// SetObjective decides a new objective. Errors: Missing, TooLong, NotAChoice,
// TopicVetoed, TopicNotShared, TopicSetAside, and those of a decision on a case at
// work.
func (c *Case) SetObjective(o Objective, now time.Time) ([]Fact, error) {
	err := first(
		c.working(now),
		c.topicNow(o.Topic, now), line("title", o.Title, true), area("own_words", o.OwnWords, false),
	)
	if err != nil {
		return nil, err
	}
	if o.Horizon != "" {
		if err := oneOf("horizon", o.Horizon, Short, Medium, Long); err != nil {
			return nil, err
		}
	}
	o.SetAt, o.Outcome, o.Why, o.ReviewedAt = time.Time{}, "", "", time.Time{}
	o.ID = "o" + strconv.Itoa(len(c.Objectives)+1)
	return []Fact{ObjectiveSet{Objective: o}}, nil
}

// Review decides what became of an objective; the last review counts, and one
// that was over may be taken up again by another. Errors: Missing, UnknownItem,
// NotAChoice, TooLong, SameAgain, TopicVetoed, TopicNotShared, TopicSetAside, and
// those of a decision on a case at work.
func (c *Case) Review(id string, outcome Outcome, why string, now time.Time) ([]Fact, error) {
	err := first(c.working(now), oneOf("outcome", outcome, Reached, Partly, NotYet, Dropped), area("why", why, false))
	if err != nil {
		return nil, err
	}
	o, ok := c.Objective(id)
	switch {
	case id == "":
		return nil, Refuse(Missing, "objective")
	case !ok:
		return nil, Refuse(UnknownItem, "objective")
	case o.Outcome == outcome && o.Why == why && !c.sessionSince(o.ReviewedAt, now):
		return nil, Refuse(SameAgain, "outcome")
	}
	if err := c.topicNow(o.Topic, now); err != nil {
		return nil, err
	}
	return []Fact{ObjectiveReviewed{Objective: id, Outcome: outcome, Why: why}}, nil
}

// sessionSince reports whether a meeting is under way that began after t.
func (c *Case) sessionSince(t, now time.Time) bool {
	m, ok := c.Session(now)
	return ok && m.OpenedAt.After(t)
}
