package bot

import (
	"errors"
	"testing"
	"time"

	"parcours/bot/chat"
	"parcours/bot/internal/clearance"
	"parcours/casework"
	"parcours/storage/access"
)

// A pass opens one case to one reader, as an answer, without what the person did
// not agree to share.
func TestAPassOpensNothingElse(t *testing.T) {
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	c := casework.Fold("P-7K3F", []casework.Entry{{Seq: 1, At: now, By: "u-claire", Fact: casework.Opened{Person: "Lopez"}}, {
		Seq: 2, At: now, By: "u-claire", Fact: casework.ConsentGiven{Consent: casework.Consent{
			Version: 1, Topics: []casework.Topic{casework.Budget, casework.Health}, Vetoes: []casework.Topic{casework.Health}, Until: "2026-12-31",
		}},
	}})
	other := casework.Fold("P-9ACD", nil)
	pass := clearance.Grant(consultation{admin: "u-nadia", code: c.Code})
	row := func(code casework.Code, topic casework.Topic) chat.Row { return chat.About(code, topic, "l", "v") }
	gate := &Gate{}
	for _, test := range []struct {
		name string
		pass Override
		out  chat.Outgoing
		c    *casework.Case
		row  chat.Row
		file bool
		ok   bool
	}{
		{"what it is for", pass, chat.Outgoing{User: "u-nadia", Channel: "d"}, c, row(c.Code, casework.Budget), false, true},
		{"what is of the whole case", pass, chat.Outgoing{User: "u-nadia", Channel: "d"}, c, row(c.Code, ""), false, true},
		{"no pass", Override{}, chat.Outgoing{User: "u-nadia", Channel: "d"}, c, row(c.Code, ""), false, false},
		{"another reader", pass, chat.Outgoing{User: "u-paul", Channel: "d"}, c, row(c.Code, ""), false, false},
		{"a channel", pass, chat.Outgoing{Channel: "d"}, c, row(c.Code, ""), false, false},
		{"a message that stays", pass, chat.Outgoing{User: "u-nadia"}, c, row(c.Code, ""), false, false},
		{"another case", pass, chat.Outgoing{User: "u-nadia", Channel: "d"}, other, row(other.Code, ""), false, false},
		{"a row of another case", pass, chat.Outgoing{User: "u-nadia", Channel: "d"}, c, row(other.Code, ""), false, false},
		{"a file", pass, chat.Outgoing{User: "u-nadia", Channel: "d"}, c, row(c.Code, ""), true, false},
	} {
		test.out.Message = chat.Message{Text: "x", Card: &chat.Card{Rows: []chat.Row{test.row, chat.Heading("h"), row(test.c.Code, casework.Health), chat.Heading("g"), row(test.c.Code, casework.Housing)}}}
		if test.file {
			test.out.Message.Files = []chat.File{{Name: "x.pdf", Type: "application/pdf", Case: c.Code, Body: []byte("x")}}
		}
		cleared, err := gate.ClearOverride(test.pass, test.out, test.c)
		out, ok := cleared.Value()
		if ok != test.ok || (err == nil) != test.ok {
			t.Errorf("%s: let out %t, %v", test.name, ok, err)
		}
		if ok && (len(out.Message.Card.Rows) != 1 || out.Message.Card.Rows[0] != test.row) {
			t.Errorf("%s: shows %+v", test.name, out.Message.Card.Rows)
		}
	}
}

// A pass for an archive opens it to whoever asked, in private, and nothing else.
func TestAPassForAnArchive(t *testing.T) {
	c, other := casework.Fold("P-7K3F", nil), casework.Fold("P-9ACD", nil)
	pass := clearance.Grant(consultation{admin: "u-nadia", code: c.Code})
	private := chat.Outgoing{User: "u-nadia"}
	gate := &Gate{}
	for _, test := range []struct {
		name string
		pass Override
		out  chat.Outgoing
		c    *casework.Case
		file casework.Code
		row  chat.Row
		ok   bool
	}{
		{"what it is for", pass, private, c, c.Code, chat.Plain("", "v"), true},
		{"no pass", Override{}, private, c, c.Code, chat.Plain("", "v"), false},
		{"another reader", pass, chat.Outgoing{User: "u-paul"}, c, c.Code, chat.Plain("", "v"), false},
		{"an answer", pass, chat.Outgoing{User: "u-nadia", Channel: "d"}, c, c.Code, chat.Plain("", "v"), false},
		{"another case", pass, private, other, other.Code, chat.Plain("", "v"), false},
		{"a file of another case", pass, private, c, other.Code, chat.Plain("", "v"), false},
		{"a row of a case", pass, private, c, c.Code, chat.About(c.Code, "", "l", "v"), false},
	} {
		test.out.Message = chat.Message{
			Text: "x", Card: &chat.Card{Rows: []chat.Row{test.row}},
			Files: []chat.File{{Name: "x.zip", Type: "application/zip", Case: c.Code, Body: []byte("x")}, {Name: "y.zip", Type: "application/zip", Case: test.file, Body: []byte("y")}},
		}
		if test.c != c {
			test.out.Message.Files = test.out.Message.Files[1:]
		}
		cleared, err := gate.ClearArchive(test.pass, test.out, test.c)
		if _, ok := cleared.Value(); ok != test.ok || (err == nil) != test.ok {
			t.Errorf("%s: let out %t, %v", test.name, ok, err)
		}
	}
}

// noted is an access log that keeps what it is given, or fails.
type noted struct {
	AccessLog
	records []access.Record
	fails   error
}

func (n *noted) Record(records ...access.Record) error {
	n.records = append(n.records, records...)
	return n.fails
}

// A pass is had by an administrator for a consultation of their own, once it is noted.
func TestWhoHasAPass(t *testing.T) {
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	c := casework.Fold("P-7K3F", []casework.Entry{
		{Seq: 1, At: now, By: "u-claire", Fact: casework.Opened{Person: "Lopez"}},
		{Seq: 2, At: now, By: "u-nadia", Fact: casework.Consulted{ID: "k1", Reason: "pour l’enquête demandée"}},
	})
	administering := &staff{named: Staff{Admins: []string{"u-nadia", "u-paul"}}}
	for _, test := range []struct {
		name  string
		who   casework.UserID
		id    string
		fails error
		code  casework.Code
		why   casework.ErrorCode
	}{
		{"theirs", "u-nadia", "k1", nil, c.Code, ""},
		{"that of another administrator", "u-paul", "k1", nil, "", casework.NoCase},
		{"none", "u-nadia", "k2", nil, "", casework.NoCase},
		{"no administrator", "u-claire", "k1", nil, "", notAdmin},
		{"an access that cannot be noted", "u-nadia", "k1", errors.New("full"), "", notRecorded},
	} {
		log := &noted{fails: test.fails}
		gate := newGate(surfaces{}, func() time.Time { return now }, log)
		pass, err := gate.override(t.Context(), administering, chat.Account{ID: test.who, Active: true}, c, access.Override, test.id)
		var refused *casework.Error
		if errors.As(err, &refused) && refused.Code != test.why || err == nil && test.why != "" {
			t.Errorf("%s: %v, want %q", test.name, err, test.why)
		}
		opened, ok := pass.Value()
		if ok != (test.code != "") || opened.code != test.code {
			t.Errorf("%s: a pass %t for %q", test.name, ok, opened.code)
		}
		if want := test.why == "" || test.fails != nil; want != (len(log.records) == 1) {
			t.Errorf("%s: noted %+v", test.name, log.records)
		}
	}
}
