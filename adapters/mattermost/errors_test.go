package mattermost

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
)

func TestErrorsOfTheServer(t *testing.T) {
	tests := map[string]struct {
		status       int
		id           string
		want         error
		never, token bool
	}{
		"no such user":          {404, errNoSuchUser, chat.ErrNotFound, true, false},
		"no right":              {403, errPermission, chat.ErrRefused, true, false},
		"another refusal":       {400, "api.x", chat.ErrRefused, true, false},
		"too long":              {400, errTooLong, chat.ErrRefused, true, false},
		"the token is no good":  {401, "api.context.session_expired.app_error", nil, false, true},
		"the server is in pain": {500, "app.x", nil, false, false},
		"still under way":       {500, errPending, nil, false, false},
		"it took too long":      {408, "x", nil, false, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a, f, _ := newFake(t, "11.4")
			f.say("GET /users/"+claire, test.status, model.AppError{Id: test.id, Message: "Madame Lopez", DetailedError: "Madame Lopez", StatusCode: test.status})
			_, err := a.Account(t.Context(), claire)
			if err == nil || test.want != nil && !errors.Is(err, test.want) || errors.Is(err, ErrToken) != test.token {
				t.Errorf("got %v", err)
			}
			if never := errors.Is(err, chat.ErrNotFound) || errors.Is(err, chat.ErrRefused); never != test.never {
				t.Errorf("for ever is %v: %v", never, err)
			}
			if strings.Contains(err.Error(), "Lopez") {
				t.Error("the error names somebody:", err)
			}
		})
	}
}

func TestPatience(t *testing.T) {
	for header, want := range map[string]time.Duration{"7": 7 * time.Second, "": time.Second, "x": time.Second, "-1": time.Second, "99999999": time.Second} {
		a, f, _ := newFake(t, "11.4")
		f.do("GET /users/"+claire, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", header)
			w.WriteHeader(http.StatusTooManyRequests)
			fmt.Fprint(w, "limit exceeded")
		})
		_, err := a.Account(t.Context(), claire)
		var later *chat.RetryError
		if !errors.As(err, &later) || later.After != want {
			t.Errorf("Retry-After %q: %v", header, err)
		}
	}
}

func TestNoAnswerMayPass(t *testing.T) {
	a, f, _ := newFake(t, "11.4")
	f.do("GET /users/username/claire", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	_, err := a.Account(t.Context(), "@claire")
	if err == nil || errors.Is(err, chat.ErrNotFound) || errors.Is(err, chat.ErrRefused) || strings.Contains(err.Error(), "claire") {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.Account(ctx, "@claire"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestAServerThatDoesNotAnswerIsNotWaitedForForEver(t *testing.T) {
	a, f, _ := newFake(t, "11.4")
	a.client.HTTPClient.Timeout = 50 * time.Millisecond
	release := make(chan struct{})
	f.do("GET /users/"+claire, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	_, err := a.Account(t.Context(), claire)
	var timeout net.Error
	if !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Error(err)
	}
}

func TestOptionsThatAreMissingAreAllNamed(t *testing.T) {
	_, err := New(Options{URL: "chat.example.org", CommandTokens: []string{""}})
	for _, name := range []string{"URL", "CallbackURL", "Token", "Team", "CommandTokens", "Secret", "Now"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named: %v", name, err)
		}
	}
}

func TestAllTheMembersAreRead(t *testing.T) {
	a, f, _ := newFake(t, "11.4")
	f.say("GET /channels/"+channel, 200, model.Channel{Id: channel, Type: model.ChannelTypePrivate})
	f.do("GET /channels/"+channel+"/members", func(w http.ResponseWriter, r *http.Request) {
		var members []string
		var n int
		_, _ = fmt.Sscan(r.URL.Query().Get("page"), &n)
		for i := n * page; i < min((n+1)*page, 451); i++ {
			members = append(members, fmt.Sprintf(`{"user_id":"u%d"}`, i))
		}
		if n == 2 {
			members = append(members, `{"user_id":"`+me+`"}`)
		}
		fmt.Fprint(w, "["+strings.Join(members, ",")+"]")
	})
	got, err := a.Channel(t.Context(), channel)
	if err != nil || len(got.Members) != 451 {
		t.Errorf("%d members, %v", len(got.Members), err)
	}
	shared := true
	f.say("GET /channels/"+channel, 200, model.Channel{Id: channel, Type: model.ChannelTypePrivate, Shared: &shared})
	if got, _ = a.Channel(t.Context(), channel); got.Private {
		t.Error("a channel that another server shares is taken for private")
	}
}

func TestOutsiders(t *testing.T) {
	remote := "r"
	for name, user := range map[string]model.User{
		"guest":  {Id: claire, Roles: "system_guest"},
		"remote": {Id: claire, RemoteId: &remote},
	} {
		a, f, _ := newFake(t, "11.4")
		f.say("GET /users/"+claire, 200, user)
		if got, err := a.Account(t.Context(), claire); err != nil || !got.Outsider {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}
