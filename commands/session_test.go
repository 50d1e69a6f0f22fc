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

// opened gives a rich case whose first meeting is under way, led by Dana.
func (w *world) opened() *casework.Case {
	w.t.Helper()
	c := w.rich()
	w.now = time.Date(2026, 3, 5, 14, 0, 0, 0, time.UTC)
	r := w.push(dana, c, "c1", "begin")
	wantFacts(w.t, r.Record, "session_opened")
	wantActs(w.t, r.Notices, "post session c1")
	return c
}

// held gives a rich case whose first meeting was held and recorded, in two
// versions; a second one is planned.
func (w *world) held() *casework.Case {
	w.t.Helper()
	c := w.opened()
	w.push(dana, c, "c1", "attend", "present", "person|p1|p3", "excused", "p2")
	w.push(dana, c, "c1", "topic", "topic", "logement", "agreed", "true")
	w.push(sam, c, "c1", "view", "words", mark(c.Code, "", "view"))
	w.do(claire, "diagnostic", c, "element", mark(c.Code, casework.Health, "strength"), "kind", "strength", "topic", "sante")
	w.do(sam, "action", c, "objective", "o2", "what", mark(c.Code, casework.Health, "what"), "who", "person", "due", "2026-03-12")
	w.push(sam, c, "a5", "done")
	w.do(claire, "foyer", c, "kind", "adult", "first_name", mark(c.Code, "", "sister"), "situation", mark(c.Code, "", "situation"))
	w.do(claire, "bilan", c, "objective", "o1", "outcome", "partly", "why", mark(c.Code, casework.Housing, "why"))
	w.do(claire, "bilan", c, "objective", "o2", "outcome", "not", "why", mark(c.Code, casework.Health, "why"))
	w.do(dana, "relevé", c, "commission", "c1", "notes", mark(c.Code, "", "notes"), "next_on", "2026-06-01")
	w.push(bilal, c, "r1", "sign")
	w.push(dana, c, "r1", "correct", "notes", mark(c.Code, "", "corrected"), "next_on", "2026-06-01")
	w.push(claire, c, "r2", "sign")
	w.push(claire, c, "r2", "paper", "name", mark(c.Code, "", "mother"), "witness", mark(c.Code, "", "before"))
	w.do(bilal, "commission", c, "at", "2026-06-01T14:00:00Z", "place", mark(c.Code, "", "place"))
	return c
}

func buttons(m chat.Message) string {
	var ids []string
	if m.Card != nil {
		for _, b := range m.Card.Buttons {
			id := b.ID
			if id == "run" {
				id = b.Subject
			}
			ids = append(ids, id)
		}
	}
	return strings.Join(ids, " ")
}

func wantButtons(t *testing.T, m chat.Message, want string) {
	t.Helper()
	if got := buttons(m); got != want {
		t.Errorf("buttons %q, want %q", got, want)
	}
}

// What a meeting offers depends on where it stands and on who reads.
func TestSessionStepByStep(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.rich()
		for user, want := range map[casework.UserID]string{dana: "diagnostic bilan", claire: "", sam: "view"} {
			wantButtons(t, w.do(user, "séance", c).Reply, want)
		}
		_, err := w.press(dana, c, "c1", "begin", nil)
		refusedFor(t, err, casework.NotHeldYet, "commission")
		w.now = time.Date(2026, 3, 5, 14, 0, 0, 0, time.UTC)
		for user, want := range map[casework.UserID]string{
			dana: "begin attend view draft bilan relevé", bilal: "begin attend view draft bilan relevé", claire: "", sam: "view",
		} {
			wantButtons(t, w.do(user, "séance", c).Reply, want)
		}
		_, err = w.press(claire, c, "c1", "begin", nil)
		refusedFor(t, err, casework.Forbidden, "")
		_, err = w.press(dana, c, "c1", "topic", values("topic", "logement", "agreed", "true"))
		refusedFor(t, err, casework.NoSession, "")
		r := w.push(dana, c, "c1", "begin")
		wantButtons(t, r.Reply, "attend topic view draft end bilan objectif action relevé")
		_, err = w.press(dana, c, "c1", "begin", nil)
		refusedFor(t, err, casework.AlreadyDone, "")
		w.now = w.now.Add(40 * time.Minute)
		says(t, w.do(claire, "séance", c).Reply, map[string]string{
			"fr": "ouverte depuis 40 minutes, il reste 50 minutes", "en": "open for 40 minutes, 50 minutes left",
		}[w.lang])
		w.now = w.now.Add(51 * time.Minute)
		says(t, w.do(claire, "séance", c).Reply, map[string]string{"fr": "dépassé de 1 minute", "en": "1 minute over"}[w.lang])
		r = w.push(dana, c, "c1", "end", "next_on", "2026-06-01")
		wantFacts(t, r.Record, "session_ended")
		wantButtons(t, r.Reply, "draft attend view relevé")
		_, err = w.press(dana, c, "c1", "end", values("next_on", "2026-06-01"))
		refusedFor(t, err, casework.NoSession, "")
		w.silent("session", c, "c1", "")
	})
}

