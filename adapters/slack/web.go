package slack

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"parcours/adapters/download"
	"parcours/bot/chat"
)

// Where Slack calls by HTTP, under CallbackURL: the slash command, interactivity,
// and events.
const (
	CommandPath     = "/slack/command"
	InteractionPath = "/slack/interaction"
	EventPath       = "/slack/event"
)

// FilePath is where people's browsers fetch files, under CallbackURL.
const FilePath = "/slack/document/"

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

// Handler serves what Slack calls when there is a SigningSecret: POST CommandPath,
// InteractionPath and EventPath. A call that Slack did not sign, or that was made
// before, gets a bare status. Under FilePath it gives people the files of their
// links.
func (a *Adapter) Handler() http.Handler {
	mux := http.NewServeMux()
	if a.options.SigningSecret != "" {
		mux.HandleFunc("POST "+CommandPath, a.serve(formType, a.calledCommand))
		mux.HandleFunc("POST "+InteractionPath, a.serve(formType, a.calledInteraction))
		mux.HandleFunc("POST "+EventPath, a.serve(jsonType, a.calledEvent))
	}
	if a.callback != "" {
		download.Handle(mux, FilePath, a.shelf, a.options.Log)
	}
	return mux
}

// shelf gives the bot, if it has files to give.
func (a *Adapter) shelf() chat.Shelf {
	l, _ := a.bot().(chat.Shelf)
	return l
}

var _ chat.Linker = (*Adapter)(nil)

// Link gives the address of a file, under CallbackURL; nothing without one.
func (a *Adapter) Link(token string) string {
	if a.callback == "" {
		return ""
	}
	return a.callback + FilePath + token
}

// A status is an answer without words.
type status int

func (s status) Error() string { return http.StatusText(int(s)) }

// serve answers calls of a kind that Slack signed: by what answer gives, if anything.
func (a *Adapter) serve(kind string, answer func(ctx context.Context, bot chat.Handler, body []byte) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		said, err := a.handle(w, r, kind, answer)
		var code status
		switch {
		case errors.As(err, &code):
			w.WriteHeader(int(code))
			return
		case err != nil:
			a.options.Log.Error("slack: a call could not be answered", "path", r.URL.Path, "err", err)
			w.WriteHeader(http.StatusInternalServerError)
			return
		case said == nil:
			// Even "null" would be shown.
			w.WriteHeader(http.StatusOK)
			return
		}
		w.Header().Set("Content-Type", jsonType)
		w.Header().Set("Cache-Control", "no-store")
		if err := json.NewEncoder(w).Encode(said); err != nil {
			a.options.Log.Warn("slack: an answer was not read", "path", r.URL.Path)
		}
	}
}

func (a *Adapter) handle(w http.ResponseWriter, r *http.Request, kind string, answer func(context.Context, chat.Handler, []byte) (any, error)) (any, error) {
	given, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || given != kind {
		return nil, status(http.StatusUnsupportedMediaType)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, envelopeMax))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, status(http.StatusRequestEntityTooLarge)
	case err != nil:
		return nil, status(http.StatusBadRequest)
	}
	if !a.isSigned(r.Header, body) {
		return nil, status(http.StatusUnauthorized)
	}
	bot := a.bot()
	if bot == nil {
		return nil, status(http.StatusServiceUnavailable)
	}
	if !a.heard.first("call "+strings.ToLower(r.Header.Get(signature)), a.options.Now()) {
		return nil, status(http.StatusConflict)
	}
	if tries, _ := strconv.Atoi(r.Header.Get(retries)); tries >= unheard {
		select {
		case a.missed <- struct{}{}:
		default: // it is to be looked at anyway
		}
	}
	return answer(r.Context(), bot, body)
}

// retries is the header by which Slack says how often it told an event in vain. It
// tells it anew at once, then after a minute: from unheard on, nobody listened for a
// while, and it may have given up what it had to tell before.
const (
	retries = "X-Slack-Retry-Num"
	unheard = 2
)

// signature is the header of what Slack signs a call by.
const signature = "X-Slack-Signature"

// isSigned says whether Slack signed a call, within the last five minutes.
func (a *Adapter) isSigned(header http.Header, body []byte) bool {
	if len(header.Values(signature)) != 1 {
		return false
	}
	verifier, err := slack.NewSecretsVerifier(header, a.options.SigningSecret)
	if err != nil {
		return false
	}
	if _, err := verifier.Write(body); err != nil {
		return false
	}
	return verifier.Ensure() == nil
}

// formOf reads a form in which nothing that counts stands twice.
func formOf(body []byte, fields ...string) (url.Values, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, status(http.StatusBadRequest)
	}
	for _, field := range fields {
		if len(form[field]) > 1 {
			return nil, status(http.StatusBadRequest)
		}
	}
	return form, nil
}

func (a *Adapter) calledCommand(ctx context.Context, bot chat.Handler, body []byte) (any, error) {
	form, err := formOf(body, "user_id", "channel_id", "text", "trigger_id", "response_url")
	if err != nil {
		return nil, err
	}
	in := slash{
		User: form.Get("user_id"), Channel: form.Get("channel_id"), Text: form.Get("text"),
		Trigger: form.Get("trigger_id"), Response: form.Get("response_url"),
	}
	if form.Get("ssl_check") == "1" {
		return nil, nil
	}
	if !in.valid() {
		return nil, status(http.StatusBadRequest)
	}
	a.act(ctx, func(ctx context.Context) { a.command(ctx, bot, in) })
	return nil, nil
}

func (a *Adapter) calledInteraction(ctx context.Context, bot chat.Handler, body []byte) (any, error) {
	form, err := formOf(body, "payload")
	if err != nil {
		return nil, err
	}
	var in interaction
	if json.Unmarshal([]byte(form.Get("payload")), &in) != nil || !isUser(in.User.ID) {
		return nil, status(http.StatusBadRequest)
	}
	acked := make(chan any, 1)
	a.act(ctx, func(ctx context.Context) { a.interaction(ctx, bot, in, func(said any) { acked <- said }) })
	return <-acked, nil
}

func (a *Adapter) calledEvent(ctx context.Context, _ chat.Handler, body []byte) (any, error) {
	var o occurrence
	if json.Unmarshal(body, &o) != nil {
		return nil, status(http.StatusBadRequest)
	}
	if o.Type == "url_verification" {
		return map[string]string{"challenge": o.Challenge}, nil
	}
	a.occurred(context.WithoutCancel(ctx), o)
	return nil, nil
}
