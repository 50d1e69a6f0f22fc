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

// The calendar file names cases by their code alone, and leaves out what is past.
func TestAgendaGivesACalendar(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.rich()
		files := w.do(claire, "agenda", nil, "days", "100").Reply.Files
		if len(files) != 1 || files[0].Name != "agenda.ics" || files[0].Case != "" {
			t.Fatalf("files: %+v", files)
		}
		body := string(files[0].Body)
		for _, part := range []string{"a4." + string(c.Code) + "@parcours", "c1." + string(c.Code) + "@parcours", "DTSTART:20260305T140000Z"} {
			if !strings.Contains(body, part) {
				t.Errorf("%q is not in:\n%s", part, body)
			}
		}
		if strings.Contains(body, "MARK") {
			t.Errorf("the file tells of the case:\n%s", body)
		}
		w.now = w.now.AddDate(0, 0, 8)
		if body := string(w.do(claire, "agenda", nil, "days", "366").Reply.Files[0].Body); strings.Contains(body, "a4.") {
			t.Errorf("something past is in:\n%s", body)
		}
		if files := w.do(zoe, "agenda", nil).Reply.Files; files != nil {
			t.Error("a calendar of nothing")
		}
	})
}
