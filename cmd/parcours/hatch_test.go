package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"parcours/config"
	"parcours/locales"
	"parcours/storage"
	"parcours/storage/bolt"
)

// served is a set-up whose program can be started; its chat server is nowhere.
type served struct{ config, data string }

// newServed makes one whose store holds some cases and a row that is stuck.
func newServed(t *testing.T) served {
	t.Helper()
	folder := t.TempDir()
	must(t, os.Chmod(folder, 0o700))
	s := served{filepath.Join(folder, "parcours.toml"), filepath.Join(folder, "parcours.db")}
	must(t, os.WriteFile(s.config, []byte(`listen = "unix:web.sock"
callback_url = "http://127.0.0.1:8070"
[mattermost]
url = "http://127.0.0.1:1"
token = "x"
[[mattermost.teams]]
id = "abcdefghijklmnopqrstuvwxyz"
token = "y"
`), 0o600))
	store, _ := manyCases(t, s.data, 20)
	must(t, store.Append(t.Context(), storage.Change{Rows: []storage.Row{{
		Key: "P-7K3F/t1/pass", Case: "P-7K3F", Body: []byte(`{"act":"pass","view":"reminder.action","subject":"a1 -7","user":"u-paul"}`), After: time.Now(),
	}}}))
	_, err := store.Take(t.Context(), time.Now(), time.Minute, 9)
	must(t, err)
	must(t, store.Settle(t.Context(), storage.Outcome{Key: "P-7K3F/t1/pass", State: storage.Stuck, Why: "gone"}))
	must(t, store.Close())
	return s
}

// start starts the program itself, and gives it once it serves.
func (s served) start(t *testing.T) *exec.Cmd {
	t.Helper()
	command := exec.Command("parcours", "serve", "--config", s.config)
	said, err := command.StderrPipe()
	must(t, err)
	must(t, command.Start())
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "msg=serving") {
			go func() {
				for lines.Scan() {
				}
			}()
			return command
		}
		t.Log(lines.Text())
	}
	t.Fatal("the program does not serve")
	return nil
}

// stop has the program end, and waits for it.
func stop(t *testing.T, command *exec.Cmd, how os.Signal) {
	t.Helper()
	must(t, command.Process.Signal(how))
	_ = command.Wait() // a killed one tells so
}

// An answer is what a command line gives.
type answer struct {
	code      int
	out, said string
}

func (s served) run(ctx context.Context, args ...string) answer {
	var out, said bytes.Buffer
	getenv := func(name string) string { return map[string]string{"LANG": "fr_FR.UTF-8"}[name] }
	code := run(ctx, args, streams{getenv: getenv, out: &out, err: &said})
	return answer{code, out.String(), said.String()}
}

// operations are run with the program serving, and without.
func (s served) operations() [][]string {
	return [][]string{
		{"verify", s.data},
		{"outbox", "--config", s.config},
		{"outbox", "--config", s.config, "--retry", "P-7K3F/none"},
		{"indicators", "--config", s.config, "--from", "2026-01-01", "--to", "2026-06-30", "--format", "csv"},
		{"indicators", "--config", s.config, "--from", "2026-06-30", "--to", "2026-01-01"},
		{"verify", s.data, "--lang", "de"},
	}
}

func TestOperationsAreTheSameHereAndThere(t *testing.T) {
	s := newServed(t)
	var here []answer
	for _, args := range s.operations() {
		here = append(here, s.run(t.Context(), args...))
	}
	same := func(when string) {
		t.Helper()
		for i, args := range s.operations() {
			if got := s.run(t.Context(), args...); got != here[i] {
				t.Errorf("%s, %v: %+v, want %+v", when, args, got, here[i])
			}
		}
	}
	program := s.start(t)
	socket := hatchPath(s.data)
	info, err := os.Stat(socket)
	if err != nil || info.Mode().Perm() != ownerOnly {
		t.Errorf("the socket: %v, %v", info, err)
	}
	same("while the program serves")

	// What is written here is written by who typed the command.
	path := filepath.Join(filepath.Dir(s.data), "out.pdf")
	got := s.run(t.Context(), "indicators", "--config", s.config, "--format", "pdf", "--out", path)
	body, err := os.ReadFile(path)
	if got.code != done || err != nil || !bytes.HasPrefix(body, []byte("%PDF")) || !strings.Contains(got.out, path) {
		t.Errorf("a file: %+v, %v", got, err)
	}
	if got := s.run(t.Context(), "outbox", "--config", s.config, "--lang", "en", "--retry", "P-7K3F/t1/pass"); !strings.Contains(got.out, "will be tried again") {
		t.Errorf("in English: %+v", got)
	}

	// A program that was killed leaves its socket, in the way of nobody.
	stop(t, program, syscall.SIGKILL)
	if _, err := os.Stat(socket); err != nil {
		t.Fatalf("the socket of a killed program: %v", err)
	}
	if got := s.run(t.Context(), "verify", s.data); got != here[0] {
		t.Errorf("after a kill: %+v, want %+v", got, here[0])
	}
	program = s.start(t)
	if got := s.run(t.Context(), "verify", s.data); got != here[0] {
		t.Errorf("started again: %+v, want %+v", got, here[0])
	}
	stop(t, program, syscall.SIGTERM)
	if _, err := os.Stat(socket); err == nil {
		t.Error("the socket stays after the program")
	}
}

