package bot_test

import (
	"strings"
	"testing"
	"time"

	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/storage/access"
)

// page gives what stands in a user's own page, which the platform keeps.
func page(t *testing.T, w *bottest.World, handle string) chat.Message {
	t.Helper()
	answer := w.Bot.Command(t.Context(), chat.Command{User: bottest.ID(handle), Channel: direct(handle), Text: "mes-situations", Kept: true})
	out, ok := answer.Say.Value()
	if !ok || out.User != bottest.ID(handle) || out.Channel != "" {
		t.Fatalf("the page of %s: %+v", handle, out)
	}
	return out.Message
}

// accesses gives what was shown so far, to a user.
func accesses(t *testing.T, w *bottest.World, handle string) (all []access.Record) {
	t.Helper()
	must(t, w.Accesses.Read(time.Time{}, w.Now().Add(time.Hour), func(r access.Record) error {
		if r.User == bottest.ID(handle) {
			all = append(all, r)
		}
		return nil
	}))
	return all
}

func TestAPageIsAnAnswerThatStands(t *testing.T) {
	w, code, channel := opened(t)
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	done(t, w.Type("claire", channel, `action objective:o1 what:"Appeler le bailleur" who:p1 due:"dans 9 jours"`))
	before := len(accesses(t, w, "claire"))
	if text := page(t, w, "claire").AsText(); !strings.Contains(text, string(code)) || !strings.Contains(text, "Appeler le bailleur") {
		t.Errorf("shown:\n%s", text)
	}
	told := accesses(t, w, "claire")[before:]
	if len(told) != 1 || told[0].Way != access.Answer || told[0].What != "mine" || told[0].Case != code {
		t.Errorf("recorded %+v", told)
	}
	// The word of welcome is for what somebody reads once.
	if text := page(t, w, "martin").AsText(); strings.Contains(text, "Bienvenue") || strings.Contains(text, string(code)) {
		t.Errorf("a newcomer is shown:\n%s", text)
	}
	first := bottest.Text(w.Type("martin", direct("martin"), "mes-situations"))
	if again := bottest.Text(w.Type("martin", direct("martin"), "mes-situations")); first == again {
		t.Errorf("the welcome was spent on a page: %q", first)
	}
}

// Where nothing is to be kept, a page names codes, and its button shows the rest to
// its reader alone, as it is then.
func TestAPageIsVeiled(t *testing.T) {
	w, code, channel := hushed(t)
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	done(t, w.Type("claire", channel, `action objective:o1 what:"Appeler le bailleur" who:p1 due:"dans 9 jours"`))
	const how = "\n  Rien n’en est gardé ici. Vous seul verrez ce que vous affichez, tel que c’est à ce moment.\n  [Afficher] /parcours mes-situations"
	before := len(accesses(t, w, "claire"))
	m := page(t, w, "claire")
	if text, want := m.AsText(), "Vos situations : "+string(code)+"."+how; text != want {
		t.Errorf("kept:\n%s\nwant:\n%s", text, want)
	}
	if told := accesses(t, w, "claire")[before:]; len(told) > 0 {
		t.Errorf("a veil is recorded as showing something: %+v", told)
	}
	press := func(handle string, m chat.Message) string {
		b := m.Card.Buttons[0]
		return bottest.Text(w.Send(handle, chat.Press{Channel: direct(handle), Button: b.ID, Token: b.Token}))
	}
	if said := press("claire", m); !strings.Contains(said, "Appeler le bailleur") {
		t.Errorf("claire is shown:\n%s", said)
	}
	none := page(t, w, "martin")
	if text, want := none.AsText(), "Vos situations ne s’affichent qu’à votre demande."+how; text != want {
		t.Errorf("of no case, kept:\n%s\nwant:\n%s", text, want)
	}
	for _, veil := range []chat.Message{none, m} {
		if said := press("martin", veil); strings.Contains(said, "bailleur") || !strings.Contains(said, "Aucune situation") {
			t.Errorf("martin is shown:\n%s", said)
		}
	}
	done(t, w.Type("claire", channel, "consentement withdraw"))
	if said := press("claire", m); strings.Contains(said, "bailleur") {
		t.Errorf("after the withdrawal claire is shown:\n%s", said)
	}
	if text := page(t, w, "claire").AsText(); strings.Contains(text, "bailleur") || strings.Contains(text, "Lopez") {
		t.Errorf("after the withdrawal kept:\n%s", text)
	}
}

// What went wrong is kept no more than what went well.
func TestAPageThatFailsIsVeiled(t *testing.T) {
	w, _, _ := hushed(t)
	answer := w.Bot.Command(t.Context(), chat.Command{User: bottest.ID("claire"), Channel: direct("claire"), Text: "lopez", Kept: true})
	out, _ := answer.Say.Value()
	if text := out.Message.AsText(); !strings.HasPrefix(text, "Vos situations") || strings.Contains(text, "lopez") || out.Channel != "" {
		t.Errorf("kept in %q:\n%s", out.Channel, text)
	}
}
