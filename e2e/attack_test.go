package e2e

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
	"parcours/casework"
	"parcours/commands"
	"parcours/e2e/people"
)

// answered gives what the bot last said to somebody alone.
func (w *world) answered(who string) string {
	w.t.Helper()
	must(w.t, w.people[who].CatchUp(w.t.Context()))
	whispers := w.people[who].Whispers()
	if len(whispers) == 0 {
		return ""
	}
	return people.Text(whispers[len(whispers)-1])
}

func TestAFormOfWrongTypesOrSizesDoesNothing(t *testing.T) {
	w := newWorld(t, "claire")
	ctx, claire := t.Context(), w.people["claire"]
	must(t, claire.Execute(ctx, w.direct("claire"), "/parcours ouvrir"))
	open, _ := claire.Dialog()
	good := map[string]any{"person": "Madame Lopez", "household": "person", "answer": "accepts", "consent_form": "written", "topics": []string{"budget"}}
	send := func(values map[string]any) error {
		_, _, err := claire.SubmitInteractiveDialog(ctx, model.SubmitDialogRequest{
			URL: open.URL, CallbackId: open.Dialog.CallbackId, State: open.Dialog.State, TeamId: w.team, ChannelId: w.direct("claire"), Submission: values,
		})
		must(t, w.bot.Settle(ctx))
		return err
	}
	for name, change := range map[string]map[string]any{
		"a map":                    {"person": map[string]any{"x": "y"}},
		"a list of numbers":        {"topics": []any{1, 2}},
		"deep lists":               {"topics": []any{[]any{[]any{"budget"}}}},
		"a number for a name":      {"person": 12, "answer": 3},
		"true for an option":       {"answer": true},
		"a list for one option":    {"answer": []string{"accepts", "refuses"}},
		"an option nobody offered": {"answer": "always"},
		"a topic nobody offered":   {"topics": []string{"budget", "everything"}},
		"nothing at all":           {"person": nil, "household": nil, "answer": nil, "consent_form": nil, "topics": nil},
		"a day that is none":       {"consent_until": "2026-02-31"},
		"a day that is past":       {"consent_until": "1999-01-01"},
		"a megabyte":               {"person": strings.Repeat("x", 1<<20)},
		"a line without an end":    {"person": strings.Repeat("x", 100<<10)},
		"many fields":              manyFields(5000),
	} {
		values := maps.Clone(good)
		maps.Copy(values, change)
		_ = send(values)
		if text := strings.Join(w.seen("claire"), "\n"); codePattern.MatchString(text) {
			t.Fatalf("%s: a case was opened: %s", name, text)
		}
	}
	// All that did not use the form up, and half an hour does.
	w.advance(31 * time.Minute)
	_ = send(good)
	if text := strings.Join(w.seen("claire"), "\n"); codePattern.MatchString(text) {
		t.Fatal("a form of half an hour ago is obeyed:", text)
	}
	w.advance(-31 * time.Minute)
	must(t, send(good))
	if text := strings.Join(w.seen("claire"), "\n"); !codePattern.MatchString(text) {
		t.Error("the form itself is refused:", text)
	}
	if strings.Contains(w.logged.String(), "Lopez") || len(w.logged.String()) > 64<<10 {
		t.Error("what was sent is logged")
	}
}

func manyFields(n int) map[string]any {
	fields := map[string]any{}
	for i := range n {
		fields["topics."+strings.Repeat("x", i%50)+model.NewId()] = true
	}
	fields["answer"] = nil
	return fields
}

