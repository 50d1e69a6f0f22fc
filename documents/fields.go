package documents

import (
	"strings"

	"parcours/casework"
	"parcours/documents/paper"
	"parcours/locales"
)

// A part is a piece of a document.
type part func(*composer)

// A field is one label of a form, by the key of its sentence, and what the case
// has to say there.
type field struct {
	label string
	value func(*composer) string
	// lines is the room left to write when there is nothing; 0 is one line.
	lines int
}

// fields is a part made of labels and values.
func fields(all ...field) part {
	return func(c *composer) {
		var shown []paper.Field
		for _, f := range all {
			value := ""
			if !c.blank {
				value = f.value(c)
			}
			label := c.t(f.label)
			if blankIn(value) {
				c.lacks(label)
			}
			shown = append(shown, paper.Field{Label: label, Value: value, Lines: f.lines})
		}
		c.add(paper.Fields{Fields: shown})
	}
}

// section is parts under a heading.
func section(heading string, parts ...part) part {
	return func(c *composer) {
		c.heading(heading)
		for _, p := range parts {
			p(c)
		}
	}
}

// rename gives the field under the name that a model has for it.
func (f field) rename(label string) field {
	f.label = label
	return f
}

// The fields of the person and of the household.
var (
	familyName = field{label: "doc.field.family_name", value: func(c *composer) string { return c.text.Person }}
	fullName   = field{label: "doc.field.full_name", value: func(c *composer) string {
		return or(named(c.herself()), c.text.Person)
	}}
	title = field{label: "doc.field.title.75", value: func(c *composer) string {
		return c.word("title.", string(c.herself().Title))
	}}
	lastName = field{label: "doc.field.last_name.75", value: func(c *composer) string {
		return or(c.herself().LastName, c.text.Person)
	}}
	firstName = field{label: "doc.field.first_name.75", value: func(c *composer) string { return c.herself().FirstName }}
	born      = field{label: "doc.field.born", value: func(c *composer) string { return c.day(c.herself().Born) }}
	email     = field{label: "doc.field.email", value: func(c *composer) string { return c.herself().Email }}
	phone     = field{label: "doc.field.phone", value: func(c *composer) string { return c.herself().Phone }}
	phone2    = field{label: "doc.field.phone2", value: func(c *composer) string { return c.herself().Phone2 }}
	address   = field{label: "doc.field.address", value: func(c *composer) string { return c.herself().Address }}
	situation = field{label: "doc.field.family_situation", value: func(c *composer) string {
		return c.familySituation(c.herself())
	}}
	children = field{label: "doc.field.children", value: func(c *composer) string {
		refused := c.refused
		var names []string
		for _, r := range c.relatives() {
			if r.Kind == casework.Child {
				names = append(names, joined(", ", named(r), c.day(r.Born)))
			}
		}
		if len(names) == 0 && c.refused > refused {
			return c.t("doc.not_shown")
		}
		return strings.Join(names, "\n")
	}}
)

// The fields of the assessment.
var (
	aim        = field{label: "doc.field.aim", lines: 2, value: func(c *composer) string { return c.Case.Aim }}
	problem    = field{label: "doc.field.problem", lines: 2, value: func(c *composer) string { return c.Case.Problem }}
	overview   = field{label: "doc.field.overview", lines: 4, value: func(c *composer) string { return c.Case.Situation }}
	interviews = field{label: "doc.field.interviews", value: func(c *composer) string {
		told := casework.Case{Elements: c.elements()}
		var days []string
		for _, d := range told.Interviews() {
			days = append(days, c.day(d))
		}
		return strings.Join(days, " - ")
	}}
)

