package workspace

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// TestWhatIsAcknowledgedAfterThreeSecondsFailed has an app take its time for each thing
// that people do, on a socket and called.
func TestWhatIsAcknowledgedAfterThreeSecondsFailed(t *testing.T) {
	for name, begin := range map[string]func(t *testing.T, w *world, heard func()){
		"on a socket": func(t *testing.T, w *world, heard func()) {
			w.listen(t, func(socketmode.Event) any {
				heard()
				return nil
			})
		},
		"by HTTP": func(t *testing.T, w *world, heard func()) {
			app := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { heard() }))
			t.Cleanup(app.Close)
			t.Cleanup(http.DefaultClient.CloseIdleConnections)
			w.GiveUp() // what happened before was to be told on a socket
			c := w.app.commands["/parcours"]
			c.URL = app.URL
			w.app.socket, w.app.eventURL, w.app.interactionURL, w.app.commands["/parcours"] = false, app.URL, app.URL, c
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			takes := time.Duration(0)
			begin(t, w, func() { w.pass(takes) })
			ctx := t.Context()
			button := slack.NewActionBlock("b", slack.NewButtonBlockElement("done", "x", plainText("Fait")))
			_, ts, err := w.api.PostMessage(w.room, slack.MsgOptionText("x", false), slack.MsgOptionBlocks(button))
			ok(t, err)
			ok(t, w.Flush(ctx))
			for doing, do := range map[string]func() error{
				"a command":  func() error { return w.Type(ctx, w.claire, w.room, "/parcours") },
				"a button":   func() error { return w.Press(ctx, w.claire, ts, "done") },
				"a shortcut": func() error { return w.Shortcut(ctx, w.claire, ts, "action") },
				"a form": func() error {
					w.Workspace.mu.Lock()
					id := w.newTrigger(w.claire)
					w.Workspace.mu.Unlock()
					_, err := w.api.OpenView(id, modal("x"))
					ok(t, err)
					return w.Submit(ctx, w.claire, map[string][]string{"person": {"x"}})
				},
			} {
				takes = ackIn
				if err := do(); err != nil {
					t.Errorf("%s, in time: %v", doing, err)
				}
				takes = ackIn + time.Millisecond
				if err := do(); !errors.Is(err, ErrLate) || !errors.Is(err, ErrFailed) {
					t.Errorf("%s, too late: %v", doing, err)
				}
			}
			if _, open := w.Form(w.claire); !open {
				t.Error("the form that was sent in vain is closed")
			}
		})
	}
}
