package mattermost

import (
	"regexp"
	"strings"
	"unicode"
)

// joiner has no width and belongs to no word: it parts what would be read as a
// mention, a link or an emoji.
const joiner = "\u2060"

var (
	// entity is what Markdown reads as a character given by name or number.
	entity = regexp.MustCompile(`&(#?[0-9A-Za-z]+;)`)
	// opener is what starts a block at the beginning of a line.
	opener = regexp.MustCompile("^\u00a0*([-+#=]|[0-9]+[.)])")
	// address is what is read as a link without a scheme.
	address = regexp.MustCompile(`(?i)(www[0-9]{0,3})\.`)
)

// inline makes characters plain wherever they stand. Angle brackets and the
// dollar become entities: the server itself rewrites <a|b>, in commands'
// answers, whatever stands before.
var inline = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `~`, `\~`+joiner, `[`, `\[`, `]`, `\]`, `|`, `\|`,
	`!`, `\!`, `$`, "&#36;", `<`, "&lt;", `>`, "&gt;", `@`, `@`+joiner, `#`, `#`+joiner,
)

// escape gives text that Mattermost shows as it is: nothing in it is read as
// markup, HTML, a link, a mention, a hashtag, a channel, an emoji, or as what
// Slack writes between angle brackets.
func escape(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r", ""), "\n")
	for i, line := range lines {
		lines[i] = escapeLine(line)
	}
	return strings.Join(lines, "\n")
}

func escapeLine(line string) string {
	line = strings.ReplaceAll(line, "\t", " ")
	// Four spaces would make a block of code.
	if indent := len(line) - len(strings.TrimLeft(line, " ")); indent > 0 {
		line = strings.Repeat("\u00a0", indent) + line[indent:]
	}
	if strings.Contains(line, "&") {
		line = entity.ReplaceAllString(line, "&amp;$1")
	}
	if strings.ContainsAny(line, "wW") {
		line = address.ReplaceAllString(line, "$1"+joiner+".")
	}
	if strings.ContainsAny(line, ":;") {
		line = partColons(line)
	}
	at := opener.FindStringSubmatchIndex(line)
	if at == nil {
		return inline.Replace(line)
	}
	mark := line[at[2]:at[3]]
	switch last := len(mark) - 1; mark[last] {
	case '=':
		mark = joiner + mark
	case '#':
		mark = `\#` + joiner
	default:
		mark = mark[:last] + `\` + mark[last:]
	}
	return line[:at[2]] + mark + inline.Replace(line[at[3]:])
}

// partColons parts each colon and semicolon from what follows it: an emoji, an
// emoticon, or the rest of a link.
func partColons(line string) string {
	var b strings.Builder
	runes := []rune(line)
	for i, r := range runes {
		b.WriteRune(r)
		if (r == ':' || r == ';') && i+1 < len(runes) && !unicode.IsSpace(runes[i+1]) && !inEntity(runes, i) {
			b.WriteString(joiner)
		}
	}
	return b.String()
}

// inEntity says whether the semicolon at i ends the entity that stands for an
// ampersand.
func inEntity(runes []rune, i int) bool {
	return runes[i] == ';' && i >= 4 && string(runes[i-4:i]) == "&amp"
}

// plain is escape in one line, for a title or a label.
func plain(text string) string {
	return escape(strings.Join(strings.Fields(text), " "))
}

// bold is text in bold.
func bold(text string) string {
	if text = plain(text); text == "" {
		return ""
	}
	return "**" + text + "**"
}
