package slack_test

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/adapters/slack"
	"parcours/adapters/slack/workspace"
	"parcours/casework"
	"parcours/commands"
	"parcours/story"
)

var codePattern = regexp.MustCompile(`P-[0-9A-Z]{4}`)

// crowd are people who are in no story.
func crowd(handles ...string) []story.Person { return with(story.Story{}, handles...) }

func unhurried(o *workspace.Options) { o.Unhurried = true }

// types has somebody type a line, and gives what they alone were told.
func (w *world) types(who, channel, line string) string {
	w.t.Helper()
	before := w.slack.Seen(w.ids[who])
	must(w.t, w.act(w.t.Context(), who, func(user string) error { return w.slack.Type(w.t.Context(), user, channel, line) }))
	return strings.Join(w.told(who, before...), "\n")
}

// told is what somebody alone was told, but what they had seen before.
func (w *world) told(who string, before ...workspace.Seen) []string {
	var all []string
	for _, seen := range w.slack.Seen(w.ids[who]) {
		known := slices.ContainsFunc(before, func(known workspace.Seen) bool { return known.TS == seen.TS })
		if seen.Private && !known {
			all = append(all, seen.Text)
		}
	}
	return all
}

// opens has somebody open a case, and gives its code and channel.
func (w *world) opens(who string, values map[string][]string) (code, channel string) {
	w.t.Helper()
	w.types(who, w.slack.Direct(w.ids[who]), "/parcours ouvrir")
	given := map[string][]string{
		"person": {"Madame Lopez"}, "household": {"person"}, "answer": {"accepts"}, "consent_form": {"written"}, "topics": {"budget", "logement"},
	}
	for name, value := range values {
		given[name] = value
	}
	must(w.t, w.act(w.t.Context(), who, func(user string) error { return w.slack.Submit(w.t.Context(), user, given) }))
	code = codePattern.FindString(strings.Join(w.told(who), "\n"))
	channel, ok := w.slack.ChannelNamed(w.ids[who], strings.ToLower(code))
	if !ok {
		w.t.Fatalf("no channel of %q", code)
	}
	return code, channel
}

// invites has somebody of a circle invite another, who accepts.
func (w *world) invites(by, channel, who string) {
	w.t.Helper()
	w.types(by, channel, `/parcours liste name:"`+who+`" service:"Centre" purpose:"Aide" user:@`+who+` agreed:oui`)
	w.types(by, channel, "/parcours inviter @"+who+" partner")
	for _, seen := range slices.Backward(w.slack.Seen(w.ids[who])) {
		if b, ok := seen.Has("accept"); ok {
			must(w.t, w.act(w.t.Context(), who, func(user string) error { return w.slack.Press(w.t.Context(), user, seen.TS, b.Action) }))
			return
		}
	}
	w.t.Fatalf("@%s is not invited", who)
}

func TestACodeThatExistsReadsAsOneThatDoesNot(t *testing.T) {
	w := newWorld(t, unhurried, crowd("claire", "attacker")...)
	code, _ := w.opens("claire", nil)
	town := w.slack.Channel("place", w.ids["attacker"], false)
	w.types("attacker", town, "/parcours") // who is welcomed, once
	guesses := []string{code, "P-2222", strings.ToLower(code), "P-ZZZZ"}
	var lines []string
	for _, c := range commands.All() {
		lines = append(lines, "/parcours "+c.Name+" {code}")
	}
	lines = append(lines, "/parcours répondre {code} a1 done", "/parcours répondre {code} invitation accept", "/parcours action {code} objective:o1 what:x")
	for _, where := range []string{w.slack.Direct(w.ids["attacker"]), town} {
		for _, line := range lines {
			said := map[string][]string{}
			for _, guess := range guesses {
				text := w.types("attacker", where, strings.Replace(line, "{code}", guess, 1))
				if form, open := w.slack.Form(w.ids["attacker"]); open {
					text += "a form: " + form.Text
					w.slack.Dismiss(w.ids["attacker"])
				}
				text = strings.ReplaceAll(strings.ReplaceAll(text, guess, "{code}"), strings.ToUpper(guess), "{code}")
				said[text] = append(said[text], guess)
				w.World.Advance(20 * time.Second) // nobody types faster for long
			}
			if len(said) != 1 {
				t.Errorf("%s: codes are told apart: %q", line, said)
			}
		}
	}
	w.wantBlind("attacker", "Lopez")
}

