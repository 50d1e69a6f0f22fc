package slack

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
)

// did has Slack tell of an interaction, and gives the status and the answer.
func did(t testing.TB, a *Adapter, payload m) (int, string) {
	t.Helper()
	raw, err := json.Marshal(payload)
	if err != nil {
		t.Fatal(err)
	}
	return calls(a, InteractionPath, formType, url.Values{"payload": {string(raw)}}.Encode())
}

// pressed is a press of the button done on a message of the bot.
func pressed(f *fake, change func(m)) m {
	body := m{
		"type": "block_actions", "trigger_id": "trigger", "response_url": f.URL + "/response/1",
		"user": m{"id": claire, "team_id": team}, "team": m{"id": team}, "channel": m{"id": channel, "name": "p-7k3f"},
		"container": m{"type": "message", "message_ts": ts1, "channel_id": channel, "is_ephemeral": false},
		"message":   m{"type": "message", "ts": ts1, "user": me, "bot_id": program},
		"actions":   []m{{"type": "button", "action_id": "done", "block_id": "x", "value": "token"}},
	}
	change(body)
	return body
}

func TestPress(t *testing.T) {
	same := func(m) {}
	set := func(key string, value any) func(m) { return func(b m) { b[key] = value } }
	for name, test := range map[string]struct {
		change func(m)
		want   int
		heard  bool
	}{
		"on the bot's message":     {same, 200, true},
		"said by its user alone":   {set("message", m{"ts": ts1, "user": me}), 200, true},
		"said by its program":      {set("message", m{"ts": ts1, "bot_id": program}), 200, true},
		"by another reader":        {set("user", m{"id": martin}), 200, true},
		"on an answer":             {func(b m) { delete(b, "message"); b["container"].(m)["is_ephemeral"] = true }, 200, true},
		"with no channel apart":    {func(b m) { delete(b, "channel") }, 200, true},
		"the second of its name":   {set("actions", []m{{"type": "button", "action_id": "done.3", "value": "token"}}), 200, true},
		"on somebody's message":    {set("message", m{"ts": ts1, "user": martin}), 200, false},
		"on another bot's message": {set("message", m{"ts": ts1, "bot_id": "BOTHER"}), 200, false},
		"on no message":            {func(b m) { delete(b, "message") }, 200, false},
		"two buttons":              {func(b m) { b["actions"] = append(b["actions"].([]m), b["actions"].([]m)[0]) }, 200, false},
		"no button":                {set("actions", []m{}), 200, false},
		"a menu":                   {set("actions", []m{{"type": "static_select", "action_id": "done", "value": "token"}}), 200, false},
		"nowhere":                  {func(b m) { delete(b, "channel"); b["container"] = m{"is_ephemeral": true} }, 200, false},
		"a dialogue of old":        {set("type", "dialog_submission"), 200, false},
		"by nobody":                {set("user", m{}), 400, false},
		"by a path":                {set("user", m{"id": "../me"}), 400, false},
		"of a wrong kind":          {set("actions", "done"), 400, false},
	} {
		t.Run(name, func(t *testing.T) {
			a, f, h := newFake(t)
			status, said := did(t, a, pressed(f, test.change))
			heard := h.heard().presses
			if status != test.want || (len(heard) == 1) != test.heard || said != "" {
				t.Errorf("status %d %q, heard %+v", status, said, heard)
			}
			if len(heard) == 1 && (heard[0].Button != "done" || heard[0].Token != "token" || heard[0].Message != ts1 || heard[0].Channel != channel) {
				t.Errorf("heard %+v", heard[0])
			}
		})
	}
}

func answering(message chat.Message) chat.Answer {
	return chat.Answer{Say: chattest.Clear(chat.Outgoing{User: claire, Channel: channel, Message: message})}
}

