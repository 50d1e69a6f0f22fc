package bot_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
	"parcours/commands"
	"parcours/storage"
)

// years is how large the lives are that TestYears lives; see the soak target.
var years = struct {
	worlds, cases, people, days, pace *int
	seed                              *uint64
	from                              *string
}{
	flag.Int("worlds", 2, "worlds of TestYears, each with its part of the rest; the next begins eight months later"),
	flag.Int("cases", 40, "cases of TestYears"),
	flag.Int("people", 16, "people of TestYears"),
	flag.Int("days", 60, "days of TestYears"),
	flag.Int("pace", 8, "days between two decisions of a case in TestYears"),
	flag.Uint64("seed", 5, "what chance follows in TestYears"),
	flag.String("from", "2028-02-15", "where the first world of TestYears begins: by itself before a 29 February and a night of 23 hours, the second before one of 25"),
}

// A life is a world in which time passes, things are decided, the platform fails,
// the clock is put right, the bot is stopped and old copies of its store are put
// back, with a naive account of who is to be reminded of what.
type life struct {
	*bottest.World
	mirror *mirror
	t      *testing.T
	// pick draws a number below another.
	pick   func(int) int
	people int
	codes  []casework.Code
	// due are the reminders that fell due, for each of those they were for.
	due map[due]time.Time
	// told are the messages that stand, shown the nudges they hold, and heard how
	// many each person was sent since time last passed.
	told  map[casework.MessageRef]bool
	shown map[string]bool
	heard map[casework.UserID]int
	// copied is a copy of the store, if there is one, with what had been due then;
	// restored is when one was last put back, righted when the clock was.
	copied            []byte
	before            map[due]time.Time
	restored, righted time.Time
	// happened counts what did.
	happened map[string]int
	// passed are the nudges whose readers were gone; taken counts the mailboxes each
	// reminder was put in.
	passed []due
	taken  map[due]int
}

type due struct {
	code casework.Code
	key  string
	user casework.UserID
}

// TestYears lives for years, and then looks for every reminder that ever fell due:
// it was delivered once, in the hours of its reader, or did not hold any more, or
// was overtaken by a later one about the same thing, or waits.
func TestYears(t *testing.T) {
	from, err := time.Parse(time.DateOnly, *years.from)
	must(t, err)
	for i := range *years.worlds {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			chance := rand.New(rand.NewPCG(*years.seed, uint64(i)))
			begun(t, from.AddDate(0, 8*i, 0).Add(9*time.Hour), *years.cases / *years.worlds, *years.people / *years.worlds, chance.IntN).live()
		})
	}
}

// begun gives a life that begins at a moment, with its cases opened.
func begun(t *testing.T, from time.Time, cases, people int, pick func(int) int) *life {
	l := &life{
		t: t, pick: pick, people: people,
		due: map[due]time.Time{}, told: map[casework.MessageRef]bool{}, shown: map[string]bool{}, heard: map[casework.UserID]int{},
		happened: map[string]int{}, taken: map[due]int{},
	}
	var handles []string
	for i := range l.people {
		handles = append(handles, fmt.Sprintf("user%d", i))
	}
	l.World = bottest.New(t, commands.All(), commands.Views(), handles...)
	l.Advance(from.Sub(l.Now()))
	l.mirror = &mirror{wrote: l.wrote}
	l.Through = func(opened storage.Store) storage.Store {
		l.mirror.store = opened.(store)
		return l.mirror
	}
	l.Fast = true
	l.Restart()
	must(t, l.mirror.read(t.Context()))
	l.Platform.Delivered = l.read
	for range cases {
		l.open()
	}
	return l
}

// live lives until the end, at which everything is accounted for.
func (l *life) live() {
	for end := l.Now().AddDate(0, 0, *years.days); l.Now().Before(end); {
		l.pass()
	}
	// What is still on its way comes to its end.
	l.Platform.Fault, l.Platform.After = nil, nil
	for range 30 {
		l.Advance(6 * time.Hour)
		l.settle()
	}
	l.nothingIsLeft()
	l.account()
}

func (l *life) handle() string { return fmt.Sprintf("user%d", l.pick(l.people)) }

// does types a line in private; a refusal is part of life.
func (l *life) does(handle, line string) string {
	answer := l.Bot.Command(context.Background(), chat.Command{User: bottest.ID(handle), Channel: direct(handle), Text: line})
	l.happened["decided"]++
	return bottest.Text(answer)
}

// open opens a case with two more in its circle.
func (l *life) open() {
	who := l.handle()
	said := l.does(who, `ouvrir person:"Madame X" household:person answer:accepts consent_form:written topics:budget,logement`)
	code := codeIn.FindString(said)
	if code == "" {
		l.t.Fatalf("no case: %s", said)
	}
	l.codes = append(l.codes, casework.Code(code))
	l.Settle()
	for range 2 {
		l.invite(casework.Code(code), who, l.handle())
	}
	l.does(who, "objectif "+code+" budget Solder")
	l.does(who, fmt.Sprintf("référent %s @%s chosen_by_person:oui until:%q", code, who, "dans 580 jours"))
	l.settle()
}

func (l *life) invite(code casework.Code, by, other string) {
	l.does(by, fmt.Sprintf("liste %s name:%s service:Y user:@%s agreed:oui topics:budget,logement", code, other, other))
	l.does(by, fmt.Sprintf("inviter %s @%s partner", code, other))
	l.does(other, fmt.Sprintf("répondre %s invitation accept", code))
}

