package mattermost

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parcours/bot/chat"
)

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A server that asks one call for patience is asked nothing meanwhile.
func TestCallsWaitWhileTheServerAsksForPatience(t *testing.T) {
	for name, test := range map[string]struct {
		asks  string
		calls []time.Duration // when calls are made
		made  []time.Duration // when the server is asked
		fails []time.Duration // how long the others are to wait
	}{
		"none while it waits":  {"1", []time.Duration{0, 0, 900 * time.Millisecond, 2 * time.Second}, []time.Duration{0, time.Second, time.Second, 2 * time.Second}, nil},
		"too long to wait for": {"60", []time.Duration{0, 0, 56 * time.Second, 58 * time.Second}, []time.Duration{0, time.Minute}, []time.Duration{time.Minute, 4 * time.Second}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex
				var made, fails []time.Duration
				began := time.Now()
				p := &patient{next: roundTrip(func(*http.Request) (*http.Response, error) {
					mu.Lock()
					defer mu.Unlock()
					made = append(made, time.Since(began))
					answer := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody}
					if len(made) == 1 {
						answer.StatusCode = http.StatusTooManyRequests
						answer.Header.Set("Retry-After", test.asks)
					}
					return answer, nil
				})}
				for _, at := range test.calls {
					time.AfterFunc(at-time.Since(began), func() {
						var later *chat.RetryError
						if _, err := p.RoundTrip(httptest.NewRequest(http.MethodGet, "/", nil)); errors.As(err, &later) {
							mu.Lock()
							defer mu.Unlock()
							fails = append(fails, later.After)
						}
					})
					synctest.Wait()
				}
				<-time.After(2 * time.Minute)
				mu.Lock()
				defer mu.Unlock()
				if !slices.Equal(made, test.made) || !slices.Equal(fails, test.fails) {
					t.Errorf("asked at %v, want %v; to wait %v, want %v", made, test.made, fails, test.fails)
				}
			})
		})
	}
}

func TestACallThatIsGivenUpWaitsNoMore(t *testing.T) {
	p := &patient{next: roundTrip(func(*http.Request) (*http.Response, error) { panic("asked") })}
	p.hold(time.Second)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.RoundTrip(httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
