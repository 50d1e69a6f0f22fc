package documents_test

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parcours/casework"
	"parcours/documents"
	"parcours/documents/paper"
	"parcours/locales"
)

// made makes a document, or fails.
func made(t testing.TB, kind documents.Kind, model string, r documents.Request) documents.Paper {
	t.Helper()
	p, err := documents.Make(kind, model, r)
	if err != nil {
		t.Fatalf("%s %s: %v", kind, model, err)
	}
	return p
}

// request asks for all that may be shared of a story.
func (s *story) request() documents.Request {
	return documents.Request{Case: s.Case, Sees: all, Say: french, Now: s.now}
}

// text is all that a document says, in order, its foot included.
func text(d paper.Document) string {
	var said []string
	say := func(texts ...string) { said = append(said, texts...) }
	say(d.Title, d.Subtitle, d.Code, d.Version, d.Hash)
	for _, block := range d.Blocks {
		switch b := block.(type) {
		case paper.Heading:
			say(b.Text)
		case paper.Paragraph:
			say(b.Text)
		case paper.Note:
			say(b.Text)
		case paper.Quote:
			say(b.Text, b.By)
		case paper.List:
			say(b.Items...)
		case paper.Fields:
			for _, f := range b.Fields {
				say(f.Label, f.Value)
			}
		case paper.Checks:
			for _, c := range b.Checks {
				say(c.Label)
			}
		case paper.Signatures:
			for _, s := range b.Signatures {
				say(s.Who, s.Name, s.Date, s.Mark)
			}
		case paper.Table:
			say(b.Caption)
			for _, c := range b.Columns {
				say(c.Title)
			}
			for _, row := range b.Rows {
				say(row...)
			}
		default:
			panic("a block that this test does not read")
		}
	}
	return strings.Join(said, "\n")
}

// unsaid finds what a sentence that is not there, or not whole, reads as.
var unsaid = regexp.MustCompile(`<no value>|\[[a-z_]+\.[a-z_.0-9]*\]|\{\{|%!`)

func TestEveryKindInEveryModelAndLanguage(t *testing.T) {
	empty := begin(t, "P-2222", claire, "2026-03-02", casework.Proposal{
		Person: "Madame Lopez", Household: casework.OnePerson, Answer: casework.Thinking, Author: casework.Professional{Name: "Claire Fabre"},
	})
	for name, s := range map[string]*story{"family": family(t), "ariège": ariege(t), "empty": empty} {
		for _, kind := range documents.Kinds() {
			for _, model := range documents.Models() {
				for _, say := range []locales.Printer{french, english} {
					r := s.request()
					r.Say = say
					p := made(t, kind, model, r)
					d := p.Document
					if found := unsaid.FindString(text(d)); found != "" {
						t.Errorf("%s: %s %s in %s says %q", name, kind, model, say.Lang(), found)
					}
					for _, word := range []string{s.Person, "Lopez", "Moreau", "Julie"} {
						if strings.Contains(d.Title, word) {
							t.Errorf("%s: %s %s is titled %q", name, kind, model, d.Title)
						}
					}
					if d.Code != string(s.Code) || d.Lang != say.Lang() {
						t.Errorf("%s: %s %s bears %q in %q", name, kind, model, d.Code, d.Lang)
					}
					var html bytes.Buffer
					if err := paper.HTML(&html, d); err != nil {
						t.Errorf("%s: %s %s: %v", name, kind, model, err)
					}
				}
			}
		}
	}
}

func TestKindsAndModelsAreThoseThatDepartementsOffer(t *testing.T) {
	var kinds []string
	for _, kind := range documents.Kinds() {
		kinds = append(kinds, string(kind))
	}
	if !slices.Equal(kinds, locales.Kinds) || !slices.Equal(documents.Models(), locales.Models) {
		t.Errorf("%q and %q; départements offer %q and %q", kinds, documents.Models(), locales.Kinds, locales.Models)
	}
}

