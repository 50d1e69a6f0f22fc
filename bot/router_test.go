package bot_test

import (
	"strings"
	"sync"
	"testing"

	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
)

func TestTheVerbThatWasMeant(t *testing.T) {
	w, code, channel := opened(t)
	for _, c := range []struct{ typed, form string }{
		{"objectif", "objective"},
		{"OBJECTIF", "objective"},
		{"objective", "objective"},
		{"obj", "objective"},
		{"qui-fait-quoi", "action"},
		{"référent", "referent"},
		{"referent", "referent"},
		{"consentement", "consent"},
		{"liste", "professional"},
		{"diag", "assess"},
	} {
		t.Run(c.typed, func(t *testing.T) {
			if c.form == "action" {
				done(t, w.Type("claire", channel, "objectif topic:budget title:x"))
			}
			form, ok := w.Type("claire", channel, c.typed).Form.Value()
			if !ok || form.ID != c.form {
				t.Errorf("%q opens form %q, want %q", c.typed, form.ID, c.form)
			}
			if !strings.Contains(form.Intro, string(code)) {
				t.Errorf("the form does not say which case: %q", form.Intro)
			}
		})
	}
	for _, c := range []struct{ typed, says string }{
		{"objetif", "objectif"},
		{"reférant", "référent"},
		{"statut", "suivi"},
		{"co", "consentement"},
		{`objectif title:"sans fin`, "guillemet"},
		{"objectif titre:x", "titre"},
		{`consentement grant topics:budget form:written title2:"Deux"`, "title2"},
		{"objectif topic:budget title:Solder les dettes", "les"},
	} {
		if said := bottest.Text(w.Type("claire", channel, c.typed)); !strings.Contains(said, c.says) {
			t.Errorf("%q answers %q, which does not say %q", c.typed, said, c.says)
		}
	}
}

func TestALineWithAllItNeedsActsAtOnce(t *testing.T) {
	w, code, channel := opened(t)
	done(t, w.Type("claire", channel, `objectif budget "Solder les dettes"`))
	done(t, w.Type("claire", direct("claire"), `objectif `+string(code)+` topic:logement title:"Un logement plus petit" horizon:long`))
	c := w.Case(code)
	if len(c.Objectives) != 2 || c.Objectives[0].Title != "Solder les dettes" || c.Objectives[1].Topic != casework.Housing {
		t.Errorf("objectives: %+v", c.Objectives)
	}
	done(t, w.Type("claire", channel, `action objective:o1 what:"Appeler : l’école" who:person due:"dans 15 jours"`))
	if c := w.Case(code); len(c.Actions) != 1 || c.Actions[0].What != "Appeler : l’école" || c.Actions[0].Due != "2026-12-08" {
		t.Errorf("actions: %+v", c.Actions)
	}
}

func TestAFormAsksForWhatIsMissing(t *testing.T) {
	w, code, channel := opened(t)
	form, _ := w.Type("claire", channel, `objectif title:"Solder les dettes" topic:jardin`).Form.Value()
	if form.Fields[2].About().Value() != "Solder les dettes" {
		t.Errorf("what was typed is not in the form: %+v", form.Fields)
	}
	if !strings.Contains(form.Intro, string(code)) || len(form.Intro) < 20 {
		t.Errorf("the form does not say what is wrong: %q", form.Intro)
	}
	answer := w.Submit("claire", channel, chat.Values{"topic": {"jardin"}, "title": {strings.Repeat("é", 151)}})
	if len(answer.FieldErrors) != 2 {
		t.Errorf("field errors: %v, want topic and title", answer.FieldErrors)
	}
	answer = w.Submit("claire", channel, chat.Values{"topic": {"sante"}, "title": {"Se soigner"}})
	if answer.FieldErrors["topic"] == "" {
		t.Errorf("a vetoed topic is not refused on its field: %+v", answer)
	}
	done(t, w.Submit("claire", channel, chat.Values{"topic": {"budget"}, "title": {"Solder les dettes"}}))
	if n := len(w.Case(code).Objectives); n != 1 {
		t.Errorf("%d objectives, want 1", n)
	}
}

func TestAFormCountsOnce(t *testing.T) {
	w, code, channel := opened(t)
	w.Type("claire", channel, "objectif")
	form, _ := w.Form("claire")
	values := chat.Values{"topic": {"budget"}, "title": {"Solder les dettes"}}
	submit := func() chat.Answer {
		return w.Bot.Submit(t.Context(), chat.Submission{User: bottest.ID("claire"), Channel: channel, Form: form.ID, Token: form.Token, Values: values})
	}
	var both sync.WaitGroup
	for range 4 {
		both.Go(func() { submit() })
	}
	both.Wait()
	w.Restart()
	if said := bottest.Text(submit()); !strings.Contains(said, "déjà") {
		t.Errorf("a form sent again answers %q", said)
	}
	if n := len(w.Case(code).Objectives); n != 1 {
		t.Errorf("%d objectives from one form", n)
	}
}

