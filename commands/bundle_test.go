package commands

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
)

// bundled gives the items of reminders of a case, as the outbox makes them.
func (w *world) bundled(c *casework.Case, reader casework.UserID, reminders ...casework.Reminder) []command.Item {
	w.t.Helper()
	var items []command.Item
	for _, r := range reminders {
		m := w.see(command.ReminderView(r.Kind), c, command.ReminderSubject(r), reader)
		items = append(items, command.Item{Case: c, Reminder: r, Message: m})
	}
	return items
}

func (w *world) bundle(reader casework.UserID, items []command.Item, cases []*casework.Case) (chat.Message, bool) {
	v := command.ViewRequest{Items: items, Cases: cases, Reader: reader, Now: w.now, Say: w.say(), Account: account, Policy: casework.DefaultPolicy()}
	m, ok := Views()[command.BundleView](v)
	if ok {
		w.check(m)
	}
	return m, ok
}

func action(id string) casework.Reminder {
	return casework.Reminder{Kind: casework.RemindAction, Subject: id}
}

// A bundle and a digest put each text in a row that owns to its case and topic.
func TestBundlesTellInTheirRows(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c, other := w.rich(), w.open("emploi|budget")
		w.do(claire, "objectif", other, "topic", "emploi", "title", mark(other.Code, casework.Work, "title"))
		w.do(claire, "action", other, "objective", "o1", "what", mark(other.Code, casework.Work, "what"), "who", "p1", "due", "2026-03-10")
		items := w.bundled(c, bilal, action("a1"), casework.Reminder{Kind: casework.RemindCommission, Subject: "c1"}, casework.Reminder{Kind: casework.RemindConsent})
		items[0].Late = true
		items = append(items, command.Item{Case: other, Reminder: action("a1"), Over: true})
		for _, reader := range []casework.UserID{claire, bilal} {
			m, ok := w.bundle(reader, items, []*casework.Case{c, other})
			if !ok || !strings.Contains(m.Text, string(c.Code)) {
				t.Errorf("%s reads %q", reader, m.Text)
			}
		}
		if m, ok := w.bundle(claire, nil, []*casework.Case{c, other}); !ok || len(m.Card.Rows) < 4 {
			t.Error("the digest says nothing")
		}
		if _, ok := w.bundle(zoe, nil, []*casework.Case{}); ok {
			t.Error("a digest of nothing is given")
		}
	})
}

func TestBundle(t *testing.T) {
	w := newWorld(t, "fr")
	c := acting(w)
	one := w.bundled(c, bilal, action("a1"))
	one[0].Late, one[0].At = true, w.now.AddDate(0, 0, -3)
	m, _ := w.bundle(bilal, one, nil)
	says(t, m, "1 rappel en retard, depuis vendredi.", "a1 postpone")
	one[0].At = w.now.AddDate(0, -1, 0)
	m, _ = w.bundle(bilal, one, nil)
	says(t, m, "depuis le lundi 2 février 2026")
	one[0].Over = true
	m, _ = w.bundle(bilal, one, nil)
	says(t, m, "a1 de "+string(c.Code)+" : c’est réglé.")
	if m.Card != nil {
		t.Error("its buttons are still there")
	}
}

func TestABundleKeepsTheLimits(t *testing.T) {
	w := newWorld(t, "fr")
	var items []command.Item
	for range 7 {
		c := acting(w)
		for i := range 6 {
			w.do(claire, "action", c, "objective", "o1", "what", strings.Repeat("long ", 30), "who", "p2", "due", fmt.Sprintf("2026-04-1%d", i))
			items = append(items, w.bundled(c, bilal, action(fmt.Sprintf("a%d", i+2)))...)
		}
	}
	m, ok := w.bundle(bilal, items, nil)
	if !ok || len(m.Card.Buttons) > 25 {
		t.Errorf("%d buttons", len(m.Card.Buttons))
	}
	says(t, m, "42 rappels", "…")
}

func TestSee(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.rich()
	says(t, w.push(bilal, c, "action.a1", "see").Reply, "Rappel", "a1 postpone")
	says(t, w.push(bilal, c, "mission", "see").Reply, "mission")
	says(t, w.push(bilal, c, "measure.p2", "see").Reply, "mesure")
	w.push(bilal, c, "a1", "done")
	says(t, w.push(bilal, c, "action.a1", "see").Reply, "c’est réglé")
	w.now = w.now.Add(time.Hour)
	says(t, w.push(bilal, c, "action.a99", "see").Reply, "c’est réglé")
}
