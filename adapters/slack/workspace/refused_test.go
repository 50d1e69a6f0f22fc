package workspace

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// A scene is a world with all kinds of channels and people, for the table.
type scene struct {
	*world
	public, elsewhere, closed, general, direct string
	mine, hers                                 string // messages of the room
	single, stranger, gone                     string
}

func newScene(t *testing.T) *scene {
	w := newWorld(t, nil)
	s := &scene{
		world: w, public: w.Channel("ouvert", w.claire, false), elsewhere: w.Channel("ailleurs", w.claire, true),
		closed: w.Channel("clos", w.BotID(), true), general: w.Channel("general", w.BotID(), false), direct: w.Direct(w.claire),
		single: w.Join(Person{Handle: "single", SingleGuest: true}), stranger: w.Join(Person{Handle: "stranger", Team: "T0OTHER", Stranger: true}),
		gone: w.Join(Person{Handle: "gone", Deleted: true}),
	}
	w.Archive(w.BotID(), s.closed)
	w.mu.Lock()
	w.findChannel(s.general).general = true
	w.mu.Unlock()
	w.Invite(w.claire, s.public, s.single)
	_, ts, err := w.api.PostMessage(w.room, slack.MsgOptionText("x", false))
	ok(t, err)
	s.mine, s.hers = ts, w.Say(w.claire, w.room, "y")
	ok(t, w.api.AddPin(w.room, slack.NewRefToMessage(w.room, s.mine)))
	return s
}

