package commands

import "testing"

func TestRefused(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.open("logement")
		for _, act := range []string{"add", "remove"} {
			says(t, w.see("refused", c, act+" "+string(zoe), claire), string(c.Code), "Name of u-zoe")
		}
		w.silent("refused", c, "post", claire)
		w.do(claire, "consentement", c, "action", "withdraw")
		for _, act := range []string{"open", "remove " + string(zoe), "archive"} {
			m := w.see("refused", c, act, claire)
			says(t, m, string(c.Code))
			for _, row := range m.Card.Rows {
				if row.Case != "" {
					t.Error("a row nobody may read keeps the message back")
				}
			}
		}
	})
}