// hatched opens a hatch in this process, on a store that tells step what it does.
func hatched(t *testing.T, s served, step func(string)) (*hatch, *desk) {
	t.Helper()
	cfg, err := config.Load(s.config, func(string) string { return "" })
	must(t, err)
	d := &desk{config: cfg}
	sealed, _, err := openStore(s.data, "", func(string) string { return "" }, bolt.Options{Step: step})
	must(t, err)
	d.sealed = sealed
	h, err := openHatch(d, slog.New(slog.DiscardHandler))
	must(t, err)
	t.Cleanup(func() {
		must(t, h.close(context.Background()))
		must(t, sealed.Close())
	})
	return h, d
}

// TestWhatIsCutIsSaid has a verification wait for a write that does not end: who
// asked may go, others come after it, and that the program stops is said.
func TestWhatIsCutIsSaid(t *testing.T) {
	s := newServed(t)
	writing, goOn := make(chan struct{}), make(chan struct{})
	h, d := hatched(t, s, func(at string) {
		if at == "begin" {
			writing <- struct{}{}
			<-goOn
		}
	})
	written := make(chan error, 1)
	verify := func(ctx context.Context) chan answer {
		go func() { written <- d.sealed.Append(t.Context(), storage.Change{Rows: []storage.Row{{Key: "x"}}}) }()
		<-writing
		for len(h.turn) > 0 {
			runtime.Gosched() // the operation before has answered, and is about to end
		}
		got := make(chan answer, 1)
		go func() { got <- s.run(ctx, "verify", s.data) }()
		for len(h.turn) == 0 {
			runtime.Gosched()
		}
		return got
	}

	ctx, leave := context.WithCancel(t.Context())
	left := verify(ctx)
	leave()
	if got := <-left; got.code != failed || !strings.Contains(got.said, "arrêtée avant la fin") {
		t.Errorf("who left: %+v", got)
	}
	next := make(chan answer, 1)
	go func() { next <- s.run(t.Context(), "outbox", "--config", s.config) }()
	goOn <- struct{}{}
	must(t, <-written)
	if got := <-next; got.code != failed || !strings.Contains(got.out, "P-7K3F/t1/pass") {
		t.Errorf("who came after: %+v", got)
	}

	cut := verify(t.Context())
	over, end := context.WithCancel(t.Context())
	end()
	must(t, h.close(over))
	if got := <-cut; got.code != failed || !strings.Contains(got.said, "s’est arrêté pendant") {
		t.Errorf("the program stops: %+v", got)
	}
	goOn <- struct{}{}
	must(t, <-written)
}

// TestOperationsWithoutTheToken has a set-up whose token only the program that serves
// is given.
func TestOperationsWithoutTheToken(t *testing.T) {
	s := newServed(t)
	text, err := os.ReadFile(s.config)
	must(t, err)
	must(t, os.WriteFile(s.config, bytes.Replace(text, []byte("token = \"x\"\n"), nil, 1), ownerOnly))
	if got := s.run(t.Context(), "outbox", "--config", s.config); !strings.Contains(got.out, "P-7K3F/t1/pass") {
		t.Errorf("outbox: %+v", got)
	}
	if got := s.run(t.Context(), "serve", "--config", s.config); got.code != failed || !strings.Contains(got.said, "mattermost.token") {
		t.Errorf("serve: %+v", got)
	}
}

func TestHatchRefuses(t *testing.T) {
	s := newServed(t)
	hatched(t, s, nil)
	client := http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext:       func(ctx context.Context, _, _ string) (net.Conn, error) { return reach(ctx, s.data) },
	}}
	order := func(args ...string) string {
		text, err := json.Marshal(order{Args: args})
		must(t, err)
		return string(text)
	}
	for _, c := range []struct {
		name, body, says string
		status           int
	}{
		{"nothing", "", "not an order", http.StatusBadRequest},
		{"too much", order(strings.Repeat("x", orderMax)), "not an order", http.StatusBadRequest},
		{"what is no operation", order("serve", "--config", s.config), fmt.Sprint(`{"exit":`, misuse, `}`), http.StatusOK},
		{"what does not exist", order("dance"), fmt.Sprint(`{"exit":`, misuse, `}`), http.StatusOK},
		{"no word", order(), `{"exit":0}`, http.StatusOK},
	} {
		response, err := client.Post("http://parcours/", "application/json", strings.NewReader(c.body))
		must(t, err)
		var got bytes.Buffer
		_, err = got.ReadFrom(response.Body)
		must(t, err)
		must(t, response.Body.Close())
		if response.StatusCode != c.status || !strings.Contains(got.String(), c.says) {
			t.Errorf("%s: %s\n%s", c.name, response.Status, got.String())
		}
	}
}

func TestWhereNoHatchCanBe(t *testing.T) {
	folder := t.TempDir()
	say := locales.For("fr")
	for _, c := range []struct {
		mode fs.FileMode
		data string
		says string
	}{
		{0o700, "parcours.db", ""},
		{0o755, "parcours.db", ""},
		{0o777 | fs.ModeSticky, "parcours.db", ""},
		{0o775, "parcours.db", "chmod go-w"},
		{0o757, "parcours.db", "chmod go-w"},
		{0o700, strings.Repeat("x", hatchMax), "trop long"},
	} {
		must(t, os.Chmod(folder, c.mode))
		got := unfit(filepath.Join(folder, c.data), say)
		if (c.says == "") != (got == "") || !strings.Contains(got, c.says) {
			t.Errorf("%v %.20s: %q", c.mode, c.data, got)
		}
	}
}

func TestTrusted(t *testing.T) {
	for uid, want := range map[int]bool{1000: true, 0: true, 1001: false, -1: false} {
		if trusted(uid, 1000) != want {
			t.Errorf("%d for 1000: %v", uid, !want)
		}
	}
}
