package slack

import (
	"strings"
	"testing"
)

func TestEscape(t *testing.T) {
	for given, want := range map[string]string{
		"Bonjour":                        "Bonjour",
		"<!channel> <@U1> <#C1|x>":       "&lt;!channel&gt; &lt;@U1&gt; &lt;#C1|x&gt;",
		"<https://evil.example|cliquez>": "&lt;https://evil.example|cliquez&gt;",
		"&lt;!channel&gt;":               "&amp;lt;!channel&amp;gt;",
		"a & b":                          "a &amp; b",
		"*gras*":                         gap + "*" + gap + "gras" + gap + "*" + gap,
		"jean_paul_x 2*3":                "jean_paul_x 2*3",
		"_x_":                            gap + "_" + gap + "x" + gap + "_" + gap,
		"> cité":                         gap + "&gt; cité",
		"  >> cité":                      "  " + gap + "&gt;&gt; cité",
		":tada: 14:30:15":                ":" + gap + "tada: 14:" + gap + "30:15",
		"a : b":                          "a : b",
		"l’un\r\nl’autre":                "l’un\nl’autre",
	} {
		if got := escape(given); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
	if got := bold(" Deux\n mots "); got != "*Deux mots*" {
		t.Error(got)
	}
	if got := bold(" \n"); got != "" {
		t.Error(got)
	}
}

func TestTyped(t *testing.T) {
	for given, want := range map[string]string{
		"inviter <@U123|claire> role:partner": "inviter @U123 role:partner",
		"<@W123>":                             "@W123",
		"<#C123|p-7k3f> <#C123>":              "#p-7k3f #C123",
		"<!here> <!subteam^S1|@equipe>":       "@here @S1",
		"<https://a.example/?x=1&amp;y=2>":    "https://a.example/?x=1&y=2",
		"<mailto:a@b.example|a@b.example>":    "mailto:a@b.example",
		"&lt;@U123&gt; &amp;lt;":              "<@U123> &lt;",
		"a < b > c <b>":                       "a < b > c <b>",
	} {
		if got := typed(given); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}

// FuzzEscape has nothing that people write be read as more than text: what comes out
// says the same, and no character of markup stands where it would mark.
func FuzzEscape(f *testing.F) {
	for _, text := range []string{"<!channel>", "*a* _b_ ~c~ `d`", "> x\n>>> y", ":tada:", "&lt;", "a_b", "**", "\u200b*x*"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "?")
		got := escape(text)
		if strings.ContainsAny(got, "<>") {
			t.Errorf("%q", got)
		}
		clean := func(s string) string { return strings.NewReplacer(gap, "", "\r", "").Replace(s) }
		if back := clean(characters.Replace(got)); back != clean(text) {
			t.Errorf("%q reads %q", text, back)
		}
		for _, line := range strings.Split(got, "\n") {
			if emoji.MatchString(line) || strings.HasPrefix(strings.TrimSpace(line), "&gt;") {
				t.Errorf("%q", line)
			}
		}
	})
}

// FuzzTyped has people type anything.
func FuzzTyped(f *testing.F) {
	for _, text := range []string{"<@U1|x>", "<<@U1>>", "<#", "&amp;amp;", "<!subteam^|>"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got := typed(text); len(got) > len(text)+strings.Count(text, "<")*len("@")+1 {
			t.Errorf("%q became %q", text, got)
		}
	})
}
