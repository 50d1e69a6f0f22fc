package bot_test

import (
	"regexp"
	"strings"
	"testing"

	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
	"parcours/commands"
)

// world gives a bot with all its commands, some more of the tests, and some
// people; martin has no part in any case, zoe is of another organisation.
func world(t testing.TB) *bottest.World {
	views := commands.Views()
	views[viewPaper], views[viewBoard] = showPaper, showBoard
	return bottest.New(t, append(commands.All(), extras()...), views, "claire", "nadia", "paul", "sophie", "lea", "martin", "zoe?")
}

func direct(handle string) casework.ChannelID { return bottest.Direct(bottest.ID(handle)) }

var codeIn = regexp.MustCompile(`P-[2-9A-Z]{4}`)

// proposal is a form of the opening, filled in.
func proposal() chat.Values {
	return chat.Values{
		"person": {"Madame Lopez"}, "household": {"person"}, "answer": {"accepts"}, "consent_form": {"written"},
		"topics": {"enfance", "logement", "budget", "mobilite", "sante"}, "veto": {"sante"},
	}
}

// opened gives a world with a case opened by claire, and its code and channel.
func opened(t testing.TB) (*bottest.World, casework.Code, casework.ChannelID) {
	t.Helper()
	w := world(t)
	w.Type("claire", direct("claire"), "ouvrir")
	said := bottest.Text(w.Submit("claire", direct("claire"), proposal()))
	code := casework.Code(codeIn.FindString(said))
	if code == "" {
		t.Fatalf("no code in %q", said)
	}
	return w, code, casework.ChannelID("c-" + strings.ToLower(string(code)))
}

// joined adds people to the circle of a case: each on the list with some topics,
// invited, and in.
func joined(t testing.TB, w *bottest.World, channel casework.ChannelID, topics string, handles ...string) {
	t.Helper()
	for _, handle := range handles {
		done(t, w.Type("claire", channel, `liste name:"`+handle+`" service:"Service de `+handle+`" user:@`+handle+` agreed:oui topics:`+topics))
		done(t, w.Type("claire", channel, "inviter @"+handle+" partner past:withdraw"))
		done(t, w.Press(handle, direct(handle), "accept"))
	}
}

// done fails the test if the answer asks something or says an error.
func done(t testing.TB, answer chat.Answer) string {
	t.Helper()
	_, asks := answer.Form.Value()
	if asks || answer.FieldErrors != nil || answer.FormError != "" {
		t.Fatalf("not done: %s", bottest.Text(answer))
	}
	return bottest.Text(answer)
}

// texts gives all that stands in a channel, as text.
func texts(w *bottest.World, channel casework.ChannelID) string {
	var all []string
	for _, m := range w.Platform.Messages(channel) {
		all = append(all, m.Now.AsText())
	}
	return strings.Join(all, "\n")
}
