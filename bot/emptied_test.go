package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"parcours/bot/bottest"
	"parcours/casework"
)

// shared gives a case in which the person, lea, and two partners were told things
// of all kinds: posts, cards in private, files.
func shared(t *testing.T) (*bottest.World, casework.Code, casework.ChannelID) {
	t.Helper()
	w, code, channel := opened(t)
	joined(t, w, channel, "budget,logement", "paul", "sophie")
	done(t, w.Type("claire", channel, "inviter @lea person"))
	done(t, w.Press("lea", direct("lea"), "accept"))
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	done(t, w.Type("claire", channel, "objectif logement Un logement plus petit"))
	done(t, w.Type("claire", channel, `action objective:o1 what:"Appeler la banque" who:p2 due:demain`))
	done(t, w.Type("claire", channel, "annonce tell board budget user:@paul"))
	done(t, w.Type("claire", channel, "annonce tell board budget user:@paul"))
	done(t, w.Type("claire", channel, "annonce post paper budget"))
	done(t, w.Type("paul", direct("paul"), "papier budget"))
	return w, code, channel
}

// everything gives all that the bot's messages say now, files included.
func everything(w *bottest.World, where casework.ChannelID) string {
	return texts(w, where) + bodies(w, where)
}

// TestThePersonWithdrawsByHerself: all that the bot said is emptied, everywhere,
// whatever fails on the way.
func TestThePersonWithdrawsByHerself(t *testing.T) {
	for _, when := range []string{"", "before", "after"} {
		t.Run("faults "+when, func(t *testing.T) {
			w, code, channel := shared(t)
			calls := 0
			fault := func(call string) error {
				if call == "Account" || call == "Channel" {
					return nil
				}
				if calls++; calls%3 == 0 {
					return errors.New("the network is down")
				}
				return nil
			}
			switch when {
			case "before":
				w.Platform.Fault = fault
			case "after":
				w.Platform.After = fault
			}
			done(t, w.Type("lea", direct("lea"), "consentement withdraw"))
			for range 4 {
				again(w)
			}
			w.Platform.Fault, w.Platform.After = nil, nil
			again(w)
			for _, where := range []casework.ChannelID{channel, direct("claire"), direct("paul"), direct("sophie"), direct("lea")} {
				for _, secret := range []string{"dettes", "banque", "plus petit", "Lopez"} {
					if got := everything(w, where); strings.Contains(got, secret) {
						t.Fatalf("%s still says %q:\n%s", where, secret, got)
					}
				}
			}
			there, err := w.Platform.Channel(t.Context(), channel)
			if must(t, err); !there.Archived {
				t.Error("the channel is open")
			}
			for _, who := range []string{"claire", "paul", "sophie"} {
				if !strings.Contains(texts(w, direct(who)), "Le partage s’arrête autour de "+string(code)) {
					t.Errorf("%s is not told", who)
				}
			}
			ended := casework.DefaultPolicy()
			ended.Retention = nil
			if c := w.Case(code); len(c.Posts) != 0 || !c.NextDue(ended, w.Now().Location()).IsZero() {
				t.Errorf("posts %v stand, or something but the end of its keeping is due", c.Posts)
			}
		})
	}
}

// TestThePersonNarrowsByHerself: what she sets aside is taken from what was said,
// and the rest stays.
func TestThePersonNarrowsByHerself(t *testing.T) {
	w, code, channel := shared(t)
	done(t, w.Type("lea", direct("lea"), "consentement narrow veto:budget"))
	for _, where := range []casework.ChannelID{channel, direct("claire"), direct("paul"), direct("sophie")} {
		if got := everything(w, where); strings.Contains(got, "dettes") || strings.Contains(got, "banque") {
			t.Errorf("%s still says:\n%s", where, got)
		}
	}
	if !strings.Contains(texts(w, channel), "plus petit") {
		t.Errorf("the rest is gone:\n%s", texts(w, channel))
	}
	if got := texts(w, direct("claire")); !strings.Contains(got, "a restreint son accord") || strings.Contains(got, "udget") {
		t.Errorf("claire is told:\n%s", got)
	}
	if w.Case(code).Ended() {
		t.Error("ended")
	}
}

// TestSomebodyLeaves: they are out at once, keep nothing of what the bot told them,
// and what they had to do is handed over with its button.
func TestSomebodyLeaves(t *testing.T) {
	for name, leave := range map[string]func(*testing.T, *bottest.World, casework.ChannelID){
		"by a verb, in the channel": func(t *testing.T, w *bottest.World, channel casework.ChannelID) {
			done(t, w.Type("paul", channel, "quitter oui"))
		},
		"by the channel": func(t *testing.T, w *bottest.World, channel casework.ChannelID) {
			must(t, w.Platform.Remove(t.Context(), channel, bottest.ID("paul")))
			w.Settle()
		},
		"taken out": func(t *testing.T, w *bottest.World, channel casework.ChannelID) {
			done(t, w.Type("claire", channel, "retirer @paul oui"))
		},
		"with nothing open to them": func(t *testing.T, w *bottest.World, channel casework.ChannelID) {
			done(t, w.Type("claire", channel, "consentement grant topics:budget,logement form:written partners:p3"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, code, channel := shared(t)
			leave(t, w, channel)
			there, err := w.Platform.Channel(t.Context(), channel)
			must(t, err)
			for _, user := range there.Members {
				if user == bottest.ID("paul") {
					t.Error("paul is in the channel")
				}
			}
			if got := everything(w, direct("paul")); strings.Contains(got, "dettes") || strings.Contains(got, "banque") {
				t.Errorf("paul still reads:\n%s", got)
			}
			if !strings.Contains(texts(w, direct("claire")), "Appeler la banque — à confier") {
				t.Errorf("claire is told:\n%s", texts(w, direct("claire")))
			}
			w.Press("claire", direct("claire"), "reassign")
			w.Submit("claire", direct("claire"), map[string][]string{"who": {"p3"}})
			if a, _ := w.Case(code).Action("a1"); a.Left || a.Who != "p3" {
				t.Errorf("the action is %+v", a)
			}
			if got := texts(w, direct("claire")); strings.Contains(got, "Appeler la banque") {
				t.Errorf("claire still reads:\n%s", got)
			}
		})
	}
}

// Whoever opened a case hears, in private and without anything of it, that what is left
// of it once the person took her agreement back is soon to be destroyed. Nobody else
// does.
func TestTheEndOfWhatWasWithdrawnIsAnnounced(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	done(t, w.Type("claire", channel, "consentement withdraw"))
	quiet := len(w.Platform.Messages(direct("paul")))
	days(w, 1)
	told := len(w.Platform.Messages(direct("claire")))
	w.Advance(699 * 24 * time.Hour)
	days(w, 3)
	news := w.Platform.Messages(direct("claire"))[told:]
	if len(news) != 1 || !strings.Contains(news[0].Now.AsText(), "a retiré son accord") || strings.Contains(news[0].Now.AsText(), "Lopez") {
		t.Errorf("claire is told:\n%s", texts(w, direct("claire")))
	}
	if len(w.Platform.Messages(direct("paul"))) != quiet {
		t.Errorf("paul is told:\n%s", texts(w, direct("paul")))
	}
	if c := w.Case(code); c.Outlived(w.Now()) || !c.Outlived(w.Now().AddDate(0, 0, 31)) {
		t.Error("it is not to be destroyed thirty days later")
	}
}
