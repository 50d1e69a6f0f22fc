package mattermost

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
)

func TestQuote(t *testing.T) {
	post := func(change func(*model.Post)) *model.Post {
		p := &model.Post{Id: post1, ChannelId: channel, UserId: claire, Message: "Solder les dettes"}
		change(p)
		return p
	}
	plain := func(*model.Post) {}
	none := http.StatusNotFound
	for name, c := range map[string]struct {
		link   string // {server} is the address of the server
		post   *model.Post
		status int
		member int
		ok     bool
	}{
		"its id":                      {post1, post(plain), 200, 200, true},
		"its link":                    {"{server}/team/pl/" + post1, post(plain), 200, 200, true},
		"its link of any team":        {"{server}/_redirect/pl/" + post1, post(plain), 200, 200, true},
		"the address people know":     {"https://chat.example.org/sub/team/pl/" + post1, post(plain), 200, 200, true},
		"that address, otherwise":     {" https://Chat.Example.org/sub/team/pl/" + post1 + " ", post(plain), 200, 200, true},
		"another server":              {"https://evil.example.org/team/pl/" + post1, post(plain), 200, 200, false},
		"a name that begins the same": {"https://chat.example.org.evil.example/sub/team/pl/" + post1, post(plain), 200, 200, false},
		"not under its path":          {"https://chat.example.org/team/pl/" + post1, post(plain), 200, 200, false},
		"not in the clear":            {"http://chat.example.org/sub/team/pl/" + post1, post(plain), 200, 200, false},
		"another page":                {"{server}/team/channels/" + post1, post(plain), 200, 200, false},
		"more than the link":          {"{server}/team/pl/" + post1 + "/x", post(plain), 200, 200, false},
		"no link":                     {"x", post(plain), 200, 200, false},
		"nothing":                     {"", post(plain), 200, 200, false},
		"a path for an id":            {"../users/me", post(plain), 200, 200, false},
		"no such post":                {post1, post(plain), none, 200, false},
		"one the bot may not see":     {post1, post(plain), http.StatusForbidden, 200, false},
		"one they may not read":       {post1, post(plain), 200, none, false},
		"one the bot cannot ask of":   {post1, post(plain), 200, http.StatusForbidden, false},
		"a deleted one":               {post1, post(func(p *model.Post) { p.DeleteAt = 1 }), 200, 200, false},
		"the bot's own":               {post1, post(func(p *model.Post) { p.UserId = me }), 200, 200, false},
		"a program's":                 {post1, post(func(p *model.Post) { p.AddProp(model.PostPropsFromWebhook, "true") }), 200, 200, false},
		"the server's":                {post1, post(func(p *model.Post) { p.Type = model.PostTypeJoinChannel }), 200, 200, false},
	} {
		t.Run(name, func(t *testing.T) {
			a, f, _ := newFake(t, "11.4")
			f.say("GET /config/client", http.StatusOK, map[string]string{"SiteURL": "https://chat.example.org/sub"})
			f.say("GET /posts/"+post1, c.status, c.post)
			f.say("GET /channels/"+channel+"/members/"+claire, c.member, model.ChannelMember{ChannelId: channel, UserId: claire})
			got, err := a.Quote(t.Context(), strings.ReplaceAll(c.link, "{server}", a.options.URL), claire)
			if c.ok {
				if want := (chat.Quote{Channel: channel, Message: post1, Author: claire, Text: "Solder les dettes"}); err != nil || got != want {
					t.Errorf("%+v, %v", got, err)
				}
				return
			}
			if !errors.Is(err, chat.ErrNotFound) || got != (chat.Quote{}) {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

func TestQuoteOnAServerThatIsDown(t *testing.T) {
	a, f, _ := newFake(t, "11.4")
	f.say("GET /posts/"+post1, http.StatusBadGateway, model.AppError{})
	if _, err := a.Quote(t.Context(), post1, claire); err == nil || errors.Is(err, chat.ErrNotFound) {
		t.Errorf("%v", err)
	}
}
