package bot_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/bot"
	"parcours/bot/bottest"
	"parcours/casework"
	"parcours/storage/access"
)

// looked gives what the access log says, each as who, how and what, of one case.
func looked(t *testing.T, w *bottest.World, code casework.Code) []string {
	t.Helper()
	var all []string
	must(t, w.Accesses.Read(time.Time{}, w.Now().Add(time.Hour), func(r access.Record) error {
		if r.Case == code {
			all = append(all, strings.Join(strings.Fields(strings.Join([]string{string(r.User), string(r.Way), r.What, r.Reason}, " ")), " "))
		}
		if r.Surface != "test" || r.At.IsZero() || (r.User == "") != (r.Readers > 0) {
			t.Errorf("%+v", r)
		}
		return nil
	}))
	return all
}

// news gives what was recorded while something happened.
func news(t *testing.T, w *bottest.World, code casework.Code, happens func()) []string {
	t.Helper()
	before := len(looked(t, w, code))
	happens()
	return looked(t, w, code)[before:]
}

func TestWhatIsShownIsRecorded(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	for _, c := range []struct {
		who, types string
		want       []string
	}{
		{"claire", "objectif budget Solder les dettes", []string{"post home", "post objective"}},
		{"paul", "suivi", []string{"u-paul answer status"}},
		{"paul", "journal", []string{"u-paul answer history"}},
		{"claire", "objectif", []string{"u-claire form objective"}},
		{"claire", "papier budget", []string{"u-claire files paper"}},
		{"claire", "annonce tell board user:@paul", []string{"u-paul tell board"}},
		{"martin", "suivi", nil},
		{"paul", "aide", nil},
		{"paul", "danger", nil},
	} {
		got := news(t, w, code, func() { w.Type(c.who, channel, c.types) })
		slices.Sort(got)
		for _, want := range c.want {
			if !slices.Contains(got, want) {
				t.Errorf("%s types %q: recorded %q, want %q", c.who, c.types, got, c.want)
			}
		}
		if c.want == nil && len(got) > 0 {
			t.Errorf("%s types %q: recorded %q", c.who, c.types, got)
		}
	}
	if got := news(t, w, code, func() { w.Type("claire", direct("claire"), "mes-situations") }); !slices.Contains(got, "u-claire answer mine") {
		t.Errorf("recorded %q", got)
	}
}

// Where it cannot be written who looked, nothing of a case is shown to anybody, by
// any way; it is said what to do, and what was decided is kept.
func TestNothingIsShownThatIsNotRecorded(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	must(t, w.Accesses.Close(t.Context()))
	folder := access.Folder(w.Path)
	must(t, os.Rename(folder, folder+".away"))
	must(t, os.WriteFile(folder, nil, 0o600)) // as good as a full disk

	posts := len(w.Platform.Messages(channel))
	for _, line := range []string{"suivi", "journal", "objectif", "papier budget", "mes-situations"} {
		said := bottest.Text(w.Type("claire", channel, line))
		if !strings.Contains(said, "Rien n’est montré") || strings.Contains(said, "Lopez") || strings.Contains(said, "dettes") {
			t.Errorf("%q answers %q", line, said)
		}
	}
	w.Type("claire", channel, `objectif budget "Un second"`)
	if len(w.Case(code).Objectives) != 2 {
		t.Error("what was decided is lost")
	}
	if n := len(w.Platform.Messages(channel)); n != posts {
		t.Errorf("%d messages more are in the channel", n-posts)
	}
	if said := bottest.Text(w.Type("paul", channel, "aide")); strings.Contains(said, "Rien n’est montré") {
		t.Errorf("what tells of nothing is not said: %q", said)
	}
	if !strings.Contains(w.Logged(), "access log") {
		t.Error("it is not in the log of the service")
	}

	// Once it can be written again, what waited comes.
	must(t, os.Remove(folder))
	must(t, os.Rename(folder+".away", folder))
	w.Advance(time.Hour)
	w.Settle()
	if n := len(w.Platform.Messages(channel)); n <= posts {
		t.Error("what waited does not come")
	}
}

// What is delivered at the second try was shown once.
func TestATryIsRecordedOnce(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	w.Platform.Fault = func(call string) error {
		if call == "Send" {
			return os.ErrDeadlineExceeded
		}
		return nil
	}
	got := news(t, w, code, func() {
		w.Type("claire", channel, "annonce tell board user:@paul")
		w.Platform.Fault = nil
		w.Advance(time.Hour)
		w.Settle()
	})
	if n := len(slices.DeleteFunc(got, func(s string) bool { return s != "u-paul tell board" })); n != 1 {
		t.Errorf("recorded %d times", n)
	}
}

const why = `reason:"la personne demande une copie de son dossier"`

// consulting gives a world with an administrator who has no place in the case.
func consulting(t *testing.T) (*bottest.World, casework.Code, casework.ChannelID) {
	t.Helper()
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	done(t, w.Type("claire", channel, `objectif budget "Solder les dettes"`))
	w.With(func(o *bot.Options) {
		o.Staff = bot.Staff{Admins: []string{"@nadia", "@martin"}, Pilots: []string{"@sophie"}}
	})
	return w, code, channel
}

