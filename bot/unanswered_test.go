package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
	"parcours/storage"
	"parcours/storage/erasure"
)

// underWay are messages that tell of housing to all, or to paul: who types what.
var underWay = map[string]struct{ who, line string }{
	"a post":            {"claire", "annonce post board logement"},
	"a post with files": {"claire", "annonce post paper logement"},
	"told in private":   {"claire", "annonce tell board logement user:@paul"},
	"files in private":  {"claire", "annonce tell paper logement user:@paul"},
	"files handed over": {"paul", "papier logement"},
}

// ends take what those messages tell from paul; others says from whom besides him.
var ends = map[string]struct {
	take   func(*testing.T, *bottest.World, casework.Code, casework.ChannelID)
	others []string
}{
	"withdrawn": {acts("lea", "consentement %s withdraw"), []string{"claire", "sophie", "lea", ""}},
	"narrowed":  {acts("lea", "consentement %s narrow veto:logement"), []string{"claire", "sophie", ""}},
	"left":      {acts("paul", "quitter %s oui"), nil},
	"erased":    {erasedNow, []string{"claire", "sophie", "lea", ""}},
}

// acts has somebody type a line to the bot, and nothing follow yet.
func acts(who, line string) func(*testing.T, *bottest.World, casework.Code, casework.ChannelID) {
	return func(t *testing.T, w *bottest.World, code casework.Code, _ casework.ChannelID) {
		done(t, w.Bot.Command(t.Context(), chat.Command{User: bottest.ID(who), Channel: direct(who), Text: fmt.Sprintf(line, code)}))
	}
}

func erasedNow(t *testing.T, w *bottest.World, code casework.Code, _ casework.ChannelID) {
	must(t, erasure.Erase(t.Context(), w.Store.(erasure.Store), code, casework.OnRequest, leftovers(t, w, code)...))
}

// settles lets half a day pass in which nothing fails.
func settles(w *bottest.World) {
	w.Platform.Fault, w.Platform.After = nil, nil
	for range 24 {
		w.Settle()
		w.Advance(30 * time.Minute)
	}
}

// TestWhatIsUnderWayIsTakenBackToo: a message of which the answer is lost, that leaves
// while what it tells is taken back, or whose sender is killed before it is written
// down, says nothing of it any more once all is settled.
func TestWhatIsUnderWayIsTakenBackToo(t *testing.T) {
	ways := map[string]func(t *testing.T, w *bottest.World, say func(context.Context), end func()){
		"the answer is lost": func(t *testing.T, w *bottest.World, say func(context.Context), end func()) {
			w.Platform.After = failing("Send")
			say(t.Context())
			end()
		},
		"the answer is lost, and the platform away for a while": func(t *testing.T, w *bottest.World, say func(context.Context), end func()) {
			w.Platform.After = failing("Send")
			say(t.Context())
			w.Platform.Fault = failing("Send")
			end()
			w.Settle()
			w.Advance(time.Minute)
			w.Settle()
		},
		"while it leaves": func(t *testing.T, w *bottest.World, say func(context.Context), end func()) {
			w.Platform.Leaving = func(out chat.Outgoing) {
				if tellsHousing(bottest.Message{Now: out.Message, Pinned: out.Pin}) {
					w.Platform.Leaving = nil
					end()
				}
			}
			say(t.Context())
			if w.Platform.Leaving != nil {
				t.Fatal("it did not leave")
			}
		},
		"killed before it is written": func(t *testing.T, w *bottest.World, say func(context.Context), end func()) {
			killed := false
			w.Through = func(s storage.Store) storage.Store { return mortal{s.(erasure.Store), &killed} }
			w.Restart()
			w.Platform.Delivered = func(m bottest.Message) { killed = killed || tellsHousing(m) }
			say(t.Context())
			w.Through = nil
			w.Restart()
			w.Advance(3 * time.Minute) // what was in hand is given back
			end()
		},
		"stopped under way": func(t *testing.T, w *bottest.World, say func(context.Context), end func()) {
			ctx, stop := context.WithCancel(t.Context())
			w.Platform.Delivered = func(m bottest.Message) {
				if tellsHousing(m) {
					stop()
				}
			}
			w.Platform.After = func(string) error { return ctx.Err() }
			say(ctx)
			w.Restart()
			end()
		},
	}
	for name, way := range ways {
		for what, m := range underWay {
			for how, e := range ends {
				if name == "killed before it is written" && how == "erased" {
					continue // whoever erases then knows nothing of it
				}
				t.Run(name+", "+what+", "+how, func(t *testing.T) {
					w, code, channel := shared(t)
					say := func(ctx context.Context) {
						w.Bot.Command(ctx, chat.Command{User: bottest.ID(m.who), Channel: direct(m.who), Text: strings.Replace(m.line, " ", " "+string(code)+" ", 1)})
						_ = w.Bot.Outbox.Drain(ctx) // of one that is killed
					}
					way(t, w, say, func() { e.take(t, w, code, channel) })
					settles(w)
					for _, who := range append(e.others, "paul") {
						where := direct(who)
						if who == "" {
							where = channel
						}
						if got := everything(w, where); strings.Contains(got, "plus petit") {
							t.Errorf("%s still says:\n%s", where, got)
						}
					}
				})
			}
		}
	}
}

