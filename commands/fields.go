package commands

import (
	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// Whether a field must be given.
const (
	needed   = true
	optional = false
)

// A questionnaire gathers the fields of a form. Labels and hints are in the
// locales, under "field.", "hint." and "example.", the form and the field.
type questionnaire struct {
	form   string
	say    locales.Printer
	fields []chat.Field
}

func asking(r command.Request, form string) *questionnaire {
	return &questionnaire{form: form, say: r.Say}
}

func (q *questionnaire) base(id string, required bool) chat.Base {
	b := chat.Base{ID: id, Label: q.say.T("field." + q.form + "." + id), Required: required}
	if hint := "hint." + q.form + "." + id; q.say.Has(hint) {
		b.Hint = q.say.T(hint)
	}
	return b
}

func (q *questionnaire) add(f chat.Field) { q.fields = append(q.fields, f) }

func (q *questionnaire) text(id string, required bool) {
	q.add(chat.Text{Base: q.base(id, required)})
}

// naming asks who or where somebody is, or how to reach them.
func (q *questionnaire) naming(id string, required bool) {
	b := q.base(id, required)
	b.Naming = true
	q.add(chat.Text{Base: b})
}

func (q *questionnaire) area(id string) { q.add(chat.Area{Base: q.base(id, optional)}) }

func (q *questionnaire) number(id string, least, most int) {
	q.add(chat.Number{Base: q.base(id, optional), Min: least, Max: most})
}

func (q *questionnaire) one(id string, required bool, options []chat.Option) {
	q.add(chat.Select{Base: q.base(id, required), Options: options})
}

func (q *questionnaire) several(id string, required bool, options []chat.Option) {
	q.add(chat.Choice{Base: q.base(id, required), Options: options})
}

func (q *questionnaire) user(id string, required bool) {
	q.add(chat.User{Base: q.base(id, required)})
}

func (q *questionnaire) yes(id string, required bool) {
	q.add(chat.Bool{Base: q.base(id, required), Yes: capital(q.say.T("yesno.yes")), No: capital(q.say.T("yesno.no"))})
}

func (q *questionnaire) day(id string, required bool) {
	q.date(q.base(id, required), false)
}

func (q *questionnaire) moment(id string) {
	q.date(q.base(id, needed), true)
}

func (q *questionnaire) date(b chat.Base, hour bool) {
	d := chat.Date{Base: b, Time: hour}
	if example := "example." + q.form + "." + b.ID; q.say.Has(example) {
		d.Example = q.say.T(example)
	}
	q.add(d)
}

// choices gives values as options, with their names in the locales under family.
func choices[T ~string](say locales.Printer, family string, values ...T) []chat.Option {
	options := make([]chat.Option, len(values))
	for i, v := range values {
		options[i] = chat.Option{Value: string(v), Label: capital(say.T(family + "." + string(v)))}
	}
	return options
}

// topicChoices offers every topic, the vetoed ones too: leaving some out would
// tell which they are.
func topicChoices(say locales.Printer) []chat.Option {
	return choices(say, "topic", casework.Topics()...)
}

// listedChoices offers the professionals the person agreed to.
func listedChoices(c *casework.Case) []chat.Option {
	var options []chat.Option
	for _, p := range c.Professionals {
		if p.Agreed && len(options) < maxOptions {
			options = append(options, chat.Option{Value: p.ID, Label: chat.Shorten(signature(p)), Case: c.Code})
		}
	}
	return options
}

// actorChoices offers the person first, who comes first in what is done (guide
// IV.C.2), then the professionals.
func actorChoices(c *casework.Case, say locales.Printer) []chat.Option {
	person := chat.Option{Value: string(casework.ThePerson), Label: capital(say.T("actor.person"))}
	return append([]chat.Option{person}, listedChoices(c)...)
}

// maxOptions keeps a select within what platforms show, the person included.
const maxOptions = 99
