// Package wording finds in free text what is better left out of a case: numbers
// that name somebody for ever, ways to reach third parties, words of diagnosis, and
// names of people who are no part of it. It goes by rules alone, looks at nothing
// but the text, and would rather miss something than ring for nothing.
package wording

import (
	"cmp"
	"slices"
)

// Kind says what a finding is.
type Kind string

// The kinds: a French social-security number, its key right; an IBAN, its key
// right; an e-mail address and a phone number that are not known; a word of
// diagnosis; the name of somebody who is not known.
const (
	SocialSecurity Kind = "social_security"
	BankAccount    Kind = "bank_account"
	Email          Kind = "email"
	Phone          Kind = "phone"
	Diagnosis      Kind = "diagnosis"
	Name           Kind = "name"
)

// A Finding is a piece of a text: its bytes from Start to End, between two
// characters.
type Finding struct {
	Kind       Kind
	Start, End int
}

// Guard checks texts by some lists of words.
type Guard struct {
	diagnoses, places, nobody set
}

// New gives the guard of these words, in any case, with or without accents:
// diagnoses, in each of their forms but a plural in s; places, what the name of a
// place or an organisation begins with or follows; nobody, what is part of no
// person's name.
func New(diagnoses, places, nobody []string) Guard {
	return Guard{diagnoses: setOf(diagnoses), places: setOf(places), nobody: setOf(nobody)}
}

// Check gives what a text holds, in order; of two findings that overlap, the
// longer.
func (g Guard) Check(text string, known Known) []Finding {
	found := slices.Concat(numbers(text), contacts(text, known))
	words := wordsOf(text)
	for _, w := range words {
		if g.diagnoses.of(w) {
			found = append(found, Finding{Diagnosis, w.start, w.end})
		}
	}
	return apart(append(found, g.names(words, known)...))
}

// apart gives findings in order, without those that another one overlaps.
func apart(found []Finding) []Finding {
	slices.SortStableFunc(found, func(a, b Finding) int { return cmp.Compare(b.End-b.Start, a.End-a.Start) })
	var kept []Finding
	for _, f := range found {
		if !slices.ContainsFunc(kept, func(k Finding) bool { return f.Start < k.End && k.Start < f.End }) {
			kept = append(kept, f)
		}
	}
	slices.SortFunc(kept, func(a, b Finding) int { return cmp.Compare(a.Start, b.Start) })
	return kept
}
