package commands

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"parcours/locales"
)

var update = flag.Bool("update", false, "write the golden file anew")

const golden = "testdata/meetings.golden"

// TestTheWordsOfEachDepartement reads, in every département that holds meetings,
// how one is called, in both languages.
func TestTheWordsOfEachDepartement(t *testing.T) {
	var said []string
	for _, d := range locales.Departements() {
		if !d.Meetings {
			continue
		}
		for _, lang := range []string{"fr", "en"} {
			w := newWorld(t, lang)
			w.place = d
			c := w.open("logement")
			w.join(c, bilal, "chair", "")
			reply := w.do(claire, "commission", c, "at", "2026-04-01T14:00:00Z", "place", "Salle bleue", "chair", string(bilal), "extraordinary", "true")
			said = append(said, fmt.Sprintf("== %s, %s", d.Name, lang), reply.Reply.Text,
				w.see("commission", c, "c1", "").AsText(),
				w.push(bilal, c, "c1", "present").Reply.Text,
				w.see("reminder.invitations", c, "c1 -21", claire).Text,
				w.see("reminder.commission", c, "c1 -7", bilal).Text,
				w.do(claire, "journal", c).Reply.Card.Rows[0].Value,
				"")
		}
	}
	text := strings.Join(said, "\n")
	if *update {
		if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	got, lines := strings.Split(text, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(got), len(lines)) {
		if i >= len(got) || i >= len(lines) || got[i] != lines[i] {
			t.Fatalf("line %d is not that of %s; it reads now:\n%s", i+1, golden, text)
		}
	}
}

// TestWithoutMeetings reads what is left where nobody is called together.
func TestWithoutMeetings(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.open("logement")
		w.join(c, bilal, "partner", "")
		w.do(claire, "commission", c, "at", "2026-04-01T14:00:00Z", "place", "Salle bleue")
		words := []string{"commission", "Commission", "meeting", "Meeting", "Salle bleue"}
		w.place = locales.DepartementOf("75")
		keeps(t, w.see("home", c, "", ""), words...)
		for _, name := range []string{"suivi", "agenda", "aide", "mes-situations"} {
			keeps(t, w.do(claire, name, c).Reply, words...)
		}
		for _, view := range []string{"commission", "reminder.invitations", "reminder.commission"} {
			w.silent(view, c, "c1 -7", claire)
		}
	})
}

// TestMeetingsAreDeclared holds that what is only about meetings says so.
func TestMeetingsAreDeclared(t *testing.T) {
	var about []string
	paris := locales.For("fr").In(locales.DepartementOf("75"))
	for _, c := range All() {
		if c.Offered(paris) != !c.Meets || !c.Offered(locales.For("fr")) {
			t.Errorf("%s is offered wrongly", c.Name)
		}
		if c.Meets {
			about = append(about, c.Name)
		}
	}
	if !slices.Contains(about, "commission") {
		t.Errorf("about meetings: %q", about)
	}
}
