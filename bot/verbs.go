package bot

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/bot/when"
	"parcours/casework"
	"parcours/locales"
)

// answerVerbs are what the router itself answers to, folded: a button in words.
var answerVerbs = []string{"repondre", "answer"}

// runButton is the button that stands for typing a verb; its subject names it.
const runButton = "run"

// verbs finds commands and buttons by what people type.
type verbs struct {
	commands []command.Command
	// names are all the words for each command, folded.
	names   [][]string
	buttons []command.Button
	say     locales.Printer
}

// newVerbs gives the verbs of the département of say.
func newVerbs(commands []command.Command, say locales.Printer) verbs {
	v := verbs{say: say}
	for _, c := range commands {
		if !c.Offered(say) {
			c = refusing(c)
		}
		v.commands = append(v.commands, c)
		names := append([]string{c.Name, c.Twin}, c.Aliases...)
		for i := range names {
			names[i] = when.Fold(names[i])
		}
		v.names = append(v.names, names)
		v.buttons = append(v.buttons, c.Buttons...)
	}
	return v
}

// refusing gives in the place of a command that the département does without one
// that says so, under the same names.
func refusing(c command.Command) command.Command {
	refuse := func(command.Request) (command.Response, error) {
		return command.Response{}, casework.Refuse(noMeetings, "")
	}
	refused := command.Command{Name: c.Name, Twin: c.Twin, Aliases: c.Aliases, Meets: true, Hidden: true, Do: refuse}
	for _, b := range c.Buttons {
		refused.Buttons = append(refused.Buttons, command.Button{ID: b.ID, On: b.On, Do: refuse})
	}
	return refused
}

// find gives the command meant by a typed word: one of its names, or the
// beginning of the names of one command alone. Errors: ambiguousVerb, and
// unknownVerb with the nearest verbs.
func (v verbs) find(typed string, lang chat.Lang) (command.Command, error) {
	folded := when.Fold(typed)
	var begun []command.Command
	for i, c := range v.commands {
		if slices.Contains(v.names[i], folded) {
			return c, nil
		}
		if c.Offered(v.say) && slices.ContainsFunc(v.names[i], func(name string) bool { return strings.HasPrefix(name, folded) }) {
			begun = append(begun, c)
		}
	}
	if len(begun) > 1 {
		// What few may use is not in the way of all the others.
		begun = slices.DeleteFunc(begun, func(c command.Command) bool { return c.May == command.Admins })
	}
	switch len(begun) {
	case 1:
		return begun[0], nil
	case 0:
		return command.Command{}, casework.Refuse(unknownVerb, "").With("Near", list(v.nearest(folded), lang))
	}
	return command.Command{}, casework.Refuse(ambiguousVerb, "").With("Near", list(begun, lang))
}

// suggestions is how many verbs an unknown one is answered with.
const suggestions = 3

// nearest gives the commands whose names are the fewest letters away.
func (v verbs) nearest(folded string) []command.Command {
	type candidate struct {
		command.Command
		letters int
	}
	var near []candidate
	for i, c := range v.commands {
		if c.Hidden {
			continue
		}
		letters := len(folded) + 99
		for _, name := range v.names[i] {
			letters = min(letters, levenshtein.ComputeDistance(folded, name))
		}
		near = append(near, candidate{c, letters})
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return a.letters - b.letters })
	var found []command.Command
	for _, c := range near[:min(suggestions, len(near))] {
		found = append(found, c.Command)
	}
	return found
}

// list names commands in a language.
func list(commands []command.Command, lang chat.Lang) string {
	all := make([]string, len(commands))
	for i, c := range commands {
		all[i] = c.Name
		if lang == chat.English {
			all[i] = c.Twin
		}
	}
	return strings.Join(all, ", ")
}

// home is the command of an empty line: the first one.
func (v verbs) home() command.Command { return v.commands[0] }

// button gives the button of this id for this subject.
func (v verbs) button(id, subject string) (command.Button, bool) {
	kind := strings.TrimRight(subject, "0123456789")
	i := slices.IndexFunc(v.buttons, func(b command.Button) bool { return b.ID == id && b.On == kind })
	if i < 0 {
		return command.Button{}, false
	}
	return v.buttons[i], true
}
