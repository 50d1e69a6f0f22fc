package bot_test

import (
	"context"
	"strings"
	"testing"

	"parcours/bot/bottest"
	"parcours/bot/chat"
)

// faultless fails if an answer is that to a fault of ours.
func faultless(t *testing.T, answer chat.Answer) {
	t.Helper()
	for _, said := range []string{bottest.Text(answer), answer.FormError} {
		if strings.Contains(said, "Une erreur est survenue") {
			t.Errorf("a fault of ours: %s", said)
		}
	}
}

// FuzzLine has a member and a stranger type anything: no fault, and the stranger
// sees nothing of the case.
func FuzzLine(f *testing.F) {
	w, code, channel := opened(f)
	for _, line := range []string{
		"", "aide", "objectif budget Solder", `action objective:o1 what:"x`, "répondre a1 done", "suivi " + string(code),
		"commission at:demain place:x", "réponse x y z", "document record", "consentement withdraw:", "liste name::: agreed:oui",
	} {
		f.Add(line)
	}
	ctx := context.Background()
	f.Fuzz(func(t *testing.T, line string) {
		// What would end the case leaves nothing to look at.
		for _, ends := range []string{"cons", "grant", "clo", "eff", "era", "ferm", "rép", "rep", "ans"} {
			if strings.Contains(strings.ToLower(line), ends) {
				return
			}
		}
		faultless(t, w.Bot.Command(ctx, chat.Command{User: bottest.ID("claire"), Channel: channel, Text: line}))
		answer := w.Bot.Command(ctx, chat.Command{User: bottest.ID("martin"), Channel: direct("martin"), Text: line + " " + string(code)})
		faultless(t, answer)
		if said := bottest.Text(answer); strings.Contains(said, "Lopez") {
			t.Errorf("a stranger is told:\n%s", said)
		}
	})
}

// FuzzTokens has anybody press buttons and send forms that the bot did not make:
// nothing is written.
func FuzzTokens(f *testing.F) {
	w, code, channel := opened(f)
	f.Add("done", "a.b", "objective", "budget")
	f.Add("accept", "eyJiIjoiYWNjZXB0In0.AAAA", "consent", "withdraw")
	if form, ok := w.Type("claire", channel, "objectif").Form.Value(); ok {
		f.Add("run", form.Token, form.ID, "budget")
	}
	ctx := context.Background()
	entries := func(t *testing.T) int {
		journal, err := w.Store.Load(ctx, code)
		must(t, err)
		return len(journal.Entries)
	}
	f.Fuzz(func(t *testing.T, button, token, form, value string) {
		before := entries(t)
		faultless(t, w.Bot.Press(ctx, chat.Press{User: bottest.ID("martin"), Channel: channel, Message: "m", Button: button, Token: token}))
		faultless(t, w.Bot.Submit(ctx, chat.Submission{
			User: bottest.ID("martin"), Channel: channel, Form: form, Token: token, Values: chat.Values{"topic": {value}, "title": {value}, "action": {value}},
		}))
		if after := entries(t); after != before {
			t.Errorf("%d entries were written", after-before)
		}
	})
}
