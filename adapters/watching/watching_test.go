package watching

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"parcours/casework"
)

func TestCircles(t *testing.T) {
	var c Circles
	members := []casework.UserID{"a", "b"}
	c.Know("two", members)
	c.Know("one", []casework.UserID{"b"})
	members[0] = "x"
	if got := c.Members("two"); !slices.Equal(got, []casework.UserID{"a", "b"}) {
		t.Error("members:", got)
	}
	for user, want := range map[casework.UserID][]casework.ChannelID{"a": {"two"}, "b": {"one", "two"}, "c": nil, "": {"one", "two"}} {
		if got := c.With(user); !slices.Equal(got, want) {
			t.Errorf("with %q: %v", user, got)
		}
	}
}

func TestQueueDoesAllInTurn(t *testing.T) {
	q := NewQueue()
	var done []int
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	for n := range 3 {
		q.Put(func() {
			done = append(done, n)
			if n == 1 {
				q.Put(stop)
				q.Put(func() { done = append(done, 99) })
			}
		})
	}
	q.Work(ctx)
	if !slices.Equal(done, []int{0, 1, 2}) {
		t.Error(done)
	}
}

func TestDaily(t *testing.T) {
	var d Daily
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for i, c := range []struct {
		user    casework.UserID
		channel casework.ChannelID
		after   time.Duration
		want    bool
	}{
		{"a", "one", 0, true}, {"a", "one", time.Hour, false}, {"a", "two", time.Hour, true}, {"b", "one", time.Hour, true},
		{"a", "one", 24 * time.Hour, true}, {"a", "one", 25 * time.Hour, false},
	} {
		if got := d.First(c.user, c.channel, now.Add(c.after)); got != c.want {
			t.Errorf("%d: %v", i, got)
		}
	}
}

func TestContact(t *testing.T) {
	var c Contact
	why := errors.New("refused")
	if c.Err() == nil {
		t.Error("heard before any connection")
	}
	for _, step := range []struct {
		heard bool
		why   error
		want  error
	}{{false, why, why}, {true, nil, nil}, {false, why, why}} {
		if c.Set(step.heard, step.why); !errors.Is(c.Err(), step.want) {
			t.Errorf("%+v: %v", step, c.Err())
		}
	}
}
