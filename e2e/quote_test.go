package e2e

import (
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
	"parcours/casework"
	"parcours/e2e/people"
)

// defaultOf gives what the open form of somebody shows in a field at first.
func (w *world) defaultOf(who, field string) string {
	w.t.Helper()
	open, ok := w.people[who].Dialog()
	if !ok {
		w.t.Fatalf("%s has no open form: %s", who, w.answered(who))
	}
	for _, e := range open.Dialog.Elements {
		if e.Name == field {
			return e.Default
		}
	}
	w.t.Fatalf("no field %s", field)
	return ""
}

func TestAnObjectiveFromALinkOfTheChannel(t *testing.T) {
	w := newWorld(t, "claire", "martin")
	ctx, claire := t.Context(), w.people["claire"]
	_, channel := w.open("claire")
	post, err := claire.Say(ctx, channel, "Trouver un **logement**\nplus petit")
	must(t, err)
	team, _, err := claire.GetTeam(ctx, w.team, "")
	must(t, err)
	link := server.URL + "/" + team.Name + "/pl/" + post.Id
	must(t, claire.Execute(ctx, channel, "/parcours objectif logement from:"+link))
	if title := w.defaultOf("claire", "title"); title != "Trouver un **logement** plus petit" {
		t.Errorf("the form asks %q", title)
	}
	answer, err := claire.Submit(ctx, channel, map[string][]string{"title": {"Trouver plus petit"}})
	must(t, err)
	if len(answer.Errors) > 0 || answer.Error != "" {
		t.Fatalf("refused: %+v", answer)
	}
	must(t, w.bot.Settle(ctx))
	posts, err := claire.Posts(ctx, channel)
	must(t, err)
	if text := people.Text(posts[len(posts)-1]); !strings.Contains(text, "Trouver plus petit") {
		t.Errorf("the channel is shown %q", text)
	}
	must(t, claire.Execute(ctx, channel, "/parcours action from:"+post.Id))
	if what := w.defaultOf("claire", "what"); what != "Trouver un **logement** plus petit" {
		t.Errorf("the form asks %q", what)
	}

	// A long one is shown whole up to what an answer may hold.
	long, err := claire.Say(ctx, channel, strings.Repeat("é", 200))
	must(t, err)
	must(t, claire.Execute(ctx, channel, "/parcours objectif from:"+long.Id))
	if title := w.defaultOf("claire", "title"); title != strings.Repeat("é", 149)+"…" {
		t.Errorf("the form asks %q", title)
	}

	town, err := claire.Say(ctx, w.townSquare("claire"), "Madame Lopez")
	must(t, err)
	direct, err := claire.Say(ctx, w.direct("claire"), "Madame Lopez")
	must(t, err)
	must(t, w.bot.Settle(ctx))
	deleted, err := claire.Say(ctx, channel, "Madame Lopez")
	must(t, err)
	_, err = claire.DeletePost(ctx, deleted.Id)
	must(t, err)
	for name, ref := range map[string]string{
		"the bot's own":   posts[0].Id,
		"a public one":    town.Id,
		"a private one":   direct.Id,
		"a deleted one":   deleted.Id,
		"none":            model.NewId(),
		"another server":  "https://evil.example.org/" + team.Name + "/pl/" + post.Id,
		"another address": server.URL + "/" + team.Name + "/channels/" + post.Id,
	} {
		must(t, claire.Execute(ctx, channel, "/parcours objectif from:"+ref))
		if text := w.answered("claire"); !strings.Contains(text, "ne peut pas être repris") {
			t.Errorf("%s: %q", name, text)
		}
	}
	if _, err := w.adapter.Quote(ctx, link, w.id("claire")); err != nil {
		t.Error(err)
	}
	_, err = w.adapter.Quote(ctx, link, w.id("martin"))
	wantError(t, err, chat.ErrNotFound)
	_, err = w.adapter.Quote(ctx, link, casework.UserID(model.NewId()))
	wantError(t, err, chat.ErrNotFound)
}
