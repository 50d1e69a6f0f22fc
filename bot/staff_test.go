package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/bot"
	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/commands"
	"parcours/locales"
)

// staffed gives a world with one command for pilots, one for admins and one for
// anybody; each answers with what do makes of its request.
func staffed(t *testing.T, staff bot.Staff, do func(command.Request) (string, error)) *bottest.World {
	t.Helper()
	all := commands.All()
	for name, may := range map[string]command.May{"piloter": command.Pilots, "administrer": command.Admins, "regarder": command.Anyone} {
		all = append(all, command.Command{
			Name: name, Twin: name + "-en", May: may,
			Do: func(r command.Request) (command.Response, error) {
				text, err := do(r)
				return command.Response{Reply: chat.Message{Text: text}}, err
			},
		})
	}
	w := bottest.New(t, all, commands.Views(), "claire", "nadia", "paul", "sophie", "zoe?")
	w.With(func(o *bot.Options) { o.Staff = staff })
	return w
}

func fine(command.Request) (string, error) { return "fine", nil }

func TestWhoHasAPartInTheService(t *testing.T) {
	w := staffed(t, bot.Staff{Admins: []string{"u-claire"}, Pilots: []string{"@nadia", "u-sophie", "u-zoe", "@nobody"}}, fine)
	w.Platform.Deactivate("u-sophie")
	for _, c := range []struct {
		who, types, says string
	}{
		{"claire", "administrer", "fine"},
		{"claire", "piloter", "fine"},
		{"nadia", "piloter", "fine"},
		{"nadia", "administrer", "réservée aux personnes qui administrent le service"},
		{"paul", "piloter", "réservée aux personnes qui pilotent la démarche"},
		{"paul", "administrer", "Adressez-vous à l’une d’elles"},
		{"sophie", "piloter", "réservée"}, // her account is closed
		{"zoe", "piloter", "réservée"},    // an outsider of the organisation
		{"paul", "regarder", "fine"},
	} {
		// In a case's channel or not, it is the whole service.
		if said := bottest.Text(w.Type(c.who, direct(c.who), c.types)); !strings.Contains(said, c.says) {
			t.Errorf("%s types %s and reads %q, not %q", c.who, c.types, said, c.says)
		}
	}
}

func TestNobodyHasAPartUnlessNamed(t *testing.T) {
	w := staffed(t, bot.Staff{}, fine)
	for _, types := range []string{"piloter", "administrer"} {
		if said := bottest.Text(w.Type("claire", direct("claire"), types)); !strings.Contains(said, "réservée") {
			t.Errorf("%s answers %q", types, said)
		}
	}
}

func TestAHandleThatChangesHandsGivesNothing(t *testing.T) {
	w := staffed(t, bot.Staff{Pilots: []string{"@nadia", "@later"}}, fine)
	may := func(who string) bool {
		return strings.Contains(bottest.Text(w.Type(who, direct(who), "piloter")), "fine")
	}
	if !may("nadia") || may("paul") {
		t.Fatal("the handle is not that of nadia alone")
	}
	w.Platform.Rename("u-nadia", "nadia.b")
	w.Platform.Rename("u-paul", "nadia")
	w.Platform.Rename("u-sophie", "later")
	if !may("nadia") {
		t.Error("nadia lost her part with her handle")
	}
	for _, who := range []string{"paul", "sophie"} {
		if may(who) {
			t.Errorf("%s got a part by a handle", who)
		}
	}
}

func TestWhoHasAPartIsAskedAgainOfAPlatformThatWasDown(t *testing.T) {
	w := staffed(t, bot.Staff{Admins: []string{"u-claire"}, Pilots: []string{"@nadia"}}, fine)
	reads := func(who, types string) string { return bottest.Text(w.Type(who, direct(who), types)) }
	for _, who := range []string{"claire", "nadia"} {
		reads(who, "regarder") // who they are is known for a while
	}
	w.Platform.Fault = func(call string) error {
		if call == "Account" {
			return errors.New("down")
		}
		return nil
	}
	// An id needs nobody; that a handle cannot be told is not said as a refusal.
	if said := reads("claire", "piloter"); !strings.Contains(said, "fine") {
		t.Errorf("while down, an id: %q", said)
	}
	if said := reads("nadia", "piloter"); !strings.Contains(said, "erreur") || strings.Contains(said, "réservée") {
		t.Errorf("while down, a handle: %q", said)
	}
	w.Platform.Fault = nil
	if said := reads("nadia", "piloter"); !strings.Contains(said, "fine") {
		t.Errorf("once it is back: %q", said)
	}
}

