package bot

import (
	"regexp"
	"strings"
	"unicode"

	"parcours/bot/when"
	"parcours/casework"
)

// A word is a piece of what was typed: with its field's name when it was given
// as name:value.
type word struct{ name, text string }

var named = regexp.MustCompile(`^(\pL[\pL\d_-]{1,29}):(.+)$`)

// words splits a line as people type it: at spaces, except between quotes, which
// may follow a name: what:"appeler le bailleur". Error: unclosedQuote.
func words(line string) ([]word, error) {
	var found []word
	runes := []rune(line)
	for i := 0; i < len(runes); {
		if unicode.IsSpace(runes[i]) {
			i++
			continue
		}
		start, quoted := i, false
		var text strings.Builder
		name := ""
		for i < len(runes) && !unicode.IsSpace(runes[i]) {
			closing, opens := closer(runes[i])
			if opens && (i == start || runes[i-1] == ':' && isName(string(runes[start:i-1]))) {
				if i > start {
					name = string(runes[start : i-1])
					text.Reset()
				}
				end := i + 1
				for end < len(runes) && runes[end] != closing {
					end++
				}
				if end == len(runes) {
					return nil, casework.Refuse(unclosedQuote, "")
				}
				text.WriteString(string(runes[i+1 : end]))
				i, quoted = end+1, true
				break
			}
			text.WriteRune(runes[i])
			i++
		}
		w := word{name: when.Fold(name), text: text.String()}
		if !quoted {
			if f := named.FindStringSubmatch(w.text); f != nil && !strings.HasPrefix(f[2], "//") {
				w = word{name: when.Fold(f[1]), text: f[2]}
			}
		}
		found = append(found, w)
	}
	return found, nil
}

func isName(text string) bool { return named.MatchString(text + ":x") }

func closer(r rune) (closing rune, opens bool) {
	switch r {
	case '"':
		return '"', true
	case '“', '”':
		return '”', true
	case '«':
		return '»', true
	}
	return 0, false
}
