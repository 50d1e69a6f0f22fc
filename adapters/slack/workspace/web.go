package workspace

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// A refusal is an answer that is not ok: Slack's word for why, and what it adds.
type refusal struct {
	code string
	with object
}

func (r refusal) Error() string { return "workspace: " + r.code }

func refuse(code string) error { return refusal{code: code} }

// A call is one of a method by the app.
type call struct {
	*Workspace
	args object
	// app: it came with the token of an app, not of the bot; other: of another app.
	app, other bool
}

// A method is one of the Web API: how many calls a minute it takes, the scope it
// needs when it does not depend on the channel, and what it does. App: it takes
// the token of the app.
type method struct {
	tier  tier
	scope string
	app   bool
	do    func(*call) (object, error)
}

// methods are those that there are.
var methods = map[string]method{
	"apps.connections.open":        {tier1, "", true, connectionsOpen},
	"auth.test":                    {special, "", false, authTest},
	"bots.info":                    {tier3, "users:read", false, botsInfo},
	"chat.delete":                  {tier3, "chat:write", false, chatDelete},
	"chat.postEphemeral":           {tier4, "chat:write", false, chatPostEphemeral},
	"chat.postMessage":             {special, "chat:write", false, chatPostMessage},
	"chat.update":                  {tier3, "chat:write", false, chatUpdate},
	"conversations.archive":        {tier2, "", false, conversationsArchive},
	"conversations.create":         {tier2, "", false, conversationsCreate},
	"conversations.history":        {tier3, "", false, conversationsHistory},
	"conversations.info":           {tier3, "", false, conversationsInfo},
	"conversations.invite":         {tier3, "", false, conversationsInvite},
	"conversations.kick":           {tier3, "", false, conversationsKick},
	"conversations.members":        {tier4, "", false, conversationsMembers},
	"conversations.replies":        {tier3, "", false, conversationsReplies},
	"conversations.open":           {tier3, "im:write", false, conversationsOpen},
	"files.completeUploadExternal": {tier4, "files:write", false, filesComplete},
	"files.delete":                 {tier3, "files:write", false, filesDelete},
	"files.getUploadURLExternal":   {tier4, "files:write", false, filesGetUploadURL},
	"pins.add":                     {tier2, "pins:write", false, pinsAdd},
	"users.conversations":          {tier3, "", false, usersConversations},
	"users.info":                   {tier4, "users:read", false, usersInfo},
	"users.list":                   {tier2, "users:read", false, usersList},
	"views.open":                   {tier4, "", false, viewsOpen},
	"views.publish":                {tier4, "", false, viewsPublish},
	"views.push":                   {tier4, "", false, viewsPush},
	"views.update":                 {tier4, "", false, viewsUpdate},
}

func (w *Workspace) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/{method}", w.serveMethod)
	mux.HandleFunc("GET /link", w.serveSocket)
	mux.HandleFunc("POST /upload/{file}", w.serveUpload)
	mux.HandleFunc("POST /respond/{reply}", w.serveReply)
	return mux
}

