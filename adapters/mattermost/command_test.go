package mattermost

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
)

const formKind = "application/x-www-form-urlencoded"

func line(change func(url.Values)) string {
	form := url.Values{
		"token": {token}, "user_id": {claire}, "channel_id": {channel}, "team_id": {team}, "command": {"/parcours"},
		"text": {"suivi P-7K3F"}, "trigger_id": {"trigger"}, "user_name": {"claire"}, "response_url": {"http://x"},
	}
	change(form)
	return form.Encode()
}

func TestCommand(t *testing.T) {
	bearer := []string{"Authorization", "Token " + token}
	same := func(url.Values) {}
	tests := map[string]struct {
		body, kind string
		header     []string
		want       int
		heard      bool
	}{
		"the server's":            {line(same), formKind, bearer, 200, true},
		"charset":                 {line(same), formKind + "; charset=utf-8", bearer, 200, true},
		"another team's token":    {line(func(f url.Values) { f.Set("token", "other") }), formKind, []string{"Authorization", "Token other"}, 200, true},
		"wrong token":             {line(func(f url.Values) { f.Set("token", "x") }), formKind, bearer, 401, false},
		"no token in the body":    {line(func(f url.Values) { f.Del("token") }), formKind, bearer, 401, false},
		"no header":               {line(same), formKind, nil, 401, false},
		"wrong header":            {line(same), formKind, []string{"Authorization", "Token x"}, 401, false},
		"bearer header":           {line(same), formKind, []string{"Authorization", "Bearer " + token}, 401, false},
		"two users":               {line(func(f url.Values) { f.Add("user_id", martin) }), formKind, bearer, 400, false},
		"two tokens":              {line(func(f url.Values) { f.Add("token", "x") }), formKind, bearer, 400, false},
		"no user":                 {line(func(f url.Values) { f.Del("user_id") }), formKind, bearer, 400, false},
		"a user that is none":     {line(func(f url.Values) { f.Set("user_id", "../me") }), formKind, bearer, 400, false},
		"a channel that is none":  {line(func(f url.Values) { f.Set("channel_id", "") }), formKind, bearer, 400, false},
		"the bot itself":          {line(func(f url.Values) { f.Set("user_id", me) }), formKind, bearer, 200, false},
		"unknown fields":          {line(func(f url.Values) { f.Set("new", "1") }), formKind, bearer, 200, true},
		"JSON":                    {`{"token":"` + token + `"}`, "application/json", bearer, 415, false},
		"no kind":                 {line(same), "", bearer, 415, false},
		"not a form":              {"a=%zz", formKind, bearer, 400, false},
		"a megabyte":              {line(func(f url.Values) { f.Set("text", strings.Repeat("x", 1<<20)) }), formKind, bearer, 413, false},
		"a little too much":       {line(func(f url.Values) { f.Set("text", strings.Repeat("x", bodyMax)) }), formKind, bearer, 413, false},
		"the longest of messages": {line(func(f url.Values) { f.Set("text", strings.Repeat("é", 16383)) }), formKind, bearer, 200, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a, _, h := newFake(t, "11.4")
			status, _ := calls(a, commandPath, test.kind, test.body, test.header...)
			if status != test.want || (len(h.commands) == 1) != test.heard {
				t.Errorf("status %d, heard %v, want %d, %v", status, h.commands, test.want, test.heard)
			}
		})
	}
}

func TestCommandIsGivenAsItWasTyped(t *testing.T) {
	a, _, h := newFake(t, "11.4")
	h.answer = chat.Answer{Say: chattest.Clear(chat.Outgoing{User: claire, Channel: channel, Message: chat.Message{Text: "@all *oui*"}})}
	status, body := calls(a, commandPath, formKind, line(func(url.Values) {}), "Authorization", "Token "+token)
	want := chat.Command{User: claire, Channel: channel, Text: "suivi P-7K3F"}
	if status != 200 || h.commands[0] != want {
		t.Errorf("status %d, heard %+v", status, h.commands)
	}
	for _, part := range []string{`"response_type":"ephemeral"`, `@` + joiner + `all \\*oui\\*`, `"skip_slack_parsing":true`} {
		if !strings.Contains(body, part) {
			t.Errorf("the answer lacks %s: %s", part, body)
		}
	}
}

func TestAnswerForSomebodyElseIsKeptBack(t *testing.T) {
	a, _, h := newFake(t, "11.4")
	h.answer = chat.Answer{Say: chattest.Clear(chat.Outgoing{User: martin, Channel: channel, Message: chat.Message{Text: "secret"}})}
	if _, body := calls(a, commandPath, formKind, line(func(url.Values) {}), "Authorization", "Token "+token); strings.Contains(body, "secret") {
		t.Error("the asker is shown what another is to read:", body)
	}
}

func TestOtherMethodsAndPathsAreRefused(t *testing.T) {
	a, _, _ := newFake(t, "11.4")
	for _, path := range []string{commandPath, dialogPath, actionPath} {
		r, _ := http.NewRequest(http.MethodGet, path, nil)
		w := newRecorder()
		a.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusMethodNotAllowed {
			t.Errorf("GET %s: %d", path, w.Code)
		}
	}
	if status, _ := calls(a, "/mattermost/else", formKind, ""); status != http.StatusNotFound {
		t.Error("an unknown path:", status)
	}
	a.Attach(nil)
	if status, _ := calls(a, commandPath, formKind, line(func(url.Values) {}), "Authorization", "Token "+token); status != http.StatusServiceUnavailable {
		t.Error("without a bot:", status)
	}
}

func TestAFormThatCannotBeOpenedIsOffered(t *testing.T) {
	a, f, h := newFake(t, "11.4")
	form := chat.Form{ID: "open", Title: "Ouvrir", Token: "t", Fields: []chat.Field{chat.Text{Base: chat.Base{ID: "person", Label: "Personne"}}}}
	h.answer = chat.Answer{Form: chattest.ClearForm(form)}
	f.say("POST /actions/dialogs/open", http.StatusBadRequest, model.AppError{Id: "interactive_message.decode_trigger_id.expired"})
	_, body := calls(a, commandPath, formKind, line(func(url.Values) {}), "Authorization", "Token "+token)
	if !strings.Contains(body, `"kind":"form"`) {
		t.Error("no button offers the form:", body)
	}
	f.say("POST /actions/dialogs/open", http.StatusOK, map[string]string{"status": "OK"})
	_, body = calls(a, commandPath, formKind, line(func(url.Values) {}), "Authorization", "Token "+token)
	if asked, _ := f.was("POST /actions/dialogs/open"); !strings.Contains(string(asked), `"state":"t"`) || strings.Contains(body, "form") {
		t.Errorf("opened with %s, and said %s", asked, body)
	}
}
