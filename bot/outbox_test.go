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
)

func TestACaseGetsItsChannelAndCard(t *testing.T) {
	w, code, channel := opened(t)
	messages := w.Platform.Messages(channel)
	if len(messages) != 1 || !messages[0].Pinned {
		t.Fatalf("messages of the new channel: %+v", messages)
	}
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	messages = w.Platform.Messages(channel)
	if n := len(messages[0].Before); n == 0 {
		t.Error("the card was not edited")
	}
	if !strings.Contains(messages[0].Now.AsText(), "Solder les dettes") {
		t.Errorf("the card does not show the objective:\n%s", messages[0].Now.AsText())
	}
	pinned := w.Platform.Select(func(m bottest.Message) bool { return m.Pinned })
	if len(pinned) != 1 || w.Case(code).Home != pinned[0].Ref {
		t.Errorf("%d pinned cards", len(pinned))
	}
}

// TestNothingIsLostOrDoubled has the platform fail at each call in turn, before
// or after it had its effect, with the bot stopped and started in between.
func TestNothingIsLostOrDoubled(t *testing.T) {
	for _, when := range []string{"before", "after"} {
		for nth := range 12 {
			t.Run(fmt.Sprintf("%s call %d", when, nth), func(t *testing.T) {
				w := world(t)
				calls := 0
				fault := func(call string) error {
					if call == "Account" || call == "Channel" {
						return nil
					}
					calls++
					if calls == nth+1 {
						return errors.New("the network is down")
					}
					return nil
				}
				if when == "before" {
					w.Platform.Fault = fault
				} else {
					w.Platform.After = fault
				}
				w.Type("claire", direct("claire"), "ouvrir")
				code := casework.Code(codeIn.FindString(bottest.Text(w.Submit("claire", direct("claire"), proposal()))))
				channel := casework.ChannelID("c-" + strings.ToLower(string(code)))
				again(w)
				joined2(w, channel, "paul")
				again(w)
				w.Type("claire", channel, "objectif budget Solder les dettes")
				again(w)
				w.Type("claire", channel, `action objective:o1 what:"Appeler" who:p2 due:demain`)
				again(w)

				count := map[string]int{}
				for _, m := range w.Platform.Select(func(bottest.Message) bool { return true }) {
					count[m.Key]++
				}
				for key, n := range count {
					if n != 1 {
						t.Errorf("%s was sent %d times", key, n)
					}
				}
				// The card, the objective and the action in the channel; an invitation
				// and the action told to paul; his answer told to claire.
				if n := len(w.Platform.Messages(channel)); n != 3 {
					t.Errorf("%d messages in the channel, want 3:\n%s", n, texts(w, channel))
				}
				if n := len(w.Platform.Messages(direct("paul"))); n != 2 {
					t.Errorf("%d messages to paul, want 2:\n%s", n, texts(w, direct("paul")))
				}
				if n := len(w.Platform.Messages(direct("claire"))); n != 1 {
					t.Errorf("%d messages to claire, want 1:\n%s", n, texts(w, direct("claire")))
				}
			})
		}
	}
}

// joined2 adds somebody to a case while the platform may fail.
func joined2(w *bottest.World, channel casework.ChannelID, handle string) {
	w.Type("claire", channel, `liste name:`+handle+` service:Service user:@`+handle+` agreed:oui`)
	w.Type("claire", channel, "inviter @"+handle+" partner")
	again(w)
	for _, m := range w.Platform.Messages(direct(handle)) {
		for _, b := range m.Now.Card.Buttons {
			if b.ID == "accept" {
				w.Press(handle, direct(handle), "accept")
			}
		}
	}
}

// again restarts the bot and lets an hour pass.
func again(w *bottest.World) {
	w.Restart()
	for range 12 {
		w.Advance(5 * time.Minute)
		w.Settle()
	}
}

func TestAPlatformThatSaysWhen(t *testing.T) {
	w, _, channel := opened(t)
	before := len(w.Platform.Messages(channel))
	down := true
	w.Platform.Fault = func(call string) error {
		if call == "Send" && down {
			return &chat.RetryError{After: 20 * time.Minute, Err: errors.New("too many")}
		}
		return nil
	}
	w.Type("claire", channel, "objectif budget Solder les dettes")
	down = false
	w.Advance(19 * time.Minute)
	w.Settle()
	if n := len(w.Platform.Messages(channel)); n != before {
		t.Error("sent before the platform's time")
	}
	w.Advance(2 * time.Minute)
	w.Settle()
	if n := len(w.Platform.Messages(channel)); n != before+1 {
		t.Errorf("%d messages, want one more than %d", n, before)
	}
}