// The person speaks first: her words come before objectives and obstacles.
func TestSessionGivesThePersonTheFirstWord(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.opened()
		r := w.push(sam, c, "c1", "view", "words", "Je voudrais souffler")
		wantFacts(t, r.Record, "view_given")
		for _, m := range []chat.Message{w.do(claire, "séance", c).Reply, w.push(dana, c, "c1", "draft").Reply} {
			text := m.AsText()
			at := -1
			for _, part := range []string{"Je voudrais souffler", "/words]", "logement/own]", "logement/title]"} {
				i := strings.Index(text, part)
				if part == "logement/title]" && i < 0 {
					continue // no earlier objective
				}
				if i < at {
					t.Errorf("%s comes too early, or not at all, in:\n%s", part, text)
				}
				at = i
			}
		}
		_, err := w.press(claire, c, "c1", "view", values("words", "x"))
		refusedFor(t, err, casework.Forbidden, "")
		w.push(dana, c, "c1", "view", "words", "Écrit pour elle")
	})
}

// A topic is opened with the person; one she sets aside is marked and left out,
// one she vetoed has no name anywhere.
func TestSessionTopics(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.rich()
		w.do(bilal, "consentement", c, "action", "extend", "veto", "relations")
		w.now = time.Date(2026, 3, 5, 14, 0, 0, 0, time.UTC)
		w.push(dana, c, "c1", "begin")
		w.push(dana, c, "c1", "topic", "topic", "logement", "agreed", "true")
		m := w.push(dana, c, "c1", "topic", "topic", "sante", "agreed", "false").Reply
		says(t, m, map[string]string{"fr": "Santé : écarté aujourd’hui", "en": "Health: set aside today"}[w.lang],
			map[string]string{"fr": "Logement : ouvert", "en": "Housing: open"}[w.lang],
			map[string]string{"fr": "Budget : à lui demander", "en": "Budget: to be asked"}[w.lang])
		keeps(t, m, "/sante/", capital(w.say().T("topic.relations")))
		keeps(t, w.push(dana, c, "c1", "draft").Reply, "/sante/")
		for topic, code := range map[string]casework.ErrorCode{"relations": casework.TopicVetoed, "emploi": casework.TopicNotShared} {
			_, err := w.press(dana, c, "c1", "topic", values("topic", topic, "agreed", "true"))
			refusedFor(t, err, code, "topic")
		}
		_, err := w.try(claire, "bilan", c, values("objective", "o2", "outcome", "not"))
		refusedFor(t, err, casework.TopicSetAside, "topic")
	})
}

// Bilal, who knows of housing and budget alone, leads too; he sees no health.
func TestSessionAsFarAsTheReaderMayKnow(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.opened()
	for _, m := range []chat.Message{
		w.do(bilal, "séance", c).Reply, w.push(bilal, c, "c1", "draft").Reply,
		w.push(bilal, c, "c1", "attend", "present", "person").Reply,
	} {
		keeps(t, m, "/sante/", "Santé")
		says(t, m, "Certaines lignes")
	}
	_, err := w.press(claire, c, "c1", "draft", nil)
	refusedFor(t, err, casework.Forbidden, "")
	w.push(bilal, c, "c1", "end", "next_on", "2026-06-01")
	w.do(bilal, "commission", c, "at", "2026-06-01T14:00:00Z", "place", "x", "chair", string(dana))
	w.push(bilal, c, "c2", "cancel")
	_, err = w.press(dana, c, "c2", "draft", nil)
	refusedFor(t, err, casework.MeetingOff, "")
}

