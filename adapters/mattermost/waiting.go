package mattermost

import (
	"crypto/rand"
	"sync"
	"time"

	"parcours/bot/chat"
)

// formLife is how long a form waits to be opened: as long as its token is good.
const formLife = 30 * time.Minute

// waiting are forms that could not be opened at once, since only a command typed
// with its slash or a button can open one. A button opens them. They are lost
// with the process: people then type their line again.
type waiting struct {
	mu    sync.Mutex
	forms map[string]waitingForm
}

// A waitingForm is offered to a user in a channel; home is the channel that its
// token was made for.
type waitingForm struct {
	user, channel, home string
	form                chat.Form
	until               time.Time
}

// put keeps a form and gives the handle to take it by.
func (w *waiting) put(f waitingForm, now time.Time) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.forms == nil {
		w.forms = map[string]waitingForm{}
	}
	for handle, old := range w.forms {
		if old.until.Before(now) {
			delete(w.forms, handle)
		}
	}
	handle := rand.Text()
	f.until = now.Add(formLife)
	w.forms[handle] = f
	return handle
}

// get gives the form of a handle, to its user in its channel. It goes on
// waiting: a form that was closed can be opened again.
func (w *waiting) get(handle, user, channel string, now time.Time) (chat.Form, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f, ok := w.forms[handle]
	if !ok || f.user != user || f.channel != channel || f.until.Before(now) {
		return chat.Form{}, false
	}
	return f.form, true
}

// move has a form offered in another channel than the one its token is for.
func (w *waiting) move(handle, channel string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if f, ok := w.forms[handle]; ok {
		f.channel = channel
		w.forms[handle] = f
	}
}

// home gives the channel that a submitted form was made for: the one it comes
// from, unless this package itself has moved it.
func (w *waiting) home(token, user, channel string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range w.forms {
		if f.form.Token == token && f.user == user && f.channel == channel {
			return f.home
		}
	}
	return channel
}
