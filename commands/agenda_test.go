package commands

import (
	"strings"
	"testing"
)

func TestAgenda(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := acting(w)
		w.do(claire, "commission", c, "at", "2026-03-25T14:00:00Z", "place", "Salle bleue")
		other := w.open("budget")
		w.do(claire, "objectif", other, "topic", "budget", "title", "Payer")
		w.do(claire, "action", other, "objective", "o1", "what", "Trier les factures", "who", "p1", "due", "2026-03-12")
		w.now = w.now.AddDate(0, 0, 12)
		m := w.do(claire, "agenda", nil).Reply
		text := m.AsText()
		says(t, m, string(c.Code)+" — ", string(other.Code)+" — Trier les factures", "Salle bleue", map[string]string{"fr": "en retard de 2 jours", "en": "2 days late"}[w.lang])
		if strings.Index(text, "Trier") > strings.Index(text, "Salle bleue") {
			t.Error("not in the order of days")
		}
		keeps(t, m, "Appeler le bailleur")
		m = w.do(bilal, "agenda", nil, "days", "3").Reply
		says(t, m, "Appeler le bailleur")
		keeps(t, m, "Salle bleue", "Trier")
	})
}

func TestAgendaOfSomebodyThinking(t *testing.T) {
	w := newWorld(t, "fr")
	w.do(claire, "ouvrir", nil, "person", "Alex", "household", "person", "answer", "thinking")
	says(t, w.do(claire, "agenda", nil).Reply, "lundi 16 mars 2026", "Reprendre contact")
	says(t, w.do(claire, "agenda", nil, "days", "5").Reply, "Rien à faire")
}
