package bot_test

import (
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
)

// refusing has the platform refuse calls for good, and gives what lets them go again.
func refusing(w *bottest.World, calls ...string) (allow func()) {
	w.Platform.Fault = func(call string) error {
		if slices.Contains(calls, call) {
			return fmt.Errorf("restricted: %w", chat.ErrRefused)
		}
		return nil
	}
	return func() { w.Platform.Fault = nil }
}

// byHand is how often somebody is told of something to do by hand.
func byHand(w *bottest.World, who string) int {
	return strings.Count(texts(w, direct(who)), "À faire à la main")
}

// TestWhatThePlatformRefusesIsToldToWhoCanDoIt has each change of who is in a channel be
// refused, after which whoever coordinates is told once what to do.
func TestWhatThePlatformRefusesIsToldToWhoCanDoIt(t *testing.T) {
	for _, test := range []struct {
		name, call string
		do         func(w *bottest.World, channel casework.ChannelID)
		says       string
	}{
		{"somebody comes in", "Add", func(w *bottest.World, channel casework.ChannelID) { joined(t, w, channel, "budget", "nadia") }, "faire entrer"},
		{"somebody is taken out", "Remove", func(w *bottest.World, channel casework.ChannelID) {
			done(t, w.Type("claire", channel, "retirer @paul agreed:oui"))
		}, "retirer ce compte"},
		{"the case ends", "Archive", func(w *bottest.World, channel casework.ChannelID) {
			done(t, w.Type("claire", channel, "consentement withdraw"))
		}, "fermer un canal"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w, code, channel := shared(t)
			refusing(w, test.call)
			test.do(w, channel)
			w.Settle()
			again(w)
			said := texts(w, direct("claire"))
			if n := byHand(w, "claire"); n != 1 || !strings.Contains(said, test.says) || !strings.Contains(said, string(code)) {
				t.Errorf("claire is told %d times:\n%s", n, said)
			}
			for _, who := range []string{"paul", "sophie", "lea", "nadia"} {
				if byHand(w, who) > 0 {
					t.Errorf("%s is told:\n%s", who, texts(w, direct(who)))
				}
			}
			stuck, err := w.Store.(storage.Overseer).Stuck(t.Context())
			must(t, err)
			if len(stuck) != 1 {
				t.Errorf("%d rows are left to the operator", len(stuck))
			}
		})
	}
}

// TestACaseWhoseChannelIsRefusedSaysSo has nobody wait for a channel that never comes.
func TestACaseWhoseChannelIsRefusedSaysSo(t *testing.T) {
	w := world(t)
	refusing(w, "Open")
	w.Type("claire", direct("claire"), "ouvrir")
	w.Submit("claire", direct("claire"), proposal())
	again(w)
	if said := texts(w, direct("claire")); byHand(w, "claire") != 1 || !strings.Contains(said, "créer le canal") || strings.Contains(said, "Lopez") {
		t.Errorf("claire is told:\n%s", said)
	}
}

// TestWhoIsNotTakenOutReadsNothingMore has a platform refuse to take anybody out: as long
// as they stay in the channel, nothing more is said there.
func TestWhoIsNotTakenOutReadsNothingMore(t *testing.T) {
	for name, leave := range map[string]string{"one who leaves the circle": "retirer @paul agreed:oui", "all, after a withdrawal": "consentement withdraw"} {
		t.Run(name, func(t *testing.T) {
			w, _, channel := shared(t)
			allow := refusing(w, "Remove", "Archive")
			done(t, w.Type("claire", channel, leave))
			again(w)
			if n := byHand(w, "claire"); n != 1 {
				t.Errorf("claire is told %d times:\n%s", n, texts(w, direct("claire")))
			}
			before := w.Platform.Messages(channel)
			w.Type("claire", channel, "objectif budget Ouvrir un livret")
			again(w)
			w.Advance(24 * time.Hour)
			w.Settle()
			if now := w.Platform.Messages(channel); len(now) > len(before) || strings.Contains(texts(w, channel), "livret") {
				t.Errorf("the channel goes on:\n%s", texts(w, channel))
			}
			if strings.Contains(name, "all") {
				return
			}
			// Once somebody took them out by hand, the sharing goes on.
			allow()
			must(t, w.Platform.Remove(t.Context(), channel, bottest.ID("paul")))
			again(w)
			if !strings.Contains(texts(w, channel), "livret") {
				t.Errorf("the sharing does not go on:\n%s", texts(w, channel))
			}
		})
	}
}

// TestWhatAnAdministratorCanMendIsTriedAgain has nobody told of what goes well later.
func TestWhatAnAdministratorCanMendIsTriedAgain(t *testing.T) {
	w, _, channel := opened(t)
	w.Platform.Fault = func(call string) error {
		if call == "Add" {
			return errors.New("missing_scope")
		}
		return nil
	}
	joined(t, w, channel, "budget", "paul")
	again(w)
	w.Platform.Fault = nil
	again(w)
	now, err := w.Platform.Channel(t.Context(), channel)
	must(t, err)
	if !slices.Contains(now.Members, bottest.ID("paul")) || byHand(w, "claire") > 0 {
		t.Errorf("in the channel: %v; claire is told:\n%s", now.Members, texts(w, direct("claire")))
	}
}
