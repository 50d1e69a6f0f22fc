package bot_test

import (
	"cmp"
	"flag"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parcours/bot"
	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
	"parcours/casework/caseworktest"
	"parcours/storage/access"
)

// TestNothingLeaks has people use the bot at random: every verb, by everybody,
// everywhere, with buttons pressed, strangers let in, channels made public and
// months passing. Every text they write bears a mark; wherever a mark is shown,
// each person who can read it there must be somebody whom the journal, read by
// the second opinion of caseworktest, lets know of it at that moment; or have read
// the case without a place in it, which is judged apart. Where the platform is to keep
// nothing, no mark is in anything that it was given to keep; of a case that is
// destroyed, none stands anywhere.
func TestNothingLeaks(t *testing.T) {
	t.Run("full", func(t *testing.T) { nothingLeaks(t, false) })
	t.Run("discreet", func(t *testing.T) { nothingLeaks(t, true) })
}

// unsynced is for many histories: what is not looked at is left out of them.
var unsynced = flag.Bool("unsynced", false, "keep the cases of TestNothingLeaks unsealed, and do not wait for the disk")

func nothingLeaks(t *testing.T, discreet bool) {
	histories, shown, fetched, times := 0, 0, 0, map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		l := &leaks{T: rt, discreet: discreet, w: world(t), marks: map[string]mark{}, saw: map[sight]bool{}, heard: map[casework.Code]hearing{}, told: map[sight]bool{}, times: times}
		histories++
		l.w.Fast = *unsynced
		l.w.With(func(o *bot.Options) { o.Discreet, o.Staff = discreet, service })
		l.w.Platform.Delivered = func(m bottest.Message) {
			l.telling.Lock()
			defer l.telling.Unlock()
			l.look("#"+string(m.Channel), m.Now, m.Readers)
			if discreet {
				l.kept(m.Now, bot.ShowButton)
			}
		}
		moved := l.w.Platform.Moved
		l.w.Platform.Moved = func(m chat.Move) {
			l.telling.Lock()
			l.joined(m)
			l.telling.Unlock()
			moved(m)
		}
		for range rapid.IntRange(10, 60).Draw(rt, "steps") {
			l.step()
			l.stands()
			if l.found != "" {
				l.Fatal(l.found)
			}
		}
		shown, fetched = shown+l.shown, fetched+l.fetched
		l.recorded()
		l.w.Platform.Delivered = nil
		l.w.Store.Close()
	})
	t.Logf("%d histories, %d marks shown to who may know, %d of them in files that were fetched; %v", histories, shown, fetched, times)
	if shown == 0 || discreet != (fetched > 0) {
		t.Errorf("%d marks were shown, %d of them in files that were fetched: the test looks at nothing", shown, fetched)
	}
	for _, seldom := range []string{ofClosed, withoutPlace, inPapers, ofErased} {
		if times[seldom] == 0 && histories >= 100 {
			t.Errorf("%s: never", seldom)
		}
	}
}

// What happens seldom, and must in many histories.
const (
	ofClosed     = "marks shown of a closed case"
	ofErased     = "steps after a case is destroyed"
	withoutPlace = "readings without a place in the case"
	inPapers     = "marks in documents"
)

type mark struct {
	code  casework.Code
	topic casework.Topic
	// reason: it is why somebody without a place in the case read it.
	reason bool
}

type leaks struct {
	*rapid.T
	w *bottest.World
	// discreet: the platform is to keep nothing.
	discreet bool
	// telling is held while the bot tells something, which it does for several at once;
	// found is what was wrong first.
	telling sync.Mutex
	found   string
	marks   map[string]mark
	codes   []casework.Code
	shown   int
	// fetched are marks shown in files that people fetched.
	fetched int
	// intruding: it is not the bot that changes who is in a channel.
	intruding bool
	// saw is who was shown something of which case, in private; told is who was told why
	// somebody read it without a place in it.
	saw, told map[sight]bool
	// times is how often what seldom happens did, in all histories.
	times map[string]int
	// heard is what each journal said when it was read last.
	heard map[casework.Code]hearing
}

// wrong notes what is wrong with what the bot says, for the end of the step: it is the
// bot that runs meanwhile, and not the test.
func (l *leaks) wrong(format string, args ...any) {
	l.found = cmp.Or(l.found, fmt.Sprintf(format, args...))
}

// A hearing is a journal, read by the second opinion too.
type hearing struct {
	entries int
	last    string
	c       *casework.Case
	judge   caseworktest.Judge
}

// hear reads the journal of a case; ok is false when there is none.
func (l *leaks) hear(code casework.Code) (h hearing, ok bool) {
	journal, err := l.w.Store.Load(l.w.Context(), code)
	if err != nil {
		return hearing{}, false
	}
	n := len(journal.Entries)
	last := string(journal.Entries[n-1])
	if h := l.heard[code]; h.entries == n && h.last == last {
		return h, true
	}
	c := l.w.Case(code)
	l.heard[code] = hearing{n, last, c, caseworktest.Hear(c.History())}
	return l.heard[code], true
}

