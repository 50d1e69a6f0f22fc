package slack

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
	"parcours/casework"
)

// happened has Slack tell an event by HTTP, and gives the status and the answer once
// all is done.
func happened(t testing.TB, a *Adapter, event m) (int, string) {
	t.Helper()
	raw, err := json.Marshal(m{"type": "event_callback", "event_id": "Ev" + event["type"].(string), "team_id": team, "event": event})
	if err != nil {
		t.Fatal(err)
	}
	return told(a, string(raw))
}

func told(a *Adapter, body string) (int, string) {
	status, said := calls(a, EventPath, jsonType, body)
	ctx, stop := context.WithCancel(context.Background())
	a.queue.Put(stop)
	a.queue.Work(ctx)
	a.working.Wait()
	return status, said
}

func TestMoves(t *testing.T) {
	all := chat.Move{Channel: channel}
	for name, c := range map[string]struct {
		event m
		want  []chat.Move
	}{
		"somebody came":     {m{"type": "member_joined_channel", "user": martin, "channel": channel, "inviter": claire}, []chat.Move{{Channel: channel, User: martin}}},
		"somebody left":     {m{"type": "member_left_channel", "user": martin, "channel": channel}, []chat.Move{{Channel: channel, User: martin, Left: true}}},
		"the bot came":      {m{"type": "member_joined_channel", "user": me, "channel": channel}, []chat.Move{all}},
		"the bot left":      {m{"type": "member_left_channel", "user": me, "channel": channel}, []chat.Move{all}},
		"the bot, by group": {m{"type": "group_left", "channel": channel, "actor_id": claire}, []chat.Move{all}},
		"the bot, openly":   {m{"type": "channel_left", "channel": channel}, []chat.Move{all}},
		"shared":            {m{"type": "channel_shared", "connected_team_id": "T2", "channel": channel}, []chat.Move{all}},
		"shared no more":    {m{"type": "channel_unshared", "channel": channel}, []chat.Move{all}},
		"to be shared":      {m{"type": "shared_channel_invite_accepted", "approval_required": true, "channel": m{"id": channel}}, []chat.Move{all}},
		"soon to be shared": {m{"type": "shared_channel_invite_approved", "channel": m{"id": channel}}, []chat.Move{all}},
		"archived":          {m{"type": "group_archive", "channel": channel, "user": claire}, []chat.Move{all}},
		"open again":        {m{"type": "channel_unarchive", "channel": channel, "user": claire}, []chat.Move{all}},
		"deleted":           {m{"type": "group_deleted", "channel": channel}, []chat.Move{all}},
		"made public":       {m{"type": "message", "subtype": "channel_convert_to_public", "channel": channel, "channel_type": "channel"}, []chat.Move{all}},
		"made private":      {m{"type": "message", "subtype": "channel_convert_to_private", "channel": channel}, []chat.Move{all}},
		"another id":        {m{"type": "channel_id_changed", "old_channel_id": elsewhe, "new_channel_id": channel}, []chat.Move{{Channel: elsewhe}, all}},
		"a guest from now":  {m{"type": "user_change", "user": m{"id": claire, "team_id": team, "is_restricted": true}}, []chat.Move{all}},
		"a stranger to us":  {m{"type": "user_change", "user": m{"id": martin}}, nil},
		"a word":            {m{"type": "message", "channel": channel, "channel_type": "group", "user": martin, "text": "bonjour"}, nil},
		"somebody nowhere":  {m{"type": "member_joined_channel", "user": martin}, nil},
		"nobody knows who":  {m{"type": "member_joined_channel", "channel": channel, "user": 7}, []chat.Move{all}},
		"nobody left":       {m{"type": "member_left_channel", "channel": channel}, []chat.Move{all}},
		"a list":            {m{"type": "group_left", "channel": []string{channel}}, nil},
		"unknown":           {m{"type": "new_kind", "channel": channel}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			a, _, h := newFake(t)
			a.circles.Know(channel, []casework.UserID{claire})
			if status, said := happened(t, a, c.event); status != 200 || said != "" {
				t.Errorf("status %d %s", status, said)
			}
			if kind := c.event["type"].(string); c.want != nil && kind != "message" && !slices.Contains(Events, kind) {
				t.Errorf("the app does not subscribe to %s", kind)
			}
			if heard := h.heard(); diff(c.want, heard.moves) != "" || len(heard.commands) > 0 {
				t.Errorf("heard %+v", heard)
			}
		})
	}
}

func TestAnEventIsHeardOnce(t *testing.T) {
	a, _, h := newFake(t)
	left := m{"type": "member_left_channel", "user": martin, "channel": channel}
	happened(t, a, left)
	happened(t, a, left)
	if n := len(h.heard().moves); n != 1 {
		t.Errorf("heard %d times", n)
	}
}

