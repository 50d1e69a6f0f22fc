package mattermost

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"
)

// answered fails unless a call got a status that is meant for what is wrong with it.
func answered(t *testing.T, status int) {
	t.Helper()
	if !slices.Contains([]int{
		http.StatusOK, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden,
		http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
	}, status) {
		t.Errorf("status %d", status)
	}
}

// FuzzCommand has anybody call as if they were the server: without its token
// nothing is heard.
func FuzzCommand(f *testing.F) {
	f.Add(line(func(url.Values) {}), "Token "+token)
	f.Add(line(func(v url.Values) { v.Set("user_id", "../../me") }), "Token "+token)
	f.Add(line(func(v url.Values) { v.Del("token") }), "")
	f.Add("a=%zz&token=;", "Bearer x")
	a, _, h := newFake(f, "11.4")
	f.Fuzz(func(t *testing.T, body, authorization string) {
		h.commands = nil
		status, _ := calls(a, commandPath, formKind, body, "Authorization", authorization)
		answered(t, status)
		given, err := url.ParseQuery(body)
		known := err == nil && a.knows(given.Get("token")) && (authorization == "Token "+token || authorization == "Token other")
		if len(h.commands) > 0 && !known {
			t.Errorf("it was heard without the token: %v", h.commands)
		}
		for _, c := range h.commands {
			if !model.IsValidId(string(c.User)) || !model.IsValidId(string(c.Channel)) {
				t.Errorf("heard from %q in %q", c.User, c.Channel)
			}
		}
	})
}

// FuzzSubmission has anybody send a form as if they were the server.
func FuzzSubmission(f *testing.F) {
	for _, change := range []func(map[string]any){
		func(map[string]any) {},
		func(b map[string]any) { b["submission"] = map[string]any{"a": []any{1, nil, "x"}} },
		func(b map[string]any) { b["submission"] = []any{} },
	} {
		raw, err := json.Marshal(submitted(change))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw))
	}
	f.Add(`{"user_id":"` + claire + `","user_id":"` + martin + `"}`)
	a, _, h := newFake(f, "11.4")
	f.Fuzz(func(t *testing.T, body string) {
		h.submissions = nil
		status, _ := calls(a, dialogPath, "application/json", body)
		answered(t, status)
		for _, s := range h.submissions {
			if status != http.StatusOK || !model.IsValidId(string(s.User)) || !model.IsValidId(string(s.Channel)) {
				t.Errorf("status %d, heard from %q in %q", status, s.User, s.Channel)
			}
		}
	})
}

// FuzzAction has anybody press buttons that the bot did not make: none is heard.
func FuzzAction(f *testing.F) {
	a, s, h := newFake(f, "11.4")
	s.say("GET /posts/"+post1, http.StatusOK, own(a, func(*model.Post) {}))
	for _, change := range []func(map[string]any){
		func(b map[string]any) { b["context"] = map[string]any{} },
		func(b map[string]any) { b["context"].(map[string]any)["token"] = "other" },
		func(b map[string]any) { b["context"].(map[string]any)["user"] = martin },
		func(b map[string]any) { b["selected_option"] = "x" },
	} {
		body := pressed(a, onAnswer, change)
		body["user_id"] = martin // whose button it is not
		raw, err := json.Marshal(body)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw))
	}
	f.Fuzz(func(t *testing.T, body string) {
		h.presses = nil
		status, _ := calls(a, actionPath, "application/json", body)
		answered(t, status)
		for _, p := range h.presses {
			// The one that is theirs is claire's, and only she may press it.
			if p.User != claire || p.Button != "done" || p.Token != "token" {
				t.Errorf("heard: %+v", p)
			}
		}
	})
}

// FuzzEvent has the server say anything on its connection.
func FuzzEvent(f *testing.F) {
	for _, text := range []string{
		`{"event":"user_added","data":{"user_id":"` + claire + `"},"broadcast":{"channel_id":"` + channel + `"},"seq":1}`,
		`{"event":"user_removed","data":{"channel_id":"` + channel + `"},"broadcast":{"user_id":"` + me + `"},"seq":2}`,
		`{"event":"user_updated","data":{"user":{"id":3}},"seq":3}`,
		`{"event":"posted","data":{"post":"{\"id\":\"x\",\"message\":\"y\"}","channel_type":"D"},"seq":4}`,
		`{"event":"posted","data":{"post":7},"seq":5}`,
		`{"event":"leave_team","data":{},"broadcast":null}`,
	} {
		f.Add([]byte(text))
	}
	a, _, h := newFake(f, "11.4")
	a.circles.Know(channel, nil)
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := model.WebSocketEventFromJSON(bytes.NewReader(raw))
		if err != nil {
			return
		}
		h.moves, h.commands = nil, nil
		a.event(t.Context(), e)
		for _, m := range h.moves {
			if m.Channel == "" {
				t.Errorf("a move nowhere: %+v", m)
			}
		}
	})
}
