package bottest

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parcours/bot"
	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/storage"
	"parcours/storage/access"
	"parcours/storage/bolt"
	"parcours/storage/erasure"
	"parcours/storage/vault"
)

// A World is a bot with its platform, its store on disk and its clock.
type World struct {
	t        testing.TB
	Platform *Platform
	Bot      *bot.Bot
	Store    storage.Store
	Accesses *access.Log
	Path     string
	// Secret is the bot's, and Ledger that of erasures.
	Secret []byte
	Ledger *erasure.Ledger

	// Fast leaves writing to the disk to the system, since the computer is not to
	// stop, what is stored unsealed, and what is narrowed untold to the ledger. It
	// holds from the next opening on, and for a store in which there is nothing yet.
	Fast bool
	// Through, if set, gives the store that stands before the one just opened.
	Through func(storage.Store) storage.Store

	options bot.Options
	mu      sync.Mutex
	now     time.Time
	logged  bytes.Buffer
	forms   map[casework.UserID]chat.Form
}

// Start is when the clock of a World begins: a Monday morning.
const Start = "2026-11-23T10:00:00+01:00"

// AnyHour is a policy by which people are reminded at all hours, on all days.
func AnyHour() casework.Policy {
	p := casework.DefaultPolicy()
	p.From, p.To, p.Working = 0, casework.ClockAt(24, 0), casework.Day.Valid
	return p
}

// New gives a world with these people; see NewPlatform.
func New(t testing.TB, commands []command.Command, views map[string]command.View, handles ...string) *World {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	must(t, err)
	now, err := time.Parse(time.RFC3339, Start)
	must(t, err)
	w := &World{
		t: t, now: now.In(zone), Platform: NewPlatform(zone, handles...),
		Path: filepath.Join(t.TempDir(), "parcours.db"), forms: map[casework.UserID]chat.Form{},
	}
	w.Platform.Now = w.Now
	w.options = bot.Options{
		Platform: w.Platform, Commands: commands, Views: views, Now: w.Now, Random: rand.Reader,
		Policy: casework.DefaultPolicy(), Lang: chat.French, Log: slog.New(slog.NewTextHandler(&w.logged, nil)),
	}
	w.open()
	t.Cleanup(func() { w.Store.Close() })
	return w
}

func (w *World) open() {
	w.t.Helper()
	keys, err := vault.LoadKeys(w.Path+".keys", func(string) string { return "" })
	must(w.t, err)
	w.Secret = keys.Secret("tokens")
	w.Ledger = erasure.Open(w.Path+".erased", keys.Secret("erasures"), w.Now)
	options := bolt.Options{Now: w.Now, NoSync: w.Fast, Forgetting: w.Ledger.Record}
	if !w.Fast {
		options.Narrowing = w.Ledger.RecordNarrowed
	}
	file, err := bolt.Open(w.Path, options)
	must(w.t, err)
	w.Store = file
	if !w.Fast {
		w.Store, err = vault.Open(file, keys)
		must(w.t, err)
	}
	_, err = erasure.Heal(context.Background(), w.Store.(erasure.Store), w.Ledger, func(line erasure.Line) []storage.Row {
		rows, err := bot.Leftovers(w.Secret, w.Case(line.Code), line.Why, "", w.Now())
		must(w.t, err)
		return rows
	})
	must(w.t, err)
	// It goes on by itself for a while once the world is restarted: what it marks goes
	// to the store it was opened with, and to nothing in between.
	w.Accesses, err = access.Open(context.Background(), access.Options{
		Folder: access.Folder(w.Path), Secret: keys.Secret("access"), Store: w.Store, Now: w.Now, Log: w.options.Log,
	})
	must(w.t, err)
	if w.Through != nil {
		w.Store = w.Through(w.Store)
	}
	w.options.Accesses, w.options.Surface = w.Accesses, "test"
	w.options.Store, w.options.Secret = w.Store, w.Secret
	w.Bot = bot.New(w.options)
	w.Platform.Moved = func(m chat.Move) { w.Bot.Moved(context.Background(), m) }
}

// Restart closes the bot and its store, and opens them again from disk.
func (w *World) Restart() {
	w.t.Helper()
	must(w.t, w.Store.Close())
	w.open()
}

// Reopen opens what is on disk again, the store having been closed.
func (w *World) Reopen() {
	w.t.Helper()
	w.open()
}

// With changes the options and restarts.
func (w *World) With(change func(*bot.Options)) {
	w.t.Helper()
	change(&w.options)
	w.Restart()
}

// PutBack puts a copy of the store in its place, as an operator would with the ledger
// that is there: sharing is suspended where the copy allows too much, or everywhere.
func (w *World) PutBack(copied []byte, everywhere bool) {
	w.t.Helper()
	must(w.t, w.Store.Close())
	must(w.t, os.WriteFile(w.Path, copied, 0o600))
	w.options.Restored = w.Now()
	w.open()
	widened, err := w.Ledger.Widened()
	must(w.t, err)
	_, err = bot.Suspend(context.Background(), w.options, func(c *casework.Case) casework.Suspension {
		switch {
		case widened(c):
			return casework.ConsentChanged
		case everywhere:
			return casework.ConsentUnknown
		}
		return ""
	})
	must(w.t, err)
	w.Settle()
}

