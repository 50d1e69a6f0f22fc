package e2e

import (
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/adapters/mattermost"
	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
	"parcours/casework"
	"parcours/e2e/people"
)

func card(value string) chat.Message {
	return chat.Message{Text: "Du nouveau", Card: &chat.Card{
		Title: "Situation", Rows: []chat.Row{chat.Heading("Ce mois"), chat.Plain("Objectif", value), chat.Plain("", value)},
		Buttons: []chat.Button{{ID: "done", Label: "Fait", Command: "/parcours répondre", Token: "t"}}, Footer: "Restez brefs.",
	}}
}

func TestAMessageIsSentOnceAndChangedInPlace(t *testing.T) {
	w := newWorld(t, "claire")
	ctx := t.Context()
	id, err := w.adapter.Open(ctx, "P-7K3F", w.id("claire"))
	must(t, err)
	out := chat.Outgoing{Key: "P-7K3F/home", Channel: id, Pin: true, Message: card("un")}
	sent, err := w.adapter.Send(ctx, chattest.Clear(out))
	must(t, err)

	// Another process, after a crash, knows only the key.
	other, err := mattermost.New(w.options)
	must(t, err)
	for i := range 3 {
		_, err := w.adapter.Send(ctx, chattest.Clear(chat.Outgoing{Key: "other" + string(rune('a'+i)), Channel: id, Message: card("x")}))
		must(t, err)
	}
	out.Again = true
	found, err := other.Send(ctx, chattest.Clear(out))
	must(t, err)
	if found != sent {
		t.Errorf("sent %v, found %v", sent, found)
	}
	out.Again, out.Edit, out.Message = false, sent.Message, card("deux")
	_, err = w.adapter.Send(ctx, chattest.Clear(out))
	must(t, err)

	posts, err := w.people["claire"].Posts(ctx, string(id))
	must(t, err)
	if len(posts) != 4 {
		t.Fatalf("%d posts, want 4", len(posts))
	}
	home := posts[0]
	if !home.IsPinned || home.Message != "Du nouveau" || !strings.Contains(people.Text(home), "Objectif : deux") || home.Id != string(sent.Message) {
		t.Errorf("the home card is %+v\n%s", home, people.Text(home))
	}
	for _, a := range home.Attachments() {
		if a.Fallback != "" {
			t.Error("a notification would show", a.Fallback)
		}
		for _, action := range a.Actions {
			if action.Integration != nil && len(action.Integration.Context) > 0 {
				t.Error("people see the ticket of a button")
			}
		}
	}
}

func TestOnlyItsOwnPostsAreChanged(t *testing.T) {
	w := newWorld(t, "claire")
	ctx := t.Context()
	id, err := w.adapter.Open(ctx, "P-7K3F", w.id("claire"))
	must(t, err)
	post, err := w.people["claire"].Say(ctx, string(id), "bonjour")
	must(t, err)
	for _, ref := range []string{post.Id, model.NewId(), "x"} {
		_, err := w.adapter.Send(ctx, chattest.Clear(chat.Outgoing{Key: "k", Channel: id, Edit: casework.MessageRef(ref), Message: card("x")}))
		wantError(t, err, chat.ErrNotFound)
	}
	// A post of somebody else with the key is not taken for ours.
	fake := &model.Post{ChannelId: string(id), Message: "faux"}
	fake.SetProps(model.StringInterface{"parcours_key": "P-7K3F/9"})
	_, _, err = w.people["claire"].CreatePost(ctx, fake)
	must(t, err)
	sent, err := w.adapter.Send(ctx, chattest.Clear(chat.Outgoing{Key: "P-7K3F/9", Channel: id, Again: true, Message: card("x")}))
	must(t, err)
	got, _, err := w.people["claire"].GetPost(ctx, string(sent.Message), "")
	must(t, err)
	if got.UserId != w.installed.UserID {
		t.Error("somebody else's post was taken for the bot's")
	}
}

func TestAPrivateMessageIsReadByItsUserAlone(t *testing.T) {
	w := newWorld(t, "claire", "martin")
	ctx := t.Context()
	sent, err := w.adapter.Send(ctx, chattest.Clear(chat.Outgoing{Key: "k", User: w.id("claire"), Message: card("secret")}))
	must(t, err)
	if string(sent.Channel) != w.direct("claire") {
		t.Error("it is not in their conversation with the bot")
	}
	if _, _, err := w.people["martin"].GetPost(ctx, string(sent.Message), ""); err == nil {
		t.Error("somebody else reads it")
	}
	_, err = w.adapter.Send(ctx, chattest.Clear(chat.Outgoing{Key: "k", User: casework.UserID(model.NewId()), Message: card("x")}))
	wantError(t, err, chat.ErrNotFound)
}

func TestWhatPeopleTypeIsInert(t *testing.T) {
	w := newWorld(t, "claire", "nadia")
	ctx := t.Context()
	id, err := w.adapter.Open(ctx, "P-7K3F", w.id("claire"))
	must(t, err)
	must(t, w.adapter.Add(ctx, id, w.id("nadia")))
	hostile := "@all @channel @here @nadia" + w.suffix + " #motif ~town-square :smile: https://example.org www.example.org <!channel> <@x> <https://a.b|c> **gras** `code` $x$ &lt; a@example.org"
	nadia := w.people["nadia"]
	must(t, nadia.CatchUp(ctx))

	// What the server tells her client of a post says whether it mentions her.
	mentioned := func(post string) bool {
		must(t, nadia.CatchUp(ctx))
		for _, e := range nadia.Events(model.WebsocketEventPosted) {
			raw, _ := e.GetData()["post"].(string)
			names, _ := e.GetData()["mentions"].(string)
			if strings.Contains(raw, post) {
				return strings.Contains(names, nadia.User.Id)
			}
		}
		t.Fatal("she is not told of the post")
		return false
	}
	m := card(hostile)
	m.Text = hostile
	sent, err := w.adapter.Send(ctx, chattest.Clear(chat.Outgoing{Key: "k", Channel: id, Message: m}))
	must(t, err)
	if mentioned(string(sent.Message)) {
		t.Error("a message of the bot mentions somebody")
	}
	post, _, err := nadia.GetPost(ctx, string(sent.Message), "")
	must(t, err)
	if post.Hashtags != "" || post.Metadata != nil && (len(post.Metadata.Embeds) > 1 || len(post.Metadata.Emojis) > 0) {
		t.Errorf("hashtags %q, metadata %+v", post.Hashtags, post.Metadata)
	}
	if text := people.Text(post); strings.Count(text, hostile) != 3 {
		t.Errorf("it does not read as it was typed:\n%s", text)
	}

	// The same typed by a person does mention: the test would notice.
	said, err := w.people["claire"].Say(ctx, string(id), hostile)
	must(t, err)
	if !mentioned(said.Id) {
		t.Error("nothing mentions anybody on this server")
	}
}
