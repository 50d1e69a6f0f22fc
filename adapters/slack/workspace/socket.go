package workspace

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

const (
	maxSockets  = 10
	answerBytes = 20 << 10
	pingEvery   = 5 * time.Second
	// ackIn is how long the app has to acknowledge anything.
	ackIn = 3 * time.Second
	// actLate is how much later what somebody does may arrive.
	actLate = 5 * time.Second
)

// ErrFailed is what somebody is told whose doing did not reach the app, or was not
// answered as it should.
var ErrFailed = errors.New("workspace: the app did not answer")

// ErrLate is the ErrFailed of what the app did not acknowledge in three seconds. It may
// well do what was asked, and say so.
var ErrLate = fmt.Errorf("%w in time: operation_timeout", ErrFailed)

// sockets are the connections by which the app listens.
type sockets struct {
	tickets map[string]bool // of addresses given and not used
	open    []*socket
	sent    map[string]*delivery // envelope id → what is in it
	held    []*delivery          // events that are to be sent later
	under   int                  // events on their way
}

type socket struct {
	conn *websocket.Conn
	out  chan any
	gone bool
}

// A delivery is something that the app is to be told.
type delivery struct {
	kind    string // "events_api", "slash_commands" or "interactive"
	url     string // where it goes without a socket
	payload object
	// answers: the acknowledgement may carry an answer.
	answers bool
	form    bool // a window that was sent
	attempt int
	after   int       // how many others it lets pass
	at      time.Time // when somebody did it
	on      *socket
	done    chan struct{} // closed when acknowledged, or when that will not come
	acked   bool
	late    bool // acknowledged when nobody waited any more
	answer  json.RawMessage
}

func connectionsOpen(c *call) (object, error) {
	if !c.Workspace.app.socket {
		return nil, refuse("socket_mode_not_enabled")
	}
	if len(c.sockets.open) == maxSockets {
		return nil, refuse("too_many_websockets")
	}
	ticket := c.id("K")
	c.sockets.tickets[ticket] = !c.other // nothing here is told to another app
	return object{"url": "ws" + strings.TrimPrefix(c.front, "http") + "/link?ticket=" + ticket + "&app_id=" + AppID}, nil
}

