package commands

import "testing"

func TestHeld(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.open("logement")
		says(t, w.see("held", c, "stranger "+string(zoe), claire), string(c.Code), "Name of u-zoe")
		for _, reason := range []string{"public", "missing"} {
			says(t, w.see("held", c, reason, claire), string(c.Code))
		}
		// Once the consent has ended, no row may be read: what to do still is.
		w.now = w.now.AddDate(2, 0, 0)
		m := w.see("held", c, "stranger "+string(zoe), claire)
		keeps(t, m, "u-zoe")
		for _, row := range m.Card.Rows {
			if row.Case != "" {
				t.Error("a row nobody may read keeps the message back")
			}
		}
		w.do(claire, "consentement", c, "action", "withdraw")
		w.silent("held", c, "public", claire)
	})
}