// altered gives a token with another letter in its middle.
func altered(token string) string {
	at, other := len(token)/2, "A"
	if token[at] == 'A' {
		other = "B"
	}
	return token[:at] + other + token[at+1:]
}

func TestWhatComesBackForgedIsRefused(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	w.Type("claire", channel, "objectif")
	form, _ := w.Form("claire")
	good := chat.Submission{
		User: bottest.ID("claire"), Channel: channel, Form: form.ID, Token: form.Token,
		Values: chat.Values{"topic": {"budget"}, "title": {"x"}},
	}
	forgeries := map[string]func(*chat.Submission){
		"another user":    func(s *chat.Submission) { s.User = bottest.ID("paul") },
		"another channel": func(s *chat.Submission) { s.Channel = direct("claire") },
		"another form":    func(s *chat.Submission) { s.Form = "action" },
		"a changed token": func(s *chat.Submission) { s.Token = altered(s.Token) },
		"no token":        func(s *chat.Submission) { s.Token = "" },
		"a button's token": func(s *chat.Submission) {
			for _, m := range w.Platform.Messages(channel) {
				for _, b := range m.Now.Card.Buttons {
					s.Token = b.Token
				}
			}
		},
	}
	for name, forge := range forgeries {
		in := good
		forge(&in)
		if said := bottest.Text(w.Bot.Submit(t.Context(), in)); said == "" {
			t.Errorf("%s: nothing is said", name)
		}
	}
	if n := len(w.Case(code).Objectives); n != 0 {
		t.Fatalf("%d objectives from forged forms", n)
	}
	w.Advance(31 * 60 * 1e9)
	if said := bottest.Text(w.Bot.Submit(t.Context(), good)); !strings.Contains(said, "formulaire") || len(w.Case(code).Objectives) != 0 {
		t.Errorf("a form kept open too long: %q", said)
	}
}

func TestOneSentenceForAllThatIsNotYours(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	w.Type("martin", direct("martin"), "aide")
	w.Type("sophie", direct("sophie"), "aide")
	for _, verb := range []string{"suivi", "objectif", "action", "journal", "liste", "inviter", "diagnostic", "consentement", "commission", "référent"} {
		exists := bottest.Text(w.Type("martin", direct("martin"), verb+" "+string(code)))
		not := bottest.Text(w.Type("martin", direct("martin"), verb+" P-2222"))
		if exists == "" || exists != not {
			t.Errorf("%s: an outsider reads %q for a code that exists, %q for one that does not", verb, exists, not)
		}
	}
	for _, button := range []string{"a1 done", "invitation accept", "mission decline", "c1 present"} {
		exists := bottest.Text(w.Type("martin", direct("martin"), "répondre "+string(code)+" "+button))
		if not := bottest.Text(w.Type("martin", direct("martin"), "répondre P-2222 "+button)); exists != not {
			t.Errorf("répondre %s: %q and %q", button, exists, not)
		}
	}
	done(t, w.Type("claire", channel, "liste name:sophie service:s user:@sophie agreed:oui"))
	done(t, w.Type("claire", channel, "inviter @sophie partner"))
	invited := bottest.Text(w.Type("sophie", direct("sophie"), "suivi "+string(code)))
	if not := bottest.Text(w.Type("sophie", direct("sophie"), "suivi P-2222")); invited != not {
		t.Errorf("somebody who has not accepted yet reads %q", invited)
	}
	if said := bottest.Text(w.Type("zoe", direct("zoe"), "ouvrir")); !strings.Contains(said, "organisation") {
		t.Errorf("somebody of another organisation reads %q", said)
	}
	if said := bottest.Text(w.Type("paul", channel, "inviter @sophie partner")); strings.Contains(said, "Lopez") || len(w.Case(code).Members) != 3 {
		t.Errorf("a partner invites: %q", said)
	}
}

