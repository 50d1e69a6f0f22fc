package bot_test

import (
	"strings"
	"testing"
	"time"

	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
)

// standing gives what stands in a place and holds a text.
func standing(w *bottest.World, where casework.ChannelID, text string) []bottest.Message {
	return w.Platform.Select(func(m bottest.Message) bool { return m.Channel == where && strings.Contains(m.Now.AsText(), text) })
}

// meets has a meeting held today, with one objective of a topic for all and one
// that paul may not know of, up to its record.
func meets(t *testing.T) (*bottest.World, casework.ChannelID) {
	t.Helper()
	w, _, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	joined(t, w, channel, "budget,logement", "sophie")
	done(t, w.Type("claire", channel, "inviter @lea person"))
	done(t, w.Press("lea", direct("lea"), "accept"))
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	done(t, w.Type("claire", channel, "objectif logement Un logement plus petit"))
	done(t, w.Type("claire", channel, `commission at:"aujourd’hui 18h" place:"Salle bleue" why:"Une expulsion" chair:@sophie`))
	done(t, w.Press("sophie", channel, "present"))
	w.Advance(8 * time.Hour)
	done(t, w.Type("sophie", channel, "répondre c1 begin"))
	form, asks := w.Press("lea", channel, "view").Form.Value()
	if !asks || form.ID != "view" {
		t.Fatalf("the person is asked %+v", form)
	}
	done(t, w.Submit("lea", channel, chat.Values{"words": {"Je veux souffler"}}))
	w.Advance(75 * time.Minute)
	w.Settle()
	if n := len(standing(w, direct("sophie"), "il reste 15 minutes")); n != 1 {
		t.Errorf("the time is said %d times", n)
	}
	done(t, w.Type("sophie", channel, `relevé c1 next_on:"dans 60 jours"`))
	return w, channel
}

// Everybody signs the same text; each reads of it what they may know; the card
// says who signed.
func TestMeetingRecordedAndSigned(t *testing.T) {
	w, channel := meets(t)
	card := standing(w, channel, "Je veux souffler")
	if len(card) != 1 {
		t.Fatalf("the record stands %d times", len(card))
	}
	text := card[0].Now.AsText()
	if strings.Contains(text, "logement") || !strings.Contains(text, "Solder les dettes") || !strings.Contains(text, "Certaines lignes") {
		t.Errorf("in the channel:\n%s", text)
	}
	if hers := standing(w, direct("lea"), "Un logement plus petit"); len(hers) == 0 {
		t.Error("the person was not given the whole of it")
	}
	if read := done(t, w.Press("sophie", channel, "read")); !strings.Contains(read, "Un logement plus petit") {
		t.Errorf("sophie reads:\n%s", read)
	}
	if read := done(t, w.Press("paul", channel, "read")); strings.Contains(read, "Un logement plus petit") {
		t.Errorf("paul reads:\n%s", read)
	}
	if said := done(t, w.Press("paul", channel, "sign")); !strings.Contains(said, "pour la partie qui vous concerne") {
		t.Errorf("paul is answered %q", said)
	}
	if len(standing(w, channel, "✓ Signé : paul")) != 1 || len(standing(w, direct("lea"), "✓ Signé : paul")) != 1 {
		t.Error("the cards do not say that paul signed")
	}
	if said := bottest.Text(w.Press("paul", channel, "sign")); !strings.Contains(said, "déjà notée") {
		t.Errorf("twice: %q", said)
	}
}

// Pressing the button asks, with what was noted; then the former text can be
// signed no more, and says which one took its place.
func TestMeetingRecordCorrected(t *testing.T) {
	w, channel := meets(t)
	done(t, w.Press("paul", channel, "sign"))
	form, asks := w.Press("sophie", channel, "correct").Form.Value()
	if !asks || form.ID != "correct" || form.Fields[1].About().Value() == "" {
		t.Fatalf("asks %+v", form)
	}
	done(t, w.Submit("sophie", channel, chat.Values{"notes": {"Une précision"}}))
	old := standing(w, channel, "Remplacé par la version 2")
	if len(old) != 1 || len(old[0].Now.Card.Buttons) != 0 || strings.Contains(old[0].Now.AsText(), "souffler") {
		t.Errorf("the former record: %+v", old)
	}
	if len(standing(w, channel, "Une précision")) != 1 || len(standing(w, direct("lea"), "Une précision")) != 1 {
		t.Error("the new one does not stand")
	}
	again := standing(w, direct("paul"), "a été corrigé")
	if len(again) != 1 || strings.Contains(again[0].Now.AsText(), "précision") {
		t.Errorf("paul is told %+v", again)
	}
	if said := bottest.Text(w.Type("paul", channel, "répondre r1 sign")); !strings.Contains(said, "corrigé depuis") || !strings.Contains(said, "suivi") {
		t.Errorf("of the former text: %q", said)
	}
	done(t, w.Press("paul", direct("paul"), "sign"))
}

// A meeting called off says so where it was called, and to everybody.
func TestMeetingCancelled(t *testing.T) {
	w, _, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	done(t, w.Type("claire", channel, `commission at:"dans 20 jours 14h" place:"Salle bleue"`))
	if said := bottest.Text(w.Press("paul", channel, "cancel")); !strings.Contains(said, "pas ouverte à votre place") {
		t.Errorf("paul is answered %q", said)
	}
	form, asks := w.Press("claire", channel, "cancel").Form.Value()
	if !asks || form.ID != "cancel" {
		t.Fatalf("asks %+v", form)
	}
	done(t, w.Submit("claire", channel, chat.Values{"why": {"Salle fermée"}}))
	for _, where := range []casework.ChannelID{channel, direct("paul")} {
		off := standing(w, where, "Salle fermée")
		if len(off) != 1 || len(off[0].Now.Card.Buttons) != 0 {
			t.Errorf("%s: %+v", where, off)
		}
	}
}