func TestWhatSlackRefuses(t *testing.T) {
	s := newScene(t)
	long := func(n int) string { return strings.Repeat("x", n) }
	type args = map[string]string
	for _, c := range []struct {
		method string
		args   args
		want   string
	}{
		{"chat.postMesage", args{}, "unknown_method"},
		{"conversations.create", args{"is_private": "true"}, "invalid_name_required"},
		{"conversations.create", args{"name": long(81), "is_private": "true"}, "invalid_name_maxlength"},
		{"conversations.create", args{"name": long(80), "is_private": "true"}, ""},
		{"conversations.create", args{"name": "P-7K3F", "is_private": "true"}, "invalid_name_specials"},
		{"conversations.create", args{"name": "deux mots", "is_private": "true"}, "invalid_name_specials"},
		{"conversations.create", args{"name": "--", "is_private": "true"}, "invalid_name_punctuation"},
		{"conversations.create", args{"name": "p-7k3f", "is_private": "true"}, "name_taken"},
		{"conversations.create", args{"name": "clos", "is_private": "true"}, "name_taken"},
		{"conversations.info", args{"channel": s.elsewhere}, "channel_not_found"},
		{"conversations.info", args{"channel": "C0NOWHERE00"}, "channel_not_found"},
		{"conversations.info", args{"channel": s.public}, ""},
		{"conversations.members", args{"channel": s.elsewhere}, "channel_not_found"},
		{"conversations.members", args{"channel": s.room, "cursor": "x"}, "invalid_cursor"},
		{"conversations.members", args{"channel": s.room, "limit": "2000"}, "invalid_limit"},
		{"conversations.history", args{"channel": s.elsewhere}, "channel_not_found"},
		{"conversations.history", args{"channel": s.public}, "not_in_channel"},
		{"conversations.replies", args{"channel": s.room, "ts": "1.000000"}, "thread_not_found"},
		{"conversations.invite", args{"channel": s.elsewhere, "users": s.paul}, "channel_not_found"},
		{"conversations.invite", args{"channel": s.public, "users": s.paul}, "not_in_channel"},
		{"conversations.invite", args{"channel": s.closed, "users": s.paul}, "is_archived"},
		{"conversations.invite", args{"channel": s.room, "users": s.claire}, "already_in_channel"},
		{"conversations.invite", args{"channel": s.room, "users": s.BotID()}, "cant_invite_self"},
		{"conversations.invite", args{"channel": s.room, "users": "U0NOBODY000"}, "user_not_found"},
		{"conversations.invite", args{"channel": s.room, "users": s.gone}, "cant_invite"},
		{"conversations.invite", args{"channel": s.room, "users": s.stranger}, "user_team_not_in_channel"},
		{"conversations.invite", args{"channel": s.room, "users": s.single}, "ura_max_channels"},
		{"conversations.invite", args{"channel": s.room}, "no_user"},
		{"conversations.invite", args{"channel": s.room, "users": strings.Repeat(s.paul+",", 100) + s.paul}, "too_many_users"},
		{"conversations.kick", args{"channel": s.elsewhere, "user": s.claire}, "channel_not_found"},
		{"conversations.kick", args{"channel": s.public, "user": s.claire}, "not_in_channel"},
		{"conversations.kick", args{"channel": s.room, "user": s.BotID()}, "cant_kick_self"},
		{"conversations.kick", args{"channel": s.room, "user": s.paul}, "not_in_channel"},
		{"conversations.kick", args{"channel": s.room, "user": "U0NOBODY000"}, "user_not_found"},
		{"conversations.kick", args{"channel": s.room}, "no_user"},
		{"conversations.kick", args{"channel": s.general, "user": s.claire}, "cant_kick_from_general"},
		{"conversations.archive", args{"channel": s.closed}, "already_archived"},
		{"conversations.archive", args{"channel": s.public}, "not_in_channel"},
		{"conversations.archive", args{"channel": s.general}, "cant_archive_general"},
		{"conversations.archive", args{"channel": s.direct}, "method_not_supported_for_channel_type"},
		{"conversations.open", args{"users": s.gone}, "user_disabled"},
		{"conversations.open", args{"users": "U0NOBODY000"}, "user_not_found"},
		{"conversations.open", args{"users": s.BotID()}, "cannot_dm_bot"},
		{"conversations.open", args{"users": s.claire + "," + s.paul}, "method_not_supported_for_channel_type"},
		{"users.info", args{"user": "U0NOBODY000"}, "user_not_found"},
		{"users.conversations", args{"types": "rooms"}, "invalid_types"},
		{"chat.postMessage", args{"channel": s.room}, "no_text"},
		{"chat.postMessage", args{"channel": s.room, "text": long(40001)}, "msg_too_long"},
		{"chat.postMessage", args{"channel": s.elsewhere, "text": "x"}, "channel_not_found"},
		{"chat.postMessage", args{"channel": s.public, "text": "x"}, "not_in_channel"},
		{"chat.postMessage", args{"channel": s.closed, "text": "x"}, "is_archived"},
		{"chat.postMessage", args{"channel": s.room, "text": "x", "blocks": "{"}, "invalid_blocks_format"},
		{"chat.postMessage", args{"channel": s.room, "text": "x", "blocks": `[{"type":"x"}]`}, "invalid_blocks"},
		{"chat.postMessage", args{"channel": s.room, "text": "x", "blocks": "[" + strings.Repeat(`{"type":"section","text":`+plainJSON(2600)+`},`, 4) + aSection + "]"}, ""},
		{"chat.postMessage", args{"channel": s.room, "text": "x", "blocks": "[" + strings.Repeat(`{"type":"section","text":`+plainJSON(2600)+`},`, 5) + aSection + "]"}, "msg_blocks_too_long"},
		{"chat.postMessage", args{"channel": s.room, "text": "x", "attachments": `[]`}, "invalid_attachments"},
		{"chat.postMessage", args{"channel": s.room, "text": "x", "metadata": "x"}, "invalid_metadata_format"},
		{"chat.postMessage", args{"channel": s.room, "text": "x", "metadata": `{"event_type":""}`}, "invalid_metadata_schema"},
		{"chat.postMessage", args{"channel": s.room, "text": "x", "metadata": `{"event_type":"x","event_payload":{"x":["y"]}}`}, "invalid_metadata_schema"},
		{"chat.postMessage", args{"channel": s.room, "text": "x", "metadata": `{"event_type":"x","event_payload":{"x":[{"y":["z"]}]}}`}, "invalid_metadata_schema"},
		{"chat.postMessage", args{"channel": s.room, "text": "x", "metadata": `{"event_type":"x","event_payload":{"x":{"y":{"z":1}}}}`}, "invalid_metadata_schema"},
		{"chat.postMessage", args{"channel": s.room, "text": "x", "metadata": `{"event_type":"x","event_payload":{"x":null}}`}, "invalid_metadata_schema"},
		{"chat.postMessage", args{"channel": s.room, "text": "x", "metadata": `{"event_type":"x","event_payload":{"x":"y","n":1,"b":true,"o":{"y":1},"l":[{"y":"z"}]}}`}, ""},
		{"chat.postMessage", args{"channel": s.room, "text": "x", "metadata": `{"event_type":"x","event_payload":{"x":"` + long(17000) + `"}}`}, "metadata_too_large"},
		{"chat.postMessage", args{"channel": s.room, "text": "x", "thread_ts": "1.000000"}, "thread_not_found"},
		{"chat.update", args{"channel": s.room, "ts": "1.000000", "text": "x"}, "message_not_found"},
		{"chat.update", args{"channel": s.room, "ts": s.hers, "text": "x"}, "cant_update_message"},
		{"chat.update", args{"channel": s.room, "ts": s.mine, "text": "x", "file_ids": `["F0NONE"]`}, "file_not_found"},
		{"chat.delete", args{"channel": s.room, "ts": s.hers}, "cant_delete_message"},
		{"chat.delete", args{"channel": s.room, "ts": "1.000000"}, "message_not_found"},
		{"chat.postEphemeral", args{"channel": s.room, "user": s.paul, "text": "x"}, "user_not_in_channel"},
		{"chat.postEphemeral", args{"channel": s.public, "user": s.claire, "text": "x"}, "not_in_channel"},
		{"chat.postEphemeral", args{"channel": s.closed, "user": s.claire, "text": "x"}, "is_archived"},
		{"pins.add", args{"channel": s.room, "timestamp": s.mine}, "already_pinned"},
		{"pins.add", args{"channel": s.room, "timestamp": "1.000000"}, "message_not_found"},
		{"files.getUploadURLExternal", args{"filename": "x.pdf", "length": "0"}, "invalid_arguments"},
		{"files.completeUploadExternal", args{"files": `[{"id":"F0NONE"}]`}, "file_not_found"},
		{"files.completeUploadExternal", args{"files": `x`}, "invalid_arguments"},
		{"files.delete", args{"file": "F0NONE"}, "file_not_found"},
		{"views.open", args{"trigger_id": "x", "view": "x"}, "invalid_arguments"},
		{"views.open", args{"trigger_id": "x"}, "invalid_arguments"},
		{"views.update", args{"view_id": "V0NONE", "view": "{}"}, "not_found"},
		{"views.publish", args{"user_id": "U0NOBODY000", "view": `{"type":"home","blocks":[]}`}, "user_not_found"},
		{"views.publish", args{"user_id": s.claire, "view": `{"type":"modal","blocks":[]}`}, "invalid_arguments"},
		{"apps.connections.open", args{}, "not_allowed_token_type"},
	} {
		values := url.Values{}
		for name, value := range c.args {
			values.Set(name, value)
		}
		answer := s.call(t, c.method, BotToken, values)
		if got, _ := answer["error"].(string); got != c.want || answer["ok"] != (c.want == "") {
			t.Errorf("%s %.80v: %v, want %q", c.method, c.args, answer, c.want)
		}
	}
	for token, want := range map[string]string{"": "not_authed", "xoxb-other": "invalid_auth", AppToken: "not_allowed_token_type"} {
		if answer := s.call(t, "users.list", token, url.Values{}); answer["error"] != want {
			t.Errorf("token %q: %v, want %s", token, answer, want)
		}
	}
	s.Revoke("token_revoked")
	if answer := s.call(t, "auth.test", BotToken, url.Values{}); answer["error"] != "token_revoked" {
		t.Error("a token that was revoked:", answer)
	}
}

