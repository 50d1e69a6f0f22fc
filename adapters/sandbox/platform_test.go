package sandbox

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
	"parcours/casework"
)

// What a chat platform does when the bot asks, as its documentation says.

func TestSendRefuses(t *testing.T) {
	c, _ := newChat(t)
	open := opened(t, c)
	closed, err := c.Open(t.Context(), "closed", claire)
	must(t, err, c.Archive(t.Context(), closed))
	c.Deactivate(tom)
	for name, tc := range map[string]struct {
		out  chat.Outgoing
		want error
	}{
		"an unknown channel":       {chat.Outgoing{Key: "k", Channel: "c-99", Message: text("x")}, chat.ErrNotFound},
		"an archived channel":      {chat.Outgoing{Key: "k", Channel: closed, Message: text("x")}, chat.ErrRefused},
		"an unknown user":          {chat.Outgoing{Key: "k", User: nobody, Message: text("x")}, chat.ErrNotFound},
		"a deactivated user":       {chat.Outgoing{Key: "k", User: tom, Message: text("x")}, chat.ErrRefused},
		"nowhere to go":            {chat.Outgoing{Key: "k", Message: text("x")}, chat.ErrRefused},
		"two places to go":         {chat.Outgoing{Key: "k", Channel: open, User: claire, Message: text("x")}, chat.ErrRefused},
		"no key":                   {chat.Outgoing{Channel: open, Message: text("x")}, chat.ErrRefused},
		"a limit broken":           {chat.Outgoing{Key: "k", Channel: open, Message: text(strings.Repeat("é", 15001))}, chat.ErrRefused},
		"an edit of no message":    {chat.Outgoing{Key: "k", Channel: open, Edit: "m-99", Message: text("x")}, chat.ErrNotFound},
		"an edit in an archive":    {chat.Outgoing{Key: "k", Channel: closed, Edit: "m-1", Message: text("x")}, chat.ErrRefused},
		"an edit broken by limits": {chat.Outgoing{Key: "k", Channel: open, Edit: "m-1", Message: text(strings.Repeat("é", 15001))}, chat.ErrRefused},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := c.Send(t.Context(), chattest.Clear(tc.out)); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
	if _, err := c.Send(t.Context(), chat.Cleared{}); !errors.Is(err, chat.ErrRefused) {
		t.Errorf("what nobody let through: got %v", err)
	}
	if got := readBy(c, claire); len(got) != 0 {
		t.Errorf("something was shown all the same: %q", got)
	}
}

// What somebody was sent is found by the key of its message or of what it holds,
// as it reads now, for as long ago as is asked.
func TestFindGivesWhatSomebodyWasSent(t *testing.T) {
	now := noon
	c, _ := newChat(t, func(o *Options) { o.Now = func() time.Time { return now } })
	send := func(out chat.Outgoing) chat.Sent {
		t.Helper()
		sent, err := c.Send(t.Context(), chattest.Clear(out))
		must(t, err)
		return sent
	}
	early := send(chat.Outgoing{Key: "b1", Keys: []string{"n1"}, User: claire, Message: text("un rappel")})
	now = now.Add(48 * time.Hour)
	late := send(chat.Outgoing{Key: "b2", Keys: []string{"n2", "n3"}, User: claire, Message: text("deux rappels")})
	send(chat.Outgoing{Key: "b2", Keys: []string{"n2"}, User: claire, Edit: late.Message, Message: text("un rappel")})
	send(chat.Outgoing{Key: "b3", Keys: []string{"n4"}, User: julien, Message: text("pour un autre")})
	send(chat.Outgoing{Key: "b4", Keys: []string{"n5"}, Channel: opened(t, c), Message: text("au canal")})
	asked := []string{"b1", "n1", "b2", "n2", "n3", "b3", "n4", "b4", "n5"}
	for name, tc := range map[string]struct {
		since time.Time
		want  map[string]chat.Sent
	}{
		"all":   {noon, map[string]chat.Sent{"b1": early, "n1": early, "b2": late, "n2": late}},
		"since": {noon.Add(time.Hour), map[string]chat.Sent{"b2": late, "n2": late}},
		"none":  {now.Add(time.Hour), map[string]chat.Sent{}},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := c.Find(t.Context(), claire, asked, tc.since)
			if must(t, err); !maps.Equal(found, tc.want) {
				t.Errorf("found %v, want %v", found, tc.want)
			}
		})
	}
	if found, err := c.Find(t.Context(), claire, []string{"n2"}, noon); err != nil || len(found) != 1 {
		t.Errorf("one key gives %v, %v", found, err)
	}
	if _, err := c.Find(t.Context(), nobody, asked, noon); !errors.Is(err, chat.ErrNotFound) {
		t.Errorf("of nobody: got %v", err)
	}
}

