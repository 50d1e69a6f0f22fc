package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
	"golang.org/x/term"

	"parcours/config"
	"parcours/locales"
)

// adminVariable holds the token of an administrator, who is asked for it
// otherwise.
const adminVariable = "PARCOURS_ADMIN_TOKEN"

type setupCmd struct {
	Mattermost setupMattermostCmd `cmd:"" help:"Create or repair all that Parcours needs on a Mattermost server, and write the configuration file. Needs the token of a system administrator, in PARCOURS_ADMIN_TOKEN or asked for; it is used once and kept nowhere."`
	Slack      setupSlackCmd      `cmd:"" help:"Lead through what is to be done for Parcours to be in a Slack workspace, and check the tokens that came of it."`
}

type setupMattermostCmd struct {
	configFlag
	langFlag
	URL      string   `help:"The server's address, as in https://chat.example.org." required:""`
	Team     []string `help:"The name of a team, as in its address; may be said several times." required:""`
	Callback string   `help:"Where the server reaches Parcours, as in https://parcours.example.org; not needed when both are on one computer."`
	Bot      string   `help:"The handle of the bot's account." default:"parcours"`
	DryRun   bool     `help:"Only say what would be done."`
	Harden   bool     `help:"On the whole server, let only the administrators of a private channel add and remove its members."`
	Yes      bool     `help:"Agree to the changes in the server's settings that are needed; they are said otherwise."`
}

// Run sets Parcours up on a server.
func (c setupMattermostCmd) Run(ctx context.Context, s streams) error {
	say := c.say(s)
	i := &installer{setupMattermostCmd: c, report: newReport(s.out, say), say: say}
	if err := i.prepare(); err != nil {
		return errors.New(spread(spoken(say, err).Error()))
	}
	token, err := adminToken(s, say)
	if err != nil {
		return errors.New(spread(spoken(say, err).Error()))
	}
	i.client = apiClient(i.URL, token)
	if err := i.install(ctx); err != nil {
		i.text(markFault, spoken(say, err).Error())
		return errSaid
	}
	return i.conclude()
}

// adminToken gives the administrator's token, from the environment or typed
// without being shown.
func adminToken(s streams, say locales.Printer) (string, error) {
	if token := strings.TrimSpace(s.getenv(adminVariable)); token != "" {
		return token, nil
	}
	terminal, ok := s.terminal()
	if !ok || !term.IsTerminal(int(terminal.Fd())) {
		return "", trouble("setup.no_admin_token", locales.Args{"Variable": adminVariable})
	}
	fmt.Fprint(s.err, say.T("setup.ask_admin_token")+" ")
	token, err := term.ReadPassword(int(terminal.Fd()))
	fmt.Fprintln(s.err)
	if err != nil || strings.TrimSpace(string(token)) == "" {
		return "", trouble("setup.no_admin_token", locales.Args{"Variable": adminVariable})
	}
	return strings.TrimSpace(string(token)), nil
}

// apiClient speaks to a server with a token.
func apiClient(url, token string) *model.Client4 {
	client := model.NewAPIv4Client(strings.TrimRight(url, "/"))
	client.SetToken(token)
	client.HTTPClient = &http.Client{Timeout: 30 * time.Second}
	return client
}

// A problem is what stops a command, by the sentence that says it with its mend.
type problem struct {
	key  string
	args locales.Args
}

func (p *problem) Error() string { return p.key }

func trouble(key string, args locales.Args) error { return &problem{key, args} }

// spoken puts a problem in words.
func spoken(say locales.Printer, err error) error {
	var p *problem
	if errors.As(err, &p) {
		return &said{say.T(p.key, p.args), err}
	}
	return err
}

// errSaid: the report has said all; there is nothing to add.
var errSaid = errors.New("")

// answered makes a problem of what a server answered, or did not.
func answered(url string, resp *model.Response, err error) error {
	var known *problem
	if err == nil || errors.As(err, &known) {
		return err
	}
	var app *model.AppError
	if resp == nil || !errors.As(err, &app) && resp.StatusCode == 0 {
		return trouble("setup.unreachable", locales.Args{"URL": url, "Why": cause(err)})
	}
	id := fmt.Sprint(resp.StatusCode)
	if app != nil {
		id += " " + app.Id
	}
	switch resp.StatusCode {
	case http.StatusUnauthorized:
		return trouble("setup.admin_refused", locales.Args{"URL": url})
	case http.StatusForbidden:
		return trouble("setup.forbidden", locales.Args{"Error": id})
	}
	return trouble("setup.failed", locales.Args{"Error": id})
}

// cause is the innermost of an error: what a network says without the address.
func cause(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}

// An installer sets Parcours up on one server, step by step. A step that finds
// its work done says so and changes nothing.
type installer struct {
	setupMattermostCmd
	*report
	say    locales.Printer
	client *model.Client4
	found  config.Config // in the file, before
	text0  string        // of the file, before
	server *model.Config
	botID  string
	values map[string]string
	teams  []config.Team
	failed bool
}

// prepare looks at what concerns this computer alone, before anything is changed
// anywhere.
func (i *installer) prepare() error {
	i.URL = strings.TrimRight(i.URL, "/")
	i.Callback = strings.TrimRight(i.Callback, "/")
	var faults config.Faults
	i.found, faults = config.ReadFile(i.Config)
	for _, fault := range faults {
		switch fault.Kind {
		case config.Syntax, config.Unreadable:
			return &said{faultText(i.say, i.Config, fault), fault}
		}
	}
	text, err := os.ReadFile(i.Config)
	if err == nil {
		i.text0 = string(text)
	}
	for name, given := range map[string]string{"--url": i.URL, "--callback": i.Callback} {
		if given != "" && !isAddress(given) {
			return trouble("setup.not_address", locales.Args{"Flag": name, "Given": given})
		}
	}
	if was := i.found.Mattermost.URL; was != "" && hostOf(was) != hostOf(i.URL) {
		return trouble("setup.other_server", locales.Args{"Path": i.Config, "Old": was, "New": i.URL})
	}
	if i.Callback == "" {
		i.Callback = i.found.Callback()
		if i.Callback == "" {
			return trouble("setup.no_callback", locales.Args{"Listen": i.found.Listen})
		}
	}
	i.values = map[string]string{"mattermost.url": i.URL}
	if i.Callback != i.found.Callback() {
		i.values["callback_url"] = i.Callback
	}
	if i.DryRun {
		return nil
	}
	if err := config.CanWrite(i.Config); err != nil {
		return trouble("setup.cannot_write", locales.Args{"Path": i.Config, "Why": cause(err)})
	}
	return nil
}

// conclude says how it went and what to do now.
func (i *installer) conclude() error {
	fmt.Fprintln(i.out)
	if i.DryRun {
		fmt.Fprintln(i.out, i.say.T("setup.end_dry", locales.Args{"N": i.count[markTodo]}))
	}
	switch {
	case i.failed && i.DryRun:
		fmt.Fprintln(i.out, i.say.T("setup.end_dry_failed"))
		return errSaid
	case i.failed:
		fmt.Fprintln(i.out, i.say.T("setup.end_failed"))
		return errSaid
	case i.DryRun:
	case i.count[markDone] == 0:
		fmt.Fprintln(i.out, i.say.T("setup.end_kept", locales.Args{"Path": i.Config}))
	default:
		fmt.Fprintln(i.out, i.say.T("setup.end_done", locales.Args{"Path": i.Config}))
	}
	return nil
}
