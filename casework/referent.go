package casework

import (
	"slices"
	"time"
)

// A Mission is one professional's time as referent (guide IV.A.3).
type Mission struct {
	User UserID
	// Until is the mission's last day, if it has one; a successor is then to be
	// planned ahead.
	Until Day
	// Asked while the professional has not answered, Accepted once they have,
	// Ended when another took over, its last day passed or they left the circle.
	Asked, Accepted, Ended bool
	Since                  time.Time
}

// Referent is the mission under way.
func (c *Case) Referent() (Mission, bool) {
	for _, m := range c.Referents {
		if m.Accepted && !m.Ended {
			return m, true
		}
	}
	return Mission{}, false
}

// ReferentAsked: the person chose a referent, who has not answered yet.
type ReferentAsked struct {
	User  UserID `json:"user"`
	Until Day    `json:"until,omitempty"`
}

func (f ReferentAsked) apply(c *Case, e Entry) {
	c.Referents = append(answered(c.Referents), Mission{User: f.User, Until: f.Until, Asked: true, Since: e.At})
}

// answered gives the missions that wait for no answer: a new choice of the
// person takes the place of the one before.
func answered(missions []Mission) []Mission {
	return slices.DeleteFunc(slices.Clone(missions), func(m Mission) bool { return m.Asked })
}

// ReferentAnswered: the professional took the mission, or not.
type ReferentAnswered struct {
	User     UserID `json:"user"`
	Accepted bool   `json:"accepted"`
}

func (f ReferentAnswered) apply(c *Case, e Entry) {
	for i := range c.Referents {
		m := &c.Referents[i]
		switch {
		case m.Asked && m.User == f.User:
			m.Asked, m.Accepted, m.Since = false, f.Accepted, e.At
		case f.Accepted && m.Accepted:
			m.Ended = true
		}
	}
	if f.Accepted && c.State == Consented {
		c.State = Followed
	}
}

// AskReferent decides to ask user to be the referent: directly involved, so in
// the circle, and chosen by the person (guide IV.A.3). Errors: NotAMember,
// NotChosen, PastDate, SameAgain, and those of a decision on a case at work.
func (c *Case) AskReferent(user UserID, until Day, chosenByPerson bool, now time.Time) ([]Fact, error) {
	if err := c.working(now); err != nil {
		return nil, err
	}
	m, ok := c.Member(user)
	r, hasReferent := c.Referent()
	switch {
	case user == "":
		return nil, Refuse(Missing, "user")
	case !chosenByPerson:
		return nil, Refuse(NotChosen, "chosen_by_person")
	case !ok || !m.Joined || m.Role == RolePerson:
		return nil, Refuse(NotAMember, "user")
	case until != "" && !until.Valid():
		return nil, Refuse(NotADate, "until")
	case until != "" && until < DayOf(now):
		return nil, Refuse(PastDate, "until")
	case hasReferent && r.User == user && r.Until == until:
		return nil, Refuse(SameAgain, "user")
	}
	return []Fact{ReferentAsked{User: user, Until: until}}, nil
}

// AnswerReferent decides what user's answer does. Errors: NotAsked, AlreadyDone,
// and those of a decision on a case at work for an acceptance.
func (c *Case) AnswerReferent(user UserID, accepts bool, now time.Time) ([]Fact, error) {
	for _, m := range c.Referents {
		if m.User != user || !m.Asked {
			continue
		}
		if !accepts {
			return []Fact{ReferentAnswered{User: user}}, nil
		}
		if err := c.working(now); err != nil {
			return nil, err
		}
		return []Fact{ReferentAnswered{User: user, Accepted: true}}, nil
	}
	if r, ok := c.Referent(); ok && r.User == user && accepts {
		return nil, Refuse(AlreadyDone, "")
	}
	return nil, Refuse(NotAsked, "")
}
