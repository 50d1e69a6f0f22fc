package commands

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
)

func TestRecord(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.opened()
		r := w.do(dana, "relevé", c, "commission", "c1")
		wantFacts(t, r.Record, "record_frozen", "session_ended")
		wantActs(t, r.Notices, "post record r1", "tell record r1 u-sam")
		wantButtons(t, r.Reply, "attend sign read correct paper")
		wantButtons(t, w.do(dana, "séance", c).Reply, "draft attend view relevé")
		record, _ := c.Record("r1")
		says(t, r.Reply, record.Hash[:12], "/afar]", w.said("record.no_next"), w.said("record.no_attendance"))
		keeps(t, r.Reply, record.Hash, w.said("record.paper"))
		m := w.see("record", c, "r1", "")
		says(t, m, "logement/title]", "sante/title]", "logement/what]", record.Hash[:12], w.said("record.footer"))
		wantButtons(t, m, "sign read correct paper")
		for _, row := range m.Card.Rows {
			for _, topic := range []casework.Topic{casework.Housing, casework.Health} {
				if strings.Contains(row.Value, "/"+string(topic)+"/") && row.Topic != topic {
					t.Errorf("%q is of %q", row.Value, row.Topic)
				}
			}
		}
	})
}

func TestRecordRefused(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement|sante")
	w.join(c, bilal, "partner", "")
	w.do(claire, "commission", c, "at", "2026-03-20T14:00:00Z", "place", "x")
	record := func(by casework.UserID, pairs ...string) error {
		_, err := w.try(by, "relevé", c, values(append([]string{"commission", "c1"}, pairs...)...))
		return err
	}
	refusedFor(t, record(claire), casework.NotHeldYet, "commission")
	w.now = time.Date(2026, 3, 20, 16, 0, 0, 0, time.UTC)
	refusedFor(t, record(claire), casework.NoObjective, "")
	refusedFor(t, record(bilal), casework.Forbidden, "")
	w.do(claire, "objectif", c, "topic", "logement", "title", "Un logement sec")
	refusedFor(t, record(claire, "next_on", "2026-03-01"), casework.PastDate, "next_on")
	_, err := w.try(claire, "relevé", c, values("commission", "c9"))
	refusedFor(t, err, casework.UnknownItem, "commission")
	if err := record(claire); err != nil {
		t.Fatal(err)
	}
	refusedFor(t, record(claire), casework.SameAgain, "notes")
	w.now = w.now.AddDate(2, 0, 0)
	refusedFor(t, record(claire, "notes", "x"), casework.ConsentGone, "")
	_, err = w.press(bilal, c, "r1", "sign", nil)
	refusedFor(t, err, casework.ConsentGone, "")
}

// The meeting under way is offered first, or else the last one; those to come
// only when there is no other.
func TestRecordOfWhichMeeting(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.rich()
	offered := func() ([]chat.Option, string) {
		f := recordFields(w.request(dana, c, nil))[0].(chat.Select)
		return f.Options, f.Value()
	}
	if options, first := offered(); len(options) != 1 || first != "c1" {
		t.Errorf("before: %v, %q", options, first)
	}
	w.do(bilal, "commission", c, "at", "2026-03-08T14:00:00Z", "place", "x", "why", "x")
	w.do(bilal, "commission", c, "at", "2026-03-07T14:00:00Z", "place", "x", "why", "x")
	w.push(bilal, c, "c3", "cancel")
	w.now = time.Date(2026, 3, 5, 14, 0, 0, 0, time.UTC)
	w.push(dana, c, "c1", "begin")
	if options, first := offered(); len(options) != 1 || first != "c1" {
		t.Errorf("under way: %v, %q", options, first)
	}
	w.push(dana, c, "c1", "end", "next_on", "2026-06-01")
	w.now = time.Date(2026, 3, 8, 9, 0, 0, 0, time.UTC)
	if options, first := offered(); len(options) != 2 || first != "c2" {
		t.Errorf("after: %v, %q", options, first)
	}
}

