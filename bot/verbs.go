package bot

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/bot/when"
	"parcours/casework"
)

// The verbs that the router itself answers to: home is what an empty line means,
// answer is a button in words.
var answerVerbs = []string{"répondre", "answer"}

// runButton is the button that stands for typing a verb; its subject names it.
const runButton = "run"

// verbs finds commands and buttons by what people type.
type verbs struct {
	commands []command.Command
	buttons  []command.Button
}

func newVerbs(commands []command.Command) verbs {
	v := verbs{commands: commands}
	for _, c := range commands {
		v.buttons = append(v.buttons, c.Buttons...)
	}
	return v
}

// names are all the words for a command, folded.
func names(c command.Command) []string {
	all := append([]string{c.Name, c.Twin}, c.Aliases...)
	for i := range all {
		all[i] = when.Fold(all[i])
	}
	return all
}

// find gives the command meant by a typed word: one of its names, or the
// beginning of the names of one command alone. Errors: ambiguousVerb, and
// unknownVerb with the nearest verbs.
func (v verbs) find(typed string, lang chat.Lang) (command.Command, error) {
	folded := when.Fold(typed)
	var begun []command.Command
	for _, c := range v.commands {
		if slices.Contains(names(c), folded) {
			return c, nil
		}
		if slices.ContainsFunc(names(c), func(name string) bool { return strings.HasPrefix(name, folded) }) {
			begun = append(begun, c)
		}
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
	distance := func(c command.Command) int {
		least := len(folded) + 99
		for _, name := range names(c) {
			least = min(least, levenshtein.ComputeDistance(folded, name))
		}
		return least
	}
	near := slices.DeleteFunc(slices.Clone(v.commands), func(c command.Command) bool { return c.Hidden })
	slices.SortStableFunc(near, func(a, b command.Command) int { return distance(a) - distance(b) })
	return near[:min(suggestions, len(near))]
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