func TestAConsentThatEndedMinutesAgoOpensNothing(t *testing.T) {
	w := newWorld(t, unhurried, crowd("claire", "nadia")...)
	code, channel := w.opens("claire", map[string][]string{"consent_until": {w.Now().Format("2006-01-02")}})
	w.invites("claire", channel, "nadia")
	w.types("claire", channel, `/parcours objectif topic:budget title:"Solder les dettes" horizon:short`)
	if text := w.types("nadia", channel, "/parcours suivi"); !strings.Contains(text, "Solder les dettes") {
		t.Fatal("before, the partner reads", text)
	}
	before := w.posts(channel)

	now := w.Now()
	w.World.Advance(time.Date(now.Year(), now.Month(), now.Day()+1, 0, 3, 0, 0, now.Location()).Sub(now))
	w.types("nadia", w.slack.Direct(w.ids["nadia"]), "/parcours")
	if _, in := w.slack.ChannelNamed(w.ids["nadia"], strings.ToLower(code)); in {
		t.Error("the partner is still in the channel")
	}
	w.slack.Invite(w.ids["claire"], channel, w.ids["nadia"])
	for _, where := range []string{channel, w.slack.Direct(w.ids["nadia"])} {
		for _, line := range []string{"suivi", "journal", "objectif", "action", "mes-situations", "agenda", ""} {
			text := w.types("nadia", where, strings.TrimSpace("/parcours "+line))
			for _, word := range []string{"Lopez", "Solder"} {
				if strings.Contains(text, word) {
					t.Errorf("%q: the partner reads %q in %s", line, word, text)
				}
			}
		}
	}
	w.types("claire", channel, `/parcours objectif topic:budget title:"Ouvrir un livret" horizon:short`)
	if now := w.posts(channel); len(now) > len(before) {
		t.Errorf("the channel goes on: %q", now[len(before):])
	}
	w.wantBlind("nadia", "Ouvrir un livret")
}

// posts is what stands in a channel, the bot's own eyes reading it.
func (w *world) posts(channel string) []string {
	var all []string
	for _, seen := range w.slack.Seen(w.slack.BotID()) {
		if seen.Channel == channel {
			all = append(all, seen.Text)
		}
	}
	return all
}

// TestNobodyIsToldMoreOnceTheCircleIsBroken has a channel become one that others than
// its circle can read, in each way there is on Slack.
func TestNobodyIsToldMoreOnceTheCircleIsBroken(t *testing.T) {
	for name, broken := range map[string]func(w *world, channel string){
		"a stranger is added":      func(w *world, channel string) { w.slack.Invite(w.ids["nadia"], channel, w.ids["martin"]) },
		"it becomes public":        func(w *world, channel string) { w.slack.Convert(w.ids["nadia"], channel) },
		"it is shared":             func(w *world, channel string) { w.slack.Share(channel, "T0OTHER", false) },
		"it is about to be shared": func(w *world, channel string) { w.slack.Share(channel, "T0OTHER", true) },
		"the bot is taken out":     func(w *world, channel string) { w.slack.Kick(w.ids["nadia"], channel, w.slack.BotID()) },
		"it is closed":             func(w *world, channel string) { w.slack.Archive(w.ids["nadia"], channel) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, unhurried, crowd("claire", "nadia", "martin")...)
			code, channel := w.opens("claire", nil)
			w.invites("claire", channel, "nadia")
			broken(w, channel)
			must(t, w.settle(t.Context()))
			w.types("claire", w.slack.Direct(w.ids["claire"]), "/parcours objectif "+code+` topic:budget title:"Ouvrir un livret" horizon:long`)
			if w.Case(casework.Code(code)).Objectives == nil {
				t.Error("nothing was decided")
			}
			if found := w.slack.Holding("livret"); len(found) > 0 {
				t.Errorf("Slack was told: %+v", found)
			}
			for _, who := range []string{"nadia", "martin"} {
				w.wantBlind(who, "livret")
			}
			w.wantBlind("martin", "Lopez")
			w.wantNothingSwallowed()
		})
	}
}