func TestCallsThatAreNotTheServersAreRefused(t *testing.T) {
	w := newWorld(t, "claire", "attacker")
	_, channel := w.open("claire")
	ctx, claire := t.Context(), w.people["claire"]
	must(t, claire.Execute(ctx, channel, "/parcours"))
	whispers := claire.Whispers()
	must(t, claire.Press(ctx, whispers[len(whispers)-1], whispers[len(whispers)-1].Attachments()[0].Actions[0].Id))
	var pressed map[string]any
	must(t, json.Unmarshal(w.lastCall("/mattermost/action"), &pressed))
	genuine, err := url.ParseQuery(string(w.lastCall("/mattermost/command")))
	must(t, err)

	const form, body = "application/x-www-form-urlencoded", "application/json"
	token := w.installed.CommandToken
	with := func(change func(url.Values)) string {
		values := url.Values{}
		maps.Copy(values, genuine)
		change(values)
		return values.Encode()
	}
	altered := func(change func(press, context map[string]any)) string {
		press, context := maps.Clone(pressed), maps.Clone(pressed["context"].(map[string]any))
		change(press, context)
		press["context"] = context
		raw, err := json.Marshal(press)
		must(t, err)
		return string(raw)
	}
	other := string(w.id("attacker"))
	for _, call := range []struct {
		name, path, kind, header, body string
	}{
		{"no token", "command", form, "", with(func(v url.Values) { v.Del("token") })},
		{"a token in the body alone", "command", form, "", with(func(url.Values) {})},
		{"a token in the header alone", "command", form, token, with(func(v url.Values) { v.Del("token") })},
		{"another token", "command", form, model.NewId(), with(func(v url.Values) { v.Set("token", model.NewId()) })},
		{"the beginning of the token", "command", form, token[:25], with(func(v url.Values) { v.Set("token", token[:25]) })},
		{"two tokens", "command", form, token, with(func(v url.Values) { v.Add("token", model.NewId()) })},
		{"two users", "command", form, token, with(func(v url.Values) { v.Add("user_id", other) })},
		{"no user", "command", form, token, with(func(v url.Values) { v.Set("user_id", "") })},
		{"a command as JSON", "command", body, token, "{}"},
		{"a form of nobody", "dialog", body, "", `{"type":"dialog_submission","submission":{}}`},
		{"a form without a state", "dialog", body, token, `{"type":"dialog_submission","callback_id":"open","user_id":"` + other + `","channel_id":"` + channel + `","submission":{}}`},
		{"a form of another type", "dialog", body, "", `{"type":"x"}`},
		{"a form that is none", "dialog", body, "", `[`},
		{"a button without a seal", "action", body, token, altered(func(_, c map[string]any) { delete(c, "seal") })},
		{"a button of somebody else", "action", body, "", altered(func(p, _ map[string]any) { p["user_id"] = other })},
		{"a button elsewhere", "action", body, "", altered(func(p, _ map[string]any) { p["channel_id"] = w.direct("attacker") })},
		{"a button under another name", "action", body, "", altered(func(_, c map[string]any) { c["button"] = "done" })},
		{"a button said to be on a post", "action", body, "", altered(func(_, c map[string]any) { c["kind"] = "post" })},
		{"a menu", "action", body, "", altered(func(p, _ map[string]any) { p["type"] = "select" })},
		{"a button as a form", "action", form, "", "a=b"},
	} {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.options.CallbackURL+"/mattermost/"+call.path, strings.NewReader(call.body))
		must(t, err)
		request.Header.Set("Content-Type", call.kind)
		if call.header != "" {
			request.Header.Set("Authorization", "Token "+call.header)
		}
		resp, err := http.DefaultClient.Do(request)
		must(t, err)
		said, err := io.ReadAll(resp.Body)
		must(t, err)
		resp.Body.Close()
		if resp.StatusCode < 400 || resp.StatusCode >= 500 || len(said) > 0 {
			t.Errorf("%s: status %d, %q", call.name, resp.StatusCode, said)
		}
	}
	if n := len(w.people["attacker"].Whispers()); n > 0 {
		t.Errorf("the attacker was told %d things", n)
	}
}

func TestTheButtonOfAnAnswerIsOfItsReaderAlone(t *testing.T) {
	w := newWorld(t, "claire", "nadia", "attacker")
	ctx, claire := t.Context(), w.people["claire"]
	must(t, people.AllowAnswers(ctx, server.Admin, w.installed.UserID))
	_, channel := w.open("claire")
	w.invite(channel, "nadia")
	for _, where := range []string{channel, w.direct("claire")} {
		must(t, claire.Execute(ctx, where, "/parcours"))
		whispers := claire.Whispers()
		home := whispers[len(whispers)-1]
		for _, action := range home.Attachments()[0].Actions {
			if action.Cookie == "" {
				t.Fatal("no cookie to copy")
			}
			for _, thief := range []string{"nadia", "attacker"} {
				before := len(w.people[thief].Whispers())
				if err := w.people[thief].Press(ctx, home, action.Id); err == nil {
					t.Errorf("%s presses %s of somebody's answer", thief, action.Id)
				}
				if _, open := w.people[thief].Dialog(); open || len(w.people[thief].Whispers()) != before {
					t.Errorf("%s is answered", thief)
				}
			}
		}
		must(t, claire.Press(ctx, home, home.Attachments()[0].Actions[0].Id))
	}
}

func TestACodeThatExistsReadsAsOneThatDoesNot(t *testing.T) {
	w := newWorld(t, "claire", "attacker")
	ctx, attacker := t.Context(), w.people["attacker"]
	code, _ := w.open("claire")
	must(t, attacker.Execute(ctx, w.direct("attacker"), "/parcours")) // who is welcomed, once
	guesses := []string{code, "P-2222", strings.ToLower(code), "P-ZZZZ"}
	var lines []string
	for _, c := range commands.All() {
		lines = append(lines, "/parcours "+c.Name+" {code}")
	}
	lines = append(lines, "/parcours répondre {code} a1 done", "/parcours répondre {code} invitation accept", "/parcours action {code} objective:o1 what:x")
	for _, where := range []string{w.direct("attacker"), w.townSquare("attacker")} {
		for _, line := range lines {
			said := map[string][]string{}
			for _, guess := range guesses {
				before := len(attacker.Whispers())
				must(t, attacker.Execute(ctx, where, strings.Replace(line, "{code}", guess, 1)))
				text := "a form"
				if len(attacker.Whispers()) > before {
					text = w.answered("attacker")
				}
				text = strings.ReplaceAll(strings.ReplaceAll(text, guess, "{code}"), strings.ToUpper(guess), "{code}")
				said[text] = append(said[text], guess)
			}
			if len(said) != 1 {
				t.Errorf("%s: codes are told apart: %q", line, said)
			}
		}
	}
	wantBlind(t, attacker, w.team, "Lopez")
}

