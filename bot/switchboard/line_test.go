package switchboard

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
	"parcours/casework"
)

var bare, marked = Line{Surface: chat.Surface{Name: "mattermost"}, Bare: true}, Line{Surface: chat.Surface{Name: "slack"}}

// Whatever a chat calls somebody, the bot knows them by an id that leads back to them,
// on that chat and on no other.
func TestAnIdLeadsBackToWhereItIsFrom(t *testing.T) {
	board := New(bare, marked)
	rapid.Check(t, func(t *rapid.T) {
		id := casework.UserID(rapid.OneOf(rapid.StringMatching(`[a-zA-Z0-9:]{1,30}`), rapid.Just("slack:U1"), rapid.Just("mattermost:x")).Draw(t, "id"))
		l := rapid.SampledFrom([]Line{bare, marked}).Draw(t, "line")
		known := named(l, id)
		if on, err := board.line(string(known)); err != nil || on.Name != l.Name {
			t.Fatalf("%q of %s is known as %q, which is on %q, %v", id, l.Name, known, on.Name, err)
		}
		if back := plain(l, known); back != id {
			t.Fatalf("%q of %s comes back as %q", id, l.Name, back)
		}
	})
	if named(bare, casework.UserID("")) != "" || named(marked, casework.UserID("")) != "" {
		t.Error("nobody has an id")
	}
	if id := named(bare, casework.UserID("abcdefghijklmnopqrstuvwxyz")); id != "abcdefghijklmnopqrstuvwxyz" {
		t.Errorf("an id of the bare line is stored as %q", id)
	}
}

func TestLinesThatCannotBeToldApart(t *testing.T) {
	for name, lines := range map[string][]Line{
		"no name":   {{}},
		"a mark":    {{Surface: chat.Surface{Name: "a:b"}}},
		"twice":     {marked, marked},
		"two bare":  {bare, {Surface: chat.Surface{Name: "other"}, Bare: true}},
		"not there": nil,
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("accepted")
				}
			}()
			New(lines...).Handler("slack", nil)
		})
	}
}

// joined gives two chats on which the ids are the same.
func joined() (here, there *bottest.Platform, s Switchboard) {
	here, there = bottest.NewPlatform(time.UTC, "claire"), bottest.NewPlatform(time.UTC, "claire", "paul")
	l, m := bare, marked
	l.Platform, m.Platform = here, there
	return here, there, New(l, m)
}

func TestWhatAChatIsAbleToDo(t *testing.T) {
	_, there, s := joined()
	ctx := t.Context()
	id, err := s.Open(ctx, "p-7k3f", "slack:u-claire")
	if err != nil || id != "slack:c-p-7k3f" {
		t.Fatalf("opened %q, %v", id, err)
	}
	if err := s.Add(ctx, id, "u-claire"); !errors.Is(err, chat.ErrRefused) {
		t.Errorf("somebody of the other chat is added: %v", err)
	}
	if err := errors.Join(s.Add(ctx, id, "slack:u-paul"), s.Remove(ctx, id, "u-paul")); err != nil {
		t.Error(err)
	}
	c, err := s.Channel(ctx, id)
	if err != nil || c.ID != id || !slices.Equal(c.Members, []casework.UserID{"slack:u-claire", "slack:u-paul"}) {
		t.Errorf("the channel: %+v, %v", c, err)
	}
	at, err := s.Send(ctx, chattest.Clear(chat.Outgoing{Key: "k", User: "slack:u-paul", Message: chat.Message{Text: "x"}}))
	if want := (chat.Sent{Channel: "slack:d-u-paul", Message: "slack:m1"}); err != nil || at != want {
		t.Errorf("sent %+v, %v", at, err)
	}
	found, err := s.Find(ctx, "slack:u-paul", []string{"k"}, time.Time{})
	if err != nil || found["k"] != at {
		t.Errorf("found %+v, %v", found, err)
	}
	if again, err := s.Send(ctx, chattest.Clear(chat.Outgoing{Key: "k", User: "slack:u-paul", Edit: at.Message, Message: chat.Message{Text: "y"}})); err != nil || again != at {
		t.Errorf("edited %+v, %v", again, err)
	}
	ref := there.Say("u-paul", "c-p-7k3f", "à garder")
	q, err := s.Quote(ctx, string(ref), "slack:u-claire")
	if want := (chat.Quote{Channel: id, Message: "slack:" + ref, Author: "slack:u-paul", Text: "à garder"}); err != nil || q != want {
		t.Errorf("quoted %+v, %v", q, err)
	}
	if _, err := s.Quote(ctx, string(ref), "u-claire"); !errors.Is(err, chat.ErrNotFound) {
		t.Errorf("quoted from the other chat: %v", err)
	}
	if address := s.Link("t"); address != bottest.LinkTo+"t" {
		t.Errorf("a file is at %q", address)
	}
	if _, err := s.Send(ctx, chat.Cleared{}); !errors.Is(err, chat.ErrRefused) {
		t.Errorf("sent without clearance: %v", err)
	}
	if err := s.Archive(ctx, id); err != nil {
		t.Error(err)
	}
	if c, _ := there.Channel(ctx, "c-p-7k3f"); !c.Archived {
		t.Error("the channel is still open")
	}
}

// able is a chat that can do what a Platform must, and nothing else.
type able struct{ chat.Platform }

func TestAChatThatIsNotAble(t *testing.T) {
	l := bare
	l.Platform = able{bottest.NewPlatform(time.UTC, "claire")}
	s := New(l)
	if found, err := s.Find(t.Context(), "u-claire", []string{"k"}, time.Time{}); len(found) != 0 || err != nil {
		t.Errorf("found %v, %v", found, err)
	}
	if _, err := s.Quote(t.Context(), "m1", "u-claire"); !errors.Is(err, chat.ErrNotFound) {
		t.Errorf("quoted: %v", err)
	}
	if address := s.Link("t"); address != "" {
		t.Errorf("a file is at %q", address)
	}
}

// An answer goes to whoever acted by the id they have on their chat, and so does
// whoever a form already names.
func TestAnAnswerBearsTheIdsOfItsChat(t *testing.T) {
	form := chat.Form{ID: "f", Fields: []chat.Field{
		chat.User{Base: chat.Base{ID: "user", Default: []string{"slack:u-paul"}}},
		chat.Text{Base: chat.Base{ID: "text", Default: []string{"slack:u-paul"}}},
	}}
	shown, _ := marked.answer(chat.Answer{Form: chattest.ClearForm(form)}).Form.Value()
	if got := []string{shown.Fields[0].About().Value(), shown.Fields[1].About().Value()}; !slices.Equal(got, []string{"u-paul", "slack:u-paul"}) {
		t.Errorf("the form has %v", got)
	}
	if form.Fields[0].About().Value() != "slack:u-paul" {
		t.Error("the form that was cleared has changed")
	}
	said, ok := marked.answer(chat.Answer{Say: chattest.Clear(chat.Outgoing{User: "slack:u1", Channel: "slack:c1", Message: chat.Message{Text: "slack:u1"}})}).Say.Value()
	if !ok || said.User != "u1" || said.Channel != "c1" || said.Message.Text != "slack:u1" {
		t.Errorf("said %+v", said)
	}
	if _, ok := marked.answer(chat.Answer{}).Say.Value(); ok {
		t.Error("an answer that says nothing is cleared")
	}
}
