package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/e2e/mmserver"
	"parcours/e2e/people"
)

// slackAddress is where the program looks for Slack's methods. No setting says so: it is
// built with it.
var slackAddress = sync.OnceValues(func() (string, error) {
	port, err := freePort()
	return fmt.Sprintf("127.0.0.1:%d", port), err
})

// program builds the command once, with the race detector, and gives its path.
var program = sync.OnceValues(func() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(cache, "parcours-e2e")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	// Under a name of its own until it is whole: another run may be using it.
	draft, path := filepath.Join(folder, "parcours-"+rand.Text()), filepath.Join(folder, "parcours")
	slack, err := slackAddress()
	if err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-race", "-ldflags", "-X main.slackAPI=http://"+slack+"/api/", "-o", draft, "./cmd/parcours")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build parcours: %w\n%s", err, out)
	}
	return path, os.Rename(draft, path)
})

// An office is a computer on which somebody installs Parcours: a folder, a port
// and an environment, and some teams on the server.
type office struct {
	t        *testing.T
	folder   string
	config   string
	bot      string
	suffix   string
	listen   string
	callback string
	teams    []*model.Team
	env      map[string]string
}

func newOffice(t *testing.T, teams int) *office {
	t.Helper()
	suffix := strings.ToLower(rand.Text()[:6])
	port, err := freePort()
	must(t, err)
	o := &office{t: t, folder: t.TempDir(), suffix: suffix, bot: "parcours" + suffix, listen: fmt.Sprintf("127.0.0.1:%d", port)}
	o.config, o.callback = filepath.Join(o.folder, "parcours.toml"), "http://"+o.listen
	o.env = map[string]string{"LANG": "fr_FR.UTF-8", "PARCOURS_LISTEN": o.listen, "PARCOURS_ADMIN_TOKEN": server.Admin.AuthToken,
		// Tests are run at all hours, on all days.
		"PARCOURS_REMINDERS_DAYS": "7", "PARCOURS_REMINDERS_FROM": "00:00", "PARCOURS_REMINDERS_TO": "24:00",
	}
	for n := range teams {
		team, err := people.Team(t.Context(), server.Admin, fmt.Sprintf("o%s%d", suffix, n))
		must(t, err)
		o.teams = append(o.teams, team)
	}
	return o
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// command makes a command line, run in the office.
func (o *office) command(ctx context.Context, args ...string) *exec.Cmd {
	o.t.Helper()
	path, err := program()
	must(o.t, err)
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = o.folder
	// The race detector waits a second at each end unless told otherwise.
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + o.folder, "GORACE=atexit_sleep_ms=0"}
	for name, value := range o.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}

// run runs a command line to its end, and gives all it says and its exit code.
// Whatever it says, it tells no secret. Spaces that do not break read as others.
func (o *office) run(args ...string) (said string, code int) {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), time.Minute)
	defer cancel()
	out, err := o.command(ctx, args...).CombinedOutput()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		code = exit.ExitCode()
	case err != nil:
		o.t.Fatal(err)
	}
	said = strings.ReplaceAll(string(out), "\u00a0", " ")
	if secret := o.env["PARCOURS_ADMIN_TOKEN"]; len(secret) > 8 && strings.Contains(said, secret) {
		o.t.Error("the administrator's token is told")
	}
	for _, secret := range o.secrets() {
		if strings.Contains(said, secret) {
			o.t.Error("a token of the file is told")
		}
	}
	return said, code
}

// secrets are the tokens that the file holds.
func (o *office) secrets() []string {
	text, err := os.ReadFile(o.config)
	if err != nil {
		return nil
	}
	var found []string
	for _, line := range strings.Split(string(text), "\n") {
		if value, ok := strings.CutPrefix(line, `token = "`); ok && len(value) > 10 {
			found = append(found, strings.TrimSuffix(value, `"`))
		}
	}
	return found
}

// setup runs the set-up of all the teams.
func (o *office) setup(more ...string) (string, int) {
	o.t.Helper()
	args := []string{"setup", "mattermost", "--url", server.URL, "--config", o.config, "--bot", o.bot, "--callback", o.callback}
	for _, team := range o.teams {
		args = append(args, "--team", team.Name)
	}
	return o.run(append(args, more...)...)
}

