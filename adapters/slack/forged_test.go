package slack_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"parcours/adapters/slack"
	"parcours/adapters/slack/workspace"
	"parcours/casework"
)

type m = map[string]any

// interacts has Slack call the bot with something that was done, whatever it holds, and
// gives the status once the bot has done what follows.
func (w *world) interacts(payload m) int {
	w.t.Helper()
	w.forged++
	payload["trigger_id"] = fmt.Sprintf("1.2.%d", w.forged) // no two calls are the same
	raw, err := json.Marshal(payload)
	must(w.t, err)
	body := url.Values{"payload": {string(raw)}}.Encode()
	signature, stamp := workspace.Signature(workspace.SigningSecret, time.Now(), []byte(body))
	status, _ := posted(w.t, w.front.URL+slack.InteractionPath, "application/x-www-form-urlencoded", body,
		http.Header{"X-Slack-Signature": {signature}, "X-Slack-Request-Timestamp": {stamp}})
	must(w.t, w.settle(w.t.Context()))
	return status
}

// made gives the names of all channels that were ever made.
func (w *world) made() (names []string) {
	for _, kept := range w.slack.Kept() {
		if kept.What == "channel" {
			names = append(names, kept.Text)
		}
	}
	return names
}

func TestAFormOfWrongTypesOrSizesDoesNothing(t *testing.T) {
	w := newCalledWorld(t, crowd("claire")...)
	w.types("claire", w.slack.Direct(w.ids["claire"]), "/parcours ouvrir")
	form, _ := w.slack.Form(w.ids["claire"])
	one := func(value any) m { return m{"type": "radio_buttons", "selected_option": m{"value": value}} }
	many := func(values ...any) m {
		options := []m{}
		for _, v := range values {
			options = append(options, m{"value": v})
		}
		return m{"type": "multi_static_select", "selected_options": options}
	}
	text := func(value any) m { return m{"type": "plain_text_input", "value": value} }
	good := m{
		"person": text("Madame Lopez"), "household": one("person"), "answer": one("accepts"), "consent_form": one("written"), "topics": many("budget"),
	}
	send := func(state m) int {
		values := m{}
		for id, given := range state {
			values[id] = m{id: given}
		}
		return w.interacts(m{
			"type": "view_submission", "user": m{"id": w.ids["claire"]},
			"view": m{"id": "V1", "type": "modal", "callback_id": form.Callback, "private_metadata": form.Metadata, "state": m{"values": values}},
		})
	}
	fields := m{}
	for i := range 5000 {
		fields[fmt.Sprintf("topics.%d", i)] = many("budget")
	}
	fields["answer"] = one(nil)
	for name, change := range map[string]m{
		"a map":                    {"person": text(m{"x": "y"})},
		"a list of numbers":        {"topics": many(1, 2)},
		"deep lists":               {"topics": many([]any{[]any{"budget"}})},
		"a number for a name":      {"person": text(12), "answer": one(3)},
		"true for an option":       {"answer": one(true)},
		"options for one":          {"answer": many("accepts", "refuses")},
		"a text for an option":     {"answer": m{"type": "radio_buttons", "selected_option": "accepts"}},
		"an option nobody offered": {"answer": one("always")},
		"a topic nobody offered":   {"topics": many("budget", "everything")},
		"nothing at all":           {"person": nil, "household": nil, "answer": nil, "consent_form": nil, "topics": nil},
		"a day that is none":       {"consent_until": m{"type": "datepicker", "selected_date": "2026-02-31"}},
		"a day that is past":       {"consent_until": m{"type": "datepicker", "selected_date": "1999-01-01"}},
		"a megabyte":               {"person": text(strings.Repeat("x", 1<<20))},
		"a line without an end":    {"person": text(strings.Repeat("x", 100<<10))},
		"many fields":              fields,
	} {
		state := maps.Clone(good)
		maps.Copy(state, change)
		status := send(state)
		if status >= 500 {
			t.Errorf("%s: status %d", name, status)
		}
		if made := w.made(); len(made) > 0 {
			t.Fatalf("%s: a case was opened: %s", name, made)
		}
	}
	if strings.Contains(w.Logged(), "Lopez") || len(w.Logged()) > 64<<10 {
		t.Error("what was sent is logged")
	}
	// All that did not use the form up; it is used once, and not after half an hour.
	send(good)
	if made := w.made(); len(made) != 1 {
		t.Errorf("the form itself made %q", made)
	}
	send(good)
	if made := w.made(); len(made) != 1 {
		t.Errorf("the form sent twice made %q", made)
	}
	w.types("claire", w.slack.Direct(w.ids["claire"]), "/parcours ouvrir")
	form, _ = w.slack.Form(w.ids["claire"])
	w.World.Advance(31 * time.Minute)
	send(good)
	if made := w.made(); len(made) != 1 {
		t.Errorf("a form of half an hour ago made %q", made)
	}
}

