package documents

import (
	"unicode"
	"unicode/utf8"

	"parcours/casework"
	"parcours/documents/paper"
)

// hearing is what the person says, before anything that is said of her: from the
// beginning, and of the meeting.
func hearing(c *composer) {
	c.heading("doc.words")
	c.quote("doc.words.own", c.text.OwnWords)
	c.quote("doc.words.view", c.text.View)
}

// ownWords is what she said from the beginning.
func ownWords(c *composer) {
	c.heading("doc.words")
	c.quote("doc.words.own", c.text.OwnWords)
}

// quote adds somebody's words under a name, or room for them.
func (c *composer) quote(name, words string) {
	if c.blank || words == "" {
		c.lacks(c.t(name))
		c.add(paper.Fields{Fields: []paper.Field{{Label: c.t(name), Lines: 3}}})
		return
	}
	c.add(paper.Quote{Text: words, By: c.t(name)})
}

// phases are the phases of the path that the département knows, the present one
// ticked.
func phases(c *composer) {
	known := c.say.Place().Phases
	if len(known) < 2 {
		return
	}
	var checks []paper.Check
	ticked := false
	for _, f := range known {
		check := paper.Check{Label: capital(f.Name(c.say)), Checked: !c.blank && c.text.Phase == f.ID}
		ticked = ticked || check.Checked
		checks = append(checks, check)
	}
	if !ticked {
		c.lacks(c.t("doc.phase"))
	}
	c.add(paper.Checks{Checks: checks})
}

// choices are the person's three answers of the list: to the démarche, to the
// referent, to the digital locker.
func choices(c *composer) {
	c.heading("doc.choices")
	c.yesNo("doc.choice.interested", c.interested())
	chosen, name := c.choice()
	c.yesNo("doc.choice.referent", chosen)
	if chosen != casework.No {
		fields(field{label: "doc.choice.who", value: func(*composer) string { return name }})(c)
	}
	c.yesNo("doc.choice.locker", c.herself().Locker)
}

// interested is what she answered to the démarche.
func (c *composer) interested() casework.YesNo {
	if c.blank || c.Case.State == casework.Proposed || c.Case.State == "" {
		return ""
	}
	return casework.Yes
}

// choice is whether she chose a referent, and whom, who may not have answered yet.
func (c *composer) choice() (casework.YesNo, string) {
	if c.blank {
		return "", ""
	}
	if c.text.Referent != "" {
		return casework.Yes, c.line(c.text.Referent)
	}
	for _, m := range c.Case.Referents {
		if p, ok := c.Case.ProfessionalOf(m.User); ok && m.Asked && c.record == nil {
			return casework.Yes, joined(", ", c.line(p.ID), c.t("doc.choice.asked"))
		}
	}
	return casework.No, ""
}

// yesNo adds two boxes; neither is ticked when the answer is not known.
func (c *composer) yesNo(question string, answer casework.YesNo) {
	if answer == "" {
		c.lacks(c.t(question))
	}
	c.add(paper.Heading{Level: 2, Text: c.t(question)})
	c.add(paper.Checks{Checks: []paper.Check{
		{Label: capital(c.t("yesno.yes")), Checked: answer == casework.Yes},
		{Label: capital(c.t("yesno.no")), Checked: answer == casework.No},
	}})
}

// note is a framed text.
func note(key string) part {
	return func(c *composer) { c.add(paper.Note{Text: c.t(key)}) }
}

func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
