package slack_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"parcours/adapters/slack/workspace"
	"parcours/bot"
	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
	"parcours/locales"
	"parcours/story"
	"parcours/story/storytest"
)

// lives plays a story in a workspace, and gives its code and what was seen.
func lives(t *testing.T, tale story.Story, w *world) (code, transcript string) {
	t.Helper()
	var told bytes.Buffer
	return play(t, tale, w, &told).Code(), told.String()
}

// tells plays a story in a workspace as it is played elsewhere, holds what people are
// told to what they are told there, and gives its code.
func tells(t *testing.T, tale story.Story, w *world) (code string) {
	t.Helper()
	w.attach(func(o *bot.Options) { o.Policy = bottest.AnyHour() })
	player := play(t, tale, w, &bytes.Buffer{})
	storytest.Tells(t, "slack", tale, player)
	return player.Code()
}

func play(t *testing.T, tale story.Story, w *world, told *bytes.Buffer) *story.Player {
	t.Helper()
	player := &story.Player{Stage: w.stage(tale), Out: told, Say: locales.For("fr")}
	if err := player.Play(t.Context(), tale, false); err != nil {
		t.Fatalf("%v\n%s\n%s", err, told.String(), w.Logged())
	}
	w.wantNothingSwallowed()
	w.wantWhole()
	return player
}

// wantWhole fails if something that the bot sent is not all read on Slack, in the
// message or in its thread.
func (w *world) wantWhole() {
	w.t.Helper()
	read := map[casework.MessageRef]string{}
	for _, id := range w.ids {
		for _, seen := range w.slack.Seen(id) {
			under := seen.Thread
			if under == "" {
				under = seen.TS
			}
			read[casework.MessageRef(under)] += seen.Text + "\n" + strings.Join(seen.Files, "\n") + "\n"
		}
	}
	n := 0
	w.calls.sent.Range(func(ref, sent any) bool {
		text, stands := read[ref.(casework.MessageRef)]
		if !stands {
			return true
		}
		n++
		for _, part := range parts(sent.(chat.Message)) {
			if !strings.Contains(strings.Join(strings.Fields(text), " "), strings.Join(strings.Fields(part), " ")) {
				w.t.Errorf("%q is not read in:\n%s", part, text)
			}
		}
		return true
	})
	if n < 20 {
		w.t.Errorf("only %d messages were read", n)
	}
}

// parts are all the texts of a message.
func parts(m chat.Message) []string {
	all := []string{m.Text}
	if m.Card != nil {
		all = append(all, m.Card.Title, m.Card.Footer)
		for _, row := range m.Card.Rows {
			all = append(all, row.Label, row.Value)
		}
		for _, b := range m.Card.Buttons {
			all = append(all, "["+b.Label+"]")
		}
	}
	for _, f := range m.Files {
		all = append(all, f.Name)
	}
	return all
}

// wantNothingSwallowed fails if the bot said something that Slack would have let fall.
func (w *world) wantNothingSwallowed() {
	w.t.Helper()
	if wrong := w.slack.Complaints(); len(wrong) > 0 {
		w.t.Errorf("Slack would show nothing of it: %q", wrong)
	}
}

// wantBlind fails if somebody sees one of these words.
func (w *world) wantBlind(who string, words ...string) {
	w.t.Helper()
	shown := []string{w.slack.HomeText(w.ids[who])}
	for _, seen := range w.slack.Seen(w.ids[who]) {
		shown = append(shown, seen.Notice+"\n"+seen.Text)
	}
	if form, open := w.slack.Form(w.ids[who]); open {
		shown = append(shown, form.Text)
	}
	for _, text := range shown {
		for _, word := range words {
			if strings.Contains(text, word) {
				w.t.Errorf("@%s sees %q in:\n%s", who, word, text)
			}
		}
	}
}

// with gives a story's people and some more.
func with(tale story.Story, handles ...string) []story.Person {
	people := slices.Clone(tale.People)
	for _, handle := range handles {
		people = append(people, story.Person{Handle: handle, Name: strings.ToUpper(handle[:1]) + handle[1:] + " Test"})
	}
	return people
}