// The fields of a meeting.
var (
	heldOn = field{label: "doc.field.held_on", value: func(c *composer) string {
		return c.say.Moment(c.moment())
	}}
	previous = field{label: "doc.field.previous", value: func(c *composer) string {
		if c.meeting.ID != "" && c.text.Previous == "" {
			return c.t("doc.first")
		}
		return c.say.Day(c.text.Previous)
	}}
	place  = field{label: "doc.field.place", value: func(c *composer) string { return c.text.Place }}
	length = field{label: "doc.field.length", value: func(c *composer) string {
		if c.text.Length == 0 {
			return ""
		}
		return c.t("line.minutes", locales.Args{"N": c.text.Length})
	}}
	chair    = field{label: "doc.field.chair", value: func(c *composer) string { return c.line(c.text.Chair) }}
	referent = field{label: "doc.field.referent", value: func(c *composer) string { return c.line(c.text.Referent) }}
	nextOn   = field{label: "doc.field.next", value: func(c *composer) string { return c.say.Day(c.text.NextOn) }}
	notes    = field{label: "doc.field.notes", lines: 4, value: func(c *composer) string { return c.text.Notes }}
)

// herself is the person's own line of the household.
func (c *composer) herself() casework.Relative {
	for _, r := range c.text.Relatives {
		if r.Kind == casework.Herself {
			return r
		}
	}
	return casework.Relative{}
}

// familySituation is somebody's place in the family, and how the family is made.
func (c *composer) familySituation(r casework.Relative) string {
	return joined(", ", r.Situation, c.word("family.", string(r.Family)))
}

// relatives are the lines of the household that may be told of.
func (c *composer) relatives() []casework.Relative {
	return kept(c.text.Relatives, func(r casework.Relative) bool { return c.tells("relative "+r.ID, r.Topic()) })
}

// elements are those of the assessment that may be told of, obstacles first.
func (c *composer) elements() []casework.Element {
	return kept(c.Case.ByPriority(), func(e casework.Element) bool { return c.tells("element "+e.ID, e.Topic) })
}

// strengths are those of the text that may be told of.
func (c *composer) strengths() []casework.Element {
	return kept(c.text.Strengths, func(e casework.Element) bool { return c.tells("element "+e.ID, e.Topic) })
}

// professional gives a line of the list, as the text has it.
func (c *composer) professional(id string) (casework.Professional, bool) {
	for _, p := range c.text.Support {
		if p.ID == id {
			return p, true
		}
	}
	return c.Case.Professional(id)
}

// line says who a line of the list is, and what for.
func (c *composer) line(id string) string {
	p, _ := c.professional(id)
	return joined(", ", called(p), c.word("profession.", string(p.Profession)), p.Service)
}

// actor says who does something.
func (c *composer) actor(who casework.Actor) string {
	if who == casework.ThePerson {
		return or(c.text.Person, c.t("actor.person"))
	}
	p, _ := c.professional(string(who))
	return called(p)
}

// word says one of the few words that figures can count.
func (c *composer) word(family, value string) string {
	if value == "" {
		return ""
	}
	return c.t(family + value)
}

// called is the name of a professional.
func called(p casework.Professional) string { return joined(" ", p.FirstName, p.Name) }

// named is the name of somebody of the household.
func named(r casework.Relative) string { return joined(" ", r.FirstName, r.LastName) }

// joined puts together the texts that are not empty.
func joined(by string, texts ...string) string {
	return strings.Join(kept(texts, func(text string) bool { return text != "" }), by)
}

// toFill is a blank inside a text.
const toFill = "…………"

// blankIn tells whether there is something to fill by hand in a text.
func blankIn(text string) bool { return text == "" || strings.Contains(text, toFill) }

// both puts two things on a line each; one alone leaves a blank for the other.
func both(above, below string) string {
	if above == "" && below == "" {
		return ""
	}
	return or(above, toFill) + "\n" + or(below, toFill)
}

func or(text, instead string) string {
	if text != "" {
		return text
	}
	return instead
}

func kept[T any](items []T, keep func(T) bool) []T {
	var some []T
	for _, item := range items {
		if keep(item) {
			some = append(some, item)
		}
	}
	return some
}
