package config

import (
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// ErrUnsure: the file is written in a way that cannot be changed without a human.
var ErrUnsure = errors.New("config: the file cannot be changed safely")

// Edit gives the text of a file with other values for some texts, by their names;
// an empty text stands for the sample. Teams are known by their id: one that is
// there gets its token and, if it had none, its name; another is added at the
// end. All else stays as it was, comments too. Error: ErrUnsure when the result
// does not read as it should.
func Edit(text string, values map[string]string, teams []Team) (string, error) {
	if text == "" {
		text = Sample
	}
	want := Default()
	if faults := want.parse([]byte(text)); slices.ContainsFunc(faults, func(f Fault) bool { return f.Kind == Syntax }) {
		return "", ErrUnsure
	}
	l := lines(strings.Split(text, "\n"))
	for _, k := range keys {
		value, ok := values[k.name]
		if !ok || !k.isText() {
			continue
		}
		if at := k.at(&want); *at != value {
			*at = value
			table, name, nested := strings.Cut(k.name, ".")
			if !nested {
				table, name = "", k.name
			}
			l.set(table, name, value)
		}
	}
	for _, team := range teams {
		i := slices.IndexFunc(want.Mattermost.Teams, func(t Team) bool { return t.ID == team.ID })
		if i < 0 {
			want.Mattermost.Teams = append(want.Mattermost.Teams, team)
			l.add(team)
			continue
		}
		there := &want.Mattermost.Teams[i]
		if there.Token != team.Token {
			there.Token = team.Token
			l.setIn(l.team(i), "token", team.Token)
		}
		if there.Name == "" && team.Name != "" {
			there.Name = team.Name
			l.setIn(l.team(i), "name", team.Name)
		}
	}
	changed := strings.Join(l, "\n")
	got := Default()
	got.parse([]byte(changed))
	if !reflect.DeepEqual(got, want) {
		return "", ErrUnsure
	}
	return changed, nil
}

// lines are those of a file.
type lines []string

var header = regexp.MustCompile(`^\s*(\[\[?)\s*([\w.-]+)\s*\]`)

// part is from the line after a header to that before the next one.
type part struct{ from, to int }

// parts finds the parts of a table, or of all those of a list.
func (l lines) parts(mark, name string) []part {
	var found []part
	open := mark == "[" && name == ""
	from := 0
	for i, line := range append(slices.Clone(l), "[]") {
		h := header.FindStringSubmatch(line)
		if h == nil && i < len(l) {
			continue
		}
		if open {
			found = append(found, part{from, i})
		}
		open = h != nil && h[1] == mark && h[2] == name
		from = i + 1
	}
	return found
}

// team is the part of the team that stands in this place; not one when it is not
// written as a table of its own.
func (l lines) team(n int) part {
	found := l.parts("[[", teamsKey)
	if n >= len(found) {
		return part{-1, -1}
	}
	return found[n]
}

// set gives a key of a table its value.
func (l *lines) set(table, name, value string) {
	found := l.parts("[", table)
	if len(found) == 0 {
		*l = append(l.trimmed(), "", "["+table+"]", "")
		found = l.parts("[", table)
	}
	l.setIn(found[0], name, value)
}

// setIn gives a key its value where it stands, or where it stands in a comment,
// or else after the last key of its table.
func (l *lines) setIn(p part, name, value string) {
	if p.from < 0 {
		return // Edit finds that nothing has changed
	}
	assigned := name + " = " + quote(value)
	for _, comment := range []string{"", "#"} {
		stands := regexp.MustCompile(`^(\s*)` + comment + `\s*"?` + regexp.QuoteMeta(name) + `"?\s*=\s*("(?:[^"\\]|\\.)*"|'[^']*')\s*(#.*)?$`)
		for i := p.from; i < p.to; i++ {
			if m := stands.FindStringSubmatch((*l)[i]); m != nil {
				(*l)[i] = strings.TrimRight(m[1]+assigned+" "+m[3], " ")
				return
			}
		}
	}
	at := p.from
	for i := p.from; i < p.to; i++ {
		if text := strings.TrimSpace((*l)[i]); text != "" && !strings.HasPrefix(text, "#") {
			at = i + 1
		}
	}
	*l = slices.Insert(*l, at, assigned)
}

// add writes a team at the end.
func (l *lines) add(team Team) {
	*l = append(l.trimmed(), "", "[["+teamsKey+"]]", "name = "+quote(team.Name), "id = "+quote(team.ID), "token = "+quote(team.Token), "")
}

// trimmed are the lines without the empty ones at the end.
func (l lines) trimmed() lines {
	for len(l) > 0 && strings.TrimSpace(l[len(l)-1]) == "" {
		l = l[:len(l)-1]
	}
	return l
}
