package casework_test

import (
	"testing"
	"unicode/utf8"

	"parcours/casework"

	"pgregory.net/rapid"
)

func TestCleanText(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"plain", "Trouver un logement plus petit", "Trouver un logement plus petit"},
		{"accents and emoji", "Éviter l'expulsion 👩‍👧", "Éviter l'expulsion 👩‍👧"},
		{"spaces around", " \t\n oui \u00a0\n", "oui"},
		{"lines kept", "un\r\ndeux\n\ntrois", "un\ndeux\n\ntrois"},
		{"other line breaks", "un\u2028deux\rtrois\tquatre", "un deux trois quatre"},
		{"control characters", "o\x00u\x1bi\u0085", "oui"},
		{"invisible marks", "o\u200bu\ufeff\u00adi", "oui"},
		{"the marks that turn the reading round", "\u202eiuo\u202c \u2066x\u2069", "iuo x"},
		{"bytes that are no text", "o\xffui\ufffd", "oui"},
		{"a private letter", "o\ue000ui", "oui"},
		{"a joiner with nothing to join", "\u200d \u200d", ""},
	} {
		if got := casework.CleanText(test.text); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestCleanTextIsIdempotent(t *testing.T) {
	odd := rapid.SampledFrom([]rune("a é\n\r\t\u0000\u200b\u200d\u202e\u2028\ufeff\ufffd\U0001F469"))
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringOf(odd)).Draw(t, "text")
		once := casework.CleanText(text)
		if twice := casework.CleanText(once); twice != once || !utf8.ValidString(once) {
			t.Fatalf("%q, then %q", once, twice)
		}
	})
}

// Lengths are counted in letters, not in bytes, and said back.
func TestLengths(t *testing.T) {
	s := together(t)
	objective := func(title, words string) ([]casework.Fact, error) {
		return s.SetObjective(casework.Objective{Topic: casework.Housing, Title: title, OwnWords: words}, s.now)
	}
	s.do(objective(long(casework.LineMax), long(casework.AreaMax)))
	facts, err := objective("Short", long(casework.AreaMax+1))
	refused(t, casework.TooLong, "own_words", facts, err)
	if args := err.(*casework.Error).Args; args["Max"] != casework.AreaMax || args["Count"] != casework.AreaMax+1 {
		t.Errorf("%v", args)
	}
}
