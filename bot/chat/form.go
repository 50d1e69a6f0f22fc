package chat

import (
	"strings"

	"parcours/casework"
)

// A Form asks for what a command lacks. Its Token is signed by the bot, bound to
// its user and channel, short-lived and good for one submission.
type Form struct {
	ID     string
	Title  string
	Intro  string
	Submit string
	Fields []Field
	Token  string
	// Late is what to say with a button that opens the form, where it could not be
	// opened in time.
	Late string
}

// A Field is one question of a form: one of Text, Area, Number, Select, User,
// Bool, Choice, Date. Adapters switch over these types; an unknown one is an
// error.
type Field interface {
	// About gives what all fields have.
	About() Base
	field()
}

// Base is what all fields have. ID is the name in the contract of commands, used
// as such by every platform, so that one map of errors serves them all.
type Base struct {
	ID, Label, Hint string
	Required        bool
	// Naming: it is made to name people, places and services, or to say how to
	// reach them.
	Naming bool
	// Default is the value shown at first, as it would be submitted.
	Default []string
}

// About gives the base itself.
func (b Base) About() Base { return b }
func (b Base) field()      {}

// TypedHint is the hint where the date is typed.
func (d Date) TypedHint() string { return strings.TrimSpace(d.Hint + " " + d.Example) }

// Value is the first default, or nothing.
func (b Base) Value() string {
	if len(b.Default) == 0 {
		return ""
	}
	return b.Default[0]
}

// The kinds of fields.
type (
	// Text is one line.
	Text struct{ Base }
	// Area is several lines.
	Area struct{ Base }
	// Number is a whole number between Min and Max.
	Number struct {
		Base
		Min, Max int
	}
	// Select is one of some options.
	Select struct {
		Base
		Options []Option
	}
	// Choice is any number of options.
	Choice struct {
		Base
		Options []Option
	}
	// User is an account of the platform; submitted as its id.
	User struct{ Base }
	// Bool is yes or no, in words that people read; submitted as "true" or "false".
	Bool struct {
		Base
		Yes, No string
	}
	// Date is a day, with an hour when Time; submitted as "2026-11-20" or
	// "2026-11-20 14:30", or in words people use. Example says how to type it, where
	// it is typed and not chosen in a calendar.
	Date struct {
		Base
		Time    bool
		Example string
	}
)

// An Option can be chosen. Case and Topic say what its label tells of, as for a
// Row.
type Option struct {
	Value, Label string
	Case         casework.Code
	Topic        casework.Topic
}

// Values are what was submitted or typed, by field id.
type Values map[string][]string

// Get gives the first value of a field, or nothing.
func (v Values) Get(id string) string {
	if len(v[id]) == 0 {
		return ""
	}
	return v[id][0]
}
