package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"parcours/locales"
)

// A hatch is where the program that serves takes the operations of who runs it: a
// socket beside the store, for one's own account and the system's administrator
// alone. A request names the command line; the answer is what it writes, as it
// does, and at last its exit code.
type hatch struct {
	desk *desk
	log  *slog.Logger
	// turn is held by the operation under way: they are done one at a time.
	turn   chan struct{}
	server *http.Server
	stop   context.CancelFunc
}

const (
	// orderMax is far above any command line and keyset, in bytes.
	orderMax = 64 << 10
	// readIn is how long whoever asked has to take what is written.
	readIn = 30 * time.Second
)

// An order is what the hatch is asked: a command line, the variables that say in
// what language to answer, and what the operation is handed besides.
type order struct {
	Args    []string          `json:"args"`
	Lang    map[string]string `json:"lang"`
	Brought []byte            `json:"brought,omitempty"`
}

// A piece is part of an answer: what was written on a stream, or that it is over.
type piece struct {
	Out  []byte `json:"out,omitempty"`
	Err  []byte `json:"err,omitempty"`
	Exit *int   `json:"exit,omitempty"`
}

// hatchPath is where the hatch of a store is: beside the file itself, whatever
// links lead there.
func hatchPath(data string) string {
	if real, err := filepath.EvalSymlinks(data); err == nil {
		data = real
	}
	return data + ".sock"
}

// hatchMax is the longest path of a socket on the systems we know, in bytes.
const hatchMax = 103

// hatchHere says whether this system has sockets that others cannot reach.
const hatchHere = runtime.GOOS != "windows"

// unfit says why there can be no hatch beside a store, with the mend; nothing where
// there can.
func unfit(data string, say locales.Printer) string {
	path := hatchPath(data)
	folder := filepath.Dir(path)
	if len(path) > hatchMax {
		return say.T("operator.long_path", locales.Args{"Path": path, "Size": len(path), "Max": hatchMax})
	}
	info, err := os.Stat(folder)
	if err == nil && info.Mode().Perm()&0o022 != 0 && info.Mode()&fs.ModeSticky == 0 {
		return say.T("operator.open_folder", locales.Args{"Folder": folder})
	}
	return ""
}

// openHatch begins to take operations for a store that is held open. A socket that
// is there was left by a program that was killed, since one alone can hold the
// store.
func openHatch(d *desk, log *slog.Logger) (*hatch, error) {
	path := hatchPath(d.config.Data)
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSocket != 0 {
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, ownerOnly); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	ctx, stop := context.WithCancel(context.Background())
	h := &hatch{desk: d, log: log, turn: make(chan struct{}, 1), stop: stop}
	h.server = &http.Server{
		Handler: http.MaxBytesHandler(h, orderMax), ReadTimeout: 5 * time.Second, MaxHeaderBytes: 4 << 10,
		BaseContext: func(net.Listener) context.Context { return ctx }, ErrorLog: quiet(log),
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
			return context.WithValue(ctx, asker{}, askerOf(conn))
		},
	}
	go func() { _ = h.server.Serve(ours{listener}) }()
	return h, nil
}

// close stops what is under way, waits for it, and takes the socket away.
func (h *hatch) close(ctx context.Context) error {
	h.stop()
	if h.server.Shutdown(ctx) != nil {
		return h.server.Close()
	}
	return nil
}

// ServeHTTP does the operation that is asked for.
func (h *hatch) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := &answerer{to: json.NewEncoder(w), control: http.NewResponseController(w)}
	var asked order
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(body, &asked)
	}
	// What is asked may take longer than asking.
	if err := errors.Join(err, answer.control.SetReadDeadline(time.Time{})); err != nil {
		http.Error(w, "not an order", http.StatusBadRequest)
		return
	}
	_ = answer.write(piece{}) // whoever does not take it is seen to be gone
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-r.Context().Done():
		return
	}
	code := h.carryOut(r.Context(), asked, streams{
		args: asked.Args, brought: asked.Brought, operator: r.Context().Value(asker{}).(string),
		getenv: func(name string) string { return asked.Lang[name] },
		out:    stream{answer, false}, err: stream{answer, true},
	})
	_ = answer.write(piece{Exit: &code})
}

func (h *hatch) carryOut(ctx context.Context, asked order, s streams) int {
	command, code := parse(ctx, s)
	if command == nil {
		return code
	}
	o, ok := command.Selected().Target.Addr().Interface().(operation)
	if !ok {
		return misuse
	}
	code = conclude(perform(ctx, o, h.desk, s), s)
	h.log.Info("operator", "command", command.Selected().FullPath(), "exit", code)
	return code
}

// An answerer sends pieces of an answer, each at once.
type answerer struct {
	mu      sync.Mutex
	to      *json.Encoder
	control *http.ResponseController
}

func (a *answerer) write(p piece) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return errors.Join(a.control.SetWriteDeadline(time.Now().Add(readIn)), a.to.Encode(p), a.control.Flush())
}

// A stream is one of the two that lead to who asked.
type stream struct {
	*answerer
	wrong bool
}

func (s stream) Write(text []byte) (int, error) {
	p := piece{Out: text}
	if s.wrong {
		p = piece{Err: text}
	}
	if err := s.write(p); err != nil {
		return 0, err
	}
	return len(text), nil
}

// ours is a listener that takes the connections of one's own account, and of the
// system's administrator.
type ours struct{ net.Listener }

func (o ours) Accept() (net.Conn, error) {
	for {
		conn, err := o.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if uid, known := peer(conn); !known || trusted(uid, os.Getuid()) {
			return conn, nil
		}
		conn.Close()
	}
}

// asker is what a connection's context keeps the account at its other end under.
type asker struct{}

// askerOf names the account at the other end of a connection; where the system does
// not tell, one's own, since the rights of the socket keep others away.
func askerOf(conn net.Conn) string {
	if uid, known := peer(conn); known {
		return accountOf(uid)
	}
	return ownAccount()
}

// trusted says whether an account may speak for another: itself, or that of the
// system's administrator.
func trusted(uid, other int) bool { return uid == other || uid == 0 }
