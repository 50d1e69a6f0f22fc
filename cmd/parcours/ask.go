package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"syscall"
	"time"

	"parcours/locales"
)

var (
	// errNobodyServes: no program has the store open, as far as can be seen.
	errNobodyServes = errors.New("nobody serves")
	// errNotOurs: the socket beside the store is another account's.
	errNotOurs = errors.New("the socket is another account's")
	// errCut: an answer ended before its exit code.
	errCut = errors.New("the answer was cut")
)

// An ended error is the exit code of an operation that was done elsewhere and has
// said all there.
type ended int

func (e ended) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

const (
	// reachIn is how long the program that serves has to be reached, beginIn to
	// begin an answer.
	reachIn = 2 * time.Second
	beginIn = 10 * time.Second
)

// ask has the program that serves do what was typed, and passes on what it writes.
// Errors: errNobodyServes, an ended one, or one in a sentence.
func ask(ctx context.Context, data string, s streams, say locales.Printer) error {
	if !hatchHere || len(hatchPath(data)) > hatchMax {
		return errNobodyServes
	}
	asked := order{Args: s.args, Lang: map[string]string{}, Brought: s.brought}
	for _, name := range languageVariables {
		asked.Lang[name] = s.getenv(name)
	}
	body, err := json.Marshal(asked)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://parcours/", bytes.NewReader(body))
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{
		DisableKeepAlives: true, ResponseHeaderTimeout: beginIn,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return reach(ctx, data) },
	}}
	response, err := client.Do(request)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return errNobodyServes
	case errors.Is(err, fs.ErrPermission), errors.Is(err, errNotOurs):
		return errors.New(spread(say.T("operator.not_yours", locales.Args{"Path": hatchPath(data)})))
	case ctx.Err() != nil:
		return errors.New(say.T("operator.stopped"))
	case err != nil:
		return errors.New(spread(say.T("operator.no_answer")))
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return errors.New(spread(say.T("operator.no_answer")))
	}
	err = passOn(json.NewDecoder(response.Body), s)
	switch {
	case err != nil && ctx.Err() != nil:
		return errors.New(say.T("operator.stopped"))
	case errors.Is(err, errCut):
		return errors.New(spread(say.T("operator.cut")))
	}
	return err
}

// reach gives a connection to the hatch of a store, which must be that of the
// account that the store belongs to: another could have put its own in its place.
func reach(ctx context.Context, data string) (net.Conn, error) {
	conn, err := (&net.Dialer{Timeout: reachIn}).DialContext(ctx, "unix", hatchPath(data))
	if err != nil {
		return nil, err
	}
	uid, told := peer(conn)
	if owner, known := ownerOf(data); told && known && !trusted(uid, owner) {
		return nil, errors.Join(errNotOurs, conn.Close())
	}
	return conn, nil
}

// passOn writes the pieces of an answer where they belong, to the exit code.
func passOn(answer *json.Decoder, s streams) error {
	for {
		var p piece
		if err := answer.Decode(&p); err != nil {
			return errors.Join(errCut, err)
		}
		if _, err := s.out.Write(p.Out); err != nil {
			return err
		}
		if _, err := s.err.Write(p.Err); err != nil {
			return err
		}
		switch {
		case p.Exit != nil && *p.Exit == done:
			return nil
		case p.Exit != nil:
			return ended(*p.Exit)
		}
	}
}