// serveMethod answers a call of a method.
func (w *Workspace) serveMethod(rw http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	args, token, err := arguments(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	answer := object{}
	if err == nil {
		if wait := w.limits.wait(w, name, args); wait > 0 {
			rw.Header().Set("Retry-After", strconv.Itoa(int((wait+999_999_999)/1e9)))
			rw.WriteHeader(http.StatusTooManyRequests)
			_ = json.NewEncoder(rw).Encode(object{"ok": false, "error": "ratelimited"})
			return
		}
		answer, err = w.answer(name, token, args)
	}
	if err == nil {
		answer = maps.Clone(answer)
		answer["ok"] = true
	} else {
		why, ok := err.(refusal)
		if !ok {
			panic(err) // only Slack's own refusals are answered
		}
		answer = object{"ok": false, "error": why.code}
		maps.Copy(answer, why.with)
	}
	w.changed()
	if w.cut(name) {
		panic(http.ErrAbortHandler)
	}
	rw.Header().Set("X-OAuth-Scopes", strings.Join(w.app.scopes, ","))
	rw.Header().Set("X-Accepted-OAuth-Scopes", methods[name].scope)
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(rw).Encode(answer)
}

// cut tells whether the connection of a call breaks now.
func (w *Workspace) cut(name string) bool {
	if w.cuts[name] > 0 {
		w.cuts[name]--
		return true
	}
	return w.happens(w.options.Faults.Cut)
}

func (w *Workspace) answer(name, token string, args object) (object, error) {
	m, known := methods[name]
	c := &call{Workspace: w, args: args, app: token == AppToken || token == OtherAppToken, other: token == OtherAppToken}
	switch {
	case !known:
		return nil, refusal{"unknown_method", object{"req_method": name}}
	case token == "":
		return nil, refuse("not_authed")
	case !c.app && token != BotToken:
		return nil, refuse("invalid_auth")
	case w.revoked != "":
		return nil, refuse(w.revoked)
	case slices.Contains(w.barred, name):
		return nil, refuse("restricted_action")
	case m.app != c.app && name != "auth.test":
		return nil, refuse("not_allowed_token_type")
	}
	if m.scope != "" {
		if err := c.needs(m.scope); err != nil {
			return nil, err
		}
	}
	return m.do(c)
}

// needs refuses a call whose token has not this scope.
func (c *call) needs(scope string) error {
	granted := c.Workspace.app.scopes
	if slices.Contains(granted, scope) {
		return nil
	}
	return refusal{"missing_scope", object{"needed": scope, "provided": strings.Join(granted, ",")}}
}

// arguments reads those of a call and its token.
func arguments(r *http.Request) (args object, token string, err error) {
	token, _ = strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, "", refuse("request_timeout")
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	args = object{}
	switch kind {
	case "application/json":
		if len(body) > 0 && json.Unmarshal(body, &args) != nil {
			return nil, "", refuse("invalid_json")
		}
	case "application/x-www-form-urlencoded":
		values, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, "", refuse("invalid_form_data")
		}
		for name, given := range values {
			if len(given) > 1 {
				return nil, "", refuse("invalid_array_arg")
			}
			args[name] = given[0]
		}
		if token == "" {
			token, _ = args["token"].(string)
		}
		delete(args, "token")
	default:
		return nil, "", refuse("invalid_post_type")
	}
	return args, token, nil
}

// text gives an argument as text; nothing when it is not there.
func (c *call) text(name string) string {
	if value, ok := c.args[name]; ok && value != nil {
		return fmt.Sprint(value)
	}
	return ""
}

// flag gives an argument as yes or no.
func (c *call) flag(name string) bool {
	text := c.text(name)
	return text == "1" || text == "true"
}

// value gives an argument made of JSON, whichever way it came, and whether it is
// there.
func (c *call) value(name string) (value any, there bool, err error) {
	given, ok := c.args[name]
	text, isText := given.(string)
	switch {
	case !ok || given == nil || isText && text == "":
		return nil, false, nil
	case !isText:
		return given, true, nil
	}
	err = json.Unmarshal([]byte(text), &value)
	return value, true, err
}

// paged gives the part of a list that a call asks for, and the cursor of the next.
func paged[T any](c *call, all []T) (page []T, next string, err error) {
	limit, from := 100, 0
	if text := c.text("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 0 || limit > 1000 {
			return nil, "", refuse("invalid_limit")
		}
		if limit == 0 {
			limit = 100
		}
	}
	if cursor := c.text("cursor"); cursor != "" {
		at, ok := strings.CutPrefix(cursor, "next:")
		if from, err = strconv.Atoi(at); !ok || err != nil || from > len(all) {
			return nil, "", refuse("invalid_cursor")
		}
	}
	to := min(from+limit, len(all))
	if to < len(all) {
		next = fmt.Sprintf("next:%d", to)
	}
	return append([]T{}, all[from:to]...), next, nil
}
