package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
)

// stands is a message of the bot as conversations.history gives it.
func stands(ts, key string, change func(m)) m {
	message := m{
		"type": "message", "user": me, "bot_id": program, "ts": ts, "text": "x",
		"metadata": m{"event_type": messageType, "event_payload": m{"key": key, "keys": key + "/1\n" + key + "/2"}},
	}
	change(message)
	return message
}

func history(messages ...m) m {
	if messages == nil {
		messages = []m{}
	}
	return m{"ok": true, "messages": messages, "has_more": false}
}

func toChannel(change func(*chat.Outgoing)) chat.Cleared {
	out := chat.Outgoing{Key: "key", Channel: channel, Message: chat.Message{Text: "Bonjour", Card: &chat.Card{
		Title: "Une action", Rows: []chat.Row{chat.About("P-7K3F", "budget", "Quoi", "Solder")},
		Buttons: []chat.Button{{ID: "done", Label: "C’est fait", Token: "token", Command: "/parcours x"}},
	}}}
	change(&out)
	return chattest.Clear(out)
}

func TestSend(t *testing.T) {
	a, f, _ := newFake(t)
	sent, err := a.Send(t.Context(), toChannel(func(o *chat.Outgoing) { o.Pin, o.Keys = true, []string{"a", "b"} }))
	if err != nil || sent != (chat.Sent{Channel: channel, Message: ts1}) {
		t.Fatalf("%+v, %v", sent, err)
	}
	asked := f.last(t, "chat.postMessage")
	if asked.Get("text") != "Bonjour" || asked.Get("channel") != channel || asked.Get("parse") != "none" || asked.Get("unfurl_links") != "false" ||
		asked.Get("metadata") != `{"event_type":"parcours_message","event_payload":{"key":"key","keys":"a\nb"}}` {
		t.Errorf("asked %v", asked)
	}
	if blocks := asked.Get("blocks"); !strings.Contains(blocks, "Solder") || strings.Contains(asked.Get("text"), "Solder") {
		t.Errorf("asked %v", asked)
	}
	if pin := f.last(t, "pins.add"); pin.Get("channel") != channel || pin.Get("timestamp") != ts1 {
		t.Errorf("pinned %v", pin)
	}
	f.refuse("pins.add", errAlreadyPinned)
	if _, err := a.Send(t.Context(), toChannel(func(o *chat.Outgoing) { o.Pin = true })); err != nil {
		t.Error(err)
	}
	if _, err := a.Send(t.Context(), toChannel(func(o *chat.Outgoing) { o.Channel, o.User = "", claire })); err != nil {
		t.Error(err)
	}
	if asked := f.last(t, "chat.postMessage"); asked.Get("channel") != private {
		t.Errorf("in private to %s", asked.Get("channel"))
	}
}

