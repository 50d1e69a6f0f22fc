package mattermost

import (
	"net/http"
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
)

// pressed is a press of the button done, as the server tells it.
func pressed(a *Adapter, kind string, change func(map[string]any)) map[string]any {
	body := map[string]any{
		"user_id": claire, "user_name": "claire", "channel_id": channel, "team_id": team, "post_id": post1, "trigger_id": "trigger",
		"type": "button", "data_source": "", "context": a.seal.ticket(kind, "done", "token", claire, channel),
	}
	change(body)
	return body
}

// own is a post of the bot that bears the button.
func own(a *Adapter, change func(*model.Post)) *model.Post {
	p := &model.Post{Id: post1, UserId: me, ChannelId: channel}
	p.SetProps(model.StringInterface{propMarks: []any{a.seal.mark("other", "x"), a.seal.mark("done", "token")}})
	change(p)
	return p
}

func TestPress(t *testing.T) {
	same := func(map[string]any) {}
	set := func(key string, value any) func(map[string]any) {
		return func(b map[string]any) { b[key] = value }
	}
	inTicket := func(key string, value any) func(map[string]any) {
		return func(b map[string]any) { b["context"].(map[string]any)[key] = value }
	}
	mine := func(*model.Post) {}
	tests := map[string]struct {
		kind   string
		change func(map[string]any)
		post   func(*model.Post)
		want   int
	}{
		"on the bot's post":                    {onPost, same, mine, 200},
		"by another reader of it":              {onPost, set("user_id", martin), mine, 200},
		"on an answer":                         {onAnswer, same, nil, 200},
		"on somebody else's answer":            {onAnswer, set("user_id", martin), nil, 403},
		"on an answer elsewhere":               {onAnswer, set("channel_id", elsewhe), nil, 403},
		"on somebody's post":                   {onPost, same, func(p *model.Post) { p.UserId = martin }, 403},
		"on a post elsewhere":                  {onPost, same, func(p *model.Post) { p.ChannelId = elsewhe }, 403},
		"said to be elsewhere":                 {onPost, set("channel_id", elsewhe), mine, 403},
		"on a deleted post":                    {onPost, same, func(p *model.Post) { p.DeleteAt = 1 }, 403},
		"on a post without it":                 {onPost, same, func(p *model.Post) { p.SetProps(nil) }, 403},
		"on a post that is not there":          {onPost, same, nil, 403},
		"another button":                       {onPost, inTicket("button", "accept"), mine, 403},
		"another token":                        {onPost, inTicket("token", "x"), mine, 403},
		"a post's ticket said to be an answer": {onPost, inTicket("kind", onAnswer), mine, 403},
		"no seal":                              {onPost, inTicket("seal", ""), mine, 403},
		"a seal of a wrong type":               {onPost, inTicket("seal", 1), mine, 400},
		"no ticket":                            {onPost, set("context", nil), mine, 403},
		"a form":                               {onPost, set("type", "dialog_submission"), mine, 400},
		"a list":                               {onPost, set("type", "select"), mine, 400},
		"no post":                              {onPost, set("post_id", ""), mine, 400},
		"a path for a post":                    {onPost, set("post_id", "../users/me"), mine, 400},
		"a key of a newer server":              {onPost, set("cookie", "x"), mine, 200},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a, f, h := newFake(t, "11.4")
			if test.post != nil {
				f.say("GET /posts/"+post1, http.StatusOK, own(a, test.post))
			}
			status, _ := callJSON(t, a, actionPath, pressed(a, test.kind, test.change))
			if status != test.want || (len(h.presses) == 1) != (test.want == 200) {
				t.Errorf("status %d, heard %+v, want %d", status, h.presses, test.want)
			}
			if len(h.presses) == 1 && (h.presses[0].Button != "done" || h.presses[0].Token != "token" || h.presses[0].Message != post1 || h.presses[0].Channel != channel) {
				t.Errorf("heard %+v", h.presses[0])
			}
		})
	}
}

