package slack

import (
	"errors"
	"testing"

	"parcours/bot/chat"
)

func TestQuote(t *testing.T) {
	word := func(change func(m)) m {
		w := m{"type": "message", "user": martin, "ts": ts1, "text": "Solder les <https://a.example|dettes> &amp; voir <@" + claire + ">"}
		change(w)
		return history(w)
	}
	const link = "https://acme.slack.com/archives/" + channel + "/p1763890000000100"
	same := word(func(m) {})
	both := people(claire, martin, me)
	for name, c := range map[string]struct {
		link             string
		message, members m
		ok               bool
	}{
		"its link":              {link, same, both, true},
		"with its name":         {" " + link + "?x=1 ", same, both, true},
		"of the same house":     {"https://ACME.slack.com/archives/" + channel + "/p1763890000000100", same, both, true},
		"with a file":           {link, word(func(w m) { w["subtype"], w["files"] = "file_share", []m{{"id": "F1"}} }), both, true},
		"told to the channel":   {link, word(func(w m) { w["subtype"] = "thread_broadcast" }), both, true},
		"of what they do":       {link, word(func(w m) { w["subtype"] = "me_message" }), both, true},
		"a program's file":      {link, word(func(w m) { w["subtype"], w["bot_id"] = "file_share", "B1" }), both, false},
		"by a program":          {link, word(func(w m) { w["subtype"] = "bot_message" }), both, false},
		"another workspace":     {"https://other.slack.com/archives/" + channel + "/p1763890000000100", same, both, false},
		"that begins the same":  {"https://acme.slack.com.evil.example/archives/" + channel + "/p1763890000000100", same, both, false},
		"not in the clear":      {"http://acme.slack.com/archives/" + channel + "/p1763890000000100", same, both, false},
		"more than the link":    {link + "/x", same, both, false},
		"another page":          {"https://acme.slack.com/files/" + channel + "/p1763890000000100", same, both, false},
		"a user's":              {"https://acme.slack.com/archives/" + claire + "/p1763890000000100", same, both, false},
		"a short number":        {"https://acme.slack.com/archives/" + channel + "/p123456", same, both, false},
		"a thread that is none": {link + "?thread_ts=x", same, both, false},
		"no link":               {"x", same, both, false},
		"nothing":               {"", same, both, false},
		"no such message":       {link, history(), both, false},
		"the one before":        {link, word(func(w m) { w["ts"] = "1763890000.000099" }), both, false},
		"of a hidden channel":   {link, same, m{"ok": false, "error": "channel_not_found"}, false},
		"they may not read":     {link, same, people(martin, me), false},
		"the bot may not read":  {link, m{"ok": false, "error": "missing_scope"}, both, false},
		"the bot's own":         {link, word(func(w m) { w["user"] = me }), both, false},
		"a program's":           {link, word(func(w m) { w["bot_id"] = "B1" }), both, false},
		"Slack's":               {link, word(func(w m) { w["subtype"] = "channel_join" }), both, false},
	} {
		t.Run(name, func(t *testing.T) {
			a, f, _ := newFake(t)
			f.say("conversations.history", c.message)
			f.say("conversations.members", c.members)
			got, err := a.Quote(t.Context(), c.link, claire)
			if c.ok {
				want := chat.Quote{Channel: channel, Message: ts1, Author: martin, Text: "Solder les https://a.example & voir @" + claire}
				if err != nil || got != want {
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

func TestQuoteInAThread(t *testing.T) {
	a, f, _ := newFake(t)
	f.say("conversations.members", people(claire, me))
	f.say("conversations.replies", history(m{"ts": ts1, "user": claire, "text": "avant"}, m{"ts": ts2, "thread_ts": ts1, "user": martin, "text": "Solder"}))
	got, err := a.Quote(t.Context(), permalink("https://acme.slack.com", channel, ts2, ts1), claire)
	if asked := f.last(t, "conversations.replies"); err != nil || got.Text != "Solder" || asked.Get("ts") != ts1 || asked.Get("latest") != ts2 {
		t.Errorf("%+v, %v, %v", got, err, asked)
	}
}

func TestQuoteOfAServiceThatIsDown(t *testing.T) {
	a, f, _ := newFake(t)
	f.say("conversations.members", people(claire, me))
	f.say("conversations.history", failing{status: 502})
	if _, err := a.Quote(t.Context(), "https://acme.slack.com/archives/"+channel+"/p1763890000000100", claire); err == nil || errors.Is(err, chat.ErrNotFound) {
		t.Errorf("%v", err)
	}
}