func TestTheAnswerToAPressIsForWhoPressed(t *testing.T) {
	a, f, h := newFake(t)
	h.answer = answering(chat.Message{Text: "fait"})
	did(t, a, pressed(f, func(m) {}))
	if said := f.last(t, "response").json; !strings.Contains(said, "fait") || len(f.were("chat.postEphemeral"))+len(f.were("chat.postMessage")) > 0 {
		t.Errorf("said %s", said)
	}
	// An address that serves no more: on the screen before them.
	f.say("response", failing{status: 404})
	did(t, a, pressed(f, func(m) {}))
	if asked := f.last(t, "chat.postEphemeral"); asked.Get("user") != claire || asked.Get("channel") != channel || len(f.were("chat.postMessage")) > 0 {
		t.Errorf("whispered %v", asked)
	}
	// They are not there any more, or the bot is not: in private.
	f.refuse("chat.postEphemeral", "user_not_in_channel")
	did(t, a, pressed(f, func(m) {}))
	if asked := f.last(t, "chat.postMessage"); asked.Get("channel") != private || !strings.Contains(asked.Get("text"), "fait") || asked.Has("metadata") {
		t.Errorf("written %v", asked)
	}
	// Slack keeps what is said in private.
	f.forget()
	h.answer.Instead = "regardez ici"
	did(t, a, pressed(f, func(m) {}))
	for _, asked := range f.were("chat.postMessage") {
		if strings.Contains(asked.Encode(), "fait") || !strings.Contains(asked.Get("text"), "regardez") {
			t.Errorf("kept %v", asked)
		}
	}
	if all := f.were("chat.postEphemeral"); len(all) != 2 || all[1].Get("channel") != private {
		t.Errorf("whispered %v", all)
	}
}

var openForm = chat.Form{
	ID: "open", Title: "Ouvrir", Submit: "Envoyer", Token: "t", Late: "Recommencez",
	Fields: []chat.Field{
		chat.Text{Base: chat.Base{ID: "person", Label: "Personne", Required: true}},
		chat.Bool{Base: chat.Base{ID: "agreed", Label: "Accord", Required: true}, Yes: "Oui", No: "Non"},
	},
}

func TestAFormThatCannotBeOpenedIsOffered(t *testing.T) {
	a, f, h := newFake(t)
	h.answer = chat.Answer{Form: chattest.ClearForm(openForm)}
	calls(a, CommandPath, formType, slashed(f, func(url.Values) {}))
	if asked := f.last(t, "views.open").json; !strings.Contains(asked, `"trigger_id":"trigger"`) || len(f.were("response")) > 0 {
		t.Errorf("opened with %s", asked)
	}
	f.refuse("views.open", "expired_trigger_id")
	calls(a, CommandPath, formType, slashed(f, func(url.Values) {}))
	said := f.last(t, "response").json
	if !strings.Contains(said, `"action_id":":form"`) || strings.Contains(said, `"value":"t"`) || !strings.Contains(said, openForm.Late) {
		t.Fatalf("offered %s", said)
	}
	h.answer = chat.Answer{}
	press := func(user string) {
		f.forget()
		did(t, a, pressed(f, func(b m) {
			delete(b, "message")
			b["container"].(m)["is_ephemeral"] = true
			b["user"] = m{"id": user}
			b["trigger_id"] = "another"
			b["actions"] = []m{{"type": "button", "action_id": openButton, "value": handle("t")}}
		}))
	}
	// The press comes too late too.
	press(claire)
	if said := f.last(t, "response").json; !strings.Contains(said, `"action_id":":form"`) || !strings.Contains(said, openForm.Late) {
		t.Fatalf("offered again %s", said)
	}
	f.say("views.open", m{"ok": true})
	press(martin)
	if heard := h.heard().presses; len(f.were("views.open")) > 0 || len(heard) != 1 || heard[0].Token != "" || heard[0].Button != "" {
		t.Errorf("somebody else opens it: %v, heard %+v", f.asked, heard)
	}
	press(claire)
	if asked := f.last(t, "views.open").json; !strings.Contains(asked, `"trigger_id":"another"`) || !strings.Contains(asked, `\"token\":\"t\"`) {
		t.Errorf("opened with %s", asked)
	}
	a.waiting = waiting{} // the process was started anew
	press(claire)
	if heard := h.heard().presses; len(heard) != 2 || heard[1].Token != "" || len(f.were("views.open")) > 0 {
		t.Errorf("a form that waits no more: heard %+v", heard)
	}
}

