package bot_test

import (
	"errors"
	"strings"
	"testing"

	"parcours/bot"
	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
)

// field gives a field of the form that an answer opens.
func field(t *testing.T, answer chat.Answer, id string) chat.Base {
	t.Helper()
	form, _ := answer.Form.Value()
	for _, f := range form.Fields {
		if f.About().ID == id {
			return f.About()
		}
	}
	t.Fatalf("no field %s: %s", id, bottest.Text(answer))
	return chat.Base{}
}

func TestAnObjectiveFromAMessage(t *testing.T) {
	w, code, channel := opened(t)
	ref := string(w.Platform.Say(bottest.ID("claire"), channel, "  Trouver un logement\n\u202eplus petit "))
	asked := w.Type("claire", channel, "objectif logement from:"+ref)
	if title := field(t, asked, "title"); title.Value() != "Trouver un logement plus petit" || !title.Required {
		t.Errorf("asked with %+v", title)
	}
	if field(t, asked, "topic").Value() != "logement" {
		t.Error("what was typed beside is lost")
	}
	done(t, w.Submit("claire", channel, chat.Values{"topic": {"logement"}, "title": {"Trouver plus petit"}, "from": {ref}}))
	if got := w.Case(code).Objectives; len(got) != 1 || got[0].Title != "Trouver plus petit" {
		t.Errorf("objectives %+v", got)
	}
	done(t, w.Type("claire", channel, "objectif logement Autre chose from:"+ref))
	if got := w.Case(code).Objectives; len(got) != 2 || got[1].Title != "Autre chose" {
		t.Errorf("with a title, the message counts: %+v", got)
	}
	asked = w.Type("claire", direct("claire"), "action who:person from:"+ref)
	if what := field(t, asked, "what"); what.Value() != "Trouver un logement plus petit" || field(t, asked, "who").Value() != "person" {
		t.Errorf("asked with %+v", what)
	}
	// Sent back without the text, it is asked again with it.
	again := w.Submit("claire", direct("claire"), chat.Values{"what": {" "}, "from": {ref}})
	if what := field(t, again, "what"); what.Value() != "Trouver un logement plus petit" {
		t.Errorf("asked again with %+v", what)
	}
}

func TestALongMessageIsCut(t *testing.T) {
	w, _, channel := opened(t)
	ref := string(w.Platform.Say(bottest.ID("claire"), channel, strings.Repeat("é", 151)))
	asked := w.Type("claire", channel, "objectif from:"+ref)
	if got := field(t, asked, "title").Value(); got != strings.Repeat("é", 149)+"…" {
		t.Errorf("the title is %q", got)
	}
}

func TestOneRefusalForAllThatIsNotToBeQuoted(t *testing.T) {
	w, code, channel := opened(t)
	w.Type("claire", direct("claire"), "ouvrir")
	other := casework.Code(codeIn.FindString(done(t, w.Submit("claire", direct("claire"), proposal()))))
	joined(t, w, channel, "budget", "paul")
	say := func(who string, where casework.ChannelID) string {
		return string(w.Platform.Say(bottest.ID(who), where, "Madame Lopez a des dettes"))
	}
	good := say("claire", channel)
	for name, c := range map[string]struct{ who, line string }{
		"nothing of the sort":   {"claire", "objectif %s from:m99"},
		"the bot's own card":    {"claire", "objectif %s from:" + string(w.Case(code).Home)},
		"a public channel":      {"claire", "objectif %s from:" + say("claire", bottest.Lobby)},
		"a conversation":        {"claire", "objectif %s from:" + say("claire", direct("claire"))},
		"another case's":        {"claire", "objectif %s from:" + say("claire", casework.ChannelID("c-"+strings.ToLower(string(other))))},
		"one they cannot read":  {"paul", "objectif %s from:" + say("claire", casework.ChannelID("c-"+strings.ToLower(string(other))))},
		"nothing but space":     {"claire", "objectif %s from:" + string(w.Platform.Say(bottest.ID("claire"), channel, " \u200b"))},
		"for an action as well": {"claire", "action %s from:m99"},
	} {
		answer := w.Type(c.who, direct(c.who), strings.ReplaceAll(c.line, "%s", string(code)))
		if text := bottest.Text(answer); !strings.HasPrefix(text, "Ce message ne peut pas être repris ici.") {
			t.Errorf("%s: %q", name, text)
		}
	}
	// Somebody outside the case learns nothing of what is in it, not even that.
	if text := bottest.Text(w.Type("martin", direct("martin"), "objectif "+string(code)+" from:"+good)); strings.Contains(text, "dettes") || strings.Contains(text, "repris") {
		t.Errorf("martin reads %q", text)
	}
	must(t, w.Platform.Remove(t.Context(), channel, bottest.ID("paul")))
	if text := bottest.Text(w.Type("paul", direct("paul"), "objectif "+string(code)+" from:"+good)); strings.Contains(text, "dettes") {
		t.Errorf("paul, who left, reads %q", text)
	}
	if text := bottest.Text(w.Type("claire", channel, "objectif from:"+good)); strings.Contains(text, "repris") {
		t.Errorf("a good one: %q", text)
	}
}

func TestAPlatformThatCannotQuote(t *testing.T) {
	w, _, channel := opened(t)
	ref := string(w.Platform.Say(bottest.ID("claire"), channel, "Solder les dettes"))
	w.Platform.Fault = func(call string) error {
		if call == "Quote" {
			return errors.New("down: Madame Lopez")
		}
		return nil
	}
	if text := bottest.Text(w.Type("claire", channel, "objectif from:"+ref)); !strings.Contains(text, "réf.") {
		t.Errorf("down: %q", text)
	}
	w.Platform.Fault = nil
	w.With(func(o *bot.Options) { o.Platform = struct{ chat.Platform }{w.Platform} })
	if text := bottest.Text(w.Type("claire", channel, "objectif from:"+ref)); !strings.Contains(text, "repris") {
		t.Errorf("unable: %q", text)
	}
}
