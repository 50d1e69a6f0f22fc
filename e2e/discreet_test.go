package e2e

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"parcours/e2e/people"
)

// linkIn is a link to a file, as an answer shows it.
var linkIn = regexp.MustCompile(`\[([^]]+)\]\((http[^)]+/mattermost/document/[^)]+)\)`)

// TestTheServerKeepsNothing lives the story where the server is to keep no content:
// everybody asks to be shown whatever is new to them, and reads it; and no table of
// the server's database holds any of the story's words, in posts as they stand or
// as they were, files, or anywhere else.
func TestTheServerKeepsNothing(t *testing.T) {
	l := newLived(t, "", "PARCOURS_MATTERMOST_SHOWING", "discreet")
	marked := l.mark()
	l.join("attacker")
	l.live(false)
	claire := l.people["claire"]
	ctx := t.Context()

	// A document is fetched, once.
	must(t, claire.Execute(ctx, l.direct("claire"), "/parcours document "+l.code+" list"))
	said := claire.Whispers()
	link := linkIn.FindStringSubmatch(people.Text(said[len(said)-1]))
	if link == nil || strings.Contains(link[2], l.code) {
		t.Fatalf("claire is offered:\n%s", people.Text(said[len(said)-1]))
	}
	for n, want := range []int{http.StatusOK, http.StatusNotFound} {
		status, body := fetch(t, link[2])
		if status != want || (want == http.StatusOK) != bytes.HasPrefix(body, []byte("%PDF")) {
			t.Errorf("asked %d times, the link gives %d: %.60q", n+1, status, body)
		}
	}
	// What is typed to the bot without its slash is answered on the screen too.
	before := len(claire.Whispers())
	_, err := claire.Say(ctx, l.direct("claire"), "suivi "+l.code)
	must(t, err)
	must(t, claire.Await("an answer", func() bool { return len(claire.Whispers()) > before }))
	if text := people.Text(claire.Whispers()[before]); !strings.Contains(text, marked[0]) {
		t.Errorf("claire reads:\n%s", text)
	}
	must(t, l.quiet(ctx))

	shown := ""
	for _, person := range l.tale.People {
		for _, post := range l.people[person.Handle].Whispers() {
			shown += people.Text(post)
		}
	}
	for _, word := range marked {
		if !strings.Contains(shown, word) {
			t.Errorf("nobody was shown %q", word)
		}
	}
	for _, row := range l.holding(marked) {
		t.Errorf("table %s holds a marked word: %s", row.table, row.text)
	}
	if files := l.rows(`SELECT id FROM fileinfo WHERE creatorid = {bot}`); len(files) > 0 {
		t.Errorf("the server keeps %d files of the bot", len(files))
	}
	if posts := l.rows(`SELECT id FROM posts WHERE userid = {bot} AND props->>'parcours_key' IS NOT NULL`); len(posts) < 20 {
		t.Errorf("only %d posts of the bot", len(posts))
	}
	// The scan is not blind: it finds what somebody writes themselves.
	channel, err := l.place(ctx, "claire", "case")
	must(t, err)
	_, err = claire.Say(ctx, channel, "Je note : "+strings.Join(marked, ", "))
	must(t, err)
	if len(l.holding(marked)) == 0 {
		t.Error("what claire wrote is not found: the scan is blind")
	}
	wantBlind(t, l.people["attacker"], l.team, append([]string{l.code}, marked...)...)
}

// fetch asks for the file of a link, having looked at its page.
func fetch(t *testing.T, link string) (status int, body []byte) {
	t.Helper()
	page, err := http.Get(link)
	must(t, err)
	page.Body.Close()
	if page.StatusCode != http.StatusOK || page.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the page: %d %v", page.StatusCode, page.Header)
	}
	file, err := http.Post(link, "application/x-www-form-urlencoded", nil)
	must(t, err)
	defer file.Body.Close()
	body, err = io.ReadAll(file.Body)
	must(t, err)
	return file.StatusCode, body
}
