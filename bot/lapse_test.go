package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
)

// there gives who is in a channel, by handle.
func there(t *testing.T, w *bottest.World, channel casework.ChannelID) []string {
	t.Helper()
	ch, err := w.Platform.Channel(t.Context(), channel)
	must(t, err)
	var all []string
	for _, user := range ch.Members {
		all = append(all, strings.TrimPrefix(string(user), "u-"))
	}
	slices.Sort(all)
	return all
}

// passes brings the clock to an hour of a day.
func passes(w *bottest.World, day casework.Day, hour int) {
	w.Advance(day.At(hour, 0, w.Now().Location()).Sub(w.Now()))
	w.Settle()
}

// titled gives what somebody reads in private under a title.
func titled(w *bottest.World, handle, title string) []bottest.Message {
	return w.Platform.Select(func(m bottest.Message) bool {
		return m.Channel == direct(handle) && m.Now.Card != nil && m.Now.Card.Title == title
	})
}

// On the day after the last one of the consent the professionals are taken out of the
// channel, by night, and told in the morning without content; the person stays. When
// she agrees anew those whom she names are back, and find nothing of what they may not
// know any more.
func TestAChannelIsShutWhenTheConsentRunsOut(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget,logement", "paul", "sophie", "nadia")
	done(t, w.Type("nadia", channel, "quitter oui"))
	done(t, w.Type("claire", channel, "inviter @lea person past:withdraw"))
	done(t, w.Press("lea", direct("lea"), "accept"))
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	last := w.Case(code).Consent().Until
	passes(w, last, 23)
	if got := there(t, w, channel); !slices.Equal(got, []string{"claire", "lea", "paul", "sophie"}) {
		t.Fatalf("on the last day there are %q", got)
	}
	passes(w, last.Add(1), 0)
	if got := there(t, w, channel); !slices.Equal(got, []string{"claire", "lea"}) {
		t.Errorf("the night after there are %q", got)
	}
	if news := titled(w, "paul", "Canal fermé"); len(news) > 0 {
		t.Errorf("paul is told at %s", w.Now())
	}
	passes(w, last.Add(1).FirstWorking(nil), 9)
	for _, handle := range []string{"paul", "sophie", "claire"} {
		news := titled(w, handle, "Canal fermé")
		if len(news) != 1 || strings.Contains(news[0].Now.AsText(), "Lopez") {
			t.Fatalf("%s reads:\n%v", handle, news)
		}
		renews := slices.ContainsFunc(news[0].Now.Card.Buttons, func(b chat.Button) bool { return b.ID == "run" })
		if renews != (handle == "claire") {
			t.Errorf("%s is offered %v", handle, news[0].Now.Card.Buttons)
		}
	}
	if c := w.Case(code); !c.IsMember(bottest.ID("paul")) || len(titled(w, "lea", "Canal fermé"))+len(titled(w, "nadia", "Canal fermé")) > 0 {
		t.Error("paul keeps his place, and neither the person nor whoever had left is told anything of the kind")
	}
	days(w, 3)
	if n := len(titled(w, "paul", "Canal fermé")); n != 1 {
		t.Errorf("paul is told %d times", n)
	}
	if news := titled(w, "claire", "Partage suspendu"); len(news) > 0 {
		t.Errorf("that they are out is nothing to be mended, and claire reads:\n%s", news[0].Now.AsText())
	}

	w.Restart()
	done(t, w.Type("claire", direct("claire"), "consentement "+string(code)+" grant topics:budget,logement form:written partners:p2"))
	w.Settle()
	if got := there(t, w, channel); !slices.Equal(got, []string{"claire", "lea", "paul"}) {
		t.Errorf("agreed to anew, there are %q", got)
	}
	if c := w.Case(code); c.IsMember(bottest.ID("sophie")) {
		t.Error("sophie is in the circle, and the person named her no more")
	}
	if reads := bottest.Text(w.Type("paul", channel, "suivi")); !strings.Contains(reads, "Solder") {
		t.Errorf("paul reads:\n%s", reads)
	}
}

// A program that did not run that night makes it up, and what was renewed meanwhile
// is not shut.
func TestAConsentRenewedInTimeShutsNothing(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	last := w.Case(code).Consent().Until
	w.Advance(last.At(15, 0, w.Now().Location()).Sub(w.Now()))
	done(t, w.Type("claire", channel, `consentement extend until:"dans 200 jours"`))
	passes(w, last.Add(20), 11)
	if got := there(t, w, channel); !slices.Equal(got, []string{"claire", "paul"}) {
		t.Errorf("there are %q", got)
	}
	w.Advance(400 * 24 * time.Hour)
	w.Settle()
	if got := there(t, w, channel); !slices.Equal(got, []string{"claire"}) {
		t.Errorf("made up late, there are %q", got)
	}
}

// Whoever leaves the channel of a case that was closed has not left its circle: until its
// retention ends they read what the person lets them know.
func TestLeavingAClosedChannelLeavesNoCircle(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	done(t, w.Type("claire", channel, "clôturer reason:fin"))
	must(t, w.Platform.Remove(t.Context(), channel, bottest.ID("paul")))
	w.Settle()
	if !w.Case(code).IsMember(bottest.ID("paul")) {
		t.Error("paul has left the circle")
	}
}

// The referent whose mission is over leaves the circle, without content, and whoever
// opened the case is given what they had to do, to hand it over; but not whoever opened
// it themselves.
func TestAReferentWhoseMissionIsOverLeaves(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	done(t, w.Type("claire", channel, `référent @paul until:"dans 30 jours" chosen_by_person:oui`))
	done(t, w.Press("paul", direct("paul"), "accept"))
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	done(t, w.Type("claire", channel, `action objective:o1 what:Appeler who:p2 due:"dans 60 jours"`))
	mission, _ := w.Case(code).Referent()
	passes(w, mission.Until, 23)
	if got := there(t, w, channel); !slices.Equal(got, []string{"claire", "paul"}) {
		t.Fatalf("on the last day there are %q", got)
	}
	passes(w, mission.Until.Add(1), 0)
	c := w.Case(code)
	if got := there(t, w, channel); !slices.Equal(got, []string{"claire"}) || c.IsMember(bottest.ID("paul")) || c.Coordinator() != bottest.ID("claire") {
		t.Errorf("the night after there are %q, and %s coordinates", got, c.Coordinator())
	}
	passes(w, mission.Until.Add(1).FirstWorking(nil), 9)
	if news := titled(w, "paul", "Sortie du cercle"); len(news) != 1 || strings.Contains(news[0].Now.AsText(), "Lopez") {
		t.Errorf("paul reads:\n%v", news)
	}
	news := titled(w, "claire", "Départ du cercle")
	if len(news) != 1 || !strings.Contains(news[0].Now.AsText(), "Appeler") {
		t.Fatalf("claire reads:\n%v", news)
	}
	w.Press("claire", direct("claire"), "reassign")
	if form, ok := w.Form("claire"); !ok || form.ID != "reassign" {
		t.Errorf("claire is asked %+v", form)
	}

	done(t, w.Type("claire", channel, `référent @claire until:"dans 5 jours" chosen_by_person:oui`))
	done(t, w.Press("claire", direct("claire"), "accept"))
	days(w, 9)
	if news := titled(w, "claire", "Sortie du cercle"); len(news) > 0 {
		t.Errorf("claire reads:\n%v", news)
	}
	if _, is := w.Case(code).Referent(); is || !slices.Equal(there(t, w, channel), []string{"claire"}) {
		t.Error("claire is the referent no more, and stays")
	}
}
