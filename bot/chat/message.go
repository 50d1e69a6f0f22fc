package chat

import (
	"strings"

	"parcours/casework"
)

// A Message is what somebody reads. Text is its first line, all that a
// notification shows: it holds no case content. Card, if any, holds the rest, and
// Files go with it. An answer to whoever acted carries no files, but may lead to
// some.
type Message struct {
	Text  string
	Card  *Card
	Files []File
}

// A Card is a framed part of a message. Title, Footer and the headings and
// labels of its rows hold no case content; the values do, and say so.
type Card struct {
	Title   string
	Rows    []Row
	Buttons []Button
	Footer  string
	// Whole: to be shown whole or not at all; otherwise the rows that its
	// readers may not see are left out, and HiddenNote added if there were any.
	Whole      bool
	HiddenNote string
}

// A Row is a line of a card: a value, usually with a label. A row without a
// value is a heading, left out when none of its rows is shown.
type Row struct {
	Label, Value string
	// Case and Topic say what the row tells of: nothing when Case is empty, the
	// general part of a case when Topic is. The gate shows it to nobody whom the
	// person's consent does not cover for this.
	Case  casework.Code
	Topic casework.Topic
}

// Plain is a row that tells nothing of any case.
func Plain(label, value string) Row { return Row{Label: label, Value: value} }

// Heading starts a group of rows.
func Heading(label string) Row { return Row{Label: label} }

// About is a row that tells something of a case: of a topic, or of its general
// part when topic is empty.
func About(code casework.Code, topic casework.Topic, label, value string) Row {
	return Row{Label: label, Value: value, Case: code, Topic: topic}
}

// IsHeading reports whether the row only starts a group.
func (r Row) IsHeading() bool { return r.Value == "" }

// A Button acts on something named by its subject. Its Token is made by the bot
// when the message leaves: adapters carry it, and give it back unread.
type Button struct {
	// ID is the button's name in the contract of commands.
	ID    string
	Label string
	Style Style
	Case  casework.Code
	// Subject is the id of what it acts on.
	Subject string
	// Command is what to type where buttons cannot be shown.
	Command string
	Token   string
}

// Style is how much a button asks to be pressed.
type Style int

// The styles.
const (
	Ordinary Style = iota
	Primary
	Danger
)

// A File is read whole or not at all. Its Name, which holds no case content, is
// what people keep it under: letters and digits without accents, with an
// extension. Type is its media type, as in "application/pdf".
type File struct {
	Name, Type string
	// Case is the case it tells of: none when empty. Topics are all those it
	// tells of, besides the general part of the case.
	Case   casework.Code
	Topics []casework.Topic
	Body   []byte
	// Link is where to fetch it, in the place of Body.
	Link string
}

// AsText gives the whole message as plain text, losing nothing but what is in
// its files: a button reads as the command to type.
func (m Message) AsText() string {
	var lines []string
	add := func(text string) {
		if text != "" {
			lines = append(lines, text)
		}
	}
	add(m.Text)
	if m.Card != nil {
		if m.Card.Title != m.Text {
			add(m.Card.Title)
		}
		for _, row := range m.Card.Rows {
			switch {
			case row.IsHeading():
				add("· " + row.Label)
			case row.Label == "":
				add("  " + row.Value)
			default:
				add("  " + row.Label + " : " + row.Value)
			}
		}
		for _, b := range m.Card.Buttons {
			add("  [" + b.Label + "] " + b.Command)
		}
		add(m.Card.Footer)
	}
	for _, f := range m.Files {
		add(strings.TrimRight("  📎 "+f.Name+" "+f.Link, " "))
	}
	return strings.Join(lines, "\n")
}
