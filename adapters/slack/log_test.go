package slack

import (
	"bytes"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
)

// TestNothingOfWhatPeopleSayIsLogged has everything go wrong, and looks at what is
// written of it.
func TestNothingOfWhatPeopleSayIsLogged(t *testing.T) {
	for name, wrong := range map[string]any{
		"refused":  m{"ok": false, "error": "Mme Lopez est partie"},
		"down":     failing{status: 500, body: "Mme Lopez"},
		"no sense": failing{status: 200, body: `{"ok":"Mme Lopez"}`},
		"no JSON":  failing{status: 200, body: `Mme Lopez`},
	} {
		t.Run(name, func(t *testing.T) {
			var logged bytes.Buffer
			a, f, h := newFake(t, func(o *Options) {
				o.Log = slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
			})
			for _, method := range []string{
				"chat.postMessage", "chat.postEphemeral", "response", "views.open", "views.publish", "users.conversations", "conversations.info", "conversations.members",
			} {
				f.say(method, wrong)
			}
			secret := chat.Message{Text: "Mme Lopez", Card: &chat.Card{Title: "Mme Lopez", Rows: []chat.Row{chat.Plain("Qui", "Mme Lopez")}}}
			form := openForm
			form.Intro, form.Token = "Mme Lopez", "sealed-token"
			for _, answer := range []chat.Answer{
				answering(secret), {Form: chattest.ClearForm(form)}, {FormError: "Mme Lopez"},
				{Say: chattest.Clear(chat.Outgoing{User: martin, Channel: channel, Message: secret})},
			} {
				h.answer = answer
				calls(a, CommandPath, formType, slashed(f, func(v url.Values) { v.Set("text", "ouvrir Mme Lopez") }))
				did(t, a, pressed(f, func(m) {}))
				did(t, a, submitted(func(m) {}))
				happened(t, a, m{"type": "app_home_opened", "user": claire, "tab": "home"})
				a.heard = once{}
			}
			_ = a.resync(t.Context())
			said := logged.String()
			if said == "" {
				t.Error("nobody is told that anything went wrong")
			}
			for _, word := range []string{"Lopez", "sealed-token", "xoxb", signingSecret, "/response/", "suivi"} {
				if strings.Contains(said, word) {
					t.Errorf("%q is logged:\n%s", word, said)
				}
			}
		})
	}
}
