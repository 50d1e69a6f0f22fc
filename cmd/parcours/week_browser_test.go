package main

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parcours/browsertest"
	"parcours/casework"
	"parcours/config"
	"parcours/story"
)

// TestAWeekOfAReferentInABrowser lives a working week with Claire, on her phone:
// the point of her week on Monday, what is due each day as one message at nine,
// what she does of it with her thumb, and nothing at night or on Sunday.
func TestAWeekOfAReferentInABrowser(t *testing.T) {
	tale, err := story.Ariege()
	must(t, err)
	friday := time.Date(2026, 11, 27, 14, 0, 0, 0, paris(t))
	ctx := browsertest.Start(t, 4*time.Minute)
	b := browserStageAt(t, tale, config.Default().Reminders, func() time.Time { return friday })
	var transcript strings.Builder
	player := b.playground.player(&transcript)
	player.Stage = b.stage
	must(t, player.Play(ctx, tale, true))
	for _, what := range []string{
		`what:"Rassembler les quittances de loyer" due:01/12/2026`,
		`what:"Prendre rendez-vous au garage" due:02/12/2026`,
		`what:"Écrire à la mairie pour la cantine" due:02/12/2026`,
	} {
		must(t, b.stage.Type(ctx, "claire", "case", `/parcours action objective:o3 who:"Claire Fabre" `+what))
	}
	claire := direct{b, "claire", "u-claire"}
	claire.news() // what the story left

	postpone := func() error {
		if err := b.Press(ctx, "claire", "direct", "postpone"); err != nil {
			return err
		}
		b.picture(t, ctx, filepath.Join(picturesFolder(t), "week-postpone.png"), "claire", claire.path(), 390, 844)
		return b.Submit(ctx, "claire", "direct", map[string][]string{"in": {"3"}})
	}

	for _, moment := range []struct {
		at      string
		picture string
		// says are words of what arrives since the moment before; none: nothing does.
		says []string
		do   func() error
	}{
		{at: "2026-11-28 12:00"},
		{at: "2026-11-29 20:00"},
		{at: "2026-11-30 08:20"},
		{at: "2026-11-30 08:35", picture: "week-monday", says: []string{"Le point de la semaine", "quittances"}},
		{at: "2026-11-30 09:05", picture: "week-tomorrow", says: []string{"à faire demain"}, do: postpone},
		{at: "2026-12-01 08:50", says: []string{"jeudi 3 décembre"}},
		{at: "2026-12-01 09:05", picture: "week-tuesday", says: []string{"2 rappels"}},
		{at: "2026-12-02 09:05", picture: "week-wednesday", says: []string{"rappels"}, do: func() error { return b.Press(ctx, "claire", "direct", "done") }},
		{at: "2026-12-03 09:05", picture: "week-thursday", says: []string{"en retard d’un jour", "Les invitations"}, do: func() error { return b.Press(ctx, "claire", "direct", "see") }},
		// Nothing ran on Friday: the clock goes straight to the evening.
		{at: "2026-12-04 20:00", says: []string{"envoyer les invitations"}},
		{at: "2026-12-07 08:20", says: []string{"2 rappels", "en retard de 3 jours"}},
		{at: "2026-12-09 10:00", picture: "week-late", says: []string{"en retard, depuis lundi", "Le point de la semaine"}},
	} {
		b.until(t, ctx, moment.at)
		said := claire.news()
		t.Logf("── %s\n%s", moment.at, said)
		if (said == "") != (len(moment.says) == 0) {
			t.Errorf("at %s she is told:\n%s", moment.at, said)
		}
		for _, word := range moment.says {
			if !strings.Contains(said, word) {
				t.Errorf("at %s %q is not in:\n%s", moment.at, word, said)
			}
		}
		if moment.picture != "" {
			b.picture(t, ctx, filepath.Join(picturesFolder(t), moment.picture+".png"), "claire", claire.path(), 390, 844)
		}
		if moment.do != nil {
			must(t, moment.do())
		}
	}
}

func paris(t *testing.T) *time.Location {
	zone, err := time.LoadLocation("Europe/Paris")
	must(t, err)
	return zone
}

// until moves the clock to a moment.
func (b *browserStage) until(t *testing.T, ctx context.Context, at string) {
	moment, err := time.ParseInLocation("2006-01-02 15:04", at, paris(t))
	must(t, err)
	must(t, b.Advance(ctx, moment.Sub(b.chat.Now())))
}

// direct is somebody's conversation with the bot.
type direct struct {
	*browserStage
	handle string
	user   casework.UserID
}

func (d direct) path() string { return "c/" + string(d.chat.Direct(d.user)) }

// news is what was said there since it was last asked.
func (d direct) news() string {
	var text []string
	for _, s := range d.chat.Seen(d.user) {
		key := toldTo{d.user, s.Ref}
		if s.Channel == d.chat.Direct(d.user) && !d.told[key] {
			d.told[key] = true
			text = append(text, s.Message.AsText())
		}
	}
	return strings.Join(text, "\n")
}
