package bot_test

import (
	"strings"
	"testing"
	"time"

	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
)

// Whatever took back some of what others may know, after a copy was made, holds when
// the copy is put back: nothing is shown to anybody until the consent is confirmed,
// and whoever coordinates is told so, once. What did not leaves the case as it was.
func TestAConsentNarrowedOutlivesARestore(t *testing.T) {
	type does func(*testing.T, *bottest.World, casework.ChannelID)
	types := func(line string) does {
		return func(t *testing.T, w *bottest.World, channel casework.ChannelID) {
			done(t, w.Type("claire", channel, line))
		}
	}
	for name, test := range map[string]struct {
		do        does
		suspended bool
	}{
		"withdrawn":      {types("consentement withdraw"), true},
		"vetoed":         {types("consentement extend veto:budget"), true},
		"fewer topics":   {types("consentement grant topics:logement form:written partners:p2"), true},
		"fewer partners": {types("consentement grant topics:enfance,logement,budget,mobilite form:written"), true},
		"ends earlier":   {types(`consentement extend until:"dans 10 jours"`), true},
		"unlisted":       {types(`liste name:"paul" service:"Service de paul" user:@paul agreed:non`), true},
		"left": {func(t *testing.T, w *bottest.World, channel casework.ChannelID) {
			if err := w.Platform.Remove(t.Context(), channel, bottest.ID("paul")); err != nil {
				t.Fatal(err)
			}
		}, true},
		"ends later":     {types(`consentement extend until:"dans 400 jours"`), false},
		"more topics":    {types("consentement extend topics:emploi"), false},
		"work goes on":   {types("objectif logement Un logement plus petit"), false},
		"nothing at all": {func(*testing.T, *bottest.World, casework.ChannelID) {}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w, code, channel := opened(t)
			joined(t, w, channel, "budget", "paul")
			done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
			copied := w.Copy()
			w.Advance(time.Hour)
			test.do(t, w, channel)
			w.Advance(time.Hour)
			told := len(w.Platform.Messages(direct("claire")))
			w.PutBack(copied, false)

			if got := w.Case(code).Consent().Suspended; got != test.suspended {
				t.Fatalf("suspended: %v", got)
			}
			news := w.Platform.Messages(direct("claire"))[told:]
			reads := strings.Contains(bottest.Text(w.Type("paul", direct("paul"), "suivi "+string(code))), "Solder")
			if !test.suspended {
				if !reads || len(news) > 0 {
					t.Errorf("paul reads %v, claire is told %v", reads, news)
				}
				return
			}
			if reads || len(news) != 1 || !strings.Contains(news[0].Now.AsText(), "Depuis, l’accord avait changé") || strings.Contains(news[0].Now.AsText(), "Lopez") {
				t.Fatalf("paul reads %v, claire is told %+v", reads, news)
			}
			said, posts := len(w.Platform.Messages(direct("paul"))), len(w.Platform.Messages(channel))
			for _, line := range []string{"suivi", "journal", "objectif budget x", "consentement extend topics:emploi"} {
				if text := bottest.Text(w.Type("claire", direct("claire"), line+" case:"+string(code))); strings.Contains(text, "Solder") {
					t.Errorf("%s: %q", line, text)
				}
			}
			w.Restart()
			days(w, 3)
			if len(w.Platform.Messages(direct("paul"))) != said || len(w.Platform.Messages(channel)) != posts {
				t.Errorf("something is said: %s%s", texts(w, direct("paul")), texts(w, channel))
			}
			if len(w.Platform.Messages(direct("claire"))) != told+1 {
				t.Errorf("claire is told %s", texts(w, direct("claire")))
			}

			done(t, w.Type("claire", direct("claire"), "consentement grant topics:budget,logement form:written partners:p2 case:"+string(code)))
			if !strings.Contains(bottest.Text(w.Type("paul", direct("paul"), "suivi "+string(code))), "Solder") {
				t.Error("sharing does not resume")
			}
			// A copy that knows of all this is put back as it is.
			copied = w.Copy()
			w.Advance(time.Hour)
			w.PutBack(copied, false)
			if w.Case(code).Consent().Suspended {
				t.Error("suspended for what was answered")
			}
		})
	}
}

// The channel of a case whose consent was withdrawn stays as it was left, and the
// withdrawal can be recorded again.
func TestAConsentWithdrawnStaysSoAfterARestore(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	copied := w.Copy()
	w.Advance(time.Hour)
	done(t, w.Type("claire", channel, "consentement withdraw"))
	w.Advance(time.Hour)
	w.PutBack(copied, false)
	now, err := w.Platform.Channel(t.Context(), channel)
	if err != nil || !now.Archived || len(now.Members) != 1 {
		t.Errorf("the channel: %+v, %v", now, err)
	}
	done(t, w.Type("claire", direct("claire"), "consentement withdraw case:"+string(code)))
	if state := w.Case(code).State; state != casework.Withdrawn {
		t.Errorf("it is %s", state)
	}
}

// Where nobody knows what changed since, sharing can be suspended everywhere.
func TestWithoutALedgerAllIsSuspended(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	w.Type("claire", direct("claire"), "ouvrir")
	ended := casework.Code(codeIn.FindString(done(t, w.Submit("claire", direct("claire"), proposal()))))
	done(t, w.Type("claire", direct("claire"), "consentement withdraw case:"+string(ended)))
	copied := w.Copy()
	seq := w.Case(ended).Seq
	w.PutBack(copied, true)
	if !w.Case(code).Consent().Suspended || w.Case(ended).Seq != seq {
		t.Error("not the open cases alone are suspended")
	}
	if !strings.Contains(texts(w, direct("claire")), "L’accord a pu changer depuis") {
		t.Errorf("claire is told:\n%s", texts(w, direct("claire")))
	}
}

// A button that was made after a copy acts on nothing once the copy is put back:
// what it names may be something else by now. One that was made before acts.
func TestAButtonOutlivedByARestoreIsRefused(t *testing.T) {
	w, code, channel := acting(t, "dans 14 jours")
	older := buttonOn(t, w, channel, "a1")
	copied := w.Copy()
	w.Advance(time.Hour)
	assign := func(what string) {
		done(t, w.Type("claire", channel, `action objective:o1 what:"`+what+`" who:p2 due:"dans 20 jours"`))
	}
	assign("Une action perdue")
	newer := buttonOn(t, w, channel, "a2")
	w.Advance(time.Hour)
	w.PutBack(copied, false)
	for _, text := range []string{"before a2 is given away", "after"} {
		if said := bottest.Text(w.Send("paul", newer)); !strings.Contains(said, "n’est plus valable") {
			t.Errorf("%s: %q", text, said)
		}
		assign("Une autre action")
	}
	w.Send("paul", older)
	for _, a := range w.Case(code).Actions {
		if a.Done != (a.ID == "a1") {
			t.Errorf("%s: done is %v", a.ID, a.Done)
		}
	}
}

// buttonOn gives a press on the button by which an action is done.
func buttonOn(t *testing.T, w *bottest.World, channel casework.ChannelID, subject string) chat.Press {
	t.Helper()
	for _, m := range w.Platform.Messages(channel) {
		if m.Now.Card == nil {
			continue
		}
		for _, b := range m.Now.Card.Buttons {
			if b.ID == "done" && b.Subject == subject {
				return chat.Press{Channel: channel, Message: m.Ref, Button: b.ID, Token: b.Token}
			}
		}
	}
	t.Fatalf("no button to do %s in:\n%s", subject, texts(w, channel))
	return chat.Press{}
}
