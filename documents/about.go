package documents

import (
	"slices"
	"time"

	"parcours/casework"
)

// preparations find what a document of each kind is about.
var preparations = map[Kind]func(*composer) error{
	Record:     (*composer).aboutRecord,
	Project:    (*composer).aboutNow,
	List:       (*composer).aboutNow,
	Synthesis:  (*composer).aboutNow,
	Invitation: (*composer).aboutLetter,
	Attendance: (*composer).aboutMeeting,
	Blank:      (*composer).aboutNothing,
	Leaflet:    (*composer).aboutRights,
}

// aboutRecord finds the frozen text asked for, or else drafts one.
func (c *composer) aboutRecord() error {
	r, found := c.Case.Record(c.Subject)
	if c.Subject == "" {
		r, found = c.Case.LastRecord()
	}
	m, known := c.Case.Commission(c.Subject)
	switch {
	case found:
	case known:
		r, found = c.Case.RecordOf(m.ID)
	case c.Subject != "":
		return casework.Refuse(casework.UnknownItem, "subject")
	default:
		m = c.latest()
	}
	if found {
		c.record, c.text = &r, r.Text
		c.meeting, _ = c.Case.Commission(r.Commission)
	} else {
		c.draft(m)
	}
	c.tells("", "")
	return nil
}

// latest is the meeting under way, or else the last that was to be held, or else
// the next.
func (c *composer) latest() casework.Commission {
	if m, ok := c.Case.Session(c.Now); ok {
		return m
	}
	if m, ok := c.Case.Before(casework.Commission{At: c.Now}); ok {
		return m
	}
	m, _ := c.Case.NextCommission(c.Now)
	return m
}

// draft composes the text that would be frozen of a meeting.
func (c *composer) draft(m casework.Commission) {
	next := m.NextOn
	if next == "" {
		next = c.next(m)
	}
	c.meeting, c.text = m, c.Case.Minutes(m, "", next)
}

// aboutNow takes the case as it is.
func (c *composer) aboutNow() error {
	c.text = c.Case.Minutes(casework.Commission{At: c.Now}, "", c.next(casework.Commission{At: c.Now}))
	c.text.At, c.text.Phase = time.Time{}, c.Case.Phase()
	if held, ok := c.Case.Before(casework.Commission{At: c.Now}); ok {
		c.meeting, c.text.At = held, held.At
	}
	if last, ok := c.Case.LastRecord(); ok {
		c.text.Notes = last.Text.Notes
	}
	c.tells("", "")
	return nil
}

// next is the day of the meeting after m: the one that is called, or else the day
// fixed in an earlier one.
func (c *composer) next(m casework.Commission) casework.Day {
	var next casework.Commission
	for _, known := range c.Case.Commissions {
		if !known.Cancelled && known.At.After(m.At) && known.At.After(c.Now) && (next.ID == "" || known.At.Before(next.At)) {
			next = known
		}
	}
	if next.ID != "" {
		return casework.DayOf(next.At.In(c.Now.Location()))
	}
	for _, known := range slices.Backward(c.Case.Commissions) {
		if !known.Cancelled && known.NextOn >= casework.DayOf(c.Now) {
			return known.NextOn
		}
	}
	return ""
}

// aboutMeeting finds the meeting that is called.
func (c *composer) aboutMeeting() error {
	m, known := c.Case.Commission(c.Subject)
	if c.Subject == "" {
		if m, known = c.Case.NextCommission(c.Now); !known {
			m = c.latest()
		}
	} else if !known {
		return casework.Refuse(casework.UnknownItem, "subject")
	}
	c.draft(m)
	c.tells("", "")
	return nil
}

// aboutLetter finds the meeting, and to whom it is written.
func (c *composer) aboutLetter() error {
	if c.Subject == "" {
		c.Subject = string(casework.ThePerson)
	}
	if c.Subject != string(casework.ThePerson) {
		p, ok := c.Case.Professional(c.Subject)
		switch {
		case !ok:
			return casework.Refuse(casework.UnknownItem, "subject")
		case !p.Agreed:
			return casework.Refuse(casework.NotAgreed, "subject")
		}
	}
	m, _ := c.Case.NextCommission(c.Now)
	c.draft(m)
	c.tells("", "")
	return nil
}

// aboutNothing leaves everything to the hand.
func (c *composer) aboutNothing() error {
	c.blank = true
	return nil
}

// aboutRights takes the case as it is, if there is one.
func (c *composer) aboutRights() error {
	if len(c.Case.History()) == 0 {
		return nil
	}
	return c.aboutNow()
}
