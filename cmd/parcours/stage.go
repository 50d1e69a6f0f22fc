package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"parcours/adapters/sandbox"
	"parcours/bot/chat"
	"parcours/casework"
	"parcours/story"
)

// toldTo is a message as one person saw it.
type toldTo struct {
	user    casework.UserID
	message casework.MessageRef
}

// stage has a story played on a playground.
type stage struct {
	*playground
	tale story.Story
	told map[toldTo]bool
	code string
}

func (g *stage) user(handle string) (casework.UserID, error) {
	account, err := g.chat.Account(context.Background(), "@"+handle)
	return account.ID, err
}

// place gives the channel that a story calls by what it is.
func (g *stage) place(user casework.UserID, in string) (casework.ChannelID, error) {
	if in == "direct" {
		return g.chat.Direct(user), nil
	}
	id, ok := g.chat.ChannelNamed(strings.ToLower(g.code))
	if !ok {
		return "", fmt.Errorf("the case has no channel yet")
	}
	return id, nil
}

func (g *stage) act(ctx context.Context, who, in string, do func(casework.UserID, casework.ChannelID) error) error {
	user, err := g.user(who)
	if err != nil {
		return err
	}
	channel, err := g.place(user, in)
	if err != nil {
		return err
	}
	if err := do(user, channel); err != nil {
		return err
	}
	return g.bot.Settle(ctx)
}

// Type has somebody type a line.
func (g *stage) Type(ctx context.Context, who, in, text string) error {
	return g.act(ctx, who, in, func(user casework.UserID, channel casework.ChannelID) error {
		return g.chat.Type(ctx, user, channel, text)
	})
}

// Submit has somebody send back the form they have open. A form that asks again
// is an error.
func (g *stage) Submit(ctx context.Context, who, in string, values map[string][]string) error {
	return g.act(ctx, who, in, func(user casework.UserID, _ casework.ChannelID) error {
		if err := g.chat.Submit(ctx, user, chat.Values(values)); err != nil {
			return err
		}
		if form, wrong, why, open := g.chat.FormOf(user); open {
			return fmt.Errorf("form %s asks again: %v %s", form.ID, wrong, why)
		}
		return nil
	})
}

// Press has somebody press the newest button of this name that they see, what they
// asked to be shown included.
func (g *stage) Press(ctx context.Context, who, in, button string) error {
	return g.act(ctx, who, in, func(user casework.UserID, channel casework.ChannelID) error {
		seen := g.chat.Seen(user)
		for i := len(seen) - 1; i >= 0; i-- {
			if n := buttonOf(seen[i], button); n >= 0 && seen[i].Channel == channel {
				return g.chat.Press(ctx, user, seen[i].Ref, n)
			}
		}
		return fmt.Errorf("@%s sees no button %s", who, button)
	})
}

// buttonOf gives the place of a button on a message; -1 when it has none.
func buttonOf(s sandbox.Seen, id string) int {
	if s.Message.Card == nil {
		return -1
	}
	return slices.IndexFunc(s.Message.Card.Buttons, func(b chat.Button) bool { return b.ID == id })
}

// ask has somebody ask to be shown whatever is new to them and covered.
func (g *stage) ask(ctx context.Context, user casework.UserID) error {
	for _, s := range g.chat.Seen(user) {
		n := buttonOf(s, "show")
		if n < 0 || g.told[toldTo{user, s.Ref}] {
			continue
		}
		if err := g.chat.Press(ctx, user, s.Ref, n); err != nil {
			return err
		}
	}
	return nil
}

// Advance moves the clock; what falls due is delivered.
func (g *stage) Advance(ctx context.Context, d time.Duration) error {
	g.chat.Advance(ctx, d)
	return nil
}

// News gives what people see that they have not been told of yet, and what they are
// shown when they ask; a message that several can read is told once.
func (g *stage) News(ctx context.Context) ([]story.Line, error) {
	var news []story.Line
	shared := map[casework.MessageRef]int{}
	for _, person := range g.tale.People {
		user, err := g.user(person.Handle)
		if err != nil {
			return nil, err
		}
		if err := g.ask(ctx, user); err != nil {
			return nil, err
		}
		for _, s := range g.chat.Seen(user) {
			if g.told[toldTo{user, s.Ref}] {
				continue
			}
			g.told[toldTo{user, s.Ref}] = true
			if at, ok := shared[s.Ref]; ok {
				news[at].Who = append(news[at].Who, person.Handle)
				continue
			}
			shared[s.Ref] = len(news)
			news = append(news, g.lineOf(person, user, s))
		}
	}
	for _, line := range news {
		if _, ok := casework.ParseCode(line.In); ok {
			g.code = line.In
		}
	}
	return news, nil
}

func (g *stage) lineOf(person story.Person, user casework.UserID, s sandbox.Seen) story.Line {
	line := story.Line{Who: []string{person.Handle}, In: s.ChannelName, Private: s.Private, Text: s.Message.AsText()}
	if s.Channel == g.chat.Direct(user) {
		line.In = "direct"
	}
	if !s.Bot {
		line.Text = s.From + "\n" + line.Text
	}
	return line
}
