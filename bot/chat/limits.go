package chat

import (
	"fmt"
	"mime"
	"regexp"
	"slices"
	"unicode/utf8"
)

// The limits that every message and form keeps: for each, the strictest of the
// platforms, so that whatever passes here can be shown on any of them.
const (
	// Slack: title of a modal, 24 characters. Mattermost: title of a dialog and
	// name of an element, 24 bytes.
	titleBytes = 24
	labelBytes = 24
	// Mattermost: help text of a dialog element, 150 bytes.
	HintBytes = 150
	// Slack: label of a button and of an option, 75 characters; value of an
	// option, 75.
	buttonRunes = 75
	optionRunes = 75
	// Slack: options of a select, 100.
	maxOptions = 100
	// Slack: header of a block, 150 characters.
	cardTitleRunes = 150
	// Slack: elements of an actions block, 25.
	maxButtons = 25
	// Mattermost: a message, 16 383 characters; less what the frame takes.
	messageRunes = 15000
	// Mattermost: files of a post, 10, and 100 MB each unless set otherwise; a
	// phone on the road is stricter.
	maxFiles     = 5
	maxFileBytes = 10 << 20
	// Any disk: a name, 255 bytes; people read the beginning.
	fileNameBytes = 64
)

// fileName is what every system takes for a name, and none for a path, an option
// or a hidden file.
var fileName = regexp.MustCompile(`^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*\.[A-Za-z0-9]{1,5}$`)

// Validate reports the first limit a form breaks.
func (f Form) Validate() error {
	if len(f.Title) > titleBytes {
		return fmt.Errorf("chat: form %s: title of %d bytes, at most %d", f.ID, len(f.Title), titleBytes)
	}
	seen := map[string]bool{}
	for _, field := range f.Fields {
		b := field.About()
		switch {
		case b.ID == "" || seen[b.ID]:
			return fmt.Errorf("chat: form %s: field id %q is empty or used twice", f.ID, b.ID)
		case b.Label == "" || len(b.Label) > labelBytes:
			return fmt.Errorf("chat: form %s: label of %s is empty or over %d bytes", f.ID, b.ID, labelBytes)
		case len(b.Hint) > HintBytes:
			return fmt.Errorf("chat: form %s: hint of %s over %d bytes", f.ID, b.ID, HintBytes)
		}
		if d, ok := field.(Date); ok && len(d.TypedHint()) > HintBytes {
			return fmt.Errorf("chat: form %s: hint and example of %s over %d bytes", f.ID, b.ID, HintBytes)
		}
		seen[b.ID] = true
		if err := validateOptions(field); err != nil {
			return fmt.Errorf("chat: form %s: field %s: %w", f.ID, b.ID, err)
		}
	}
	return nil
}

func validateOptions(field Field) error {
	var options []Option
	switch f := field.(type) {
	case Select:
		options = f.Options
	case Choice:
		options = f.Options
	case Bool:
		options = []Option{{Value: "true", Label: f.Yes}, {Value: "false", Label: f.No}}
	case Text, Area, Number, User, Date:
		return nil
	default:
		return fmt.Errorf("unknown kind %T", field)
	}
	if len(options) == 0 || len(options) > maxOptions {
		return fmt.Errorf("%d options, from 1 to %d", len(options), maxOptions)
	}
	for _, o := range options {
		if o.Value == "" || o.Label == "" || utf8.RuneCountInString(o.Label) > optionRunes || utf8.RuneCountInString(o.Value) > optionRunes {
			return fmt.Errorf("an option is empty or over %d characters", optionRunes)
		}
	}
	return nil
}

// Validate reports the first limit a message breaks.
func (m Message) Validate() error {
	if n := utf8.RuneCountInString(m.AsText()); n > messageRunes {
		return fmt.Errorf("chat: message of %d characters, at most %d", n, messageRunes)
	}
	if err := validateFiles(m.Files); err != nil {
		return err
	}
	if m.Card == nil {
		return nil
	}
	if n := utf8.RuneCountInString(m.Card.Title); n > cardTitleRunes {
		return fmt.Errorf("chat: card title of %d characters, at most %d", n, cardTitleRunes)
	}
	if n := len(m.Card.Buttons); n > maxButtons {
		return fmt.Errorf("chat: %d buttons, at most %d", n, maxButtons)
	}
	for _, b := range m.Card.Buttons {
		if b.ID == "" || b.Label == "" || b.Command == "" || utf8.RuneCountInString(b.Label) > buttonRunes {
			return fmt.Errorf("chat: button %q lacks a label or a command, or is over %d characters", b.ID, buttonRunes)
		}
	}
	return nil
}

func validateFiles(files []File) error {
	if n := len(files); n > maxFiles {
		return fmt.Errorf("chat: %d files, at most %d", n, maxFiles)
	}
	for i, f := range files {
		_, _, err := mime.ParseMediaType(f.Type)
		switch {
		case len(f.Name) > fileNameBytes || !fileName.MatchString(f.Name):
			return fmt.Errorf("chat: file %d: its name is over %d bytes or not a plain one", i, fileNameBytes)
		case slices.ContainsFunc(files[:i], func(other File) bool { return other.Name == f.Name }):
			return fmt.Errorf("chat: file %d has the name of another", i)
		case err != nil:
			return fmt.Errorf("chat: file %d: its type: %w", i, err)
		case f.Link != "" && len(f.Body) > 0:
			return fmt.Errorf("chat: file %d is both here and elsewhere", i)
		case f.Link == "" && len(f.Body) == 0 || len(f.Body) > maxFileBytes:
			return fmt.Errorf("chat: file %d of %d bytes, from 1 to %d", i, len(f.Body), maxFileBytes)
		case f.Case == "" && len(f.Topics) > 0:
			return fmt.Errorf("chat: file %d tells of topics of no case", i)
		}
	}
	return nil
}

// Shorten gives text as an option's label: whole if it fits, else its beginning
// and an ellipsis. The whole is shown elsewhere.
func Shorten(text string) string {
	if utf8.RuneCountInString(text) <= optionRunes {
		return text
	}
	return string([]rune(text)[:optionRunes-1]) + "…"
}
