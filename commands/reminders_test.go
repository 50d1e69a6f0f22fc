package commands

import (
	"slices"
	"testing"

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
		for _, kind := range []casework.ReminderKind{casework.RemindAction, casework.RemindCommission, casework.RemindConsent, casework.RemindMeasure, casework.RemindMission} {
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
	w.do(claire, "consentement", c, "action", "grant", "topics", "logement", "form", "written")
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
	w.see("reminder.mission", c, mission, bilal)
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