// A sight is one person shown something of one case.
type sight struct {
	user casework.UserID
	code casework.Code
}

// recorded checks that the access log names all who were shown something.
func (l *leaks) recorded() {
	named := map[sight]bool{}
	err := l.w.Accesses.Read(time.Time{}, l.w.Now().Add(time.Hour), func(r access.Record) error {
		named[sight{r.User, r.Case}] = true
		return nil
	})
	if err != nil {
		l.Fatal(err)
	}
	for s := range l.saw {
		if !named[s] {
			l.Fatalf("%s was shown something of %s, and it is not recorded", s.user, s.code)
		}
	}
}

var (
	everybody = []string{"claire", "nadia", "paul", "sophie", "lea", "martin"}
	markIn    = regexp.MustCompile(`zq\d+zq`)
	// ofTheErased is what is said of a case that is destroyed.
	ofTheErased = regexp.MustCompile(`^(Contenu effacé\.|La situation P-[A-Z0-9]{4} est effacée[^0-9.]*\. Rien n’en est gardé ici\.[^0-9.]*\.)$`)
)

func (l *leaks) pick(name string, from ...string) string {
	return rapid.SampledFrom(from).Draw(l.T, name)
}

func (l *leaks) topic(name string) string {
	return l.pick(name, "enfance", "logement", "sante", "budget")
}

// mark makes a text of its own, that tells something of topic in the case.
func (l *leaks) mark(code casework.Code, topic casework.Topic) string {
	text := fmt.Sprintf("zq%dzq", len(l.marks))
	l.marks[text] = mark{code: code, topic: topic}
	return text
}

// step has one thing happen.
func (l *leaks) step() {
	if len(l.codes) == 0 || rapid.IntRange(0, 30).Draw(l.T, "another") == 0 && len(l.codes) < 3 {
		l.open()
		return
	}
	code := rapid.SampledFrom(l.codes).Draw(l.T, "case")
	channel := l.channel(code)
	who := l.pick("who", append([]string{"claire", "claire", "claire"}, everybody...)...)
	switch rapid.IntRange(0, 19).Draw(l.T, "what") {
	case 0:
		l.platform(channel)
	case 1:
		l.w.Advance(time.Duration(rapid.IntRange(1, 120).Draw(l.T, "days")) * 24 * time.Hour)
		l.w.Settle()
	case 2, 3, 4, 5, 6:
		l.press(who, channel)
	case 7:
		l.page(who)
	default:
		l.line(who, channel, code)
	}
}

// page has somebody look at a page of their own, which the platform keeps.
func (l *leaks) page(who string) {
	answer := l.w.Bot.Command(l.w.Context(), chat.Command{User: bottest.ID(who), Channel: direct(who), Text: "mes-situations", Kept: true})
	if out, ok := answer.Say.Value(); ok && l.discreet {
		l.kept(out.Message, "run")
	}
	l.answered(who, answer)
}

// opening is the line by which a case is opened.
const opening = `ouvrir person:%s entry:%s witness:%[2]s household:person answer:%s consent_form:written topics:%s,%s veto:%s own_words:%s consent_until:"dans %d jours"`

func (l *leaks) open() {
	who := l.pick("author", "claire", "nadia")
	person, words, asides := l.mark("", ""), l.mark("", ""), l.mark("", "")
	answer := l.w.Type(who, direct(who), fmt.Sprintf(opening,
		person, asides, l.pick("answer", "accepts", "accepts", "accepts", "thinking"), l.topic("t1"), l.topic("t2"), l.topic("veto"), words,
		rapid.IntRange(1, 300).Draw(l.T, "until")))
	code := casework.Code(codeIn.FindString(bottest.Text(answer)))
	if code == "" {
		l.Fatalf("not opened: %s", bottest.Text(answer))
	}
	l.codes = append(l.codes, code)
	for _, text := range []string{person, words, asides} {
		l.marks[text] = mark{code: code}
	}
	l.gather(who, code)
	if rapid.Bool().Draw(l.T, "lives with others") {
		for _, kind := range []string{"adult", "child"} {
			told := l.mark(code, map[string]casework.Topic{"child": casework.Childhood}[kind])
			l.answered(who, l.w.Type(who, direct(who), fmt.Sprintf("foyer %s kind:%s first_name:%s activity:%[3]s", code, kind, told)))
		}
	}
	if rapid.Bool().Draw(l.T, "meets") {
		l.meet(who, code)
	}
	if rapid.IntRange(0, 3).Draw(l.T, "sets aside") == 0 {
		l.answered(who, l.w.Type(who, direct(who), fmt.Sprintf("consentement %s narrow veto:%s", code, l.topic("set aside later"))))
	}
	if rapid.IntRange(0, 4).Draw(l.T, "closes") == 0 {
		l.answered(who, l.w.Type(who, direct(who), fmt.Sprintf("clôturer %s reason:%s words:%[2]s", code, l.mark(code, ""))))
	}
}

