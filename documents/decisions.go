package documents

import (
	"strconv"
	"strings"

	"parcours/casework"
	"parcours/documents/paper"
	"parcours/locales"
)

// A step is one line of what was decided: an objective, and an action for it if
// there is one.
type step struct {
	objective casework.Objective
	action    casework.Action
	done      bool
	// first: no line above is of the same objective.
	first bool
}

// steps are the decisions that may be told of, in the order of the objectives.
func (c *composer) steps() []step {
	var all []step
	for _, o := range c.text.Objectives {
		told, first := c.tells("objective "+o.ID, o.Topic), true
		for _, a := range c.text.Actions {
			if a.Action.Objective != o.ID || !c.tells("action "+a.Action.ID, o.Topic) {
				continue
			}
			all = append(all, step{o, a.Action, a.Done, first})
			first = false
		}
		if told && first {
			all = append(all, step{objective: o, first: true})
		}
	}
	return all
}

// The columns of the decisions.
var (
	stepObjective = column[step]{title: "doc.step.objective", width: 2.4, names: true, cell: func(c *composer, s step) string {
		if !s.first {
			return s.objective.Title
		}
		return joined("\n", c.quoted(s.objective.OwnWords), s.objective.Title, c.word("horizon.", string(s.objective.Horizon)))
	}}
	stepWhat = column[step]{title: "doc.step.what", width: 2.4, cell: func(_ *composer, s step) string { return s.action.What }}
	stepWho  = column[step]{title: "doc.step.who", width: 1.6, cell: func(c *composer, s step) string {
		if s.action.Who == "" {
			return ""
		}
		return c.actor(s.action.Who)
	}}
	stepDue = column[step]{title: "doc.step.due", width: 1.2, cell: func(c *composer, s step) string {
		due := c.day(s.action.Due)
		if s.done {
			return joined("\n", due, c.t("doc.done"))
		}
		return due
	}}
	stepNumber = column[step]{title: "doc.step.number", width: 1, names: true, cell: func(_ *composer, s step) string { return number(s.objective) }}
)

// quoted says the person's own words, if there are some.
func (c *composer) quoted(words string) string {
	if words == "" {
		return ""
	}
	return c.t("line.quoted", locales.Args{"Words": words})
}

// number is that of an objective, the same in all the documents of a case.
func number(o casework.Objective) string { return strings.TrimPrefix(o.ID, "o") }

// decisions say who does what, by when, for which objective.
func decisions(heading string, columns ...column[step]) part {
	return table[step]{heading: heading, columns: columns, rows: (*composer).steps}.part()
}

// byTopic is the decisions, topic by topic.
func byTopic(heading string, columns ...column[step]) part {
	return func(c *composer) {
		c.heading(heading)
		t := table[step]{heading: heading, columns: columns}
		if c.blank {
			for _, topic := range casework.Topics() {
				c.topicHeading(topic)
				t.grid(c, nil)
			}
			return
		}
		refused := c.refused
		all := c.steps()
		switch {
		case len(all) > 0:
		case c.refused > refused:
			c.add(paper.Paragraph{Text: c.t("doc.not_shown")})
		default:
			c.lacks(c.t(heading))
			t.grid(c, nil)
		}
		for _, topic := range casework.Topics() {
			rows := kept(all, func(s step) bool { return s.objective.Topic == topic })
			if len(rows) > 0 {
				c.topicHeading(topic)
				t.grid(c, rows)
			}
		}
	}
}

func (c *composer) topicHeading(topic casework.Topic) {
	c.add(paper.Heading{Level: 2, Text: capital(c.t("topic." + string(topic)))})
}

// numbered are the objectives under their numbers, which the path refers to.
func numbered(heading string) part {
	return table[casework.Objective]{
		heading: heading,
		rows: func(c *composer) []casework.Objective {
			return kept(c.text.Objectives, func(o casework.Objective) bool { return c.tells("objective "+o.ID, o.Topic) })
		},
		columns: []column[casework.Objective]{
			{title: "doc.step.number", width: 1, names: true, cell: func(_ *composer, o casework.Objective) string { return number(o) }},
			{title: "doc.step.objective", width: 4, cell: func(c *composer, o casework.Objective) string {
				return joined("\n", c.quoted(o.OwnWords), o.Title)
			}},
			{title: "doc.step.topic", width: 2, cell: func(c *composer, o casework.Objective) string { return c.t("topic." + string(o.Topic)) }},
			{title: "doc.step.horizon", width: 1.6, cell: func(c *composer, o casework.Objective) string {
				return c.word("horizon.", string(o.Horizon))
			}},
		},
	}.part()
}

// path is the proposed path: the steps one after the other, and in a second table
// those that fall on the same day as another of their objective.
func path(c *composer) {
	type slot struct {
		objective string
		due       casework.Day
	}
	taken := map[slot]bool{}
	var apart, over []step
	refused := c.refused
	if !c.blank {
		for _, s := range c.steps() {
			at := slot{s.objective.ID, s.action.Due}
			switch {
			case s.action.ID == "":
			case taken[at]:
				over = append(over, s)
			default:
				apart, taken[at] = append(apart, s), true
			}
		}
	}
	columns := []column[step]{
		stepNumber, titled(stepWhat, "doc.path.step"), titled(stepDue, "doc.path.dates"), titled(stepWho, "doc.path.operator"),
	}
	hid := c.refused > refused
	table[step]{heading: "doc.path", columns: columns}.show(c, apart, hid)
	if len(over) > 0 || c.blank {
		table[step]{heading: "doc.path.over", columns: columns}.show(c, over, hid)
	}
}

// cross marks which way an element pulls.
const cross = "X"

// assessment is what holds back and what helps.
func assessment(heading, obstacle, strength string) part {
	pulls := func(kind casework.Kind) func(*composer, element) string {
		return func(_ *composer, e element) string {
			if e.Kind == kind {
				return cross
			}
			return unasked
		}
	}
	// A strength is asked neither for a rank nor for an objective.
	asked := func(e element, text string) string {
		if text == "" && e.Kind == casework.Strength {
			return unasked
		}
		return text
	}
	return table[element]{
		heading: heading, rows: (*composer).elements,
		columns: []column[element]{
			{title: "doc.assess.element", width: 2.4, names: true, cell: func(_ *composer, e element) string { return e.Name }},
			{title: obstacle, width: 1, cell: pulls(casework.Obstacle)},
			{title: strength, width: 1, cell: pulls(casework.Strength)},
			{title: "doc.assess.priority", width: 1.1, cell: func(_ *composer, e element) string {
				rank := ""
				if e.Priority > 0 {
					rank = strconv.Itoa(e.Priority)
				}
				return asked(e, rank)
			}},
			{title: "doc.assess.objective", width: 3, cell: func(_ *composer, e element) string { return asked(e, e.Objective) }},
		},
	}.part()
}

// strengths are a list under a heading.
func strengths(heading string) part {
	return func(c *composer) {
		c.heading(heading)
		refused := c.refused
		var items []string
		if !c.blank {
			for _, e := range c.strengths() {
				items = append(items, e.Name)
			}
		}
		c.items(heading, items, c.refused > refused)
	}
}

// items are a list, or what stands instead of one without any.
func (c *composer) items(heading string, items []string, hid bool) {
	switch {
	case len(items) > 0:
		c.add(paper.List{Items: items})
	case hid:
		c.add(paper.Paragraph{Text: c.t("doc.not_shown")})
	default:
		c.lacks(c.t(heading))
		c.add(paper.Fields{Fields: []paper.Field{{Label: c.t("doc.to_fill"), Lines: 2}}})
	}
}
