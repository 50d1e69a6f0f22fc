package slack

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"parcours/bot/chat"
	"parcours/casework"
)

// A wire is the end of Socket Mode that is Slack's.
type wire struct {
	t    testing.TB
	conn *websocket.Conn
}

// wired gives an adapter that listens by Socket Mode until the test ends, and the
// connections it opens.
func wired(t *testing.T, before ...func(*fake)) (*Adapter, *fake, *ears, <-chan *wire) {
	t.Helper()
	a, f, h := newFake(t, func(o *Options) { o.AppToken, o.SigningSecret = "xapp-1", "" })
	wires := make(chan *wire, 4)
	mux := http.NewServeMux()
	mux.Handle("/", f)
	mux.HandleFunc("/socket", func(w http.ResponseWriter, r *http.Request) {
		conn, err := (&websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		line := &wire{t: t, conn: conn}
		line.tell(m{"type": "hello", "num_connections": 1})
		wires <- line
	})
	f.Config.Handler = mux
	f.say("apps.connections.open", m{"ok": true, "url": strings.Replace(f.URL, "http", "ws", 1) + "/socket"})
	f.say("users.conversations", m{"ok": true, "channels": []m{{"id": channel, "name": "p-7k3f", "is_private": true, "creator": me}}})
	f.say("conversations.info", room(func(m) {}))
	f.say("conversations.members", people(claire, me))
	for _, change := range before {
		change(f)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		a.Run(ctx)
	}()
	t.Cleanup(func() {
		stop()
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			t.Error("it does not stop")
		}
	})
	return a, f, h, wires
}

func (w *wire) tell(envelope m) {
	if err := w.conn.WriteJSON(envelope); err != nil {
		w.t.Error(err)
	}
}

// acked is the next acknowledgement.
func (w *wire) acked() (id string, payload json.RawMessage) {
	w.t.Helper()
	var said struct {
		ID      string          `json:"envelope_id"`
		Payload json.RawMessage `json:"payload"`
	}
	if err := w.conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		w.t.Fatal(err)
	}
	if err := w.conn.ReadJSON(&said); err != nil {
		w.t.Fatal(err)
	}
	return said.ID, said.Payload
}

// until waits for something that is to come soon.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	late := time.After(10 * time.Second)
	for !ok() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("never:", what)
		}
	}
}

func TestSocketMode(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	if deaf, _, _ := newFake(t); deaf.Ready() == nil {
		t.Error("ready before it is connected")
	}
	a, f, h, wires := wired(t)
	line := <-wires
	until(t, "it is ready", func() bool { return a.Ready() == nil })
	until(t, "the channels are looked at", func() bool { return len(h.heard().moves) == 1 })

	command := m{"type": "slash_commands", "envelope_id": "e1", "accepts_response_payload": true, "payload": m{
		"user_id": claire, "channel_id": channel, "text": "suivi", "trigger_id": "trigger", "response_url": f.URL + "/response/1",
	}}
	h.answer = answering(chat.Message{Text: "voilà"})
	for range 2 {
		line.tell(command)
		if id, payload := line.acked(); id != "e1" || len(payload) > 0 && string(payload) != "null" {
			t.Errorf("acknowledged %s by %s", id, payload)
		}
	}
	until(t, "it is answered", func() bool { return len(f.were("response")) == 1 })
	if n := len(h.heard().commands); n != 1 {
		t.Errorf("heard %d times", n)
	}

	h.answer = chat.Answer{FieldErrors: map[string]string{"person": "Il manque un nom."}}
	line.tell(m{"type": "interactive", "envelope_id": "e2", "accepts_response_payload": true, "payload": submitted(func(m) {})})
	if id, payload := line.acked(); id != "e2" || !strings.Contains(string(payload), "Il manque un nom.") {
		t.Errorf("acknowledged %s by %s", id, payload)
	}

	event := func(id, event string, e m) m {
		return m{"type": "events_api", "envelope_id": id, "payload": m{"type": "event_callback", "event_id": event, "event": e}}
	}
	left := m{"type": "member_left_channel", "user": claire, "channel": channel}
	line.tell(event("e3", "Ev1", left))
	line.acked()
	line.tell(event("e4", "Ev1", left)) // Slack believed it unheard
	line.acked()
	line.tell(event("e5", "Ev2", m{"type": "a_kind_of_next_year", "channel": channel}))
	if id, _ := line.acked(); id != "e5" {
		t.Errorf("acknowledged %s", id)
	}
	line.tell(m{"type": "interactive", "envelope_id": "e6", "payload": "x"})
	if id, _ := line.acked(); id != "e6" {
		t.Errorf("acknowledged %s", id)
	}
	until(t, "somebody left", func() bool { return len(h.heard().moves) == 2 })

	// Slack renews its connections: nothing is lost by it.
	line.tell(m{"type": "disconnect", "reason": "refresh_requested"})
	again := <-wires
	again.tell(event("e7", "Ev3", m{"type": "member_joined_channel", "user": martin, "channel": channel}))
	again.acked()
	until(t, "somebody came", func() bool { return len(h.heard().moves) == 3 })
	until(t, "it is ready again", func() bool { return a.Ready() == nil })
	if n := len(f.were("users.conversations")); n != 1 {
		t.Errorf("the channels were looked at %d times", n)
	}
	line.conn.Close()
	again.conn.Close()
}

func TestATokenThatIsRefusedIsTold(t *testing.T) {
	for name, method := range map[string]string{"the bot's": "auth.test", "the app's": "apps.connections.open"} {
		t.Run(name, func(t *testing.T) {
			a, _, _, _ := wired(t, func(f *fake) { f.refuse(method, "invalid_auth") })
			until(t, "it is told", func() bool { return errors.Is(a.Ready(), ErrToken) })
		})
	}
}

// TestWhatHappenedMeanwhile has somebody leave and somebody come while nobody listens.
func TestWhatHappenedMeanwhile(t *testing.T) {
	a, f, h := newFake(t)
	f.say("users.conversations", m{"ok": true, "channels": []m{
		{"id": channel, "is_private": true, "creator": me}, {"id": elsewhe, "is_private": false, "creator": martin},
	}})
	f.say("conversations.info", room(func(m) {}))
	f.say("conversations.members", people(martin, me))
	a.circles.Know(channel, []casework.UserID{claire, martin})
	if err := a.resync(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []chat.Move{{Channel: channel, User: claire, Left: true}, {Channel: channel}}
	if got := h.heard().moves; diff(want, got) != "" {
		t.Error(diff(want, got))
	}
	f.say("users.conversations", failing{status: 500})
	if err := a.resync(t.Context()); err == nil {
		t.Error("it believes it has seen all")
	}
}

func TestByHTTPItIsReadyWhenSlackKnowsIt(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	a, f, _ := newFake(t)
	f.say("users.conversations", m{"ok": true, "channels": []m{}})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		a.Run(ctx)
	}()
	until(t, "it is ready", func() bool { return a.Ready() == nil })
	until(t, "the channels are looked at", func() bool { return len(f.were("users.conversations")) == 1 })
	stop()
	<-ended
}
