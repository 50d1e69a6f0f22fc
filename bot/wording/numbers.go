package wording

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// A symbol is a letter or a digit of a text, in capitals; 0 for one that no number
// holds.
type symbol struct {
	char       byte
	start, end int
	// after says what stands between the symbol before and this one.
	after gap
}

type gap int

const (
	broken gap = iota // other text, or nothing before
	glued             // nothing
	spaced            // what people space numbers with
)

// spacing is the most characters between two symbols of one number.
const spacing = 3

// symbols gives all the letters and digits of a text.
func symbols(text string) []symbol {
	var all []symbol
	after, between := broken, 0
	for at, r := range text {
		switch {
		case unicode.IsLetter(r), unicode.IsNumber(r):
			char := byte(0)
			if r < unicode.MaxASCII {
				char = byte(unicode.ToUpper(r))
			}
			all = append(all, symbol{char, at, at + len(string(r)), after})
			after, between = glued, 0
		case after != broken && between < spacing && (unicode.IsSpace(r) || strings.ContainsRune(".,-/_–—·", r)):
			after, between = spaced, between+1
		default:
			after = broken
		}
	}
	return all
}

// number gives the n symbols from the first of all as one number, if it is one:
// nothing glued to its end, and nothing but spacing in it.
func number(all []symbol, n int) (string, bool) {
	if len(all) < n || len(all) > n && all[n].after == glued {
		return "", false
	}
	chars := make([]byte, n)
	for i, s := range all[:n] {
		if i > 0 && s.after == broken {
			return "", false
		}
		chars[i] = s.char
	}
	return string(chars), true
}

// numbers finds social-security numbers and bank accounts, however spaced.
func numbers(text string) []Finding {
	var found []Finding
	all := symbols(text)
	for i := 0; i < len(all); {
		kind, n := numberAt(all[i:])
		if n == 0 {
			i++
			continue
		}
		found = append(found, Finding{kind, all[i].start, all[i+n-1].end})
		i += n
	}
	return found
}

// numberAt gives the kind and the length of the number that all begin with; 0 for
// none.
func numberAt(all []symbol) (Kind, int) {
	if all[0].after == glued {
		return "", 0
	}
	if text, ok := number(all, nirLength); ok && isNIR(text) {
		return SocialSecurity, nirLength
	}
	if len(all) < 2 {
		return "", 0
	}
	shape, ok := ibans[string([]byte{all[0].char, all[1].char})]
	if !ok {
		return "", 0
	}
	if text, ok := number(all, len(shape)); ok && isIBAN(text, shape) {
		return BankAccount, len(shape)
	}
	return "", 0
}

// nirLength is that of a social-security number with its key.
const nirLength = 15

// isNIR reports whether text is a social-security number: sex, year, month,
// département (2A and 2B in Corsica), commune, order, and the key that follows from
// them.
func isNIR(text string) bool {
	if !strings.Contains("123478", text[:1]) {
		return false
	}
	month, err := strconv.Atoi(text[3:5])
	if err != nil || month < 1 || month > 12 && month < 20 || month > 42 && month < 50 {
		return false
	}
	// Corsica counts as 19 and 18.
	plain := text
	switch text[5:7] {
	case "2A":
		plain = text[:5] + "19" + text[7:]
	case "2B":
		plain = text[:5] + "18" + text[7:]
	case "00":
		return false
	}
	if !fits(plain, strings.Repeat("n", nirLength)) {
		return false
	}
	key, err := strconv.Atoi(plain[13:])
	return err == nil && key == 97-modulo97(plain[:13])
}

// isIBAN reports whether text has the shape of a bank account and the key that
// follows from it.
func isIBAN(text, shape string) bool {
	return fits(text, shape) && modulo97(text[4:]+text[:4]) == 1
}

// fits reports whether text has a shape: n for a digit, a for a letter, c for
// either.
func fits(text, shape string) bool {
	for i := range len(text) {
		digit, letter := text[i] >= '0' && text[i] <= '9', text[i] >= 'A' && text[i] <= 'Z'
		if !(digit && shape[i] != 'a' || letter && shape[i] != 'n') {
			return false
		}
	}
	return true
}

// modulo97 gives the rest of a number by 97, where A reads as 10 and Z as 35.
func modulo97(text string) int {
	rest := 0
	for i := range len(text) {
		if c := text[i]; c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest
}

// ibans are the shapes of bank accounts by country, key included: those of the
// single euro payments area, Tunisia and Turkey (SWIFT, IBAN registry).
var ibans = shapes(map[string]string{
	"AD": "n8c12", "AT": "n16", "BE": "n12", "BG": "a4n6c8", "CH": "n5c12", "CY": "n8c16", "CZ": "n20", "DE": "n18",
	"DK": "n14", "EE": "n16", "ES": "n20", "FI": "n14", "FR": "n10c11n2", "GB": "a4n14", "GI": "a4c15", "GR": "n7c16",
	"HR": "n17", "HU": "n24", "IE": "a4n14", "IS": "n22", "IT": "a1n10c12", "LI": "n5c12", "LT": "n16", "LU": "n3c13",
	"LV": "a4c13", "MC": "n10c11n2", "MT": "a4n5c18", "NL": "a4n10", "NO": "n11", "PL": "n24", "PT": "n21", "RO": "a4c16",
	"SE": "n20", "SI": "n15", "SK": "n20", "SM": "a1n10c12", "TN": "n20", "TR": "n6c16", "VA": "n18",
})

// shapes writes shapes out: "a4n2" is "aaaann", after the country and the key.
func shapes(short map[string]string) map[string]string {
	whole := map[string]string{}
	for country, text := range short {
		shape := "aann"
		for text != "" {
			end := 1 + slices.IndexFunc(append([]byte(text[1:]), 'x'), func(c byte) bool { return c >= 'a' })
			n, err := strconv.Atoi(text[1:end])
			if err != nil {
				panic(err) // the table is a constant
			}
			shape += strings.Repeat(text[:1], n)
			text = text[end:]
		}
		whole[country] = shape
	}
	return whole
}