func TestTheStoryIsLivedOnSlack(t *testing.T) {
	tale, err := story.Ariege()
	must(t, err)
	people := with(tale, "attacker")
	for name, begin := range map[string]func(*testing.T) *world{
		"on a socket": func(t *testing.T) *world { return newWorld(t, nil, people...) },
		"by HTTP":     func(t *testing.T) *world { return newCalledWorld(t, people...) },
	} {
		t.Run(name, func(t *testing.T) {
			w := begin(t)
			code := tells(t, tale, w)
			secret := []string{"Lopez", "caisse", "Garage du Pont", "cantine", "garde de mon fils"}
			w.wantBlind("martin", secret...)
			w.wantBlind("attacker", append(secret, code)...)
			// The members read what they are covered for, and no more.
			w.wantBlind("paul", "logement plus petit", "demande de logement")
			w.wantBlind("sophie", "garde de mon fils", "Les enfants")
			for _, word := range []string{"Lopez", "caisse", "cantine", "Garage"} {
				if strings.Contains(w.Logged(), word) {
					t.Errorf("the log holds %q", word)
				}
			}
		})
	}
}

func TestAFamilyOverThreeMeetingsOnSlack(t *testing.T) {
	tale, err := story.Family()
	must(t, err)
	w := newWorld(t, nil, with(tale, "attacker")...)
	code := tells(t, tale, w)
	secret := append([]string{"Lefèvre", "apurement", "Tilleuls"}, tale.Secret...)
	w.wantBlind("jules", secret...)
	w.wantBlind("attacker", append(secret, code)...)
	var files []string
	for _, seen := range w.slack.Seen(w.ids["moreau"]) {
		files = append(files, seen.Files...)
	}
	for _, name := range []string{"invitation", "releve-de-decisions", "projet"} {
		if !slices.ContainsFunc(files, func(file string) bool { return strings.Contains(file, name) }) {
			t.Errorf("the mother has no %s but %q", name, files)
		}
	}
	for _, word := range secret {
		if strings.Contains(w.Logged(), word) {
			t.Errorf("the log holds %q", word)
		}
	}
}

// TestSlackKeepsNothing lives the story where Slack is to keep no content: everybody
// asks to be shown whatever is new to them, and reads it; and nothing that Slack was
// ever given to keep holds any of the story's words.
func TestSlackKeepsNothing(t *testing.T) {
	tale, err := story.Ariege()
	must(t, err)
	w := newWorld(t, nil, with(tale, "attacker")...)
	w.attach(func(o *bot.Options) { o.Discreet = true })
	code, transcript := lives(t, tale, w)
	marked := []string{"Lopez", "hôtesse", "caisse", "Garage", "cantine", "mon fils", "Réparer la voiture", "Solder", "plus petit", "Delmas", "Roques", "office de l’habitat"}
	for _, word := range marked {
		if !strings.Contains(transcript, word) {
			t.Errorf("nobody was shown %q", word)
		}
	}
	for _, kept := range w.slack.Holding(marked...) {
		t.Errorf("a %s that Slack keeps holds a marked word: %s", kept.What, kept.Text)
	}
	if kept := w.slack.Holding(code); len(kept) < 20 {
		t.Errorf("only %d things that Slack keeps tell of the case", len(kept))
	}
	// A home is kept too.
	ctx := t.Context()
	for who, shows := range map[string]string{"claire": "Lopez", "nadia": "Lopez", "martin": "Aucune situation", "attacker": "Aucune situation"} {
		w.wantVeiledHome(who, code, shows)
	}
	// What is typed to the bot without its slash is answered on the screen too.
	before := w.slack.Shown(w.ids["claire"])
	w.slack.Say(w.ids["claire"], w.slack.Direct(w.ids["claire"]), "suivi "+code)
	must(t, w.slack.Await(ctx, "answer on the screen", func() bool { return w.slack.Shown(w.ids["claire"]) > before }))
	must(t, w.settle(ctx))
	for _, kept := range w.slack.Holding(marked...) {
		t.Errorf("a %s that Slack keeps holds a marked word: %s", kept.What, kept.Text)
	}
	w.wantBlind("attacker", append(marked, code)...)
	// The search is not blind: it finds what somebody writes themselves.
	w.slack.Say(w.ids["claire"], w.slack.Direct(w.ids["claire"]), "Madame Lopez")
	if len(w.slack.Holding(marked...)) == 0 {
		t.Error("what claire wrote is not found: the search is blind")
	}
}

