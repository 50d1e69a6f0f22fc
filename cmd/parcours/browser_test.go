package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"parcours/bot/chat"
	"parcours/browsertest"
	"parcours/casework"
	"parcours/config"
	"parcours/locales"
	"parcours/story"
)

// TestTheStoryInABrowser plays the whole sample story in a real browser, each
// person in their own pages, and takes the pictures of the documentation. They
// go to the folder of PARCOURS_PICTURES if it is set.
func TestTheStoryInABrowser(t *testing.T) {
	tale, err := story.Ariege()
	if err != nil {
		t.Fatal(err)
	}
	ctx := browsertest.Start(t, 4*time.Minute)
	b := newBrowserStage(t, tale)
	var transcript strings.Builder
	player := b.playground.player(&transcript)
	player.Stage = b
	if err := player.Play(ctx, tale, false); err != nil {
		t.Fatalf("%v\n%s\n%s", err, b.text(ctx), transcript.String())
	}
	pictures := picturesFolder(t)
	channel := "c/" + string(b.channel(t, player.Code()))
	b.picture(t, ctx, filepath.Join(pictures, "sandbox.png"), "claire", channel, 1280, 860)
	b.picture(t, ctx, filepath.Join(pictures, "sandbox-phone.png"), "paul", "c/"+string(b.chat.Direct("u-paul")), 390, 844)
	for _, width := range []int64{320, 360, 390, 1280} {
		b.open(t, ctx, "claire", channel, width, 800)
		over, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
		must(t, err)
		if over > 0 {
			t.Errorf("at %d pixels wide the page is %d too wide", width, over)
		}
	}
	b.open(t, ctx, "martin", "c/"+string(b.chat.Direct("u-martin")), 1280, 860)
	if text := b.text(ctx); strings.Contains(text, "Lopez") || strings.Contains(text, "caisse") {
		t.Error("the pages of somebody outside the circle tell of the case")
	}
}

// picturesFolder is where the pictures of the documentation go.
func picturesFolder(t *testing.T) string {
	t.Helper()
	if folder := os.Getenv("PARCOURS_PICTURES"); folder != "" {
		return folder
	}
	return t.TempDir()
}

// TestWhatArrivesIsSeenWithoutReloading has one person's page open while another
// acts.
func TestWhatArrivesIsSeenWithoutReloading(t *testing.T) {
	tale, err := story.Ariege()
	if err != nil {
		t.Fatal(err)
	}
	ctx := browsertest.Start(t, 4*time.Minute)
	b := newBrowserStage(t, tale)
	b.open(t, ctx, "nadia", "c/"+string(b.chat.Direct("u-nadia")), 390, 844)
	ask := "/parcours ouvrir person:x household:person answer:accepts consent_form:written topics:budget"
	must(t, b.stage.Type(ctx, "claire", "direct", ask))
	if _, err := b.News(ctx); err != nil {
		t.Fatal(err)
	}
	must(t, b.stage.Type(ctx, "claire", "case", "/parcours liste name:Nadia service:Centre user:@nadia agreed:oui"))
	must(t, b.stage.Type(ctx, "claire", "case", "/parcours inviter @nadia partner"))
	// She accepts with the button that has just arrived, in the live page.
	must(t, chromedp.Do(ctx,
		chromedp.WaitVisible(chromedp.CSS(`.card .buttons button.primary`)),
		pressed(`.card .buttons button.primary`),
		chromedp.WaitVisible(chromedp.CSS(`.message:nth-of-type(2)`))))
	if text := b.text(ctx); !strings.Contains(text, "Merci") {
		t.Errorf("after the button, the page says:\n%s", text)
	}
}

