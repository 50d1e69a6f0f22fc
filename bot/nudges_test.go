package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"parcours/bot/bottest"
	"parcours/casework"
)

// days lets days pass, an hour at a time, as the clock would strike.
func days(w *bottest.World, n int) {
	for range n * 24 {
		w.Advance(time.Hour)
		w.Settle()
	}
}

// nudges gives the messages that remind somebody of something.
func nudges(w *bottest.World, handle string) []bottest.Message {
	return w.Platform.Select(func(m bottest.Message) bool { return m.Channel == direct(handle) && len(m.Keys) > 0 })
}

func TestRemindersOfAnAction(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	done(t, w.Type("claire", channel, `action objective:o1 what:"Appeler le bailleur" who:p2 due:"dans 21 jours"`))
	days(w, 40)
	// Due on Monday 14 December: 3 and 11 December, the day, then 15 and 23.
	news := nudges(w, "paul")
	if len(news) != 5 {
		t.Fatalf("paul is reminded %d times, want 5:\n%s", len(news), texts(w, direct("paul")))
	}
	for _, m := range news {
		if strings.Contains(m.Now.Text, "bailleur") || strings.Contains(m.Now.Text, "Lopez") || !strings.Contains(m.Now.Text, string(code)) {
			t.Errorf("what a notification shows: %q", m.Now.Text)
		}
	}
	if !strings.Contains(texts(w, direct("claire")), "bailleur") {
		t.Error("the coordinator is not told of what is a week late")
	}
}

func TestADoneActionReminds(t *testing.T) {
	w, _, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	done(t, w.Type("claire", channel, `action objective:o1 what:"Appeler le bailleur" who:p2 due:"dans 21 jours"`))
	days(w, 11)
	told := len(w.Platform.Messages(direct("paul")))
	done(t, w.Press("paul", direct("paul"), "done"))
	if said := bottest.Text(w.Press("paul", direct("paul"), "done")); !strings.Contains(said, "déjà") {
		t.Errorf("pressed again, it says %q", said)
	}
	days(w, 30)
	if n := len(w.Platform.Messages(direct("paul"))); n != told {
		t.Errorf("%d reminders of what is done", n-told)
	}
}

func TestLongAsleepRemindsOnce(t *testing.T) {
	w, _, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	done(t, w.Type("claire", channel, `action objective:o1 what:"Appeler le bailleur" who:p2 due:"dans 14 jours"`))
	told := len(w.Platform.Messages(direct("paul")))
	w.Advance(60 * 24 * time.Hour)
	w.Restart()
	w.Settle()
	w.Settle()
	if n := len(w.Platform.Messages(direct("paul"))) - told; n != 1 {
		t.Errorf("after two months asleep paul is reminded %d times, want once", n)
	}
}

func TestAReminderSurvivesAPlatformThatIsDown(t *testing.T) {
	w, _, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	done(t, w.Type("claire", channel, `action objective:o1 what:"Appeler le bailleur" who:p2 due:"dans 2 jours"`))
	told := len(w.Platform.Messages(direct("paul")))
	w.Platform.Fault = func(string) error { return errors.New("down") }
	days(w, 2)
	w.Platform.Fault = nil
	w.Restart()
	days(w, 1)
	if n := len(w.Platform.Messages(direct("paul"))) - told; n == 0 {
		t.Error("the reminders were lost")
	}
}

func TestThinkingItOver(t *testing.T) {
	w := world(t)
	w.Type("claire", direct("claire"), "ouvrir")
	values := proposal()
	values["answer"] = []string{"thinking"}
	code := codeIn.FindString(done(t, w.Submit("claire", direct("claire"), values)))
	days(w, 15)
	news := nudges(w, "claire")
	if len(news) != 1 || !strings.Contains(news[0].Now.Text, code) {
		t.Fatalf("after two weeks claire is told %+v", news)
	}
	done(t, w.Type("claire", direct("claire"), "consentement "+code+" grant form:written topics:budget"))
	if _, err := w.Platform.Channel(t.Context(), casework.ChannelID("c-"+strings.ToLower(code))); err != nil {
		t.Errorf("no channel after the consent: %v", err)
	}
}

func TestTheReminderOfAClosedAccountGoesToTheCoordinator(t *testing.T) {
	w, _, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	done(t, w.Type("claire", channel, `action objective:o1 what:"Appeler le bailleur" who:p2 due:"dans 2 jours"`))
	w.Platform.Deactivate(bottest.ID("paul"))
	before, told := len(w.Platform.Messages(direct("paul"))), len(w.Platform.Messages(direct("claire")))
	days(w, 3)
	if n := len(w.Platform.Messages(direct("paul"))); n != before {
		t.Error("a closed account is written to")
	}
	news := w.Platform.Messages(direct("claire"))[told:]
	if len(news) != 3 || !strings.Contains(news[0].Now.AsText(), "bailleur") || !strings.Contains(news[0].Now.AsText(), "téléphonez") {
		t.Errorf("claire is told %d times, want of the day before, of the day and of the day after:\n%s", len(news), texts(w, direct("claire")))
	}
}
