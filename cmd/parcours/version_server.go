package main

import (
	"fmt"
	"net/http"

	"github.com/mattermost/mattermost/server/public/model"
)

// A release is the version of a Mattermost server.
type release struct{ major, minor int }

// oldest is the first release that is supported, full the first on which forms
// have all they can have.
var (
	oldest = release{10, 5}
	full   = release{11, 1}
)

// serverVersion reads the version that a server tells with every answer.
func serverVersion(h http.Header) release {
	var r release
	if n, err := fmt.Sscanf(h.Get(model.HeaderVersionId), "%d.%d.", &r.major, &r.minor); err != nil || n != 2 {
		return release{}
	}
	return r
}

func (r release) atLeast(other release) bool {
	return r.major > other.major || r.major == other.major && r.minor >= other.minor
}

func (r release) String() string { return fmt.Sprintf("%d.%d", r.major, r.minor) }
