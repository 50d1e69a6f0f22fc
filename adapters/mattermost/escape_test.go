package mattermost

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/mattermost/mattermost/server/public/model"
)

func TestEscape(t *testing.T) {
	j := joiner
	tests := map[string]string{
		"Trouver un emploi d’hôtesse (caisse), 3.5 km - 12 €": "Trouver un emploi d’hôtesse (caisse), 3.5 km - 12 €",
		"@all et a@b.fr":              "@" + j + "all et a@" + j + "b.fr",
		"#motif":                      `\#` + j + "motif",
		"un #motif":                   "un #" + j + "motif",
		"~ville ~~non~~":              `\~` + j + `ville \~` + j + `\~` + j + `non\~` + j + `\~` + j,
		"**gras** _it_ `c`":           "\\*\\*gras\\*\\* \\_it\\_ \\`c\\`",
		"[ici](https://x.fr) ![i](j)": `\[ici\](https:` + j + `//x.fr) \!\[i\](j)`,
		"<b>&lt;</b> R&D":             "&lt;b&gt;&amp;lt;" + j + "&lt;/b&gt; R&D",
		"<https://a|b> <!all>":        "&lt;https:" + j + `//a\|b&gt; &lt;\!all&gt;`,
		":smile: :) 14:30":            ":" + j + "smile: :" + j + ") 14:" + j + "30",
		"::a:":                        ":" + j + ":" + j + "a:",
		"www.x.fr WWW2.x":             "www" + j + ".x.fr www2" + j + ".x",
		"- a\n+ b\n1. c\n2) d\n> e":   "\\- a\n\\+ b\n1\\. c\n2\\) d\n&gt; e",
		"    code\n\ttab":             strings.Repeat("\u00a0", 4) + "code\n\u00a0tab",
		"titre\n===\n---":             "titre\n" + j + "===\n\\---",
		"|a|b|\n|-|-|":                "\\|a\\|b\\|\n\\|-\\|-\\|",
		"$x$ \\":                      `&#36;x&#36; \\`,
		"a\r\nb":                      "a\nb",
	}
	for given, want := range tests {
		if got := escape(given); !strings.EqualFold(got, want) {
			t.Errorf("%q gives\n%q, want\n%q", given, got, want)
		}
	}
}

var backslashed = regexp.MustCompile("\\\\([\\\\`*_~\\[\\]|!#+\\-.)])")

// FuzzEscape holds that no text is alive, and that it reads as it was typed.
func FuzzEscape(f *testing.F) {
	for _, seed := range []string{"@all #x ~y :z: <a|b> &lt; \\*", "1. a\n- b\n    c", "www.a.b http://c", "&amp;#64;all", "\\&lt;"} {
		f.Add(seed)
	}
	alive := regexp.MustCompile(`[@#~]\pL|:[\pL\pN+/)(]|(?i:www\d*)\.|<|(^|[^\\])[*_` + "`" + `\[\]|]|\$`)
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, joiner+"\r\t\u00a0") || strings.ContainsFunc(text, unicode.IsControl) || strings.ToValidUTF8(text, "") != text {
			return
		}
		got := escape(text)
		// What is behind pairs of backslashes is not behind a backslash.
		if at := alive.FindString(strings.ReplaceAll(got, `\\`, "")); at != "" && !strings.HasPrefix(at, `\`) {
			t.Errorf("%q is alive in %q, of %q", at, got, text)
		}
		if model.ParseSlackLinksToMarkdown(got) != got {
			t.Errorf("the server rewrites %q", got)
		}
		read := backslashed.ReplaceAllString(strings.ReplaceAll(got, joiner, ""), "$1")
		read = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#36;", "$", "&amp;", "&", "\u00a0", " ").Replace(read)
		if read != text {
			t.Errorf("%q reads as %q", text, read)
		}
	})
}
