package slack_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/adapters/slack"
	"parcours/adapters/slack/workspace"
	"parcours/casework"
	"parcours/locales"
	"parcours/story"
)

// TestSlackIsAnsweredInTimeWhateverTheBotDoes has the bot held while somebody does
// something: Slack is told at once that it was heard, and they are answered once the
// bot goes on.
func TestSlackIsAnsweredInTimeWhateverTheBotDoes(t *testing.T) {
	if slack.InTime+time.Second > slack.AckIn {
		t.Error("a form is acknowledged after", slack.InTime)
	}
	for name, begin := range map[string]func(*testing.T) *world{
		"on a socket": func(t *testing.T) *world { return newWorld(t, unhurried, crowd("claire")...) },
		"by HTTP":     func(t *testing.T) *world { return newCalledWorld(t, crowd("claire")...) },
	} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			w := begin(t)
			w.adapter.Hurry(time.Millisecond)
			code, channel := w.opens("claire", nil)
			written := w.slack.Say(w.ids["claire"], channel, "Appeler le bailleur")
			must(t, w.settle(ctx))
			for _, doing := range []struct {
				name string
				do   func(user string) error
			}{
				{"a button", func(string) error { return w.press(ctx, "claire", "run") }}, // which asks for an objective
				{"a form", func(user string) error {
					return w.slack.Submit(ctx, user, map[string][]string{"topic": {"budget"}, "title": {"Solder les dettes"}, "horizon": {"short"}})
				}},
				{"a command", func(user string) error { return w.slack.Type(ctx, user, channel, "/parcours suivi") }},
				{"a shortcut", func(user string) error { return w.slack.Shortcut(ctx, user, written, slack.Shortcut) }},
			} {
				begun, let := w.relay.hold()
				shown := w.slack.Shown(w.ids["claire"])
				acknowledged := make(chan error, 1)
				go func() { acknowledged <- doing.do(w.ids["claire"]) }()
				select {
				case <-begun:
				case err := <-acknowledged:
					t.Fatalf("%s: the bot is not asked: %v", doing.name, err)
				}
				if err := <-acknowledged; err != nil {
					t.Errorf("%s: %v", doing.name, err)
				}
				if w.slack.Shown(w.ids["claire"]) > shown {
					t.Errorf("%s: answered before it was let go", doing.name)
				}
				let()
				must(t, w.slack.Await(ctx, "answer to "+doing.name, func() bool { return w.slack.Shown(w.ids["claire"]) > shown }))
				must(t, w.settle(ctx))
			}
			if n := len(w.Case(casework.Code(code)).Objectives); n != 1 {
				t.Errorf("%d objectives were set", n)
			}
			w.wantNothingSwallowed()
		})
	}
}

// TestWhoIsHeardTooLateForAFormIsToldToDoItAgain has what somebody does take up to five
// seconds to arrive, until a form cannot be opened by it any more.
func TestWhoIsHeardTooLateForAFormIsToldToDoItAgain(t *testing.T) {
	ctx := t.Context()
	w := newSlowWorld(t, 1, crowd("claire")...)
	w.rough = workspace.Faults{Late: 1}
	again := locales.For("fr").T("form.late")
	direct, late := w.slack.Direct(w.ids["claire"]), false
	for range 100 {
		if text := w.types("claire", direct, "/parcours ouvrir"); strings.Contains(text, again) {
			late = true
			break
		}
		if _, open := w.slack.Form(w.ids["claire"]); !open {
			t.Fatal("claire is neither asked nor told:", w.told("claire"))
		}
		w.slack.Dismiss(w.ids["claire"])
		w.World.Advance(20 * time.Second) // nobody types faster for long
	}
	if !late {
		t.Fatal("every form was opened in time")
	}
	cases := func() (codes []string) {
		for _, kept := range w.slack.Kept() {
			if kept.What == "channel" {
				codes = append(codes, kept.Text)
			}
		}
		return codes
	}
	if made := cases(); len(made) > 0 {
		t.Error("half of it was done:", made)
	}
	must(t, w.stage(story.Story{}).Submit(ctx, "claire", "direct", map[string][]string{
		"person": {"Madame Lopez"}, "household": {"person"}, "answer": {"accepts"}, "consent_form": {"written"}, "topics": {"budget"},
	}))
	if made := cases(); len(made) != 1 {
		t.Errorf("what was done again made %q", made)
	}
	w.wantNothingSwallowed()
}

// press has somebody press the newest button of a name that they see.
func (w *world) press(ctx context.Context, who, button string) error {
	for _, seen := range slices.Backward(w.slack.Seen(w.ids[who])) {
		if b, ok := seen.Has(button); ok {
			return w.slack.Press(ctx, w.ids[who], seen.TS, b.Action)
		}
	}
	return fmt.Errorf("@%s sees no button %s", who, button)
}
