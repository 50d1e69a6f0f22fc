package sandbox

import (
	"fmt"
	"regexp"
	"slices"

	"parcours/bot/chat"
)

// Up to this many, the options of a select are all in sight.
const fewOptions = 4

// sheet is a form on the screen.
type sheet struct {
	chat.Form
	Fault string
	// Astray are faults of fields that the form does not have: said all the same.
	Astray []string
	Asked  []question
	// Version changes whenever the bot answered: the page then shows it anew.
	Version string
}

// question is a field on the screen. Kind names how it is asked.
type question struct {
	chat.Base
	Kind     string
	Field    chat.Field
	Options  []chat.Option
	Min, Max int
	Time     bool
	Values   []string
	Fault    string
	// First: where to begin, the first fault or else the first field.
	First bool
}

func newSheet(open openForm, people []chat.Option) *sheet {
	s := &sheet{Form: open.form, Fault: open.fault, Version: fmt.Sprint(open.form.Token, open.faults, open.fault)}
	known := map[string]bool{}
	for _, f := range open.form.Fields {
		id := f.About().ID
		known[id] = true
		q := ask(f, people)
		q.Values, q.Fault = open.values[id], open.faults[id]
		s.Asked = append(s.Asked, q)
	}
	for id, fault := range open.faults {
		if !known[id] {
			s.Astray = append(s.Astray, fault)
		}
	}
	slices.Sort(s.Astray)
	first := slices.IndexFunc(s.Asked, func(q question) bool { return q.Fault != "" })
	if len(s.Asked) > 0 {
		s.Asked[max(first, 0)].First = true
	}
	return s
}

// ask says how to ask a field. Validate let through only the kinds below when
// the form was opened.
func ask(field chat.Field, people []chat.Option) question {
	q := question{Base: field.About(), Field: field}
	switch f := field.(type) {
	case chat.Text:
		q.Kind = "text"
	case chat.Area:
		q.Kind = "area"
	case chat.Number:
		q.Kind, q.Min, q.Max = "number", f.Min, f.Max
	case chat.Select:
		q.Kind, q.Options = "select", f.Options
		if len(f.Options) <= fewOptions {
			q.Kind = "radios"
		}
	case chat.Choice:
		q.Kind, q.Options = "choice", f.Options
	case chat.User:
		q.Kind, q.Options = "select", people
	case chat.Bool:
		q.Kind = "check"
		if f.Required {
			q.Kind = "yesno"
		}
	case chat.Date:
		q.Kind, q.Time, q.Hint = "date", f.Time, f.TypedHint()
	default:
		panic(fmt.Sprintf("sandbox: a form with a field of unknown kind %T was opened", field))
	}
	return q
}

// Faults are the questions that something is wrong with.
func (s *sheet) Faults() []question {
	return slices.DeleteFunc(slices.Clone(s.Asked), func(q question) bool { return q.Fault == "" })
}

// Has says whether a value is among those given.
func (q question) Has(value string) bool { return slices.Contains(q.Values, value) }

// Value is the first value given, if any, as people read it.
func (q question) Value() string {
	switch {
	case len(q.Values) == 0:
		return ""
	case q.Kind == "date":
		return readableDate(q.Values[0])
	}
	return q.Values[0]
}

// Name is the name of the field in the page.
func (q question) Name() string { return fieldName(q.ID) }

// Grouped says whether the question is asked by several boxes to tick.
func (q question) Grouped() bool {
	return q.Kind == "radios" || q.Kind == "choice" || q.Kind == "yesno"
}

// Described lists the ids of what explains the field.
func (q question) Described() string {
	ids := ""
	if q.Hint != "" || q.Kind == "date" || q.Kind == "number" {
		ids = q.Name() + "-hint"
	}
	if q.Fault != "" {
		ids += " " + q.Name() + "-fault"
	}
	return ids
}

func fieldName(id string) string { return "f-" + id }

// A date is shown and typed the day first, and travels the year first.
var (
	isoForm      = regexp.MustCompile(`^(\d{4})-(\d{2})-(\d{2})( \d{2}:\d{2})?$`)
	readableForm = regexp.MustCompile(`^(\d{2})/(\d{2})/(\d{4})( \d{2}:\d{2})?$`)
)

func readableDate(text string) string { return isoForm.ReplaceAllString(text, "$3/$2/$1$4") }
func isoDate(text string) string      { return readableForm.ReplaceAllString(text, "$3-$2-$1$4") }