func TestWhatIsRefused(t *testing.T) {
	s := family(t)
	s.by(karim).do(s.ListProfessional(karim, casework.Professional{Name: "Refusé", Service: "Service"}, nil, s.now))
	for _, c := range []struct {
		name, model, subject string
		kind                 documents.Kind
		code                 casework.ErrorCode
		field                string
	}{
		{"no such kind", "62", "", "poem", casework.NotAChoice, "kind"},
		{"no such model", "29", "", documents.Record, casework.NotAChoice, "model"},
		{"no such record", "62", "r9", documents.Record, casework.UnknownItem, "subject"},
		{"no such meeting", "62", "c9", documents.Attendance, casework.UnknownItem, "subject"},
		{"nobody on the list", "62", "p9", documents.Invitation, casework.UnknownItem, "subject"},
		{"not to be contacted", "62", "p6", documents.Invitation, casework.NotAgreed, "subject"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := s.request()
			r.Subject = c.subject
			_, err := documents.Make(c.kind, c.model, r)
			var refusal *casework.Error
			if !errors.As(err, &refusal) || refusal.Code != c.code || refusal.Field != c.field {
				t.Errorf("got %v, want %s (%s)", err, c.code, c.field)
			}
		})
	}
}

func TestAFrozenRecordIsToldFromItsTextAlone(t *testing.T) {
	s := family(t)
	r := s.request()
	r.Subject = "r4"
	before := made(t, documents.Record, "62", r)
	s.on("2026-08-04", 9).by(karim)
	s.list(casework.Professional{Name: "Nouveau", Service: "Ailleurs"})
	s.do(s.StateRelative(casework.Relative{Kind: casework.Herself, Address: "Une autre adresse"}, s.now))
	s.aims(casework.Budget, "Un objectif nouveau", "", "")
	after := made(t, documents.Record, "62", r)
	if got, want := text(after.Document), text(before.Document); got != want {
		t.Errorf("the case changed and so did its record:\n%s\nbefore:\n%s", got, want)
	}
	for _, want := range []string{"version 1", s.Records[3].Hash} {
		if !strings.Contains(text(after.Document), want) {
			t.Errorf("no %q", want)
		}
	}
}

// TestWhichTextIsTold holds which record, meeting or draft a subject names, and
// that a draft and an old version say what they are.
func TestWhichTextIsTold(t *testing.T) {
	s, draft := family(t), ariege(t)
	for _, c := range []struct {
		name, subject string
		story         *story
		want, without string
	}{
		{"the latest", "", s, "rester dans le quartier", "non figé"},
		{"an old version", "r1", s, "la version 2 la remplace", "Jean-Moulin."},
		{"a corrected one", "r2", s, "garder l’école Jean-Moulin", "la remplace"},
		{"by its meeting", "c2", s, "Chacun a pu parler.", "la remplace"},
		{"a meeting to come", "c4", s, "Projet, non figé", "Signé"},
		{"before any is frozen", "", draft, "Projet, non figé", "empreinte"},
		{"a draft by its meeting", "c1", draft, "Projet, non figé", "empreinte"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := c.story.request()
			r.Subject = c.subject
			got := text(made(t, documents.Record, "62", r).Document)
			if !strings.Contains(got, c.want) || strings.Contains(got, c.without) {
				t.Errorf("want %q and not %q in\n%s", c.want, c.without, got)
			}
		})
	}
}