// installed gives an office where the set-up is done.
func installed(t *testing.T, teams int) *office {
	t.Helper()
	o := newOffice(t, teams)
	if said, code := o.setup(); code != 0 {
		t.Fatalf("exit code %d\n%s", code, said)
	}
	return o
}

// botUser gives the bot's account.
func (o *office) botUser() *model.User {
	o.t.Helper()
	user, _, err := server.Admin.GetUserByUsername(o.t.Context(), o.bot, "")
	must(o.t, err)
	return user
}

// slash gives the slash command of a team.
func (o *office) slash(team *model.Team) *model.Command {
	o.t.Helper()
	all, _, err := server.Admin.ListCommands(o.t.Context(), team.Id, true)
	must(o.t, err)
	for _, c := range all {
		if c.Trigger == "parcours" {
			return c
		}
	}
	return nil
}

// join gives somebody in some of the teams.
func (o *office) join(handle string, teams ...*model.Team) *people.Person {
	o.t.Helper()
	ctx := o.t.Context()
	name := strings.ToUpper(handle[:1]) + handle[1:] + " Test"
	p, err := people.Join(ctx, server.Admin, server.URL, teams[0].Id, handle+o.suffix, name, mmserver.Password)
	must(o.t, err)
	o.t.Cleanup(p.Close)
	for _, team := range teams[1:] {
		_, _, err := server.Admin.AddTeamMember(ctx, team.Id, p.User.Id)
		must(o.t, err)
	}
	return p
}

// A running program.
type running struct {
	*office
	cmd    *exec.Cmd
	logged *logs
	ended  chan error
}

// serve starts the program; it is stopped at the end of the test if it was not
// before.
func (o *office) serve() *running {
	o.t.Helper()
	r := &running{office: o, cmd: o.command(context.Background(), "serve", "--config", o.config), logged: &logs{}, ended: make(chan error, 1)}
	r.cmd.Stdout, r.cmd.Stderr = r.logged, r.logged
	must(o.t, r.cmd.Start())
	go func() {
		r.ended <- r.cmd.Wait()
		close(r.ended)
	}()
	o.t.Cleanup(func() {
		_ = r.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-r.ended:
		case <-time.After(30 * time.Second):
			_ = r.cmd.Process.Kill()
			o.t.Error("the program does not stop")
		}
		if strings.Contains(r.logged.String(), "DATA RACE") {
			o.t.Error("a data race")
		}
		if o.t.Failed() {
			o.t.Logf("the program logged:\n%s", r.logged)
		}
	})
	r.eventually("/healthz", http.StatusOK)
	return r
}

// stop asks the program to stop, and waits until it has, without fault.
func (r *running) stop() {
	r.t.Helper()
	must(r.t, r.cmd.Process.Signal(syscall.SIGTERM))
	r.wait()
}

func (r *running) wait() {
	r.t.Helper()
	select {
	case err := <-r.ended:
		if err != nil {
			r.t.Errorf("it ended with %v", err)
		}
	case <-time.After(30 * time.Second):
		r.t.Fatal("it does not end")
	}
}

// get asks the program something.
func (r *running) get(path string) (int, string) {
	resp, err := http.Get(r.callback + path)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	var text bytes.Buffer
	_, _ = io.Copy(&text, resp.Body)
	return resp.StatusCode, text.String()
}

// eventually asks until the status is the one wanted, and gives the text.
func (r *running) eventually(path string, want int) string {
	r.t.Helper()
	var text string
	r.until(path, func() bool {
		var status int
		status, text = r.get(path)
		return status == want
	})
	return text
}

// until looks again and again until something is so.
func (r *running) until(what string, there func() bool) {
	r.t.Helper()
	deadline := time.NewTimer(60 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !there() {
		select {
		case <-tick.C:
		case <-deadline.C:
			r.t.Fatalf("still not: %s\n%s", what, r.logged)
		}
	}
}
