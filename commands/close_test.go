package commands

import (
	"testing"

	"parcours/casework"
)

func TestClosed(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.rich()
		r := w.do(bilal, "clôturer", c, "reason", mark(c.Code, "", "reason"), "words", mark(c.Code, "", "said"), "satisfaction", "very",
			"heard", "rather", "helped", "little", "improved", "partly", "remains", mark(c.Code, "", "remains"), "successor", "p2")
		wantFacts(t, r.Record, "closed")
		wantActs(t, r.Notices, "tell closed u-claire u-claire", "tell closed u-bilal u-bilal", "tell closed u-dana u-dana", "tell closed u-sam u-sam", "archive")
		says(t, r.Reply, "/reason]", "/said]", "/remains]", "2028")
		keeps(t, w.see("closed", c, string(dana), dana), "MARK")

		// Past plans stay readable, each for what the consent opens to them.
		for _, reader := range []casework.UserID{claire, bilal, dana, sam} {
			m := w.do(reader, "suivi", c).Reply
			says(t, m, "/reason]", "/logement/title]")
			if reader == bilal {
				keeps(t, m, "/sante/")
			}
		}
		_, err := w.try(bilal, "objectif", c, values("topic", "logement", "title", "encore"))
		refusedFor(t, err, casework.CaseEnded, "")
		w.now = w.now.AddDate(2, 0, 1)
		_, err = w.try(bilal, "suivi", c, nil)
		refusedFor(t, err, casework.CaseEnded, "")
	})
}

func TestClosedWithoutAReason(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	_, err := w.try(claire, "clôturer", c, nil)
	refusedFor(t, err, casework.Missing, "reason")
	_, err = w.try(claire, "clôturer", c, values("reason", "fin", "successor", "p9"))
	refusedFor(t, err, casework.NotListed, "successor")
	w.do(claire, "clôturer", c, "reason", "fin")
	_, err = w.try(claire, "clôturer", c, values("reason", "fin"))
	refusedFor(t, err, casework.CaseEnded, "")
}
