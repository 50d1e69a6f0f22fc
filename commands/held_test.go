package commands

import (
	"testing"

	"parcours/casework"
)

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

// Whoever coordinates is told why nothing is shown any more, and what to do, until
// the consent is given anew. Everything else is refused for that reason meanwhile.
func TestSuspended(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.open("logement")
		w.silent("suspended", c, "changed", claire)
		c.Apply(casework.Entry{Seq: c.Seq + 1, At: w.now, Fact: casework.SharingSuspended{Why: casework.ConsentChanged}})
		says(t, w.see("suspended", c, "changed", claire), string(c.Code), map[string]string{"fr": "l’accord avait changé", "en": "had changed"}[w.lang])
		says(t, w.see("suspended", c, "unknown", claire), map[string]string{"fr": "a pu changer", "en": "may have changed"}[w.lang])
		for _, row := range w.see("suspended", c, "changed", claire).Card.Rows {
			if row.Case != "" {
				t.Error("a row nobody may read keeps the message back")
			}
		}
		_, err := w.try(claire, "suivi", c, nil)
		refusedFor(t, err, casework.ConsentInDoubt, "")
		_, err = w.try(claire, "objectif", c, values("topic", "logement", "title", "x"))
		refusedFor(t, err, casework.ConsentInDoubt, "")
		_, err = w.try(claire, "consentement", c, values("action", "extend", "topics", "sante"))
		refusedFor(t, err, casework.ConsentInDoubt, "action")
		w.do(claire, "consentement", c, "action", "grant", "topics", "logement", "form", "written")
		w.silent("suspended", c, "changed", claire)
		w.do(claire, "suivi", c)
	})
}