func TestANewPictureIsNoNewStanding(t *testing.T) {
	a, _, h := newFake(t)
	a.circles.Know(channel, []casework.UserID{claire})
	for n, guest := range []bool{false, false, true, true, false} {
		raw, _ := json.Marshal(m{"type": "event_callback", "event_id": strings.Repeat("E", n+1), "event": m{
			"type": "user_change", "user": m{"id": claire, "team_id": team, "is_restricted": guest, "profile": m{"status_text": n}},
		}})
		told(a, string(raw))
	}
	if n := len(h.heard().moves); n != 3 {
		t.Errorf("heard %d changes", n)
	}
}

func TestWhatIsWrittenToTheBot(t *testing.T) {
	direct := func(change func(m)) m {
		e := m{"type": "message", "channel": private, "channel_type": "im", "user": claire, "text": "  suivi P-7K3F ", "ts": ts1}
		change(e)
		return e
	}
	for name, c := range map[string]struct {
		event m
		want  string
	}{
		"in private":      {direct(func(m) {}), "suivi P-7K3F"},
		"with the slash":  {direct(func(e m) { e["text"] = "/parcours inviter <@" + martin + ">" }), "inviter @" + martin},
		"with a file":     {direct(func(e m) { e["subtype"], e["files"] = "file_share", []m{{"id": "F1"}} }), "suivi P-7K3F"},
		"in a thread":     {direct(func(e m) { e["subtype"], e["thread_ts"] = "thread_broadcast", ts2 }), "suivi P-7K3F"},
		"of what they do": {direct(func(e m) { e["subtype"] = "me_message" }), "suivi P-7K3F"},
		"the bot's file":  {direct(func(e m) { e["subtype"], e["user"] = "file_share", me }), ""},
		"deleted":         {direct(func(e m) { e["subtype"] = "message_deleted" }), ""},
		"by the bot":      {direct(func(e m) { e["user"] = me }), ""},
		"by a program":    {direct(func(e m) { e["bot_id"] = "B1" }), ""},
		"changed":         {direct(func(e m) { e["subtype"] = "message_changed" }), ""},
		"by nobody":       {direct(func(e m) { delete(e, "user") }), ""},
		"a mention":       {m{"type": "app_mention", "channel": channel, "user": claire, "text": "<@" + me + "> effacer tout"}, helpLine},
		"by a machine":    {m{"type": "app_mention", "channel": channel, "user": claire, "bot_id": "B1", "text": "x"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a, f, h := newFake(t)
			h.answer = answering(chat.Message{Text: "voilà"})
			happened(t, a, c.event)
			heard := h.heard().commands
			if c.want == "" && len(heard) > 0 || c.want != "" && (len(heard) != 1 || heard[0].Text != c.want) {
				t.Errorf("heard %+v, want %q", heard, c.want)
			}
			if said := len(f.were("chat.postMessage")) + len(f.were("chat.postEphemeral")); (said == 1) != (c.want != "") {
				t.Errorf("said %v", f.asked)
			}
		})
	}
}

func TestAMentionIsAnsweredOnceADay(t *testing.T) {
	a, _, h := newFake(t)
	for n := range 3 {
		raw, _ := json.Marshal(m{"type": "event_callback", "event_id": strings.Repeat("E", n+1), "event": m{"type": "app_mention", "channel": channel, "user": claire}})
		told(a, string(raw))
	}
	if n := len(h.heard().commands); n != 1 {
		t.Errorf("helped %d times", n)
	}
}

func TestEventsThatMakeNoSense(t *testing.T) {
	a, _, h := newFake(t)
	for body, want := range map[string]int{
		`{"type":"url_verification","challenge":"abc"}`:                              200,
		`{"type":"event_callback"}`:                                                  200,
		`{"type":"other","event":{"type":"group_left","channel":"` + channel + `"}}`: 200,
		`{"type":"event_callback","event":{"type":"user_change","user":{"id":7}}}`:   200,
		`{"type":"event_callback","event":[]}`:                                       400,
		`[]`:                                                                         400,
		`{`:                                                                          400,
	} {
		status, said := told(a, body)
		if status != want || strings.Contains(body, "challenge") != strings.Contains(said, `"challenge":"abc"`) {
			t.Errorf("%s: %d %s", body, status, said)
		}
	}
	if heard := h.heard(); len(heard.moves)+len(heard.commands) > 0 {
		t.Errorf("heard %+v", heard)
	}
	happened(t, a, m{"type": "tokens_revoked"})
	if !errors.Is(a.Ready(), ErrToken) {
		t.Errorf("%v", a.Ready())
	}
}

