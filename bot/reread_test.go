package bot_test

import (
	"strings"
	"sync"
	"testing"

	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
)

// number is a social-security number with its key.
const number = "1 85 05 78 006 084 91"

// warned gives the form that asks to look again, where it marks these fields and
// no others.
func warned(t *testing.T, answer chat.Answer, fields ...string) chat.Form {
	t.Helper()
	form, ok := answer.Form.Value()
	if !ok || !strings.Contains(form.Intro, "Rien n’est encore enregistré") {
		t.Fatalf("not asked to look again: %s", bottest.Text(answer))
	}
	marked := 0
	for _, f := range form.Fields {
		if strings.HasPrefix(f.About().Hint, "À relire") {
			marked++
		}
	}
	for _, id := range fields {
		if hint := field(t, answer, id).Hint; !strings.HasPrefix(hint, "À relire") {
			t.Errorf("%s is not marked: %q", id, hint)
		}
	}
	if marked != len(fields) {
		t.Errorf("%d fields are marked, want %v", marked, fields)
	}
	return form
}

// back gives a form as it is sent back untouched.
func back(form chat.Form) chat.Values {
	values := chat.Values{}
	for _, f := range form.Fields {
		values[f.About().ID] = f.About().Default
	}
	return values
}

func TestATextIsLookedAtAgain(t *testing.T) {
	w, code, channel := opened(t)
	objectives := func() []casework.Objective { return w.Case(code).Objectives }
	give := func(title string) chat.Answer {
		return w.Submit("claire", channel, chat.Values{"topic": {"budget"}, "title": {title}, "own_words": {"Je veux souffler"}})
	}
	t.Run("kept as it is", func(t *testing.T) {
		w.Type("claire", channel, "objectif")
		form := warned(t, give("Carte de "+number), "title")
		if len(objectives()) != 0 {
			t.Error("it is saved before it is confirmed")
		}
		if !strings.Contains(form.Intro, string(code)) || strings.Contains(form.Intro, number) || strings.Contains(form.Token, number) {
			t.Errorf("the form says %q, its token %q", form.Intro, form.Token)
		}
		done(t, w.Submit("claire", channel, back(form)))
		got := objectives()
		if len(got) != 1 || got[0].Title != "Carte de "+number || got[0].OwnWords != "Je veux souffler" || got[0].Topic != casework.Budget {
			t.Errorf("kept: %+v", got)
		}
	})
	t.Run("taken out", func(t *testing.T) {
		w.Type("claire", channel, "objectif")
		warned(t, give("Appeler Lina Durand"), "title")
		done(t, give("Appeler la voisine"))
		if got := objectives(); len(got) != 2 || got[1].Title != "Appeler la voisine" {
			t.Errorf("kept: %+v", got)
		}
	})
	t.Run("changed, and looked at anew", func(t *testing.T) {
		w.Type("claire", channel, "objectif")
		warned(t, give("Appeler Lina Durand"), "title")
		warned(t, give("Appeler Lina Durand demain"), "title")
		done(t, give("Appeler Lina Durand demain"))
	})
	t.Run("what was confirmed stays so", func(t *testing.T) {
		w.Type("claire", channel, "objectif")
		values := chat.Values{"topic": {"budget"}, "title": {"Appeler Lina Durand"}, "own_words": {"Mon fils est autiste"}}
		warned(t, w.Submit("claire", channel, values), "title", "own_words")
		values["title"] = []string{"Appeler Lina Petit"}
		warned(t, w.Submit("claire", channel, values), "title")
		done(t, w.Submit("claire", channel, values))
	})
	if strings.Contains(w.Logged(), "Durand") || strings.Contains(w.Logged(), number) {
		t.Error("the log holds what was warned about")
	}
}

