package documents

import (
	"slices"

	"parcours/casework"
	"parcours/documents/paper"
	"parcours/locales"
)

// signing says in what quality each signs, in the words of a model, and how many
// of the family at least. A quality without words does not sign.
type signing struct {
	family, chair, partner, referent string
	families                         int
}

// boxes add the boxes to sign in. Those of a record are one for each who was at
// the meeting, and bear what was signed; the others have one for each quality.
func (s signing) boxes(c *composer) {
	c.heading("doc.signatures")
	boxes := s.ofFamily(c)
	chair, referent := c.text.Chair, c.text.Referent
	one := s.referent != "" && chair != "" && chair == referent
	if one {
		boxes = append(boxes, c.box(c.t(s.chair)+"\n"+c.t(s.referent), casework.Actor(chair)))
	} else {
		boxes = append(boxes, c.box(c.t(s.chair), casework.Actor(chair)))
	}
	if s.partner != "" {
		for _, who := range c.partners() {
			boxes = append(boxes, c.box(c.t(s.partner), who))
		}
	}
	if s.referent != "" && !one {
		boxes = append(boxes, c.box(c.t(s.referent), casework.Actor(referent)))
	}
	c.add(paper.Signatures{Signatures: boxes})
}

// ofFamily are the boxes of the person and of her family.
func (s signing) ofFamily(c *composer) []paper.Signature {
	var boxes []paper.Signature
	if c.record != nil {
		for _, signed := range c.record.Signatures {
			if signed.Who == casework.ThePerson {
				boxes = append(boxes, c.signed(c.t(s.family), or(or(signed.Name, named(c.herself())), c.text.Person), signed))
			}
		}
	}
	for len(boxes) < max(s.families, 1) {
		boxes = append(boxes, paper.Signature{Who: c.t(s.family)})
	}
	return boxes
}

// partners are whoever else signs, or nobody in particular.
func (c *composer) partners() []casework.Actor {
	nobody := []casework.Actor{""}
	if c.kind != Record {
		return nobody
	}
	var who []casework.Actor
	add := func(a casework.Actor) {
		known := a == casework.ThePerson || a == casework.Actor(c.text.Chair) || a == casework.Actor(c.text.Referent)
		if !known && !slices.Contains(who, a) {
			who = append(who, a)
		}
	}
	for _, a := range c.text.Attendance {
		if a.Presence == casework.Present {
			add(a.Who)
		}
	}
	if len(c.text.Attendance) == 0 {
		for _, p := range c.text.Support {
			add(casework.Actor(p.ID))
		}
	}
	if c.record != nil {
		for _, signed := range c.record.Signatures {
			add(signed.Who)
		}
	}
	if len(who) == 0 {
		return nobody
	}
	return who
}

// box is where who signs, or signed.
func (c *composer) box(quality string, who casework.Actor) paper.Signature {
	if who == "" {
		return paper.Signature{Who: quality}
	}
	name := c.line(string(who))
	if c.record != nil {
		if signed, ok := c.record.SignedBy(who); ok {
			return c.signed(quality, name, signed)
		}
	}
	return paper.Signature{Who: quality, Name: name}
}

// signed says who signed, when and how.
func (c *composer) signed(quality, name string, s casework.Signature) paper.Signature {
	mark := c.t("doc.signed")
	if s.OnPaper() {
		mark = c.t("doc.signed.paper", locales.Args{"Witness": s.Witness})
	}
	if s.Part {
		mark = c.t("doc.signed.part", locales.Args{"Signed": mark})
	}
	day := casework.DayOf(s.At.In(c.Now.Location()))
	return paper.Signature{Who: quality, Name: name, Date: c.say.Day(day), Mark: mark}
}
