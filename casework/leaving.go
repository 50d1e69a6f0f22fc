package casework

import "time"

// Leave decides that a member leaves the circle, or has left its channel. The
// author stays answerable for the file and cannot leave it. Errors: NotAMember,
// AuthorStays.
func (c *Case) Leave(user UserID) ([]Fact, error) {
	switch {
	case !c.IsMember(user):
		return nil, Refuse(NotAMember, "")
	case user == c.Author:
		return nil, Refuse(AuthorStays, "")
	}
	return []Fact{MemberLeft{User: user}}, nil
}

// Remove decides that somebody of the circle, or who was offered a place, is taken
// out of it with the person's agreement. Errors: CaseEnded, Missing, NotAgreed
// without her agreement, NotAMember, AuthorStays.
func (c *Case) Remove(user UserID, agreed bool) ([]Fact, error) {
	m, ok := c.Member(user)
	switch {
	case c.Ended():
		return nil, Refuse(CaseEnded, "")
	case user == "":
		return nil, Refuse(Missing, "user")
	case !agreed:
		return nil, Refuse(NotAgreed, "agreed")
	case !ok || !m.Joined && !m.Asked:
		return nil, Refuse(NotAMember, "user")
	case user == c.Author:
		return nil, Refuse(AuthorStays, "user")
	}
	return []Fact{MemberLeft{User: user}}, nil
}

// Heir is who takes over what somebody leaves: whoever coordinates or, when they
// may know of nothing at now, the chair.
func (c *Case) Heir(now time.Time) UserID {
	if chair, ok := c.Chair(); ok && !c.Covers(c.Coordinator(), "", now) {
		return chair
	}
	return c.Coordinator()
}

// ToHand gives the actions that nobody does at present, since whoever had them
// left the circle.
func (c *Case) ToHand() []Action {
	var all []Action
	for _, a := range c.Actions {
		if a.Left && c.Live(a) {
			all = append(all, a)
		}
	}
	return all
}

// leaves marks what a professional who leaves the circle had to do, and takes the
// mark away should they come back.
func (c *Case) leaves(user UserID, gone bool) {
	for i := range c.Actions {
		if a := &c.Actions[i]; a.Who != ThePerson && !a.Done && c.Does(user, *a) {
			a.Left = gone
		}
	}
}