// serveSocket lets the app listen. An address serves once.
func (w *Workspace) serveSocket(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	ticket := r.URL.Query().Get("ticket")
	known := w.sockets.tickets[ticket]
	delete(w.sockets.tickets, ticket)
	w.mu.Unlock()
	if !known {
		rw.WriteHeader(http.StatusForbidden)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := upgrader.Upgrade(rw, r, nil)
	if err != nil {
		return
	}
	s := &socket{conn: conn, out: make(chan any, 1024)}
	go s.write()
	w.mu.Lock()
	w.sockets.open = append(w.sockets.open, s)
	s.out <- object{
		"type": "hello", "num_connections": len(w.sockets.open), "connection_info": object{"app_id": AppID},
		"debug_info": object{"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060},
	}
	w.release(nil)
	w.changed()
	w.mu.Unlock()
	for {
		_, raw, err := conn.ReadMessage()
		if err != nil {
			break
		}
		w.acknowledged(raw)
	}
	w.mu.Lock()
	w.lose(s)
	w.mu.Unlock()
}

// write sends what there is to send, until the socket is lost.
func (s *socket) write() {
	defer s.conn.Close()
	pings := time.NewTicker(pingEvery)
	defer pings.Stop()
	_ = s.conn.WriteControl(websocket.PingMessage, []byte("first"), time.Now().Add(time.Second))
	for {
		select {
		case <-pings.C:
			_ = s.conn.WriteControl(websocket.PingMessage, []byte("again"), time.Now().Add(time.Second))
		case message, more := <-s.out:
			if !more || s.conn.WriteJSON(message) != nil {
				return
			}
		}
	}
}

// lose closes a socket: what was under way on it and can come again will, and
// whoever waits for an answer is told that it failed.
func (w *Workspace) lose(s *socket) {
	if s.gone {
		return
	}
	s.gone = true
	close(s.out)
	w.sockets.open = slices.DeleteFunc(w.sockets.open, func(other *socket) bool { return other == s })
	seen := map[*delivery]bool{}
	for _, d := range w.sockets.sent {
		if d.on != s || d.acked || seen[d] {
			continue
		}
		seen[d] = true
		d.on = nil
		if d.kind == "events_api" {
			w.again(d)
		} else {
			w.end(d)
		}
	}
	w.changed()
}

// busy says whether somebody waits for an answer on a socket.
func (w *Workspace) busy(s *socket) bool {
	for _, d := range w.sockets.sent {
		if d.on == s && !d.acked && d.kind != "events_api" {
			return true
		}
	}
	return false
}

// again has an event sent once more, later.
func (w *Workspace) again(d *delivery) {
	d.attempt++
	w.sockets.held = append(w.sockets.held, d)
}

// end has nobody wait for a delivery any more.
func (w *Workspace) end(d *delivery) {
	select {
	case <-d.done:
	default:
		close(d.done)
		if d.kind == "events_api" {
			w.sockets.under--
		}
	}
}

// acknowledged takes what the app says of an envelope.
func (w *Workspace) acknowledged(raw []byte) {
	var said struct {
		Envelope string          `json:"envelope_id"`
		Payload  json.RawMessage `json:"payload"`
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := json.Unmarshal(raw, &said); err != nil {
		w.complain("an acknowledgement that is no JSON")
		return
	}
	d := w.sockets.sent[said.Envelope]
	answer := bytes.TrimSpace(said.Payload)
	empty := len(answer) == 0 || string(answer) == "null"
	switch {
	case d == nil:
		w.complain("an acknowledgement of an envelope that was not sent")
		return
	case len(raw) >= answerBytes:
		w.complain("an acknowledgement of %d bytes, which Slack drops", len(raw))
		return
	case !empty && !d.answers:
		w.complain("an answer in an envelope of %s, where none is read", d.kind)
	}
	if d.acked {
		return // it had been sent twice
	}
	if !empty {
		d.answer = answer
	}
	w.take(d)
	w.changed()
}

// take takes an acknowledgement, unless whoever waits for it was told that it failed.
func (w *Workspace) take(d *delivery) {
	d.acked = true
	d.late = d.kind != "events_api" && w.options.Now().Sub(d.at) > ackIn
	w.end(d)
}

// send puts a delivery on its way.
func (w *Workspace) send(d *delivery) {
	event := d.kind == "events_api"
	faults := w.options.Faults
	for _, held := range w.sockets.held {
		held.after--
	}
	switch {
	case event && d.attempt == 0 && w.happens(faults.Lost):
		d.after = 1 << 20 // not before Flush
		w.again(d)
	case event && d.attempt == 0 && w.happens(faults.Late):
		d.attempt, d.after = 0, 1+w.chance.IntN(3)
		w.sockets.held = append(w.sockets.held, d)
	default:
		w.pass(d)
		if event && d.on != nil && w.happens(faults.Broken) && !w.busy(d.on) {
			w.lose(d.on)
		}
	}
	w.release(d)
}

// release sends the events that have let enough others pass, but one.
func (w *Workspace) release(but *delivery) {
	for !w.app.socket || len(w.sockets.open) > 0 {
		i := slices.IndexFunc(w.sockets.held, func(held *delivery) bool { return held != but && held.after <= 0 })
		if i < 0 {
			return
		}
		next := w.sockets.held[i]
		w.sockets.held = slices.Delete(w.sockets.held, i, i+1)
		w.pass(next)
	}
}

// pass sends a delivery by the way the app listens.
func (w *Workspace) pass(d *delivery) {
	switch {
	case d.acked: // while it was held back
	case w.app.socket:
		w.emit(d)
	default:
		w.callUp(d)
	}
}

// emit writes a delivery in an envelope, on one of the sockets.
func (w *Workspace) emit(d *delivery) {
	if len(w.sockets.open) == 0 {
		if d.kind == "events_api" {
			w.sockets.held = append(w.sockets.held, d)
		} else {
			w.end(d)
		}
		return
	}
	d.on = w.sockets.open[w.chance.IntN(len(w.sockets.open))]
	if d.kind == "events_api" {
		w.expect(d)
	}
	envelope := w.enveloped(d)
	d.on.out <- envelope
	if !w.happens(w.options.Faults.Twice) {
		return
	}
	if d.kind == "events_api" && w.chance.IntN(2) == 0 {
		d.attempt++
		envelope = w.enveloped(d)
	}
	d.on.out <- envelope
}

// expect has an event sent once more if it is not acknowledged in time, which is the
// computer's.
func (w *Workspace) expect(d *delivery) {
	s := d.on
	time.AfterFunc(ackIn, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if !d.acked && d.on == s {
			d.on = nil
			w.again(d)
			w.changed()
		}
	})
}

func (w *Workspace) enveloped(d *delivery) object {
	id := w.id("envelope-")
	w.sockets.sent[id] = d
	envelope := object{"type": d.kind, "envelope_id": id, "payload": d.payload, "accepts_response_payload": d.answers}
	if d.kind == "events_api" {
		envelope["retry_attempt"], envelope["retry_reason"] = d.attempt, ""
		if d.attempt > 0 {
			envelope["retry_reason"] = "timeout"
		}
	}
	return envelope
}

// tell tells the app of an event, if it subscribed to it, has the scope for
// channels of this kind, and is in the channels that it is about.
func (w *Workspace) tell(event, kind string, about object, in ...*conversation) {
	if !slices.Contains(w.app.events, event) {
		return
	}
	if kind != "" && kind != "im" && !slices.Contains(w.app.scopes, scopeFor(kind, "read")) {
		return
	}
	for _, ch := range in {
		if !ch.has(w.bot.ID) {
			return
		}
	}
	now := w.options.Now()
	inner := object{"type": event, "event_ts": w.stamp()}
	for name, value := range about {
		inner[name] = value
	}
	w.sockets.under++
	w.send(&delivery{kind: "events_api", url: w.app.eventURL, done: make(chan struct{}), payload: object{
		"token": "deprecated", "team_id": TeamID, "api_app_id": AppID, "type": "event_callback", "event_id": w.id("Ev"), "event_time": now.Unix(),
		"event":          inner,
		"authorizations": []object{{"enterprise_id": nil, "team_id": TeamID, "user_id": w.bot.ID, "is_bot": true, "is_enterprise_install": false}},
	}})
}

// act hands the app what somebody does, and gives the answer in its
// acknowledgement, if there is one. Error: ErrLate for one that does not come in time.
func (w *Workspace) act(ctx context.Context, d *delivery) (json.RawMessage, error) {
	d.done = make(chan struct{})
	w.mu.Lock()
	if w.happens(w.options.Faults.Lost) {
		w.mu.Unlock()
		return nil, ErrFailed
	}
	d.at = w.options.Now()
	if !d.form && w.options.Pass != nil && w.happens(w.options.Faults.Late) {
		w.options.Pass(time.Duration(w.chance.Int64N(int64(actLate))))
	}
	w.send(d)
	w.mu.Unlock()
	ctx, stop := context.WithTimeout(ctx, w.ackIn)
	defer stop()
	select {
	case <-d.done:
	case <-ctx.Done():
		return nil, ErrLate
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case !d.acked:
		return nil, ErrFailed
	case d.late:
		return nil, ErrLate
	}
	return d.answer, nil
}

// Flush sends the events that were held back or lost, as Slack does in the minutes
// that follow, and returns once the app has acknowledged each of them.
func (w *Workspace) Flush(ctx context.Context) error {
	return w.Await(ctx, "acknowledgement of every event", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		held := w.sockets.held
		w.sockets.held = nil
		for _, d := range held {
			w.pass(d)
		}
		return w.sockets.under == 0
	})
}

// GiveUp has Slack hold back no event any more: those that it could not tell are never
// told, as after an hour without the app.
func (w *Workspace) GiveUp() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, d := range w.sockets.held {
		w.end(d)
	}
	w.sockets.held = nil
}

// Refresh has Slack ask the app to listen anew, as it does every few hours, and
// closes its sockets.
func (w *Workspace) Refresh() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range slices.Clone(w.sockets.open) {
		s.out <- object{"type": "disconnect", "reason": "refresh_requested", "debug_info": object{"host": "applink-1"}}
		w.lose(s)
	}
}

// Cut closes the app's sockets without a word.
func (w *Workspace) Cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range slices.Clone(w.sockets.open) {
		_ = s.conn.Close()
		w.lose(s)
	}
}

// Listening waits until the app listens.
func (w *Workspace) Listening(ctx context.Context) error {
	return w.Await(ctx, "socket of the app", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return len(w.sockets.open) > 0
	})
}