func TestATypedLineIsLookedAtAgain(t *testing.T) {
	w, code, channel := opened(t)
	done(t, w.Type("claire", channel, "objectif budget Solder"))
	form := warned(t, w.Type("claire", channel, `action objective:o1 what:"Appeler M. Durand au 06 12 34 56 78" who:person due:"dans 15 jours"`), "what")
	if hint := form.Fields[1].About().Hint; !strings.Contains(hint, "un nom de personne") || !strings.Contains(hint, "M. Durand") || !strings.Contains(hint, "téléphone") {
		t.Errorf("marked %q", hint)
	}
	if n := len(w.Case(code).Actions); n != 0 {
		t.Errorf("%d actions before it is confirmed", n)
	}
	done(t, w.Submit("claire", channel, back(form)))
	if got := w.Case(code).Actions; len(got) != 1 || got[0].What != "Appeler M. Durand au 06 12 34 56 78" || got[0].Due != "2026-12-08" {
		t.Errorf("actions: %+v", got)
	}
	// A moment that was said in words is shown as one.
	form = warned(t, w.Type("claire", channel, `commission at:"demain 14h" place:"Salle bleue" why:"Une tumeur opérée"`), "why")
	if at := form.Fields[0].About().Value(); at != "2026-11-24 14:00" {
		t.Errorf("the meeting is at %q", at)
	}
	done(t, w.Submit("claire", channel, back(form)))
	// So is the form of a button that was typed.
	w.Advance(28 * 60 * 60 * 1e9)
	form = warned(t, w.Type("claire", channel, `répondre c1 view words:"Ma sœur Lina Durand m’aide"`), "words")
	done(t, w.Submit("claire", channel, back(form)))
	// What a record says already is not looked at anew when it is corrected.
	form = warned(t, w.Type("claire", channel, `relevé c1 notes:"Avec Lina Durand, pour la suite"`), "notes")
	done(t, w.Submit("claire", channel, back(form)))
	form, _ = w.Press("claire", channel, "correct").Form.Value()
	values := back(form)
	values["next_on"] = []string{"dans 60 jours"}
	done(t, w.Submit("claire", channel, values))
}

func TestAQuotedMessageIsLookedAtAgain(t *testing.T) {
	w, code, channel := opened(t)
	ref := string(w.Platform.Say(bottest.ID("claire"), channel, "Rappeler le 06 12 34 56 78"))
	form, _ := w.Type("claire", channel, "objectif budget from:"+ref).Form.Value()
	again := warned(t, w.Submit("claire", channel, back(form)), "title")
	if n := len(w.Case(code).Objectives); n != 0 {
		t.Errorf("%d objectives before it is confirmed", n)
	}
	done(t, w.Submit("claire", channel, back(again)))
}

func TestAWarnedFormCountsOnce(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	w.Type("claire", channel, "objectif")
	first, _ := w.Form("claire")
	values := chat.Values{"topic": {"budget"}, "title": {"Carte de " + number}}
	submit := func(who string, form chat.Form) chat.Answer {
		return w.Bot.Submit(t.Context(), chat.Submission{User: bottest.ID(who), Channel: channel, Form: form.ID, Token: form.Token, Values: values})
	}
	// Sent twice by the same press, it is confirmed by neither.
	var forms [2]chat.Form
	var both sync.WaitGroup
	for i := range forms {
		both.Go(func() { forms[i], _ = submit("claire", first).Form.Value() })
	}
	both.Wait()
	if n := len(w.Case(code).Objectives); n != 0 || forms[0].Token == "" || forms[1].Token == "" {
		t.Fatalf("%d objectives from a form sent twice", n)
	}
	// Nor by somebody else.
	if submit("paul", forms[0]); len(w.Case(code).Objectives) != 0 {
		t.Error("paul confirms for claire")
	}
	w.Restart()
	for i := range 6 {
		both.Go(func() { submit("claire", forms[i%2]) })
	}
	both.Wait()
	if n := len(w.Case(code).Objectives); n != 1 {
		t.Errorf("%d objectives from one form", n)
	}
}

