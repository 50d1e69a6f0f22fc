package sandbox

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
	"parcours/casework"
)

// What people do, and what the bot is told of it.

func TestTypingToTheBot(t *testing.T) {
	c, bot := newChat(t)
	direct := c.Direct(claire)
	for _, line := range []string{"/parcours", " /parcours  ouvrir Nadia ", "/parcours\nsuivi"} {
		must(t, c.Type(t.Context(), claire, direct, line))
	}
	want := []chat.Command{{User: claire, Channel: direct}, {User: claire, Channel: direct, Text: "ouvrir Nadia"}, {User: claire, Channel: direct, Text: "suivi"}}
	if !slices.Equal(bot.commands, want) {
		t.Errorf("the bot was told %+v", bot.commands)
	}
	must(t, c.Type(t.Context(), claire, direct, "/parcourse"), c.Type(t.Context(), claire, direct, "dire /parcours"))
	if got := readBy(c, claire); !slices.Equal(got, []string{"/parcourse", "dire /parcours"}) {
		t.Errorf("claire reads %q", got)
	}
}

func TestTypingRefused(t *testing.T) {
	c, _ := newChat(t)
	id := opened(t, c)
	c.Deactivate(tom)
	for name, tc := range map[string]struct {
		user    casework.UserID
		channel casework.ChannelID
		text    string
		want    error
	}{
		"nothing":            {claire, id, " \n ", ErrEmpty},
		"too much":           {claire, id, strings.Repeat("é", MaxRunes+1), ErrTooLong},
		"an unknown user":    {nobody, id, "x", chat.ErrNotFound},
		"a gone user":        {tom, "c-1", "x", chat.ErrRefused},
		"an unknown channel": {claire, "c-99", "x", chat.ErrNotFound},
		"not a member":       {julien, id, "/parcours suivi", chat.ErrNotFound},
		"another's direct":   {julien, c.Direct(claire), "x", chat.ErrNotFound},
	} {
		if err := c.Type(t.Context(), tc.user, tc.channel, tc.text); !errors.Is(err, tc.want) {
			t.Errorf("%s: got %v, want %v", name, err, tc.want)
		}
	}
	must(t, c.Type(t.Context(), claire, id, strings.Repeat("é", MaxRunes)))
	c.Attach(nil)
	if err := c.Type(t.Context(), claire, id, "/parcours"); !errors.Is(err, ErrNoBot) {
		t.Errorf("no bot: got %v", err)
	}
	must(t, c.Join(t.Context(), julien, id))
}

func TestAnswersAreForWhoActed(t *testing.T) {
	c, bot := newChat(t)
	id := opened(t, c)
	must(t, c.Add(t.Context(), id, julien))
	say := func(out chat.Outgoing) {
		bot.command = func(chat.Command) chat.Answer { return chat.Answer{Say: chattest.Clear(out)} }
	}
	say(chat.Outgoing{User: claire, Channel: id, Message: text("pour Claire")})
	must(t, c.Type(t.Context(), claire, id, "/parcours suivi"))
	seen := c.Seen(claire)
	if len(seen) != 1 || !seen[0].Private || !seen[0].Bot || seen[0].Channel != id || seen[0].ChannelName != "P-7K3F" || seen[0].From != "Parcours" {
		t.Errorf("claire sees %+v", seen)
	}
	if got := readBy(c, julien); len(got) != 0 {
		t.Errorf("julien reads %q", got)
	}

	say(chat.Outgoing{User: claire, Channel: id, Edit: seen[0].Ref, Message: text("changé")})
	must(t, c.Type(t.Context(), claire, id, "/parcours suivi"))
	if got := readBy(c, claire); !slices.Equal(got, []string{"changé"}) {
		t.Errorf("after an edit claire reads %q", got)
	}

	say(chat.Outgoing{User: julien, Channel: id, Message: text("pour Julien")})
	if err := c.Type(t.Context(), claire, id, "/parcours"); !errors.Is(err, ErrAnswer) {
		t.Errorf("an answer for somebody else: %v", err)
	}
	say(chat.Outgoing{User: claire, Channel: id, Message: text(strings.Repeat("x", 20000))})
	if err := c.Type(t.Context(), claire, id, "/parcours"); !errors.Is(err, ErrAnswer) {
		t.Errorf("an answer over the limits: %v", err)
	}
	bot.command = func(chat.Command) chat.Answer { return chat.Answer{FormError: "x"} }
	if err := c.Type(t.Context(), claire, id, "/parcours"); !errors.Is(err, ErrAnswer) {
		t.Errorf("faults of no form: %v", err)
	}
}

