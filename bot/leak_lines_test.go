package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/commands"
	"parcours/documents"
	"parcours/documents/indicators"
	"parcours/locales"
)

// words are what a line is made of: whom and what it is about; texts that tell of the
// whole case, of its topic, of what its objective is about, of a child, and why somebody
// without a place in the case is to read it; and a message of its channel.
type words struct {
	topic, other, objective                  string
	general, told, done, child, reason, said string
}

// words draws those of a line about a case, that somebody may have written in its
// channel before.
func (l *leaks) words(who string, channel casework.ChannelID, code casework.Code) words {
	w := words{
		topic: l.topic("topic"), other: l.pick("other", everybody...),
		objective: fmt.Sprintf("o%d", rapid.IntRange(1, 4).Draw(l.T, "objective")),
		general:   l.mark(code, ""), child: l.mark(code, casework.Childhood), reason: l.mark(code, ""),
	}
	w.told, w.done = l.mark(code, casework.Topic(w.topic)), l.mark(code, l.topicOf(code, w.objective))
	l.marks[w.reason] = mark{code: code, reason: true}
	w.said = string(l.w.Platform.Say(bottest.ID(who), channel, w.told))
	return w
}

// lines are all that is typed of a case, whose code stands where %s is.
func (l *leaks) lines(w words) []string {
	return []string{
		"liste %s name:" + w.general + " service:" + w.general + " user:@" + w.other + " agreed:oui topics:" + w.topic,
		"liste %s name:" + w.other + " service:s agreed:oui purpose:" + w.general + " email:" + w.general + " phone:" + w.general + " address:" + w.general,
		"liste %s name:" + w.general + " first_name:" + w.general + " service:s agreed:oui measure:" + w.general + " beneficiary:" + w.general,
		"liste %s name:" + w.other + " service:s user:@" + w.other + " agreed:" + l.pick("agreed", "oui", "oui", "non"),
		"inviter %s @" + w.other + " " + l.pick("role", "partner", "chair", "secretary", "person"),
		"inviter %s @" + w.other + " " + l.pick("role", "partner", "chair") + " past:" + l.pick("past", "withdraw", "new_channel"),
		"référent %s @" + w.other + " chosen_by_person:oui", "référent %s @" + w.other + ` chosen_by_person:oui until:"dans 40 jours"`,
		"diagnostic %s element:" + w.told + " kind:obstacle topic:" + w.topic + " objective:" + w.told,
		"diagnostic %s element:" + w.told + " kind:strength topic:" + w.topic + " aim:" + w.general + " problem:" + w.general + " situation:" + w.general,
		"objectif %s topic:" + w.topic + " title:" + w.told + " own_words:" + w.told,
		"objectif %s topic:" + w.topic + " title:" + w.told,
		"action %s objective:" + w.objective + " what:" + w.done + " who:" + l.pick("actor", "person", "p1", "p2", "p3") + ` due:"dans 9 jours"`,
		"commission %s at:" + `"dans 20 jours 14h" place:` + w.general + " chair:@" + w.other,
		"commission %s at:" + `"dans 5 jours 14h" place:` + w.general + " why:" + w.general,
		"consentement %s extend topics:" + w.topic + ` until:"dans 60 jours"`,
		"consentement %s extend veto:" + w.topic,
		"consentement %s extend partners:p2 topics:" + w.topic,
		"consentement %s grant form:oral witness:w topics:" + w.topic,
		"consentement %s withdraw", "consentement %s narrow veto:" + w.topic, "consentement %s narrow veto:" + w.topic,
		"quitter %s oui", "retirer %s @" + w.other + " oui", "retirer %s @" + w.other + " oui",
		"commission %s at:" + `"aujourd’hui 23h" place:` + w.general + " why:" + w.general,
		"répondre %s c1 cancel why:" + w.general, "répondre %s c1 begin", "répondre %s c1 draft", "répondre %s c1 attend present:person,p1,p2",
		"répondre %s c1 topic topic:" + w.topic + " agreed:" + l.pick("agrees", "oui", "non"), "répondre %s c1 view words:" + w.general,
		"répondre %s c1 end next_on:" + `"dans 30 jours"`, "séance %s", "séance %s",
		"bilan %s objective:" + w.objective + " outcome:" + l.pick("outcome", "reached", "partly", "not", "dropped") + " why:" + w.done,
		"relevé %s c1 notes:" + w.general, "répondre %s r1 sign", "répondre %s r1 read", "répondre %s r2 read", "répondre %s r1 correct",
		"répondre %s r1 correct notes:" + w.general, "répondre %s r1 paper name:" + w.general + " witness:" + w.general,
		"bilan %s", "relevé %s", "répondre %s c1 attend",
		"suivi %s", "suivi %s", "journal %s", "mes-situations", "agenda", "aide", "",
		"action %s", "action %s", "objectif %s", "inviter %s", "consentement %s",
		"répondre %s invitation accept", "répondre %s mission accept", "répondre %s a1 reassign", "répondre %s a1 done",
		"papier %s topic:" + w.topic, "annonce %s post paper " + w.topic, "annonce %s post board " + w.topic, "annonce %s post board",
		"annonce %s tell board user:@" + w.other, "annonce %s tell board " + w.topic + " user:@" + w.other,
		"annonce %s update board", "annonce %s update board " + w.topic, "annonce %s update paper " + w.topic,
		"annonce %s update board user:@" + w.other, "annonce %s update board " + w.topic + " user:@" + w.other,
		"objectif %s topic:" + w.topic + " from:" + w.said, "action %s objective:" + w.objective + ` who:person due:"dans 9 jours" from:` + w.said,
		"répondre %s invitation decline", "répondre %s mission decline", "répondre %s a1 postpone in:7", "répondre %s a1 help",
		"répondre %s c1 present", "répondre %s c1 absent",
		"foyer %s kind:person last_name:" + w.general + " first_name:" + w.general + " address:" + w.general + " phone:" + w.general + " phone2:" + w.general,
		"foyer %s kind:adult first_name:" + w.general + " situation:" + w.general + " activity:" + w.general + " email:" + w.general,
		"foyer %s kind:child first_name:" + w.child + " last_name:" + w.child + " situation:" + w.child + " activity:" + w.child,
		"clôturer %s reason:" + w.general + " words:" + w.general + " remains:" + w.general + " improved:partly",
		"clôturer %s " + w.general, "clôturer %s",
		l.document(), l.document(), l.document(), "document %s",
		"répondre %s " + l.pick("recalled", recalled...) + " see",
	}
}