func TestAStrangerInTheChannelStopsSharing(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget,logement", "paul")
	before := len(w.Platform.Messages(channel))
	told := len(w.Platform.Messages(direct("claire")))
	if err := w.Platform.Add(t.Context(), channel, bottest.ID("martin")); err != nil {
		t.Fatal(err)
	}
	w.Settle()
	card := func() string { return w.Platform.Messages(channel)[0].Now.AsText() }
	if strings.Contains(card(), "Lopez") || strings.Contains(card(), "Budget") {
		t.Errorf("the stranger reads on the card:\n%s", card())
	}
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	done(t, w.Type("paul", channel, "objectif logement Un logement plus petit"))
	for range 5 {
		w.Advance(2 * time.Minute)
		w.Settle()
	}
	if n := len(w.Platform.Messages(channel)); n != before {
		t.Errorf("with a stranger there, %d messages were posted", n-before)
	}
	if strings.Contains(texts(w, channel), "Solder") {
		t.Error("the card was brought up to date for a stranger")
	}
	notices := w.Platform.Messages(direct("claire"))[told:]
	if len(notices) != 1 {
		t.Fatalf("claire is told %d times, want once", len(notices))
	}
	if text := notices[0].Now.AsText(); !strings.Contains(text, string(code)) || strings.Contains(text, "Solder") {
		t.Errorf("claire is told %q", text)
	}
	if err := w.Platform.Remove(t.Context(), channel, bottest.ID("martin")); err != nil {
		t.Fatal(err)
	}
	w.Advance(2 * time.Minute)
	w.Settle()
	if n := len(w.Platform.Messages(channel)); n != before+2 {
		t.Errorf("%d messages after the stranger left, want the 2 that waited", n-before)
	}
	if !strings.Contains(card(), "Solder") || !strings.Contains(card(), "plus petit") {
		t.Errorf("once the stranger has left, the card says:\n%s", card())
	}
	for _, m := range w.Platform.Messages(channel)[before:] {
		if slices.Contains(m.Readers, bottest.ID("martin")) {
			t.Error("the stranger could read it")
		}
	}
}

// Whoever comes in after the consent has ended finds an empty card, and it is there
// again with a new consent.
func TestOnceTheConsentEndedTheCardTellsWhoeverComesInNothing(t *testing.T) {
	w, _, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	card := func() string { return w.Platform.Messages(channel)[0].Now.AsText() }
	if !strings.Contains(card(), "Solder") {
		t.Fatalf("the card says:\n%s", card())
	}
	for _, who := range []string{"claire", "paul"} {
		must(t, w.Platform.Remove(t.Context(), channel, bottest.ID(who)))
	}
	w.Settle()
	w.Advance(400 * 24 * time.Hour)
	w.Settle()
	must(t, w.Platform.Add(t.Context(), channel, bottest.ID("claire")))
	w.Settle()
	if strings.Contains(card(), "Solder") {
		t.Errorf("the card says:\n%s", card())
	}
	done(t, w.Type("claire", direct("claire"), `consentement extend until:"dans 60 jours"`))
	w.Settle()
	if !strings.Contains(card(), "Solder") {
		t.Errorf("with a new consent, the card says:\n%s", card())
	}
}

func TestAChannelMadePublicStopsSharing(t *testing.T) {
	w, _, channel := opened(t)
	before := len(w.Platform.Messages(channel))
	w.Platform.Publish(channel)
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	if n := len(w.Platform.Messages(channel)); n != before {
		t.Error("posted in a public channel")
	}
	if !strings.Contains(texts(w, direct("claire")), "suspendu") {
		t.Errorf("claire is told: %s", texts(w, direct("claire")))
	}
}

