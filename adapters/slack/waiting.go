package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"time"

	"parcours/bot/chat"
)

// formLife is how long a form is remembered: as long as its token is good.
const formLife = 30 * time.Minute

// waiting are the forms that people were shown or offered: those that came too late
// to be opened at once wait for a button, and one with a fault is shown again. They
// are lost with the process: people then type their line again.
type waiting struct {
	mu    sync.Mutex
	forms map[string]waitingForm
}

// A waitingForm is one user's, for the channel that its token was made for.
type waitingForm struct {
	user, channel string
	form          chat.Form
	until         time.Time
}

// handle names a form by its token, which it does not tell.
func handle(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:16])
}

// put keeps a form.
func (w *waiting) put(f waitingForm, now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.forms == nil {
		w.forms = map[string]waitingForm{}
	}
	for old, f := range w.forms {
		if f.until.Before(now) {
			delete(w.forms, old)
		}
	}
	f.until = now.Add(formLife)
	w.forms[handle(f.form.Token)] = f
}

// get gives the form of a handle, to its user. It goes on waiting: a form that was
// closed can be opened again.
func (w *waiting) get(handle, user string, now time.Time) (waitingForm, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f, ok := w.forms[handle]
	if !ok || f.user != user || f.until.Before(now) {
		return waitingForm{}, false
	}
	return f, true
}
