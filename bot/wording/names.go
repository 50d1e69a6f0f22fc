package wording

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// titles come before a name. Those that are true are nothing else when they are
// written with a small letter, or all in capitals.
var titles = map[string]bool{
	"m": true, "mm": true, "me": true, "pr": true,
	"mr": false, "dr": false, "mme": false, "mmes": false, "mlle": false, "monsieur": false, "madame": false,
	"messieurs": false, "mesdames": false, "mademoiselle": false, "docteur": false, "professeur": false, "maitre": false,
}

var (
	// dotted are short for a title; what follows their dot is no new sentence.
	dotted = setOf([]string{"m", "mm", "mr", "mme", "mlle", "dr", "pr", "me"})
	// particles belong to a name and are none.
	particles = setOf(strings.Fields("de d du des le la l les van von der el al ben et"))
	articles  = setOf(strings.Fields("le la l les un une des du de d au aux en et ou sur sous pour par avec sans dans chez mon ma mes son sa ses leur leurs notre nos votre vos ce cet cette ces the a an of to for and in on with"))
)

const (
	// lookBack is how far before a name what says that it is a place may stand:
	// « rue du Général », « école élémentaire publique ».
	lookBack = 3
	// A name without a title has two or three words: more of them in capitals are a
	// heading.
	nameLeast, nameMost = 2, 3
)

// names finds the names of people who are not known: after a title; or two or
// three capitalised words in a row inside a sentence, unless they name a place, an
// organisation or a time.
func (g Guard) names(words []word, known Known) []Finding {
	var found []Finding
	add := func(first word, name []word) {
		if !known.knows(name) {
			found = append(found, Finding{Name, first.start, name[len(name)-1].end})
		}
	}
	for i := 0; i < len(words); {
		if isTitle(words[i]) {
			name := titled(words[i], words[i+1:])
			if len(name) > 0 && !g.role(name) {
				add(words[i], name)
			}
			i += 1 + len(name)
			continue
		}
		run := capitalised(words[i:])
		if len(run) == 0 || begins(words, i) {
			i++
			continue
		}
		name := run
		for len(name) > 0 && articles[name[0].folded] {
			name = name[1:]
		}
		if len(name) >= nameLeast && len(name) <= nameMost && !g.thing(words[max(0, i-lookBack):i], name) {
			add(name[0], name)
		}
		i += len(run)
	}
	return found
}

// begins reports whether a word is the first of a sentence, or of what reads as
// one.
func begins(words []word, i int) bool {
	return i == 0 || strings.ContainsAny(words[i].gap, ".!?…:;|\n•*«\"“–—") || strings.Contains(words[i].gap, " - ")
}

// capitalised gives the capitalised words in a row that words begin with; a name
// may end in capitals: Julie DUVAL.
func capitalised(words []word) []word {
	n := 0
	for n < len(words) && !isTitle(words[n]) && (n == 0 || joins(words[n].gap)) {
		capitals := n > 0 && isCapitals(words[n].text) && utf8.RuneCountInString(words[n].text) > nameMost
		if !isName(words[n].text) && !capitals {
			break
		}
		n++
	}
	return words[:n]
}

// titled gives the name that follows a title, its small words included.
func titled(title word, words []word) []word {
	n := 0
	between := func(gap string) bool {
		if n == 0 && dotted[title.folded] {
			gap = strings.TrimPrefix(gap, ".")
		}
		return joins(gap) || gap == "" && n == 0
	}
	for dotted[title.folded] && n < len(words) && n < 2 && particles[words[n].text] && between(words[n].gap) {
		n++
	}
	start := n
	for n < len(words) && n-start < nameMost && !isTitle(words[n]) {
		after := between(words[n].gap) || n > 0 && particles[words[n-1].text] && strings.Trim(words[n].gap, "'’") == ""
		if !after || !isName(words[n].text) && (!isCapitals(words[n].text) || utf8.RuneCountInString(words[n].text) < 2) {
			break
		}
		n++
	}
	if n == start {
		return nil
	}
	return words[:n]
}

// joins reports whether a gap is a space within a name.
func joins(gap string) bool {
	return slices.Contains([]string{" ", "\u00a0", "\u202f"}, gap)
}

// role reports whether what follows a title is what somebody does: « Madame la
// Juge », « Monsieur Le Maire ».
func (g Guard) role(name []word) bool {
	for len(name) > 1 && articles[name[0].folded] {
		name = name[1:]
	}
	return articles[name[0].folded] || g.nobody.of(name[0])
}

// thing reports whether capitalised words name something else than a person, by
// themselves or by what is before them.
func (g Guard) thing(before, name []word) bool {
	for i := len(before) - 1; i >= 0; i-- {
		if g.places.of(before[i]) {
			return true
		}
		if begins(before, i) {
			break
		}
	}
	return slices.ContainsFunc(name, func(w word) bool { return g.places.of(w) || g.nobody.of(w) })
}

// isTitle reports whether a word comes before a name.
func isTitle(w word) bool {
	capital, title := titles[w.folded]
	return title && (!capital || isUpper(w.text) && (w.folded == "m" || w.folded == "mm" || !isCapitals(w.text)))
}

// isName reports whether a word has a capital and small letters after it.
func isName(text string) bool {
	return isUpper(text) && strings.IndexFunc(text, unicode.IsLower) > 0
}

// isCapitals reports whether a word has no small letter.
func isCapitals(text string) bool {
	return isUpper(text) && strings.IndexFunc(text, unicode.IsLower) < 0
}