func TestHome(t *testing.T) {
	card := &chat.Card{Title: "Mes situations", Rows: []chat.Row{chat.About("P-7K3F", "", "Personne", "Mme A")}, Buttons: []chat.Button{{ID: "run", Label: "Ouvrir", Token: "token", Command: "x"}}}
	opened := m{"type": "app_home_opened", "user": claire, "channel": private, "tab": "home"}
	a, f, h := newFake(t)
	h.answer = answering(chat.Message{Text: "Une situation", Card: card})
	happened(t, a, opened)
	if heard := h.heard().commands; len(heard) != 1 || heard[0] != (chat.Command{User: claire, Channel: private, Text: homeLine, Kept: true}) {
		t.Fatalf("heard %+v", heard)
	}
	if view := f.last(t, "views.publish").json; !strings.Contains(view, `"user_id":"`+claire+`"`) || !strings.Contains(view, `"type":"home"`) || !strings.Contains(view, "Mme A") {
		t.Errorf("shown %s", view)
	}
	pressHome := func(kind string) {
		did(t, a, m{
			"type": "block_actions", "trigger_id": "trigger", "user": m{"id": claire}, "container": m{"type": "view", "view_id": "V1"},
			"view": m{"id": "V1", "type": kind}, "actions": []m{{"type": "button", "action_id": "run", "value": "token"}},
		})
	}
	// A button there is answered by a view, and what is there shown anew.
	f.forget()
	pressHome("home")
	if heard := h.heard(); len(heard.presses) != 1 || heard.presses[0].Channel != private || len(heard.commands) != 2 {
		t.Errorf("heard %+v", heard)
	}
	if view := f.last(t, "views.open").json; !strings.Contains(view, "Mme A") || len(f.were("chat.postMessage")) > 0 {
		t.Errorf("opened %s", view)
	}
	f.last(t, "views.publish")
	// A button in that view changes it.
	f.forget()
	pressHome("modal")
	if view := f.last(t, "views.update").json; !strings.Contains(view, `"view_id":"V1"`) {
		t.Errorf("changed %s", view)
	}
	h.answer = chat.Answer{Form: chattest.ClearForm(openForm)}
	pressHome("modal")
	if view := f.last(t, "views.update").json; !strings.Contains(view, `"callback_id":"open"`) {
		t.Errorf("changed %s", view)
	}
	// When no view can be opened, the answer goes where they find it.
	h.answer = answering(chat.Message{Text: "Une situation", Card: card})
	f.refuse("views.open", "expired_trigger_id")
	pressHome("home")
	if asked := f.last(t, "chat.postMessage"); asked.Get("channel") != private {
		t.Errorf("written %v", asked)
	}
}

func TestAHomeShowsNothingOfSomebodyElse(t *testing.T) {
	a, f, h := newFake(t)
	h.answer = answering(chat.Message{Text: "Mme A"})
	happened(t, a, m{"type": "app_home_opened", "user": claire, "channel": private, "tab": "home"})
	f.last(t, "views.publish")
	f.forget()
	h.answer = chat.Answer{Say: chattest.Clear(chat.Outgoing{User: martin, Message: chat.Message{Text: "secret"}})}
	a.refresh(claire)
	a.working.Wait()
	if view := f.last(t, "views.publish").json; strings.Contains(view, "secret") {
		t.Errorf("shown %s", view)
	}
	// Their tab of messages is none.
	f.forget()
	raw := `{"type":"event_callback","event_id":"E9","event":{"type":"app_home_opened","user":"` + claire + `","tab":"messages"}}`
	if told(a, raw); len(f.were("views.publish")) > 0 {
		t.Error("a home is shown that nobody looks at")
	}
}

func TestAHomeIsShownAnewToWhoIsTakenOut(t *testing.T) {
	a, f, h := newFake(t)
	f.say("conversations.info", room(func(m) {}))
	f.say("conversations.members", people(claire, martin, me))
	h.answer = answering(chat.Message{Text: "Une situation"})
	happened(t, a, m{"type": "app_home_opened", "user": claire, "tab": "home"})
	f.forget()
	h.answer = answering(chat.Message{Text: "Aucune situation"})
	if err := a.Archive(t.Context(), channel); err != nil {
		t.Fatal(err)
	}
	a.working.Wait()
	if all := f.were("views.publish"); len(all) != 1 || !strings.Contains(all[0].json, "Aucune") {
		t.Errorf("shown %v", all)
	}
	// So is it to whoever is told something.
	for _, user := range []casework.UserID{claire, martin} {
		if _, err := a.Send(t.Context(), toChannel(func(o *chat.Outgoing) { o.Channel, o.User = "", user })); err != nil {
			t.Fatal(err)
		}
		a.working.Wait()
		if all := f.were("views.publish"); len(all) != 2 {
			t.Errorf("told %s: shown %d times", user, len(all))
		}
	}
}
