package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"parcours/bot"
	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
)

// hushed is opened, on a platform that is to keep nothing.
func hushed(t *testing.T) (*bottest.World, casework.Code, casework.ChannelID) {
	t.Helper()
	w, code, channel := opened(t)
	w.With(func(o *bot.Options) { o.Discreet = true })
	return w, code, channel
}

// last gives the newest message of a place.
func last(t *testing.T, w *bottest.World, where casework.ChannelID) bottest.Message {
	t.Helper()
	all := w.Platform.Messages(where)
	if len(all) == 0 {
		t.Fatalf("nothing in %s", where)
	}
	return all[len(all)-1]
}

func shows(t *testing.T, w *bottest.World, handle string, m bottest.Message) string {
	t.Helper()
	return bottest.Text(press(t, w, handle, m, "show"))
}

const over = "Il n’y a plus rien à vous montrer ici."

func TestAVeilIsAllThatIsKept(t *testing.T) {
	w, code, channel := hushed(t)
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	m := last(t, w, channel)
	want := "Du nouveau dans " + string(code) + ".\n" +
		"  Rien n’en est gardé ici. Vous seul verrez ce que vous affichez, tel que c’est à ce moment.\n" +
		"  [Afficher] /parcours suivi " + string(code)
	if got := m.Now.AsText(); got != want {
		t.Errorf("kept:\n%s\nwant:\n%s", got, want)
	}
	if posts := w.Case(code).Posts; len(posts) != 1 || posts[0].Topics != nil {
		t.Errorf("recorded as telling something: %+v", posts)
	}
	if said := shows(t, w, "claire", m); !strings.Contains(said, "Solder les dettes") {
		t.Errorf("claire is shown:\n%s", said)
	}
	home := w.Platform.Messages(channel)[0]
	if !home.Pinned || !strings.HasPrefix(home.Now.Text, "La situation "+string(code)) {
		t.Errorf("the card: %+v", home)
	}
	w.Restart()
	if said := shows(t, w, "claire", home); !strings.Contains(said, "Solder les dettes") || !strings.Contains(said, "Où en") && !strings.Contains(said, "où en") {
		t.Errorf("the card shows claire:\n%s", said)
	}
}

// What a veil covers is judged for each who asks, when they ask.
func TestAVeilShowsToEachTheirPart(t *testing.T) {
	w, _, channel := hushed(t)
	joined(t, w, channel, "budget,logement", "sophie")
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	post := last(t, w, channel)
	done(t, w.Type("claire", channel, "objectif logement Un logement plus petit"))
	home := w.Platform.Messages(channel)[0]
	joined(t, w, channel, "budget", "paul")
	if len(w.Platform.Messages(channel)) < 3 || last(t, w, channel).Now.Card.Buttons == nil {
		t.Error("a newcomer has messages emptied that tell nothing")
	}
	if said := shows(t, w, "sophie", home); !strings.Contains(said, "plus petit") || !strings.Contains(said, "Solder") {
		t.Errorf("sophie is shown:\n%s", said)
	}
	if said := shows(t, w, "paul", home); strings.Contains(said, "plus petit") || !strings.Contains(said, "Solder") {
		t.Errorf("paul is shown:\n%s", said)
	}
	must(t, w.Platform.Add(t.Context(), channel, bottest.ID("martin")))
	none := bottest.Text(w.Type("martin", channel, "suivi P-2222"))
	for _, m := range []bottest.Message{home, post} {
		if said := shows(t, w, "martin", m); !strings.HasSuffix(none, said) {
			t.Errorf("a stranger is shown %q, and of no case %q", said, none)
		}
	}
	done(t, w.Type("claire", channel, "consentement withdraw"))
	for _, who := range []string{"claire", "sophie", "paul"} {
		for _, m := range []bottest.Message{home, post} {
			if said := shows(t, w, who, m); strings.Contains(said, "Solder") || strings.Contains(said, "Lopez") {
				t.Errorf("after the withdrawal %s is shown:\n%s", who, said)
			}
		}
	}
	if said := shows(t, w, "sophie", last(t, w, direct("sophie"))); !strings.Contains(said, "accord") {
		t.Errorf("sophie, who is out of the circle, is not told why: %q", said)
	}
}