func TestRecordSigned(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.opened()
		w.push(dana, c, "c1", "attend", "present", "person|p1|p2|p3")
		w.do(dana, "relevé", c, "commission", "c1")
		r := w.push(bilal, c, "r1", "sign")
		wantFacts(t, r.Record, "record_signed")
		wantActs(t, r.Notices, "update record r1", "update record r1 u-sam")
		says(t, r.Reply, w.said("record.part"))
		says(t, w.see("record", c, "r1", ""), "✓", "/nameu-bilal]", w.said("line.part"))
		_, err := w.press(bilal, c, "r1", "sign", nil)
		refusedFor(t, err, casework.AlreadySigned, "")
		_, err = w.press(claire, c, "r9", "sign", nil)
		refusedFor(t, err, casework.UnknownItem, "record")
		for _, user := range []casework.UserID{claire, dana} {
			keeps(t, w.push(user, c, "r1", "sign").Reply, w.said("record.part"), w.said("record.all_signed"))
		}
		says(t, w.push(sam, c, "r1", "sign").Reply, w.said("record.all_signed"))
		keeps(t, w.see("record", c, "r1", ""), w.said("label.unsigned"))
	})
}

// Nobody signs for another: not even on paper, but for the family, by whoever
// keeps the consent.
func TestRecordSignedOnPaper(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.opened()
	w.do(dana, "relevé", c, "commission", "c1")
	for _, user := range []casework.UserID{dana, sam} {
		_, err := w.press(user, c, "r1", "paper", values("name", "x", "witness", "y"))
		refusedFor(t, err, casework.Forbidden, "")
	}
	r := w.push(claire, c, "r1", "paper", "name", "Mme Martin", "witness", "M. Petit")
	wantFacts(t, r.Record, "record_signed")
	says(t, w.see("record", c, "r1", ""), "Mme Martin, sur papier, devant M. Petit")
	_, err := w.press(claire, c, "r1", "paper", values("name", "Mme Martin", "witness", "M. Petit"))
	refusedFor(t, err, casework.AlreadySigned, "name")
}

// Without an account of hers, the person gets paper.
func TestRecordOfAPersonWithoutAccount(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	w.do(claire, "objectif", c, "topic", "logement", "title", "Un logement sec")
	w.do(claire, "commission", c, "at", "2026-03-20T14:00:00Z", "place", "x")
	w.now = time.Date(2026, 3, 20, 16, 0, 0, 0, time.UTC)
	r := w.do(claire, "relevé", c, "commission", "c1")
	wantActs(t, r.Notices, "post record r1")
	says(t, r.Reply, "/parcours document record")
}

// A correction takes the place of the text: whoever signed is asked again, the
// old card says which is the new one, and nothing can be signed on it.
func TestRecordCorrected(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.opened()
		w.do(dana, "relevé", c, "commission", "c1", "notes", "Des notes", "next_on", "2026-06-01")
		w.push(bilal, c, "r1", "sign")
		w.push(sam, c, "r1", "sign")
		_, err := w.press(claire, c, "r1", "correct", values("notes", "x"))
		refusedFor(t, err, casework.Forbidden, "")
		_, err = w.press(dana, c, "r1", "correct", values("notes", "Des notes", "next_on", "2026-06-01"))
		refusedFor(t, err, casework.SameAgain, "notes")
		_, err = w.press(dana, c, "r9", "correct", nil)
		refusedFor(t, err, casework.UnknownItem, "record")

		r := w.push(dana, c, "r1", "correct")
		if len(r.Record) != 0 || len(r.Ask) != 2 || r.Ask[0].About().Value() != "Des notes" {
			t.Fatalf("got %+v, want a question", r)
		}
		r = w.push(dana, c, "r1", "correct", "notes", "D’autres notes")
		wantFacts(t, r.Record, "record_frozen")
		wantActs(t, r.Notices, "update record r1", "update record r1 u-sam", "post record r2", "tell resign r2 u-bilal", "tell resign r2 u-sam")
		old := w.see("record", c, "r1", "")
		wantButtons(t, old, "")
		says(t, old, map[string]string{"fr": "Remplacé par la version 2", "en": "Replaced by version 2"}[w.lang])
		keeps(t, old, "Des notes", "MARK")
		m := w.see("resign", c, "r2", bilal)
		keeps(t, m, "MARK", "notes")
		wantButtons(t, m, "read sign")
		for _, user := range []casework.UserID{bilal, claire} {
			_, err = w.press(user, c, "r1", "sign", nil)
			refusedFor(t, err, casework.StaleRecord, "")
		}
		says(t, w.do(bilal, "suivi", c).Reply, "r2 sign")
		w.push(bilal, c, "r2", "sign")
		w.silent("resign", c, "r2", bilal)
	})
}

