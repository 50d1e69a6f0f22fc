package mattermost

import (
	"fmt"
	"net/http"
	"sync/atomic"

	"github.com/mattermost/mattermost/server/public/model"
)

// version is the server's: the last one that it told of itself. It tells it with
// every answer, so an upgrade is noticed at once.
type version struct{ at atomic.Int64 }

// listening notes the version in every answer of the server.
type listening struct {
	version *version
	next    http.RoundTripper
}

// RoundTrip sends a request on.
func (l *listening) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := l.next.RoundTrip(r)
	if err == nil {
		l.version.note(answer.Header.Get(model.HeaderVersionId))
	}
	return answer, err
}

func (v *version) note(said string) {
	var major, minor int
	if n, err := fmt.Sscanf(said, "%d.%d.", &major, &minor); err == nil && n == 2 {
		v.at.Store(int64(major)*1000 + int64(minor))
	}
}

func (v *version) atLeast(major, minor int64) bool { return v.at.Load() >= major*1000+minor }

// What forms can hold, by the version that brought it.
func (v *version) severalChoices() bool { return v.atLeast(11, 0) }
func (v *version) dates() bool          { return v.atLeast(11, 1) }
func (v *version) nextForm() bool       { return v.atLeast(11, 1) }