// TestTheButtonOfAnAnswerIsOfItsReaderAlone has others press, with all that is in them, the
// buttons of what somebody alone was told: it is in their own name, so that whoever is in
// no circle learns nothing, and nothing is done in the reader's.
func TestTheButtonOfAnAnswerIsOfItsReaderAlone(t *testing.T) {
	w := newCalledWorld(t, crowd("claire", "nadia", "attacker")...)
	code, channel := w.opens("claire", nil)
	w.invites("claire", channel, "nadia")
	for where, line := range map[string]string{channel: "/parcours suivi", w.slack.Direct(w.ids["claire"]): "/parcours"} {
		w.types("claire", where, line)
		seen := w.slack.Seen(w.ids["claire"])
		answer := seen[len(seen)-1]
		if !answer.Private || len(answer.Buttons) == 0 {
			t.Fatalf("claire is answered %+v", answer)
		}
		shown, decided := w.slack.Shown(w.ids["claire"]), w.Case(casework.Code(code)).Seq
		for _, b := range answer.Buttons {
			for _, thief := range []string{"nadia", "attacker"} {
				if err := w.slack.Press(t.Context(), w.ids[thief], answer.TS, b.Action); err == nil {
					t.Errorf("%s sees the answer", thief)
				}
				w.World.Advance(20 * time.Second) // nobody presses faster for long
				told := func() int { return len(w.slack.Seen(w.ids[thief])) + w.slack.Shown(w.ids[thief]) }
				before := told()
				asked, _ := w.relay.answers(casework.UserID(w.ids[thief]))
				status := w.interacts(m{
					"type": "block_actions", "user": m{"id": w.ids[thief]}, "channel": m{"id": where},
					"container": m{"type": "message", "message_ts": answer.TS, "channel_id": where, "is_ephemeral": true},
					"actions":   []m{{"type": "button", "action_id": b.Action, "value": b.Value}},
				})
				if status != http.StatusOK {
					t.Errorf("%s by %s: status %d", b.Label, thief, status)
				}
				anything, err := w.relay.await(t.Context(), casework.UserID(w.ids[thief]), asked)
				must(t, err)
				if anything {
					must(t, w.slack.Await(t.Context(), "answer to "+thief, func() bool { return told() > before }))
				}
			}
		}
		if w.slack.Shown(w.ids["claire"]) != shown || w.Case(casework.Code(code)).Seq != decided {
			t.Error("something is done in claire's name")
		}
	}
	w.wantBlind("attacker", "Lopez", code)
}

// TestSomebodyDeactivatedIsToldNothingMore has an account be closed while it has something
// to do: nothing more is told to it, and what others do goes on.
func TestSomebodyDeactivatedIsToldNothingMore(t *testing.T) {
	w := newWorld(t, unhurried, crowd("claire", "nadia")...)
	_, channel := w.opens("claire", nil)
	w.invites("claire", channel, "nadia")
	act := func(title string) {
		w.types("claire", channel, `/parcours objectif topic:budget title:"`+title+`" horizon:short`)
		w.types("claire", channel, `/parcours action objective:o1 what:"Appeler la banque" who:p2 due:demain`)
	}
	act("Solder les dettes")
	direct := w.slack.Direct(w.ids["nadia"])
	before := len(w.posts(direct))
	if before < 2 {
		t.Fatalf("nadia was told only %q", w.posts(direct))
	}
	w.slack.Change(w.ids["nadia"], func(p *workspace.Person) { p.Deleted = true })
	must(t, w.settle(t.Context()))
	act("Ouvrir un livret")
	w.World.Advance(48 * time.Hour) // the reminder falls due
	must(t, w.settle(t.Context()))
	if now := w.posts(direct); len(now) != before {
		t.Errorf("told %d things, then %q", before, now)
	}
	if posts := strings.Join(w.posts(channel), "\n"); !strings.Contains(posts, "Ouvrir un livret") {
		t.Error("the others are told nothing more:", posts)
	}
	if text := w.types("claire", channel, "/parcours suivi"); !strings.Contains(text, "Appeler la banque") {
		t.Error("the coordinator reads", text)
	}
	if strings.Contains(w.Logged(), "level=ERROR") {
		t.Error("the product is at a loss:", w.Logged())
	}
	w.wantNothingSwallowed()
}

func TestAConsentWithdrawnClosesEverything(t *testing.T) {
	w := newWorld(t, unhurried, crowd("claire", "nadia")...)
	code, channel := w.opens("claire", nil)
	w.invites("claire", channel, "nadia")
	w.types("claire", channel, `/parcours objectif topic:budget title:"Solder les dettes" horizon:short`)
	begun := time.Now()
	w.types("claire", channel, "/parcours consentement withdraw")
	took := time.Since(begun)
	if t.Logf("everything was closed within %s", took.Round(time.Millisecond)); took > 10*time.Second {
		t.Errorf("it took %s until everything was closed", took)
	}
	for _, who := range []string{"claire", "nadia"} {
		if _, in := w.slack.ChannelNamed(w.ids[who], strings.ToLower(code)); in {
			t.Errorf("%s still reads the channel", who)
		}
		w.wantBlind(who, "Solder les dettes")
	}
	if posts := strings.Join(w.posts(channel), "\n"); strings.Contains(posts, "Solder") {
		t.Error("the channel still says", posts)
	}
	told := ""
	for _, seen := range w.slack.Seen(w.ids["nadia"]) {
		told += seen.Text + "\n"
	}
	if !strings.Contains(told, code) || strings.Contains(told, "Lopez") {
		t.Error("the partner was told:", told)
	}
	w.wantNothingSwallowed()
}
