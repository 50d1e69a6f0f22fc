package wording_test

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parcours/bot/wording"
)

var separators = []string{"", "", " ", "  ", "\u00a0", "\u202f", ".", "-", " - ", "/", "\n"}

// inSentence puts a number, spaced somehow, in a sentence.
func inSentence(t *rapid.T, number string) (text string, start, end int) {
	var spaced strings.Builder
	for i, r := range number {
		if i > 0 {
			spaced.WriteString(rapid.SampledFrom(separators).Draw(t, "separator"))
		}
		spaced.WriteRune(r)
	}
	before := rapid.SampledFrom([]string{"", "Son numéro : ", "voir (", "n° ", "Le dossier est complet. ", "«\u00a0", "L’été, en Corse\n"}).Draw(t, "before")
	after := rapid.SampledFrom([]string{"", ".", " à vérifier", "), puis rappeler", "\nMerci", " »"}).Draw(t, "after")
	return before + spaced.String() + after, len(before), len(before) + spaced.Len()
}

// holds reports whether the very number is found in a text.
func holds(text string, kind wording.Kind, start, end int) bool {
	return slices.Contains(guard().Check(text, wording.Known{}), wording.Finding{Kind: kind, Start: start, End: end})
}

func hasKind(text string, kind wording.Kind) bool {
	return slices.ContainsFunc(guard().Check(text, wording.Known{}), func(f wording.Finding) bool { return f.Kind == kind })
}

func TestAnySocialSecurityNumberIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		department := rapid.SampledFrom([]string{"01", "62", "75", "2A", "2B", "97", "99"}).Draw(t, "department")
		body := fmt.Sprintf("%d%02d%02d%s%03d%03d",
			rapid.SampledFrom([]int{1, 2, 3, 4, 7, 8}).Draw(t, "sex"), rapid.IntRange(0, 99).Draw(t, "year"),
			rapid.IntRange(1, 12).Draw(t, "month"), department, rapid.IntRange(1, 990).Draw(t, "commune"), rapid.IntRange(1, 999).Draw(t, "order"))
		key := 97 - rest97(strings.NewReplacer("2A", "19", "2B", "18").Replace(body[5:7]), body)
		text, start, end := inSentence(t, fmt.Sprintf("%s%02d", body, key))
		if !holds(text, wording.SocialSecurity, start, end) {
			t.Fatalf("%q is not found", text)
		}
		wrong := 1 + (key-1+rapid.IntRange(1, 96).Draw(t, "off"))%97
		if text, _, _ := inSentence(t, fmt.Sprintf("%s%02d", body, wrong)); hasKind(text, wording.SocialSecurity) {
			t.Fatalf("%q has a wrong key, and is found", text)
		}
	})
}

// rest97 gives the rest by 97 of a body whose département counts as digits.
func rest97(department, body string) int {
	n, _ := new(big.Int).SetString(body[:5]+department+body[7:], 10)
	return int(n.Mod(n, big.NewInt(97)).Int64())
}

func TestAnyBankAccountIsFound(t *testing.T) {
	country := map[string]string{"FR": `\d{10}[A-Z0-9]{11}\d{2}`, "BE": `\d{12}`, "DE": `\d{18}`, "IT": `[A-Z]\d{10}[A-Z0-9]{12}`, "GB": `[A-Z]{4}\d{14}`}
	codes := []string{"FR", "BE", "DE", "IT", "GB"}
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.SampledFrom(codes).Draw(t, "country")
		body := rapid.StringMatching(country[code]).Draw(t, "body")
		digits := ""
		for _, r := range body + code {
			if r >= 'A' {
				digits += fmt.Sprint(r - 'A' + 10)
			} else {
				digits += string(r)
			}
		}
		n, _ := new(big.Int).SetString(digits+"00", 10)
		key := 98 - int(n.Mod(n, big.NewInt(97)).Int64())
		number := func(key int) string {
			text := fmt.Sprintf("%s%02d%s", code, key, body)
			if rapid.Bool().Draw(t, "small") {
				text = strings.ToLower(text)
			}
			return text
		}
		text, start, end := inSentence(t, number(key))
		if !holds(text, wording.BankAccount, start, end) {
			t.Fatalf("%q is not found", text)
		}
		wrong := 2 + (key-2+rapid.IntRange(1, 96).Draw(t, "off"))%97
		if text, start, end := inSentence(t, number(wrong)); holds(text, wording.BankAccount, start, end) {
			t.Fatalf("%q has a wrong key, and is found", text)
		}
	})
}