func TestAVeilToldInPrivateIsForOneAlone(t *testing.T) {
	w, code, channel := hushed(t)
	joined(t, w, channel, "budget", "paul", "sophie")
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	done(t, w.Type("claire", channel, `action objective:o1 what:"Appeler le bailleur" who:p2 due:"dans 9 jours"`))
	m := last(t, w, direct("paul"))
	if text := m.Now.AsText(); strings.Contains(text, "bailleur") || strings.Contains(text, "jours") {
		t.Errorf("kept:\n%s", text)
	}
	// It shows the same after another has told of the same thing.
	done(t, w.Type("claire", channel, "annonce tell action a1 user:@paul"))
	answer := press(t, w, "paul", m, "show")
	if said := bottest.Text(answer); !strings.Contains(said, "Appeler le bailleur") {
		t.Fatalf("paul is shown:\n%s", said)
	}
	if said := shows(t, w, "sophie", m); strings.Contains(said, "bailleur") {
		t.Errorf("sophie is shown what was told to paul:\n%s", said)
	}
	out, _ := answer.Say.Value()
	for _, b := range out.Message.Card.Buttons {
		if b.ID == "done" {
			done(t, w.Send("paul", chat.Press{Channel: m.Channel, Button: b.ID, Token: b.Token}))
		}
	}
	if a, _ := w.Case(code).Action("a1"); !a.Done {
		t.Error("the button of what is shown does nothing")
	}
	done(t, w.Type("claire", channel, "consentement extend veto:budget"))
	if said := shows(t, w, "paul", m); !strings.HasSuffix(said, over) {
		t.Errorf("of a topic set aside, paul is shown:\n%s", said)
	}
	if answer.Instead == "" || strings.Contains(answer.Instead, "bailleur") {
		t.Errorf("a platform that would keep the answer says %q", answer.Instead)
	}
}

func TestAVeiledBundle(t *testing.T) {
	w, code, channel := acting(t, "dans 14 jours", "dans 14 jours")
	w.With(func(o *bot.Options) { o.Discreet = true })
	days(w, 5)
	m := nudges(w, "paul")[0]
	if text := m.Now.AsText(); len(m.Keys) != 2 || strings.Contains(text, "bailleur") || strings.Contains(text, "a1") || !strings.Contains(text, string(code)) {
		t.Fatalf("kept: %v\n%s", m.Keys, text)
	}
	if said := shows(t, w, "paul", m); !strings.Contains(said, "2 rappels") || !strings.Contains(said, "Appeler le bailleur") {
		t.Errorf("paul is shown:\n%s", said)
	}
	done(t, w.Type("claire", channel, "répondre a2 done"))
	if said := shows(t, w, "paul", m); !strings.Contains(said, "a2 : c’est réglé") || strings.Contains(said, "Voir a2") {
		t.Errorf("after a2 is done, paul is shown:\n%s", said)
	}
	if said := shows(t, w, "sophie", m); strings.Contains(said, "bailleur") {
		t.Errorf("sophie is shown the reminders of paul:\n%s", said)
	}
}

// What stands changes with the way of showing when it is next brought up to date,
// and its buttons go on serving.
func TestTheWayOfShowingChanges(t *testing.T) {
	w, _, channel := opened(t)
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	done(t, w.Type("claire", channel, "annonce post board"))
	discreet := func(on bool) { w.With(func(o *bot.Options) { o.Discreet = on }) }
	discreet(true)
	done(t, w.Type("claire", channel, "annonce update board"))
	m := last(t, w, channel)
	if text := m.Now.AsText(); strings.Contains(text, "Solder") {
		t.Errorf("still kept:\n%s", text)
	}
	if home := w.Platform.Messages(channel)[0].Now.AsText(); strings.Contains(home, "Solder") {
		t.Errorf("the card still says:\n%s", home)
	}
	discreet(false)
	if said := shows(t, w, "claire", m); !strings.Contains(said, "Solder") {
		t.Errorf("claire is shown:\n%s", said)
	}
	done(t, w.Type("claire", channel, "annonce update board"))
	if text := last(t, w, channel).Now.AsText(); !strings.Contains(text, "Solder") {
		t.Errorf("kept:\n%s", text)
	}
}

