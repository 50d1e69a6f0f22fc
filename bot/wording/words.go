package wording

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"parcours/bot/when"
)

// A word is one of a text, with what stands between the one before and it. A
// hyphen is within a word, an apostrophe is not, but in a name: N'Diaye.
type word struct {
	text, folded string
	start, end   int
	gap          string
}

func wordsOf(text string) []word {
	var all []word
	end := 0
	for start := 0; start < len(text); {
		n := wordAt(text[start:])
		if n == 0 {
			_, size := utf8.DecodeRuneInString(text[start:])
			start += size
			continue
		}
		w := word{text: text[start : start+n], start: start, end: start + n, gap: text[end:start]}
		w.folded = when.Fold(w.text)
		all = append(all, w)
		start += n
		end = start
	}
	return all
}

// wordAt gives how many bytes the word takes that text begins with; 0 for none.
func wordAt(text string) int {
	n := letters(text)
	for n > 0 && n < len(text) {
		mark, size := utf8.DecodeRuneInString(text[n:])
		next := letters(text[n+size:])
		name := strings.ContainsRune("'’", mark) && utf8.RuneCountInString(text[:n]) == 1 && isUpper(text) && isUpper(text[n+size:])
		if next == 0 || mark != '-' && !name {
			break
		}
		n += size + next
	}
	return n
}

// letters gives how many bytes of letters text begins with, accents apart
// included.
func letters(text string) int {
	for at, r := range text {
		if !unicode.IsLetter(r) && (at == 0 || !unicode.Is(unicode.Mn, r)) {
			return at
		}
	}
	return len(text)
}

func isUpper(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsUpper(r)
}

// parts gives a folded word and, if it has hyphens, its parts.
func (w word) parts() []string {
	parts := strings.FieldsFunc(w.folded, func(r rune) bool { return r == '-' || r == '\'' })
	if len(parts) > 1 {
		parts = append(parts, w.folded)
	}
	return parts
}

// A set is of folded words.
type set map[string]bool

func setOf(words []string) set {
	s := set{}
	for _, w := range words {
		s[when.Fold(w)] = true
	}
	return s
}

// of reports whether a word, or a part of it, is in the set, in the plural too.
func (s set) of(w word) bool {
	for _, part := range w.parts() {
		if s[part] || s[strings.TrimSuffix(part, "s")] {
			return true
		}
	}
	return false
}

// Known is what may be named: the people, the places and the services of a case,
// and their addresses. The zero Known knows nothing.
type Known struct{ names, contacts set }

// Knowing gives what is known by texts: each of their words, and each as an e-mail
// address or a phone number.
func Knowing(texts ...string) Known {
	k := Known{names: set{}, contacts: set{}}
	for _, text := range texts {
		k.contacts[contact(text)] = true
		for _, w := range wordsOf(text) {
			for _, part := range w.parts() {
				if !particles[part] && len(part) > 1 {
					k.names[part] = true
				}
			}
		}
	}
	return k
}

// knows reports whether one of some words is known.
func (k Known) knows(words []word) bool {
	for _, w := range words {
		if k.names.of(w) {
			return true
		}
	}
	return false
}
