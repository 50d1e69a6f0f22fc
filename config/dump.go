package config

import (
	"fmt"
	"strings"
)

// redacted takes the place of a secret.
const redacted = "***"

// Dump writes the set-up as a file would say it, with its secrets hidden.
func (c Config) Dump() string {
	var out strings.Builder
	table := ""
	write := func(name, value string, secret bool) {
		if value == "" {
			return
		}
		if secret {
			value = redacted
		}
		fmt.Fprintf(&out, "%s = %s\n", name, quote(value))
	}
	writeList := func(name string, values []string) {
		quoted := make([]string, len(values))
		for i, value := range values {
			quoted[i] = quote(value)
		}
		if len(values) > 0 {
			fmt.Fprintf(&out, "%s = [%s]\n", name, strings.Join(quoted, ", "))
		}
	}
	for _, k := range keys {
		prefix, name, ok := strings.Cut(k.name, ".")
		if !ok {
			prefix, name = "", k.name
		}
		if prefix != table {
			table = prefix
			fmt.Fprintf(&out, "\n[%s]\n", table)
		}
		switch {
		case k.isNumber():
			fmt.Fprintf(&out, "%s = %s\n", name, k.written(&c))
		case k.list != nil:
			writeList(name, *k.list(&c))
		default:
			write(name, *k.at(&c), k.secret)
		}
	}
	for _, team := range c.Mattermost.Teams {
		fmt.Fprintf(&out, "\n[[%s]]\n", teamsKey)
		for _, k := range teamKeys {
			write(k.name, *k.at(&team), k.secret)
		}
	}
	return out.String()
}

// quote writes a text as TOML does.
func quote(text string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			out.WriteByte('\\')
			out.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&out, `\u%04X`, r)
		default:
			out.WriteRune(r)
		}
	}
	out.WriteByte('"')
	return out.String()
}
