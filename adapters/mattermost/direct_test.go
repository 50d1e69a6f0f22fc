package mattermost

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
)

// A server that does not let the bot into a conversation it has just made may do so
// a moment later; one that still does not, never will.
func TestARefusalInANewConversationMayPass(t *testing.T) {
	a, f, _ := newFake(t, "11.4")
	now := a.options.Now()
	a.options.Now = func() time.Time { return now }
	f.say("POST /channels/direct", http.StatusCreated, &model.Channel{Id: channel})
	for _, request := range []string{"GET /channels/" + channel + "/posts", "POST /posts"} {
		f.say(request, http.StatusForbidden, model.AppError{Id: "api.context.permissions.app_error", StatusCode: http.StatusForbidden})
	}
	calls := map[string]func() error{
		"look": func() error {
			_, err := a.Find(t.Context(), claire, []string{"k"}, time.Time{})
			return err
		},
		"send": func() error {
			_, err := a.Send(t.Context(), chattest.Clear(chat.Outgoing{Key: "k", User: claire, Message: chat.Message{Text: "x"}}))
			return err
		},
	}
	for name, call := range calls {
		if err := call(); err == nil || errors.Is(err, chat.ErrRefused) || errors.Is(err, chat.ErrNotFound) {
			t.Errorf("%s at once: %v", name, err)
		}
	}
	now = now.Add(2 * newly)
	for name, call := range calls {
		if err := call(); !errors.Is(err, chat.ErrRefused) {
			t.Errorf("%s later: %v", name, err)
		}
	}
}
