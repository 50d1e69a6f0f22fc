package commands

import (
	"strings"
	"testing"

	"parcours/casework"
)

func TestHistory(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := acting(w)
		w.push(bilal, c, "a1", "postpone", "due", "2026-04-01")
		w.push(bilal, c, "a1", "reassign", "who", "person")
		w.push(claire, c, "a1", "help")
		w.push(claire, c, "a1", "done")
		c.Apply(casework.Entry{Seq: c.Seq + 1, At: w.now, Fact: casework.Reminded{Key: "quiet"}})
		m := w.do(claire, "journal", c).Reply
		text := m.AsText()
		done := map[string]string{"fr": "Action faite", "en": "Action done"}[w.lang]
		set := map[string]string{"fr": "a été proposée", "en": "was proposed"}[w.lang]
		if i, j := strings.Index(text, done), strings.Index(text, set); i < 0 || j < i {
			t.Errorf("not newest first:\n%s", text)
		}
		keeps(t, m, "quiet", "[history.")
	})
}

func TestHistoryIsBounded(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.open("logement")
	for range 60 {
		w.do(claire, "objectif", c, "topic", "logement", "title", "x")
	}
	says(t, w.do(claire, "journal", c).Reply, "Et 22 lignes plus anciennes.")
	if len(w.do(claire, "journal", c).Reply.Card.Rows) != historyMost+1 {
		t.Error("too many lines")
	}
}

// Of a topic the reader may not know, the history says nothing either.
func TestHistoryOfWhatTheReaderMayKnow(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.rich()
	keeps(t, w.do(bilal, "journal", c).Reply, "/sante/")
	says(t, w.do(claire, "journal", c).Reply, "/sante/")
}

// The history has a sentence for each fact that a case can hold.
func TestHistoryOfEveryFact(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.rich()
		for _, fact := range []casework.Fact{
			casework.ChannelOpened{}, casework.SharingHeld{Reason: "stranger"}, casework.SharingResumed{},
			casework.SharingSuspended{}, casework.RetentionSet{Months: 36}, casework.ConsentGiven{Consent: c.Consent()},
			casework.MemberLeft{User: bilal}, casework.ReferentAnswered{User: dana}, casework.InvitationAnswered{User: zoe},
		} {
			c.Apply(casework.Entry{Seq: c.Seq + 1, At: w.now, By: claire, Fact: fact})
		}
		w.do(claire, "journal", c)
	})
}