// TestEveryFieldOfTheForms holds that each field of the forms of the four
// départements can be had, filled with what the case knows.
func TestEveryFieldOfTheForms(t *testing.T) {
	f, a := family(t), ariege(t)
	for _, c := range []struct {
		story *story
		kind  documents.Kind
		model string
		want  []string
	}{
		{f, documents.Record, "62", []string{
			"mardi 28 juillet 2026", "mardi 28 avril 2026", "Famille Moreau-Lefèvre", "14 rue des Tilleuls", "Emma Lefèvre", "Hugo Lefèvre", "Lila Lefèvre",
			"en couple avec enfant", "aide éducative à domicile", "31/08/2027", "excusé", "Il reste trois échéances.", "Obtenir un logement sain et plus grand",
			"Visiter le logement", "Inès Vasseur", "Karim Saïdi", "mercredi 28 octobre 2026",
			"Signature de la famille", "Signature du pilote", "Signature des partenaires", "Signature du référent", "à d’autres fins",
			"On voudrait souffler", "Nous voyons le bout", "Signé sur papier, devant Amélie Carpentier", "Signé par voie électronique", "pour la partie qui concerne",
		}},
		{f, documents.List, "75", []string{
			"Madame", "Moreau", "Julie", "12/05/1988", "julie.moreau@example.org", "06 00 00 00 01", "03 00 00 00 01", "14 rue des Tilleuls",
			"Saïdi", "Karim", "Sauvegarde de l’enfance", "Aide éducative", "karim@example.org", "03 00 00 00 02",
			"intéressé ou intéressée par le référent", "J’ai choisi un référent", "armoire numérique",
		}},
		{a, documents.Synthesis, "09", []string{
			"Madame Lopez", "Claire Fabre", "12/10/2017", "10/11/2017", "Phase d’accueil", "Phase d’accompagnement", "hôtesse de caisse", "sans laisser mon fils seul",
			"Expérience professionnelle", "Réparer la voiture", "Parcours proposé", "Faire un devis", "20/11/2017", "Garage du Pont", "chevauchent", "Commentaires",
		}},
		{f, documents.Project, "67", []string{
			"Julie Moreau", "mardi 28 juillet 2026", "14 rue des Tilleuls", "03/09/1985", "père", "en recherche d’emploi", "Cinq personnes dans deux chambres",
			"Des parents très présents", "éducateur", "Sauvegarde de l’enfance", "karim@example.org", "aide éducative à domicile", "Emma, Hugo", "01/09/2025", "31/08/2027",
			"Logement", "Budget", "Emploi et formation", "Refaire le livret", "rester dans le quartier", "2 place de la Gare", "mercredi 28 octobre 2026", "La famille", "Pour la commission",
		}},
	} {
		got := text(made(t, c.kind, c.model, c.story.request()).Document)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s %s: no %q", c.kind, c.model, want)
			}
		}
	}
}

// TestWhatIsMissing holds that a case of which little is known gives forms with
// blanks, which are named.
func TestWhatIsMissing(t *testing.T) {
	s := begin(t, "P-2222", claire, "2026-03-02", casework.Proposal{
		Person: "Madame Lopez", Household: casework.OnePerson, Answer: casework.Thinking, Author: casework.Professional{Name: "Claire Fabre"},
	})
	for kind, want := range map[documents.Kind][]string{
		documents.Record:     {"Date", "Lieu", "Adresse", "Nom des enfants", "Situation familiale", "Accompagnements en cours\u00a0: Nature de l’accompagnement, Échéance", "Nom du référent de parcours"},
		documents.List:       {"Monsieur ou Madame", "Ma date de naissance", "Les professionnels qui m’accompagnent\u00a0: Prénom, Service, Objet, Adresse de courriel, Téléphone", "Je suis intéressé ou intéressée par une armoire numérique"},
		documents.Synthesis:  {"Dates des entretiens", "Phase du parcours", "Objectif final de l’accompagnement", "Analyse objective du diagnostic", "Parcours proposé"},
		documents.Project:    {"Adresse", "Composition familiale", "Compétences, potentialités, points forts de la famille", "Référent de parcours", "Date de révision prévisionnelle"},
		documents.Invitation: {"De la part de", "Jour et heure", "Lieu", "Durée", "Animation"},
		documents.Attendance: {"Date", "Lieu"},
	} {
		p := made(t, kind, own[kind], s.request())
		for _, name := range want {
			if !slices.Contains(p.Missing, name) {
				t.Errorf("%s does not say that %q is missing, but %q", kind, name, p.Missing)
			}
		}
		if strings.Contains(strings.Join(p.Missing, " "), "Lopez") {
			t.Errorf("%s tells of the case in what is missing: %q", kind, p.Missing)
		}
	}
}

