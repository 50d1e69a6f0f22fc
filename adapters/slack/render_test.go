package slack

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"parcours/bot/chat"
)

// read gives all that is written in blocks, as it was before it was escaped.
func read(t reporter, blocks []slack.Block) string {
	t.Helper()
	raw, err := json.Marshal(blocks)
	if err != nil {
		t.Fatal(err)
	}
	var all any
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, one := range v {
				walk(one)
			}
		case map[string]any:
			if text, ok := v["text"].(string); ok {
				if v["type"] == "mrkdwn" {
					text = characters.Replace(strings.ReplaceAll(text, gap, ""))
				}
				b.WriteString(text + "\n")
				return
			}
			for _, key := range []string{"text", "fields", "elements", "label", "hint", "element", "options"} {
				walk(v[key])
			}
		}
	}
	walk(all)
	return b.String()
}

func bare(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, gap, "")), "")
}

// TestNothingIsLostOrTooMuch draws messages that keep the limits of the model, and has
// all of each read in messages, and in a view, that keep Slack's.
func TestNothingIsLostOrTooMuch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := func(most int) *rapid.Generator[string] {
			return rapid.Custom(func(t *rapid.T) string {
				word := rapid.SampledFrom([]string{"a", "mot", "&", "<!channel>", "\n", " ", "🙂", "*x*", strings.Repeat("long", 40), "_"}).Draw(t, "word")
				return strings.Repeat(word, rapid.IntRange(0, most/len(word)).Draw(t, "times"))
			})
		}
		m := chat.Message{Text: text(400).Draw(t, "text"), Card: &chat.Card{Title: line(text(140).Draw(t, "title")), Footer: text(100).Draw(t, "footer")}}
		for i := range rapid.IntRange(0, 80).Draw(t, "rows") {
			label := line(text(30).Draw(t, "label"))
			value := text(rapid.SampledFrom([]int{0, 20, 20, 60, 400, 3000, 15000}).Draw(t, "size")).Draw(t, "value")
			m.Card.Rows = append(m.Card.Rows, chat.Plain(label, value))
			if m.Validate() != nil {
				m.Card.Rows = m.Card.Rows[:len(m.Card.Rows)-1]
			}
			if i < 20 {
				m.Card.Buttons = append(m.Card.Buttons, chat.Button{ID: "done", Label: "Fait", Command: "x", Token: strings.Repeat("t", 300)})
			}
		}
		var said []slack.Block
		for i, blocks := range newSheet(m, blocksMax).pages() {
			within(t, fmt.Sprint("page ", i), blocks, 50)
			if n := weigh(blocks); n > 13000 {
				t.Errorf("page %d weighs %d", i, n)
			}
			said = append(said, blocks...)
		}
		view := reading(m)
		within(t, "view", view.Blocks.BlockSet, 100)
		got, home := bare(read(t, said)), bare(read(t, view.Blocks.BlockSet))
		for _, row := range m.Card.Rows {
			// A long text is parted between two sections.
			for _, word := range strings.Fields(row.Value) {
				if word = bare(word); len(word) < 200 && (!strings.Contains(got, word) || !strings.Contains(home, word)) {
					t.Fatalf("%q is lost in %q", word, got)
				}
			}
		}
		if !strings.Contains(got, bare(m.Card.Title)) || !strings.Contains(got, bare(m.Card.Footer)) {
			t.Errorf("%q or %q is lost", m.Card.Title, m.Card.Footer)
		}
	})
}

func TestParts(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"nothing":            {"", nil},
		"blank":              {" \n ", nil},
		"what fits":          {"un deux", []string{"un deux"}},
		"between lines":      {"un deux\ntrois", []string{"un deux", "trois"}},
		"between words":      {"un deux trois", []string{"un deux", "trois"}},
		"in a word":          {"anticonstitutionnel", []string{"anticonsti", "tutionnel"}},
		"two to a face":      {strings.Repeat("🙂", 6), []string{strings.Repeat("🙂", 5), "🙂"}},
		"not in an entity":   {"abcdefgh&amp;x", []string{"abcdefgh", "&amp;x"}},
		"after an entity":    {"abcde&amp;xyz", []string{"abcde&amp;", "xyz"}},
		"first a line break": {"\nabcdefghijkl", []string{"abcdefghi", "jkl"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := parts(c.text, 10); diff(c.want, got) != "" {
				t.Error(diff(c.want, got))
			}
		})
	}
}

func TestButtonsHaveEachTheirID(t *testing.T) {
	var given []chat.Button
	for _, id := range []string{"accept", "accept", "mes-situations", "accept"} {
		given = append(given, chat.Button{ID: id, Label: id, Command: "x", Style: chat.Danger})
	}
	var got []string
	for _, b := range buttons(given) {
		id := b.(*slack.ButtonBlockElement).ActionID
		got = append(got, id+"="+buttonOf(id))
	}
	if want := "accept=accept accept.1=accept mes-situations=mes-situations accept.3=accept"; strings.Join(got, " ") != want {
		t.Error(got)
	}
}
