package commands

import (
	"slices"
	"testing"
	"time"

	"parcours/bot/command"
	"parcours/casework"
)

// Whatever the domain says is due has words, for each of its readers.
func TestEveryReminderDueIsSaid(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.rich()
		said := map[casework.ReminderKind]bool{}
		for range 400 {
			give, record := c.Due(casework.DefaultPolicy(), w.now)
			for _, r := range give {
				for _, to := range r.To {
					if c.Covers(to, c.TopicOf(actionOf(c, r.Subject)), w.now) {
						w.see(command.ReminderView(r.Kind), c, command.ReminderSubject(r), to)
						said[r.Kind] = true
					}
				}
			}
			for _, fact := range record {
				c.Apply(casework.Entry{Seq: c.Seq + 1, At: w.now, Fact: fact})
			}
			w.now = w.now.AddDate(0, 0, 1)
		}
		for _, kind := range []casework.ReminderKind{
			casework.RemindAction, casework.RemindCommission, casework.RemindRecord, casework.RemindUnrecorded,
			casework.RemindConsent, casework.RemindMeasure, casework.RemindMission, casework.RemindSilence,
		} {
			if !said[kind] {
				t.Errorf("no reminder of %s in a year", kind)
			}
		}
	})
}

func actionOf(c *casework.Case, id string) casework.Action {
	a, _ := c.Action(id)
	return a
}

func TestRemindAction(t *testing.T) {
	w := newWorld(t, "fr")
	c := acting(w)
	m := w.see("reminder.action", c, "a1 -7", bilal)
	says(t, m, "une action est à faire dans 8 jours", "a1 done", "a1 postpone", "a1 help", "a1 reassign")
	w.now = w.now.AddDate(0, 0, 11)
	says(t, w.see("reminder.action", c, "a1 1", bilal), "en retard de 3 jours")
	says(t, w.see("reminder.action", c, "a1 1", claire), "a été prévenue aussi")
	w.push(bilal, c, "a1", "postpone", "due", "2026-06-01")
	w.silent("reminder.action", c, "a1 1 2026-03-10", bilal)
	w.see("reminder.action", c, "a1 -7 2026-06-01", bilal)
	w.push(bilal, c, "a1", "done")
	w.silent("reminder.action", c, "a1 -7 2026-06-01", bilal)
}

// For somebody without an account, the coordinator gets whom to reach and what
// to say.
func TestRemindActionOfSomebodyElsewhere(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.open("logement")
		w.do(claire, "liste", c, "name", "Paul Petit", "service", "Bailleur", "agreed", "true", "phone", "0102030405", "email", "paul@example.org")
		w.do(claire, "objectif", c, "topic", "logement", "title", "Un logement sec")
		w.do(claire, "action", c, "objective", "o1", "what", "Réparer le toit", "who", "p2", "due", "2026-03-10")
		w.do(claire, "action", c, "objective", "o1", "what", "Choisir", "who", "person", "due", "2026-03-10")
		m := w.see("reminder.action", c, "a1 -7", claire)
		hello := map[string]string{"fr": "Bonjour Paul Petit", "en": "Hello Paul Petit"}[w.lang]
		says(t, m, "0102030405", "paul@example.org", hello, "Réparer le toit")
		keeps(t, w.see("reminder.action", c, "a2 -7", claire), "0102030405", "Paul")
	})
}

// An agreement narrowed since: nothing is to be written to them any more.
func TestRemindActionOfSomebodyNoLongerTold(t *testing.T) {
	w := newWorld(t, "fr")
	c := acting(w)
	w.do(claire, "consentement", c, "action", "extend", "topics", "budget", "partners", "p1")
	w.do(claire, "liste", c, "name", "Bilal", "service", "S", "agreed", "true", "user", string(bilal), "topics", "budget")
	m := w.see("reminder.action", c, "a1 -7", claire)
	says(t, m, "Confiez l’action à quelqu’un d’autre")
	keeps(t, m, "Bonjour", "phone]")
}

func TestRemindCommission(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	w.do(claire, "commission", c, "at", "2026-04-01T14:00:00Z", "place", "Salle bleue")
	says(t, w.see("reminder.commission", c, "c1 -7", claire), "dans 30 jours", "pas encore dit")
	w.push(claire, c, "c1", "present")
	says(t, w.see("reminder.commission", c, "c1 -7", claire), "Vous avez dit que vous venez.")
	w.push(claire, c, "c1", "absent")
	says(t, w.see("reminder.commission", c, "c1 -7", claire), "ne venez pas")
	says(t, w.see("reminder.invitations", c, "c1 -21", claire), "dans 30 jours", "au moins 15 jours avant")
	w.now = w.now.AddDate(0, 0, 20)
	says(t, w.see("reminder.invitations", c, "c1 -15", claire), "envoyez-les aujourd’hui")
	w.now = w.now.AddDate(0, 0, 11)
	w.silent("reminder.commission", c, "c1 -7", claire)
	w.silent("reminder.invitations", c, "c1 -21", claire)
}