// submitted is the form open sent back.
func submitted(change func(m)) m {
	body := m{
		"type": "view_submission", "trigger_id": "trigger", "user": m{"id": claire}, "team": m{"id": team},
		"view": m{
			"id": "V1", "type": "modal", "callback_id": "open", "private_metadata": `{"token":"t","channel":"` + channel + `","bools":["agreed"]}`,
			"state": m{"values": m{
				"person": m{"person": m{"type": "plain_text_input", "value": "Mme A"}},
				"agreed": m{"agreed": m{"type": "checkboxes", "selected_options": []m{}}},
				"user":   m{"user": m{"type": "users_select", "selected_user": martin}},
				"topics": m{"topics": m{"type": "multi_static_select", "selected_options": []m{{"value": "sante"}, {"value": "budget"}}}},
				"answer": m{"answer": m{"type": "radio_buttons", "selected_option": m{"value": "accepts"}}},
				"until":  m{"until": m{"type": "datepicker", "selected_date": "2027-01-02"}},
				"at":     m{"at": m{"type": "datetimepicker", "selected_date_time": 1797255000}},
				"entry":  m{"entry": m{"type": "plain_text_input", "value": nil}},
			}},
		},
	}
	change(body)
	return body
}

func TestASubmissionIsGivenAsItWasFilled(t *testing.T) {
	a, _, h := newFake(t)
	status, said := did(t, a, submitted(func(m) {}))
	if status != 200 || said != "" {
		t.Errorf("status %d %s", status, said)
	}
	got := h.heard().submissions[0]
	want := chat.Submission{User: claire, Channel: channel, Form: "open", Token: "t", Values: chat.Values{
		"person": {"Mme A"}, "agreed": {"false"}, "user": {martin}, "topics": {"sante", "budget"}, "answer": {"accepts"},
		"until": {"2027-01-02"}, "at": {"2026-12-14 14:30"},
	}}
	if diff(want, got) != "" {
		t.Error(diff(want, got))
	}
}

func TestWhatBecomesOfAForm(t *testing.T) {
	next := openForm
	next.ID, next.Title, next.Token = "consent", "Consentement", "t2"
	vast := next
	for range 8 {
		var options []chat.Option
		for range 60 {
			id := strings.Repeat("x", len(options)+1)
			options = append(options, chat.Option{Value: id, Label: id})
		}
		vast.Fields = append(vast.Fields, chat.Select{Base: chat.Base{ID: strings.Repeat("y", len(vast.Fields)), Label: "Choix"}, Options: options})
	}
	for name, c := range map[string]struct {
		answer chat.Answer
		known  bool
		want   []string
		none   []string
		method string
	}{
		"closed":                      {chat.Answer{}, true, nil, nil, ""},
		"closed with a word":          {answering(chat.Message{Text: "fait"}), true, nil, nil, "chat.postEphemeral"},
		"a field":                     {chat.Answer{FieldErrors: map[string]string{"person": "Il manque un nom."}}, true, []string{`"response_action":"errors"`, `"person":"Il manque un nom."`}, nil, ""},
		"a field that is not asked":   {chat.Answer{FieldErrors: map[string]string{"case": "Il manque."}}, true, []string{`"response_action":"update"`, "⚠️ Il manque."}, nil, ""},
		"the whole":                   {chat.Answer{FormError: "Trop tard."}, true, []string{`"response_action":"update"`, "⚠️ Trop tard.", `"initial_value":"Mme A"`, `\"token\":\"t\"`}, nil, ""},
		"the whole, forgotten":        {chat.Answer{FormError: "Trop tard."}, false, []string{`"response_action":"errors"`, `Trop tard.`}, nil, ""},
		"another form":                {chat.Answer{Form: chattest.ClearForm(next)}, true, []string{`"response_action":"update"`, `"callback_id":"consent"`, `\"token\":\"t2\"`}, nil, ""},
		"one too large for an answer": {chat.Answer{Form: chattest.ClearForm(vast)}, true, nil, nil, "views.open"},
	} {
		t.Run(name, func(t *testing.T) {
			a, f, h := newFake(t)
			h.answer = c.answer
			if c.known {
				a.waiting.put(waitingForm{user: claire, channel: channel, form: openForm}, a.options.Now())
			}
			status, said := did(t, a, submitted(func(b m) {
				state := b["view"].(m)["state"].(m)["values"].(m)
				b["view"].(m)["state"] = m{"values": m{"person": state["person"]}}
			}))
			if status != 200 || (said == "") != (c.want == nil) {
				t.Errorf("status %d %s", status, said)
			}
			for _, want := range c.want {
				if !strings.Contains(said, want) {
					t.Errorf("the answer lacks %s: %s", want, said)
				}
			}
			if c.method != "" {
				f.last(t, c.method)
			} else if len(f.asked) > 1 { // who the bot is
				t.Errorf("asked %v", f.asked)
			}
		})
	}
}

