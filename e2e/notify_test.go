package e2e

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
)

func TestANotificationShowsNothingOfTheCard(t *testing.T) {
	w := newWorld(t, "claire")
	ctx, claire := t.Context(), w.people["claire"]
	pushed := make(chan string, 16)
	phones := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		pushed <- string(body)
		io.WriteString(rw, `{"status":"OK"}`)
	}))
	defer phones.Close()
	server.Stop()
	must(t, server.Run(ctx, map[string]string{
		"MM_EMAILSETTINGS_SENDPUSHNOTIFICATIONS": "true", "MM_EMAILSETTINGS_PUSHNOTIFICATIONSERVER": phones.URL,
		"MM_EMAILSETTINGS_PUSHNOTIFICATIONCONTENTS": "full",
	}))
	defer func() {
		server.Stop()
		must(t, server.Run(context.Background(), nil))
	}()
	claire.User.NotifyProps["push"], claire.User.NotifyProps["push_status"] = model.UserNotifyAll, model.StatusOnline
	_, _, err := claire.PatchUser(ctx, claire.User.Id, &model.UserPatch{NotifyProps: claire.User.NotifyProps})
	must(t, err)
	_, err = claire.AttachDeviceProps(ctx, map[string]string{"device_id": "android:" + w.suffix})
	must(t, err)

	_, err = w.adapter.Send(ctx, chattest.Clear(chat.Outgoing{Key: "k", User: w.id("claire"), Message: card("Organiser la garde")}))
	must(t, err)
	timer := time.NewTimer(20 * time.Second)
	defer timer.Stop()
	for {
		select {
		case body := <-pushed:
			if strings.Contains(body, "garde") {
				t.Fatal("a phone shows the card:", body)
			}
			if strings.Contains(body, "Du nouveau") {
				return
			}
		case <-timer.C:
			t.Fatal("no phone was told of the message")
		}
	}
}
