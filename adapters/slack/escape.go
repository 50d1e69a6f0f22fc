package slack

import (
	"regexp"
	"strings"
	"unicode"
)

// gap has no width and parts words, as a space does: a mark beside it opens and
// closes nothing.
const gap = "\u200b"

var (
	// emoji is what Slack draws for a name between colons.
	emoji = regexp.MustCompile(`:([\pL0-9_+'-]+):`)
	// quoted is what makes a line a quotation.
	quoted = regexp.MustCompile(`^(\s*)>`)
	// entities are the characters by which Slack writes links and mentions. Nothing
	// else does once they are escaped.
	entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	// characters undo what Slack escaped in what people typed.
	characters = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
)

// escape gives text that Slack shows as it is: nothing in it is read as a mention, a
// link, markup or an emoji. It is for texts that are verbatim, where Slack looks for
// no address of its own accord.
func escape(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r", ""), "\n")
	for i, line := range lines {
		line = quoted.ReplaceAllString(line, "$1"+gap+">")
		if strings.Contains(line, ":") {
			line = emoji.ReplaceAllString(line, ":"+gap+"$1:")
		}
		lines[i] = entities.Replace(inert(line))
	}
	return strings.Join(lines, "\n")
}

// inert parts the marks of mrkdwn from what they would mark. Between two letters they
// mark nothing.
func inert(line string) string {
	if !strings.ContainsAny(line, "*_~`") {
		return line
	}
	var b strings.Builder
	runes := []rune(line)
	inWord := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
	}
	for i, r := range runes {
		if strings.ContainsRune("*_~`", r) && !(inWord(i-1) && inWord(i+1)) {
			b.WriteString(gap + string(r) + gap)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// line is text in one line.
func line(text string) string { return strings.Join(strings.Fields(text), " ") }

// bold is text in bold, in one line.
func bold(text string) string {
	if text = escape(line(text)); text == "" {
		return ""
	}
	return "*" + text + "*"
}

// tag is what Slack writes for a mention, a channel or a link that somebody typed.
var tag = regexp.MustCompile(`<(?:([@#!])([^<>|\s]+)|([a-z][a-z0-9+.-]*:[^<>|\s]+))(?:\|([^<>]*))?>`)

// typed gives what somebody typed, as they saw it: of a person, "@" and their id.
func typed(text string) string {
	text = tag.ReplaceAllStringFunc(text, func(found string) string {
		parts := tag.FindStringSubmatch(found)
		kind, id, address, label := parts[1], parts[2], parts[3], parts[4]
		switch {
		case kind == "":
			return address
		case kind == "@":
			return "@" + id
		case kind == "#" && label != "":
			return "#" + label
		case kind == "#":
			return "#" + id
		}
		return "@" + strings.TrimPrefix(id, "subteam^")
	})
	return characters.Replace(text)
}
