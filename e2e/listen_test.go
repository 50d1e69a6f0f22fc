package e2e

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/adapters/mattermost"
	"parcours/bot/chat"
	"parcours/e2e/people"
)

func TestTheBotIsToldWhoComesAndGoes(t *testing.T) {
	w := newWorld(t, "claire", "nadia", "paul", "sophie")
	ctx, claire := t.Context(), w.people["claire"]
	id, err := w.adapter.Open(ctx, "P-7K3F", w.id("claire"))
	must(t, err)
	for _, handle := range []string{"nadia", "paul", "sophie"} {
		_, _, err = claire.AddChannelMember(ctx, string(id), string(w.id(handle)))
		must(t, err)
		w.moved(chat.Move{Channel: id, User: w.id(handle)})
	}
	w.wantMembers(id, "claire", "nadia", "paul", "sophie")

	_, err = claire.RemoveUserFromChannel(ctx, string(id), string(w.id("nadia")))
	must(t, err)
	w.moved(chat.Move{Channel: id, User: w.id("nadia"), Left: true})

	// Leaving the team is leaving its channels, of which the server says nothing.
	_, err = server.Admin.RemoveTeamMember(ctx, w.team, string(w.id("paul")))
	must(t, err)
	w.moved(chat.Move{Channel: id, User: w.id("paul"), Left: true})

	w.forget()
	_, err = server.Admin.UpdateUserActive(ctx, string(w.id("sophie")), false)
	must(t, err)
	w.moved(chat.Move{Channel: id})

	w.forget()
	_, _, err = server.Admin.UpdateChannelPrivacy(ctx, string(id), model.ChannelTypeOpen)
	must(t, err)
	w.moved(chat.Move{Channel: id})
	if now, err := w.adapter.Channel(ctx, id); err != nil || now.Private {
		t.Errorf("made public, it is %+v, %v", now, err)
	}

	w.forget()
	_, err = server.Admin.DeleteChannel(ctx, string(id))
	must(t, err)
	w.moved(chat.Move{Channel: id})
}

func TestWhatHappenedWhileTheServerWasDownOrUnheardIsFound(t *testing.T) {
	w := newWorld(t, "claire", "nadia", "martin")
	ctx, claire := t.Context(), w.people["claire"]
	id, err := w.adapter.Open(ctx, "P-7K3F", w.id("claire"))
	must(t, err)
	must(t, w.adapter.Add(ctx, id, w.id("nadia")))
	w.moved(chat.Move{Channel: id, User: w.id("nadia")})
	w.wantMembers(id, "claire", "nadia")

	w.deafen()
	_, err = claire.RemoveUserFromChannel(ctx, string(id), string(w.id("nadia")))
	must(t, err)
	_, _, err = claire.AddChannelMember(ctx, string(id), string(w.id("martin")))
	must(t, err)
	w.forget()
	w.listen()
	w.moved(chat.Move{Channel: id, User: w.id("nadia"), Left: true})
	w.moved(chat.Move{Channel: id})
	w.wantMembers(id, "claire", "martin")

	server.Stop()
	if _, err := w.adapter.Channel(ctx, id); err == nil {
		t.Error("a server that is down answers")
	}
	w.forget()
	must(t, server.Run(ctx, nil))
	w.moved(chat.Move{Channel: id})
	_, err = claire.RemoveUserFromChannel(ctx, string(id), string(w.id("martin")))
	must(t, err)
	w.moved(chat.Move{Channel: id, User: w.id("martin"), Left: true})
}

func TestAConnectionThatBreaksIsTakenUpWhereItWas(t *testing.T) {
	w := newWorld(t, "claire", "nadia")
	ctx := t.Context()
	id, err := w.adapter.Open(ctx, "P-7K3F", w.id("claire"))
	must(t, err)
	w.deafen()
	w.forget()
	road := newRoad(t, strings.TrimPrefix(server.URL, "http://"))
	w.options.URL = "http://" + road.address
	other, err := mattermost.New(w.options)
	must(t, err)
	other.Attach(w.handler)
	w.adapter = other
	w.listen()
	w.moved(chat.Move{Channel: id}) // it has looked at all when it came
	w.forget()

	road.cut()
	_, _, err = w.people["claire"].AddChannelMember(ctx, string(id), string(w.id("nadia")))
	must(t, err)
	road.mend()
	w.moved(chat.Move{Channel: id, User: w.id("nadia")})
	w.handler.mu.Lock()
	defer w.handler.mu.Unlock()
	for _, m := range w.handler.moves {
		if m.Channel == id && m.User == "" {
			t.Errorf("nothing was lost, and yet it looked at all the channels again: %+v", w.handler.moves)
		}
	}
}

