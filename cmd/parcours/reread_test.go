package main

import (
	"io"
	"path/filepath"
	"strings"
	"testing"

	"parcours/bot/chat"
	"parcours/config"
	"parcours/locales"
	"parcours/story"
)

// In the sandbox as elsewhere, a text that says too much comes back in its form,
// marked, and is kept when it is sent again.
func TestATextComesBackInTheSandbox(t *testing.T) {
	tale, err := story.Ariege()
	must(t, err)
	p, err := newPlayground(filepath.Join(t.TempDir(), "parcours.db"), tale, chat.French, locales.Departement{}, false, config.Default().Reminders, nil, streams{out: io.Discard, err: io.Discard})
	must(t, err)
	defer p.store.Close()
	g := p.stage(tale)
	player := p.player(io.Discard)
	player.Stage = g
	must(t, player.Play(t.Context(), tale, true))
	claire, err := g.user("claire")
	must(t, err)

	must(t, g.Type(t.Context(), "claire", "case", `/parcours objectif topic:budget title:"Appeler Lina Durand"`))
	form, _, _, open := p.chat.FormOf(claire)
	if !open {
		t.Fatal("the form does not come back")
	}
	values := map[string][]string{}
	for _, f := range form.Fields {
		about := f.About()
		values[about.ID] = about.Default
		if marked := strings.Contains(about.Hint, "Lina Durand"); marked != (about.ID == "title") {
			t.Errorf("%s says %q", about.ID, about.Hint)
		}
	}
	must(t, g.Submit(t.Context(), "claire", "case", values))
	seen := p.chat.Seen(claire)
	if last := seen[len(seen)-1].Message.AsText(); !strings.Contains(last, "Appeler Lina Durand") {
		t.Errorf("claire reads %q", last)
	}
}
