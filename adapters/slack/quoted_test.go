package slack_test

import (
	"strings"
	"testing"

	"parcours/adapters/slack"
	"parcours/adapters/slack/workspace"
)

// TestAMessageBecomesAnAction has a message of the circle answer the question of what
// is to be done, by the shortcut and by its link, for those who can read it.
func TestAMessageBecomesAnAction(t *testing.T) {
	w := newWorld(t, unhurried, crowd("claire", "nadia", "martin")...)
	_, channel := w.opens("claire", nil)
	w.invites("claire", channel, "nadia")
	w.types("claire", channel, `/parcours objectif topic:budget title:"Ouvrir un livret" horizon:short`)
	ctx, said := t.Context(), "Je prends rendez-vous <à la banque> & je reviens vers vous"
	ts := w.slack.Say(w.ids["nadia"], channel, said)
	must(t, w.settle(ctx))

	link := workspace.Permalink(channel, ts)
	for name, ask := range map[string]func(user string) error{
		"the shortcut": func(user string) error { return w.slack.Shortcut(ctx, user, ts, slack.Shortcut) },
		"its link":     func(user string) error { return w.slack.Type(ctx, user, channel, `/parcours action from:"`+link+`"`) },
	} {
		must(t, w.act(ctx, "claire", ask))
		if form, open := w.slack.Form(w.ids["claire"]); !open || form.Callback != "action" {
			t.Fatalf("by %s, claire is asked %+v; told %q", name, form, w.told("claire"))
		}
		filled := map[string][]string{"objective": {"o1"}, "who": {"person"}, "due": {"2026-12-01"}}
		must(t, w.act(ctx, "claire", func(user string) error { return w.slack.Submit(ctx, user, filled) }))
	}
	if text := w.types("claire", channel, "/parcours suivi"); strings.Count(text, said) < 2 {
		t.Errorf("the actions are not what was said: %s", text)
	}
	if err := w.slack.Shortcut(ctx, w.ids["martin"], ts, slack.Shortcut); err == nil {
		t.Error("who does not see a message has a shortcut on it")
	}
	for _, where := range []string{w.slack.Direct(w.ids["martin"]), w.slack.Channel("place", w.ids["martin"], false)} {
		w.types("martin", where, `/parcours action from:"`+link+`" who:moi due:demain`)
	}
	w.wantBlind("martin", "rendez-vous", "livret", "Lopez")
	w.wantNothingSwallowed()
}

// TestWhatComesWithAFileIsReadToo has people write with a file, in the circle and to the
// bot.
func TestWhatComesWithAFileIsReadToo(t *testing.T) {
	w := newWorld(t, unhurried, crowd("claire", "nadia")...)
	code, channel := w.opens("claire", nil)
	w.invites("claire", channel, "nadia")
	w.types("claire", channel, `/parcours objectif topic:budget title:"Ouvrir un livret" horizon:short`)
	ctx, said := t.Context(), "Je prends rendez-vous à la banque"
	ts := w.slack.Hand(w.ids["nadia"], channel, said, "plan.pdf")
	must(t, w.settle(ctx))
	must(t, w.act(ctx, "claire", func(user string) error { return w.slack.Shortcut(ctx, user, ts, slack.Shortcut) }))
	if form, open := w.slack.Form(w.ids["claire"]); !open || form.Callback != "action" {
		t.Fatalf("claire is asked %+v; told %q", form, w.told("claire"))
	}
	filled := map[string][]string{"objective": {"o1"}, "who": {"person"}, "due": {"2026-12-01"}}
	must(t, w.act(ctx, "claire", func(user string) error { return w.slack.Submit(ctx, user, filled) }))
	if text := w.types("claire", channel, "/parcours suivi"); !strings.Contains(text, said) {
		t.Errorf("the action is not what was said: %s", text)
	}
	nadia := w.ids["nadia"]
	w.slack.Hand(nadia, w.slack.Direct(nadia), "suivi "+code, "plan.pdf")
	must(t, w.slack.Await(ctx, "answer to nadia", func() bool {
		seen := w.slack.Seen(nadia)
		return strings.Contains(seen[len(seen)-1].Text, "Ouvrir un livret")
	}))
	w.wantNothingSwallowed()
}