func TestEachMethodNeedsItsScope(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Manifest = manifestOf() })
	free := map[string]bool{"apps.connections.open": true, "auth.test": true, "views.open": true, "views.publish": true, "views.push": true, "views.update": true}
	for name := range methods {
		answer := w.call(t, name, BotToken, url.Values{"channel": {w.room}, "users": {w.paul}, "name": {"x"}, "text": {"x"}})
		if free[name] == (answer["error"] == "missing_scope") {
			t.Errorf("%s without any scope: %v", name, answer)
		}
		if answer["error"] == "missing_scope" && answer["needed"] == "" {
			t.Errorf("%s does not say what it needs: %v", name, answer)
		}
	}
	// The real client reads it.
	_, err := w.api.GetUserInfo(w.claire)
	var why slack.SlackErrorResponse
	if !errors.As(err, &why) || why.Err != "missing_scope" || why.Needed != "users:read" {
		t.Errorf("users.info: %v", err)
	}
}

func TestTriggersServeOnceAndForThreeSeconds(t *testing.T) {
	w := newWorld(t, nil)
	var trigger string
	w.listen(t, func(event socketmode.Event) any {
		trigger = event.Data.(slack.SlashCommand).TriggerID
		return nil
	})
	type a func() error
	open := func() error { _, err := w.api.OpenView(trigger, modal("x")); return err }
	push := func() error { _, err := w.api.PushView(trigger, modal("x")); return err }
	for _, c := range []struct {
		name  string
		after time.Duration
		calls []a
		want  string
	}{
		{"at once", 0, []a{open}, ""},
		{"after three seconds", 3 * time.Second, []a{open}, ""},
		{"after more", 3*time.Second + time.Millisecond, []a{open}, "expired_trigger_id"},
		{"twice", 0, []a{open, open}, "exchanged_trigger_id"},
		{"a made-up one", 0, []a{func() error { trigger = "1.2.3"; return open() }}, "invalid_trigger_id"},
		{"a second window", 0, []a{push}, ""},
		{"a third one", 0, []a{push}, ""},
		{"a fourth one", 0, []a{push}, "push_limit_reached"},
	} {
		ok(t, w.Type(t.Context(), w.claire, w.room, "/parcours"))
		w.pass(c.after)
		var err error
		for _, call := range c.calls {
			err = call()
		}
		if got := whyNot(err); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func whyNot(err error) string {
	var why slack.SlackErrorResponse
	if errors.As(err, &why) {
		return why.Err
	}
	return ""
}

func TestAMinuteTakesSoManyCalls(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Unhurried = false })
	room2 := w.Channel("autre", w.BotID(), true)
	post := func(channel string) error {
		_, _, err := w.api.PostMessage(channel, slack.MsgOptionText("x", false))
		return err
	}
	wait := func(err error) time.Duration {
		var late *slack.RateLimitedError
		if errors.As(err, &late) {
			return late.RetryAfter
		}
		ok(t, err)
		return 0
	}
	for range postBurst {
		ok(t, post(w.room))
	}
	if got := wait(post(w.room)); got != time.Second {
		t.Errorf("a message too many waits for %v", got)
	}
	ok(t, post(room2)) // another channel has its own
	w.pass(time.Second)
	ok(t, post(w.room))
	if wait(post(w.room)) == 0 {
		t.Error("two messages in a second")
	}
	create := func(n int) error {
		_, err := w.api.CreateConversation(slack.CreateConversationParams{ChannelName: fmt.Sprint("p-", n), IsPrivate: true})
		return err
	}
	for n := range int(tier2) {
		ok(t, create(n))
	}
	if got := wait(create(20)); got != 3*time.Second {
		t.Error("21 calls at 20 a minute:", got)
	}
	w.pass(3 * time.Second)
	ok(t, create(20))
}