// meet has a meeting held today: what is said there, and what its record says,
// is written down and signed.
func (l *leaks) meet(who string, code casework.Code) {
	general := func() string { return l.mark(code, "") }
	for _, line := range []string{
		`commission %s at:"aujourd’hui 23h" why:` + general() + " place:" + general(),
		"répondre %s c1 begin", "répondre %s c1 view words:" + general(), "répondre %s c1 attend present:person,p1",
		"répondre %s c1 topic topic:" + l.topic("set aside") + " agreed:" + l.pick("agrees", "oui", "non"),
		"bilan %s objective:o1 outcome:" + l.pick("outcome", "partly", "not", "dropped") + " why:" + l.mark(code, l.topicOf(code, "o1")),
		"relevé %s c1 notes:" + general(),
		"répondre %s r1 paper name:" + general() + " witness:" + general(),
	} {
		l.answered(who, l.w.Type(who, direct(who), fmt.Sprintf(line, code)))
		if rapid.IntRange(0, 9).Draw(l.T, "stops") == 0 {
			return
		}
	}
}

// gather gets a circle together around a new case, as most do begin: some people
// in it, with some topics each, and a few objectives.
func (l *leaks) gather(who string, code casework.Code) {
	for _, other := range []string{"paul", "sophie", "nadia"} {
		if other == who || !rapid.Bool().Draw(l.T, "joins") {
			continue
		}
		topics := l.topic("theirs") + "," + l.topic("theirs too")
		l.answered(who, l.w.Type(who, direct(who), fmt.Sprintf("liste %s name:%s service:s user:@%s agreed:oui topics:%s", code, other, other, topics)))
		l.answered(who, l.w.Type(who, direct(who), fmt.Sprintf("liste %s name:%s service:s user:@%s agreed:oui", code, other, other)))
		l.answered(who, l.w.Type(who, direct(who), fmt.Sprintf("inviter %s @%s partner past:%s", code, other, l.pick("past", "withdraw", "new_channel"))))
		l.answered(other, l.w.Type(other, direct(other), fmt.Sprintf("répondre %s invitation accept", code)))
		topic := l.topic("about")
		l.answered(who, l.w.Type(who, direct(who), fmt.Sprintf("objectif %s topic:%s title:%s", code, topic, l.mark(code, casework.Topic(topic)))))
		l.answered(who, l.w.Type(who, direct(who), fmt.Sprintf("annonce %s post paper %s", code, topic)))
	}
}

// channel gives the channel in which a case now is; the first it would have, as long
// as it has none.
func (l *leaks) channel(code casework.Code) casework.ChannelID {
	first := casework.ChannelID("c-" + strings.ToLower(string(code)))
	if h, ok := l.hear(code); ok {
		return cmp.Or(h.c.Channel, first)
	}
	return first
}

func (l *leaks) topicOf(code casework.Code, objective string) casework.Topic {
	h, ok := l.hear(code)
	if !ok {
		return ""
	}
	o, _ := h.c.Objective(objective)
	return o.Topic
}

// press has somebody press a button that they can see; or, as an attacker with
// its token would, one that they cannot.
func (l *leaks) press(who string, channel casework.ChannelID) {
	where := rapid.SampledFrom([]casework.ChannelID{direct(who), direct(who), channel}).Draw(l.T, "where")
	var buttons []chat.Button
	for _, m := range l.w.Platform.Messages(where) {
		if m.Now.Card != nil {
			buttons = append(buttons, m.Now.Card.Buttons...)
		}
	}
	if len(buttons) == 0 {
		return
	}
	b := buttons[rapid.IntRange(0, len(buttons)-1).Draw(l.T, "button")]
	l.answered(who, l.w.Send(who, chat.Press{Channel: where, Button: b.ID, Token: b.Token}))
}

// platform has the platform's own users change who can read a channel.
func (l *leaks) platform(channel casework.ChannelID) {
	user := bottest.ID(l.pick("moved", everybody...))
	l.intruding = true
	switch l.pick("move", "add", "remove", "publish") {
	case "add":
		_ = l.w.Platform.Add(l.w.Context(), channel, user) // there may be no channel
	case "remove":
		_ = l.w.Platform.Remove(l.w.Context(), channel, user)
	case "publish":
		if rapid.IntRange(0, 4).Draw(l.T, "sure") == 0 {
			l.w.Platform.Publish(channel)
		}
	}
	l.intruding = false
	l.w.Settle()
}