// ofTheService are the lines of those who have a part in the whole service.
func (l *leaks) ofTheService(w words) []string {
	read := `reason:"` + w.reason + ` est demandé"`
	return []string{
		"consulter %s " + read, "consulter %s " + read, "consulter case:%s " + read, "consulter %s", "exporter case:%s " + read,
		"journal %s", "effacer case:%s confirm:%[1]s reason:" + l.pick("erasure", "request", "retention", "error"),
		"répondre %s " + l.pick("erasure", "request", "retention", "error") + " erase",
		"indicateurs", "indicateurs from:2026-11-01 format:" + l.pick("format", figuresAs...),
		"réglages", "réglages language:fr digest_at:" + l.pick("digest", "jamais", "lundi") + " quiet_from:20h quiet_to:8h",
		"danger",
	}
}

// ofTheClosed are the lines by which a case that is closed is still read.
func (l *leaks) ofTheClosed() []string {
	return []string{"suivi %s", "journal %s", "relevé %s", "bilan %s", "séance %s", "mes-situations", l.document(), l.document()}
}

// tellsNothing are the verbs whose answers and files tell nothing of any case.
var tellsNothing = []string{"indicateurs", "réglages", "danger"}

// document asks for one of all the papers.
func (l *leaks) document() string {
	kinds := make([]string, len(documents.Kinds()))
	for i, kind := range documents.Kinds() {
		kinds[i] = string(kind)
	}
	return "document %s kind:" + l.pick("kind", kinds...) + " model:" + l.pick("model", documents.Models()...) +
		l.pick("about", "", " meeting:c1", " to:person", " to:p1")
}

// recalled are what buttons of reminders are about; figuresAs is how figures are had.
var (
	recalled = func() []string {
		var all []string
		for _, b := range allButtons() {
			if b.ID == "see" {
				all = append(all, b.On+strings.Repeat("1", strings.Count(b.On, ".")))
			}
		}
		return all
	}()
	figuresAs = func() []string {
		all := []string{"screen"}
		for _, format := range indicators.Files() {
			all = append(all, string(format))
		}
		return all
	}()
)