// TestAMessageBecomesAnObjective has somebody take up a message from its menu, on
// a phone.
func TestAMessageBecomesAnObjective(t *testing.T) {
	tale, err := story.Ariege()
	if err != nil {
		t.Fatal(err)
	}
	ctx := browsertest.Start(t, 4*time.Minute)
	b := newBrowserStage(t, tale)
	must(t, b.stage.Type(ctx, "claire", "direct", "/parcours ouvrir person:x household:person answer:accepts consent_form:written topics:budget"))
	if _, err := b.News(ctx); err != nil {
		t.Fatal(err)
	}
	must(t, b.stage.Type(ctx, "claire", "case", "Solder les dettes du logement"))
	channel, err := b.place("u-claire", "case")
	must(t, err)
	b.open(t, ctx, "claire", "c/"+string(channel), 390, 844)
	must(t, chromedp.Do(ctx,
		pressed(`.more > summary`),
		chromedp.WaitVisible(chromedp.CSS(`.more .sheetlet`))))
	over, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
	must(t, err)
	if over > 0 {
		t.Errorf("the menu is %d pixels too wide", over)
	}
	must(t, chromedp.Do(ctx,
		pressed(`.more button:first-of-type`),
		chromedp.WaitVisible(chromedp.CSS(`.sheet`))))
	title, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector('#f-title').value`))
	must(t, err)
	if title != "Solder les dettes du logement" {
		t.Errorf("the form asks %q", title)
	}
}

// browserStage is a stage on which people act in their pages.
type browserStage struct {
	*stage
	url string
}

func newBrowserStage(t *testing.T, tale story.Story) *browserStage {
	t.Helper()
	return browserStageAt(t, tale, atAnyHour(), time.Now)
}

// browserStageAt is one whose clock and reminders are told.
func browserStageAt(t *testing.T, tale story.Story, reminders config.Reminders, now func() time.Time) *browserStage {
	t.Helper()
	p, err := newPlayground(filepath.Join(t.TempDir(), "parcours.db"), tale, chat.French, locales.Departement{}, false, reminders, now, streams{out: os.Stdout, err: os.Stderr})
	must(t, err)
	t.Cleanup(func() { p.store.Close() })
	server := httptest.NewServer(p.chat.Handler())
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	if response, err := http.Get(server.URL); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("the first page: %v %v", response, err)
	}
	return &browserStage{stage: p.stage(tale), url: server.URL}
}

func (b *browserStage) channel(t *testing.T, code string) casework.ChannelID {
	t.Helper()
	id, ok := b.chat.ChannelNamed(strings.ToLower(code))
	if !ok {
		t.Fatalf("no channel for %s", code)
	}
	return id
}

// in runs actions in the page of a person's conversation, and then the bot.
func (b *browserStage) in(ctx context.Context, who, in string, actions ...step) error {
	return b.act(ctx, who, in, func(_ casework.UserID, channel casework.ChannelID) error {
		url := fmt.Sprintf("%s/as/%s/c/%s", b.url, who, channel)
		return chromedp.Do(ctx, append([]step{chromedp.Navigate(url), chromedp.WaitVisible(chromedp.CSS("#text"))}, actions...)...)
	})
}

// step is something done in a page.
type step = chromedp.Action[chromedp.Void]

// pressed presses what is there in the live page, in one go: a pointer aims first, and
// what arrives meanwhile moves the page under it.
func pressed(selector string) step {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		return chromedp.Do(ctx, chromedp.WaitVisible(chromedp.CSS(selector)),
			chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.querySelector(%q).click()`, selector)))
	})
}

// sent sends the form of a button, and waits for the page that answers it. The
// browser sends it by itself, as it does without the script of live pages; that
// script has a test of its own.
func sent(button string) step {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.RunResponse(ctx, chromedp.WaitVisible(chromedp.CSS(button)), chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
			const button = document.querySelector(%q), said = document.createElement('input');
			Object.assign(said, { type: 'hidden', name: button.name, value: button.value });
			if (button.name) button.form.append(said);
			button.form.submit();
		})()`, button)))
		return err
	})
}

// Type has somebody type a line in their page and send it.
func (b *browserStage) Type(ctx context.Context, who, in, text string) error {
	return b.in(ctx, who, in,
		chromedp.SetValue(chromedp.CSS("#text"), text),
		sent("#composer button[type=submit]"))
}

// Submit has somebody fill in the form before them and send it.
func (b *browserStage) Submit(ctx context.Context, who, in string, values map[string][]string) error {
	fill := chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		for field, given := range values {
			for _, value := range given {
				if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
					const all = [...document.querySelectorAll('.sheet [name=%[1]q]')];
					const tick = all.find(e => (e.type === 'radio' || e.type === 'checkbox') && e.value === %[2]q);
					if (tick) { if (!tick.checked) tick.click(); return; }
					if (all.length === 0 || all[0].type === 'radio' || all[0].type === 'checkbox') throw new Error('no field ' + %[1]q + ' ' + %[2]q);
					all[0].value = %[2]q;
				})()`, "f-"+field, value))); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return b.in(ctx, who, in, chromedp.WaitVisible(chromedp.CSS(".sheet")), fill,
		sent(".sheet footer button[type=submit]"),
		chromedp.WaitNotPresent(chromedp.CSS(".sheet")))
}

// Press has somebody press the newest button of this name in a conversation.
func (b *browserStage) Press(ctx context.Context, who, in, button string) error {
	user, err := b.user(who)
	if err != nil {
		return err
	}
	channel, err := b.place(user, in)
	if err != nil {
		return err
	}
	id := ""
	for _, s := range b.chat.Seen(user) {
		if s.Channel == channel && s.Message.Card != nil {
			for n, offered := range s.Message.Card.Buttons {
				if offered.ID == button {
					id = fmt.Sprintf("%s-%d", s.Ref, n)
				}
			}
		}
	}
	return b.in(ctx, who, in, sent(fmt.Sprintf("[id=%q]", id)))
}

// open shows a conversation in a window of some size.
func (b *browserStage) open(t *testing.T, ctx context.Context, who, path string, width, height int64) {
	t.Helper()
	must(t, chromedp.Do(ctx,
		chromedp.EmulateViewport(width, height),
		chromedp.Navigate(fmt.Sprintf("%s/as/%s/%s", b.url, who, path)),
		chromedp.WaitVisible(chromedp.CSS("#text"))))
}

// picture takes a picture of a conversation.
func (b *browserStage) picture(t *testing.T, ctx context.Context, path, who, place string, width, height int64) {
	t.Helper()
	b.open(t, ctx, who, place, width, height)
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	must(t, err)
	if len(png) < 10_000 {
		t.Errorf("the picture of %s has %d bytes", who, len(png))
	}
	must(t, os.WriteFile(path, png, 0o644))
}

func (b *browserStage) text(ctx context.Context) string {
	text, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("body")))
	if err != nil {
		return err.Error()
	}
	return text
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