// TestAShareToComeIsToldAtOnce has another organisation accept a channel while nobody
// says anything: whoever keeps the overview is told, and not when there is something to
// share.
func TestAShareToComeIsToldAtOnce(t *testing.T) {
	w := newWorld(t, unhurried, crowd("claire", "nadia")...)
	_, channel := w.opens("claire", nil)
	w.invites("claire", channel, "nadia")
	before := len(w.slack.Seen(w.ids["claire"]))
	w.slack.Share(channel, "T0OTHER", true)
	must(t, w.settle(t.Context()))
	seen := w.slack.Seen(w.ids["claire"])[before:]
	if !slices.ContainsFunc(seen, func(s workspace.Seen) bool { return strings.Contains(s.Text, "suspendu") }) {
		t.Errorf("claire is told %+v", seen)
	}
}

// wantWordOfTheStranger returns once claire, who keeps the overview, is told of martin,
// whom nobody invited.
func (w *world) wantWordOfTheStranger() {
	w.t.Helper()
	ctx := w.t.Context()
	must(w.t, w.slack.Await(ctx, "word of the stranger to the coordinator", func() bool {
		must(w.t, w.settle(ctx))
		return w.knowsOfTheStranger()
	}))
}

func (w *world) knowsOfTheStranger() bool {
	return slices.ContainsFunc(w.slack.Seen(w.ids["claire"]), func(seen workspace.Seen) bool {
		return strings.Contains(seen.Text, "Martin Test")
	})
}

// TestWhatSlackNeverToldIsSeen has somebody come in, by HTTP, of which Slack never
// tells: the bot looks for itself at the next hour, and when it hears that it was not
// heard.
func TestWhatSlackNeverToldIsSeen(t *testing.T) {
	for name, looks := range map[string]func(w *world, channel string){
		"at the next hour": func(w *world, _ string) { w.hours <- w.Now() },
		"at a third try": func(w *world, channel string) {
			w.deaf.Store(true)
			w.slack.Say(w.ids["nadia"], channel, "Bonjour")
			must(w.t, w.slack.Flush(w.t.Context()))
			w.deaf.Store(false)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newCalledWorld(t, crowd("claire", "nadia", "martin")...)
			_, channel := w.opens("claire", nil)
			w.invites("claire", channel, "nadia")
			must(t, w.settle(t.Context())) // that nadia came in has the bot look too
			w.slack.SetFaults(workspace.Faults{Lost: 1})
			w.slack.Invite(w.ids["nadia"], channel, w.ids["martin"])
			w.slack.GiveUp()
			w.slack.SetFaults(workspace.Faults{})
			must(t, w.settle(t.Context()))
			if w.knowsOfTheStranger() {
				t.Fatal("claire is told before anybody looks")
			}
			looks(w, channel)
			w.wantWordOfTheStranger()
		})
	}
}

// TestASocketThatIsCutHidesNoStranger has somebody come in while the bot does not
// listen, of which Slack never tells: the bot looks for itself when it listens again.
func TestASocketThatIsCutHidesNoStranger(t *testing.T) {
	w := newWorld(t, unhurried, crowd("claire", "nadia", "martin")...)
	code, channel := w.opens("claire", nil)
	w.invites("claire", channel, "nadia")
	ctx := t.Context()
	w.slack.Revoke("service_unavailable")
	w.slack.Cut()
	must(t, w.slack.Await(ctx, "bot that knows it is deaf", func() bool { return w.adapter.Ready() != nil }))
	w.slack.Invite(w.ids["nadia"], channel, w.ids["martin"])
	w.World.Advance(2 * time.Minute)
	w.slack.GiveUp()
	w.slack.Revoke("")
	must(t, w.slack.Listening(ctx))
	w.wantWordOfTheStranger()
	w.types("claire", w.slack.Direct(w.ids["claire"]), "/parcours objectif "+code+` topic:budget title:"Ouvrir un livret" horizon:long`)
	w.wantBlind("martin", "livret", "Lopez")
	// Once they are gone, the sharing goes on.
	w.slack.Kick(w.ids["claire"], channel, w.ids["martin"])
	must(t, w.settle(ctx))
	w.World.Advance(5 * time.Minute)
	must(t, w.settle(ctx))
	if posts := strings.Join(w.posts(channel), "\n"); !strings.Contains(posts, "livret") {
		t.Error("the sharing does not go on:", posts)
	}
}