func TestWhichCase(t *testing.T) {
	w, first, channel := opened(t)
	t.Run("the only one", func(t *testing.T) {
		if said := done(t, w.Type("claire", direct("claire"), "suivi")); !strings.Contains(said, string(first)) {
			t.Errorf("suivi says %q", said)
		}
	})
	w.Type("claire", direct("claire"), "ouvrir")
	second := casework.Code(codeIn.FindString(done(t, w.Submit("claire", direct("claire"), proposal()))))
	t.Run("asked for, and nothing typed is lost", func(t *testing.T) {
		form, _ := w.Type("claire", direct("claire"), `objectif budget "Solder les dettes"`).Form.Value()
		if form.ID != "case" {
			t.Fatalf("form %q", form.ID)
		}
		done(t, w.Submit("claire", direct("claire"), chat.Values{"case": {string(second)}}))
		if got := w.Case(second).Objectives; len(got) != 1 || got[0].Title != "Solder les dettes" {
			t.Errorf("objectives of the chosen case: %+v", got)
		}
	})
	t.Run("the channel's", func(t *testing.T) {
		if said := done(t, w.Type("claire", channel, "suivi")); !strings.Contains(said, string(first)) {
			t.Errorf("suivi says %q", said)
		}
	})
	t.Run("the one named", func(t *testing.T) {
		for _, typed := range []string{string(second), strings.ToLower(string(second)), "P" + string(second)[2:], "case:" + string(second)} {
			if said := done(t, w.Type("claire", channel, "suivi "+typed)); !strings.Contains(said, string(second)) {
				t.Errorf("suivi %s says %q", typed, said)
			}
		}
	})
}

func TestTwoPeopleAtOnceLoseNothing(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul", "nadia")
	var all sync.WaitGroup
	for i, handle := range []string{"claire", "paul", "nadia", "claire", "paul", "nadia"} {
		all.Go(func() {
			w.Bot.Command(t.Context(), chat.Command{User: bottest.ID(handle), Channel: channel, Text: "objectif budget numéro" + string(rune('a'+i))})
		})
	}
	all.Wait()
	seen := map[string]bool{}
	for _, o := range w.Case(code).Objectives {
		seen[o.ID+o.Title] = true
	}
	if len(seen) != 6 {
		t.Errorf("objectives kept: %v, want 6", seen)
	}
}

func TestHostileTextIsInert(t *testing.T) {
	w, code, channel := opened(t)
	hostile := "a\u202eb\x00c\u200b @all **gras** <script>x</script> [l](http://e.fr)"
	done(t, w.Type("claire", channel, `objectif topic:budget title:"`+hostile+`"`))
	want := "abc @all **gras** <script>x</script> [l](http://e.fr)"
	if got := w.Case(code).Objectives[0].Title; got != want {
		t.Errorf("kept as %q, want %q", got, want)
	}
	form, ok := w.Type("claire", channel, "objectif topic:budget title:"+strings.Repeat("a", 100_000)).Form.Value()
	if !ok || !strings.Contains(form.Intro, "150") {
		t.Errorf("a text of 100 kB opens %q", form.Intro)
	}
	if len(w.Case(code).Objectives) != 1 {
		t.Error("a text of 100 kB was kept")
	}
}

func TestAPanicIsAnAnswerWithAReference(t *testing.T) {
	w, _, channel := opened(t)
	w.Platform.Fault = func(call string) error {
		if call == "Channel" {
			return nil
		}
		panic("broken: Madame Lopez")
	}
	said := w.Bot.Command(t.Context(), chat.Command{User: bottest.ID("claire"), Channel: channel, Text: "inviter @paul partner"})
	w.Platform.Fault = nil
	if text := bottest.Text(said); !strings.Contains(text, "réf.") {
		t.Errorf("says %q", text)
	}
	if strings.Contains(w.Logged(), "Lopez") {
		t.Error("the log holds a name")
	}
}

func TestAWelcomeIsSaidOnce(t *testing.T) {
	w := world(t)
	w.Platform.Speaks(bottest.ID("lea"), chat.English)
	for _, c := range []struct{ who, line, says string }{
		{"claire", "", "Bienvenue"},
		{"paul", "ouvrir", "Bienvenue"},
		{"lea", "objetcive", "Welcome"},
	} {
		if first := bottest.Text(w.Type(c.who, direct(c.who), c.line)); !strings.Contains(first, c.says) {
			t.Errorf("%s's first %q answers %q", c.who, c.line, first)
		}
		if second := bottest.Text(w.Type(c.who, direct(c.who), c.line)); strings.Contains(second, c.says) {
			t.Errorf("%s is welcomed again: %q", c.who, second)
		}
		w.Restart()
		if third := bottest.Text(w.Type(c.who, direct(c.who), c.line)); strings.Contains(third, c.says) {
			t.Errorf("%s is welcomed again after a restart: %q", c.who, third)
		}
	}
}

func TestCountsKnowOnlyVerbs(t *testing.T) {
	w := world(t)
	for line, want := range map[string]string{
		"": "home", "ouvrir": "open", "OUVRIR x": "open", "open": "open", "ouv": "open", "répondre P-1": "answer", "Madame Lopez": "", "x": "",
	} {
		if got := w.Bot.Verb(line); got != want {
			t.Errorf("%q is %q, want %q", line, got, want)
		}
	}
}
