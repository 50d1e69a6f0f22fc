package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/e2e/mmserver"
	"parcours/e2e/people"
)

// A bench is a server with Parcours installed on it as an administrator would,
// some people, and beside it a command that does nothing and a bare client.
type bench struct {
	server *mmserver.Server
	folder string
	serve  *exec.Cmd
	empty  *httptest.Server
	team   string
	bot    string
	bare   *model.Client4 // the bot's own token, used without Parcours
	author *people.Person
	direct string
	guests []*people.Person
	code   string // the case people are invited to
	usual  string // the case that is looked at
	n      int
}

// crowdSize is how many people use the bot at once.
const crowdSize = 50

func newBench(ctx context.Context) (b *bench, err error) {
	b = &bench{}
	defer func() {
		if err != nil {
			b.close()
		}
	}()
	if b.server, err = mmserver.Start(ctx); err != nil {
		return b, err
	}
	if b.folder, err = os.MkdirTemp("", "parcours-speed-"); err != nil {
		return b, err
	}
	team, err := people.Team(ctx, b.server.Admin, "speed")
	if err != nil {
		return b, err
	}
	b.team = team.Id
	if err := b.install(ctx, team.Name); err != nil {
		return b, err
	}
	if err := b.emptyCommand(ctx); err != nil {
		return b, err
	}
	return b, b.gather(ctx)
}

// install builds the program, sets it up and starts it.
func (b *bench) install(ctx context.Context, team string) error {
	program, config := filepath.Join(b.folder, "parcours"), filepath.Join(b.folder, "parcours.toml")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", program, "./cmd/parcours")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build parcours: %w\n%s", err, out)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	address := listener.Addr().String()
	listener.Close()
	env := append(os.Environ(), "PARCOURS_ADMIN_TOKEN="+b.server.Admin.AuthToken, "PARCOURS_LISTEN="+address)
	setup := exec.CommandContext(ctx, program, "setup", "mattermost", "--url", b.server.URL, "--team", team, "--config", config, "--callback", "http://"+address)
	setup.Env = env
	if out, err := setup.CombinedOutput(); err != nil {
		return fmt.Errorf("setup: %w\n%s", err, out)
	}
	log, err := os.Create(filepath.Join(b.folder, "log"))
	if err != nil {
		return err
	}
	b.serve = exec.Command(program, "serve", "--config", config)
	b.serve.Env, b.serve.Stdout, b.serve.Stderr = env, log, log
	b.serve.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := b.serve.Start(); err != nil {
		return err
	}
	text, err := os.ReadFile(config)
	if err != nil {
		return err
	}
	b.bare = model.NewAPIv4Client(b.server.URL)
	b.bare.SetToken(tokenIn(string(text)))
	me, _, err := b.bare.GetMe(ctx, "")
	if err != nil {
		return fmt.Errorf("the bot's token: %w", err)
	}
	b.bot = me.Id
	return ready(ctx, "http://"+address+"/readyz")
}

// tokenIn gives the bot's token from the set-up file: the first one in it.
func tokenIn(config string) string {
	for _, line := range strings.Split(config, "\n") {
		if value, ok := strings.CutPrefix(line, `token = "`); ok {
			return strings.TrimSuffix(value, `"`)
		}
	}
	return ""
}

// ready waits until the bot says that nothing is missing.
func ready(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for tick := time.NewTicker(50 * time.Millisecond); ; {
		if response, err := http.Get(url); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return errors.New("the bot is not ready after a minute")
		case <-tick.C:
		}
	}
}

// emptyCommand makes a slash command whose handler does nothing.
func (b *bench) emptyCommand(ctx context.Context) error {
	b.empty = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "application/json")
		fmt.Fprint(rw, `{"response_type":"ephemeral","text":"ok"}`)
	}))
	_, _, err := b.server.Admin.CreateCommand(ctx, &model.Command{TeamId: b.team, Trigger: "empty", Method: model.CommandMethodPost, URL: b.empty.URL})
	return err
}

// gather has the people come: the author of all the cases, and a crowd.
func (b *bench) gather(ctx context.Context) error {
	join := func(handle string) (*people.Person, error) {
		return people.Join(ctx, b.server.Admin, b.server.URL, b.team, handle, handle+" Test", mmserver.Password)
	}
	var err error
	if b.author, err = join("author"); err != nil {
		return err
	}
	if b.direct, err = b.author.Direct(ctx, b.bot); err != nil {
		return err
	}
	for n := range crowdSize {
		guest, err := join("guest" + strconv.Itoa(n))
		if err != nil {
			return err
		}
		b.guests = append(b.guests, guest)
	}
	return nil
}

func (b *bench) close() {
	if b.serve != nil && b.serve.Process != nil {
		_ = b.serve.Process.Signal(syscall.SIGTERM)
		_ = b.serve.Wait()
	}
	if b.empty != nil {
		b.empty.Close()
	}
	if b.server != nil {
		b.server.Close()
	}
	os.RemoveAll(b.folder)
}

// memory is what the program holds of the computer's memory, in bytes.
func (b *bench) memory() (int, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", b.serve.Process.Pid))
	if err != nil {
		return 0, err
	}
	for _, line := range strings.Split(string(status), "\n") {
		if value, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
			return kb << 10, err
		}
	}
	return 0, errors.New("the system does not tell the memory in use")
}

func name() string { return "bare-" + strings.ToLower(rand.Text()[:10]) }
