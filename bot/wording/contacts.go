package wording

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	email = regexp.MustCompile(`[\pL\pN._%+-]+@[\pL\pN-]+(?:\.[\pL\pN-]+)*\.\pL{2,}`)
	// phone is a number as people write it in France, spaced the same way from end
	// to end, or one of abroad. Numbers in 08 are those of services, not of people.
	phone = regexp.MustCompile(`(?:^|[^\pL\pN+])(` + strings.Join(slices.Concat(
		[]string{`(?:\+|00)33` + space + `?(?:\(0\)` + space + `?)?[1-9](?:` + space + `?\d){8}`},
		[]string{`\+[124-9]\d{0,2}(?:` + space + `?\d){7,11}`, `\+3[0-24-9]\d?(?:` + space + `?\d){7,11}`},
		[]string{`0[1-79]\d{8}`},
		grouped(` `), grouped("\u00a0"), grouped("\u202f"), grouped(`\.`), grouped(`-`), grouped(`/`),
	), "|") + `)`)
	notDigits = regexp.MustCompile(`\D`)
)

const space = "[ .\u00a0\u202f-]"

// grouped gives the ways to write the ten digits of a phone number in groups.
func grouped(by string) []string {
	return []string{
		`0[1-79](?:` + by + `\d\d){4}`, `0[1-79]\d\d(?:` + by + `\d\d){3}`,
		`0[1-79]\d\d(?:` + by + `\d{3}){2}`, `0[1-79](?:` + by + `\d{4}){2}`,
	}
}

// contacts finds e-mail addresses and phone numbers that are not known.
func contacts(text string, known Known) []Finding {
	var found []Finding
	add := func(kind Kind, start, end int) {
		if known.contacts[contact(text[start:end])] {
			return
		}
		if next, _ := utf8.DecodeRuneInString(text[end:]); kind == Phone && (unicode.IsLetter(next) || unicode.IsNumber(next)) {
			return
		}
		found = append(found, Finding{kind, start, end})
	}
	for _, at := range email.FindAllStringIndex(text, -1) {
		add(Email, at[0], at[1])
	}
	for _, at := range phone.FindAllStringSubmatchIndex(text, -1) {
		add(Phone, at[2], at[3])
	}
	return found
}

// contact gives an e-mail address or a phone number as it is compared.
func contact(text string) string {
	if strings.Contains(text, "@") {
		return strings.ToLower(strings.TrimSpace(text))
	}
	digits := notDigits.ReplaceAllString(strings.ReplaceAll(text, "(0)", ""), "")
	for _, abroad := range []string{"0033", "33"} {
		if rest, ok := strings.CutPrefix(digits, abroad); ok && len(rest) == 9 {
			return "0" + rest
		}
	}
	return digits
}
