package main

import (
	"crypto/tls"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/net/netutil"

	"parcours/adapters/mattermost"
	"parcours/adapters/slack"
	"parcours/config"
)

const (
	// requestMax is far above any request of a chat server.
	requestMax = 1 << 20
	// answerIn is a little more than an adapter takes at most.
	answerIn = 30 * time.Second
	// connections is how many may be open at once: a chat server keeps few, and
	// who opens many must not leave none.
	connections = 512
)

// server gives what answers requests: each chat's under its own path, and what
// the people who run the program look at.
func (v *service) server() *http.Server {
	mux := http.NewServeMux()
	for _, c := range v.chats {
		mux.Handle(c.path(), c.Handler())
	}
	mux.HandleFunc("GET /healthz", alive)
	mux.Handle("GET /readyz", ourselves(http.HandlerFunc(v.ready)))
	mux.Handle("GET /metrics", ourselves(v.metrics.handler()))
	return &http.Server{
		Handler:           http.MaxBytesHandler(v.metrics.timed(newDoorman(v.config.Proxies(), time.Now).handler(mux)), requestMax),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: answerIn, IdleTimeout: time.Minute,
		MaxHeaderBytes: 64 << 10,
		ErrorLog:       quiet(v.log),
	}
}

// listen opens the address or the socket of a set-up, encrypted where it has a
// certificate.
func listen(cfg config.Config) (net.Listener, error) {
	if path := cfg.Socket(); path != "" {
		return listenSocket(cfg, path)
	}
	var encrypted *tls.Config
	if cfg.TLSCert != "" {
		var err error
		if encrypted, err = certified(cfg.TLSCert, cfg.TLSKey); err != nil {
			return nil, unlistened(cfg.Listen, err)
		}
	}
	listener, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return nil, unlistened(cfg.Listen, err)
	}
	listener = netutil.LimitListener(listener, connections)
	if encrypted != nil {
		listener = tls.NewListener(listener, encrypted)
	}
	return listener, nil
}

// listenSocket opens a socket. One that a killed program has left is taken over;
// one that is answered is not.
func listenSocket(cfg config.Config, path string) (net.Listener, error) {
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSocket != 0 {
		if conn, err := net.DialTimeout("unix", path, time.Second); err == nil {
			conn.Close()
			return nil, unlistened(cfg.Listen, errors.New("in use"))
		}
		if err := os.Remove(path); err != nil {
			return nil, unlistened(cfg.Listen, err)
		}
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, unlistened(cfg.Listen, err)
	}
	// For the reverse proxy, by its group.
	if err := os.Chmod(path, 0o660); err != nil {
		return nil, unlistened(cfg.Listen, errors.Join(err, listener.Close()))
	}
	return netutil.LimitListener(accounted{listener}, connections), nil
}

// A listenError tells why an address cannot be listened on.
type listenError struct {
	address string
	err     error
}

func (e *listenError) Error() string { return "listen on " + e.address + ": " + e.err.Error() }
func (e *listenError) Unwrap() error { return e.err }

func unlistened(address string, err error) error {
	if err == nil {
		return nil
	}
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	return &listenError{address, err}
}

// place is a path by which requests are told apart: those that exist, and one
// name for all the others.
func place(path string) string {
	switch path {
	case "/healthz", "/readyz", "/metrics":
		return path
	}
	if kind, ok := strings.CutPrefix(path, "/mattermost/"); ok && (kind == "command" || kind == "dialog" || kind == "action") {
		return path
	}
	switch path {
	case slack.CommandPath, slack.InteractionPath, slack.EventPath:
		return path
	}
	for _, files := range []string{mattermost.FilePath, slack.FilePath} {
		if strings.HasPrefix(path, files) {
			return files
		}
	}
	return "other"
}
