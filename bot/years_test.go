package bot_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
	"parcours/commands"
	"parcours/storage"
)

// years is how large the life is that TestYears lives; see the soak target.
var years = struct{ cases, people, days, pace *int }{
	flag.Int("cases", 40, "cases of TestYears"),
	flag.Int("people", 12, "people of TestYears"),
	flag.Int("days", 90, "days of TestYears"),
	flag.Int("pace", 8, "days between two decisions of a case in TestYears"),
}

// A life is a world in which time passes, things are decided, the platform fails
// and the bot is stopped, with a naive account of who is to be reminded of what.
type life struct {
	*bottest.World
	t     *testing.T
	rand  *rand.Rand
	codes []casework.Code
	// due are the reminders that fell due, for each of those they were for.
	due map[due]time.Time

	decided, restarts, faults int
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
	seed := uint64(*years.cases)
	l := &life{t: t, rand: rand.New(rand.NewPCG(seed, 5)), due: map[due]time.Time{}, taken: map[due]int{}}
	var handles []string
	for i := range *years.people {
		handles = append(handles, fmt.Sprintf("user%d", i))
	}
	l.World = bottest.New(t, commands.All(), commands.Views(), handles...)
	l.Fast = true
	l.World.Restart()
	l.Platform.Delivered = l.read
	for range *years.cases {
		l.open()
	}
	for l.Now().Before(start(t).AddDate(0, 0, *years.days)) {
		l.pass()
	}
	// What is still on its way comes to its end.
	l.Platform.Fault, l.Platform.After = nil, nil
	for range 30 {
		l.Advance(6 * time.Hour)
		l.note()
		l.Settle()
	}
	l.account()
}

func start(t *testing.T) time.Time {
	at, err := time.Parse(time.RFC3339, bottest.Start)
	must(t, err)
	return at
}

func (l *life) pick(n int) int { return l.rand.IntN(n) }

func (l *life) handle() string { return fmt.Sprintf("user%d", l.pick(*years.people)) }

// does types a line in private; a refusal is part of life.
func (l *life) does(handle, line string) string {
	answer := l.Bot.Command(context.Background(), chat.Command{User: bottest.ID(handle), Channel: direct(handle), Text: line})
	l.decided++
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
		other := l.handle()
		l.does(who, fmt.Sprintf("liste %s name:X service:Y user:@%s agreed:oui topics:budget,logement", code, other))
		l.does(who, fmt.Sprintf("inviter %s @%s partner", code, other))
		l.does(other, fmt.Sprintf("répondre %s invitation accept", code))
	}
	l.does(who, "objectif "+code+" budget Solder")
	l.does(who, fmt.Sprintf("référent %s @%s chosen_by_person:oui until:2028-06-30", code, who))
	l.Settle()
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
	switch l.pick(40) {
	case 0:
		l.Platform.Fault = l.failing
	case 1:
		l.Platform.After = l.failing
	case 2:
		l.restarts++
		l.World.Restart()
		l.Platform.Delivered = l.read
	case 3:
		user := bottest.ID(l.handle())
		if l.Platform.Deactivate(user); l.pick(2) == 0 {
			l.Platform.Activate(user)
		}
	case 4, 5:
		l.Platform.Activate(bottest.ID(l.handle()))
	default:
		if l.pick(4) == 0 {
			l.Platform.Fault, l.Platform.After = nil, nil
		}
	}
	l.note()
	l.Settle()
}

// failing is a platform of which every second call fails.
func (l *life) failing(call string) error {
	if call == "Account" || l.pick(2) == 0 {
		return nil
	}
	l.faults++
	return errors.New("down")
}

// decide has somebody decide something in some case.
func (l *life) decide() {
	code := l.codes[l.pick(len(l.codes))]
	c := l.Case(code)
	who := strings.TrimPrefix(string(c.Coordinator()), "u-")
	action := fmt.Sprintf("a%d", max(1, len(c.Actions)-l.pick(3)))
	line := ""
	switch n := l.pick(20); {
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
	case n < 18:
		line = fmt.Sprintf("consentement %s extend until:%q topics:budget,logement", code, "dans 300 jours")
	case n < 19:
		line = fmt.Sprintf("consentement %s extend veto:%s", code, []string{"logement", "budget"}[l.pick(2)])
	default:
		handle := l.handle()
		l.does(handle, fmt.Sprintf("réglages quiet_from:%dh quiet_to:%dh", 12+l.pick(12), l.pick(11)))
		return
	}
	l.does(who, line)
}

// note writes down what falls due now, as the cases tell.
func (l *life) note() {
	codes, err := l.Store.Due(context.Background(), l.Now(), 1<<20)
	must(l.t, err)
	for _, code := range codes {
		if code.IsMailbox() {
			continue
		}
		give, _ := l.Case(code).Due(casework.DefaultPolicy(), l.Now())
		for _, r := range give {
			for _, user := range r.To {
				l.due[due{code, r.Key, user}] = l.Now()
			}
		}
	}
}

// read checks that a reader may know, at this moment, of all that a message of
// reminders tells.
func (l *life) read(m bottest.Message) {
	if len(m.Keys) == 0 || m.Now.Card == nil {
		return
	}
	known := map[casework.Code]*casework.Case{}
	for _, row := range m.Now.Card.Rows {
		if row.Case == "" {
			continue
		}
		c := known[row.Case]
		if c == nil {
			c = l.Case(row.Case)
			known[row.Case] = c
		}
		for _, reader := range m.Readers {
			if !c.Covers(reader, row.Topic, l.Now()) {
				l.t.Errorf("%s is told of %s in %s", reader, row.Topic, row.Case)
			}
		}
	}
}

