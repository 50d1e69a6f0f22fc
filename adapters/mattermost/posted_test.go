package mattermost

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
	"parcours/casework"
)

func wrote(kind model.ChannelType, user, text string, props map[string]any) *model.WebSocketEvent {
	post := &model.Post{Id: post1, UserId: user, ChannelId: channel, Message: text}
	post.SetProps(props)
	raw, _ := json.Marshal(post)
	mentions, _ := json.Marshal([]string{me})
	e := model.NewWebSocketEvent(model.WebsocketEventPosted, "", channel, "", nil, "")
	e.Add("post", string(raw))
	e.Add("channel_type", string(kind))
	e.Add("mentions", string(mentions))
	return e
}

func TestWhatIsWrittenToTheBot(t *testing.T) {
	tests := map[string]struct {
		event *model.WebSocketEvent
		want  string
	}{
		"in private":            {wrote("D", claire, "  suivi P-7K3F ", nil), "suivi P-7K3F"},
		"with the slash":        {wrote("D", claire, " /parcours suivi", nil), "suivi"},
		"by the bot":            {wrote("D", me, "suivi", nil), ""},
		"by another bot":        {wrote("D", claire, "suivi", map[string]any{"from_bot": "true"}), ""},
		"by a webhook as Clair": {wrote("D", claire, "suivi", map[string]any{"from_webhook": "true"}), ""},
		"by a plugin":           {wrote("D", claire, "suivi", map[string]any{"from_plugin": "true"}), ""},
		"by nobody":             {wrote("D", "", "suivi", nil), ""},
		"a mention":             {wrote("P", claire, "@parcours effacer tout", nil), helpLine},
		"no post":               {model.NewWebSocketEvent(model.WebsocketEventPosted, "", channel, "", nil, ""), ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a, _, h := newFake(t, "11.4")
			a.event(t.Context(), test.event)
			a.event(t.Context(), test.event)
			switch {
			case test.want == "" && len(h.commands) > 0, test.want != "" && (len(h.commands) == 0 || h.commands[0].Text != test.want):
				t.Errorf("heard %+v, want %q", h.commands, test.want)
			case test.want == helpLine && len(h.commands) != 1:
				t.Errorf("helped %d times in a day", len(h.commands))
			}
		})
	}
}

func TestEventsThatMakeNoSense(t *testing.T) {
	a, f, h := newFake(t, "11.4")
	a.circles.Know(channel, nil)
	for _, kind := range []model.WebsocketEventType{
		model.WebsocketEventUserAdded, model.WebsocketEventUserRemoved, model.WebsocketEventChannelConverted,
		model.WebsocketEventLeaveTeam, model.WebsocketEventUserUpdated, model.WebsocketEventPosted, "new_kind",
	} {
		e := model.NewWebSocketEvent(kind, "", "", "", nil, "")
		e.Add("user", []int{1})
		e.Add("post", 3)
		e.Add("channel_id", 1)
		a.event(t.Context(), e)
	}
	for _, m := range h.moves {
		if m.Channel != channel || m.Left {
			t.Errorf("heard %+v", m)
		}
	}
	// Somebody left a team, and the server does not say what is left of them.
	h.moves = nil
	a.circles.Know(channel, []casework.UserID{claire})
	f.say("GET /channels/"+channel+"/members/"+claire, http.StatusInternalServerError, model.AppError{Id: "x"})
	e := model.NewWebSocketEvent(model.WebsocketEventLeaveTeam, team, "", "", nil, "")
	e.Add("user_id", claire)
	a.event(t.Context(), e)
	if len(h.moves) != 1 || h.moves[0] != (chat.Move{Channel: channel, User: claire}) {
		t.Errorf("heard %+v", h.moves)
	}
}
