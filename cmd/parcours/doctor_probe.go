package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/adapters/mattermost"
	"parcours/bot/chat"
	"parcours/config"
	"parcours/locales"
)

// listener sees to it that the callback is answered while the way to it is tried:
// by the program if it runs, or else by this one for that time.
func (e *examination) listener() (stop func()) {
	stop = func() {}
	if e.wrong["listen"] || e.wrong["callback_url"] || len(e.cfg.Mattermost.Teams) == 0 {
		return stop
	}
	if missing, running := e.running(); running {
		if missing == "" {
			e.line(markOK, "doctor.serving", locales.Args{"Listen": e.cfg.Listen})
		} else {
			e.line(markWarning, "doctor.serving_not_ready", locales.Args{"Listen": e.cfg.Listen, "Missing": missing})
		}
		return stop
	}
	listener, err := listen(e.cfg)
	if err != nil {
		e.line(markFault, "serve.listen", locales.Args{"Listen": e.cfg.Listen, "Why": cause(err)})
		return stop
	}
	e.line(markWarning, "doctor.not_serving", locales.Args{"Path": e.path})
	adapter, err := newAdapter(e.cfg, e.secret, time.Now, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		listener.Close()
		return stop // said of the set-up
	}
	adapter.Attach(nobody{})
	server := &http.Server{Handler: adapter.Handler(), ReadTimeout: 10 * time.Second, WriteTimeout: answerIn}
	go func() { _ = server.Serve(listener) }()
	return func() { server.Close() }
}

// running asks the program itself how it is, if it runs.
func (e *examination) running() (missing string, running bool) {
	network, address := "tcp", e.cfg.Listen
	if path := e.cfg.Socket(); path != "" {
		network, address = "unix", path
	}
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
	}}
	get := func(path string) (int, string) {
		resp, err := client.Get("http://parcours" + path)
		if err != nil {
			return 0, ""
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
		return resp.StatusCode, strings.TrimSpace(string(text))
	}
	if status, text := get("/healthz"); status != http.StatusOK || text != "ok" {
		return "", false
	}
	// It is not there for an account that the program does not tell how it does.
	if status, text := get("/readyz"); status != http.StatusOK && status != http.StatusNotFound {
		return strings.ReplaceAll(text, "\n", " "), true
	}
	return "", true
}

// nobody answers nobody.
type nobody struct{}

func (nobody) Command(context.Context, chat.Command) chat.Answer   { return chat.Answer{} }
func (nobody) Submit(context.Context, chat.Submission) chat.Answer { return chat.Answer{} }
func (nobody) Press(context.Context, chat.Press) chat.Answer       { return chat.Answer{} }
func (nobody) Moved(context.Context, chat.Move)                    {}

// Errors of the server when it runs a command.
const (
	errNoCommand = "api.command.execute_command.not_found.app_error"
	errNotCalled = "api.command.execute_command.failed.app_error"
	errAnswered  = "api.command.execute_command.failed_resp.app_error"
	errOff       = "api.command.disabled.app_error"
)

var threeDigits = regexp.MustCompile(`\b[1-5]\d\d\b`)

// probe has the bot's own account type the command, which no person sees: the
// server must reach the callback, and get there the answer that only the holder
// of the same keyset can give.
func (e *examination) probe(team config.Team, channel string, args locales.Args) {
	if e.wrong["listen"] || e.wrong["callback_url"] {
		return
	}
	args["URL"] = commandURL(e.cfg.Callback())
	args["Host"] = hostOf(e.cfg.Callback())
	if strings.HasPrefix(e.cfg.Callback(), "http://") && !isPrivate(e.ctx, hostOf(e.cfg.Callback())) {
		e.line(markWarning, "doctor.callback_clear", args)
	}
	probe := mattermost.NewProbe(e.secret, rand.Text())
	answer, resp, err := e.client.ExecuteCommandWithTeam(e.ctx, channel, team.ID, "/"+trigger+" "+probe.Line)
	var app *model.AppError
	errors.As(err, &app)
	switch {
	case err == nil && answer.Text == probe.Answer:
		e.line(markOK, "doctor.callback", args)
	case err == nil:
		e.line(markFault, "doctor.callback_other", args)
	case app == nil || resp == nil:
		e.line(markFault, "doctor.server_error", locales.Args{"Error": errorOf(resp, err)})
	case app.Id == errNoCommand:
		e.line(markFault, "doctor.no_command", args)
	case app.Id == errOff:
		// said with the settings
	case app.Id == errNotCalled && isPrivate(e.ctx, hostOf(e.cfg.Callback())):
		e.line(markFault, "doctor.callback_private", args)
	case app.Id == errNotCalled:
		e.line(markFault, "doctor.callback_unreachable", args)
	case app.Id == errAnswered && threeDigits.FindString(app.Message) == "401":
		e.line(markFault, "doctor.command_token", args)
	case app.Id == errAnswered:
		args["Status"] = threeDigits.FindString(app.Message)
		e.line(markFault, "doctor.callback_status", args)
	default:
		e.line(markFault, "doctor.server_error", locales.Args{"Error": errorOf(resp, err)})
	}
}