func TestSendTwiceShowsOnce(t *testing.T) {
	c, _ := newChat(t)
	for name, out := range map[string]chat.Outgoing{
		"in a channel": {Key: "k1", Channel: opened(t, c), Message: text("au canal")},
		"to a user":    {Key: "k1", User: claire, Message: text("à Claire")},
	} {
		t.Run(name, func(t *testing.T) {
			first, err := c.Send(t.Context(), chattest.Clear(out))
			must(t, err)
			for _, again := range []bool{false, true} {
				out.Again = again
				next, err := c.Send(t.Context(), chattest.Clear(out))
				must(t, err)
				if next != first {
					t.Errorf("sent again it stands at %v, at first at %v", next, first)
				}
			}
		})
	}
	if got := readBy(c, claire); len(got) != 2 {
		t.Errorf("claire reads %q", got)
	}
	if got := readBy(c, julien); len(got) != 0 {
		t.Errorf("julien reads %q", got)
	}
}

func TestAMessageIsSoughtAndNeverSent(t *testing.T) {
	c, _ := newChat(t)
	out := chat.Outgoing{Key: "k", User: claire, Seek: true, Message: text("après")}
	if _, err := c.Send(t.Context(), chattest.Clear(out)); !errors.Is(err, chat.ErrNotFound) || len(readBy(c, claire)) != 0 {
		t.Errorf("%v; claire reads %q", err, readBy(c, claire))
	}
	first, err := c.Send(t.Context(), chattest.Clear(chat.Outgoing{Key: "k", User: claire, Message: text("avant")}))
	must(t, err)
	found, err := c.Send(t.Context(), chattest.Clear(out))
	if got := readBy(c, claire); err != nil || found != first || len(got) != 1 || got[0] != "après" {
		t.Errorf("found at %v, sent to %v, %v; claire reads %q", found, first, err, got)
	}
}

func TestEditInPlace(t *testing.T) {
	c, _ := newChat(t)
	channel := opened(t, c)
	card := &chat.Card{Title: "Carte", Rows: []chat.Row{chat.Plain("a", "b")}}
	sent, err := c.Send(t.Context(), chattest.Clear(chat.Outgoing{Key: "k", Channel: channel, Message: chat.Message{Text: "avant", Card: card}}))
	must(t, err)
	card.Rows[0].Value = "changed after it left"
	if got := c.Seen(claire)[0].Message.Card.Rows[0].Value; got != "b" {
		t.Errorf("the message changed after it left: %q", got)
	}
	edit := chattest.Clear(chat.Outgoing{Key: "k2", Channel: channel, Edit: sent.Message, Pin: true, Message: text("après")})
	for range 2 {
		where, err := c.Send(t.Context(), edit)
		must(t, err)
		if where != sent {
			t.Errorf("edited at %v, was at %v", where, sent)
		}
	}
	seen := c.Seen(claire)
	if len(seen) != 1 || seen[0].Message.Text != "après" || !seen[0].Edited || !seen[0].Pinned {
		t.Errorf("claire sees %+v", seen)
	}
	must(t, c.Type(t.Context(), claire, channel, "de Claire"))
	theirs := c.Seen(claire)[1].Ref
	if _, err := c.Send(t.Context(), chattest.Clear(chat.Outgoing{Key: "k3", Channel: channel, Edit: theirs, Message: text("x")})); !errors.Is(err, chat.ErrNotFound) {
		t.Errorf("the bot changed somebody's own message: %v", err)
	}
}

func TestOpen(t *testing.T) {
	c, _ := newChat(t)
	id := opened(t, c)
	if again, err := c.Open(t.Context(), "P-7K3F", julien); err != nil || again != id {
		t.Errorf("opened again: %v, %v", again, err)
	}
	got, err := c.Channel(t.Context(), id)
	must(t, err)
	if !got.Private || got.Direct || got.Archived || got.Name != "P-7K3F" || !slices.Equal(got.Members, []casework.UserID{claire, julien}) {
		t.Errorf("got %+v", got)
	}
	must(t, c.Archive(t.Context(), id), c.Archive(t.Context(), id))
	c.Deactivate(tom)
	for name, tc := range map[string]struct {
		channel string
		first   casework.UserID
		want    error
	}{
		"an archived name": {"P-7K3F", claire, chat.ErrRefused},
		"a public name":    {teamName, claire, chat.ErrRefused},
		"no name":          {"", claire, chat.ErrRefused},
		"an unknown user":  {"x", nobody, chat.ErrNotFound},
		"a gone user":      {"x", tom, chat.ErrRefused},
	} {
		if _, err := c.Open(t.Context(), tc.channel, tc.first); !errors.Is(err, tc.want) {
			t.Errorf("%s: got %v, want %v", name, err, tc.want)
		}
	}
}