func TestAnswerToWhoWasTakenOut(t *testing.T) {
	c, bot := newChat(t)
	id := opened(t, c)
	bot.command = func(chat.Command) chat.Answer {
		must(t, c.Remove(context.Background(), id, claire))
		return chat.Answer{Say: chattest.Clear(chat.Outgoing{User: claire, Channel: id, Message: text("au revoir")})}
	}
	must(t, c.Type(t.Context(), claire, id, "/parcours quitter"))
	if seen := c.Seen(claire); len(seen) != 1 || seen[0].Channel != c.Direct(claire) {
		t.Errorf("claire sees %+v", seen)
	}
}

func TestFormLife(t *testing.T) {
	c, bot := newChat(t)
	direct, ctx := c.Direct(claire), t.Context()
	ask := func(id string) chat.Answer {
		return chat.Answer{Form: chattest.ClearForm(chat.Form{ID: id, Title: id, Token: "token-" + id, Fields: []chat.Field{
			chat.Text{Base: chat.Base{ID: "person", Label: "Personne", Default: []string{"N."}}},
		}})}
	}
	if err := c.Submit(ctx, claire, nil); !errors.Is(err, chat.ErrNotFound) {
		t.Errorf("submitting nothing: %v", err)
	}
	bot.command = func(chat.Command) chat.Answer { return ask("open") }
	must(t, c.Type(ctx, claire, direct, "/parcours ouvrir"))
	form, _, _, ok := c.FormOf(claire)
	if !ok || form.ID != "open" {
		t.Fatalf("open: %+v %v", form, ok)
	}
	if _, _, _, ok := c.FormOf(julien); ok {
		t.Error("julien has claire's form")
	}

	typed := chat.Values{"person": {"Nadia"}}
	bot.submit = func(chat.Submission) chat.Answer {
		return chat.Answer{FieldErrors: map[string]string{"person": "non"}, FormError: "tout"}
	}
	must(t, c.Submit(ctx, claire, typed))
	_, faults, fault, ok := c.FormOf(claire)
	if !ok || faults["person"] != "non" || fault != "tout" {
		t.Errorf("faults: %v %q %v", faults, fault, ok)
	}
	if kept, _ := c.formOf(claire); kept.values.Get("person") != "Nadia" {
		t.Errorf("what was typed is lost: %v", kept.values)
	}
	if got := bot.submitted[0]; got.User != claire || got.Channel != direct || got.Form != "open" || got.Token != "token-open" || got.Values.Get("person") != "Nadia" {
		t.Errorf("submitted: %+v", got)
	}

	bot.submit = func(chat.Submission) chat.Answer { return ask("next") }
	must(t, c.Submit(ctx, claire, typed))
	if form, faults, _, _ := c.FormOf(claire); form.ID != "next" || len(faults) != 0 {
		t.Errorf("replaced: %+v %v", form, faults)
	}
	bot.submit = nil
	must(t, c.Submit(ctx, claire, nil))
	if _, _, _, ok := c.FormOf(claire); ok {
		t.Error("the form stayed open")
	}

	must(t, c.Type(ctx, claire, direct, "/parcours ouvrir"))
	c.Dismiss(claire)
	if _, _, _, ok := c.FormOf(claire); ok {
		t.Error("the form was not dismissed")
	}
}

// strange is a kind of field that the contract does not have.
type strange struct{ chat.Base }

func TestUnknownFieldIsRefused(t *testing.T) {
	c, bot := newChat(t)
	bot.command = func(chat.Command) chat.Answer {
		return chat.Answer{Form: chattest.ClearForm(chat.Form{ID: "f", Fields: []chat.Field{strange{chat.Base{ID: "s", Label: "S"}}}})}
	}
	if err := c.Type(t.Context(), claire, c.Direct(claire), "/parcours"); !errors.Is(err, ErrAnswer) {
		t.Errorf("got %v", err)
	}
	if _, _, _, ok := c.FormOf(claire); ok {
		t.Error("it was opened all the same")
	}
}

