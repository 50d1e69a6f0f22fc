package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/slack-go/slack"

	"parcours/bot/chat"
	"parcours/browsertest"
)

var draw = flag.String("draw", "", "a folder for a picture of each card and form")

const (
	// phoneWidth is that of a small phone, in pixels.
	phoneWidth = 360
	// buttonMax is how much Slack shows of the label of a button.
	buttonMax = 30
)

// pictures are those of the documentation: what is in them, from left to right.
var pictures = map[string][]string{
	"slack-cards.png": {"view invitation", "view commission", "view home", "home tab"},
	"slack-forms.png": {"form objective", "form invite", "form document", "form review"},
}

// A drawing is a message as Slack is sent it, or a form, which has a title; with all
// that people are to read in it.
type drawing struct {
	Name   string        `json:"name"`
	Title  string        `json:"title"`
	Submit string        `json:"submit"`
	Blocks []slack.Block `json:"blocks"`
	texts  []string
}

// escaped is a message whose characters are written in another way, and read as they
// are. The library takes more for markup than Slack does, which is not shown to it.
var escaped = chat.Message{Text: "R&D", Card: &chat.Card{
	Title: "R&D", Footer: "R&D", Rows: []chat.Row{chat.Plain("R&D", "2 > 1 &amp; a_b_c"), chat.Heading("R&D"), chat.Plain("", "> R&D <i>.")},
}}

// fullest keeps the drawing of its name that has most to say.
func (b *album) fullest(d drawing) {
	if old, ok := b.drawings[d.Name]; !ok || len(strings.Join(d.texts, "")) > len(strings.Join(old.texts, "")) {
		b.drawings[d.Name] = d
	}
}

// saidIn are the texts of a message.
func saidIn(m chat.Message) []string {
	all := []string{m.Text}
	if m.Card == nil {
		return all
	}
	all = append(all, m.Card.Title, m.Card.Footer)
	for _, row := range m.Card.Rows {
		all = append(all, row.Label, row.Value)
	}
	for _, button := range m.Card.Buttons {
		all = append(all, button.Label)
	}
	return all
}

// askedIn are the texts of a form, what is in a list that is closed excepted.
func askedIn(form chat.Form) []string {
	all := []string{form.Title, form.Submit, form.Intro}
	for _, field := range form.Fields {
		base := field.About()
		all = append(all, base.Label, base.Hint)
		switch f := field.(type) {
		case chat.Text, chat.Area, chat.Number:
			all = append(all, base.Value())
		case chat.Bool:
			all = append(all, f.Yes)
			if f.Required {
				all = append(all, f.No)
			}
		case chat.Select:
			for _, o := range f.Options {
				if len(f.Options) <= fewOptions && f.Required || o.Value == base.Value() {
					all = append(all, o.Label)
				}
			}
		case chat.Choice:
			for _, o := range f.Options {
				if len(f.Options) <= boxesMax || slices.Contains(base.Default, o.Value) {
					all = append(all, o.Label)
				}
			}
		}
	}
	return all
}

// What a browser tells of a drawing.
type look struct {
	Name string
	// Text is all that is read, what is in the fields last.
	Text    string
	Buttons []string
	// Cut are texts that go over the edge of the screen, of a button, or of what would
	// not show the rest.
	Cut []string
}

const looking = `[...document.querySelectorAll('article')].map(article => {
	const inside = (a, b) => a.left > b.left - 1 && a.right < b.right + 1 && a.top > b.top - 1 && a.bottom < b.bottom + 1;
	const holds = e => e === article || e.tagName === 'BUTTON' || getComputedStyle(e).overflow !== 'visible';
	const cut = text => {
		for (let e = text; e !== article.parentElement; e = e.parentElement)
			if (holds(e) && !inside(text.getBoundingClientRect(), e.getBoundingClientRect())) return true;
	};
	const all = [...article.querySelectorAll('*')];
	return {
		Name: article.dataset.name,
		Text: article.innerText + '\n' + all.flatMap(e => e.value || []).join('\n'),
		Buttons: all.filter(e => e.matches('.slack_blocks_to_jsx__button_element')).map(e => e.innerText),
		Cut: all.filter(e => e.children.length === 0 && e.innerText && e.checkVisibility() && cut(e)).map(e => e.innerText),
	};
})`