func TestTwoPeopleLookAgainAtOnce(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	var both sync.WaitGroup
	for _, who := range []string{"claire", "paul"} {
		answer := w.Type(who, channel, "objectif budget \"Avec Lina Durand, pour "+who+"\"")
		form := warned(t, answer, "title")
		both.Go(func() {
			w.Bot.Submit(t.Context(), chat.Submission{User: bottest.ID(who), Channel: channel, Form: form.ID, Token: form.Token, Values: back(form)})
		})
	}
	both.Wait()
	if n := len(w.Case(code).Objectives); n != 2 {
		t.Errorf("%d objectives, want one of each", n)
	}
}

func TestWhoMayBeNamed(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	done(t, w.Type("claire", channel, `liste name:Durand first_name:Lina service:"Maison du Pont" email:lina@example.org phone:"06 12 34 56 78" agreed:oui topics:budget`))
	done(t, w.Type("claire", channel, `foyer kind:person title:madame last_name:Lopez phone:"06 11 11 11 11" address:"12 rue Rosa Parks"`))
	done(t, w.Type("claire", channel, `commission at:"dans 20 jours 14h" place:"Chez Awa Diallo"`))
	for _, title := range []string{
		"Madame Lopez appelle Mme Durand au 0612345678",
		"Écrire à lina@example.org", "Aller avec Claire Petit rue Rosa Parks", "Voir Paul Petit",
		"Être joint au 06.11.11.11.11", "Passer chez Awa Diallo",
	} {
		done(t, w.Type("claire", channel, `objectif budget "`+title+`"`))
	}
	// Accounts are known by the names of the platform, the person's too.
	done(t, w.Type("claire", channel, "inviter @lea person"))
	done(t, w.Type("claire", channel, `objectif budget "Demander à Mme Lea"`))
	warned(t, w.Type("claire", channel, `objectif budget "Demander à Mme Sophie"`), "title")
	// Not to those who may not know of them.
	done(t, w.Type("claire", channel, "foyer kind:child first_name:Hugo last_name:Vasseur"))
	done(t, w.Type("claire", channel, `objectif budget "Payer la cantine de Hugo Vasseur"`))
	warned(t, w.Type("paul", channel, `objectif budget "Payer la cantine de Hugo Vasseur"`), "title")
	// A field made for names is none for numbers.
	warned(t, w.Type("claire", channel, `liste name:Petit service:"`+number+`" agreed:oui`), "service")
	if n := len(w.Case(code).Professionals); n != 3 {
		t.Errorf("%d professionals, want 3", n)
	}
}

func TestWhatIsNotKeptIsNotLookedAt(t *testing.T) {
	w := world(t)
	proposed := proposal()
	proposed["own_words"] = []string{"Mon frère, Marc Lopez, boit : alcoolisme"}
	w.Type("claire", direct("claire"), "ouvrir")
	warned(t, w.Submit("claire", direct("claire"), proposed), "own_words")
	// Whom the form itself names may be named.
	proposed["own_words"] = []string{"Mon frère, Marc Lopez, m’aide"}
	done(t, w.Submit("claire", direct("claire"), proposed))
	// A refusal is counted, and nothing of it is kept.
	proposed["answer"], proposed["own_words"] = []string{"refuses"}, []string{"Voir Lina Durand"}
	w.Type("claire", direct("claire"), "ouvrir")
	done(t, w.Submit("claire", direct("claire"), proposed))
}

// All that can be found at once, in both languages, leaves room in a hint.
func TestAWarningFits(t *testing.T) {
	w, _, channel := opened(t)
	for _, lang := range []chat.Lang{chat.French, chat.English} {
		w.Platform.Speaks(bottest.ID("claire"), lang)
		w.Advance(60 * 1e9)
		words := "Je veux voir " + strings.Repeat("Anne-Charlotte Vandenberghe-Wagenknecht, ", 5) + "dépression, a@b.fr, 06 12 34 56 78, " + number + ", FR14 2004 1010 0505 0001 3M02 606"
		answer := w.Type("claire", channel, `objectif budget title:x own_words:"`+words+`"`)
		if hint := field(t, answer, "own_words").Hint; len(hint) < 80 || len(hint) > chat.HintBytes {
			t.Errorf("in %s: %q, of %d bytes", lang, hint, len(hint))
		}
	}
}