func TestSessionAttendance(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.opened()
	_, err := w.press(dana, c, "c1", "attend", values("present", "p9"))
	refusedFor(t, err, casework.NotListed, "present")
	m := w.push(dana, c, "c1", "attend", "present", "person|p1", "excused", "p2").Reply
	says(t, m, "Présents : la personne accompagnée, ", "Excusés : MARK", "Absents : MARK")
	r := w.request(dana, c, nil)
	r.Subject = "c1"
	if got := attendFields(r)[0].About().Default; len(got) != 2 {
		t.Errorf("noted before: %q", got)
	}
}

func TestSessionWithoutAnyMeeting(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	wantButtons(t, w.do(claire, "séance", c).Reply, "commission")
	w.join(c, bilal, "partner", "")
	wantButtons(t, w.do(bilal, "séance", c).Reply, "")
	_, err := w.press(claire, c, "c1", "draft", nil)
	refusedFor(t, err, casework.UnknownItem, "commission")
	w.now = w.now.AddDate(2, 0, 0)
	_, err = w.try(claire, "séance", c, nil)
	refusedFor(t, err, casework.ConsentGone, "")
}

// The card in the channel says the rules and nothing of the case.
func TestSessionInTheChannel(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.opened()
		m := w.see("session", c, "c1", "")
		for _, row := range m.Card.Rows {
			if isTold(row) {
				t.Errorf("%q tells of the case", row.Label)
			}
		}
		wantButtons(t, m, "view")
		says(t, w.see(command.HomeView, c, "", ""), map[string]string{"fr": "En ce moment", "en": "Under way"}[w.lang])
	})
}

// The time-keeper says how much is left, and what is left to do.
func TestRemindTime(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.opened()
	give := func() casework.Reminder {
		t.Helper()
		due, record := c.Due(casework.DefaultPolicy(), w.now)
		for _, fact := range record {
			c.Apply(casework.Entry{Seq: c.Seq + 1, At: w.now, Fact: fact})
		}
		for _, r := range due {
			if r.Kind == casework.RemindTime {
				return r
			}
		}
		t.Fatalf("nothing of the time among %+v", due)
		return casework.Reminder{}
	}
	w.now = w.now.Add(75 * time.Minute)
	r := give()
	if fmt.Sprint(r.To) != "[u-dana]" {
		t.Errorf("told to %v", r.To)
	}
	m := w.see(command.ReminderView(r.Kind), c, command.ReminderSubject(r), dana)
	says(t, m, "il reste 15 minutes", "Fixer ensemble la date", "Noter qui est là", "Demander son avis", "Sujet pas encore ouvert : logement")
	w.push(dana, c, "c1", "topic", "topic", "logement", "agreed", "true")
	w.push(dana, c, "c1", "attend", "present", "person")
	w.push(dana, c, "c1", "view", "words", "Je suis d’accord")
	w.now = w.now.Add(15 * time.Minute)
	r = give()
	m = w.see(command.ReminderView(r.Kind), c, command.ReminderSubject(r), dana)
	says(t, m, "le temps prévu est écoulé", "Sujet pas encore ouvert : budget")
	keeps(t, m, "Noter qui est là", "Demander son avis", "ouvert : logement")
	w.push(dana, c, "c1", "end", "next_on", "2026-06-01")
	w.silent("reminder.time", c, "c1 0", dana)
}

// The meeting at hand is the one of today that still has to be held or recorded,
// before one that was, and before those to come.
func TestSessionAtHand(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.opened()
	w.do(bilal, "commission", c, "at", "2026-04-05T14:00:00Z", "place", "x")
	at := func(want string) {
		t.Helper()
		if m, ok := atHand(c, w.now); !ok || m.ID != want {
			t.Errorf("at hand: %q, want %q", m.ID, want)
		}
	}
	at("c1")
	w.push(dana, c, "c1", "end", "next_on", "2026-04-05")
	at("c1")
	w.do(dana, "relevé", c, "commission", "c1")
	at("c1")
	w.do(bilal, "commission", c, "at", "2026-03-05T18:00:00Z", "place", "x", "why", "x")
	at("c3")
	w.now = w.now.AddDate(0, 0, 1)
	at("c2")
}
