package casework

import (
	"fmt"
	"io"
	"strings"
)

// Code names a case wherever people can see it: in channel names, cards and
// commands. It is drawn at random, says nothing of the person, and is never
// given to a second case.
type Code string

// codeAlphabet leaves out the letters and digits that are mistaken for one
// another when read aloud or written by hand: 0/O, 1/I/L, 5/S, 8/B, U/V.
const codeAlphabet = "2346789ACDEFGHJKMNPQRTWXYZ"

const (
	codePrefix = "P-"
	codeLength = 4
)

// NewCode draws a code from random. It returns the error of random alone; that
// the code is free is for the journal to say, which refuses a second opening.
func NewCode(random io.Reader) (Code, error) {
	drawn := make([]byte, 0, codeLength)
	for one := make([]byte, 1); len(drawn) < codeLength; {
		if _, err := io.ReadFull(random, one); err != nil {
			return "", fmt.Errorf("draw a case code: %w", err)
		}
		// Bytes past the last whole multiple are thrown away, so that every
		// letter is as likely as the others.
		if n := len(codeAlphabet); int(one[0]) < 256/n*n {
			drawn = append(drawn, codeAlphabet[int(one[0])%n])
		}
	}
	return Code(codePrefix + string(drawn)), nil
}

// ParseCode reads a code as people type it: any case, spaces around, with or
// without its dash. ok is false for anything that cannot be a code.
func ParseCode(text string) (code Code, ok bool) {
	body := strings.ToUpper(strings.TrimSpace(text))
	body, found := strings.CutPrefix(body, "P")
	if !found {
		return "", false
	}
	body = strings.TrimPrefix(body, "-")
	if len(body) != codeLength || strings.Trim(body, codeAlphabet) != "" {
		return "", false
	}
	return Code(codePrefix + body), true
}