func TestAnAdministratorConsults(t *testing.T) {
	w, code, _ := consulting(t)
	var said string
	got := news(t, w, code, func() { said = bottest.Text(w.Type("nadia", bottest.Lobby, "consulter "+string(code)+" "+why)) })
	if !strings.Contains(said, "Madame Lopez") || !strings.Contains(said, "Solder les dettes") {
		t.Errorf("the case is not shown:\n%s", said)
	}
	if !slices.Contains(got, "u-nadia override la personne demande une copie de son dossier") {
		t.Errorf("recorded %q", got)
	}
	told := w.Platform.Messages(direct("claire"))
	last := told[len(told)-1].Now
	if !strings.Contains(last.AsText(), "demande une copie de son dossier") || !strings.Contains(last.Text, string(code)) {
		t.Errorf("the coordinator is told %q", last.AsText())
	}
	if said := bottest.Text(w.Type("nadia", direct("nadia"), "suivi "+string(code))); strings.Contains(said, "Lopez") {
		t.Errorf("the case stays open to them:\n%s", said)
	}

	// Who looked can be read by them too, without anything of the case.
	said = bottest.Text(w.Type("nadia", direct("nadia"), "journal "+string(code)))
	if !strings.Contains(said, "a consulté la situation") || strings.Contains(said, "Lopez") || strings.Contains(said, "dettes") {
		t.Errorf("who looked:\n%s", said)
	}

	// After a withdrawal it is the only way.
	done(t, w.Type("claire", direct("claire"), "consentement "+string(code)+" withdraw"))
	if said := bottest.Text(w.Type("nadia", direct("nadia"), "consulter "+string(code)+" "+why)); !strings.Contains(said, "Madame Lopez") {
		t.Errorf("after the withdrawal:\n%s", said)
	}
}

func TestNobodyElseConsults(t *testing.T) {
	w, code, _ := consulting(t)
	w.Platform.Deactivate("u-martin")
	for _, who := range []string{"paul", "sophie", "martin", "lea", "claire"} {
		w.Type(who, direct(who), "aide") // a newcomer is welcomed once
		got := news(t, w, code, func() {
			there := bottest.Text(w.Type(who, direct(who), "consulter "+string(code)+" "+why))
			nowhere := bottest.Text(w.Type(who, direct(who), "consulter P-ZZZZ "+why))
			if there != nowhere || !strings.Contains(there, "réservée aux personnes qui administrent") {
				t.Errorf("%s reads %q, and of no case %q", who, there, nowhere)
			}
			there = bottest.Text(w.Type(who, direct(who), "journal P-ZZZZ"))
			if who != "paul" && who != "claire" && there != bottest.Text(w.Type(who, direct(who), "journal "+string(code))) {
				t.Errorf("%s can tell by the journal whether a case exists", who)
			}
		})
		if slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "override") }) {
			t.Errorf("%s: recorded %q", who, got)
		}
	}
	for line, says := range map[string]string{
		"consulter " + string(code) + " pour voir": "trop court", "consulter " + string(code): "[consult]", "consulter P-ZZZZ " + why: "Aucune situation",
	} {
		if said := bottest.Text(w.Type("nadia", direct("nadia"), line)); !strings.Contains(said, says) || strings.Contains(said, "Lopez") {
			t.Errorf("%q answers %q", line, said)
		}
	}
	if n := len(w.Case(code).Consultations); n != 0 {
		t.Errorf("%d consultations", n)
	}
}

// Where the access cannot be written, an administrator is shown nothing either.
func TestAConsultationThatIsNotRecorded(t *testing.T) {
	w, code, _ := consulting(t)
	must(t, w.Accesses.Close(t.Context()))
	must(t, os.RemoveAll(access.Folder(w.Path)))
	must(t, os.WriteFile(access.Folder(w.Path), nil, 0o600))
	said := bottest.Text(w.Type("nadia", direct("nadia"), "consulter "+string(code)+" "+why))
	if !strings.Contains(said, "Rien n’est montré") || strings.Contains(said, "Lopez") {
		t.Errorf("answers %q", said)
	}
}

// Whoever asks about a child in danger leaves no trace at all, not even that of a
// first use.
func TestDangerLeavesNoTrace(t *testing.T) {
	w, _, channel := opened(t)
	w.Settle()
	keep := func() (string, int) {
		journals := ""
		must(t, w.Accesses.Mark(t.Context()))
		folder, err := os.ReadDir(access.Folder(w.Path))
		must(t, err)
		for _, f := range folder {
			info, err := f.Info()
			must(t, err)
			journals += f.Name() + info.ModTime().String()
		}
		text, err := os.ReadFile(w.Path)
		must(t, err)
		return journals + string(text), len(w.Logged())
	}
	before, logged := keep()
	messages := len(w.Platform.Messages(channel))
	for _, who := range []string{"claire", "lea", "martin"} {
		for _, line := range []string{"danger", "DANGER"} {
			if said := bottest.Text(w.Type(who, channel, line)); !strings.Contains(said, "119") || strings.Contains(said, "Bienvenue") {
				t.Errorf("%s types %q and reads %q", who, line, said)
			}
		}
	}
	after, more := keep()
	if before != after || more != logged || len(w.Platform.Messages(channel)) != messages {
		t.Error("it leaves a trace")
	}
	if w.Bot.Verb("danger") != "" {
		t.Error("it is counted")
	}
}