func TestATopicNotForAllIsToldToTheOthersInPrivate(t *testing.T) {
	w, _, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	joined(t, w, channel, "logement", "sophie")
	done(t, w.Type("claire", channel, "objectif logement Un logement plus petit"))
	if strings.Contains(texts(w, channel), "plus petit") {
		t.Errorf("the channel, where paul is, shows it:\n%s", texts(w, channel))
	}
	for handle, sees := range map[string]bool{"claire": false, "sophie": true, "paul": false} {
		if got := strings.Contains(texts(w, direct(handle)), "plus petit"); got != sees {
			t.Errorf("%s is told: %v, want %v", handle, got, sees)
		}
	}
	if said := done(t, w.Type("paul", channel, "suivi")); strings.Contains(said, "plus petit") {
		t.Errorf("paul's overview shows it:\n%s", said)
	}
	if said := done(t, w.Type("sophie", channel, "suivi")); !strings.Contains(said, "plus petit") {
		t.Errorf("sophie's overview lacks it:\n%s", said)
	}
}

func TestWithdrawingStopsEverythingAtOnce(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	done(t, w.Type("claire", channel, `action objective:o1 what:"Appeler le bailleur" who:p2 due:"dans 20 jours"`))
	told := len(w.Platform.Messages(direct("paul")))
	done(t, w.Type("claire", channel, "consentement withdraw"))
	now, err := w.Platform.Channel(t.Context(), channel)
	if err != nil || !now.Archived || slices.Contains(now.Members, bottest.ID("paul")) {
		t.Errorf("the channel after the withdrawal: %+v, %v", now, err)
	}
	w.Advance(60 * 24 * time.Hour)
	w.Settle()
	notices := w.Platform.Messages(direct("paul"))[told:]
	if len(notices) != 1 || strings.Contains(notices[0].Now.AsText(), "bailleur") {
		t.Errorf("paul is told %+v, want one notice without content", notices)
	}
	for _, line := range []string{"suivi", "journal", "objectif budget x", "action"} {
		if said := bottest.Text(w.Type("paul", direct("paul"), line+" "+string(code))); strings.Contains(said, "Solder") || strings.Contains(said, "Lopez") {
			t.Errorf("paul still reads: %q", said)
		}
	}
}

func TestARefusalLeavesACountAndNothingElse(t *testing.T) {
	w := world(t)
	w.Type("claire", direct("claire"), "ouvrir")
	values := proposal()
	values["answer"] = []string{"thinking"}
	code := casework.Code(codeIn.FindString(done(t, w.Submit("claire", direct("claire"), values))))
	done(t, w.Type("claire", direct("claire"), "consentement "+string(code)+" withdraw"))
	w.Type("claire", direct("claire"), "ouvrir")
	values["answer"] = []string{"refuses"}
	delete(values, "person")
	done(t, w.Submit("claire", direct("claire"), values))
	register := w.Case(casework.Register)
	if register.Refusals != 2 {
		t.Errorf("%d refusals counted, want 2", register.Refusals)
	}
	for _, e := range register.History() {
		if e.By != "" || e.At.Day() != 1 {
			t.Errorf("the register keeps who or when: %+v", e)
		}
	}
	if _, err := w.Store.Load(t.Context(), code); err == nil {
		t.Error("the case that was thought over is still there")
	}
	if n := len(w.Platform.Select(func(bottest.Message) bool { return true })); n != 0 {
		t.Errorf("%d messages about a refusal", n)
	}
}

func TestACardThatWasDeletedComesBack(t *testing.T) {
	w, code, channel := opened(t)
	w.Platform.Delete(w.Case(code).Home)
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	cards := w.Platform.Select(func(m bottest.Message) bool { return m.Pinned })
	if len(cards) != 1 || !strings.Contains(cards[0].Now.AsText(), "Solder") || w.Case(code).Home != cards[0].Ref {
		t.Errorf("the cards after one was deleted: %+v", cards)
	}
}

func TestSomebodyWhoLeavesHasLeft(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	w.Platform.Fault = func(call string) error {
		if call == "Channel" {
			return errors.New("down")
		}
		return nil
	}
	must(t, w.Platform.Remove(t.Context(), channel, bottest.ID("paul")))
	w.Platform.Fault = nil
	w.Settle()
	if w.Case(code).IsMember(bottest.ID("paul")) {
		t.Error("paul left the channel and is still of the circle")
	}
	if said := texts(w, direct("claire")); !strings.Contains(said, "quitté") {
		t.Errorf("claire is not told:\n%s", said)
	}
}
