package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"parcours/bot"
	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/commands"
	"parcours/locales"
	"parcours/story"
)

var update = flag.Bool("update", false, "write the golden files anew")

// An album keeps the shortest of each kind of message and form that people are shown,
// in whatever order they are.
type album struct {
	*bottest.Platform
	t     *testing.T
	a     *Adapter
	cards map[string]string
	forms map[string]string
	// drawings are the fullest of each kind, as they are drawn.
	drawings map[string]drawing
}

// Send keeps what is sent by the view that made it.
func (b *album) Send(ctx context.Context, message chat.Cleared) (chat.Sent, error) {
	if out, ok := message.Value(); ok {
		b.keep("view "+out.View, out.Message)
	}
	return b.Platform.Send(ctx, message)
}

// keep keeps a message, without what is never the same twice, and has it keep the
// limits of Slack.
func (b *album) keep(name string, m chat.Message) {
	for i, page := range newSheet(m, blocksMax).pages() {
		within(b.t, fmt.Sprintf("%s, page %d", name, i), page, 50)
		if n := weigh(page); n > pageMax {
			b.t.Errorf("%s, page %d weighs %d", name, i, n)
		}
	}
	view := reading(m)
	within(b.t, name+" as a view", view.Blocks.BlockSet, 100)
	if m.Card != nil {
		card := *m.Card
		card.Buttons = slices.Clone(card.Buttons)
		for i := range card.Buttons {
			card.Buttons[i].Token = "token"
		}
		m.Card = &card
	}
	blocks := newSheet(m, blocksMax).blocks()
	b.shortest(b.cards, name, b.lines(blocks))
	b.fullest(drawing{Name: name, Blocks: blocks, texts: saidIn(m)})
}

// shortest keeps the shortest text of a name.
func (b *album) shortest(all map[string]string, name, text string) {
	if old, ok := all[name]; !ok || cmp.Or(cmp.Compare(len(text), len(old)), cmp.Compare(text, old)) < 0 {
		all[name] = text
	}
}

// lines are blocks, one a line.
func (b *album) lines(blocks []slack.Block) string {
	var all strings.Builder
	for _, block := range blocks {
		all.WriteString(asJSON(b.t, block) + "\n")
	}
	return all.String()
}

// answered keeps what somebody is answered.
func (b *album) answered(answer chat.Answer) {
	if out, ok := answer.Say.Value(); ok {
		b.keep("answer "+out.View, out.Message)
		if out.View == "mine" {
			home := newSheet(out.Message, viewMax).blocks()
			b.fullest(drawing{Name: "home tab", Title: brand, Blocks: home, texts: saidIn(out.Message)})
		}
	}
	form, ok := answer.Form.Value()
	if !ok {
		return
	}
	view, err := b.a.modal(b.t.Context(), form, channel)
	if err != nil {
		b.t.Fatal(err)
	}
	fits(b.t, "form "+form.ID, view)
	form.Token = "token"
	if view, err = b.a.modal(b.t.Context(), form, channel); err != nil {
		b.t.Fatal(err)
	}
	blocks := view.Blocks.BlockSet
	view.Blocks.BlockSet = []slack.Block{}
	b.shortest(b.forms, "form "+form.ID, asJSON(b.t, view)+"\n"+b.lines(blocks))
	b.fullest(drawing{Name: "form " + form.ID, Title: form.Title, Submit: form.Submit, Blocks: blocks, texts: askedIn(form)})
}

var codes = regexp.MustCompile(`P-[0-9A-Z]{4}`)