// Copy gives a copy of the store as it is on disk.
func (w *World) Copy() []byte {
	w.t.Helper()
	must(w.t, w.Store.Close())
	copied, err := os.ReadFile(w.Path)
	must(w.t, err)
	w.open()
	return copied
}

// Now is the world's clock.
func (w *World) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// Advance moves the clock without anything else happening.
func (w *World) Advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// Settle has the bot do all that is to be done now.
func (w *World) Settle() {
	w.t.Helper()
	must(w.t, w.Bot.Settle(context.Background()))
}

// Type has a user type a line to the bot, and the bot do all that follows.
func (w *World) Type(handle string, channel casework.ChannelID, line string) chat.Answer {
	w.t.Helper()
	return w.after(handle, w.Bot.Command(context.Background(), chat.Command{User: ID(handle), Channel: channel, Text: line}))
}

// Submit has a user send back the form they were last shown in a channel.
func (w *World) Submit(handle string, channel casework.ChannelID, values chat.Values) chat.Answer {
	w.t.Helper()
	form, ok := w.forms[ID(handle)]
	if !ok {
		w.t.Fatalf("%s has no open form", handle)
	}
	return w.after(handle, w.Bot.Submit(context.Background(), chat.Submission{
		User: ID(handle), Channel: channel, Form: form.ID, Token: form.Token, Values: values,
	}))
}

// Press has a user press the button of this id on the newest message of a
// channel that bears it, or that shows it to them when they ask what it covers.
func (w *World) Press(handle string, channel casework.ChannelID, id string) chat.Answer {
	w.t.Helper()
	messages := w.Platform.Messages(channel)
	slices.Reverse(messages)
	for _, m := range messages {
		if b, ok := button(m.Now, id); ok {
			return w.Send(handle, chat.Press{Channel: channel, Message: m.Ref, Button: b.ID, Token: b.Token})
		}
	}
	for _, m := range messages {
		if veil, ok := button(m.Now, "show"); ok {
			shown, _ := w.Send(handle, chat.Press{Channel: channel, Message: m.Ref, Button: veil.ID, Token: veil.Token}).Say.Value()
			if b, ok := button(shown.Message, id); ok {
				return w.Send(handle, chat.Press{Channel: channel, Message: m.Ref, Button: b.ID, Token: b.Token})
			}
		}
	}
	w.t.Fatalf("no button %s in %s", id, channel)
	return chat.Answer{}
}

func button(m chat.Message, id string) (chat.Button, bool) {
	if m.Card != nil {
		for _, b := range m.Card.Buttons {
			if b.ID == id {
				return b, true
			}
		}
	}
	return chat.Button{}, false
}

// Send has a user press a button that is given whole.
func (w *World) Send(handle string, press chat.Press) chat.Answer {
	w.t.Helper()
	press.User = ID(handle)
	return w.after(handle, w.Bot.Press(context.Background(), press))
}

// Context is that of the test.
func (w *World) Context() context.Context { return w.t.Context() }

func (w *World) after(handle string, answer chat.Answer) chat.Answer {
	w.t.Helper()
	if form, ok := answer.Form.Value(); ok {
		w.forms[ID(handle)] = form
	} else if answer.FieldErrors == nil && answer.FormError == "" {
		delete(w.forms, ID(handle))
	}
	w.Settle()
	return answer
}

// Form gives the form a user was last shown.
func (w *World) Form(handle string) (chat.Form, bool) {
	form, ok := w.forms[ID(handle)]
	return form, ok
}

// Text gives all that an answer says, as text.
func Text(answer chat.Answer) string {
	var text []string
	if out, ok := answer.Say.Value(); ok {
		text = append(text, out.Message.AsText())
	}
	if form, ok := answer.Form.Value(); ok {
		text = append(text, "["+form.ID+"] "+form.Intro)
	}
	for field, said := range answer.FieldErrors {
		text = append(text, field+": "+said)
	}
	if answer.FormError != "" {
		text = append(text, answer.FormError)
	}
	return strings.Join(text, "\n")
}

// Case gives the case of a code, read from the store.
func (w *World) Case(code casework.Code) *casework.Case {
	w.t.Helper()
	journal, err := w.Store.Load(context.Background(), code)
	must(w.t, err)
	entries := make([]casework.Entry, len(journal.Entries))
	for i, raw := range journal.Entries {
		entries[i], err = casework.Decode(uint64(i+1), raw)
		must(w.t, err)
	}
	return casework.Fold(code, entries)
}

// Logged gives all that the bot has logged.
func (w *World) Logged() string { return w.logged.String() }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(fmt.Errorf("the world: %w", err))
	}
}
