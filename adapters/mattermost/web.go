package mattermost

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/adapters/download"
	"parcours/bot/chat"
	"parcours/casework"
)

// Where the server calls, under CallbackURL.
const (
	commandPath = "/mattermost/command"
	dialogPath  = "/mattermost/dialog"
	actionPath  = "/mattermost/action"
)

// FilePath is where people's browsers fetch files, under CallbackURL.
const FilePath = "/mattermost/document/"

const (
	// bodyMax is far above any command, form or button.
	bodyMax = 256 << 10
	// answerIn is less than the thirty seconds that the server waits.
	answerIn = 25 * time.Second
)

// Handler serves what the server calls: POST /mattermost/command, dialog and
// action. A call that is not the server's, or was made up, gets a bare status;
// all others get 200, and the bot's words if any. Under /mattermost/document/ it
// gives people the files of their links.
func (a *Adapter) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+commandPath, a.serve("application/x-www-form-urlencoded", a.command))
	mux.HandleFunc("POST "+dialogPath, a.serve("application/json", a.submission))
	mux.HandleFunc("POST "+actionPath, a.serve("application/json", a.action))
	download.Handle(mux, FilePath, a.shelf, a.options.Log)
	return mux
}

// shelf gives the bot, if it has files to give.
func (a *Adapter) shelf() chat.Shelf {
	s, _ := a.bot().(chat.Shelf)
	return s
}

var _ chat.Linker = (*Adapter)(nil)

// Link gives the address of a file on the way by which the server reaches Handler.
func (a *Adapter) Link(token string) string { return a.callback + FilePath + token }

// A status is an answer without words.
type status int

func (s status) Error() string { return http.StatusText(int(s)) }

// A call is one that the server made.
type call struct {
	header http.Header
	body   []byte
	bot    chat.Handler
}

func (a *Adapter) serve(kind string, answer func(context.Context, call) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), answerIn)
		defer cancel()
		said, err := a.handle(ctx, w, r, kind, answer)
		var code status
		switch {
		case errors.As(err, &code):
			w.WriteHeader(int(code))
			return
		case err != nil:
			a.options.Log.Error("mattermost: a call could not be answered", "path", r.URL.Path, "err", err)
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		if err := json.NewEncoder(w).Encode(said); err != nil {
			a.options.Log.Warn("mattermost: an answer was not read", "path", r.URL.Path)
		}
	}
}

func (a *Adapter) handle(ctx context.Context, w http.ResponseWriter, r *http.Request, kind string, answer func(context.Context, call) (any, error)) (any, error) {
	given, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || given != kind {
		return nil, status(http.StatusUnsupportedMediaType)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyMax))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, status(http.StatusRequestEntityTooLarge)
	case err != nil:
		return nil, status(http.StatusBadRequest)
	}
	bot := a.bot()
	if bot == nil {
		return nil, status(http.StatusServiceUnavailable)
	}
	// Also tells the server's version, if nothing has yet.
	if _, err := a.me(ctx); err != nil {
		return nil, err
	}
	return answer(ctx, call{header: r.Header, body: body, bot: bot})
}

// command answers the slash command.
func (a *Adapter) command(ctx context.Context, c call) (any, error) {
	form, err := url.ParseQuery(string(c.body))
	if err != nil {
		return nil, status(http.StatusBadRequest)
	}
	for _, name := range []string{"token", "user_id", "channel_id", "text", "trigger_id"} {
		if len(form[name]) > 1 {
			return nil, status(http.StatusBadRequest)
		}
	}
	inHeader, ok := strings.CutPrefix(c.header.Get("Authorization"), "Token ")
	if !ok || !a.knows(inHeader) || !a.knows(form.Get("token")) {
		return nil, status(http.StatusUnauthorized)
	}
	who := asker{user: form.Get("user_id"), channel: form.Get("channel_id"), trigger: form.Get("trigger_id")}
	if !model.IsValidId(who.user) || !model.IsValidId(who.channel) {
		return nil, status(http.StatusBadRequest)
	}
	me, err := a.me(ctx)
	if err != nil {
		return nil, err
	}
	nothing := &model.CommandResponse{ResponseType: model.CommandResponseTypeEphemeral}
	if who.user == string(me) {
		nothing.Text = a.probed(form.Get("text"))
		return nothing, nil
	}
	a.noteTeam(who.user, form.Get("team_id"))
	answer := c.bot.Command(ctx, chat.Command{
		User: casework.UserID(who.user), Channel: casework.ChannelID(who.channel), Text: form.Get("text"),
	})
	if m, ok := a.saying(ctx, who, answer); ok {
		return a.respond(who, m), nil
	}
	return nothing, nil
}

// knows compares in a time that tells nothing of the tokens.
func (a *Adapter) knows(token string) bool {
	known := 0
	for _, one := range a.options.CommandTokens {
		known |= subtle.ConstantTimeCompare([]byte(a.seal.of("compare", token)), []byte(a.seal.of("compare", one)))
	}
	return known == 1
}

