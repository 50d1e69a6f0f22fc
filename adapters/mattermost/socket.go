package mattermost

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/gorilla/websocket"
	"github.com/mattermost/mattermost/server/public/model"

	"parcours/adapters/watching"
)

// Run listens to the server until ctx is done. A connection that breaks is taken
// up where it was; when events were lost, or nobody knows, the bot looks at all
// its channels again. It never gives up: each failure is logged, and the wait
// before the next try grows to a minute.
func (a *Adapter) Run(ctx context.Context) {
	wait := backoff.NewExponentialBackOff()
	wait.InitialInterval, wait.MaxInterval = 500*time.Millisecond, time.Minute
	q := watching.NewQueue()
	working := make(chan struct{})
	go func() {
		defer close(working)
		q.Work(ctx)
	}()
	var at position
	for ctx.Err() == nil {
		heard, err := a.listen(ctx, &at, q)
		if heard {
			wait.Reset()
		}
		a.contact.Set(false, err)
		if ctx.Err() != nil {
			break
		}
		pause := wait.NextBackOff()
		a.options.Log.Warn("mattermost: not connected", "err", err, "again_in", pause)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
	<-working
}

// position is where the stream of events was left.
type position struct {
	connection string
	next       int64
}

var errBroken = errors.New("the connection was closed")

// listen keeps one connection for as long as it holds; heard says whether the
// server greeted or sent anything on it.
func (a *Adapter) listen(ctx context.Context, at *position, q *watching.Queue) (heard bool, err error) {
	// A token that is not valid is not said on the socket: it is just closed.
	if _, resp, err := a.client.GetMe(ctx, ""); err != nil {
		return false, failure("connect", resp, err)
	}
	address := "ws" + strings.TrimPrefix(a.client.URL, "http")
	dialer := &websocket.Dialer{HandshakeTimeout: a.options.Timeout, NetDialContext: transport(a.options.Timeout).DialContext}
	client, err := model.NewReliableWebSocketClientWithDialer(dialer, address, a.options.Token, at.connection, int(at.next), true)
	if err != nil {
		return false, errors.New("mattermost: connect: no WebSocket")
	}
	client.Listen()
	a.contact.Set(true, nil)
	// Closing the socket, and not the client, leaves the end to the client's
	// reader, which cannot then meet a ping half-way.
	stop := context.AfterFunc(ctx, func() { client.Conn.Close() })
	defer stop()
	var drained sync.WaitGroup
	drained.Go(func() {
		for range client.ResponseChannel {
		}
	})
	defer drained.Wait()
	for {
		select {
		case e, ok := <-client.EventChannel:
			if !ok {
				return heard, errBroken
			}
			heard = true
			a.hear(ctx, e, at, q)
		case <-client.PingTimeoutChannel:
			client.Conn.Close()
		}
	}
}

// hear notes where the stream is and has the event worked on.
func (a *Adapter) hear(ctx context.Context, e *model.WebSocketEvent, at *position, q *watching.Queue) {
	if e.EventType() == model.WebsocketEventHello {
		connection, _ := e.GetData()["connection_id"].(string)
		if version, ok := e.GetData()["server_version"].(string); ok {
			a.version.note(version)
		}
		lost := connection == "" || connection != at.connection
		*at = position{connection: connection, next: e.GetSequence() + 1}
		if lost {
			a.options.Log.Info("mattermost: connected anew: the channels are looked at again")
			q.Put(func() { a.catchUp(ctx) })
		}
		return
	}
	if e.GetSequence() != at.next {
		a.options.Log.Warn("mattermost: events were lost: the channels are looked at again", "want", at.next, "got", e.GetSequence())
		q.Put(func() { a.catchUp(ctx) })
	}
	at.next = e.GetSequence() + 1
	q.Put(func() { a.event(ctx, e) })
}

// catchUp is resync, tried again a few times: nobody else would notice what it
// missed.
func (a *Adapter) catchUp(ctx context.Context) {
	_, err := backoff.Retry(ctx, func() (struct{}, error) { return struct{}{}, a.resync(ctx) }, backoff.WithMaxTries(8))
	if ctx.Err() == nil {
		a.logged("the channels could not be looked at again", err)
	}
}
