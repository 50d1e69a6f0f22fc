package bot

import (
	"testing"
	"time"

	"parcours/bot/chat"
	"parcours/bot/internal/clearance"
	"parcours/casework"
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
		{"no pass", Override{}, chat.Outgoing{User: "u-nadia", Channel: "d"}, c, row(c.Code, ""), false, false},
		{"another reader", pass, chat.Outgoing{User: "u-paul", Channel: "d"}, c, row(c.Code, ""), false, false},
		{"a channel", pass, chat.Outgoing{Channel: "d"}, c, row(c.Code, ""), false, false},
		{"a message that stays", pass, chat.Outgoing{User: "u-nadia"}, c, row(c.Code, ""), false, false},
		{"another case", pass, chat.Outgoing{User: "u-nadia", Channel: "d"}, other, row(other.Code, ""), false, false},
		{"a row of another case", pass, chat.Outgoing{User: "u-nadia", Channel: "d"}, c, row(other.Code, ""), false, false},
		{"a file", pass, chat.Outgoing{User: "u-nadia", Channel: "d"}, c, row(c.Code, ""), true, false},
	} {
		test.out.Message = chat.Message{Text: "x", Card: &chat.Card{Rows: []chat.Row{test.row, chat.Heading("h"), row(c.Code, casework.Health), chat.Heading("g"), row(c.Code, casework.Housing)}}}
		if test.file {
			test.out.Message.Files = []chat.File{{Name: "x.pdf", Case: c.Code}}
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