func TestSendRefusesWhatIsNotOne(t *testing.T) {
	for name, c := range map[string]struct {
		message chat.Cleared
		want    error
	}{
		"uncleared":    {chat.Cleared{}, chat.ErrRefused},
		"no key":       {toChannel(func(o *chat.Outgoing) { o.Key = "" }), chat.ErrRefused},
		"nowhere":      {toChannel(func(o *chat.Outgoing) { o.Channel = "" }), chat.ErrRefused},
		"everywhere":   {toChannel(func(o *chat.Outgoing) { o.User = claire }), chat.ErrRefused},
		"over a limit": {toChannel(func(o *chat.Outgoing) { o.Message.Text = strings.Repeat("x", 20000) }), chat.ErrRefused},
		"no channel":   {toChannel(func(o *chat.Outgoing) { o.Channel = "../x" }), chat.ErrNotFound},
		"no user":      {toChannel(func(o *chat.Outgoing) { o.Channel, o.User = "", "x" }), chat.ErrNotFound},
		"to itself":    {toChannel(func(o *chat.Outgoing) { o.Channel, o.User = "", me }), chat.ErrNotFound},
		"no message":   {toChannel(func(o *chat.Outgoing) { o.Edit = "x" }), chat.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			a, f, _ := newFake(t)
			if _, err := a.Send(t.Context(), c.message); !errors.Is(err, c.want) || len(f.were("chat.postMessage")) > 0 {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestAMessageIsSentOnce(t *testing.T) {
	a, f, _ := newFake(t)
	f.do("conversations.history", func(asked ask) any {
		switch {
		case asked.Get("include_all_metadata") != "1":
			return history()
		case asked.Get("oldest") != "":
			return history(stands(ts2, "key", func(m) {}))
		case asked.Get("cursor") == "":
			more := history(
				stands("1763890009.000100", "key", func(b m) { b["user"], b["bot_id"] = martin, nil }),
				stands("1763890008.000100", "key", func(b m) { b["metadata"].(m)["event_type"] = "other" }),
				stands("1763890007.000100", "other", func(m) {}),
			)
			more["response_metadata"] = m{"next_cursor": "more"}
			return more
		}
		return history(stands(ts2, "key", func(m) {}))
	})
	sent, err := a.Send(t.Context(), toChannel(func(o *chat.Outgoing) { o.Again = true }))
	if err != nil || sent.Message != ts2 || len(f.were("chat.postMessage")) > 0 {
		t.Fatalf("%+v, %v, %v", sent, err, f.were("chat.postMessage"))
	}
	asked := f.last(t, "chat.update")
	if asked.Get("ts") != ts2 || asked.Get("metadata") != `{"event_type":"parcours_message","event_payload":{"key":"key","keys":"key/1\nkey/2"}}` {
		t.Errorf("changed %v", asked)
	}
	f.say("conversations.history", history())
	if _, err := a.Send(t.Context(), toChannel(func(o *chat.Outgoing) { o.Again = true })); err != nil || len(f.were("chat.postMessage")) != 1 {
		t.Errorf("one that is not there is not sent: %v", err)
	}
	f.forget()
	f.say("conversations.history", history())
	_, err = a.Send(t.Context(), toChannel(func(o *chat.Outgoing) { o.Seek = true }))
	if !errors.Is(err, chat.ErrNotFound) || len(f.were("chat.postMessage"))+len(f.were("chat.update")) != 0 {
		t.Errorf("one that is sought and not there: %v", err)
	}
	// Whether it is there must be known.
	f.forget()
	f.say("conversations.history", failing{status: 500})
	if _, err := a.Send(t.Context(), toChannel(func(o *chat.Outgoing) { o.Again = true })); err == nil || len(f.were("chat.postMessage")) != 0 {
		t.Errorf("sent without a look: %v", err)
	}
}

func TestEdit(t *testing.T) {
	once := func(b m) { b["metadata"].(m)["event_payload"].(m)["keys"] = []string{"key/1", "key/2"} }
	for name, c := range map[string]struct {
		old     m
		refused string
		want    error
	}{
		"the bot's":           {history(stands(ts1, "key", func(m) {})), "", nil},
		"of another time":     {history(stands(ts1, "key", once)), "", nil},
		"another's":           {history(stands(ts1, "key", func(b m) { b["user"], b["bot_id"] = martin, "" })), "", chat.ErrNotFound},
		"none":                {history(), errNoMessage, chat.ErrNotFound},
		"another's, unread":   {history(), "cant_update_message", chat.ErrNotFound},
		"the one after":       {history(stands(ts2, "key", func(m) {})), errNoMessage, chat.ErrNotFound},
		"of a hidden channel": {m{"ok": false, "error": "channel_not_found"}, "", chat.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			a, f, _ := newFake(t)
			f.say("conversations.history", c.old)
			if c.refused != "" {
				f.refuse("chat.update", c.refused)
			}
			sent, err := a.Send(t.Context(), toChannel(func(o *chat.Outgoing) { o.Key, o.Edit = "", ts1 }))
			if c.want != nil {
				if !errors.Is(err, c.want) || (len(f.were("chat.update")) > 0) != (c.refused != "") || len(f.were("pins.add")) > 0 {
					t.Errorf("%v", err)
				}
				return
			}
			asked := f.last(t, "chat.update")
			if err != nil || sent.Message != ts1 || asked.Get("ts") != ts1 || !strings.Contains(asked.Get("metadata"), `"key":"key","keys":"key/1\nkey/2"`) {
				t.Errorf("%+v, %v, %v", sent, err, asked)
			}
		})
	}
}

// What Slack does not show for being too old is edited all the same.
func TestEditOfWhatIsNotShown(t *testing.T) {
	for name, replies := range map[string]m{
		"with its thread":    {"ok": false, "error": "thread_not_found"},
		"without its thread": {"ok": true, "messages": []m{stands(ts2, "key", func(b m) { b["metadata"].(m)["event_payload"].(m)["part"] = 1 })}},
	} {
		t.Run(name, func(t *testing.T) {
			a, f, _ := newFake(t)
			f.say("conversations.history", history())
			f.say("conversations.replies", replies)
			sent, err := a.Send(t.Context(), toChannel(func(o *chat.Outgoing) { o.Edit, o.Keys, o.Pin = ts1, []string{"a"}, true }))
			asked := f.last(t, "chat.update")
			if err != nil || sent.Message != ts1 || asked.Get("ts") != ts1 || !strings.Contains(asked.Get("blocks"), "Solder") || asked.Has("metadata") {
				t.Errorf("%+v, %v, %v", sent, err, asked)
			}
			// What is read of its thread is taken away as ever.
			if gone := f.were("chat.delete"); (len(gone) == 1) != (replies["ok"] == true) {
				t.Errorf("deleted %v", gone)
			}
			f.say("conversations.replies", failing{status: 500})
			if _, err := a.Send(t.Context(), toChannel(func(o *chat.Outgoing) { o.Edit = ts1 })); err == nil || errors.Is(err, chat.ErrNotFound) {
				t.Errorf("a thread that could not be looked at: %v", err)
			}
		})
	}
}

func TestFind(t *testing.T) {
	a, f, _ := newFake(t)
	since := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	f.say("conversations.history", history(
		stands(ts2, "one", func(m) {}), stands("1763889999.000100", "five", func(b m) { b["metadata"].(m)["event_payload"].(m)["keys"] = []string{"five/1"} }),
		stands(ts1, "two", func(b m) { b["user"], b["bot_id"] = claire, "" }),
		stands("1763890000.000050", "three", func(b m) { b["metadata"].(m)["event_payload"].(m)["part"] = 1 }),
	))
	found, err := a.Find(t.Context(), claire, []string{"one", "one/2", "two", "three", "four", "five/1"}, since)
	here := chat.Sent{Channel: private, Message: ts2}
	if err != nil || diff(map[string]chat.Sent{"one": here, "one/2": here, "five/1": {Channel: private, Message: "1763889999.000100"}}, found) != "" {
		t.Errorf("%v, %v", found, err)
	}
	if asked := f.last(t, "conversations.history"); asked.Get("oldest") != fmt.Sprint(since.Unix())+".000000" || asked.Get("inclusive") != "1" || asked.Get("channel") != private {
		t.Errorf("asked %v", asked)
	}
	f.refuse("conversations.open", "user_not_found")
	if _, err := a.Find(t.Context(), martin, []string{"one"}, since); !errors.Is(err, chat.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

func TestALongMessageGoesOnInItsThread(t *testing.T) {
	a, f, _ := newFake(t)
	long := func(rows int) chat.Cleared {
		return toChannel(func(o *chat.Outgoing) {
			o.Again = true
			o.Message.Card.Rows = nil
			for i := range rows {
				o.Message.Card.Rows = append(o.Message.Card.Rows, chat.Heading(fmt.Sprintf("Partie %d", i)), chat.Plain("", strings.Repeat("mot ", 700)))
			}
		})
	}
	f.say("conversations.history", history())
	if _, err := a.Send(t.Context(), long(5)); err != nil {
		t.Fatal(err)
	}
	posts := f.were("chat.postMessage")
	if len(posts) != 2 || posts[0].Has("thread_ts") || posts[1].Get("thread_ts") != ts1 || !strings.Contains(posts[1].Get("metadata"), `"key":"key","part":1`) ||
		!strings.Contains(posts[0].Get("blocks"), `"done"`) || strings.Contains(posts[1].Get("blocks"), `"done"`) {
		t.Fatalf("sent %v", posts)
	}
	// Tried again after the first part alone arrived, and then shortened.
	f.say("conversations.history", history(stands(ts1, "key", func(b m) { b["reply_count"] = 1 })))
	f.say("conversations.replies", m{"ok": true, "messages": []m{
		stands(ts1, "key", func(m) {}),
		{"type": "message", "ts": ts2, "user": martin, "text": "merci"},
		stands("1763890002.000300", "key", func(b m) { b["metadata"].(m)["event_payload"].(m)["part"] = 1 }),
	}})
	f.forget()
	if _, err := a.Send(t.Context(), long(5)); err != nil || len(f.were("chat.postMessage")) > 0 {
		t.Errorf("sent again: %v, %v", f.were("chat.postMessage"), err)
	}
	if changed := f.were("chat.update"); len(changed) != 2 || changed[1].Get("ts") != "1763890002.000300" {
		t.Errorf("changed %v", changed)
	}
	if _, err := a.Send(t.Context(), long(1)); err != nil {
		t.Error(err)
	}
	if taken := f.last(t, "chat.delete"); taken.Get("ts") != "1763890002.000300" {
		t.Errorf("taken away %v", taken)
	}
}

func TestFilesGoInTheThread(t *testing.T) {
	a, f, _ := newFake(t)
	f.do("files.getUploadURLExternal", func(asked ask) any {
		return m{"ok": true, "upload_url": f.URL + "/upload/" + asked.Get("filename"), "file_id": "F" + asked.Get("filename")}
	})
	f.do("files.completeUploadExternal", func(asked ask) any {
		var files []m
		_ = json.Unmarshal([]byte(asked.Get("files")), &files)
		return m{"ok": true, "files": files}
	})
	withFiles := func(change func(*chat.Outgoing)) chat.Cleared {
		return toChannel(func(o *chat.Outgoing) {
			for _, name := range []string{"releve.pdf", "releve.html"} {
				o.Message.Files = append(o.Message.Files, chat.File{Name: name, Type: "application/pdf", Body: []byte("x")})
			}
			change(o)
		})
	}
	if _, err := a.Send(t.Context(), withFiles(func(*chat.Outgoing) {})); err != nil {
		t.Fatal(err)
	}
	shared := f.were("files.completeUploadExternal")
	if len(shared) != 2 || shared[0].Get("channel_id") != channel || shared[0].Get("thread_ts") != ts1 || shared[1].Get("files") != `[{"id":"Freleve.html","title":"releve.html"}]` {
		t.Fatalf("shared %v", shared)
	}
	// The second was lost on the way.
	f.say("conversations.history", history(stands(ts1, "key", func(b m) { b["reply_count"] = 1 })))
	f.say("conversations.replies", m{"ok": true, "messages": []m{
		{"type": "message", "ts": ts2, "user": me, "files": []m{{"id": "F1", "name": "releve.pdf"}}},
		{"type": "message", "ts": "1763890005.000000", "user": martin, "files": []m{{"id": "F2", "name": "releve.html"}}},
	}})
	f.forget()
	if _, err := a.Send(t.Context(), withFiles(func(o *chat.Outgoing) { o.Again = true })); err != nil {
		t.Error(err)
	}
	if shared := f.were("files.completeUploadExternal"); len(shared) != 1 || !strings.Contains(shared[0].Get("files"), "html") {
		t.Errorf("shared %v", shared)
	}
	// Changed in place they stay as they are; without any they are destroyed.
	f.forget()
	if _, err := a.Send(t.Context(), withFiles(func(o *chat.Outgoing) { o.Edit = ts1 })); err != nil || len(f.were("files.completeUploadExternal"))+len(f.were("files.delete")) > 0 {
		t.Errorf("%v, %v", err, f.asked)
	}
	f.refuse("files.delete", errFileGone)
	f.refuse("chat.delete", errNoMessage)
	if _, err := a.Send(t.Context(), toChannel(func(o *chat.Outgoing) { o.Edit = ts1 })); err != nil {
		t.Error(err)
	}
	if gone, taken := f.were("files.delete"), f.were("chat.delete"); len(gone) != 1 || gone[0].Get("file") != "F1" || len(taken) != 1 || taken[0].Get("ts") != ts2 {
		t.Errorf("destroyed %v, taken away %v", gone, taken)
	}
	f.refuse("files.delete", "access_denied")
	if _, err := a.Send(t.Context(), toChannel(func(o *chat.Outgoing) { o.Edit = ts1 })); !errors.Is(err, chat.ErrRefused) {
		t.Errorf("a file that stays is not told: %v", err)
	}
}

func TestErrors(t *testing.T) {
	token, found, refused := ErrToken, chat.ErrNotFound, chat.ErrRefused
	for name, c := range map[string]struct {
		answer any
		want   error
		after  time.Duration
	}{
		"unknown channel":  {m{"ok": false, "error": "channel_not_found"}, found, 0},
		"archived":         {m{"ok": false, "error": errArchived}, refused, 0},
		"too long":         {m{"ok": false, "error": "msg_blocks_too_long"}, refused, 0},
		"a new word":       {m{"ok": false, "error": "no_such_thing_yet"}, refused, 0},
		"a whole sentence": {m{"ok": false, "error": "Claire Martin is not there"}, refused, 0},
		"revoked":          {m{"ok": false, "error": "token_revoked"}, token, 0},
		"taken out":        {m{"ok": false, "error": errNotIn}, nil, 0},
		"in trouble":       {m{"ok": false, "error": "internal_error"}, nil, 0},
		"without a scope":  {m{"ok": false, "error": "missing_scope"}, nil, 0},
		"kept out":         {m{"ok": false, "error": "access_denied"}, nil, 0},
		"without its keys": {m{"ok": false, "error": "ekm_access_denied"}, nil, 0},
		"not let in yet":   {m{"ok": false, "error": "team_access_not_granted"}, nil, 0},
		"without 2 steps":  {m{"ok": false, "error": "two_factor_setup_required"}, nil, 0},
		"no sense":         {failing{status: 200, body: `{"ok": "Claire Martin"}`}, nil, 0},
		"no JSON":          {failing{status: 200, body: `<Claire Martin>`}, nil, 0},
		"down":             {failing{status: 503}, nil, 0},
		"forbidden":        {failing{status: 403}, refused, 0},
		"later":            {failing{status: 429, header: http.Header{"Retry-After": {"30"}}}, nil, 30 * time.Second},
		"some time":        {failing{status: 429}, nil, time.Second},
		"in ages":          {failing{status: 429, header: http.Header{"Retry-After": {"999999"}}}, nil, time.Second},
		"later, in words":  {m{"ok": false, "error": "ratelimited"}, nil, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			a, f, _ := newFake(t)
			f.say("chat.postMessage", c.answer)
			_, err := a.Send(t.Context(), toChannel(func(*chat.Outgoing) {}))
			var later *chat.RetryError
			switch {
			case err == nil, strings.Contains(err.Error(), "Claire"), strings.Contains(err.Error(), "xoxb"), strings.Contains(err.Error(), "Solder"):
				t.Errorf("%v", err)
			case c.want != nil && !errors.Is(err, c.want):
				t.Errorf("%v, want %v", err, c.want)
			case c.want == nil && (errors.Is(err, found) || errors.Is(err, refused) || errors.Is(err, token)):
				t.Errorf("%v does not pass", err)
			case errors.As(err, &later) != (c.after > 0) || later != nil && later.After != c.after:
				t.Errorf("%v, want a wait of %v", err, c.after)
			}
		})
	}
	a, f, _ := newFake(t)
	if _, err := a.me(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if _, err := a.Send(t.Context(), toChannel(func(*chat.Outgoing) {})); err == nil || errors.Is(err, refused) || errors.Is(err, found) {
		t.Errorf("nobody answers: %v", err)
	}
}