func TestPress(t *testing.T) {
	c, bot := newChat(t)
	id, ctx := opened(t, c), t.Context()
	sent, err := c.Send(ctx, chattest.Clear(chat.Outgoing{Key: "k", Channel: id, Message: chat.Message{Text: "x", Card: &chat.Card{
		Buttons: []chat.Button{{ID: "accept", Label: "Oui", Command: "oui", Token: "t1"}, {ID: "decline", Label: "Non", Command: "non", Token: "t2"}},
	}}}))
	must(t, err, c.Press(ctx, claire, sent.Message, 1))
	if want := []chat.Press{{User: claire, Channel: id, Message: sent.Message, Button: "decline", Token: "t2"}}; !slices.Equal(bot.pressed, want) {
		t.Errorf("pressed %+v", bot.pressed)
	}
	for name, err := range map[string]error{
		"by who cannot see it": c.Press(ctx, julien, sent.Message, 0),
		"no such button":       c.Press(ctx, claire, sent.Message, 2),
		"below":                c.Press(ctx, claire, sent.Message, -1),
		"no such message":      c.Press(ctx, claire, "m-99", 0),
		"by nobody":            c.Press(ctx, nobody, sent.Message, 0),
	} {
		if !errors.Is(err, chat.ErrNotFound) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestMovesAreToldWhenDone(t *testing.T) {
	c, bot := newChat(t)
	id, ctx := opened(t, c), t.Context()
	var asked []chat.Channel
	bot.moved = func(m chat.Move) {
		// A bot asks the platform at once: the chat must not be locked meanwhile.
		at, err := c.Channel(ctx, m.Channel)
		must(t, err)
		asked = append(asked, at)
	}
	must(t, c.Join(ctx, julien, id), c.Join(ctx, julien, id), c.Leave(ctx, claire, id), c.Leave(ctx, claire, id),
		c.Convert(ctx, id), c.Convert(ctx, id), c.Add(ctx, id, tom), c.Remove(ctx, id, tom))
	want := []chat.Move{
		{Channel: id, User: julien}, {Channel: id, User: claire, Left: true}, {Channel: id},
		{Channel: id, User: tom}, {Channel: id, User: tom, Left: true},
	}
	if !slices.Equal(bot.moves, want) {
		t.Fatalf("the bot was told %+v", bot.moves)
	}
	if len(asked[0].Members) != 2 || len(asked[1].Members) != 1 || asked[1].Private == asked[2].Private {
		t.Errorf("the bot was told before it was done: %+v", asked)
	}
	must(t, c.Archive(ctx, id))
	for name, err := range map[string]error{
		"publish an archive": c.Convert(ctx, id), "publish a direct one": c.Convert(ctx, c.Direct(claire)),
		"join an archive": c.Join(ctx, tom, id), "leave a direct one": c.Leave(ctx, claire, c.Direct(claire)),
	} {
		if !errors.Is(err, chat.ErrRefused) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if err := c.Convert(ctx, "c-99"); !errors.Is(err, chat.ErrNotFound) {
		t.Errorf("an unknown channel: %v", err)
	}
}

func TestClock(t *testing.T) {
	ticks := 0
	c, _ := newChat(t, func(o *Options) { o.Moved = func(context.Context) { ticks++ } })
	c.Advance(t.Context(), 36*time.Hour)
	c.Advance(t.Context(), 0)
	c.Advance(t.Context(), -time.Hour)
	if got := c.Now(); !got.Equal(noon.Add(36*time.Hour)) || got.Location().String() != "Europe/Paris" || ticks != 1 {
		t.Errorf("it is %v, after %d ticks", got, ticks)
	}
	must(t, c.Type(t.Context(), claire, "c-1", "x"))
	if at := c.Seen(claire)[0].At; !at.Equal(c.Now()) {
		t.Errorf("written at %v", at)
	}
}

func TestManyAtOnce(t *testing.T) {
	c, _ := newChat(t)
	id := opened(t, c)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				_ = c.Type(t.Context(), claire, id, "x")
				_ = c.Join(t.Context(), julien, id)
				_, _ = c.Send(t.Context(), chattest.Clear(chat.Outgoing{Key: "one", Channel: id, Message: text("bot")}))
				c.Seen(julien)
				_ = c.Leave(t.Context(), julien, id)
			}
		})
	}
	all.Wait()
	if got := len(c.Seen(claire)); got != 8*20+1 {
		t.Errorf("claire sees %d messages", got)
	}
}

func TestHandlesAreChecked(t *testing.T) {
	for _, people := range [][]Person{{{Name: "x"}}, {{Handle: "a"}, {Handle: "a"}}, {{Handle: "parcours"}}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v was taken", people)
				}
			}()
			New(Options{People: people})
		}()
	}
}