// tellsHousing reports whether a message other than the card says what is said of housing.
func tellsHousing(m bottest.Message) bool {
	all := m.Now.AsText()
	for _, f := range m.Now.Files {
		all += string(f.Body)
	}
	return !m.Pinned && strings.Contains(all, "plus petit")
}

// A mortal store is one that a program which is killed writes nothing more to.
type mortal struct {
	erasure.Store
	killed *bool
}

func (m mortal) Settle(ctx context.Context, outcome storage.Outcome, changes ...storage.Change) error {
	if *m.killed {
		return errors.New("killed")
	}
	return m.Store.Settle(ctx, outcome, changes...)
}

// failing has every call of a name fail.
func failing(name string) func(string) error {
	return func(call string) error {
		if call == name {
			return errors.New("the network is down")
		}
		return nil
	}
}

// The card whose answer was lost is found by its key once the channel closes, and there
// never are two of them.
func TestACardWhoseAnswerIsLost(t *testing.T) {
	for how, end := range map[string]func(*testing.T, *bottest.World, casework.Code, casework.ChannelID){
		"withdrawn": acts("claire", "consentement %s withdraw"),
		"erased":    erasedNow,
	} {
		t.Run(how, func(t *testing.T) {
			w := world(t)
			w.Platform.After = failing("Send")
			w.Type("claire", direct("claire"), "ouvrir")
			code := casework.Code(codeIn.FindString(done(t, w.Submit("claire", direct("claire"), proposal()))))
			channel := casework.ChannelID("c-" + strings.ToLower(string(code)))
			done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
			if !strings.Contains(texts(w, channel), "dettes") {
				t.Fatal("the card says nothing")
			}
			end(t, w, code, channel)
			settles(w)
			if got := everything(w, channel); strings.Contains(got, "dettes") {
				t.Errorf("the channel still says:\n%s", got)
			}
			if cards := w.Platform.Select(func(m bottest.Message) bool { return m.Pinned }); len(cards) != 1 {
				t.Errorf("%d cards", len(cards))
			}
		})
	}
}

// A reminder that arrived though nobody said so reads as settled once its reader may not
// know of it any more.
func TestAReminderWhoseAnswerIsLost(t *testing.T) {
	for how, e := range ends {
		t.Run(how, func(t *testing.T) {
			w, code, channel := shared(t)
			done(t, w.Type("claire", channel, `action objective:o2 what:"Visiter plus petit" who:p2 due:"dans 7 jours"`))
			done(t, w.Type("claire", channel, "répondre a1 done"))
			settles(w)
			told := func() bool { return slices.ContainsFunc(nudges(w, "paul"), tellsHousing) }
			w.Platform.After = failing("Send")
			for range 14 * 24 {
				if !told() {
					w.Advance(time.Hour)
					w.Settle()
				}
			}
			if !told() {
				t.Fatal("paul is not reminded")
			}
			e.take(t, w, code, channel)
			settles(w)
			settles(w)
			if got := everything(w, direct("paul")); strings.Contains(got, "plus petit") {
				t.Errorf("paul still reads:\n%s", got)
			}
		})
	}
}

// Whoever comes in finds nothing that they may not know, though the answer of what told
// it was lost: in the channel, or in the one that the case has left for them.
func TestANewcomerFindsNothingOfWhatIsUnderWay(t *testing.T) {
	for _, past := range []string{"withdraw", "new_channel"} {
		t.Run(past, func(t *testing.T) {
			w, _, channel := shared(t)
			done(t, w.Type("claire", channel, "liste name:Nadia service:S user:@nadia agreed:oui topics:budget"))
			done(t, w.Type("claire", channel, "inviter @nadia partner past:"+past))
			w.Platform.After = failing("Send")
			w.Type("claire", channel, "annonce post board logement")
			w.Platform.After = nil
			w.Platform.Moved = func(m chat.Move) {
				if got := everything(w, m.Channel); m.User == bottest.ID("nadia") && strings.Contains(got, "plus petit") {
					t.Errorf("nadia finds:\n%s", got)
				}
			}
			done(t, w.Press("nadia", direct("nadia"), "accept"))
			settles(w)
			if got := everything(w, channel); strings.Contains(got, "plus petit") {
				t.Errorf("the channel still says:\n%s", got)
			}
		})
	}
}

// A file that is asked for, and leaves only when all is done that follows from what was
// taken back, is emptied when it is there; one that is asked for too late never leaves.
func TestAFileThatComesLateIsEmptied(t *testing.T) {
	for how, e := range ends {
		t.Run(how, func(t *testing.T) {
			w, code, channel := shared(t)
			w.Platform.Leaving = func(out chat.Outgoing) {
				w.Platform.Leaving = nil
				e.take(t, w, code, channel)
				w.Settle()
			}
			done(t, w.Type("paul", direct("paul"), "papier logement"))
			settles(w)
			if got := everything(w, direct("paul")); strings.Contains(got, "plus petit") {
				t.Errorf("paul still reads:\n%s", got)
			}
		})
	}
}