func TestAFileIsGivenInThreeSteps(t *testing.T) {
	w := newWorld(t, nil)
	ctx := t.Context()
	step, err := w.api.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: "a.pdf", FileSize: 4})
	ok(t, err)
	finish := func(channel string) error {
		_, err := w.api.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{
			Files: []slack.FileSummary{{ID: step.FileID, Title: "a"}}, Channel: channel,
		})
		return err
	}
	give := func(body string) error {
		return w.api.UploadToURL(ctx, slack.UploadToURLParameters{UploadURL: step.UploadURL, Filename: "a.pdf", Content: body})
	}
	if err := finish(w.room); whyNot(err) != "file_not_found" {
		t.Error("before it was given:", err)
	}
	if give("other") == nil {
		t.Error("of another length than said")
	}
	ok(t, give("%PDF"))
	for channel, want := range map[string]string{"C0NOWHERE00": "invalid_channel", w.Channel("x", w.claire, false): "posting_to_channel_denied"} {
		if err := finish(channel); whyNot(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	ok(t, finish(w.room))
	if seen := w.Seen(w.claire); len(seen) != 1 || !slices.Equal(seen[0].Files, []string{"a.pdf"}) {
		t.Errorf("seen: %+v", seen)
	}
	if err := finish(w.room); whyNot(err) != "file_not_found" {
		t.Error("twice:", err)
	}
	ok(t, w.api.DeleteFile(step.FileID))
	if seen := w.Seen(w.claire); len(seen) != 0 {
		t.Errorf("after it was deleted: %+v", seen)
	}
}

func TestPeopleAndChannelsAsTheAppReadsThem(t *testing.T) {
	w := newWorld(t, nil)
	guest := w.Join(Person{Handle: "g", Name: "Guest", SingleGuest: true, Locale: "en-GB", Zone: "Europe/London"})
	stranger := w.Join(Person{Handle: "s", Team: "T0OTHER", Stranger: true})
	user, err := w.api.GetUserInfo(guest)
	ok(t, err)
	if !user.IsRestricted || !user.IsUltraRestricted || user.Locale != "en-GB" || user.TZ != "Europe/London" || user.TeamID != TeamID {
		t.Errorf("a guest: %+v", user)
	}
	if user, err = w.api.GetUserInfo(stranger); err != nil || !user.IsStranger || user.TeamID != "T0OTHER" {
		t.Errorf("a stranger: %+v %v", user, err)
	}
	info := func() *slack.Channel {
		t.Helper()
		channel, err := w.api.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: w.room})
		ok(t, err)
		return channel
	}
	if c := info(); !c.IsPrivate || c.IsExtShared || c.IsPendingExtShared || c.Creator != w.BotID() {
		t.Errorf("a private channel: %+v", c)
	}
	w.Share(w.room, "T0OTHER", true)
	if c := info(); c.IsExtShared || !c.IsPendingExtShared {
		t.Errorf("about to be shared: %+v", c)
	}
	w.Share(w.room, "T0OTHER", false)
	if c := info(); !c.IsExtShared || c.IsPendingExtShared || !slices.Equal(c.ConnectedTeamIDs, []string{"T0OTHER"}) {
		t.Errorf("shared: %+v", c)
	}
	w.Convert(w.claire, w.room)
	if c := info(); c.IsPrivate {
		t.Errorf("a public channel: %+v", c)
	}
	for range 3 {
		w.Say(w.claire, w.room, "x")
	}
	history, err := w.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: w.room, Limit: 2})
	ok(t, err)
	if len(history.Messages) != 2 || !history.HasMore {
		t.Errorf("a page: %+v", history)
	}
	rest, err := w.api.GetConversationHistory(&slack.GetConversationHistoryParameters{
		ChannelID: w.room, Limit: 2, Cursor: history.ResponseMetaData.NextCursor, Oldest: "0",
	})
	ok(t, err)
	if len(rest.Messages) != 1 || rest.HasMore {
		t.Errorf("the next page: %+v", rest)
	}
	mine, _, err := w.api.GetConversationsForUser(&slack.GetConversationsForUserParameters{Types: []string{"public_channel", "private_channel"}})
	ok(t, err)
	if len(mine) != 1 || mine[0].ID != w.room {
		t.Errorf("the bot's channels: %+v", mine)
	}
	if auth, err := w.api.AuthTest(); err != nil || auth.UserID != w.BotID() || !strings.Contains(auth.Header.Get("X-OAuth-Scopes"), "chat:write") {
		t.Errorf("auth.test: %+v %v", auth, err)
	}
}

