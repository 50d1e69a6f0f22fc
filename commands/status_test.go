package commands

import (
	"strings"
	"testing"

	"parcours/casework"
)

func TestStatus(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.rich()
		w.now = w.now.AddDate(0, 0, 9)
		r := w.do(claire, "suivi", c)
		wantFacts(t, r.Record)
		wantActs(t, r.Notices)
		text := r.Reply.AsText()
		at := -1
		for _, part := range []string{"/person]", "/words]", "/aim]", "/problem]", "/nameu-bilal]", "logement/element]", "sante/element]", "logement/title]", "sante/title]"} {
			i := strings.Index(text, part)
			if i < at {
				t.Errorf("%s comes too early, or not at all", part)
			}
			at = i
		}
		says(t, r.Reply, map[string]string{"fr": "en retard de 2 jours", "en": "2 days late"}[w.lang])
	})
}

// A reader who may not know of a topic reads the rest, and that there is more;
// not even the name of the topic stands as a heading.
func TestStatusOfWhatTheReaderMayKnow(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.rich()
	m := w.do(bilal, "suivi", c).Reply
	keeps(t, m, "/sante/")
	says(t, m, "Certaines lignes")
	for _, row := range m.Card.Rows {
		if row.IsHeading() && row.Label == "Santé" {
			t.Error("a heading stands over nothing")
		}
	}
}

// What others alone may read takes no place among the next deadlines.
func TestStatusOfDeadlinesForOthers(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement|sante")
	w.join(c, bilal, "partner", "logement")
	w.do(claire, "objectif", c, "topic", "sante", "title", mark(c.Code, casework.Health, "title"))
	for range soon {
		w.do(claire, "action", c, "objective", "o1", "what", mark(c.Code, casework.Health, "what"), "who", "p1", "due", "2026-03-02")
	}
	m := w.do(bilal, "suivi", c).Reply
	keeps(t, m, "/sante/")
	says(t, m, "Fin de l’accord de la personne")
}

func TestStatusOfACaseThatMayNotBeRead(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	w.join(c, bilal, "partner", "")
	w.do(claire, "consentement", c, "action", "grant", "topics", "logement", "form", "written")
	_, err := w.try(bilal, "suivi", c, nil)
	refusedFor(t, err, casework.NotAgreed, "")
	late := w.now.AddDate(2, 0, 0)
	w.now, late = late, w.now
	_, err = w.try(claire, "suivi", c, nil)
	refusedFor(t, err, casework.ConsentGone, "")
	w.now = late
	w.do(claire, "consentement", c, "action", "withdraw")
	_, err = w.try(claire, "suivi", c, nil)
	refusedFor(t, err, casework.CaseEnded, "")
}

// A case with far too much in it is told as far as a message goes.
func TestStatusOfALongCase(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	long := strings.Repeat("mot ", 700)
	for range 60 {
		w.do(claire, "objectif", c, "topic", "logement", "title", strings.Repeat("x", 150), "own_words", long)
	}
	says(t, w.do(claire, "suivi", c).Reply, "lignes de plus ne tiennent pas ici")
}
