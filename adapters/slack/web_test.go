package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
)

// signed signs a call as Slack does.
func signed(secret, body string, at time.Time) http.Header {
	stamp := strconv.FormatInt(at.Unix(), 10)
	h := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(h, "v0:%s:%s", stamp, body)
	return http.Header{"X-Slack-Request-Timestamp": {stamp}, "X-Slack-Signature": {"v0=" + hex.EncodeToString(h.Sum(nil))}}
}

// moments has no two calls signed at once: Slack never makes the same twice.
var moments atomic.Int64

// calls has Slack call the bot, and gives the status and the body once all is done.
func calls(a *Adapter, path, kind, body string, change ...func(http.Header)) (int, string) {
	header := signed(signingSecret, body, time.Now().Add(-time.Duration(moments.Add(1)%240)*time.Second))
	header.Set("Content-Type", kind)
	for _, c := range change {
		c(header)
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header = header
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	a.working.Wait()
	return w.Code, w.Body.String()
}

func slashed(f *fake, change func(url.Values)) string {
	form := url.Values{
		"token": {"old"}, "team_id": {team}, "user_id": {claire}, "channel_id": {channel}, "command": {"/parcours"},
		"text": {"suivi P-7K3F"}, "trigger_id": {"trigger"}, "response_url": {f.URL + "/response/1"},
	}
	change(form)
	return form.Encode()
}

func TestCommand(t *testing.T) {
	same := func(url.Values) {}
	with := func(name, value string) func(url.Values) { return func(v url.Values) { v.Set(name, value) } }
	late := func(d time.Duration) func(string) func(http.Header) {
		return func(body string) func(http.Header) {
			return func(h http.Header) {
				for name, values := range signed(signingSecret, body, time.Now().Add(d)) {
					h[name] = values
				}
			}
		}
	}
	unchanged := func(string) func(http.Header) { return func(http.Header) {} }
	header := func(name string, values ...string) func(string) func(http.Header) {
		return func(string) func(http.Header) { return func(h http.Header) { h[name] = values } }
	}
	for name, test := range map[string]struct {
		body   func(url.Values)
		kind   string
		header func(string) func(http.Header)
		want   int
		heard  bool
	}{
		"Slack's":                 {same, formType, unchanged, 200, true},
		"charset":                 {same, formType + "; charset=utf-8", unchanged, 200, true},
		"unknown fields":          {with("new", "1"), formType, unchanged, 200, true},
		"the longest of messages": {with("text", strings.Repeat("é", 16000)), formType, unchanged, 200, true},
		"no signature":            {same, formType, header("X-Slack-Signature"), 401, false},
		"two signatures":          {same, formType, header("X-Slack-Signature", "v0=00", "v0=01"), 401, false},
		"a short signature":       {same, formType, header("X-Slack-Signature", "v0=00"), 401, false},
		"no time":                 {same, formType, header("X-Slack-Request-Timestamp"), 401, false},
		"another time":            {same, formType, header("X-Slack-Request-Timestamp", "1763890000"), 401, false},
		"no number for a time":    {same, formType, header("X-Slack-Request-Timestamp", "now"), 401, false},
		"six minutes ago":         {same, formType, late(-6 * time.Minute), 401, false},
		"in six minutes":          {same, formType, late(6 * time.Minute), 401, false},
		"another secret": {same, formType, func(body string) func(http.Header) {
			return func(h http.Header) { h["X-Slack-Signature"] = signed("x", body, time.Now())["X-Slack-Signature"] }
		}, 401, false},
		"two users":              {func(v url.Values) { v.Add("user_id", martin) }, formType, unchanged, 400, false},
		"two places":             {func(v url.Values) { v.Add("channel_id", elsewhe) }, formType, unchanged, 400, false},
		"no user":                {func(v url.Values) { v.Del("user_id") }, formType, unchanged, 400, false},
		"a user that is none":    {with("user_id", "../me"), formType, unchanged, 400, false},
		"a channel that is none": {with("channel_id", ""), formType, unchanged, 400, false},
		"the bot itself":         {with("user_id", me), formType, unchanged, 200, false},
		"a look at the address":  {with("ssl_check", "1"), formType, unchanged, 200, false},
		"JSON":                   {same, jsonType, unchanged, 415, false},
		"no kind":                {same, "", unchanged, 415, false},
		"too much":               {with("text", strings.Repeat("x", envelopeMax)), formType, unchanged, 413, false},
	} {
		t.Run(name, func(t *testing.T) {
			a, f, h := newFake(t)
			body := slashed(f, test.body)
			status, said := calls(a, CommandPath, test.kind, body, test.header(body))
			if heard := h.heard(); status != test.want || (len(heard.commands) == 1) != test.heard || said != "" {
				t.Errorf("status %d %q, heard %v, want %d, %v", status, said, heard.commands, test.want, test.heard)
			}
		})
	}
}

func TestACallIsHeardOnce(t *testing.T) {
	a, f, h := newFake(t)
	body := slashed(f, func(url.Values) {})
	header := signed(signingSecret, body, time.Now())
	shout := header.Clone()
	shout.Set("X-Slack-Signature", "v0="+strings.ToUpper(strings.TrimPrefix(header.Get("X-Slack-Signature"), "v0=")))
	for i, given := range []http.Header{header, header, shout} {
		status, _ := calls(a, CommandPath, formType, body, func(h http.Header) {
			for name, values := range given {
				h[name] = values
			}
		})
		if want := []int{200, 409, 409}[i]; status != want {
			t.Errorf("call %d: status %d, want %d", i, status, want)
		}
	}
	if n := len(h.heard().commands); n != 1 {
		t.Errorf("heard %d times", n)
	}
}

func TestCommandIsGivenAsItWasTyped(t *testing.T) {
	a, f, h := newFake(t)
	h.answer = chat.Answer{Say: chattest.Clear(chat.Outgoing{User: claire, Channel: channel, Message: chat.Message{Text: "<!channel> *oui* & non"}})}
	calls(a, CommandPath, formType, slashed(f, func(v url.Values) {
		v.Set("text", "inviter <@"+martin+"|martin> dans <#C123|le-canal> &lt;@U1&gt; &amp;amp; <https://a.example/x?a=1|a.example> <!channel>")
	}))
	want := chat.Command{User: claire, Channel: channel, Text: "inviter @" + martin + " dans #le-canal <@U1> &amp; https://a.example/x?a=1 @channel"}
	if got := h.heard().commands[0]; got != want {
		t.Errorf("heard %+v", got)
	}
	said := f.last(t, "response").json
	if !strings.Contains(said, `"response_type":"ephemeral"`) || strings.Contains(said, `"replace_original":true`) {
		t.Errorf("said %s", said)
	}
	var message struct{ Text string }
	if err := json.Unmarshal([]byte(said), &message); err != nil || message.Text != "&lt;!channel&gt; "+gap+"*"+gap+"oui"+gap+"*"+gap+" &amp; non" {
		t.Errorf("said %q, %v", message.Text, err)
	}
}

func TestAnswerForSomebodyElseIsKeptBack(t *testing.T) {
	a, f, h := newFake(t)
	h.answer = chat.Answer{Say: chattest.Clear(chat.Outgoing{User: martin, Channel: channel, Message: chat.Message{Text: "secret"}})}
	calls(a, CommandPath, formType, slashed(f, func(url.Values) {}))
	for _, asked := range f.asked {
		if strings.Contains(asked.json+asked.Encode(), "secret") {
			t.Errorf("%s says it", asked.method)
		}
	}
}

func TestAnAnswerGoesNowhereButToSlack(t *testing.T) {
	for address, want := range map[string]bool{
		"https://hooks.slack.com/commands/T/1/x": true, "https://hooks.slack-gov.com/x": false, "https://slack.com.evil.example/x": false,
		"http://hooks.slack.com/x": false, "https://evilslack.com/x": false, "ftp://hooks.slack.com/x": false, "": false, "https://": false, "https://x@evil.example/.slack.com": false,
	} {
		a, _, _ := newFake(t)
		if a.isResponse(address) != want {
			t.Errorf("%s: %v", address, !want)
		}
	}
	a, f, h := newFake(t)
	h.answer = chat.Answer{Say: chattest.Clear(chat.Outgoing{User: claire, Channel: channel, Message: chat.Message{Text: "bonjour"}})}
	calls(a, CommandPath, formType, slashed(f, func(v url.Values) { v.Set("response_url", "https://evil.example/x") }))
	if asked := f.last(t, "chat.postEphemeral"); asked.Get("user") != claire || asked.Get("channel") != channel {
		t.Errorf("whispered %v", asked)
	}
}

func TestOtherMethodsAndPathsAreRefused(t *testing.T) {
	a, f, _ := newFake(t)
	for _, path := range []string{CommandPath, InteractionPath, EventPath} {
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusMethodNotAllowed {
			t.Errorf("GET %s: %d", path, w.Code)
		}
	}
	if status, _ := calls(a, "/slack/else", formType, ""); status != http.StatusNotFound {
		t.Error("an unknown path:", status)
	}
	a.Attach(nil)
	if status, _ := calls(a, CommandPath, formType, slashed(f, func(url.Values) {})); status != http.StatusServiceUnavailable {
		t.Error("without a bot:", status)
	}
	a, f, _ = newFake(t, func(o *Options) { o.SigningSecret, o.AppToken, o.CallbackURL = "", "xapp-1", "" })
	if status, _ := calls(a, CommandPath, formType, slashed(f, func(url.Values) {})); status != http.StatusNotFound {
		t.Error("by Socket Mode:", status)
	}
	if link := a.Link("x"); link != "" {
		t.Error("a link that leads nowhere:", link)
	}
}

func TestOptions(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Options)
		faults int
	}{
		"HTTP":              {func(*Options) {}, 0},
		"Socket Mode":       {func(o *Options) { o.AppToken, o.SigningSecret, o.CallbackURL = "xapp", "", "" }, 0},
		"both":              {func(o *Options) { o.AppToken = "xapp" }, 1},
		"neither":           {func(o *Options) { o.SigningSecret = "" }, 1},
		"HTTP from nowhere": {func(o *Options) { o.CallbackURL = "" }, 1},
		"no address":        {func(o *Options) { o.APIURL = "slack" }, 1},
		"nothing":           {func(o *Options) { *o = Options{} }, 4},
	} {
		t.Run(name, func(t *testing.T) {
			o := Options{Token: "x", SigningSecret: "s", CallbackURL: "https://x.example", Now: time.Now, Log: silentLog}
			c.change(&o)
			_, err := New(o)
			if n := len(strings.Split(fmt.Sprint(err), "\n")); (err == nil) != (c.faults == 0) || err != nil && n != c.faults {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestWhatWasNotHeardIsLookedForAgain(t *testing.T) {
	const body = `{"type":"event_callback","event":{"type":"new_kind"}}`
	for tries, missed := range map[string]int{"": 0, "1": 0, "x": 0, "-2": 0, "2": 1, "3": 1} {
		a, _, _ := newFake(t)
		for range 3 { // however often, it is looked for once
			calls(a, EventPath, jsonType, body, func(h http.Header) { h.Set("X-Slack-Retry-Num", tries) })
		}
		if len(a.missed) != missed {
			t.Errorf("at try %q: %d", tries, len(a.missed))
		}
		calls(a, EventPath, jsonType, body, func(h http.Header) { h.Set("X-Slack-Retry-Num", "2"); h.Set("X-Slack-Signature", "v0=00") })
		if len(a.missed) != missed {
			t.Errorf("at try %q, what Slack did not sign counts", tries)
		}
	}
}
