package commands

import (
	"strings"
	"testing"

	"parcours/bot/command"
	"parcours/casework"
)

// Every card and reply about a case in which everything was said puts each text
// in a row that owns to its case and topic; the world checks each message.
func TestNothingIsToldOutsideItsRow(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.held()
		w.do(zoe, "consulter", nil, "case", string(c.Code), "reason", "la personne demande son dossier")
		other := w.open("emploi|budget")
		w.do(claire, "objectif", other, "topic", "emploi", "title", mark(other.Code, casework.Work, "title"))
		w.do(claire, "action", other, "objective", "o1", "what", mark(other.Code, casework.Work, "what"), "who", "p1", "due", "2026-03-10")
		for _, reader := range []casework.UserID{claire, bilal, dana, sam} {
			for _, name := range []string{"suivi", "journal", "mes-situations", "agenda", "aide", "accueil", "séance"} {
				w.do(reader, name, c)
			}
		}
		for _, reader := range []casework.UserID{"", claire, bilal, dana, sam} {
			for _, show := range everyView(c) {
				view, subject, _ := strings.Cut(show, " ")
				if m, ok := Views()[view](w.viewing(c, subject, reader)); ok {
					w.check(m)
				}
			}
		}
	})
}

// everyView gives each view with subjects it can be asked for.
func everyView(*casework.Case) []string {
	return []string{
		"home", "invitation " + string(dana), "answered invitation " + string(dana), "answered mission " + string(bilal),
		"mission " + string(bilal), "referent " + string(bilal), "element e1", "element e2", "objective o1", "objective o2",
		"action a1", "action a2", "action a3", "action a4", "help a1", "commission c1", "withdrawn", "closed", "copy record 62 ", "removed " + string(zoe),
		"narrowed " + string(claire), "moved c2", "held stranger " + string(zoe), "held public", "held missing", "left " + string(zoe), "withheld", "suspended changed", "shut",
		"refused open", "refused add " + string(zoe), "refused remove " + string(zoe), "refused archive",
		"reminder.action a1 -7", "reminder.action a2 -7", "reminder.action a3 -7", "reminder.action a4 -7",
		"reminder.invitations c1 -21", "reminder.commission c1 -7", "reminder.consent  -400", "reminder.mission " + string(bilal) + " -400",
		"reminder.measure p2 -400", "reminder.thinking  14", "reminder.silence  60", "reminder.retention  -30",
		"reminder.record c1 1", "reminder.record c2 1", "reminder.unrecorded c2 30", "reminder.signatures r2 3", "reminder.review c1 -30",
		"chairing c1", "cancelled c1", "cancelled c2", "session c1", "review o1", "review o2", "record r1", "record r2", "resign r2",
		"reminder.time c1 -15", "reminder.time c1 0", "consulted k1", "exported k1",
	}
}

// The list above is of use only as long as it names them all.
func TestEveryViewIsLookedAt(t *testing.T) {
	named := map[string]bool{}
	for _, show := range everyView(nil) {
		view, _, _ := strings.Cut(show, " ")
		named[view] = true
	}
	named[command.BundleView] = true // see TestBundlesTellInTheirRows
	for name := range Views() {
		if !named[name] {
			t.Errorf("view %s is not checked", name)
		}
	}
	if len(named) != len(Views()) {
		t.Errorf("%d views named, %d exist", len(named), len(Views()))
	}
}

// What is shown of one subject is shown whole or not at all.
func TestCardsOfOneSubjectAreWhole(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.rich()
	for _, show := range []string{"element e1", "objective o1", "action a1", "commission c1", "referent " + string(bilal), "reminder.action a1 -7"} {
		view, subject, _ := strings.Cut(show, " ")
		if m := w.see(view, c, subject, bilal); !m.Card.Whole {
			t.Errorf("%s can be shown in part", show)
		}
	}
	if m := w.see(command.HomeView, c, "", ""); m.Card.Whole || m.Card.HiddenNote == "" {
		t.Error("the home card is not an overview")
	}
}

// A vetoed topic is counted and never named.
func TestVetoesAreCounted(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.do(claire, "ouvrir", nil, "person", "Alex", "household", "family", "answer", "accepts", "consent_form", "written",
			"topics", "logement", "veto", "relations|sante")
		c := w.cases[0]
		m := w.do(claire, "suivi", c).Reply
		says(t, m, map[string]string{"fr": "2 sujets", "en": "2 topics"}[w.lang])
		for _, topic := range []string{"relations", "sante"} {
			keeps(t, m, w.request(claire, nil, nil).Say.T("topic."+topic))
		}
	})
}

// The pinned card and the invitation name the case by its code alone.
func TestCodeAlone(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.rich()
		keeps(t, w.see(command.HomeView, c, "", ""), "/person]")
		w.do(claire, "liste", c, "name", "Zoe", "service", "S", "agreed", "true", "user", string(zoe))
		w.do(bilal, "inviter", c, "user", string(zoe), "role", "secretary")
		m := w.see("invitation", c, string(zoe), zoe)
		keeps(t, m, "MARK")
		says(t, m, string(c.Code))
		for _, row := range m.Card.Rows {
			if row.Case != "" {
				t.Errorf("an invited person may not read %q", row.Label)
			}
		}
	})
}