// What was renewed meanwhile is not recalled as ending.
func TestRemindersOfWhatWasProlonged(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.rich()
	w.now = w.now.AddDate(0, 0, 100)
	mission, measure := "u-bilal -30 2026-06-30", "p2 -30 2026-05-20"
	says(t, w.see("reminder.mission", c, mission, bilal), "vous sortez du cercle après ce jour")
	w.see("reminder.measure", c, measure, bilal)
	w.now = w.now.AddDate(0, 8, 0)
	consent := " -30 2027-03-02"
	says(t, w.see("reminder.consent", c, consent, bilal), "mardi 2 mars 2027", "/parcours consentement")
	w.do(claire, "consentement", c, "action", "extend", "until", "2028-01-01")
	w.silent("reminder.consent", c, consent, bilal)
}

// A reminder of the end of the consent is to be read on the day after, when
// nothing of the case may be shown any more.
func TestRemindConsentTellsNothing(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.rich()
	w.now = w.now.AddDate(1, 1, 0)
	m := w.see("reminder.consent", c, " 0", bilal)
	if slices.ContainsFunc(m.Card.Rows, isTold) {
		t.Error("a row nobody may read keeps the reminder back")
	}
	says(t, m, "(il y a ")
}

func TestRemindThinking(t *testing.T) {
	w := newWorld(t, "fr")
	w.do(claire, "ouvrir", nil, "person", "Alex", "household", "person", "answer", "thinking")
	c := w.cases[0]
	says(t, w.see("reminder.thinking", c, " 14", claire), "Alex", "sans insister")
	w.do(claire, "consentement", c, "action", "grant", "topics", "logement", "form", "written")
	w.silent("reminder.thinking", c, " 14", claire)
}

// Whoever does not sign here is reached otherwise: the coordinator has what it
// takes at hand, at no other's sight.
func TestRemindThoseWhoAreNotHere(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.open("logement")
		w.do(claire, "liste", c, "name", "Paul Petit", "service", "Bailleur", "agreed", "true", "phone", "0102030405")
		w.join(c, bilal, "partner", "")
		w.do(claire, "commission", c, "at", "2026-04-01T14:00:00Z", "place", "Salle bleue")
		hello := map[string]string{"fr": "Bonjour Paul Petit", "en": "Hello Paul Petit"}[w.lang]
		ready := map[string]string{"fr": "Texte prêt à envoyer", "en": "Text ready to send"}[w.lang]
		m := w.see("reminder.commission", c, "c1 -7 2026-04-01", claire)
		says(t, m, hello, "0102030405", "Salle bleue", ready)
		keeps(t, w.see("reminder.commission", c, "c1 -7 2026-04-01", bilal), "0102030405", ready)

		w.do(claire, "objectif", c, "topic", "logement", "title", "Un logement sec")
		w.now = time.Date(2026, 4, 1, 14, 0, 0, 0, time.UTC)
		w.do(claire, "relevé", c, "commission", "c1", "next_on", "2026-07-01")
		m = w.see("reminder.signatures", c, "r1 3 2026-04-01", claire)
		says(t, m, hello, "0102030405", ready, "r1 sign", "r1 read", "r1 paper")
		keeps(t, w.see("reminder.signatures", c, "r1 3 2026-04-01", bilal), "0102030405", ready, "paper")
		w.push(bilal, c, "r1", "sign")
		w.silent("reminder.signatures", c, "r1 3 2026-04-01", bilal)
		w.push(claire, c, "r1", "sign")
		keeps(t, w.see("reminder.signatures", c, "r1 7 2026-04-01", claire), map[string]string{"fr": "attend votre signature", "en": "awaits your signature"}[w.lang])
		w.push(claire, c, "r1", "correct", "notes", "Relu")
		w.silent("reminder.signatures", c, "r1 7 2026-04-01", claire)
	})
}

func TestRemindRecord(t *testing.T) {
	w := newWorld(t, "fr")
	c := acting(w)
	w.do(claire, "commission", c, "at", "2026-04-01T14:00:00Z", "place", "Salle bleue")
	w.now = time.Date(2026, 4, 2, 9, 0, 0, 0, time.UTC)
	m := w.see("reminder.record", c, "c1 1 2026-04-01", claire)
	says(t, m, "reste à fixer", "Salle bleue", "/parcours relevé", "c1 draft", "c1 cancel")
	keeps(t, m, "dernier rappel")
	w.silent("reminder.record", c, "c1 1 2026-04-01", bilal)
	says(t, w.see("reminder.unrecorded", c, "c1 30 2026-04-01", claire), "dernier rappel")
	w.push(claire, c, "c1", "begin")
	keeps(t, w.see("reminder.record", c, "c1 1 2026-04-01", claire), "cancel")
	w.do(claire, "relevé", c, "commission", "c1")
	w.silent("reminder.record", c, "c1 1 2026-04-01", claire)
	w.silent("reminder.unrecorded", c, "c1 30 2026-04-01", claire)
}

