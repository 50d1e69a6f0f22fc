package main

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/locales"
	"parcours/story"
	"parcours/story/storytest"
)

var update = flag.Bool("update", false, "write anew what the stories tell, as the sandbox tells them")

// The sandbox tells what the golden files of the stories say, as the other platforms do.
func TestTheStoriesAreToldInTheSandbox(t *testing.T) {
	start, err := time.Parse(time.RFC3339, bottest.Start)
	must(t, err)
	for _, read := range tales {
		tale, err := read()
		must(t, err)
		// Whoever administers the service is told who read what too, in an order that is
		// that of the deliveries.
		tale.Staff = story.Staff{}
		t.Run(tale.Name, func(t *testing.T) {
			p, err := newPlayground(filepath.Join(t.TempDir(), "parcours.db"), tale, chat.French, locales.Departement{}, false, atAnyHour(), func() time.Time { return start }, streams{out: io.Discard, err: io.Discard})
			must(t, err)
			defer p.store.Close()
			player := p.player(io.Discard)
			player.Stage = p.stage(tale)
			must(t, player.Play(t.Context(), tale, false))
			if *update {
				must(t, os.WriteFile(filepath.Join("..", "..", "story", "storytest", tale.Name+".txt"), []byte(storytest.Plain(player)), 0o644))
				return
			}
			storytest.Tells(t, "sandbox", tale, player)
		})
	}
}
