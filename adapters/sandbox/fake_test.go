package sandbox

import (
	"context"
	"sync"
	"testing"
	"time"

	"parcours/bot/chat"
	"parcours/casework"
)

// script is a bot that answers what the test says, and remembers what it was
// told.
type script struct {
	command func(chat.Command) chat.Answer
	submit  func(chat.Submission) chat.Answer
	press   func(chat.Press) chat.Answer
	moved   func(chat.Move)

	mu        sync.Mutex
	commands  []chat.Command
	submitted []chat.Submission
	pressed   []chat.Press
	moves     []chat.Move
}

func note[T any](s *script, all *[]T, one T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*all = append(*all, one)
}

func (s *script) Command(_ context.Context, c chat.Command) chat.Answer {
	note(s, &s.commands, c)
	if s.command == nil {
		return chat.Answer{}
	}
	return s.command(c)
}

func (s *script) Submit(_ context.Context, sent chat.Submission) chat.Answer {
	note(s, &s.submitted, sent)
	if s.submit == nil {
		return chat.Answer{}
	}
	return s.submit(sent)
}

func (s *script) Press(_ context.Context, p chat.Press) chat.Answer {
	note(s, &s.pressed, p)
	if s.press == nil {
		return chat.Answer{}
	}
	return s.press(p)
}

func (s *script) Moved(_ context.Context, m chat.Move) {
	note(s, &s.moves, m)
	if s.moved != nil {
		s.moved(m)
	}
}

const (
	claire = casework.UserID("u-claire")
	julien = casework.UserID("u-julien")
	tom    = casework.UserID("u-tom")
	nobody = casework.UserID("u-nobody")
)

var noon = time.Date(2026, time.November, 20, 12, 0, 0, 0, time.UTC)

func paris(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// newChat makes a chat of three people with a bot.
func newChat(t *testing.T, options ...func(*Options)) (*Chat, *script) {
	t.Helper()
	o := Options{
		Now: func() time.Time { return noon }, Zone: paris(t),
		People: []Person{
			{Handle: "claire", Name: "Claire Fontaine", Note: "référente de parcours", Lang: chat.French},
			{Handle: "julien", Name: "Julien Marchand"},
			{Handle: "tom", Name: "Tom Reed", Note: "visiting nurse", Lang: chat.English, Outsider: true},
		},
	}
	for _, change := range options {
		change(&o)
	}
	c, bot := New(o), &script{}
	c.Attach(bot)
	return c, bot
}

// opened makes a private channel with claire in it.
func opened(t *testing.T, c *Chat) casework.ChannelID {
	t.Helper()
	id, err := c.Open(t.Context(), "P-7K3F", claire)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func text(s string) chat.Message { return chat.Message{Text: s} }

// readBy gives what somebody reads, in order.
func readBy(c *Chat, user casework.UserID) []string {
	all := []string{}
	for _, m := range c.Seen(user) {
		all = append(all, m.Message.Text)
	}
	return all
}