func TestATokenThatIsNotValidIsSaid(t *testing.T) {
	w := newWorld(t, "claire")
	w.deafen()
	tokens, _, err := server.Admin.GetUserAccessTokensForUser(t.Context(), w.installed.UserID, 0, 10)
	must(t, err)
	_, err = server.Admin.RevokeUserAccessToken(t.Context(), tokens[0].Id)
	must(t, err)
	w.listen()
	deadline := time.NewTimer(20 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !strings.Contains(w.logged.String(), "the token is not valid") {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatal("nothing is said of the token")
		}
	}
	if strings.Contains(w.logged.String(), w.installed.Token) {
		t.Error("the token is logged")
	}
}

func TestAServerThatAsksForPatience(t *testing.T) {
	w := newWorld(t, "claire")
	ctx := t.Context()
	w.deafen()
	server.Stop()
	must(t, server.Run(ctx, map[string]string{
		"MM_RATELIMITSETTINGS_ENABLE": "true", "MM_RATELIMITSETTINGS_PERSEC": "1", "MM_RATELIMITSETTINGS_MAXBURST": "1",
		"MM_RATELIMITSETTINGS_VARYBYUSER": "true",
	}))
	defer func() {
		server.Stop()
		must(t, server.Run(context.Background(), nil))
	}()
	var retry *chat.RetryError
	for range 50 {
		_, err := w.adapter.Account(ctx, string(w.id("claire")))
		if err == nil {
			continue
		}
		if !errors.As(err, &retry) || retry.After < time.Second {
			t.Errorf("got %v", err)
		}
		return
	}
	t.Error("the server never asked for patience")
}

func TestADirectMessageIsACommand(t *testing.T) {
	w := newWorld(t, "claire", "martin")
	ctx, claire := t.Context(), w.people["claire"]
	say := func(who, text string) string {
		t.Helper()
		before := len(w.conversation(who))
		_, err := w.people[who].Say(ctx, w.direct(who), text)
		must(t, err)
		return people.Text(w.reply(who, before+2))
	}
	if text := say("claire", "aide"); !strings.Contains(text, "/parcours") {
		t.Error("the help is", text)
	}
	// A form is offered by a button: only a button can open one here.
	say("claire", "ouvrir")
	all := w.conversation("claire")
	offer := all[len(all)-1]
	must(t, claire.Press(ctx, offer, "form"))
	answer, err := claire.Submit(ctx, w.direct("claire"), opening)
	must(t, err)
	if answer.Error != "" || len(answer.Errors) > 0 {
		t.Fatalf("the form is refused: %+v", answer)
	}
	must(t, w.bot.Settle(ctx))
	code := codePattern.FindString(strings.Join(w.seen("claire"), "\n"))
	if text := say("claire", "suivi "+code); !strings.Contains(text, "Lopez") {
		t.Error("the overview is", text)
	}
	if text := say("martin", "suivi "+code); strings.Contains(text, "Lopez") || text == "" {
		t.Error("somebody outside is told", text)
	}
}

func TestAMentionIsHelpedOnceADay(t *testing.T) {
	w := newWorld(t, "claire", "nadia")
	ctx, claire := t.Context(), w.people["claire"]
	must(t, people.AllowAnswers(ctx, server.Admin, w.installed.UserID))
	id, err := w.adapter.Open(ctx, "P-7K3F", w.id("claire"))
	must(t, err)
	for range 2 {
		_, err = claire.Say(ctx, string(id), "@parcours"+w.suffix+" que fais-tu ?")
		must(t, err)
	}
	// A command in private comes after, and is answered after.
	_, err = claire.Say(ctx, w.direct("claire"), "aide")
	must(t, err)
	w.reply("claire", 2)
	must(t, claire.CatchUp(ctx))
	if whispers := claire.Whispers(); len(whispers) != 1 || !strings.Contains(people.Text(whispers[0]), "/parcours") {
		t.Errorf("%d answers", len(whispers))
	}
	posts, err := claire.Posts(ctx, string(id))
	must(t, err)
	if len(posts) != 2 {
		t.Errorf("%d messages in the channel, want the two of the person", len(posts))
	}
}

// conversation gives all of somebody's conversation with the bot.
func (w *world) conversation(who string) []*model.Post {
	w.t.Helper()
	posts, err := w.people[who].Posts(w.t.Context(), w.direct(who))
	must(w.t, err)
	return posts
}

// reply waits for the bot to have the last word in somebody's conversation with
// it, of at least so many messages.
func (w *world) reply(who string, least int) *model.Post {
	w.t.Helper()
	var last *model.Post
	must(w.t, w.people[who].Await("an answer in private", func() bool {
		posts := w.conversation(who)
		if len(posts) < least {
			return false
		}
		last = posts[len(posts)-1]
		return last.UserId == w.installed.UserID
	}))
	return last
}
