package e2e

import (
	"testing"

	"parcours/adapters/mattermost"
	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
)

func withFiles(text string, names ...string) chat.Message {
	m := chat.Message{Text: text}
	for _, name := range names {
		m.Files = append(m.Files, chat.File{Name: name, Type: "text/plain; charset=utf-8", Body: []byte("ce que dit " + name)})
	}
	return m
}

func TestFilesGoWithTheirPost(t *testing.T) {
	w := newWorld(t, "claire", "nadia", "martin")
	ctx := t.Context()
	id, err := w.adapter.Open(ctx, "P-7K3F", w.id("claire"))
	must(t, err)
	out := chat.Outgoing{Key: "P-7K3F/1", Channel: id, Message: withFiles("Le relevé", "releve.txt", "lettre.txt")}
	sent, err := w.adapter.Send(ctx, chattest.Clear(out))
	must(t, err)
	other, err := mattermost.New(w.options)
	must(t, err)
	out.Again = true
	again, err := other.Send(ctx, chattest.Clear(out))
	must(t, err)
	if again != sent {
		t.Errorf("sent %v, then %v", sent, again)
	}

	claire := w.people["claire"]
	post, _, err := claire.GetPost(ctx, string(sent.Message), "")
	must(t, err)
	if len(post.FileIds) != 2 {
		t.Fatalf("the post bears %d files", len(post.FileIds))
	}
	// The one that is not opened, as the server remembers the other for a while.
	var file string
	for _, id := range post.FileIds {
		info, _, err := claire.GetFileInfo(ctx, id)
		must(t, err)
		if info.Name == "releve.txt" {
			file = id
			continue
		}
		body, _, err := claire.GetFile(ctx, id)
		must(t, err)
		if string(body) != "ce que dit lettre.txt" {
			t.Errorf("the file says %q", body)
		}
		if _, _, err := w.people["martin"].GetFile(ctx, id); err == nil {
			t.Error("somebody outside opens the file")
		}
	}
	found := func(handle string) int {
		list, _, err := w.people[handle].SearchFiles(ctx, w.team, "releve.txt", false)
		must(t, err)
		return len(list.Order)
	}
	if n := found("claire"); n != 1 {
		t.Errorf("a search finds %d files", n)
	}

	// Emptied: whoever comes finds no file, nor does anybody keep a way to it.
	_, err = w.adapter.Send(ctx, chattest.Clear(chat.Outgoing{Key: "P-7K3F/1", Channel: id, Edit: sent.Message, Message: chat.Message{Text: "Retiré"}}))
	must(t, err)
	must(t, w.adapter.Add(ctx, id, w.id("nadia")))
	for _, handle := range []string{"claire", "nadia"} {
		p := w.people[handle]
		post, _, err := p.GetPost(ctx, string(sent.Message), "")
		must(t, err)
		infos, _, err := p.GetFileInfosForPost(ctx, post.Id, "")
		must(t, err)
		if len(post.FileIds) != 0 || len(infos) != 0 || post.Metadata != nil && len(post.Metadata.Files) != 0 {
			t.Errorf("@%s still sees files: %+v", handle, post)
		}
		if body, _, err := p.GetFile(ctx, file); err == nil {
			t.Errorf("@%s still opens one: %q", handle, body)
		}
		if _, _, err := p.GetFileInfo(ctx, file); err == nil {
			t.Errorf("@%s still reads what one is", handle)
		}
		if n := found(handle); n != 0 {
			t.Errorf("@%s still finds %d", handle, n)
		}
		if history, _, err := p.GetEditHistoryForPost(ctx, post.Id); err == nil {
			t.Errorf("@%s reads what it was: %+v", handle, history)
		}
	}
}

func TestFilesToOneUserAreTheirsAlone(t *testing.T) {
	w := newWorld(t, "claire", "martin")
	ctx := t.Context()
	sent, err := w.adapter.Send(ctx, chattest.Clear(chat.Outgoing{Key: "k", User: w.id("claire"), Message: withFiles("Pour vous", "lettre.txt")}))
	must(t, err)
	post, _, err := w.people["claire"].GetPost(ctx, string(sent.Message), "")
	must(t, err)
	if string(sent.Channel) != w.direct("claire") || len(post.FileIds) != 1 {
		t.Fatalf("sent %+v: %+v", sent, post)
	}
	if _, _, err := w.people["claire"].GetFile(ctx, post.FileIds[0]); err != nil {
		t.Error(err)
	}
	if _, _, err := w.people["martin"].GetFile(ctx, post.FileIds[0]); err == nil {
		t.Error("somebody else opens the file")
	}
}