func TestRemindReview(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.held()
	w.silent("reminder.review", c, "c1 -30 2026-06-01", bilal)
	w.push(bilal, c, "c2", "cancel", "why", "neige")
	says(t, w.see("reminder.review", c, "c1 -30 2026-06-01", bilal), "personne n’y est encore convié", "lundi 1er juin 2026", "/parcours commission")
	w.silent("reminder.review", c, "c1 -30 2026-06-02", bilal)
	w.silent("reminder.review", c, "c1 -30 2026-06-01", claire)
	says(t, w.do(claire, "agenda", nil, "days", "100").Reply, "à convoquer")
}

func TestRemindSilence(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	w.now = w.now.AddDate(0, 0, 61)
	says(t, w.see("reminder.silence", c, " 60 2026-03-02", claire), "rien de nouveau depuis 61 jours", "/parcours suivi")
	w.do(claire, "objectif", c, "topic", "logement", "title", "Un logement sec")
	w.silent("reminder.silence", c, " 60 2026-03-02", claire)
}

// A closed case is still said to its keepers, until it can be read no more.
func TestRemindRetention(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	w.do(claire, "clôturer", c, "reason", "Déménagement")
	w.now = w.now.AddDate(2, 0, -30)
	m := w.see("reminder.retention", c, " -30 2028-03-02", claire)
	says(t, m, "jeudi 2 mars 2028", "/parcours document", "/parcours suivi")
	if slices.ContainsFunc(m.Card.Rows, isTold) {
		t.Error("a row tells of a closed case")
	}
	w.now = w.now.AddDate(0, 0, 31)
	w.silent("reminder.retention", c, " -30 2028-03-02", claire)
}

// What is left of a consent withdrawn, and of a proposal that was not answered, is said
// to be destroyed, without anything of it.
func TestRemindRetentionOfWhatIsLeft(t *testing.T) {
	w := newWorld(t, "fr")
	withdrawn := w.open("logement")
	w.do(claire, "ouvrir", nil, "person", "Alex", "household", "person", "answer", "thinking")
	thinking := w.cases[1]
	w.do(claire, "consentement", withdrawn, "action", "withdraw")
	w.now = w.now.AddDate(2, 0, -30)
	for what, c := range map[string]*casework.Case{"retiré son accord": withdrawn, "pas donné de réponse": thinking} {
		m := w.see("reminder.retention", c, " -30 2028-03-02", claire)
		says(t, m, what, "jeudi 2 mars 2028", "sera bientôt effacée")
		if slices.ContainsFunc(m.Card.Rows, isTold) {
			t.Errorf("%s: a row tells of the case", what)
		}
	}
}

// A case that nobody works on, of which the consent has run out, is said to be destroyed
// unless something is done, without anything of it; to whoever coordinates, and as long
// as nothing is.
func TestRemindRetentionOfACaseThatNobodyWorksOn(t *testing.T) {
	for name, keep := range map[string][]string{
		"agreed to anew": {"consentement", "action", "grant", "form", "written", "topics", "logement"},
		"closed":         {"clôturer", "reason", "Déménagement"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "fr")
			c := w.open("logement")
			last := c.Consent().Until
			w.now = last.AddMonths(24).At(9, 0, time.UTC).AddDate(0, 0, -30)
			subject := " -30 " + string(last.AddMonths(24))
			m := w.see("reminder.retention", c, subject, claire)
			says(t, m, "sera bientôt effacée", "depuis le lundi 2 mars 2026", "effacé après le vendredi 2 mars 2029", "/parcours consentement", "/parcours clôturer")
			if slices.ContainsFunc(m.Card.Rows, isTold) {
				t.Error("a row tells of the case")
			}
			w.silent("reminder.retention", c, subject, bilal)
			w.do(claire, keep[0], c, keep[1:]...)
			w.silent("reminder.retention", c, subject, claire)
		})
	}
}

func TestStatusSaysWhoHasNotAnswered(t *testing.T) {
	w := newWorld(t, "fr")
	c := acting(w)
	w.do(claire, "liste", c, "name", "Paul Petit", "service", "Bailleur", "agreed", "true")
	w.do(claire, "commission", c, "at", "2026-04-01T14:00:00Z", "place", "Salle bleue")
	says(t, w.do(claire, "suivi", c).Reply, "À joindre autrement : la personne accompagnée, Paul Petit", "Dernière décision")
	w.now = time.Date(2026, 4, 2, 9, 0, 0, 0, time.UTC)
	says(t, w.do(claire, "suivi", c).Reply, "Relevé à fixer")
}
