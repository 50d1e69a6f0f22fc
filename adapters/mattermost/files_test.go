package mattermost

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
)

const file1 = "filefilefilefilefilefilefi"

func withFile(body string) chat.Message {
	return chat.Message{Text: "Voici", Files: []chat.File{{Name: "releve.pdf", Type: "application/pdf", Body: []byte(body)}}}
}

func TestFilesAreUploadedThenPosted(t *testing.T) {
	a, f, _ := newFake(t, "11.4")
	k := keep(f)
	f.say("POST /files", http.StatusCreated, model.FileUploadResponse{FileInfos: []*model.FileInfo{{Id: file1}}})
	out := chat.Outgoing{Key: "k", Channel: channel, Message: withFile("contenu")}
	k.losing(true)
	if _, err := a.Send(t.Context(), chattest.Clear(out)); err == nil {
		t.Fatal("an answer that was lost is taken for one")
	}
	k.losing(false)
	uploaded, _ := f.was("POST /files")
	for _, part := range []string{"contenu", channel, `filename="releve.pdf"`} {
		if !bytes.Contains(uploaded, []byte(part)) {
			t.Errorf("uploaded without %s:\n%s", part, uploaded)
		}
	}
	if p := k.all(); len(p) != 1 || len(p[0].FileIds) != 1 || p[0].FileIds[0] != file1 {
		t.Fatalf("posted %+v", p)
	}
	// Tried again, it is found, and keeps the files it has.
	out.Again = true
	f.say("POST /files", http.StatusInternalServerError, model.AppError{})
	if _, err := a.Send(t.Context(), chattest.Clear(out)); err != nil || len(k.all()) != 1 {
		t.Errorf("%v, %d posts", err, len(k.all()))
	}
	var patch model.PostPatch
	raw, _ := f.was("PUT /posts/" + post1 + "/patch")
	if err := json.Unmarshal(raw, &patch); err != nil || patch.FileIds != nil {
		t.Errorf("patched %s", raw)
	}
}

func TestFilesThatTheServerRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		want   error
	}{"too heavy": {http.StatusRequestEntityTooLarge, chat.ErrRefused}, "not allowed": {http.StatusForbidden, chat.ErrRefused}, "down": {http.StatusBadGateway, nil}} {
		t.Run(name, func(t *testing.T) {
			a, f, _ := newFake(t, "11.4")
			k := keep(f)
			f.say("POST /files", c.status, model.AppError{Id: "x", StatusCode: c.status})
			_, err := a.Send(t.Context(), chattest.Clear(chat.Outgoing{Key: "k", Channel: channel, Message: withFile("x")}))
			if err == nil || c.want != nil && !errors.Is(err, c.want) || c.want == nil && errors.Is(err, chat.ErrRefused) {
				t.Errorf("%v", err)
			}
			if len(k.all()) != 0 {
				t.Error("it is posted without its file")
			}
		})
	}
}

func TestAMessageThatSaysNoMoreLosesItsFiles(t *testing.T) {
	for name, c := range map[string]struct {
		left    []*model.FileInfo
		deleted bool
		want    error
	}{
		"a server that takes them away": {nil, false, nil},
		"a server that keeps them":      {[]*model.FileInfo{{Id: file1}}, true, chat.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			a, f, _ := newFake(t, "11.4")
			f.say("GET /posts/"+post1, http.StatusOK, &model.Post{Id: post1, UserId: me, ChannelId: channel, FileIds: []string{file1}})
			f.say("PUT /posts/"+post1+"/patch", http.StatusOK, &model.Post{Id: post1})
			f.say("GET /posts/"+post1+"/files/info", http.StatusOK, c.left)
			f.say("DELETE /posts/"+post1, http.StatusOK, map[string]string{"status": "OK"})
			_, err := a.Send(t.Context(), chattest.Clear(chat.Outgoing{Key: "k", Channel: channel, Edit: post1, Message: chat.Message{Text: "vide"}}))
			if !errors.Is(err, c.want) {
				t.Errorf("%v", err)
			}
			var patch model.PostPatch
			raw, _ := f.was("PUT /posts/" + post1 + "/patch")
			if err := json.Unmarshal(raw, &patch); err != nil || patch.FileIds == nil || len(*patch.FileIds) != 0 {
				t.Errorf("patched %s", raw)
			}
			if _, deleted := f.was("DELETE /posts/" + post1); deleted != c.deleted {
				t.Errorf("deleted: %v", deleted)
			}
		})
	}
}
