package bot_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parcours/bot"
	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
	"parcours/casework/caseworktest"
	"parcours/storage/erasure"
)

// TestNothingUnderWayIsLeftBehind: answers of the platform are lost at random, and the
// consent is withdrawn or narrowed, people leave or are taken out, last days pass and
// the case is erased while messages leave. Once all is settled, every mark that
// anything still says, open or closed as its channel may be, is read by nobody but
// whom the second opinion lets know of it, and no message is there twice.
func TestNothingUnderWayIsLeftBehind(t *testing.T) {
	var h hazards
	rapid.Check(t, func(rt *rapid.T) {
		h.leaks = &leaks{T: rt, w: world(t), marks: map[string]mark{}, heard: map[casework.Code]hearing{}}
		h.w.Fast, h.erased = true, false
		h.w.With(func(*bot.Options) {})
		h.begins()
		for range rapid.IntRange(3, 12).Draw(rt, "steps") {
			h.step()
		}
		settles(h.w)
		h.stand()
		h.w.Store.Close()
	})
	t.Logf("%d answers lost, %d ends while a message left, %d marks stand", h.lost, h.crossed, h.standing)
	if h.lost == 0 || h.crossed == 0 || h.standing == 0 {
		t.Error("the test looks at nothing")
	}
}

// hazards are a case in which things go wrong.
type hazards struct {
	*leaks
	code                    casework.Code
	erased                  bool
	lost, crossed, standing int
}

// begins opens a case with a circle: each knows of some topics.
func (h *hazards) begins() {
	person, words := h.mark("", ""), h.mark("", "")
	h.code = casework.Code(codeIn.FindString(bottest.Text(h.w.Type("claire", direct("claire"), fmt.Sprintf(
		`ouvrir person:%s household:person answer:accepts consent_form:written topics:enfance,logement,sante,budget own_words:%s consent_until:"dans %d jours"`,
		person, words, rapid.IntRange(2, 60).Draw(h.T, "until"))))))
	h.codes = []casework.Code{h.code}
	h.marks[person], h.marks[words] = mark{code: h.code}, mark{code: h.code}
	h.types("claire", "inviter %s @lea person")
	h.types("lea", "répondre %s invitation accept")
	for _, other := range []string{"paul", "sophie"} {
		h.types("claire", "liste %s name:"+other+" service:s user:@"+other+" agreed:oui topics:logement,"+h.topic("theirs"))
		h.types("claire", "inviter %s @"+other+" partner past:withdraw")
		h.types(other, "répondre %s invitation accept")
	}
	h.types("claire", "référent %s @paul chosen_by_person:oui until:\"dans 20 jours\"")
	h.types("paul", "répondre %s mission accept")
	for _, topic := range []string{"logement", "logement", "sante"} {
		h.types("claire", "objectif %s topic:"+topic+" title:"+h.mark(h.code, casework.Topic(topic)))
	}
}

// types has somebody type a line about the case, and all that follows be done.
func (h *hazards) types(who, line string) { h.w.Type(who, direct(who), fmt.Sprintf(line, h.code)) }

// says has somebody type a line about the case, and nothing follow yet.
func (h *hazards) says(who, line string) {
	h.w.Bot.Command(h.w.Context(), chat.Command{User: bottest.ID(who), Channel: direct(who), Text: fmt.Sprintf(line, h.code)})
}

// step has somebody tell something, while the platform perhaps fails and something is
// perhaps taken back; and some time pass.
func (h *hazards) step() {
	nth, sends := rapid.IntRange(1, 6).Draw(h.T, "nth"), 0
	how := h.pick("trouble", "", "lost", "lost", "away", "crossed", "crossed", "both")
	h.w.Platform.Leaving = func(chat.Outgoing) {
		if sends++; sends == nth && (how == "crossed" || how == "both") {
			h.crossed++
			h.end()
		}
	}
	h.w.Platform.After = func(call string) error {
		if call == "Send" && sends >= nth && (how == "lost" || how == "both") {
			h.lost++
			return errors.New("the answer is lost")
		}
		return nil
	}
	h.w.Platform.Fault = func(call string) error {
		if how == "away" && sends >= nth && call == "Send" {
			return errors.New("the network is down")
		}
		return nil
	}
	h.tells()
	if rapid.IntRange(0, 3).Draw(h.T, "ends") == 0 {
		h.end()
	}
	h.w.Settle()
	h.w.Platform.Leaving = nil
	switch h.pick("then", "nothing", "restart", "mended", "mended", "time") {
	case "restart":
		h.w.Restart()
	case "mended":
		h.w.Platform.After, h.w.Platform.Fault = nil, nil
		h.w.Advance(time.Duration(rapid.IntRange(0, 600).Draw(h.T, "seconds")) * time.Second)
	case "time":
		h.w.Advance(time.Duration(rapid.IntRange(1, 72).Draw(h.T, "hours")) * time.Hour)
	}
	h.w.Settle()
}