func TestMetadataIsReadWhenAskedFor(t *testing.T) {
	w := newWorld(t, nil)
	about := slack.SlackMetadata{EventType: "x", EventPayload: map[string]any{"key": "k"}}
	_, ts, err := w.api.PostMessage(w.room, slack.MsgOptionText("x", false), slack.MsgOptionMetadata(about))
	ok(t, err)
	_, _, err = w.api.PostMessage(w.room, slack.MsgOptionText("suite", false), slack.MsgOptionTS(ts))
	ok(t, err)
	_, _, _, err = w.api.UpdateMessage(w.room, ts, slack.MsgOptionText("y", false))
	ok(t, err)
	for _, asked := range []bool{false, true} {
		history, err := w.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: w.room, IncludeAllMetadata: asked})
		ok(t, err)
		if len(history.Messages) != 1 || (history.Messages[0].Metadata.EventType == "x") != asked || history.Messages[0].Text != "y" {
			t.Errorf("asked for metadata %v: %+v", asked, history.Messages)
		}
	}
	replies, _, _, err := w.api.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: w.room, Timestamp: ts})
	ok(t, err)
	if len(replies) != 2 || replies[1].Text != "suite" || replies[1].ThreadTimestamp != ts {
		t.Errorf("the thread: %+v", replies)
	}
}

