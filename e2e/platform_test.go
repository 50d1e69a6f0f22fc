package e2e

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
	"parcours/casework"
)

func TestChannelsAreOpenedOnceAndClosed(t *testing.T) {
	w := newWorld(t, "claire", "nadia", "martin", "!outside")
	ctx := t.Context()
	id, err := w.adapter.Open(ctx, "P-7K3F", w.id("claire"))
	must(t, err)
	again, err := w.adapter.Open(ctx, "P-7K3F", w.id("claire"))
	must(t, err)
	if id != again {
		t.Errorf("opened twice: %s, %s", id, again)
	}
	must(t, w.adapter.Add(ctx, id, w.id("nadia")))
	must(t, w.adapter.Add(ctx, id, w.id("nadia")))
	w.wantMembers(id, "claire", "nadia")
	must(t, w.adapter.Remove(ctx, id, w.id("nadia")))
	must(t, w.adapter.Remove(ctx, id, w.id("nadia")))
	w.wantMembers(id, "claire")

	channel, err := w.adapter.Channel(ctx, id)
	must(t, err)
	if !channel.Private || channel.Direct || channel.Archived || channel.Name != "p-7k3f" {
		t.Errorf("channel is %+v", channel)
	}
	if _, _, err := w.people["martin"].GetChannelByName(ctx, "p-7k3f", w.team, ""); err == nil {
		t.Error("somebody outside sees the channel")
	}

	must(t, w.adapter.Archive(ctx, id))
	must(t, w.adapter.Archive(ctx, id))
	channel, err = w.adapter.Channel(ctx, id)
	must(t, err)
	if !channel.Archived || len(channel.Members) > 0 {
		t.Errorf("archived, it is %+v", channel)
	}
	if _, _, err := w.people["claire"].GetPostsForChannel(ctx, string(id), 0, 10, "", false, false); err == nil {
		t.Error("an archived channel is still read")
	}
	_, err = w.adapter.Open(ctx, "P-7K3F", w.id("claire"))
	wantError(t, err, chat.ErrRefused)
	wantError(t, w.adapter.Add(ctx, id, w.id("claire")), chat.ErrRefused)
	_, err = w.adapter.Send(ctx, chattest.Clear(chat.Outgoing{Key: "k", Channel: id, Message: chat.Message{Text: "x"}}))
	wantError(t, err, chat.ErrRefused)
}

func TestNamesThatAreTakenAreRefused(t *testing.T) {
	w := newWorld(t, "claire", "martin")
	ctx := t.Context()
	private, _, err := w.people["martin"].CreateChannel(ctx, &model.Channel{TeamId: w.team, Name: "p-2222", DisplayName: "x", Type: model.ChannelTypePrivate})
	must(t, err)
	_, err = w.adapter.Open(ctx, "P-2222", w.id("claire"))
	wantError(t, err, chat.ErrRefused)
	// Even when its owner puts the bot in it.
	_, _, err = w.people["martin"].AddChannelMember(ctx, private.Id, w.installed.UserID)
	must(t, err)
	_, err = w.adapter.Open(ctx, "P-2222", w.id("claire"))
	wantError(t, err, chat.ErrRefused)
}

func TestPeopleWhoCannotComeAreRefused(t *testing.T) {
	w := newWorld(t, "claire", "gone", "!outside")
	ctx := t.Context()
	id, err := w.adapter.Open(ctx, "P-3333", w.id("claire"))
	must(t, err)
	wantError(t, w.adapter.Add(ctx, id, w.id("outside")), chat.ErrRefused)
	_, err = server.Admin.UpdateUserActive(ctx, string(w.id("gone")), false)
	must(t, err)
	wantError(t, w.adapter.Add(ctx, id, w.id("gone")), chat.ErrRefused)
	wantError(t, w.adapter.Add(ctx, id, "nobody"), chat.ErrNotFound)
	wantError(t, w.adapter.Add(ctx, id, casework.UserID(model.NewId())), chat.ErrNotFound)
	wantError(t, w.adapter.Remove(ctx, casework.ChannelID(model.NewId()), w.id("claire")), chat.ErrNotFound)
	_, err = w.adapter.Channel(ctx, casework.ChannelID(model.NewId()))
	wantError(t, err, chat.ErrNotFound)
}