// pass lets some hours pass, in which some things are decided and others fail.
func (l *life) pass() {
	hours := 1 + l.pick(5)
	l.Advance(time.Duration(hours)*time.Hour - time.Duration(l.pick(60))*time.Minute)
	for range hours * len(l.codes) {
		if l.pick(24**years.pace) == 0 {
			l.decide()
		}
	}
	l.mishap()
	l.settle()
}

// mishap has something happen now and then that nobody decided.
func (l *life) mishap() {
	switch l.pick(80) {
	case 0, 1:
		l.Platform.Fault = l.failing
	case 2, 3:
		l.Platform.After = l.failing
	case 4, 5:
		l.happened["restarts"]++
		l.Restart()
	case 6, 7:
		user := bottest.ID(l.handle())
		if l.Platform.Deactivate(user); l.pick(2) == 0 {
			l.Platform.Activate(user)
		}
	case 8, 9, 10, 11:
		l.Platform.Activate(bottest.ID(l.handle()))
	case 12:
		if l.apart() {
			l.happened["clock put back"]++
			l.Advance(-time.Duration(1+l.pick(5*60)) * time.Minute)
			l.righted = l.Now()
		}
	case 13:
		l.happened["days asleep"]++
		l.Advance(time.Duration(1+l.pick(3*24)) * time.Hour)
	case 14:
		if l.pick(3) == 0 {
			l.copy()
		}
	case 15:
		if l.copied != nil && l.apart() {
			l.restore()
		}
	default:
		if l.pick(4) == 0 {
			l.Platform.Fault, l.Platform.After = nil, nil
		}
	}
}

// apart reports whether the clock was not put back lately, nor a copy: with both
// at once, what was told after the copy would be due anew within the hour, and
// nothing would tell that it is not new.
func (l *life) apart() bool {
	const lately = 2 * 24 * time.Hour
	return l.Now().Sub(l.restored) > lately && l.Now().Sub(l.righted) > lately
}

// copy keeps a copy of the store.
func (l *life) copy() {
	must(l.t, l.Store.Close())
	var err error
	l.copied, err = os.ReadFile(l.Path)
	must(l.t, err)
	l.before = maps.Clone(l.due)
	l.Reopen()
}

// restore puts the copy of the store back in its place, which takes two hours.
func (l *life) restore() {
	l.happened["copies put back"]++
	must(l.t, l.Store.Close())
	must(l.t, os.WriteFile(l.Path, l.copied, 0o600))
	l.copied, l.due = nil, l.before
	l.Reopen()
	must(l.t, l.mirror.read(l.t.Context()))
	l.Advance(2 * time.Hour)
	l.restored = l.Now()
}

// settle has the bot do all that is to be done now.
func (l *life) settle() {
	l.note()
	clear(l.heard)
	l.Settle()
	if l.pick(40) == 0 {
		l.nothingIsLeft()
	}
}

// failing is a platform of which every second call fails.
func (l *life) failing(call string) error {
	if call == "Account" || l.pick(2) == 0 {
		return nil
	}
	l.happened["faults"]++
	return errors.New("down")
}

// decide has somebody decide something in some case.
func (l *life) decide() {
	code := l.codes[l.pick(len(l.codes))]
	c := l.mirror.cases[code]
	who := strings.TrimPrefix(string(c.Coordinator()), "u-")
	action := fmt.Sprintf("a%d", max(1, len(c.Actions)-l.pick(3)))
	line := ""
	switch n := l.pick(24); {
	case n < 8:
		line = fmt.Sprintf("action %s objective:o1 what:Appeler who:p%d due:%q", code, 1+l.pick(len(c.Professionals)), fmt.Sprintf("dans %d jours", 2+l.pick(60)))
	case n < 11:
		line = fmt.Sprintf("répondre %s %s done", code, action)
	case n < 14:
		line = fmt.Sprintf("répondre %s %s postpone due:%q", code, action, fmt.Sprintf("dans %d jours", 2+l.pick(40)))
	case n < 16:
		line = fmt.Sprintf("répondre %s %s reassign who:p%d", code, action, 1+l.pick(len(c.Professionals)))
	case n < 17:
		line = fmt.Sprintf("commission %s at:%q place:Salle why:x extraordinary:oui", code, fmt.Sprintf("dans %d jours 14h", 3+l.pick(40)))
	case n < 19:
		line = fmt.Sprintf("consentement %s extend until:%q topics:budget,logement", code, "dans 300 jours")
	case n < 20:
		line = fmt.Sprintf("consentement %s extend veto:%s", code, []string{"logement", "budget"}[l.pick(2)])
	case n < 21:
		leaves := c.Professionals[l.pick(len(c.Professionals))]
		line = fmt.Sprintf("liste %s name:%q service:Y user:@%s agreed:non", code, leaves.Name, strings.TrimPrefix(string(leaves.User), "u-"))
	case n < 22:
		l.invite(code, who, l.handle())
		return
	default:
		l.does(l.handle(), fmt.Sprintf("réglages quiet_from:%dh quiet_to:%dh", l.pick(24), l.pick(24)))
		return
	}
	l.does(who, line)
}
