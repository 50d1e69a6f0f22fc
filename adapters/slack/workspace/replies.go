package workspace

import (
	"encoding/json"
	"maps"
	"net/http"
	"time"
)

// A reply is an address at which what somebody did is answered.
type reply struct {
	user, channel string
	about         *message // the one that bears the button
	used          int
	until         time.Time
}

const (
	replyUses = 5
	replyLife = 30 * time.Minute
)

// newReply makes an address for what somebody does in a channel.
func (w *Workspace) newReply(user, channel string, about *message) string {
	id := w.id("R")
	w.replies[id] = &reply{user: user, channel: channel, about: about, until: w.options.Now().Add(replyLife)}
	return w.front + "/respond/" + id
}

// serveReply takes what the app says at such an address: nobody asks who it is.
func (w *Workspace) serveReply(rw http.ResponseWriter, r *http.Request) {
	args, _, err := arguments(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err == nil {
		err = w.replied(r.PathValue("reply"), &call{Workspace: w, args: args})
	}
	if w.cut("response_url") {
		panic(http.ErrAbortHandler)
	}
	if err == nil {
		w.changed()
		_, _ = rw.Write([]byte("ok"))
		return
	}
	rw.WriteHeader(http.StatusNotFound)
	answer := object{"ok": false, "error": err.(refusal).code}
	maps.Copy(answer, err.(refusal).with)
	_ = json.NewEncoder(rw).Encode(answer)
}

func (w *Workspace) replied(id string, c *call) error {
	to := w.replies[id]
	switch {
	case to == nil || w.options.Now().After(to.until):
		return refuse("expired_url")
	case to.used == replyUses:
		return refuse("used_url")
	}
	to.used++
	if c.flag("delete_original") {
		return w.takeBack(to)
	}
	// Slack's client sends metadata at such an address even when it has none.
	if about, _ := c.args["metadata"].(object); about["event_type"] == "" {
		delete(c.args, "metadata")
	}
	m, err := c.written()
	if err != nil {
		return err
	}
	kind := c.text("response_type")
	ch := w.findChannel(to.channel)
	switch {
	case c.flag("replace_original") && to.about != nil:
		return w.replace(to, m)
	case kind == "in_channel":
		w.post(ch, m)
	case kind == "" || kind == "ephemeral":
		w.whisper(to.channel, to.user, m)
	default:
		return refuse("invalid_arguments")
	}
	return nil
}

// replace puts a message in the place of the one that bore the button.
func (w *Workspace) replace(to *reply, m *message) error {
	to.about.text, to.about.blocks = m.text, m.blocks
	if ch := w.findChannel(to.channel); ch != nil && ch.message(to.about.ts) == to.about {
		w.keep("message", w.shownMessage(to.about, true))
	}
	return nil
}

// takeBack takes away the message that bore the button.
func (w *Workspace) takeBack(to *reply) error {
	if to.about == nil {
		return refuse("message_not_found")
	}
	to.about.deleted = true
	return nil
}