// tells has somebody say something to the others.
func (h *hazards) tells() {
	topic, other := h.pick("topic", "logement", "sante", "budget"), h.pick("other", "claire", "paul", "sophie", "lea", "nadia")
	told := h.mark(h.code, casework.Topic(topic))
	who := h.pick("teller", "claire", "claire", "paul", "sophie", "lea")
	h.types(who, h.pick("tells",
		"objectif %s topic:"+topic+" title:"+told, "annonce %s post board "+topic, "annonce %s post board", "annonce %s post paper "+topic,
		"annonce %s tell board user:@"+other, "annonce %s tell board "+topic+" user:@"+other, "annonce %s tell paper "+topic+" user:@"+other,
		"annonce %s update board", "annonce %s update board "+topic, "annonce %s update board user:@"+other, "annonce %s update paper "+topic,
		"papier %s topic:"+topic, "action %s objective:o1 what:"+h.mark(h.code, "logement")+` who:p2 due:"dans 3 jours"`,
		"liste %s name:nadia service:s user:@nadia agreed:oui topics:"+topic,
		"inviter %s @nadia partner past:withdraw", "inviter %s @nadia partner past:new_channel",
		"répondre %s a1 done",
	))
	h.types("nadia", "répondre %s invitation accept")
}

// end takes something back.
func (h *hazards) end() {
	switch h.pick("end", "narrow", "narrow", "narrow", "leave", "out", "withdraw", "lapse", "erase", "extend", "extend") {
	case "narrow":
		h.says("lea", "consentement %s narrow veto:"+h.topic("veto"))
	case "leave":
		h.says(h.pick("leaver", "paul", "sophie", "nadia", "lea"), "quitter %s oui")
	case "out":
		h.says("claire", "retirer %s @"+h.pick("taken out", "paul", "sophie", "nadia")+" oui")
	case "withdraw":
		h.says("lea", "consentement %s withdraw")
	case "lapse":
		h.w.Advance(time.Duration(rapid.IntRange(1, 40).Draw(h.T, "days")) * 24 * time.Hour)
		if err := h.w.Bot.Nudges.Tick(h.w.Context()); err != nil {
			h.Fatal(err)
		}
	case "extend":
		h.says("claire", `consentement %s grant form:oral witness:w topics:logement,sante until:"dans 60 jours"`)
	case "erase":
		if h.erased || rapid.IntRange(0, 2).Draw(h.T, "sure") != 0 {
			return
		}
		rows, err := bot.Leftovers(h.w.Secret, h.w.Case(h.code), casework.OnRequest, "", h.w.Now())
		if err == nil {
			err = erasure.Erase(h.w.Context(), h.w.Store.(erasure.Store), h.code, casework.OnRequest, rows...)
		}
		if h.erased = true; err != nil {
			h.Fatal(err)
		}
	}
}

// stand looks at all that the bot's messages say once everything is settled.
func (h *hazards) stand() {
	var judge caseworktest.Judge
	at, over := h.w.Now(), h.erased
	if heard, ok := h.hear(h.code); ok {
		judge, over = heard.judge, over || heard.c.State == casework.Withdrawn
		// That a consent runs out empties nothing by itself.
		if until := heard.c.Consent().Until; until != "" && until < casework.DayOf(at) {
			at = until.At(12, 0, at.Location())
		}
	}
	there := map[string]bool{}
	for _, m := range h.w.Platform.Select(func(m bottest.Message) bool { return m.From == "" }) {
		if place := string(m.Channel) + " " + m.Key; there[place] {
			h.Fatalf("%s is there twice", place)
		} else {
			there[place] = true
		}
		readers := []casework.UserID{casework.UserID(strings.TrimPrefix(string(m.Channel), "d-"))}
		if strings.HasPrefix(string(m.Channel), "c-") {
			channel, err := h.w.Platform.Channel(h.w.Context(), m.Channel)
			if err != nil {
				h.Fatal(err)
			}
			readers = channel.Members
		}
		all := m.Now.AsText()
		for _, f := range m.Now.Files {
			all += string(f.Body)
		}
		for _, text := range markIn.FindAllString(all, -1) {
			h.standing++
			told := h.marks[text]
			hidden := func(user casework.UserID) bool { return !judge.Lets(user, told.topic, at) }
			if over || slices.ContainsFunc(readers, hidden) {
				h.Fatalf("%s: %v still read %s, which tells of %q:\n%s\n%s", m.Channel, readers, text, told.topic, m.Now.AsText(), h.w.Logged())
			}
		}
	}
}