// submission answers a form. Nothing of it is signed by the server: the token
// says for whom and where it was made, which the bot checks.
func (a *Adapter) submission(ctx context.Context, c call) (any, error) {
	var in model.SubmitDialogRequest
	if err := decode(c.body, &in); err != nil {
		return nil, status(http.StatusBadRequest)
	}
	if in.Type != "dialog_submission" || !model.IsValidId(in.UserId) || !model.IsValidId(in.ChannelId) || in.State == "" {
		return nil, status(http.StatusBadRequest)
	}
	if in.Cancelled {
		return &model.SubmitDialogResponse{}, nil
	}
	values, err := a.values(in.Submission)
	if err != nil {
		return nil, status(http.StatusBadRequest)
	}
	who := asker{user: in.UserId, channel: in.ChannelId}
	answer := c.bot.Submit(ctx, chat.Submission{
		User: casework.UserID(who.user), Channel: casework.ChannelID(a.waiting.home(in.State, who.user, who.channel)),
		Form: in.CallbackId, Token: in.State, Values: values,
	})
	if answer.FieldErrors != nil || answer.FormError != "" {
		return a.faults(in, answer), nil
	}
	if form, ok := answer.Form.Value(); ok && a.version.nextForm() {
		dialog, err := a.dialog(ctx, form)
		if err != nil {
			return nil, err
		}
		return &model.SubmitDialogResponse{Type: string(model.SubmitDialogResponseTypeForm), Form: &dialog}, nil
	}
	if m, ok := a.saying(ctx, who, answer); ok {
		a.logged("an answer to a form was not said", a.whisper(ctx, who, m, answer.Instead))
	}
	return &model.SubmitDialogResponse{}, nil
}

// faults gives the faults of a form by the elements they belong to.
func (a *Adapter) faults(in model.SubmitDialogRequest, answer chat.Answer) *model.SubmitDialogResponse {
	said := &model.SubmitDialogResponse{Error: answer.FormError, Errors: map[string]string{}}
	for id, fault := range answer.FieldErrors {
		said.Errors[elementOf(in.Submission, id)] = fault
	}
	return said
}

// elementOf is the element that shows the faults of a field: its own, or the
// first of its boxes.
func elementOf(submitted map[string]any, id string) string {
	if _, ok := submitted[id]; ok {
		return id
	}
	first := id
	for name := range submitted {
		if strings.HasPrefix(name, id+partMark) && (first == id || name < first) {
			first = name
		}
	}
	return first
}

// action answers a button.
func (a *Adapter) action(ctx context.Context, c call) (any, error) {
	var in struct {
		UserID    string `json:"user_id"`
		ChannelID string `json:"channel_id"`
		PostID    string `json:"post_id"`
		TriggerID string `json:"trigger_id"`
		TeamID    string `json:"team_id"`
		Type      string `json:"type"`
		Context   ticket `json:"context"`
	}
	if err := decode(c.body, &in); err != nil {
		return nil, status(http.StatusBadRequest)
	}
	if in.Type != model.PostActionTypeButton || !model.IsValidId(in.UserID) || !model.IsValidId(in.ChannelID) || !model.IsValidId(in.PostID) {
		return nil, status(http.StatusBadRequest)
	}
	who := asker{user: in.UserID, channel: in.ChannelID, trigger: in.TriggerID}
	if !a.seal.holds(in.Context, who.user, who.channel) {
		return nil, status(http.StatusForbidden)
	}
	a.noteTeam(who.user, in.TeamID)
	press := chat.Press{
		User: casework.UserID(who.user), Channel: casework.ChannelID(who.channel),
		Message: casework.MessageRef(in.PostID), Button: in.Context.Button, Token: in.Context.Token,
	}
	switch in.Context.Kind {
	case onPost:
		if err := a.ownPost(ctx, in.PostID, who.channel, in.Context); err != nil {
			return nil, err
		}
	case onForm:
		// A form that waits no more is answered as a token that is not good.
		press.Button, press.Token = "", ""
		if form, ok := a.waiting.get(in.Context.Token, who.user, who.channel, a.options.Now()); ok {
			return &model.PostActionIntegrationResponse{}, a.openForm(ctx, who.trigger, form)
		}
	}
	said := &model.PostActionIntegrationResponse{}
	answer := c.bot.Press(ctx, press)
	m, ok := a.saying(ctx, who, answer)
	if !ok {
		return said, nil
	}
	var err error
	if answer.Instead == "" {
		err = a.whisper(ctx, who, m, "")
	} else if shown, fault := a.breathe(ctx, who, m); !shown {
		err = errors.Join(errors.New("not shown"), fault)
	}
	if err != nil {
		a.logged("an answer to a button was said without its card", err)
		said.EphemeralText, said.SkipSlackParsing = escape(m.AsText()), true
	}
	return said, nil
}

// ownPost checks that a post is the bot's, stands in the channel and bears the
// button pressed. Error: a status, or the server's.
func (a *Adapter) ownPost(ctx context.Context, id, channel string, t ticket) error {
	me, err := a.me(ctx)
	if err != nil {
		return err
	}
	post, resp, err := a.client.GetPost(ctx, id, "")
	if err != nil {
		if err := failure("the post of a button", resp, err); !errors.Is(err, chat.ErrNotFound) && !errors.Is(err, chat.ErrRefused) {
			return err
		}
		return status(http.StatusForbidden)
	}
	if post.UserId != string(me) || post.ChannelId != channel || post.DeleteAt != 0 || !a.bears(post, t) {
		return status(http.StatusForbidden)
	}
	return nil
}
