package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"parcours/e2e/people"
)

// wantBlind checks that nothing a browser has received, and nothing its user can
// look for, holds any of these words.
func wantBlind(t *testing.T, p *people.Person, team string, words ...string) {
	t.Helper()
	must(t, p.CatchUp(t.Context()))
	for _, e := range p.Everything() {
		raw, err := e.ToJSON()
		must(t, err)
		text := strings.ToLower(unicoded(t, raw))
		for _, word := range words {
			if strings.Contains(text, strings.ToLower(word)) {
				t.Errorf("@%s received %q in %s: %s", p.Handle, word, e.EventType(), text)
			}
		}
	}
	for _, word := range words {
		found, _, err := p.SearchPosts(t.Context(), team, word, false)
		if err == nil && len(found.Order) > 0 {
			t.Errorf("@%s finds %q", p.Handle, word)
		}
	}
	if team == "" {
		return
	}
	channels, err := p.Channels(t.Context())
	must(t, err)
	for _, channel := range channels {
		posts, err := p.Posts(t.Context(), channel.Id)
		must(t, err)
		for _, post := range posts {
			for _, word := range words {
				if strings.Contains(people.Text(post), word) {
					t.Errorf("@%s reads %q", p.Handle, word)
				}
			}
		}
	}
}

// unicoded gives JSON with its characters written out.
func unicoded(t *testing.T, raw []byte) string {
	t.Helper()
	var value any
	must(t, json.Unmarshal(raw, &value))
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	must(t, e.Encode(value))
	return b.String()
}