func TestAFormIsAnsweredInTimeWhateverTheStoreDoes(t *testing.T) {
	for name, c := range map[string]struct {
		answer chat.Answer
		want   string
		offers bool
	}{
		"in the end, a word":  {answering(chat.Message{Text: "fait"}), "fait", false},
		"in the end, a fault": {chat.Answer{FieldErrors: map[string]string{"person": "Il manque un nom."}}, "Il manque un nom.", true},
	} {
		t.Run(name, func(t *testing.T) {
			a, f, h := newFake(t)
			a.inTime = time.Millisecond
			h.held, h.answer = make(chan struct{}), c.answer
			a.waiting.put(waitingForm{user: claire, channel: channel, form: openForm}, a.options.Now())
			body, err := json.Marshal(submitted(func(m) {}))
			if err != nil {
				t.Fatal(err)
			}
			var in interaction
			if err := json.Unmarshal(body, &in); err != nil {
				t.Fatal(err)
			}
			acked := make(chan any, 1)
			a.act(t.Context(), func(ctx context.Context) { a.interaction(ctx, h, in, func(said any) { acked <- said }) })
			if said := <-acked; said != nil {
				t.Errorf("acknowledged by %v", said)
			}
			// Slack has its answer, and the bot is still at it.
			h.held <- struct{}{}
			a.working.Wait()
			asked := f.last(t, "chat.postEphemeral")
			if !strings.Contains(asked.Get("blocks"), c.want) || strings.Contains(asked.Get("blocks"), openButton) != c.offers {
				t.Errorf("said %v", asked)
			}
			if !c.offers {
				return
			}
			did(t, a, pressed(f, func(b m) {
				b["actions"] = []m{{"type": "button", "action_id": openButton, "value": handle("t")}}
			}))
			if opened := f.last(t, "views.open").json; !strings.Contains(opened, `"initial_value":"Mme A"`) || !strings.Contains(opened, "Il manque un nom.") {
				t.Errorf("opened again %s", opened)
			}
		})
	}
}

func TestASubmissionThatMakesNoSense(t *testing.T) {
	for name, change := range map[string]func(m){
		"no book":       func(b m) { b["view"].(m)["private_metadata"] = "" },
		"no token":      func(b m) { b["view"].(m)["private_metadata"] = `{"channel":"C"}` },
		"a list of it":  func(b m) { b["view"].(m)["private_metadata"] = `[]` },
		"view is gone":  func(b m) { delete(b, "view") },
		"closed by her": func(b m) { b["type"] = "view_closed" },
	} {
		t.Run(name, func(t *testing.T) {
			a, _, h := newFake(t)
			if status, said := did(t, a, submitted(change)); status != 200 || said != "" || len(h.heard().submissions) > 0 {
				t.Errorf("status %d %s, heard %+v", status, said, h.heard().submissions)
			}
		})
	}
}

func TestAMessageIsMadeAnAction(t *testing.T) {
	a, f, h := newFake(t)
	shortcut := func(change func(m)) {
		body := m{
			"type": "message_action", "callback_id": Shortcut, "trigger_id": "trigger", "response_url": f.URL + "/response/1",
			"user": m{"id": claire}, "channel": m{"id": channel}, "message": m{"type": "message", "ts": ts1, "user": martin, "text": "Solder"},
		}
		change(body)
		did(t, a, body)
	}
	shortcut(func(m) {})
	shortcut(func(b m) { b["message"] = m{"ts": ts2, "thread_ts": ts1} })
	shortcut(func(b m) { b["callback_id"] = "other" })
	shortcut(func(b m) { b["message"] = m{"ts": `1" inviter`} })
	shortcut(func(b m) { b["channel"] = m{"id": "x"} })
	heard := h.heard().commands
	if len(heard) != 2 || heard[0].Text != `action from:"https://acme.slack.com/archives/`+channel+`/p1763890000000100"` || heard[0].Channel != channel ||
		heard[1].Text != `action from:"https://acme.slack.com/archives/`+channel+`/p1763890001000200?thread_ts=`+ts1+`&cid=`+channel+`"` {
		t.Errorf("heard %+v", heard)
	}
}