func TestManifestsThatAreRefused(t *testing.T) {
	base := map[string]any{}
	ok(t, json.Unmarshal(manifestOf(everything...), &base))
	at := func(path string, value any) func(map[string]any) {
		return func(m map[string]any) {
			names := strings.Split(path, ".")
			for _, name := range names[:len(names)-1] {
				inner := maps.Clone(m[name].(map[string]any))
				m[name], m = inner, inner
			}
			m[names[len(names)-1]] = value
		}
	}
	for name, change := range map[string]func(map[string]any){
		"no name":                    at("display_information.name", ""),
		"a long name":                at("display_information.name", strings.Repeat("x", 36)),
		"a long description":         at("display_information.description", strings.Repeat("x", 141)),
		"no bot":                     at("features.bot_user", nil),
		"a command without a slash":  at("features.slash_commands", []object{{"command": "parcours", "description": "x"}}),
		"51 commands":                at("features.slash_commands", slices.Repeat([]object{{"command": "/parcours", "description": "x"}}, 51)),
		"a shortcut of 25 letters":   at("features.shortcuts", []object{{"name": strings.Repeat("x", 25), "type": "message", "callback_id": "x", "description": "x"}}),
		"an event that is none":      at("settings.event_subscriptions.bot_events", []string{"message.im", "sunrise"}),
		"an event without its scope": at("oauth_config.scopes.bot", []string{"commands"}),
		"no socket and no address":   at("settings.socket_mode_enabled", false),
	} {
		m := maps.Clone(base)
		change(m)
		raw, err := json.Marshal(m)
		ok(t, err)
		if w, err := Start(Options{Manifest: raw}); err == nil {
			w.Close()
			t.Errorf("%s is taken", name)
		}
	}
}

