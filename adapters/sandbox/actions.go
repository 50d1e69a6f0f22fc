package sandbox

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"parcours/bot/chat"
	"parcours/casework"
)

func (w *web) typed(rw http.ResponseWriter, v visit) {
	text := v.PostForm.Get("text")
	w.done(rw, v, w.chat.Type(v.lasting(), v.user, v.channel, text), text)
}

func (w *web) press(rw http.ResponseWriter, v visit) {
	button, err := strconv.Atoi(v.PostForm.Get("button"))
	if err != nil {
		button = -1
	}
	message := casework.MessageRef(v.PostForm.Get("message"))
	w.done(rw, v, w.chat.Press(v.lasting(), v.user, message, button), "")
}

func (w *web) join(rw http.ResponseWriter, v visit) {
	w.done(rw, v, w.chat.Join(v.lasting(), casework.UserID(v.PostForm.Get("user")), v.channel), "")
}

func (w *web) leave(rw http.ResponseWriter, v visit) {
	w.done(rw, v, w.chat.Leave(v.lasting(), casework.UserID(v.PostForm.Get("user")), v.channel), "")
}

func (w *web) convert(rw http.ResponseWriter, v visit) {
	w.done(rw, v, w.chat.Convert(v.lasting(), v.channel), "")
}

func (w *web) dismiss(rw http.ResponseWriter, v visit) {
	w.chat.Dismiss(v.user)
	w.done(rw, v, nil, "")
}

// clock moves to the same hour of a later day, which is not always a multiple
// of 24 hours away.
func (w *web) clock(rw http.ResponseWriter, v visit) {
	now := w.chat.Now()
	later := now
	switch v.PostForm.Get("by") {
	case "hour":
		later = now.Add(time.Hour)
	case "day":
		later = now.AddDate(0, 0, 1)
	case "week":
		later = now.AddDate(0, 0, 7)
	}
	w.chat.Advance(v.lasting(), later.Sub(now))
	w.done(rw, v, nil, "")
}

// submit reads the answers to the fields of the form that is open, and to no
// others.
func (w *web) submit(rw http.ResponseWriter, v visit) {
	open, ok := w.chat.formOf(v.user)
	// A page left behind must not fill the form that took the place of its own.
	if !ok || v.PostForm.Get("token") != open.form.Token {
		w.done(rw, v, chat.ErrNotFound, "")
		return
	}
	values := chat.Values{}
	for _, f := range open.form.Fields {
		id := f.About().ID
		values[id] = read(f, v.PostForm[fieldName(id)])
	}
	w.done(rw, v, w.chat.Submit(v.lasting(), v.user, values), "")
}

// read gives what was sent for a field, as the bot expects it.
func read(f chat.Field, sent []string) []string {
	var values []string
	for _, s := range sent {
		if s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")); s != "" {
			values = append(values, s)
		}
	}
	switch kind := f.(type) {
	case chat.Bool:
		if len(values) == 0 && !kind.Required {
			return []string{"false"}
		}
	case chat.Date:
		for i := range values {
			values[i] = isoDate(values[i])
		}
	}
	return values
}

// language changes that of the sandbox, and leads back to where it was asked.
func (w *web) language(rw http.ResponseWriter, r *http.Request) {
	lang := chat.Lang(r.PostFormValue("lang"))
	if w.texts[lang] == nil {
		http.Error(rw, "no such language", http.StatusBadRequest)
		return
	}
	w.chat.Speak(lang)
	back := "/"
	if handle := r.PostFormValue("as"); handle != "" {
		back = path(handle, casework.ChannelID(r.PostFormValue("channel")))
	}
	http.Redirect(rw, r, back, http.StatusSeeOther)
}