// The form of a correction holds what was noted, for those alone who may correct
// it and know what it says.
func TestRecordCorrectionIsPrefilled(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.held()
	given := func(user casework.UserID, subject string) string {
		r := w.request(user, c, nil)
		r.Subject = subject
		var all []string
		for _, f := range correctFields(r) {
			all = append(all, f.About().Default...)
		}
		return strings.Join(all, " ")
	}
	for _, subject := range []string{"r1", "r2"} {
		if got := given(dana, subject); !strings.Contains(got, "/corrected]") || !strings.Contains(got, "2026-06-01") {
			t.Errorf("%s holds %q", subject, got)
		}
	}
	if got := given(claire, "r2"); got != "" {
		t.Errorf("for somebody who may not correct: %q", got)
	}
	w.do(bilal, "consentement", c, "action", "grant", "topics", "logement", "form", "written")
	if got := given(dana, "r2"); got != "" {
		t.Errorf("for somebody who may know of nothing: %q", got)
	}
}

// Each reads what they may know of it, and no more.
func TestRecordRead(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.held()
	for _, reader := range []casework.UserID{claire, dana, sam} {
		says(t, w.push(reader, c, "r2", "read").Reply, "/sante/", "/logement/", "/corrected]", "/mother]")
	}
	m := w.push(bilal, c, "r2", "read").Reply
	keeps(t, m, "/sante/")
	says(t, m, "/logement/", "Certaines lignes")
	_, err := w.press(claire, c, "r9", "read", nil)
	refusedFor(t, err, casework.UnknownItem, "record")
	w.do(bilal, "consentement", c, "action", "extend", "veto", "sante")
	keeps(t, w.push(claire, c, "r2", "read").Reply, "/sante/")
}

// A large case is told as far as a message goes: what a record says is cut before
// who signed it.
func TestCardsOfALargeCase(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement|sante")
	long := strings.Repeat("mot ", 30)
	users := []casework.UserID{claire}
	for i := range 40 {
		user := casework.UserID(fmt.Sprintf("u-%02d", i))
		users = append(users, user)
		w.join(c, user, "partner", "")
	}
	for i := range 12 {
		w.do(claire, "objectif", c, "topic", []string{"logement", "sante"}[i%2], "title", long, "own_words", long)
	}
	for i := range 60 {
		w.do(claire, "action", c, "objective", fmt.Sprintf("o%d", i%12+1), "what", long, "who", fmt.Sprintf("p%d", i%41+1), "due", "2026-05-01")
	}
	w.do(claire, "commission", c, "at", "2026-03-20T14:00:00Z", "place", long)
	w.now = time.Date(2026, 3, 20, 14, 0, 0, 0, time.UTC)
	w.push(claire, c, "c1", "begin")
	all := []string{"person"}
	for i := range 41 {
		all = append(all, fmt.Sprintf("p%d", i+1))
	}
	w.push(claire, c, "c1", "attend", "present", strings.Join(all, "|"))
	w.push(claire, c, "c1", "view", "words", strings.Repeat("mot ", 740))
	w.push(claire, c, "c1", "draft")
	w.do(claire, "séance", c)
	w.do(claire, "relevé", c, "commission", "c1", "notes", strings.Repeat("mot ", 740), "next_on", "2026-06-01")
	for _, user := range users {
		w.push(user, c, "r1", "sign")
	}
	m := w.see("record", c, "r1", "")
	says(t, m, "ne tiennent pas ici : le relevé entier se lit sur papier", "✓ Signé", "r1 sign")
	if !slices.ContainsFunc(m.Card.Rows, func(r chat.Row) bool { return r.IsHeading() && r.Label == "Signatures" }) {
		t.Error("no signatures")
	}
	w.see("chairing", c, "c1", claire)
	w.see(command.HomeView, c, "", "")
}