// account looks for everything that was due.
func (l *life) account() {
	shown := map[string]int{}
	messages := 0
	for _, m := range l.Platform.Select(func(m bottest.Message) bool { return len(m.Keys) > 0 }) {
		messages++
		for _, key := range m.Keys {
			shown[key]++
		}
		l.inHours(m)
	}
	count := map[string]int{"decided": l.decided, "restarts": l.restarts, "faults": l.faults, "due": len(l.due), "messages": messages}
	seen := map[due]bool{}
	err := l.Store.(storage.Scanner).Scan(context.Background(), func(code casework.Code, journal storage.Journal, err error) error {
		if err != nil || !code.IsMailbox() {
			return err
		}
		l.box(code, journal, seen, shown, count)
		return nil
	})
	must(l.t, err)
	for d := range l.due {
		if !seen[d] {
			l.t.Errorf("%+v was due and is in no mailbox", d)
		}
	}
	for key, n := range shown {
		if n != 1 {
			l.t.Errorf("%s was delivered %d times", key, n)
		}
	}
	stuck, err := l.Store.(storage.Overseer).Stuck(context.Background())
	must(l.t, err)
	count["stuck"] = len(stuck)
	kept := map[casework.Code]int{}
	for _, row := range stuck {
		kept[row.Case]++
	}
	for _, p := range l.passed {
		r := casework.Reminder{Kind: casework.ReminderKind(strings.Split(p.key, "/")[0]), Subject: strings.Split(p.key, "/")[1]}
		c := l.Case(p.code)
		if l.taken[due{code: p.code, key: p.key}] < 2 && kept[p.code] == 0 && c.Stands(r, c.Coordinator(), l.Now()) && c.Stands(r, p.user, l.Now()) {
			l.t.Errorf("%+v was passed on to nobody", p)
		}
	}
	if sum := count["delivered"] + count["dropped"] + count["overtaken"] + count["waiting"] + count["passed on"]; count["delivered"] == 0 || sum < len(l.due) {
		l.t.Errorf("%d are accounted for", sum)
	}
	l.t.Logf("%d cases, %d people, %d days", *years.cases, *years.people, *years.days)
	for _, name := range slices.Sorted(maps.Keys(count)) {
		l.t.Logf("%10s %d", name, count[name])
	}
}

// box accounts for what was ever put in one mailbox.
func (l *life) box(code casework.Code, journal storage.Journal, seen map[due]bool, shown, count map[string]int) {
	m, err := casework.ReadMailbox(code, journal.Entries)
	must(l.t, err)
	nudges := map[string]casework.Nudge{}
	ends := map[string]time.Time{} // when what was handed over was dealt with
	flying := map[string][]casework.Nudge{}
	handed, gone := map[string]bool{}, map[string]bool{}
	for i, raw := range journal.Entries {
		e, err := casework.Decode(uint64(i+1), raw)
		must(l.t, err)
		switch f := e.Fact.(type) {
		case casework.NudgeQueued:
			nudges[f.Key] = f.Nudge
			seen[due{f.Case, f.Reminder, m.User}] = true
			l.taken[due{code: f.Case, key: f.Reminder}]++
		case casework.BundleHanded:
			flying[f.Bundle.Key] = f.Nudges
			for _, n := range f.Nudges {
				handed[n.Key] = true
			}
		case casework.BundleReturned:
			for _, n := range flying[f.Key] {
				delete(handed, n.Key)
			}
		case casework.BundleArrived:
			for _, n := range flying[f.Key] {
				if !slices.Contains(f.Holds, n.Key) {
					ends[n.Key] = e.At
				}
			}
		case casework.BundleDropped:
			for _, n := range flying[f.Key] {
				ends[n.Key] = e.At
				gone[n.Key] = f.Gone
			}
		}
	}
	for key, n := range nudges {
		end, dropped := ends[key]
		switch {
		case shown[key] > 0:
			count["delivered"]++
		case gone[key]:
			count["passed on"]++
			l.passed = append(l.passed, due{n.Case, n.Reminder, m.User})
		case dropped && !l.held(n, m.User, end):
			count["dropped"]++
		case slices.ContainsFunc(m.Waiting, func(w casework.Nudge) bool { return w.Key == key }):
			count["waiting"]++
		case !handed[key]:
			count["overtaken"]++
		default:
			l.t.Errorf("%+v for %s is lost (dropped %v at %s)", n, m.User, dropped, end)
		}
	}
}

// held reports whether a reminder held at a moment, by the journal of then.
func (l *life) held(n casework.Nudge, user casework.UserID, at time.Time) bool {
	var then []casework.Entry
	for _, e := range l.Case(n.Case).History() {
		if !e.At.After(at) {
			then = append(then, e)
		}
	}
	return casework.Fold(n.Case, then).Stands(n.Recalls(), user, at.In(l.Now().Location()))
}

// inHours checks that a message was sent while its reader could be nudged. Quiet
// hours that were chosen since are not looked at.
func (l *life) inHours(m bottest.Message) {
	if h := casework.DefaultPolicy().Hours(l.Now().Location()); !h.Open(m.At) && !strings.Contains(m.Key, "time") {
		l.t.Errorf("%s was told at %s", m.Channel, m.At)
	}
}