// markup is what people would read of markup that Slack does not take for such.
var markup = regexp.MustCompile("[*~`]|&[a-z]+;|<[@#!a-z]|:[a-z_]+:")

// drawn fails unless every card and form can be read on a phone, as a library that knows
// Slack's blocks, and nothing of this package, draws them.
func drawn(t *testing.T, drawings map[string]drawing) {
	ctx := browsertest.Start(t, 4*time.Minute)
	show(t, ctx, slices.SortedFunc(maps.Values(drawings), func(a, b drawing) int { return strings.Compare(a.Name, b.Name) }))
	looks, err := chromedp.Run(ctx, chromedp.Evaluate[[]look](looking))
	if err != nil || len(looks) != len(drawings) {
		t.Fatalf("%d of %d are drawn: %v", len(looks), len(drawings), err)
	}
	for _, l := range looks {
		read := bare(l.Text)
		for _, text := range drawings[l.Name].texts {
			if !strings.Contains(read, bare(text)) {
				t.Errorf("%s: %q is not read in:\n%s", l.Name, text, l.Text)
			}
		}
		for _, text := range l.Cut {
			t.Errorf("%s: %q is cut", l.Name, text)
		}
		for _, label := range l.Buttons {
			if size(label) > buttonMax {
				t.Errorf("%s: Slack cuts the button %q", l.Name, label)
			}
		}
		for _, raw := range markup.FindAllString(l.Text, -1) {
			if !strings.Contains(strings.Join(drawings[l.Name].texts, "\n"), raw) {
				t.Errorf("%s: %q is read in:\n%s", l.Name, raw, l.Text)
			}
		}
	}
	if folder := os.Getenv("PARCOURS_PICTURES"); folder != "" {
		for name, chosen := range pictures {
			side(t, ctx, filepath.Join(folder, name), chosen)
		}
	}
	if *draw != "" {
		for name := range drawings {
			picture(t, ctx, filepath.Join(*draw, strings.ReplaceAll(name, " ", "-")+".png"), fmt.Sprintf("article[data-name=%q]", name))
		}
	}
}

// show opens a page of drawings, on a phone.
func show(t *testing.T, ctx context.Context, drawings []drawing) {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(filepath.Join("testdata", "drawing"))); err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(drawings)
	if err != nil {
		t.Fatal(err)
	}
	var page []byte
	for _, line := range [][]string{
		{"npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"},
		{"node", "draw.mjs"},
	} {
		command := exec.CommandContext(ctx, line[0], line[1:]...)
		var wrong bytes.Buffer
		command.Dir, command.Stdin, command.Stderr = folder, bytes.NewReader(raw), &wrong
		if page, err = command.Output(); err != nil {
			t.Fatalf("%s: %v\n%.4000s", line[0], err, wrong.String())
		}
	}
	file := filepath.Join(folder, "page.html")
	if err := os.WriteFile(file, append([]byte("<!doctype html>"), page...), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(phoneWidth, 800), chromedp.Navigate("file://"+file)); err != nil {
		t.Fatal(err)
	}
}

// side takes a picture of some drawings, side by side.
func side(t *testing.T, ctx context.Context, path string, names []string) {
	t.Helper()
	raw, err := json.Marshal(names)
	if err != nil {
		t.Fatal(err)
	}
	script := fmt.Sprintf(`(names => {
		const fail = name => { throw new Error('there is no ' + name); };
		const main = document.querySelector('main'), all = [...main.children];
		main.className = 'picture';
		for (const a of all) a.className = names.includes(a.dataset.name) ? 'chosen' : '';
		for (const name of names) main.append(all.find(a => a.dataset.name === name) ?? fail(name));
	})(%s)`, raw)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1600, 800), chromedp.Evaluate[chromedp.Void](script)); err != nil {
		t.Fatal(err)
	}
	picture(t, ctx, path, "main")
}

// picture takes a picture of part of the page.
func picture(t *testing.T, ctx context.Context, path, part string) {
	t.Helper()
	png, err := chromedp.Run(ctx, chromedp.Screenshot(chromedp.CSS(part)))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, png, 0o644); err != nil {
		t.Fatal(err)
	}
}
