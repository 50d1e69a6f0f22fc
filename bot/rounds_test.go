package bot_test

import (
	"errors"
	"flag"
	"slices"
	"strconv"
	"testing"
	"time"

	"parcours/bot/bottest"
	"parcours/casework"
	"parcours/casework/caseworktest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// At every hour of some weeks each person is told exactly what a naive scheduler
// would tell them, whatever is decided, stopped or cut in between: over the night
// of 29 February and those on which the clocks change, too.
func TestEachIsToldWhatANaiveSchedulerTells(t *testing.T) {
	fewer(t, 2)
	reminders := 0
	rapid.Check(t, func(rt *rapid.T) {
		pick := func(n int) int { return caseworktest.Below(rt, n, "chance") }
		from := []time.Time{date(2028, 2, 21), date(2028, 3, 20), date(2028, 10, 23), date(2027, 12, 20)}[pick(4)]
		l := begun(t, from, 2, 3, pick)
		defer l.Store.Close()
		rounds := caseworktest.Rounds{Policy: casework.DefaultPolicy()}
		told := map[casework.UserID][]string{}
		l.Platform.Delivered = func(m bottest.Message) {
			again := l.told[m.Ref]
			if l.read(m); casework.Code(m.Key).IsMailbox() && !again {
				l.names(m, told)
			}
		}
		down := false
		for range 20 {
			l.decide()
		}
		for range 4 + pick(4) {
			l.decide()
			down = l.strike(down)
			for range 1 + pick(40) {
				if l.Advance(time.Hour); l.Now().Hour() == 20 {
					l.Advance(11 * time.Hour)
				}
				// What waited for a message to arrive comes with the second look.
				l.settle()
				l.settle()
				want := rounds.Tell(l.Now(), l.journals(), func(user casework.UserID) bool {
					box := l.mirror.boxes[user]
					return !down && (box == nil || inHours(box.Settings, l.Now()))
				})
				if diff := cmp.Diff(want, told); diff != "" {
					rt.Fatalf("at %s (-naive +told):\n%s", l.Now(), diff)
				}
				for _, keys := range told {
					reminders += len(keys)
				}
				clear(told)
			}
		}
	})
	if reminders < 20 {
		t.Errorf("%d reminders were compared: the test looks at nothing", reminders)
	}
}

// fewer has rapid try only one in n of what it would: a try here lives for weeks.
func fewer(t *testing.T, n int) {
	checks := flag.Lookup("rapid.checks").Value
	was := checks.String()
	many, err := strconv.Atoi(was)
	must(t, err)
	must(t, checks.Set(strconv.Itoa(many/n)))
	t.Cleanup(func() { must(t, checks.Set(was)) })
}

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 9, 0, 0, 0, caseworktest.Zone())
}

// strike stops the bot, or the platform, or loses one of its answers, or sets all
// right; down is whether nothing can be sent.
func (l *life) strike(down bool) bool {
	cut := errors.New("cut")
	switch l.pick(6) {
	case 0:
		l.Restart()
	case 1:
		down = true
		l.Platform.Fault = func(call string) error {
			if call == "Send" {
				return cut
			}
			return nil
		}
	case 2:
		l.Platform.After = func(call string) error {
			if call != "Send" {
				return nil
			}
			l.Platform.After = nil
			return cut
		}
	case 3, 4:
		l.Platform.Fault, down = nil, false
	}
	return down
}

// names adds, for a message of reminders, the case and the key of each.
func (l *life) names(m bottest.Message, told map[casework.UserID][]string) {
	reader := m.Readers[0]
	b, _ := l.mirror.boxes[reader].Bundle(m.Key)
	for _, n := range b.Nudges {
		if name := string(n.Case) + " " + n.Reminder; slices.Contains(m.Keys, n.Key) && !slices.Contains(told[reader], name) {
			told[reader] = append(told[reader], name)
		}
	}
	slices.Sort(told[reader])
}

func (l *life) journals() map[casework.Code][]casework.Entry {
	journals := map[casework.Code][]casework.Entry{}
	for code, c := range l.mirror.cases {
		journals[code] = c.History()
	}
	return journals
}
