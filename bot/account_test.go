package bot_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"parcours/bot/bottest"
	"parcours/casework"
	"parcours/storage"
)

// note writes down what falls due now, as the cases tell.
func (l *life) note() {
	codes, err := l.mirror.Due(context.Background(), l.Now(), 1<<20)
	must(l.t, err)
	for _, code := range codes {
		if code.IsMailbox() {
			continue
		}
		give, _ := l.mirror.cases[code].Due(casework.DefaultPolicy(), l.Now())
		for _, r := range give {
			for _, user := range r.To {
				l.due[due{code, r.Key, user}] = l.Now()
			}
		}
	}
}

// nothingIsLeft checks that every case was asked of what is due.
func (l *life) nothingIsLeft() {
	for code, c := range l.mirror.cases {
		if give, record := c.Due(casework.DefaultPolicy(), l.Now()); len(give)+len(record) > 0 {
			l.t.Errorf("%s: at %s it is left to tell of %+v, and to write %+v", code, l.Now(), give, record)
		}
	}
}

// read looks at a message when it is sent or edited: its readers may know of all
// that it tells; it comes in their hours; and it is the only one at this moment.
func (l *life) read(m bottest.Message) {
	if m.Now.Card != nil {
		l.covered(m)
	}
	if !casework.Code(m.Key).IsMailbox() || l.told[m.Ref] {
		return
	}
	l.told[m.Ref] = true
	for _, key := range m.Keys {
		l.shown[key] = true
	}
	reader := m.Readers[0]
	if l.heard[reader]++; l.heard[reader] > 1 {
		l.t.Errorf("%s is told %d times at %s", reader, l.heard[reader], l.Now())
	}
	if s := l.mirror.boxes[reader].Settings; !inHours(s, l.Now()) {
		l.t.Errorf("%s is told at %s, with %+v", reader, l.Now(), s)
	}
}

// covered checks that the readers of reminders may know, at this moment, of all
// that these tell.
func (l *life) covered(m bottest.Message) {
	for _, row := range m.Now.Card.Rows {
		if row.Case == "" || len(m.Keys) == 0 {
			continue
		}
		for _, reader := range m.Readers {
			if !l.mirror.cases[row.Case].Covers(reader, row.Topic, l.Now()) {
				l.t.Errorf("%s is told of %s in %s", reader, row.Topic, row.Case)
			}
		}
	}
}

// inHours reports whether somebody with these settings may be nudged at a moment,
// where they are.
func inHours(s casework.Settings, at time.Time) bool {
	clock := casework.ClockAt(at.Hour(), at.Minute())
	switch {
	case at.Weekday() == time.Saturday || at.Weekday() == time.Sunday:
		return false
	case clock < casework.ClockAt(8, 0) || clock >= casework.ClockAt(18, 30):
		return false
	case s.QuietFrom <= s.QuietTo:
		return clock < s.QuietFrom || clock >= s.QuietTo
	}
	return clock < s.QuietFrom && clock >= s.QuietTo
}

// wrote checks, when it is written that a nudge is not told, that there is nothing
// to tell any more.
func (l *life) wrote(box *casework.Mailbox, e casework.Entry) {
	var key string
	var holds []string
	switch f := e.Fact.(type) {
	case casework.BundleArrived:
		key, holds = f.Key, f.Holds
	case casework.BundleDropped:
		if key = f.Key; f.Gone {
			return
		}
	default:
		return
	}
	b, _ := box.Bundle(key)
	for _, n := range b.Nudges {
		if !slices.Contains(holds, n.Key) && !l.shown[n.Key] && l.mirror.cases[n.Case].Stands(n.Recalls(), box.User, l.Now()) {
			l.t.Errorf("%s is not told of %s of %s, which holds", box.User, n.Reminder, n.Case)
		}
	}
}

// account looks for everything that was due.
func (l *life) account() {
	shown := map[string]int{}
	for _, m := range l.Platform.Select(func(m bottest.Message) bool { return len(m.Keys) > 0 }) {
		l.happened["messages"]++
		for _, key := range m.Keys {
			shown[key]++
		}
	}
	count := l.happened
	count["due"] = len(l.due)
	seen := map[due]bool{}
	err := l.mirror.Scan(context.Background(), func(code casework.Code, journal storage.Journal, err error) error {
		if err != nil || !code.IsMailbox() {
			return err
		}
		l.box(code, journal, seen, shown, count)
		return nil
	})
	must(l.t, err)
	for d, at := range l.due {
		if !seen[d] {
			l.t.Errorf("%+v was due at %s and is in no mailbox", d, at)
		}
	}
	for key, n := range shown {
		if n != 1 {
			l.t.Errorf("%s was delivered %d times", key, n)
		}
	}
	l.passedOn()
	if sum := count["delivered"] + count["dropped"] + count["overtaken"] + count["waiting"] + count["passed on"]; count["delivered"] == 0 || sum < len(l.due) {
		l.t.Errorf("%d are accounted for", sum)
	}
	l.t.Logf("%d cases, %d people, until %s", len(l.codes), l.people, l.Now())
	for _, name := range slices.Sorted(maps.Keys(count)) {
		l.t.Logf("%15s %d", name, count[name])
	}
}

// passedOn looks for what was for somebody who is gone: somebody else has it, or
// whoever runs the service, or there is nobody it is for.
func (l *life) passedOn() {
	stuck, err := l.mirror.Stuck(context.Background())
	must(l.t, err)
	l.happened["stuck"] = len(stuck)
	kept := map[casework.Code]int{}
	for _, row := range stuck {
		kept[row.Case]++
	}
	for _, p := range l.passed {
		// Of the kind, the subject, the day it is about, and how far from it: with
		// another day it is another reminder.
		of := strings.Split(p.key, "/")
		r := casework.Reminder{Kind: casework.ReminderKind(of[0]), Subject: of[1], On: casework.Day(of[2])}
		c := l.mirror.cases[p.code]
		if l.taken[due{code: p.code, key: p.key}] < 2 && kept[p.code] == 0 && c.Stands(r, c.Coordinator(), l.Now()) && c.Stands(r, p.user, l.Now()) {
			l.t.Errorf("%+v was passed on to nobody", p)
		}
	}
}

// box accounts for what was ever put in one mailbox.
func (l *life) box(code casework.Code, journal storage.Journal, seen map[due]bool, shown, count map[string]int) {
	m, err := casework.ReadMailbox(code, journal.Entries)
	must(l.t, err)
	nudges := map[string]casework.Nudge{}
	over := map[string]bool{} // what was handed over and is dealt with
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
					over[n.Key] = true
				}
			}
		case casework.BundleDropped:
			for _, n := range flying[f.Key] {
				over[n.Key] = true
				gone[n.Key] = f.Gone
			}
		}
	}
	for key, n := range nudges {
		switch {
		case shown[key] > 0:
			count["delivered"]++
		case gone[key]:
			count["passed on"]++
			l.passed = append(l.passed, due{n.Case, n.Reminder, m.User})
		case over[key]:
			count["dropped"]++
		case slices.ContainsFunc(m.Waiting, func(w casework.Nudge) bool { return w.Key == key }):
			count["waiting"]++
		case !handed[key]:
			count["overtaken"]++
		default:
			l.t.Errorf("%+v for %s is lost", n, m.User)
		}
	}
}