func TestAServerInTroubleDoesNotLetAButtonThrough(t *testing.T) {
	a, f, h := newFake(t, "11.4")
	f.say("GET /posts/"+post1, http.StatusInternalServerError, model.AppError{Id: "app.post.get.app_error"})
	if status, _ := callJSON(t, a, actionPath, pressed(a, onPost, func(map[string]any) {})); status != 500 || len(h.presses) > 0 {
		t.Errorf("status %d, heard %+v", status, h.presses)
	}
}

func TestTheAnswerToAPressIsForWhoPressed(t *testing.T) {
	a, f, h := newFake(t, "11.4")
	h.answer = chat.Answer{Say: chattest.Clear(chat.Outgoing{User: claire, Channel: channel, Message: chat.Message{Text: "fait"}})}
	f.say("GET /channels/"+channel+"/members/"+claire, http.StatusOK, model.ChannelMember{})
	f.say("POST /posts/ephemeral", http.StatusCreated, model.Post{})
	f.say("POST /channels/direct", http.StatusCreated, model.Channel{Id: elsewhe})
	f.say("POST /posts", http.StatusCreated, model.Post{})
	callJSON(t, a, actionPath, pressed(a, onAnswer, func(map[string]any) {}))
	if asked, ok := f.was("POST /posts/ephemeral"); !ok || !strings.Contains(string(asked), claire) {
		t.Error("not whispered:", string(asked))
	}
	if _, ok := f.was("POST /posts"); ok {
		t.Error("written as well as whispered")
	}
	// Who is no longer there is written to in private.
	f.say("GET /channels/"+channel+"/members/"+claire, http.StatusNotFound, model.AppError{Id: errNotMember})
	callJSON(t, a, actionPath, pressed(a, onAnswer, func(map[string]any) {}))
	if asked, ok := f.was("POST /posts"); !ok || !strings.Contains(string(asked), elsewhe) {
		t.Error("not written in private:", string(asked))
	}
	// When nothing else can be done, the server itself is asked to say it.
	f.say("POST /posts", http.StatusInternalServerError, model.AppError{Id: "x"})
	if _, body := callJSON(t, a, actionPath, pressed(a, onAnswer, func(map[string]any) {})); !strings.Contains(body, `"ephemeral_text":"fait"`) {
		t.Error("not said at all:", body)
	}
}

func TestTheButtonOfAForm(t *testing.T) {
	a, f, h := newFake(t, "11.4")
	form := chat.Form{ID: "open", Title: "Ouvrir", Token: "t"}
	m := a.offer(asker{user: claire, channel: channel}, form, "")
	handle := m.Card.Buttons[0].Token
	press := func(user string) (int, bool) {
		body := pressed(a, onForm, func(b map[string]any) {
			b["user_id"] = user
			b["context"] = a.seal.ticket(onForm, openButton, handle, claire, channel)
		})
		f.say("POST /actions/dialogs/open", http.StatusOK, map[string]string{})
		before := len(f.asked)
		status, _ := callJSON(t, a, actionPath, body)
		return status, len(f.asked) > before
	}
	if status, _ := press(martin); status != http.StatusForbidden {
		t.Error("somebody else opens the form:", status)
	}
	if status, opened := press(claire); status != 200 || !opened {
		t.Error("it is not opened:", status)
	}
	a.waiting = waiting{} // the process was started anew
	if _, _ = press(claire); len(h.presses) != 1 || h.presses[0].Token != "" {
		t.Errorf("a form that waits no more: heard %+v", h.presses)
	}
}

func TestActionIDs(t *testing.T) {
	a, _, _ := newFake(t, "11.4")
	var buttons []chat.Button
	for _, id := range []string{"accept", "accept", "mes-situations", "é", "!"} {
		buttons = append(buttons, chat.Button{ID: id, Label: id, Command: "x"})
	}
	var got []string
	for _, action := range a.actions(buttons, place{kind: onPost, channel: channel}) {
		got = append(got, action.Id)
	}
	if strings.Join(got, " ") != "accept accept1 messituations 3 4" {
		t.Error(got)
	}
}
