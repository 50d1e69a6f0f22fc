// Package onstage has stories played in a workspace.
package onstage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"parcours/adapters/slack/workspace"
	"parcours/casework"
	"parcours/story"
)

// A Stage is a workspace with an app that is the bot, and a story's people in it.
type Stage struct {
	*workspace.Workspace
	Tale story.Story
	// Accounts are the people's, by handle.
	Accounts map[string]string
	// Act has somebody do something, and returns once they were answered and the bot
	// has done what follows.
	Act func(ctx context.Context, who string, do func(user string) error) error
	// Pass lets time pass, and returns once the bot has done what falls due.
	Pass func(ctx context.Context, d time.Duration) error

	told map[string]bool
	code string
}

// place gives the channel that a story calls by what it is.
func (g *Stage) place(who, in string) (string, error) {
	if in == "direct" {
		return g.Direct(g.Accounts[who]), nil
	}
	channel, ok := g.ChannelNamed(g.Accounts[who], strings.ToLower(g.code))
	if !ok {
		return "", fmt.Errorf("@%s does not see the case's channel", who)
	}
	return channel, nil
}

// Type has somebody type a line.
func (g *Stage) Type(ctx context.Context, who, in, text string) error {
	channel, err := g.place(who, in)
	if err != nil {
		return err
	}
	return g.Act(ctx, who, func(user string) error { return g.Workspace.Type(ctx, user, channel, text) })
}

// offered is the action of the button that opens a form.
const offered = ":form"

// reopen has somebody who is offered a form, since it could not be opened in time,
// press its button until it is open.
func (g *Stage) reopen(ctx context.Context, who string) error {
	user := g.Accounts[who]
	for range 20 {
		if _, open := g.Form(user); open {
			return nil
		}
		ts := ""
		for _, seen := range g.Seen(user) { // the last one counts
			if _, can := seen.Has(offered); can {
				ts = seen.TS
			}
		}
		if ts == "" {
			return nil
		}
		shown := g.Shown(user)
		err := g.Workspace.Press(ctx, user, ts, offered)
		switch {
		case err == nil || errors.Is(err, workspace.ErrLate):
			err = g.Await(ctx, "form, or word of it", func() bool { return g.Shown(user) > shown })
		case errors.Is(err, workspace.ErrFailed):
			err = g.Listening(ctx)
		}
		if err != nil {
			return err
		}
	}
	return fmt.Errorf("@%s cannot open the form they are offered", who)
}

// Submit has somebody send back the form they have open, or are offered.
func (g *Stage) Submit(ctx context.Context, who, _ string, values map[string][]string) error {
	if err := g.reopen(ctx, who); err != nil {
		return err
	}
	if err := g.Act(ctx, who, func(user string) error { return g.Workspace.Submit(ctx, user, values) }); err != nil {
		return err
	}
	if again, open := g.Form(g.Accounts[who]); open {
		return fmt.Errorf("form %s asks again: %v %s", again.Callback, again.Wrong, again.Text)
	}
	return nil
}

// Press has somebody press the newest button of this name that they see there.
func (g *Stage) Press(ctx context.Context, who, in, button string) error {
	channel, err := g.place(who, in)
	if err != nil {
		return err
	}
	newest := func() (ts, action string) {
		for _, seen := range slices.Backward(g.Seen(g.Accounts[who])) {
			if b, ok := seen.Has(button); ok && seen.Channel == channel {
				return seen.TS, b.Action
			}
		}
		return "", ""
	}
	ts, action := newest()
	if ts == "" {
		// It may be of what they were not shown yet.
		if err := g.ask(ctx, who); err != nil {
			return err
		}
		ts, action = newest()
	}
	if ts == "" {
		return fmt.Errorf("@%s sees no button %s", who, button)
	}
	return g.Act(ctx, who, func(user string) error { return g.Workspace.Press(ctx, user, ts, action) })
}

// Advance moves the clock; what falls due is delivered.
func (g *Stage) Advance(ctx context.Context, d time.Duration) error {
	return g.Pass(ctx, d)
}

// ask has somebody ask to be shown whatever is new to them and covered.
func (g *Stage) ask(ctx context.Context, who string) error {
	for _, seen := range g.Seen(g.Accounts[who]) {
		b, ok := seen.Has("show")
		if !ok || seen.Archived || g.told[who+seen.TS] {
			continue
		}
		if err := g.Act(ctx, who, func(user string) error { return g.Workspace.Press(ctx, user, seen.TS, b.Action) }); err != nil {
			return err
		}
	}
	return nil
}

// News gives what people see that they have not been told of yet, and what they are
// shown when they ask.
func (g *Stage) News(ctx context.Context) ([]story.Line, error) {
	if g.told == nil {
		g.told = map[string]bool{}
	}
	type news struct {
		ts string
		*story.Line
	}
	var all []news
	shared := map[string]*story.Line{}
	for _, person := range g.Tale.People {
		if err := g.ask(ctx, person.Handle); err != nil {
			return nil, err
		}
		for _, seen := range g.Seen(g.Accounts[person.Handle]) {
			if g.told[person.Handle+seen.TS] {
				continue
			}
			g.told[person.Handle+seen.TS] = true
			if line, ok := shared[seen.TS]; ok {
				line.Who = append(line.Who, person.Handle)
				continue
			}
			line := &story.Line{Who: []string{person.Handle}, In: seen.Name, Private: seen.Private, Text: strings.TrimSpace(seen.Text)}
			if strings.HasPrefix(seen.Name, "D") {
				line.In = "direct"
			}
			if len(seen.Files) > 0 {
				line.Text = strings.TrimSpace(line.Text + "\n📎 " + strings.Join(seen.Files, ", "))
			}
			shared[seen.TS], all = line, append(all, news{seen.TS, line})
			if code, ok := casework.ParseCode(seen.Name); ok {
				g.code = string(code)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b news) int { return strings.Compare(a.ts, b.ts) })
	lines := make([]story.Line, len(all))
	for i, n := range all {
		lines[i] = *n.Line
	}
	return lines, nil
}
