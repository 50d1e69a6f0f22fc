package casework

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Lengths of free text, in characters.
const (
	LineMax = 150
	AreaMax = 3000
)

// CleanText gives text as it may be kept and shown: valid UTF-8, spaces around
// it gone, and without what is not to be seen (control characters, invisible
// marks, and the marks that reverse the direction of reading, which can make a
// text read as another). Line breaks are kept. It is idempotent.
func CleanText(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.TrimFunc(strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == joiner:
			return r
		case r == '\t', r == '\r', r == '\u2028', r == '\u2029':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == utf8.RuneError, unicode.Is(unicode.Co, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "")), func(r rune) bool { return unicode.IsSpace(r) || r == joiner })
}

// joiner makes one emoji of several; alone it cannot be seen.
const joiner = '\u200d'

// line refuses a text that a one-line field cannot hold.
func line(field, text string, needed bool) error { return sized(field, text, LineMax, needed) }

// area refuses a text that a several-lines field cannot hold.
func area(field, text string, needed bool) error { return sized(field, text, AreaMax, needed) }

func sized(field, text string, most int, needed bool) error {
	if needed && text == "" {
		return Refuse(Missing, field)
	}
	if n := utf8.RuneCountInString(text); n > most {
		return Refuse(TooLong, field).With("Max", most).With("Count", n)
	}
	return nil
}

// first gives the first error that is not nil.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
