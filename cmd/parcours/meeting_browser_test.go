package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"parcours/browsertest"
	"parcours/story"
)

// TestAMeetingIsLivedInABrowser plays the family's story to its first meeting,
// then that meeting in a real browser, each person in their own pages: the order
// of the day, the record, its signatures and the documents, on a phone too.
func TestAMeetingIsLivedInABrowser(t *testing.T) {
	tale, err := story.Family()
	must(t, err)
	ctx := browsertest.Start(t, 4*time.Minute)
	b := newBrowserStage(t, tale)
	var transcript strings.Builder
	player := b.playground.player(&transcript)
	player.Stage = b.stage
	must(t, player.Play(ctx, tale, true))

	at := slices.IndexFunc(tale.Steps, func(s story.Step) bool { return s.Demo })
	rest := tale.Steps[at+1:]
	end := slices.IndexFunc(rest, func(s story.Step) bool { return s.Advance != "" })
	tale.Steps = rest[:end]
	player.Stage = b
	if err := player.Play(ctx, tale, false); err != nil {
		t.Fatalf("%v\n%s\n%s", err, b.text(ctx), transcript.String())
	}
	channel := "c/" + string(b.channel(t, player.Code()))
	direct := "c/" + string(b.chat.Direct("u-moreau"))
	pictures := picturesFolder(t)
	b.picture(t, ctx, filepath.Join(pictures, "meeting.png"), "victor", channel, 1280, 860)
	b.picture(t, ctx, filepath.Join(pictures, "record-phone.png"), "moreau", direct, 390, 844)
	for _, place := range []struct{ who, path string }{{"victor", channel}, {"moreau", direct}} {
		for _, width := range []int64{320, 390, 1280} {
			b.open(t, ctx, place.who, place.path, width, 800)
			over, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
			must(t, err)
			if over > 0 {
				t.Errorf("@%s: at %d pixels wide the page is %d too wide", place.who, width, over)
			}
		}
	}
	b.open(t, ctx, "jules", "c/"+string(b.chat.Direct("u-jules")), 1280, 860)
	for _, word := range tale.Secret {
		if strings.Contains(b.text(ctx), word) {
			t.Errorf("the pages of somebody outside the circle tell of %q", word)
		}
	}
}
