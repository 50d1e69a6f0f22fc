package commands

import (
	"strings"
	"testing"

	"parcours/casework"
)

func TestHousehold(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.open("logement|enfance")
		w.do(claire, "foyer", c, "kind", "person", "title", "madame", "last_name", mark(c.Code, "", "last"), "family", "single_parent",
			"address", mark(c.Code, "", "address"), "locker", "yes")
		w.do(claire, "foyer", c, "kind", "child", "first_name", mark(c.Code, casework.Childhood, "child"), "born", "2016-03-12")
		r := w.do(claire, "foyer", c, "kind", "person", "phone", "06 00 00 00 00")
		wantFacts(t, r.Record, "relative_stated")
		says(t, r.Reply, "/last]", "/address]", "06 00 00 00 00", "/child]")
		says(t, w.do(claire, "suivi", c).Reply, "/last]", "/child]")
	})
}

// The children of a family who would rather not speak of them are not written
// down, nor shown to those they are not open to.
func TestChildrenAreATopic(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	_, err := w.try(claire, "foyer", c, values("kind", "child", "first_name", "Léa"))
	refusedFor(t, err, casework.TopicNotShared, "kind")

	c = w.open("logement|enfance")
	w.do(claire, "foyer", c, "kind", "child", "first_name", "Léa")
	w.join(c, bilal, "partner", "logement")
	keeps(t, w.do(bilal, "suivi", c).Reply, "Léa")
}

func TestHouseholdBadInput(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement|enfance")
	for name, test := range map[string]struct {
		pairs []string
		code  casework.ErrorCode
		field string
	}{
		"nobody named":     {[]string{"kind", "child", "activity", "école"}, casework.Missing, "first_name"},
		"born tomorrow":    {[]string{"kind", "person", "born", "2026-03-03"}, casework.FutureDate, "born"},
		"300 letters":      {[]string{"kind", "person", "last_name", strings.Repeat("a", 300)}, casework.TooLong, "last_name"},
		"a title of ours":  {[]string{"kind", "person", "title", "dr"}, casework.NotAChoice, "title"},
		"nobody of theirs": {[]string{"kind", "cat", "first_name", "Max"}, casework.NotAChoice, "kind"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.try(claire, "foyer", c, values(test.pairs...))
			refusedFor(t, err, test.code, test.field)
		})
	}
	w.do(claire, "foyer", c, "kind", "person", "last_name", "Lopez")
	_, err := w.try(claire, "foyer", c, values("kind", "person", "last_name", "Lopez"))
	refusedFor(t, err, casework.SameAgain, "")
}