func TestTheWordsAreThoseOfTheModel(t *testing.T) {
	f := family(t)
	for model, want := range map[string]string{
		"62": "commission référent de parcours", "09": "comité de suivi de parcours", "67": "commission « référent unique »", "75": "la commission.",
	} {
		got := strings.ReplaceAll(text(made(t, documents.Invitation, model, f.request()).Document), "\u00a0", " ")
		if !strings.Contains(got, want) {
			t.Errorf("the letter of %s does not say %q", model, want)
		}
	}
	// A département that has words of its own keeps them.
	mine, err := locales.ReadDepartement([]byte(ownWords))
	if err != nil {
		t.Fatal(err)
	}
	r := f.request()
	r.Say = french.In(mine)
	if got := text(made(t, documents.Invitation, "62", r).Document); !strings.Contains(got, "l’instance partenariale") {
		t.Error("the words of a département of one’s own are not said")
	}
}

const ownWords = `
name = "Finistère"
documents = ["record"]
model = "62"
[meeting.fr]
name = "instance partenariale"
plural = "instances partenariales"
the = "l’instance partenariale"
a = "une instance partenariale"
of = "de l’instance partenariale"
to = "à l’instance partenariale"
next = "prochaine instance partenariale"
call = "Réunir l’instance"
[meeting.en]
name = "partners’ meeting"
plural = "partners’ meetings"
the = "the partners’ meeting"
a = "a partners’ meeting"
of = "of the partners’ meeting"
to = "to the partners’ meeting"
next = "next partners’ meeting"
call = "Call the partners"
[[phase]]
id = "instance"
chair = "third"
name = { fr = "instance", en = "meeting" }
led_by = { fr = "un tiers", en = "a third party" }
`

// TestForms without a case tell of nobody.
func TestFormsWithoutACase(t *testing.T) {
	for _, kind := range []documents.Kind{documents.Blank, documents.Leaflet} {
		p := made(t, kind, "67", documents.Request{Say: french, Now: family(t).now})
		if len(p.Topics) > 0 || len(p.Missing) > 0 || p.Hidden > 0 || p.Document.Code != "" {
			t.Errorf("%s: %+v", kind, p)
		}
	}
}

func TestTheLeafletIsShort(t *testing.T) {
	acronym := regexp.MustCompile(`\b\p{Lu}{2,}\b`)
	for name, s := range map[string]*story{"family": family(t), "ariège": ariege(t)} {
		d := made(t, documents.Leaflet, "62", s.request()).Document
		if pages := strings.Count(asPDF(t, d), "\f"); pages > 2 || !d.Large {
			t.Errorf("%s: %d pages, in large type: %t", name, pages, d.Large)
		}
		for _, block := range d.Blocks {
			list, _ := block.(paper.List)
			for _, item := range list.Items {
				for _, sentence := range strings.SplitAfter(item, ". ") {
					if words := strings.Fields(sentence); len(words) > 20 || acronym.MatchString(sentence) {
						t.Errorf("%d words, or an acronym: %q", len(words), sentence)
					}
				}
			}
		}
	}
}

// long is a text of the longest a line may be, with n in it.
func long(n int) string {
	return fmt.Sprintf("n%02d ", n) + strings.TrimSpace(strings.Repeat("Anne-Charlotte ", 10)[:casework.LineMax-4])
}

func TestManyProfessionalsWithLongNames(t *testing.T) {
	s := family(t)
	s.by(karim)
	for n := range 40 {
		s.list(casework.Professional{Name: long(n), FirstName: strings.Repeat("x", casework.LineMax), Service: long(n), Email: strings.Repeat("m", casework.LineMax), Phone: long(n)})
	}
	for _, kind := range documents.Kinds() {
		for _, model := range documents.Models() {
			r := s.request()
			r.Subject = map[documents.Kind]string{documents.Record: "c4"}[kind]
			d := made(t, kind, model, r).Document
			if !strings.Contains(text(d), long(39)) {
				if kind != documents.Blank && kind != documents.Synthesis {
					t.Errorf("%s %s does not name everybody", kind, model)
				}
				continue
			}
			if model != own[kind] {
				continue
			}
			pdf := strings.Join(strings.Fields(asPDF(t, d)), "")
			for n := range 40 {
				if !strings.Contains(pdf, fmt.Sprintf("n%02d", n)) {
					t.Errorf("%s %s: the file lost somebody", kind, model)
				}
			}
		}
	}
}