func TestMembers(t *testing.T) {
	c, _ := newChat(t)
	id := opened(t, c)
	ctx := t.Context()
	must(t, c.Add(ctx, id, julien), c.Add(ctx, id, julien))
	if got, _ := c.Channel(ctx, id); !slices.Equal(got.Members, []casework.UserID{claire, julien}) {
		t.Errorf("after adding: %v", got.Members)
	}
	must(t, c.Remove(ctx, id, claire), c.Remove(ctx, id, claire))
	if got, _ := c.Channel(ctx, id); !slices.Equal(got.Members, []casework.UserID{julien}) {
		t.Errorf("after removing: %v", got.Members)
	}
	c.Deactivate(julien)
	if got, _ := c.Channel(ctx, id); len(got.Members) != 0 {
		t.Errorf("a gone account reads: %v", got.Members)
	}
	must(t, c.Archive(ctx, id))
	direct := c.Direct(claire)
	for name, tc := range map[string]struct {
		got, want error
	}{
		"add to an unknown channel":      {c.Add(ctx, "c-99", claire), chat.ErrNotFound},
		"add an unknown user":            {c.Add(ctx, "c-1", nobody), chat.ErrNotFound},
		"add a gone user":                {c.Add(ctx, "c-1", julien), chat.ErrRefused},
		"add to an archive":              {c.Add(ctx, id, claire), chat.ErrRefused},
		"add to a direct conversation":   {c.Add(ctx, direct, tom), chat.ErrRefused},
		"remove from an unknown channel": {c.Remove(ctx, "c-99", claire), chat.ErrNotFound},
		"remove an unknown user":         {c.Remove(ctx, "c-1", nobody), chat.ErrNotFound},
		"remove from a direct one":       {c.Remove(ctx, direct, claire), chat.ErrRefused},
		"archive an unknown channel":     {c.Archive(ctx, "c-99"), chat.ErrNotFound},
		"archive a direct conversation":  {c.Archive(ctx, direct), chat.ErrRefused},
	} {
		if !errors.Is(tc.got, tc.want) {
			t.Errorf("%s: got %v, want %v", name, tc.got, tc.want)
		}
	}
	if _, err := c.Channel(ctx, "c-99"); !errors.Is(err, chat.ErrNotFound) {
		t.Errorf("an unknown channel: %v", err)
	}
}

func TestHistoryIsForThoseWhoAreThere(t *testing.T) {
	c, _ := newChat(t)
	id := opened(t, c)
	ctx := t.Context()
	must(t, c.Type(ctx, claire, id, "avant"), c.Add(ctx, id, julien))
	if got := readBy(c, julien); !slices.Equal(got, []string{"avant"}) {
		t.Errorf("a newcomer reads %q", got)
	}
	must(t, c.Remove(ctx, id, julien))
	if got := readBy(c, julien); len(got) != 0 {
		t.Errorf("who left reads %q", got)
	}
	must(t, c.Archive(ctx, id))
	if got := readBy(c, claire); len(got) != 0 {
		t.Errorf("an archive reads %q", got)
	}
	if got, _ := c.Channel(ctx, id); !got.Archived || len(got.Members) != 0 {
		t.Errorf("archived, it is %+v", got)
	}
	if found, ok := c.ChannelNamed("P-7K3F"); !ok || found != id {
		t.Errorf("archived, it is found as %q", found)
	}
}

func TestAccount(t *testing.T) {
	c, _ := newChat(t)
	c.Deactivate(julien)
	for _, name := range []string{"u-tom", "@tom"} {
		a, err := c.Account(t.Context(), name)
		must(t, err)
		if a.ID != tom || a.Handle != "tom" || a.Name != "Tom Reed" || a.Lang != chat.English || !a.Active || !a.Outsider || a.Bot || a.Zone.String() != "Europe/Paris" {
			t.Errorf("%s: %+v", name, a)
		}
	}
	if a, err := c.Account(t.Context(), "@julien"); err != nil || a.Active || a.Lang != chat.French {
		t.Errorf("deactivated: %+v, %v", a, err)
	}
	if a, err := c.Account(t.Context(), "@parcours"); err != nil || !a.Bot {
		t.Errorf("the bot: %+v, %v", a, err)
	}
	for _, name := range []string{"", "@", "tom", "@nobody", "u-nobody", "@u-tom"} {
		if _, err := c.Account(t.Context(), name); !errors.Is(err, chat.ErrNotFound) {
			t.Errorf("%q: got %v", name, err)
		}
	}
}

func TestPlatformDown(t *testing.T) {
	down := errors.New("down")
	var asked []string
	c, _ := newChat(t, func(o *Options) {
		o.Fault = func(op string) error { asked = append(asked, op); return down }
	})
	calls := func(ctx context.Context) []error {
		_, send := c.Send(ctx, chat.Cleared{})
		_, channel := c.Channel(ctx, "c-1")
		_, open := c.Open(ctx, "x", claire)
		_, account := c.Account(ctx, "@tom")
		return []error{send, channel, open, c.Add(ctx, "c-1", tom), c.Remove(ctx, "c-1", tom), c.Archive(ctx, "c-1"), account}
	}
	for i, err := range calls(t.Context()) {
		if err != down {
			t.Errorf("call %d: got %v", i, err)
		}
	}
	if want := []string{"send", "channel", "open", "account", "add", "remove", "archive"}; !slices.Equal(asked, want) {
		t.Errorf("asked %v, want %v", asked, want)
	}
	c.options.Fault = nil
	given, cancel := context.WithCancel(t.Context())
	cancel()
	for i, err := range calls(given) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("given up, call %d: got %v", i, err)
		}
	}
}
