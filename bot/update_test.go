package bot_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
)

// boards gives the messages of a place that show objectives.
func boards(w *bottest.World, where casework.ChannelID) []bottest.Message {
	return w.Platform.Select(func(m bottest.Message) bool { return m.Channel == where && m.Now.Text == "Les objectifs." })
}

func TestWhatWasPostedChangesInPlace(t *testing.T) {
	w, code, channel := opened(t)
	done(t, w.Type("claire", channel, "annonce update board"))
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	if len(boards(w, channel)) != 0 {
		t.Fatal("what never stood is sent")
	}
	done(t, w.Type("claire", channel, "annonce post board"))
	done(t, w.Type("claire", channel, "objectif logement Un logement plus petit"))
	done(t, w.Type("claire", channel, "annonce update board"))
	done(t, w.Type("claire", channel, "annonce update board budget"))
	got := boards(w, channel)
	if len(got) != 1 || len(got[0].Before) != 1 || !strings.Contains(got[0].Now.AsText(), "plus petit") {
		t.Fatalf("the board is %+v", got)
	}
	stands, ok := w.Case(code).Standing(viewBoard, "", "")
	if want := []casework.Topic{casework.Budget, casework.Housing}; !ok || stands.Message != got[0].Ref || !cmp.Equal(stands.Topics, want) {
		t.Errorf("recorded as %+v", stands)
	}
	before := w.Case(code).Seq
	done(t, w.Type("claire", channel, "annonce update board"))
	if n := w.Case(code).Seq - before; n != 1 {
		t.Errorf("an update that tells nothing of other topics writes %d entries, want the one that asked for it", n)
	}
	w.Platform.Delete(stands.Message)
	done(t, w.Type("claire", channel, "annonce update board"))
	if len(boards(w, channel)) != 0 {
		t.Error("what somebody deleted comes back")
	}
	if log := w.Logged(); strings.Contains(log, "given up") {
		t.Errorf("it is an error:\n%s", log)
	}
}

func TestWhatWasToldChangesInPlace(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget,logement", "paul", "sophie")
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	done(t, w.Type("claire", channel, "annonce tell board user:@paul"))
	done(t, w.Type("claire", channel, "annonce update board user:@sophie"))
	done(t, w.Type("claire", channel, "objectif logement Un logement plus petit"))
	done(t, w.Type("claire", channel, "annonce update board user:@paul"))
	got := boards(w, direct("paul"))
	if len(got) != 1 || len(got[0].Before) != 1 || !strings.Contains(got[0].Now.AsText(), "plus petit") {
		t.Errorf("paul's board is %+v", got)
	}
	if len(boards(w, direct("sophie")))+len(boards(w, channel)) != 0 {
		t.Error("others are told too")
	}
	// What the person withdraws from him is taken from his message at the next
	// update.
	done(t, w.Type("claire", channel, "consentement extend veto:logement"))
	done(t, w.Type("claire", channel, "annonce update board user:@paul"))
	if got := texts(w, direct("paul")); strings.Contains(got, "Solder") || !strings.Contains(got, "n’est pas partagé") {
		t.Errorf("paul still reads:\n%s", got)
	}
	if _, stands := w.Case(code).Standing(viewBoard, "", bottest.ID("paul")); stands {
		t.Error("what was emptied stands")
	}
}

func TestAnUpdateThatIsNotForAllIsEmptied(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	done(t, w.Type("claire", channel, "annonce post board"))
	ref := boards(w, channel)[0].Ref
	done(t, w.Type("claire", channel, "objectif logement Un logement plus petit"))
	done(t, w.Type("claire", channel, "annonce update board"))
	got := w.Platform.Select(func(m bottest.Message) bool { return m.Ref == ref })
	if text := got[0].Now.AsText(); strings.Contains(text, "Solder") || strings.Contains(text, "plus petit") {
		t.Errorf("the board says:\n%s", text)
	}
	if _, stands := w.Case(code).Standing(viewBoard, "", ""); stands {
		t.Error("what was emptied stands")
	}
}

func TestAnUpdateTakesFilesAwayOrKeepsThem(t *testing.T) {
	w, code, channel := opened(t)
	done(t, w.Type("claire", channel, "objectif logement Un logement plus petit"))
	done(t, w.Type("claire", channel, "annonce post paper logement"))
	done(t, w.Type("claire", channel, "objectif logement Au rez-de-chaussée"))
	done(t, w.Type("claire", channel, "annonce update paper logement"))
	stands, _ := w.Case(code).Standing(viewPaper, "logement", "")
	if got := bodies(w, channel); !strings.Contains(got, "plus petit") || len(stands.Topics) != 2 {
		t.Errorf("the file says %q; recorded as telling of %q", got, stands.Topics)
	}
}

func TestUpdatesOfOneMessageInARowAreOne(t *testing.T) {
	w, _, channel := opened(t)
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	done(t, w.Type("claire", channel, "annonce post board"))
	for _, line := range []string{"annonce update board", "objectif budget Ouvrir un livret", "annonce update board", "annonce update board budget", "annonce update board"} {
		w.Bot.Command(t.Context(), chat.Command{User: bottest.ID("claire"), Channel: channel, Text: line})
	}
	w.Settle()
	got := boards(w, channel)
	if len(got) != 1 || len(got[0].Before) != 1 || !strings.Contains(got[0].Now.AsText(), "livret") {
		t.Errorf("after three updates: %+v", got)
	}
}

// TestAnUpdateSurvivesFaults has the platform fail at each call of an update,
// before or after it had its effect, with the bot stopped and started in between.
func TestAnUpdateSurvivesFaults(t *testing.T) {
	for _, when := range []string{"before", "after"} {
		t.Run(when, func(t *testing.T) {
			w, code, channel := opened(t)
			done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
			done(t, w.Type("claire", channel, "annonce post board"))
			down := true
			fault := func(call string) error {
				if call == "Send" && down {
					return errors.New("the network is down")
				}
				return nil
			}
			if when == "before" {
				w.Platform.Fault = fault
			} else {
				w.Platform.After = fault
			}
			w.Type("claire", channel, "objectif logement Un logement plus petit")
			w.Type("claire", channel, "annonce update board")
			w.Restart()
			down = false
			again(w)
			stands, ok := w.Case(code).Standing(viewBoard, "", "")
			got := boards(w, channel)
			if len(got) != 1 || !strings.Contains(got[0].Now.AsText(), "plus petit") || !ok || len(stands.Topics) != 2 {
				t.Errorf("the board is %+v, recorded as %+v", got, stands)
			}
		})
	}
}

func TestAnUpdateWaitsForAStrangerToLeave(t *testing.T) {
	w, _, channel := opened(t)
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	done(t, w.Type("claire", channel, "annonce post board"))
	must(t, w.Platform.Add(t.Context(), channel, bottest.ID("martin")))
	done(t, w.Type("claire", channel, "objectif budget Ouvrir un livret"))
	done(t, w.Type("claire", channel, "annonce update board"))
	if strings.Contains(boards(w, channel)[0].Now.AsText(), "livret") {
		t.Error("brought up to date for a stranger")
	}
	must(t, w.Platform.Remove(t.Context(), channel, bottest.ID("martin")))
	again(w)
	if !strings.Contains(boards(w, channel)[0].Now.AsText(), "livret") {
		t.Error("not brought up to date once he left")
	}
}