func TestChannelTheBotWasTakenOutOfIsNotReadNorGivenUp(t *testing.T) {
	w := newWorld(t, "claire")
	ctx := t.Context()
	id, err := w.adapter.Open(ctx, "P-4444", w.id("claire"))
	must(t, err)
	_, err = w.people["claire"].RemoveUserFromChannel(ctx, string(id), w.installed.UserID)
	must(t, err)
	_, err = w.adapter.Channel(ctx, id)
	if err == nil || errors.Is(err, chat.ErrRefused) || errors.Is(err, chat.ErrNotFound) {
		t.Errorf("a channel without the bot: %v", err)
	}
	w.moved(chat.Move{Channel: id})
	_, _, err = w.people["claire"].AddChannelMember(ctx, string(id), w.installed.UserID)
	must(t, err)
	_, err = w.adapter.Channel(ctx, id)
	must(t, err)
}

func TestAccounts(t *testing.T) {
	w := newWorld(t, "claire", "gone")
	ctx := t.Context()
	for _, name := range []string{string(w.id("claire")), "@claire" + w.suffix, "@Claire" + strings.ToUpper(w.suffix)} {
		got, err := w.adapter.Account(ctx, name)
		must(t, err)
		if got.ID != w.id("claire") || got.Handle != "claire"+w.suffix || got.Name != "Claire Test" || got.Lang != chat.French ||
			got.Zone.String() != "Europe/Paris" || !got.Active || got.Outsider || got.Bot {
			t.Errorf("%s is %+v", name, got)
		}
	}
	_, _, err := w.people["claire"].PatchUser(ctx, string(w.id("claire")), &model.UserPatch{Locale: model.NewPointer("en")})
	must(t, err)
	_, err = server.Admin.UpdateUserActive(ctx, string(w.id("gone")), false)
	must(t, err)
	claire, err := w.adapter.Account(ctx, string(w.id("claire")))
	must(t, err)
	gone, err := w.adapter.Account(ctx, string(w.id("gone")))
	must(t, err)
	self, err := w.adapter.Account(ctx, w.installed.UserID)
	must(t, err)
	if claire.Lang != chat.English || gone.Active || !self.Bot {
		t.Errorf("english %+v, gone %+v, bot %+v", claire, gone, self)
	}
	for _, nobody := range []string{"", "@", "@nobody" + w.suffix, "claire" + w.suffix, model.NewId(), "../users/me", "@../../x"} {
		_, err := w.adapter.Account(ctx, nobody)
		wantError(t, err, chat.ErrNotFound)
	}
}

func TestADeactivatedMemberIsStillAMember(t *testing.T) {
	w := newWorld(t, "claire", "gone")
	ctx := t.Context()
	id, err := w.adapter.Open(ctx, "P-5555", w.id("claire"))
	must(t, err)
	must(t, w.adapter.Add(ctx, id, w.id("gone")))
	_, err = server.Admin.UpdateUserActive(ctx, string(w.id("gone")), false)
	must(t, err)
	w.wantMembers(id, "claire", "gone")
}

func (w *world) wantMembers(id casework.ChannelID, handles ...string) {
	w.t.Helper()
	channel, err := w.adapter.Channel(w.t.Context(), id)
	must(w.t, err)
	var want []casework.UserID
	for _, handle := range handles {
		want = append(want, w.id(handle))
	}
	slices.Sort(want)
	slices.Sort(channel.Members)
	if !slices.Equal(channel.Members, want) {
		w.t.Errorf("members %v, want %v", channel.Members, want)
	}
}

func wantError(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}