// lives plays a story, and then has each of its people ask for everything.
func (b *album) lives(tale story.Story) {
	var handles []string
	for _, p := range tale.People {
		handles = append(handles, p.Handle)
	}
	w := bottest.New(b.t, commands.All(), commands.Views(), handles...)
	w.Fast = true
	b.Platform = w.Platform
	w.With(func(o *bot.Options) {
		o.Platform, o.Random = b, rand.NewChaCha8([32]byte{1})
		o.Staff = bot.Staff{Admins: []string{"@" + handles[0]}, Pilots: []string{"@" + handles[0]}}
	})
	var place casework.ChannelID
	in := func(who, where string) casework.ChannelID {
		if where == "case" {
			return place
		}
		return bottest.Direct(bottest.ID(who))
	}
	code := ""
	for _, s := range tale.Steps {
		switch {
		case s.Type != "":
			line := strings.TrimPrefix(strings.ReplaceAll(s.Type, "{code}", code), "/parcours")
			b.answered(w.Type(s.As, in(s.As, s.In), strings.TrimSpace(line)))
		case s.Submit != nil:
			answer := w.Submit(s.As, in(s.As, s.In), chat.Values(s.Submit))
			b.answered(answer)
			if found := codes.FindString(bottest.Text(answer)); code == "" && found != "" {
				code = found
				place = w.Case(casework.Code(code)).Channel
			}
		case s.Press != "":
			b.answered(w.Press(s.As, in(s.As, s.In), s.Press))
		case s.Advance != "":
			d, err := time.ParseDuration(s.Advance)
			if err != nil {
				b.t.Fatal(err)
			}
			for range int(d.Hours()) {
				w.Advance(time.Hour)
				w.Settle()
			}
		}
		if s.Demo {
			for _, who := range handles {
				for _, c := range commands.All() {
					b.answered(w.Type(who, place, c.Name))
				}
				b.answered(w.Type(who, place, "répondre a2 help"))
			}
			b.shows(w, casework.Code(code), handles)
		}
	}
	b.shows(w, casework.Code(code), handles)
	for _, line := range rarely {
		for _, who := range handles {
			b.answered(w.Type(who, place, strings.ReplaceAll(line, "{code}", code)))
		}
		b.shows(w, casework.Code(code), handles)
	}
}

// rarely is what nobody does in the stories.
var rarely = []string{
	`répondre c1 cancel why:"La salle est prise"`,
	`consulter case:{code} reason:"Demande écrite de la personne, reçue ce jour"`,
	`exporter case:{code} reason:"Demande écrite de la personne, reçue ce jour"`,
	"consentement withdraw",
}

// shows keeps what each view has to show of a case, of those that were not sent.
func (b *album) shows(w *bottest.World, code casework.Code, handles []string) {
	subjects := []string{"", string(code), "stranger", "1", "2"}
	for _, kind := range []string{"a", "c", "e", "o", "p", "r"} {
		subjects = append(subjects, kind+"1", kind+"2")
	}
	for _, who := range handles {
		subjects = append(subjects, string(bottest.ID(who)), "stranger "+string(bottest.ID(who)))
	}
	account := func(id casework.UserID) chat.Account {
		found, _ := w.Platform.Account(b.t.Context(), string(id))
		return found
	}
	views, c := commands.Views(), w.Case(code)
	for _, name := range slices.Sorted(maps.Keys(views)) {
		for _, subject := range subjects {
			m, ok := views[name](command.ViewRequest{
				Case: c, Subject: subject, Reader: bottest.ID(handles[0]), Now: w.Now(), Say: locales.For("fr"),
				Account: account, Policy: casework.DefaultPolicy(),
			})
			if ok {
				b.keep("view "+name, m)
				break
			}
		}
	}
}

// TestEveryCardAndForm holds every kind of message and form that the bot shows in the
// stories to what Slack is sent for it.
func TestEveryCardAndForm(t *testing.T) {
	a, _, _ := newFake(t)
	b := &album{t: t, a: a, cards: map[string]string{}, forms: map[string]string{}, drawings: map[string]drawing{}}
	for _, tell := range []func() (story.Story, error){story.Ariege, story.Family} {
		tale, err := tell()
		if err != nil {
			t.Fatal(err)
		}
		b.lives(tale)
	}
	golden(t, "cards.golden", b.cards)
	golden(t, "forms.golden", b.forms)
	b.fullest(drawing{Name: "escaped", Blocks: newSheet(escaped, blocksMax).blocks(), texts: saidIn(escaped)})
	t.Run("drawn in a browser", func(t *testing.T) { drawn(t, b.drawings) })
}

// asJSON is a block or a view, without the words that people read: they are others' to
// change.
func asJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return spoken.ReplaceAllStringFunc(string(raw), func(pair string) string {
		said := spoken.FindStringSubmatch(pair)[1]
		return `"text":"` + words.ReplaceAllStringFunc(said, func(part string) string {
			if part == `\n` || part == "*" {
				return part
			}
			return "…"
		}) + `"`
	})
}

var (
	spoken = regexp.MustCompile(`"text":"((?:[^"\\]|\\.)*)"`)
	// words are what stands between marks, and the marks.
	words = regexp.MustCompile(`\\n|\*|(?:\\[^n]|[^*\\])+`)
)

// golden holds texts, by name, to a file.
func golden(t *testing.T, name string, texts map[string]string) {
	t.Helper()
	var got strings.Builder
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		got.WriteString(name + "\n" + texts[name] + "\n")
	}
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); d != "" {
		t.Errorf("%s (-golden +now):\n%s", name, d)
	}
}
