package commands

import (
	"strings"
	"testing"
	"time"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

func TestWhoLooked(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.rich()
		day := 24 * time.Hour
		w.accesses = []command.Access{
			{At: w.now.Add(-time.Hour), User: bilal, Way: "answer", What: "status"},
			{At: w.now.Add(-2 * time.Hour), User: bilal, Way: "answer", What: "status"},
			{At: w.now.Add(-day), Readers: 4, Way: "post", What: "action"},
			{At: w.now.Add(-2 * day), User: zoe, Way: "override", Reason: "une plainte"},
			{At: w.now.Add(-3 * day), User: dana, Way: "answer", What: "objective"},
			{At: w.now.Add(-3 * day), Operator: "jeanne (1000)", Way: "export"},
			{At: w.now.Add(-3 * day), Operator: "jeanne (1000)", Way: "audit"},
			{At: w.now.Add(-200 * day), User: dana, Way: "files", What: "document list"},
		}
		looked := map[string][]string{
			"fr": {"a lu le suivi. (2 fois)", "Montré dans le canal, à 4 personnes", "motif : une plainte", "a lu une réponse sur la situation", "(compte jeanne (1000)) a pris une copie", "a regardé qui a consulté"},
			"en": {"read the overview. (2 times)", "Shown in the channel, to 4 people", "reason: une plainte", "read an answer about the case", "(account jeanne (1000)) took a copy", "looked at who consulted"},
		}[w.lang]
		happened := map[string]string{"fr": "a été proposée", "en": "was proposed"}[w.lang]
		document := map[string]string{"fr": "a reçu un document", "en": "was given a document"}[w.lang]

		// A member reads what happened, and not who looked.
		m := w.do(claire, "journal", c).Reply
		says(t, m, happened)
		keeps(t, m, looked...)

		// The person may ask who looked at what is hers, by the names of her circle.
		w.mayLook = []casework.UserID{sam, zoe}
		m = w.do(sam, "journal", c).Reply
		says(t, m, append(looked, happened, "/nameu-bilal]")...)
		keeps(t, m, document)
		if at := strings.Index(m.AsText(), looked[0]); at > strings.Index(m.AsText(), happened) {
			t.Error("who looked does not come first")
		}

		// An administrator reads who looked, and nothing of the case.
		m = w.do(zoe, "journal", c).Reply
		says(t, m, append(looked, "Name of u-bilal")...)
		keeps(t, m, "MARK", happened)

		m = w.do(zoe, "journal", c, "from", "2025-01-01", "to", "2025-12-31").Reply
		says(t, m, document)
		keeps(t, m, looked...)
		m = w.do(sam, "journal", c, "from", "2024-01-01", "to", "2024-12-31").Reply
		says(t, m, map[string]string{"fr": "Personne, sur cette période.", "en": "Nobody, in this period."}[w.lang])
		keeps(t, m, happened)
		_, err := w.try(zoe, "journal", c, values("from", "2026-03-02", "to", "2026-03-01"))
		refusedFor(t, err, casework.Backwards, "to")
	})
}

func TestWhoLookedIsBounded(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.rich()
	w.mayLook = []casework.UserID{zoe}
	for i := range 50 {
		w.accesses = append(w.accesses, command.Access{At: w.now.Add(-time.Duration(i) * time.Hour), User: []casework.UserID{bilal, dana}[i%2], Way: "answer", What: "status"})
	}
	m := w.do(zoe, "journal", c).Reply
	says(t, m, "Et 30 fois de plus, avant.")
	if n := len(m.Card.Rows); n != accessesMost+2 {
		t.Errorf("%d rows", n)
	}
}

func TestConsult(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.rich()
		const why = "la personne demande une copie de son dossier"
		for reason, code := range map[string]casework.ErrorCode{"": casework.Missing, "pour voir": casework.ReasonTooShort, "a              b": casework.ReasonTooShort} {
			_, err := w.try(zoe, "consulter", nil, values("case", string(c.Code), "reason", reason))
			if refused, ok := err.(*casework.Error); !ok || refused.Code != code || refused.Field != "reason" {
				t.Errorf("%q: %v", reason, err)
			}
		}
		_, err := w.try(zoe, "consulter", nil, values("case", "P-ZZZZ", "reason", why))
		refusedFor(t, err, casework.NoCase, "case")

		r := w.do(zoe, "consulter", nil, "case", string(c.Code), "reason", why)
		if r.Consults != c {
			t.Error("it is not said which case is consulted")
		}
		wantActs(t, r.Notices, "announce consulted k1") // see bot.TestAnnounced
		says(t, r.Reply, "/person]", "logement/title]")
		if len(r.Reply.Card.Buttons) > 0 {
			t.Errorf("buttons: %+v", r.Reply.Card.Buttons)
		}
		says(t, w.see("consulted", c, "k1", bilal), why, "Name of u-zoe")
		keeps(t, w.see("consulted", c, "k1", bilal), "MARK")
		w.silent("consulted", c, "k2", bilal)
		says(t, w.do(claire, "journal", c).Reply, why)

		// After the withdrawal it is announced as before.
		w.do(claire, "consentement", c, "action", "withdraw")
		wantActs(t, w.do(zoe, "consulter", nil, "case", string(c.Code), "reason", why).Notices, "announce consulted k2")
	})
}

// A closed case can be consulted as long as it is kept.
func TestConsultWhatIsClosed(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.rich()
	w.do(bilal, "clôturer", c, "reason", "La famille n’a plus besoin")
	pairs := []string{"case", string(c.Code), "reason", "une réclamation du conseil"}
	says(t, w.do(zoe, "consulter", nil, pairs...).Reply, "/person]")
	w.now = w.now.AddDate(50, 0, 0)
	_, err := w.try(zoe, "consulter", nil, values(pairs...))
	refusedFor(t, err, casework.NoCase, "")
}

func TestDanger(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		cell := map[string]string{"fr": "Dans votre département", "en": "In your département"}[w.lang]
		r := w.do(zoe, "danger", nil)
		says(t, r.Reply, "119", "17", "15", "112")
		keeps(t, r.Reply, cell)
		if len(r.Record)+len(r.Notices)+len(r.Count)+len(r.Mailbox) > 0 || !verb(t, "danger").Traceless {
			t.Errorf("something is noted: %+v", r)
		}
		for _, told := range []locales.Cell{{Phone: "01 23 45 67 89"}, {Email: "cellule@departement.fr", Hours: "de 9 h à 17 h"}} {
			w.place = locales.DepartementOf("62")
			w.place.Cell = told
			says(t, w.do(zoe, "danger", nil).Reply, cell, told.Phone, told.Email, told.Hours, "119")
		}
	})
}

// Whom to call is a button wherever people begin.
func TestDangerIsNear(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.rich()
	for name, m := range map[string]chat.Message{
		"home": w.do(zoe, "accueil", nil).Reply, "help": w.do(zoe, "aide", nil).Reply, "card": w.see(command.HomeView, c, "", ""),
	} {
		says(t, m, "/parcours danger")
		if t.Failed() {
			t.Fatal(name)
		}
	}
}
