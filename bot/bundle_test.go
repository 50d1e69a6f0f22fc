package bot_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
	"parcours/storage"
)

// acting opens a case in which paul has some actions, the days from now after
// which each is due given in words.
func acting(t *testing.T, due ...string) (*bottest.World, casework.Code, casework.ChannelID) {
	t.Helper()
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul", "sophie")
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	for _, day := range due {
		done(t, w.Type("claire", channel, `action objective:o1 what:"Appeler le bailleur" who:p2 due:"`+day+`"`))
	}
	return w, code, channel
}

func TestRemindersOfAMomentAreOneMessage(t *testing.T) {
	w, code, channel := acting(t, "dans 14 jours", "dans 14 jours", "dans 14 jours")
	days(w, 5)
	news := nudges(w, "paul")
	if len(news) != 1 || len(news[0].Keys) != 3 {
		t.Fatalf("paul is told %+v", news)
	}
	text := news[0].Now.AsText()
	for _, want := range []string{"3 rappels", string(code), "a1", "a2", "a3", "Appeler le bailleur", "Voir a2"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
	if first := news[0].Now.Text; strings.Contains(first, "bailleur") || strings.Contains(first, "Lopez") {
		t.Errorf("a notification shows %q", first)
	}
	// One that is done elsewhere reads as settled, its buttons gone.
	done(t, w.Type("claire", channel, "répondre a2 done"))
	text = nudges(w, "paul")[0].Now.AsText()
	if strings.Contains(text, "Voir a2") || !strings.Contains(text, "a2 : c’est réglé") || !strings.Contains(text, "Voir a1") {
		t.Errorf("after a2 is done:\n%s", text)
	}
	if said := bottest.Text(press(t, w, "paul", news[0], "see")); !strings.Contains(said, "Appeler le bailleur") || !strings.Contains(said, "Reporter") {
		t.Errorf("one alone is shown as:\n%s", said)
	}
	done(t, w.Type("claire", channel, "clôturer reason:fin"))
	for _, m := range nudges(w, "paul") {
		if text := m.Now.AsText(); strings.Contains(text, "bailleur") || strings.Contains(text, "[") {
			t.Errorf("after the end:\n%s", text)
		}
	}
}

// press has somebody press the first button of an id on a message.
func press(t *testing.T, w *bottest.World, handle string, m bottest.Message, id string) chat.Answer {
	t.Helper()
	for _, b := range m.Now.Card.Buttons {
		if b.ID == id {
			return w.Send(handle, chat.Press{Channel: m.Channel, Message: m.Ref, Button: b.ID, Token: b.Token})
		}
	}
	t.Fatalf("no button %s", id)
	return chat.Answer{}
}

func TestADeliveredReminderIsWithdrawn(t *testing.T) {
	for name, c := range map[string]struct {
		line, want string
	}{
		"done by somebody else": {"répondre a1 done", "c’est réglé"},
		"postponed":             {`répondre a1 postpone due:"dans 60 jours"`, "c’est réglé"},
		"given to another":      {"répondre a1 reassign who:p3", "c’est réglé"},
		"consent withdrawn":     {"consentement withdraw", "c’est réglé"},
		"closed":                {"clôturer reason:fin", "c’est réglé"},
		"topic set aside":       {"consentement extend veto:budget", "c’est réglé"},
		"something else":        {"objectif budget Ouvrir un livret", "bailleur"},
	} {
		t.Run(name, func(t *testing.T) {
			w, _, channel := acting(t, "dans 10 jours")
			days(w, 4)
			if news := nudges(w, "paul"); len(news) != 1 || len(news[0].Now.Card.Buttons) != 4 {
				t.Fatalf("paul is told %+v", news)
			}
			answer := w.Type("claire", channel, c.line)
			if form, asked := answer.Form.Value(); asked {
				t.Fatalf("a form: %+v", form)
			}
			w.Settle()
			m := nudges(w, "paul")[0]
			if text := m.Now.AsText(); !strings.Contains(text, c.want) || c.want != "bailleur" && strings.Contains(text, "bailleur") {
				t.Errorf("it says:\n%s\n%s", text, bottest.Text(answer))
			}
		})
	}
}

func TestNobodyIsNudgedAtABadHour(t *testing.T) {
	w, _, _ := acting(t, "dans 14 jours")
	done(t, w.Type("paul", direct("paul"), "réglages quiet_from:8h quiet_to:17h digest_at:jamais"))
	for range 24 * 60 {
		w.Advance(time.Hour)
		w.Settle()
	}
	news := nudges(w, "paul")
	if len(news) != 5 {
		t.Errorf("paul is reminded %d times, want 5", len(news))
	}
	for _, m := range w.Platform.Messages(direct("paul"))[1:] {
		if at := m.At; len(m.Keys) > 0 && (at.Hour() < 17 || at.Hour() > 18 || at.Weekday() == time.Saturday || at.Weekday() == time.Sunday) {
			t.Errorf("told at %s", at)
		}
	}
}

func TestABundleThatIsLateWaitsForTheMorning(t *testing.T) {
	w, _, _ := acting(t, "dans 11 jours")
	days(w, 1)
	w.Platform.Fault = func(call string) error {
		if call == "Send" {
			return errors.New("down")
		}
		return nil
	}
	w.Advance(45 * time.Hour) // Thursday 26 November, 7 o'clock
	for range 12 {
		w.Advance(time.Hour)
		w.Settle()
	}
	w.Platform.Fault = nil
	for range 12 {
		w.Advance(time.Hour)
		w.Settle()
	}
	if n := len(nudges(w, "paul")); n != 0 {
		t.Fatalf("told at night %d times", n)
	}
	w.Advance(2 * time.Hour)
	w.Settle()
	news := nudges(w, "paul")
	if len(news) != 1 || news[0].At.Hour() < 8 {
		t.Errorf("in the morning he is told %+v", news)
	}
}

// While the platform is down more falls due about the same: once it is back, the
// last alone is told, in one message.
func TestWhatWasTriedInVainIsToldWithWhatCameSince(t *testing.T) {
	w, _, _ := acting(t, "dans 14 jours", "dans 15 jours")
	w.Platform.Fault = func(call string) error {
		if call == "Send" {
			return errors.New("down")
		}
		return nil
	}
	days(w, 2)
	w.Advance(24*time.Hour - time.Minute)
	w.Settle()
	days(w, 1)
	w.Platform.Fault = nil
	w.Settle()
	w.Advance(time.Minute)
	w.Settle()
	if news := nudges(w, "paul"); len(news) != 1 || len(news[0].Keys) != 2 {
		t.Errorf("paul is told %+v", news)
	}
}

func TestLateIsSaidOnce(t *testing.T) {
	w, _, _ := acting(t, "dans 14 jours", "dans 15 jours")
	w.Advance(30 * 24 * time.Hour)
	w.Restart()
	w.Settle()
	w.Settle()
	news := nudges(w, "paul")
	if len(news) != 1 || !strings.Contains(news[0].Now.Text, "2 rappels en retard, depuis le ") {
		t.Errorf("after a month asleep paul is told %+v", news)
	}
}

// A store that is put back from an older copy does not repeat what was sent since.
func TestARestoredCopyRepeatsNothing(t *testing.T) {
	w, _, _ := acting(t, "dans 14 jours")
	must(t, w.Store.Close())
	copied, err := os.ReadFile(w.Path)
	must(t, err)
	w.Reopen()
	days(w, 20)
	before := len(nudges(w, "paul"))
	must(t, w.Store.Close())
	must(t, os.WriteFile(w.Path, copied, 0o600))
	w.Reopen()
	days(w, 2)
	if n := len(nudges(w, "paul")); n != before || before == 0 {
		t.Errorf("%d reminders, %d once the copy is back", before, n)
	}
}

// What was told before an older copy was put back is not told with what is new,
// even when the platform's answer is lost.
func TestARestoredCopyRepeatsNothingWithWhatIsNew(t *testing.T) {
	w, _, _ := acting(t, "dans 14 jours", "dans 15 jours")
	must(t, w.Store.Close())
	copied, err := os.ReadFile(w.Path)
	must(t, err)
	w.Reopen()
	for len(nudges(w, "paul")) == 0 {
		days(w, 1)
	}
	must(t, w.Store.Close())
	must(t, os.WriteFile(w.Path, copied, 0o600))
	w.Reopen()
	w.Platform.After = func(call string) error {
		if call != "Send" || len(nudges(w, "paul")) < 2 {
			return nil
		}
		w.Platform.After = nil
		return errors.New("the line was cut")
	}
	w.Advance(24 * time.Hour)
	w.Settle()
	days(w, 1)
	told := map[string]int{}
	for _, m := range nudges(w, "paul") {
		for _, key := range m.Keys {
			told[key]++
		}
	}
	for key, n := range told {
		if n != 1 {
			t.Errorf("%s is told %d times", key, n)
		}
	}
	if len(told) != 2 || w.Platform.After != nil {
		t.Errorf("%d reminders were told", len(told))
	}
}

// A bundle that was on its way when the copy was made, and arrived since, is found.
func TestARestoredCopyFindsWhatWasOnItsWay(t *testing.T) {
	w, _, _ := acting(t, "dans 14 jours")
	w.Advance(3 * 24 * time.Hour)
	must(t, w.Bot.Nudges.Tick(t.Context()))
	must(t, w.Store.Close())
	copied, err := os.ReadFile(w.Path)
	must(t, err)
	w.Reopen()
	w.Settle()
	before := len(nudges(w, "paul"))
	must(t, w.Store.Close())
	must(t, os.WriteFile(w.Path, copied, 0o600))
	w.Reopen()
	w.Advance(2 * time.Hour)
	w.Settle()
	if n := len(nudges(w, "paul")); n != before || before != 1 {
		t.Errorf("%d reminders, %d once the copy is back", before, n)
	}
}

// With nobody left to tell, a nudge stays with who runs the service, who can have
// it tried again.
func TestANudgeForNobodyIsKeptForTheOperator(t *testing.T) {
	w, _, _ := acting(t, "dans 10 jours")
	w.Platform.Deactivate(bottest.ID("paul"))
	w.Platform.Deactivate(bottest.ID("claire"))
	days(w, 4)
	stuck, err := w.Store.(storage.Overseer).Stuck(t.Context())
	if err != nil || len(stuck) != 1 || stuck[0].Why != "gone" {
		t.Fatalf("stuck: %+v, %v", stuck, err)
	}
	w.Platform.Activate(bottest.ID("claire"))
	must(t, w.Store.(storage.Overseer).Unstick(t.Context(), stuck[0].Key))
	w.Settle() // it is passed on,
	w.Settle() // and told
	if news := nudges(w, "claire"); len(news) != 1 || !strings.Contains(news[0].Now.AsText(), "bailleur") {
		t.Errorf("claire is told %+v", news)
	}
}

func TestTheLanguageChosenIsSpoken(t *testing.T) {
	w, _, channel := acting(t, "dans 14 jours")
	if said := bottest.Text(w.Type("paul", direct("paul"), "réglages")); !strings.Contains(said, "[settings]") || !strings.Contains(said, "lundi 08:30") {
		t.Errorf("what holds: %q", said)
	}
	form, _ := w.Form("paul")
	if len(form.Fields) != 4 || form.Fields[0].About().Value() != "fr" {
		t.Errorf("the form: %+v", form.Fields)
	}
	done(t, w.Submit("paul", direct("paul"), chat.Values{"language": {"en"}, "digest_at": {"tuesday 9:00"}, "quiet_from": {""}, "quiet_to": {""}}))
	if said := bottest.Text(w.Type("paul", channel, "mine")); !strings.Contains(said, "You have") {
		t.Errorf("paul is answered %q", said)
	}
	days(w, 11)
	if news := nudges(w, "paul"); len(news) == 0 || !strings.Contains(news[0].Now.AsText(), "Reminder") {
		t.Errorf("paul is reminded %+v", news)
	}
	if said := bottest.Text(w.Type("paul", direct("paul"), "settings quiet_from:8 quiet_to:20")); !strings.Contains(said, "no reminder could ever reach") {
		t.Errorf("too quiet: %q", said)
	}
	if said := bottest.Text(w.Type("paul", direct("paul"), "settings digest_at:someday")); !strings.Contains(said, "do not understand") {
		t.Errorf("no time: %q", said)
	}
}

func TestTheDigestIsGivenOnMonday(t *testing.T) {
	w, code, _ := acting(t, "dans 9 jours")
	days(w, 8)
	digests := w.Platform.Select(func(m bottest.Message) bool {
		return m.Channel == direct("paul") && strings.Contains(m.Now.Text, "semaine")
	})
	if len(digests) != 1 || digests[0].At.Weekday() != time.Monday || !strings.Contains(digests[0].Now.AsText(), string(code)) {
		t.Errorf("digests: %+v", digests)
	}
	if strings.Contains(digests[0].Now.Text, "bailleur") {
		t.Error("its first line tells of a case")
	}
	// Sophie has nothing to do, and hears nothing.
	for _, m := range w.Platform.Messages(direct("sophie")) {
		if strings.Contains(m.Now.Text, "semaine") {
			t.Errorf("sophie reads:\n%s", m.Now.AsText())
		}
	}
}

// A digest stops telling what its reader may no longer know, however old it is.
func TestADeliveredDigestIsWithdrawn(t *testing.T) {
	for name, c := range map[string]struct {
		line string
		gone []string
	}{
		"consent withdrawn": {"consentement withdraw", []string{"bailleur", "P-"}},
		"topic set aside":   {"consentement extend veto:budget", []string{"bailleur"}},
		"closed":            {"clôturer reason:fin", []string{"bailleur"}},
	} {
		t.Run(name, func(t *testing.T) {
			w, _, channel := acting(t, "dans 20 jours")
			days(w, 16)
			digests := func() []bottest.Message {
				return w.Platform.Select(func(m bottest.Message) bool {
					return m.Channel == direct("paul") && strings.Contains(m.Now.Text, "semaine")
				})
			}
			before := digests()
			if len(before) != 2 || !strings.Contains(before[0].Now.AsText(), "bailleur") {
				t.Fatalf("digests: %+v", before)
			}
			done(t, w.Type("claire", channel, c.line))
			w.Settle()
			after := digests()
			if len(after) != len(before) {
				t.Fatalf("%d digests are left of %d", len(after), len(before))
			}
			for _, m := range after {
				for _, word := range c.gone {
					if text := m.Now.AsText(); strings.Contains(text, word) {
						t.Errorf("%q is still told:\n%s", word, text)
					}
				}
			}
		})
	}
}