// TestPeopleWriteWhereTheTabLetsThem holds that nobody writes to the app unless its tab
// of messages is there, and said to be more than read.
func TestPeopleWriteWhereTheTabLetsThem(t *testing.T) {
	for name, c := range map[string]struct {
		home           object
		posts, written bool
	}{
		"no tab":     {object{"home_tab_enabled": true}, false, false},
		"unsaid":     {object{"messages_tab_enabled": true}, true, false},
		"read only":  {object{"messages_tab_enabled": true, "messages_tab_read_only_enabled": true}, true, false},
		"to write":   {object{"messages_tab_enabled": true, "messages_tab_read_only_enabled": false}, true, true},
		"off anyway": {object{"messages_tab_read_only_enabled": false}, false, false},
	} {
		m := map[string]any{}
		ok(t, json.Unmarshal(manifestOf(everything...), &m))
		m["features"].(map[string]any)["app_home"] = c.home
		raw, err := json.Marshal(m)
		ok(t, err)
		w := newWorld(t, func(o *Options) { o.Manifest = raw })
		direct := w.Direct(w.claire)
		for what, do := range map[string]func(){
			"a message": func() { w.Say(w.claire, direct, "Bonjour") },
			"a command": func() { _ = w.Type(context.Background(), w.claire, direct, "/autre") },
		} {
			if written := succeeds(do); written != c.written {
				t.Errorf("%s: %s is taken: %v", name, what, written)
			}
		}
		if _, _, err := w.api.PostMessage(direct, slack.MsgOptionText("x", false)); (err == nil) != c.posts || err != nil && err.Error() != "messages_tab_disabled" {
			t.Errorf("%s: the app writes: %v", name, err)
		}
	}
}

// succeeds says whether something does without a panic.
func succeeds(do func()) (well bool) {
	defer func() { well = recover() == nil }()
	do()
	return
}

// TestCallsAreSigned holds that without a socket, what Slack calls is signed, and an
// event that is not taken comes again.
func TestCallsAreSigned(t *testing.T) {
	var mu sync.Mutex
	calls := map[string]int{}
	app := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		verifier, wrong := slack.NewSecretsVerifier(r.Header, SigningSecret)
		_, _ = verifier.Write(body)
		if err != nil || wrong != nil || verifier.Ensure() != nil {
			t.Errorf("%s is not signed: %v %v", r.URL.Path, err, wrong)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		mu.Lock()
		defer mu.Unlock()
		calls[r.URL.Path]++
		switch r.URL.Path {
		case "/event":
			if calls[r.URL.Path] == 1 {
				rw.WriteHeader(http.StatusBadGateway)
			} else if r.Header.Get("X-Slack-Retry-Num") != "1" {
				t.Error("an event comes again without saying so")
			}
		case "/command":
			command, err := slack.SlashCommandParse(r)
			if err != nil || command.Text != "aide" {
				t.Errorf("the command: %+v %v", command, err)
			}
			_, _ = io.WriteString(rw, "Voilà")
		}
	}))
	t.Cleanup(app.Close)
	m := map[string]any{}
	ok(t, json.Unmarshal(manifestOf("commands", "im:history"), &m))
	settings := m["settings"].(map[string]any)
	settings["socket_mode_enabled"] = false
	settings["event_subscriptions"] = object{"request_url": app.URL + "/event", "bot_events": []string{"message.im"}}
	settings["interactivity"] = object{"is_enabled": true, "request_url": app.URL + "/interaction"}
	m["features"].(map[string]any)["slash_commands"] = []object{{"command": "/parcours", "description": "x", "url": app.URL + "/command"}}
	raw, err := json.Marshal(m)
	ok(t, err)
	w := newWorld(t, func(o *Options) { o.Manifest, o.Now = raw, time.Now })
	direct := w.Direct(w.claire)
	ok(t, w.Type(context.Background(), w.claire, direct, "/parcours aide"))
	w.Say(w.claire, direct, "Bonjour")
	ok(t, w.Flush(t.Context()))
	mu.Lock()
	defer mu.Unlock()
	if calls["/event"] != 2 || calls["/command"] != 1 {
		t.Error("called:", calls)
	}
	if seen := w.Seen(w.claire); len(seen) != 2 || seen[0].Text != "Voilà" {
		t.Errorf("seen: %+v", seen)
	}
	http.DefaultClient.CloseIdleConnections()
}