func allButtons() []command.Button {
	var all []command.Button
	for _, c := range commands.All() {
		all = append(all, c.Buttons...)
	}
	return all
}

// line has somebody type one of all the verbs, and perhaps press a button of what
// they are answered.
func (l *leaks) line(who string, channel casework.ChannelID, code casework.Code) {
	w := l.words(who, channel, code)
	lines := l.lines(w)
	if h, ok := l.hear(code); ok && !h.c.ClosedAt.IsZero() && rapid.Bool().Draw(l.T, "read again") {
		lines = l.ofTheClosed()
	}
	if rapid.IntRange(0, 9).Draw(l.T, "service") == 0 {
		lines, who = l.ofTheService(w), l.pick("who of it", "paul", "lea", "paul", "lea", "martin", "claire", "sophie")
	}
	n := rapid.IntRange(0, len(lines)-1).Draw(l.T, "verb")
	if strings.Contains(lines[n], "withdraw") && rapid.IntRange(0, 5).Draw(l.T, "sure") != 0 {
		n = 0
	}
	line := lines[n]
	if strings.Contains(line, "%s") {
		line = fmt.Sprintf(line, code)
	}
	where := rapid.SampledFrom([]casework.ChannelID{direct(who), channel, bottest.Lobby}).Draw(l.T, "where")
	verb, _, _ := strings.Cut(line, " ")
	if verb == "consulter" || verb == "exporter" {
		l.consults(who, where, line, code)
		return
	}
	answer := l.w.Type(who, where, line)
	if said := bottest.Text(answer); slices.Contains(tellsNothing, verb) && markIn.MatchString(said) {
		l.Fatalf("%s answers %s:\n%s", verb, who, said)
	}
	l.answered(who, answer)
	l.goesOn(who, where, answer)
}

// goesOn has somebody press, now and then, a button of what they were answered.
func (l *leaks) goesOn(who string, where casework.ChannelID, answer chat.Answer) {
	out, ok := answer.Say.Value()
	if !ok || out.Message.Card == nil || len(out.Message.Card.Buttons) == 0 || rapid.IntRange(0, 3).Draw(l.T, "goes on") != 0 {
		return
	}
	b := rapid.SampledFrom(out.Message.Card.Buttons).Draw(l.T, "of the answer")
	l.answered(who, l.w.Send(who, chat.Press{Channel: where, Button: b.ID, Token: b.Token}))
}

// TestEveryVerbIsTyped keeps TestNothingLeaks whole: each verb, each button and each
// field in which people write what they want is in some line.
func TestEveryVerbIsTyped(t *testing.T) {
	lines := []string{opening}
	drawn := rapid.Custom(func(rt *rapid.T) []string {
		l := &leaks{T: rt}
		return append(l.lines(words{}), l.ofTheService(words{})...)
	})
	for seed := range 200 {
		lines = append(lines, drawn.Example(seed)...)
	}
	asking := command.Request{
		Case: casework.Fold("", nil), Say: locales.For("fr").In(locales.DepartementOf("")), Now: time.Now(),
		Settings: func() (casework.Settings, error) { return casework.Settings{}, nil },
	}
	typed := func(what string, is func(line string) bool, ask func(command.Request) []chat.Field) {
		these := slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return !is(line) })
		if len(these) == 0 {
			t.Errorf("%s is not typed", what)
		}
		if ask == nil {
			return
		}
		for _, field := range ask(asking) {
			switch field.(type) {
			case chat.Text, chat.Area:
				if !strings.Contains(strings.Join(these, "\n"), " "+field.About().ID+":") {
					t.Errorf("%s: nothing is written in %s", what, field.About().ID)
				}
			}
		}
	}
	for _, c := range commands.All() {
		typed(c.Name, func(line string) bool {
			verb, _, _ := strings.Cut(line, " ")
			return verb == c.Name || verb == "" && c.Name == commands.All()[0].Name
		}, c.Fields)
	}
	for _, b := range allButtons() {
		typed(b.On+" "+b.ID, func(line string) bool {
			words := strings.Fields(line)
			return len(words) > 3 && words[0] == "répondre" && strings.TrimRight(words[2], "0123456789") == b.On && words[3] == b.ID
		}, b.Fields)
	}
}
