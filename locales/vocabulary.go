package locales

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed vocabulary/*.txt
var vocabulary embed.FS

// The lists of words by which a text is read: those of diagnosis; what the name of
// a place or an organisation begins with or follows; what is part of nobody's name.
const (
	Diagnoses = "diagnoses"
	Places    = "places"
	Nobody    = "nobody"
)

// Vocabulary gives a list of words, of all languages together: people write in
// theirs, whatever the one they read.
func Vocabulary(list string) []string {
	text, err := vocabulary.ReadFile("vocabulary/" + list + ".txt")
	if err != nil {
		panic(fmt.Errorf("locales: %w", err)) // embedded and tested
	}
	var words []string
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			words = append(words, strings.Fields(line)...)
		}
	}
	return words
}