// wantVeiledHome fails unless somebody's home names the case at most, if it is theirs,
// and has a button that shows what there is on their screen alone.
func (w *world) wantVeiledHome(who, code, shows string) {
	w.t.Helper()
	ctx, user := w.t.Context(), w.ids[who]
	w.slack.Home(user)
	must(w.t, w.slack.Await(ctx, "home", func() bool { return w.slack.HomeText(user) != "" }))
	home := w.slack.HomeText(user)
	if own := strings.Contains(home, code); !strings.HasPrefix(home, "Vos situations") || own != (shows == "Lopez") || !strings.Contains(home, "Afficher") {
		w.t.Errorf("the home of @%s:\n%s", who, home)
	}
	if strings.Contains(home, "vous a répondu") {
		w.t.Errorf("@%s is told of an answer that nobody asked for:\n%s", who, home)
	}
	must(w.t, w.act(ctx, who, func(user string) error { return w.slack.PressHome(ctx, user, "run") }))
	if form, open := w.slack.Form(user); !open || !strings.Contains(form.Text, shows) {
		w.t.Errorf("@%s is shown:\n%s", who, form.Text)
	}
}

// TestWithoutAWayForBrowsersAllElseIsShown lives the story where Slack is to keep no
// content and nobody can fetch a file: what comes with files is shown without them.
func TestWithoutAWayForBrowsersAllElseIsShown(t *testing.T) {
	tale, err := story.Ariege()
	must(t, err)
	w := newClosedWorld(t, tale.People...)
	w.attach(func(o *bot.Options) { o.Discreet = true })
	_, transcript := lives(t, tale, w)
	if !strings.Contains(transcript, "Les documents ne peuvent pas être donnés sur cette messagerie.") {
		t.Error("nobody is told that there are files")
	}
}

// tally counts what each person is left with: messages, by what they say, and files.
func (w *world) tally(code string) map[string]int {
	left := map[string]int{}
	for who, id := range w.ids {
		for _, seen := range w.slack.Seen(id) {
			if !seen.Private {
				left["@"+who+" "+strings.ReplaceAll(seen.Text+strings.Join(seen.Files, ", "), code, "{code}")]++
			}
		}
	}
	return left
}

// TestWhateverGoesWrongNothingIsLostOrDoubled lives the story with events that come
// late, twice, out of order or only the second time, commands and buttons that come when
// they can open nothing any more, sockets that close and calls that
// are cut once they are done, and finds what is left of it when nothing goes wrong.
func TestWhateverGoesWrongNothingIsLostOrDoubled(t *testing.T) {
	tale, err := story.Ariege()
	must(t, err)
	const least = 8
	calm := newWorld(t, nil, tale.People...)
	calm.least = least
	code, _ := lives(t, tale, calm)
	want := calm.tally(code)
	for seed := range uint64(2) {
		w := newSlowWorld(t, seed, tale.People...)
		w.least, w.rough = least, workspace.Faults{Lost: 0.05, Twice: 0.2, Late: 0.2, Broken: 0.02, Cut: 0.05}
		code, _ := lives(t, tale, w)
		got := w.tally(code)
		t.Logf("seed %d: %d things went wrong", seed, w.slack.Mishaps())
		if w.slack.Mishaps() < 50 {
			t.Error("too little went wrong")
		}
		for text, n := range want {
			if got[text] != n {
				t.Errorf("seed %d: seen %d times, want %d:\n%s", seed, got[text], n, text)
			}
		}
		for text, n := range got {
			if want[text] == 0 {
				t.Errorf("seed %d: seen %d times, and not when nothing goes wrong:\n%s", seed, n, text)
			}
		}
	}
}
