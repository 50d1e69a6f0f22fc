package mattermost

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
)

// kept are the posts made on a server, which may lose its answers.
type kept struct {
	mu    sync.Mutex
	posts []*model.Post
	lose  bool
}

func (k *kept) all() []*model.Post {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.posts)
}

func (k *kept) losing(lose bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.lose = lose
}

func (k *kept) make(p *model.Post) (lost bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.posts = append(k.posts, p)
	return k.lose
}

// keep has the server keep the posts made in the channel.
func keep(f *fake) *kept {
	k := &kept{}
	f.do("POST /posts", func(w http.ResponseWriter, _ *http.Request) {
		raw, _ := f.was("POST /posts")
		p := &model.Post{}
		_ = json.Unmarshal(raw, p)
		p.Id, p.UserId = post1, me
		if k.make(p) {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(p)
	})
	f.do("GET /channels/"+channel+"/posts", func(w http.ResponseWriter, _ *http.Request) {
		list := model.NewPostList()
		for _, p := range k.all() {
			list.AddPost(p)
			list.AddOrder(p.Id)
		}
		_ = json.NewEncoder(w).Encode(list)
	})
	f.do("GET /channels/"+channel+"/pinned", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(model.NewPostList())
	})
	f.do("GET /posts/"+post1, func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(k.all()[0]) })
	f.say("PUT /posts/"+post1+"/patch", http.StatusOK, &model.Post{Id: post1})
	return k
}

func TestAMessageWhoseAnswerWasLostIsFoundAgain(t *testing.T) {
	a, f, _ := newFake(t, "11.4")
	k := keep(f)
	k.losing(true)
	out := chat.Outgoing{Key: "P-7K3F/1", Channel: channel, Message: chat.Message{Text: "x"}}
	_, err := a.Send(t.Context(), chattest.Clear(out))
	if err == nil || errors.Is(err, chat.ErrRefused) || errors.Is(err, chat.ErrNotFound) {
		t.Fatal("it is given up:", err)
	}
	k.losing(false)
	out.Again = true
	sent, err := a.Send(t.Context(), chattest.Clear(out))
	if err != nil || sent.Message != post1 || len(k.all()) != 1 {
		t.Errorf("sent %+v, %v, %d posts", sent, err, len(k.all()))
	}
}

func TestAMessageIsSoughtAndNeverSent(t *testing.T) {
	a, f, _ := newFake(t, "11.4")
	k := keep(f)
	out := chat.Outgoing{Key: "P-7K3F/1", Channel: channel, Seek: true, Message: chat.Message{Text: "x"}}
	if _, err := a.Send(t.Context(), chattest.Clear(out)); !errors.Is(err, chat.ErrNotFound) || len(k.all()) != 0 {
		t.Errorf("%v, %d posts", err, len(k.all()))
	}
	k.losing(true)
	out.Seek = false
	if _, err := a.Send(t.Context(), chattest.Clear(out)); err == nil {
		t.Fatal("the answer is not lost")
	}
	k.losing(false)
	out.Seek = true
	if sent, err := a.Send(t.Context(), chattest.Clear(out)); err != nil || sent.Message != post1 || len(k.all()) != 1 {
		t.Errorf("found at %+v, %v, %d posts", sent, err, len(k.all()))
	}
}

func TestEveryTryIsKnownByTheSameName(t *testing.T) {
	a, f, _ := newFake(t, "11.4")
	k := keep(f)
	k.losing(true)
	for _, key := range []string{"k", "k", "other"} {
		_, _ = a.Send(t.Context(), chattest.Clear(chat.Outgoing{Key: key, Channel: channel, Message: chat.Message{Text: "x"}}))
	}
	p := k.all()
	if p[0].PendingPostId == "" || p[0].PendingPostId != p[1].PendingPostId || p[0].PendingPostId == p[2].PendingPostId {
		t.Errorf("names %s %s %s", p[0].PendingPostId, p[1].PendingPostId, p[2].PendingPostId)
	}
}

func TestSomebodyElsesPostIsNotTakenForTheBots(t *testing.T) {
	a, f, _ := newFake(t, "11.4")
	f.say("POST /posts", http.StatusCreated, &model.Post{Id: post1, UserId: martin, ChannelId: channel})
	_, err := a.Send(t.Context(), chattest.Clear(chat.Outgoing{Key: "k", Channel: channel, Message: chat.Message{Text: "x"}}))
	if err == nil || errors.Is(err, chat.ErrRefused) {
		t.Error(err)
	}
}

func TestMessagesThatAreNone(t *testing.T) {
	a, _, _ := newFake(t, "11.4")
	long := chat.Message{Text: string(make([]byte, 20000))}
	for name, cleared := range map[string]chat.Cleared{
		"not let through": {},
		"without a key":   chattest.Clear(chat.Outgoing{Channel: channel, Message: chat.Message{Text: "x"}}),
		"to nobody":       chattest.Clear(chat.Outgoing{Key: "k", Message: chat.Message{Text: "x"}}),
		"to two":          chattest.Clear(chat.Outgoing{Key: "k", Channel: channel, User: claire, Message: chat.Message{Text: "x"}}),
		"too long":        chattest.Clear(chat.Outgoing{Key: "k", Channel: channel, Message: long}),
	} {
		if _, err := a.Send(t.Context(), cleared); !errors.Is(err, chat.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatAMessageHoldsIsFound(t *testing.T) {
	a, f, _ := newFake(t, "11.4")
	k := keep(f)
	f.say("POST /channels/direct", http.StatusCreated, &model.Channel{Id: channel})
	out := chat.Outgoing{Key: "b", Keys: []string{"k1", "k2"}, User: claire, Message: chat.Message{Text: "x"}}
	if _, err := a.Send(t.Context(), chattest.Clear(out)); err != nil {
		t.Fatal(err)
	}
	at := time.Now()
	k.all()[0].CreateAt = at.UnixMilli()
	for _, c := range []struct {
		since time.Time
		want  int
	}{{at.Add(-time.Hour), 3}, {at.Add(time.Hour), 0}} {
		found, err := a.Find(t.Context(), claire, []string{"b", "k1", "k2", "k3"}, c.since)
		if err != nil || len(found) != c.want {
			t.Errorf("since %s: %v, %v", c.since, found, err)
		}
	}
	// Changed in place it still holds what it did.
	out.Keys, out.Edit = nil, post1
	if _, err := a.Send(t.Context(), chattest.Clear(out)); err != nil {
		t.Fatal(err)
	}
	if raw, _ := f.was("PUT /posts/" + post1 + "/patch"); !strings.Contains(string(raw), `"k2"`) {
		t.Errorf("the change says %s", raw)
	}
}