func (w *world) townSquare(who string) string {
	w.t.Helper()
	town, _, err := w.people[who].GetChannelByName(w.t.Context(), model.DefaultChannelName, w.team, "")
	must(w.t, err)
	return town.Id
}

func TestAConsentThatEndedMinutesAgoOpensNothing(t *testing.T) {
	w := newWorld(t, "claire", "nadia")
	ctx, claire, nadia := t.Context(), w.people["claire"], w.people["nadia"]
	_, channel := w.openForToday("claire")
	w.invite(channel, "nadia")
	must(t, claire.Execute(ctx, channel, `/parcours objectif topic:budget title:"Solder les dettes" horizon:short`))
	must(t, w.bot.Settle(ctx))
	must(t, nadia.Execute(ctx, channel, "/parcours suivi"))
	if text := w.answered("nadia"); !strings.Contains(text, "Solder les dettes") {
		t.Fatal("before, the partner reads", text)
	}
	posts, err := nadia.Posts(ctx, channel)
	must(t, err)
	before := len(posts)

	now := w.now()
	midnight := time.Date(now.Year(), now.Month(), now.Day()+1, 0, 3, 0, 0, now.Location())
	w.advance(midnight.Sub(now))
	must(t, w.bot.Settle(ctx))
	if _, err := nadia.Posts(ctx, channel); err == nil {
		t.Error("the partner is still in the channel")
	}
	_, _, err = claire.AddChannelMember(ctx, channel, string(w.id("nadia")))
	must(t, err)
	for _, where := range []string{channel, w.direct("nadia")} {
		for _, line := range []string{"suivi", "journal", "objectif", "action", "mes-situations", "agenda", ""} {
			whispers := len(nadia.Whispers())
			must(t, nadia.Execute(ctx, where, "/parcours "+line))
			must(t, w.bot.Settle(ctx))
			for _, post := range nadia.Whispers()[whispers:] {
				for _, word := range []string{"Lopez", "Solder"} {
					if strings.Contains(people.Text(post), word) {
						t.Errorf("%q: the partner reads %q in %s", line, word, people.Text(post))
					}
				}
			}
		}
	}
	must(t, claire.Execute(ctx, channel, `/parcours objectif topic:budget title:"Ouvrir un livret" horizon:short`))
	must(t, w.bot.Settle(ctx))
	if posts, err = nadia.Posts(ctx, channel); err == nil && len(posts) > before {
		t.Errorf("the channel goes on: %s", texts(posts[before:]))
	}
	wantBlind(t, nadia, w.team, "Ouvrir un livret")
}

func TestAStrangerAddedByAMemberLearnsNothing(t *testing.T) {
	w := newWorld(t, "claire", "nadia", "martin")
	ctx, nadia, martin := t.Context(), w.people["nadia"], w.people["martin"]
	code, channel := w.open("claire")
	w.invite(channel, "nadia")
	_, _, err := nadia.AddChannelMember(ctx, channel, string(w.id("martin")))
	must(t, err)
	w.moved(chat.Move{Channel: casework.ChannelID(channel), User: w.id("martin")})
	must(t, w.bot.Settle(ctx))
	already, err := martin.Posts(ctx, channel)
	must(t, err)
	for _, line := range []string{"", "suivi", "suivi " + code, "journal", "agenda", "mes-situations", "objectif", "action", "liste", "répondre a1 done"} {
		must(t, martin.Execute(ctx, channel, "/parcours "+line))
		must(t, nadia.Execute(ctx, channel, "/parcours "+line))
		must(t, w.bot.Settle(ctx))
	}
	// The pinned card bears buttons that the stranger can see.
	for _, post := range already {
		for _, attachment := range post.Attachments() {
			for _, action := range attachment.Actions {
				_ = martin.Press(ctx, post, action.Id)
			}
		}
	}
	now, err := martin.Posts(ctx, channel)
	must(t, err)
	if len(now) != len(already) {
		t.Errorf("they read more: %s", texts(now[len(already):]))
	}
	wantBlind(t, martin, w.team, "Lopez")
	if told := strings.Join(w.seen("claire"), "\n"); !strings.Contains(told, "Martin Test") {
		t.Error("the coordinator is not told:", told)
	}
	if !slices.ContainsFunc(nadia.Whispers(), func(p *model.Post) bool { return strings.Contains(people.Text(p), "Lopez") }) {
		t.Error("the member is not answered any more")
	}
}
