package mattermost

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"parcours/bot/chat"
)

// longest is how long a call is held back; one that would have to wait longer is
// not made.
const longest = 3 * time.Second

// patient holds every call back once the server asked one for patience, for as
// long as it asked. Else all that wait would ask again at once, use up what the
// server allows between them, and none would have enough of it to get done.
type patient struct {
	next http.RoundTripper

	mu    sync.Mutex
	until time.Time
}

// RoundTrip sends a request on, when it may be. The error is a chat.RetryError
// where that is too long to wait for.
func (p *patient) RoundTrip(r *http.Request) (*http.Response, error) {
	for left := p.left(); left > 0; left = p.left() {
		if left > longest {
			return nil, &chat.RetryError{After: left, Err: errPatience}
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-r.Context().Done():
			timer.Stop()
			return nil, fmt.Errorf("wait for the server: %w", r.Context().Err())
		}
	}
	answer, err := p.next.RoundTrip(r)
	if err == nil && answer.StatusCode == http.StatusTooManyRequests {
		p.hold(retryAfter(answer.Header))
	}
	return answer, err
}

var errPatience = errors.New("the server asked for patience")

func (p *patient) left() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Until(p.until)
}

func (p *patient) hold(wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := time.Now().Add(wait); until.After(p.until) {
		p.until = until
	}
}
