package slack

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"parcours/bot/chat"
	"parcours/casework"
)

// answered fails unless a call got a status that is meant for what is wrong with it.
func answered(t *testing.T, status int) {
	t.Helper()
	if !slices.Contains([]int{http.StatusOK, http.StatusBadRequest, http.StatusUnauthorized, http.StatusConflict, http.StatusRequestEntityTooLarge}, status) {
		t.Errorf("status %d", status)
	}
}

// forget has an adapter forget what it heard, so that it hears it again.
func forget(a *Adapter, h *ears) {
	a.heard = once{}
	h.commands, h.submissions, h.presses, h.moves = nil, nil, nil, nil
}

// FuzzSigned has anybody call as if they were Slack: without its signature nothing is
// heard.
func FuzzSigned(f *testing.F) {
	a, s, h := newFake(f)
	body := slashed(s, func(url.Values) {})
	good := signed(signingSecret, body, time.Now())
	f.Add(body, good.Get(signature), good.Get("X-Slack-Request-Timestamp"))
	f.Add(body, "v0=", "1763890000")
	f.Add(body, strings.Repeat("0", 64), "-1")
	f.Fuzz(func(t *testing.T, body, said, at string) {
		forget(a, h)
		status, _ := calls(a, CommandPath, formType, body, func(h http.Header) {
			h.Set(signature, said)
			h.Set("X-Slack-Request-Timestamp", at)
		})
		answered(t, status)
		seconds, err := strconv.ParseInt(at, 10, 64)
		known := err == nil && strings.EqualFold(said, signed(signingSecret, body, time.Unix(seconds, 0)).Get(signature))
		if len(h.heard().commands) > 0 && !known {
			t.Errorf("it was heard without its signature: %v", h.heard().commands)
		}
	})
}

// FuzzCommand has Slack tell of any command.
func FuzzCommand(f *testing.F) {
	a, s, h := newFake(f)
	f.Add(slashed(s, func(url.Values) {}))
	f.Add(slashed(s, func(v url.Values) { v.Set("user_id", "../../me") }))
	f.Add("a=%zz&user_id=;")
	f.Fuzz(func(t *testing.T, body string) {
		forget(a, h)
		status, _ := calls(a, CommandPath, formType, body)
		answered(t, status)
		for _, c := range h.heard().commands {
			if status != http.StatusOK || !isUser(string(c.User)) || !isChannel(string(c.Channel)) {
				t.Errorf("status %d, heard from %q in %q", status, c.User, c.Channel)
			}
		}
	})
}

// FuzzInteraction has Slack tell of anything that somebody did.
func FuzzInteraction(f *testing.F) {
	a, s, h := newFake(f)
	for _, change := range []func(m){
		func(m) {},
		func(b m) { b["actions"] = []any{nil, 1, m{"type": "button"}} },
		func(b m) { b["type"], b["callback_id"] = "message_action", Shortcut },
		func(b m) { delete(b, "message"); b["view"] = m{"id": "V1", "type": "home"} },
		func(b m) { b["actions"] = []m{{"type": "button", "action_id": openButton, "value": "x"}} },
	} {
		raw, err := json.Marshal(pressed(s, change))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw))
	}
	f.Fuzz(func(t *testing.T, payload string) {
		forget(a, h)
		status, _ := calls(a, InteractionPath, formType, url.Values{"payload": {payload}}.Encode())
		answered(t, status)
		for _, p := range h.heard().presses {
			if !isUser(string(p.User)) || !isChannel(string(p.Channel)) || strings.Contains(p.Button, twinMark) {
				t.Errorf("heard %+v", p)
			}
		}
		for _, c := range h.heard().commands {
			if !strings.HasPrefix(c.Text, `action from:"https://acme.slack.com/archives/`) || strings.Count(c.Text, `"`) != 2 {
				t.Errorf("heard %+v", c)
			}
		}
	})
}

// FuzzSubmission has Slack send back any form.
func FuzzSubmission(f *testing.F) {
	a, _, h := newFake(f)
	for _, change := range []func(m){
		func(m) {},
		func(b m) {
			b["view"].(m)["state"] = m{"values": m{"a": m{"b": m{"selected_options": []any{nil, m{"value": "x"}}}}}}
		},
		func(b m) { b["view"].(m)["private_metadata"] = `{"token":"t","bools":["","a"]}` },
		func(b m) { b["view"].(m)["state"] = m{"values": []any{}} },
	} {
		raw, err := json.Marshal(submitted(change))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw))
	}
	a.inTime = time.Minute
	h.answer = chat.Answer{FormError: "x", FieldErrors: map[string]string{"person": "y"}}
	f.Fuzz(func(t *testing.T, payload string) {
		forget(a, h)
		status, _ := calls(a, InteractionPath, formType, url.Values{"payload": {payload}}.Encode())
		answered(t, status)
		for _, s := range h.heard().submissions {
			if status != http.StatusOK || !isUser(string(s.User)) || s.Token == "" {
				t.Errorf("status %d, heard %+v", status, s)
			}
		}
	})
}

// FuzzEvent has Slack tell of any event.
func FuzzEvent(f *testing.F) {
	for _, e := range []m{
		{"type": "member_joined_channel", "user": claire, "channel": channel},
		{"type": "user_change", "user": m{"id": claire, "is_restricted": "x"}},
		{"type": "group_left", "channel": m{"id": 3}},
		{"type": "message", "channel_type": "im", "user": claire, "channel": private, "text": "<@" + me},
		{"type": "channel_id_changed", "old_channel_id": channel},
		{"type": "app_home_opened", "user": claire, "tab": "home"},
	} {
		raw, err := json.Marshal(m{"type": "event_callback", "event_id": "Ev1", "event": e})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw))
	}
	f.Add(`{"type":"url_verification","challenge":7}`)
	a, _, h := newFake(f)
	a.circles.Know(channel, []casework.UserID{claire})
	f.Fuzz(func(t *testing.T, body string) {
		forget(a, h)
		status, _ := told(a, body)
		answered(t, status)
		for _, moved := range h.heard().moves {
			if !isChannel(string(moved.Channel)) || moved.User != "" && !isUser(string(moved.User)) {
				t.Errorf("a move nowhere: %+v", moved)
			}
		}
		for _, c := range h.heard().commands {
			if !isUser(string(c.User)) || !isChannel(string(c.Channel)) || c.User == me {
				t.Errorf("heard %+v", c)
			}
		}
	})
}

// FuzzLink has people point anywhere: nothing is asked of Slack but what a link of the
// workspace points at.
func FuzzLink(f *testing.F) {
	f.Add("https://acme.slack.com/archives/" + channel + "/p1763890000000100")
	f.Add("https://acme.slack.com/archives/" + channel + "/p1763890000000100?thread_ts=1763890000.000100&thread_ts=x")
	f.Add("https://acme.slack.com@evil.example/archives/C/p1")
	f.Fuzz(func(t *testing.T, link string) {
		channel, id, thread, ok := pointed("https://acme.slack.com", link)
		if !ok {
			return
		}
		if !isChannel(channel) || !isMessage(id) || thread != "" && !isMessage(thread) || !strings.HasPrefix(strings.ToLower(link), "https://") {
			t.Errorf("%q points at %q %q %q", link, channel, id, thread)
		}
	})
}
