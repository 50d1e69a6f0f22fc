package commands

import "testing"

func TestMine(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := acting(w)
		w.do(claire, "ouvrir", nil, "person", "Alex", "household", "person", "answer", "thinking")
		second := w.cases[1]
		m := w.do(claire, "mes-situations", nil).Reply
		says(t, m, string(c.Code), string(second.Code), "/person]", "Alex")
		keeps(t, m, "Appeler le bailleur")
		says(t, w.do(bilal, "mes-situations", nil).Reply, "a1 : Appeler le bailleur")
		w.push(bilal, c, "a1", "done")
		keeps(t, w.do(bilal, "mes-situations", nil).Reply, "Appeler le bailleur", string(second.Code))
	})
}

func TestMineWithNothing(t *testing.T) {
	w := newWorld(t, "fr")
	says(t, w.do(zoe, "mes-situations", nil).Reply, "Aucune situation", "/parcours ouvrir")
}

// An invitation tells nothing before it is accepted; what was withdrawn is gone
// for all but its author.
func TestMineFromOutside(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	w.join(c, bilal, "partner", "")
	w.do(claire, "inviter", c, "user", string(sam), "role", "person")
	m := w.do(sam, "mes-situations", nil).Reply
	says(t, m, string(c.Code), "Une invitation attend")
	keeps(t, m, "MARK")
	w.do(claire, "consentement", c, "action", "withdraw")
	for _, user := range []string{"u-sam", "u-bilal"} {
		keeps(t, w.do(bilal, "mes-situations", nil).Reply, string(c.Code), user)
	}
	m = w.do(claire, "mes-situations", nil).Reply
	says(t, m, string(c.Code), "le partage est arrêté")
	keeps(t, m, "MARK")
}