func TestFiguresReadEveryCase(t *testing.T) {
	asked, stop := error(nil), func(*casework.Case) error { return nil }
	var seen []string
	w := staffed(t, bot.Staff{Pilots: []string{"u-nadia"}, Admins: []string{"u-claire"}}, func(r command.Request) (string, error) {
		if r.All == nil {
			return "", errors.New("nothing to read with")
		}
		seen = nil
		asked = r.All(func(c *casework.Case) error {
			seen = append(seen, fmt.Sprintf("%s %d", c.Code, c.Seq))
			return stop(c)
		})
		return fmt.Sprint(len(seen)), nil
	})
	var want []string
	for range 3 {
		w.Type("claire", direct("claire"), "ouvrir")
		code := casework.Code(codeIn.FindString(bottest.Text(w.Submit("claire", direct("claire"), proposal()))))
		want = append(want, fmt.Sprintf("%s %d", code, w.Case(code).Seq))
	}
	no := proposal()
	no["answer"] = []string{"refuses"}
	w.Type("claire", direct("claire"), "ouvrir")
	done(t, w.Submit("claire", direct("claire"), no))
	want = append(want, fmt.Sprintf("%s 1", casework.Register))
	slices.Sort(want)
	w.Restart()

	for _, types := range []string{"piloter", "administrer"} {
		if done(t, w.Type("claire", direct("claire"), types)); asked != nil || !slices.Equal(seen, want) {
			t.Errorf("%s reads %q (%v), want %q", types, seen, asked, want)
		}
	}

	// It stops with what reads, and with the request.
	enough := errors.New("enough")
	stop = func(*casework.Case) error { return enough }
	if done(t, w.Type("nadia", direct("nadia"), "piloter")); len(seen) != 1 || !errors.Is(asked, enough) {
		t.Errorf("it went on: %q, %v", seen, asked)
	}
	ctx, cancel := context.WithCancel(t.Context())
	stop = func(*casework.Case) error { cancel(); return nil }
	w.Bot.Command(ctx, chat.Command{User: "u-nadia", Channel: direct("nadia"), Text: "piloter"})
	if len(seen) != 1 || !errors.Is(asked, context.Canceled) {
		t.Errorf("it went on without anybody waiting: %q, %v", seen, asked)
	}

	// Nobody is kept waiting: the rest is for the server.
	stop = func(*casework.Case) error { w.Advance(time.Second); return nil }
	done(t, w.Type("nadia", direct("nadia"), "piloter"))
	var refused *casework.Error
	if len(seen) != 3 || !errors.As(asked, &refused) || refused.Code != "too_many_cases" {
		t.Errorf("after %d cases: %v", len(seen), asked)
	}

	// Nobody else is given the means.
	if said := bottest.Text(w.Type("claire", direct("claire"), "regarder")); !strings.Contains(said, "erreur") {
		t.Errorf("a command for anyone can read all: %q", said)
	}
}

// TestADepartementWithoutMeetings is Paris, where nobody is called together.
func TestADepartementWithoutMeetings(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "nadia")
	done(t, w.Type("claire", channel, `commission at:"dans 20 jours 14h" place:"Centre local"`))
	present := w.Platform.Messages(channel)
	card := present[len(present)-1]
	w.With(func(o *bot.Options) { o.Place = locales.DepartementOf("75") })

	for _, typed := range []string{"commission", "COMMISSION " + string(code), "commission at:demain", "répondre " + string(code) + " c1 present"} {
		said := bottest.Text(w.Type("claire", channel, typed))
		if !strings.Contains(said, "sans réunir tout le monde") || !strings.Contains(said, "/parcours liste") {
			t.Errorf("%s answers %q", typed, said)
		}
	}
	if n := len(w.Case(code).Commissions); n != 1 {
		t.Errorf("%d meetings", n)
	}
	for _, b := range card.Now.Card.Buttons {
		said := bottest.Text(w.Send("nadia", chat.Press{Channel: channel, Message: card.Ref, Button: b.ID, Token: b.Token}))
		if !strings.Contains(said, "sans réunir tout le monde") {
			t.Errorf("%s answers %q", b.ID, said)
		}
	}
	// The beginning of its name means something else, and nothing offers it.
	if form, ok := w.Type("claire", channel, "co").Form.Value(); !ok || form.ID != "consent" {
		t.Errorf("co opens %q", form.ID)
	}
	for _, typed := range []string{"suivi", "aide", "accueil", "agenda", "mes-situations", "commision"} {
		said := bottest.Text(w.Type("claire", channel, typed))
		if strings.Contains(strings.ToLower(said), "commission") || strings.Contains(said, "Centre local") {
			t.Errorf("%s speaks of it:\n%s", typed, said)
		}
	}
	done(t, w.Type("claire", channel, "objectif budget x"))
	for _, m := range w.Platform.Messages(channel) {
		if text := m.Now.AsText(); m.Pinned && strings.Contains(strings.ToLower(text), "commission") {
			t.Errorf("the pinned card speaks of it:\n%s", text)
		}
	}
	if said := bottest.Text(w.Type("claire", channel, "aide commission")); !strings.Contains(said, "choix") {
		t.Errorf("aide commission answers %q", said)
	}
}

// TestTheOutboxSpeaksAsItsDepartement reads what others are shown.
func TestTheOutboxSpeaksAsItsDepartement(t *testing.T) {
	w, _, channel := opened(t)
	w.With(func(o *bot.Options) { o.Place = locales.DepartementOf("09") })
	answer := done(t, w.Type("claire", channel, `commission at:"dans 20 jours 14h" place:"Centre local"`))
	messages := w.Platform.Messages(channel)
	posted := messages[len(messages)-1].Now.AsText()
	for _, said := range []string{answer, posted} {
		if !strings.Contains(said, "le comité de suivi de parcours") || strings.Contains(said, "la commission") {
			t.Errorf("it says %q", said)
		}
	}
}
