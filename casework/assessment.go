package casework

import (
	"slices"
	"strconv"
	"time"
)

// An Element of the assessment is an obstacle or a strength of the situation,
// found together with the person (guide, annexe 2.3).
type Element struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Kind  Kind   `json:"kind"`
	Topic Topic  `json:"topic"`
	// Priority goes from 1, first, to 7; 0 when none is given.
	Priority int `json:"priority,omitempty"`
	// Objective is the objective it leads to, in words.
	Objective string `json:"objective,omitempty"`
	// On is the day of the interview it was found in.
	On Day `json:"on,omitempty"`
}

// priorityMax is the last rank of the form of annexe 2.3.
const priorityMax = 7

// ElementAssessed: an element was found.
type ElementAssessed struct {
	Element Element `json:"element"`
}

func (f ElementAssessed) apply(c *Case, _ Entry) { c.Elements = append(c.Elements, f.Element) }

// AimStated: the final aim of the path, its problem as one question, and the
// situation as a whole (guide, annexes 2.3 and 2.4).
type AimStated struct {
	Aim       string `json:"aim,omitempty"`
	Problem   string `json:"problem,omitempty"`
	Situation string `json:"situation,omitempty"`
}

func (f AimStated) apply(c *Case, _ Entry) {
	if f.Aim != "" {
		c.Aim = f.Aim
	}
	if f.Problem != "" {
		c.Problem = f.Problem
	}
	if f.Situation != "" {
		c.Situation = f.Situation
	}
}

// Assess decides a new element, and the aim when it is stated with it. Errors:
// Missing, TooLong, NotAChoice, NotANumber, NotADate, FutureDate, TopicVetoed,
// TopicNotShared, TopicSetAside, and those of a decision on a case at work. The
// interview is of today unless said.
func (c *Case) Assess(e Element, aim AimStated, now time.Time) ([]Fact, error) {
	err := first(
		c.working(now),
		line("element", e.Name, true), oneOf("kind", e.Kind, Obstacle, Strength),
		c.topicNow(e.Topic, now), line("objective", e.Objective, false),
		line("aim", aim.Aim, false), line("problem", aim.Problem, false), area("situation", aim.Situation, false),
	)
	if err != nil {
		return nil, err
	}
	if e.Priority < 0 || e.Priority > priorityMax {
		return nil, Refuse(NotANumber, "priority").With("Min", 1).With("Max", priorityMax)
	}
	if e.On == "" {
		e.On = DayOf(now)
	}
	switch {
	case !e.On.Valid():
		return nil, Refuse(NotADate, "interview")
	case e.On > DayOf(now):
		return nil, Refuse(FutureDate, "interview")
	}
	var facts []Fact
	if aim != (AimStated{}) {
		facts = append(facts, aim)
	}
	e.ID = "e" + strconv.Itoa(len(c.Elements)+1)
	return append(facts, ElementAssessed{Element: e}), nil
}

// ByPriority gives the obstacles in the order of their priority, unranked last,
// then the strengths.
func (c *Case) ByPriority() []Element {
	rank := func(e Element) int {
		switch {
		case e.Kind == Strength:
			return priorityMax + 2
		case e.Priority == 0:
			return priorityMax + 1
		}
		return e.Priority
	}
	ranked := slices.Clone(c.Elements)
	slices.SortStableFunc(ranked, func(a, b Element) int { return rank(a) - rank(b) })
	return ranked
}

// Interviews are the days on which the situation was looked at with the person
// (guide, annexe 2.3), in order.
func (c *Case) Interviews() []Day {
	var days []Day
	for _, e := range c.Elements {
		if e.On != "" && !slices.Contains(days, e.On) {
			days = append(days, e.On)
		}
	}
	slices.Sort(days)
	return days
}

// topicNow refuses what topicOpen does, and a topic that the person would not
// speak of in the meeting under way.
func (c *Case) topicNow(t Topic, now time.Time) error {
	if err := c.topicOpen(t); err != nil {
		return err
	}
	if m, ok := c.Session(now); ok && m.SetAside(t) {
		return Refuse(TopicSetAside, "topic")
	}
	return nil
}

// topicOpen refuses a topic that the person did not agree to share, or vetoed:
// it is not to be written down.
func (c *Case) topicOpen(t Topic) error {
	if t == "" {
		return Refuse(Missing, "topic")
	}
	return c.allOpen("topic", []Topic{t})
}

func (c *Case) allOpen(field string, topics []Topic) error {
	if err := allTopics(field, topics); err != nil {
		return err
	}
	consent := c.Consent()
	for _, t := range topics {
		switch {
		case slices.Contains(consent.Vetoes, t):
			return Refuse(TopicVetoed, field)
		case !consent.Shared(t):
			return Refuse(TopicNotShared, field)
		}
	}
	return nil
}