func TestCallsThatAreNotSlacksAreRefused(t *testing.T) {
	w := newCalledWorld(t, crowd("claire", "attacker")...)
	const form, body = "application/x-www-form-urlencoded", "application/json"
	command := url.Values{
		"user_id": {w.ids["claire"]}, "channel_id": {w.slack.Direct(w.ids["claire"])}, "text": {"ouvrir"}, "command": {"/parcours"},
		"trigger_id": {"1.2.x"}, "response_url": {w.slack.URL},
	}.Encode()
	now := time.Now()
	signed := func(secret string, at time.Time, text string) http.Header {
		signature, stamp := workspace.Signature(secret, at, []byte(text))
		return http.Header{"X-Slack-Signature": {signature}, "X-Slack-Request-Timestamp": {stamp}}
	}
	genuine := signed(workspace.SigningSecret, now, command)
	for _, call := range []struct {
		name, path, kind, body string
		header                 http.Header
	}{
		{"no signature", slack.CommandPath, form, command, http.Header{}},
		{"another secret", slack.CommandPath, form, command, signed("other", now, command)},
		{"another body", slack.CommandPath, form, command + "&x=y", genuine},
		{"another moment", slack.CommandPath, form, command, http.Header{
			"X-Slack-Signature": genuine["X-Slack-Signature"], "X-Slack-Request-Timestamp": {"1"},
		}},
		{"six minutes ago", slack.CommandPath, form, command, signed(workspace.SigningSecret, now.Add(-6*time.Minute), command)},
		{"in six minutes", slack.CommandPath, form, command, signed(workspace.SigningSecret, now.Add(6*time.Minute), command)},
		{"two signatures", slack.CommandPath, form, command, http.Header{
			"X-Slack-Signature":         {genuine.Get("X-Slack-Signature"), "v0=00"},
			"X-Slack-Request-Timestamp": genuine["X-Slack-Request-Timestamp"],
		}},
		{"a command as JSON", slack.CommandPath, body, "{}", signed(workspace.SigningSecret, now, "{}")},
		{"two users", slack.CommandPath, form, command + "&user_id=" + w.ids["attacker"], signed(workspace.SigningSecret, now, command+"&user_id="+w.ids["attacker"])},
		{"an interaction of nobody", slack.InteractionPath, form, "payload={}", signed(workspace.SigningSecret, now, "payload={}")},
		{"an event that is none", slack.EventPath, body, "[", signed(workspace.SigningSecret, now, "[")},
		{"another way", "/slack/other", form, command, genuine},
	} {
		if status, said := posted(t, w.front.URL+call.path, call.kind, call.body, call.header); status < 400 || status >= 500 || said != "" && status != http.StatusNotFound {
			t.Errorf("%s: status %d, %q", call.name, status, said)
		}
	}
	if status, _ := posted(t, w.front.URL+slack.CommandPath, form, command, genuine); status != http.StatusOK {
		t.Errorf("what Slack signed: status %d", status)
	}
	if status, _ := posted(t, w.front.URL+slack.CommandPath, form, command, genuine); status != http.StatusConflict {
		t.Errorf("the same again: status %d", status)
	}
}

// posted posts a body, and gives the status and what is answered.
func posted(t testing.TB, address, kind, body string, header http.Header) (status int, said string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(body))
	must(t, err)
	request.Header = header.Clone()
	request.Header.Set("Content-Type", kind)
	resp, err := http.DefaultClient.Do(request)
	must(t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	must(t, err)
	return resp.StatusCode, string(raw)
}
