package mattermost

import (
	"net/http"
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
)

const secret = "contenu"

// where says what became of an answer: shown on a screen, kept by the server, both
// or neither.
func where(f *fake) (shown, kept string) {
	ephemeral, _ := f.was("POST /posts/ephemeral")
	post, _ := f.was("POST /posts")
	return string(ephemeral), string(post)
}

// TestNothingIsKeptOfAnAnswer is what becomes of an answer that the server is not
// to keep, by the way it was asked for and by what the bot may do.
func TestNothingIsKeptOfAnAnswer(t *testing.T) {
	line := func(t *testing.T, a *Adapter) string {
		a.event(t.Context(), wrote("D", claire, "suivi", nil))
		return ""
	}
	button := func(t *testing.T, a *Adapter) string {
		_, body := callJSON(t, a, actionPath, pressed(a, onAnswer, func(map[string]any) {}))
		return body
	}
	form := func(t *testing.T, a *Adapter) string {
		_, body := callJSON(t, a, dialogPath, map[string]any{
			"type": "dialog_submission", "user_id": claire, "channel_id": channel, "state": "token", "callback_id": "action", "submission": map[string]any{},
		})
		return body
	}
	tests := map[string]struct {
		act                   func(*testing.T, *Adapter) string
		absent, forbidden     bool
		screen, said, instead bool
	}{
		"a line in private":                {act: line, screen: true},
		"a line, the bot may not":          {act: line, forbidden: true, instead: true},
		"a button":                         {act: button, screen: true},
		"a button, the bot may not":        {act: button, forbidden: true, said: true},
		"a form":                           {act: form, screen: true},
		"a form from where nobody sees it": {act: form, absent: true, screen: true, instead: true},
		"a form, the bot may not":          {act: form, forbidden: true, instead: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a, f, h := newFake(t, "11.4")
			h.answer = chat.Answer{
				Say:     chattest.Clear(chat.Outgoing{User: claire, Channel: channel, Message: chat.Message{Text: secret, Card: &chat.Card{Title: secret}}}),
				Instead: "ailleurs",
			}
			f.say("GET /channels/"+channel+"/members/"+claire, http.StatusOK, model.ChannelMember{})
			if test.absent {
				f.say("GET /channels/"+channel+"/members/"+claire, http.StatusNotFound, model.AppError{Id: errNotMember})
			}
			f.say("POST /posts/ephemeral", http.StatusCreated, model.Post{})
			if test.forbidden {
				f.say("POST /posts/ephemeral", http.StatusForbidden, model.AppError{Id: errPermission})
			}
			f.say("POST /channels/direct", http.StatusCreated, model.Channel{Id: elsewhe})
			f.say("POST /posts", http.StatusCreated, model.Post{})
			body := test.act(t, a)
			shown, kept := where(f)
			if strings.Contains(kept, secret) {
				t.Errorf("the server keeps %s", kept)
			}
			if got := strings.Contains(shown, secret) && !test.forbidden; got != test.screen {
				t.Errorf("on the screen: %q", shown)
			}
			if got := strings.Contains(body, secret); got != test.said {
				t.Errorf("said at once: %q", body)
			}
			if got := strings.Contains(kept, "ailleurs"); got != test.instead {
				t.Errorf("kept: %q", kept)
			}
		})
	}
}

func TestAFileElsewhereIsALink(t *testing.T) {
	a, _, _ := newFake(t, "11.4")
	m := chat.Message{Text: "Voici", Card: &chat.Card{}, Files: []chat.File{{Name: "P-7K3F-releve.pdf", Type: "application/pdf", Link: a.Link("to_ken-1")}}}
	cards := a.attachments(m, place{})
	want := "📎 [P-7K3F-releve.pdf](http://bot.example.org/mattermost/document/to_ken-1)"
	if len(cards) != 1 || len(cards[0].Fields) != 1 || cards[0].Fields[0].Value != want {
		t.Errorf("shown as %+v", cards[0].Fields)
	}
	if status, _ := calls(a, FilePath+"to_ken-1", "", ""); status != http.StatusServiceUnavailable {
		t.Errorf("with a bot that has none to give: %d", status)
	}
}