// links gives the tokens of the files that an answer leads to.
func links(t *testing.T, answer chat.Answer) []string {
	t.Helper()
	out, _ := answer.Say.Value()
	var tokens []string
	for _, f := range out.Message.Files {
		token, ok := strings.CutPrefix(f.Link, bottest.LinkTo)
		if !ok || len(f.Body) > 0 || strings.Contains(token, string(f.Case)) {
			t.Fatalf("offered: %+v", f)
		}
		tokens = append(tokens, token)
	}
	if len(tokens) == 0 {
		t.Fatalf("no link: %s", bottest.Text(answer))
	}
	return tokens
}

func TestAFileIsRefusedWhereBrowsersHaveNoWay(t *testing.T) {
	w, _, channel := hushed(t)
	w.Platform.Closed = true
	joined(t, w, channel, "budget", "paul")
	answer := w.Type("paul", channel, "papier budget")
	if out, _ := answer.Say.Value(); len(out.Message.Files) > 0 || !strings.Contains(bottest.Text(answer), "sur cette messagerie") {
		t.Errorf("paul reads %q with %v", bottest.Text(answer), out.Message.Files)
	}
}

func TestAFileIsFetchedOnceAndMadeThen(t *testing.T) {
	w, _, channel := hushed(t)
	joined(t, w, channel, "budget", "paul")
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	told := len(w.Platform.Messages(direct("paul")))
	answer := w.Type("paul", channel, "papier budget")
	if said := bottest.Text(answer); !strings.Contains(said, "Voici le papier.") || !strings.Contains(said, "10 minutes") {
		t.Errorf("paul reads %q", said)
	}
	token := links(t, answer)[0]
	if len(w.Platform.Messages(direct("paul"))) != told {
		t.Error("the platform keeps a file")
	}
	done(t, w.Type("claire", channel, "objectif budget Ouvrir un livret"))
	if page := w.Bot.Page(t.Context(), token); page.Button != "Télécharger" || strings.Contains(page.Title+page.Text, "papier") {
		t.Errorf("the page: %+v", page)
	}
	cleared, err := w.Bot.Fetch(t.Context(), token)
	file, ok := cleared.Value()
	if err != nil || !ok || file.Name != "papier.txt" || !strings.Contains(string(file.Body), "Ouvrir un livret") {
		t.Errorf("fetched %q, %v", file.Body, err)
	}
	gone(t, w, "once used", token)
	gone(t, w, "made up", "")
	other := map[bool]string{true: "B", false: "A"}
	token = links(t, w.Type("paul", channel, "papier budget"))[0]
	gone(t, w, "altered", other[token[0] == 'A']+token[1:])
	for name, then := range map[string]func(*bottest.World, casework.ChannelID){
		"after a while": func(w *bottest.World, _ casework.ChannelID) { w.Advance(10*time.Minute + time.Second) },
		"of a topic closed": func(w *bottest.World, channel casework.ChannelID) {
			done(t, w.Type("claire", channel, "consentement extend veto:budget"))
		},
		"of a consent withdrawn": func(w *bottest.World, channel casework.ChannelID) {
			done(t, w.Type("claire", channel, "consentement withdraw"))
		},
		"by a closed account": func(w *bottest.World, _ casework.ChannelID) { w.Platform.Deactivate(bottest.ID("paul")) },
		"after a restart":     func(w *bottest.World, _ casework.ChannelID) { w.Restart() },
	} {
		t.Run(name, func(t *testing.T) {
			w, _, channel := hushed(t)
			joined(t, w, channel, "budget", "paul")
			token := links(t, w.Type("paul", channel, "papier budget"))[0]
			then(w, channel)
			cleared, err := w.Bot.Fetch(t.Context(), token)
			if _, ok := cleared.Value(); ok || !errors.Is(err, chat.ErrNotFound) {
				t.Errorf("a file is given, or %v", err)
			}
		})
	}
	done(t, w.Type("claire", channel, "objectif logement Un logement plus petit"))
	if said := bottest.Text(w.Type("paul", channel, "papier logement")); !strings.Contains(said, "rien n’a été envoyé") {
		t.Errorf("of a topic that is not his, paul reads %q", said)
	}
}

func gone(t *testing.T, w *bottest.World, name, token string) {
	t.Helper()
	cleared, err := w.Bot.Fetch(t.Context(), token)
	if _, ok := cleared.Value(); ok || !errors.Is(err, chat.ErrNotFound) {
		t.Errorf("%s: a file is given, or %v", name, err)
	}
	if page := w.Bot.Page(t.Context(), token); page.Button != "" {
		t.Errorf("%s: the page offers one", name)
	}
}
