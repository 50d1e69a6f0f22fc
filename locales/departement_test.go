package locales_test

import (
	"errors"
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"parcours/locales"
)

// printers gives one for each language in the words of each département.
func printers() []locales.Printer {
	var all []locales.Printer
	for _, d := range locales.Departements() {
		for _, lang := range languages {
			all = append(all, locales.For(lang).In(d))
		}
	}
	return all
}

// departementWords reads the words of every département in a language.
func departementWords(t *testing.T, lang string) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("departements/*.toml")
	if err != nil || len(files) != len(locales.Departements()) {
		t.Fatalf("%d files: %v", len(files), err)
	}
	all := map[string][]string{}
	for _, file := range files {
		var read struct {
			Name    string
			Meeting map[string]map[string]string
			Phase   []struct {
				Name  map[string]string
				LedBy map[string]string `toml:"led_by"`
			}
		}
		if _, err := toml.DecodeFile(file, &read); err != nil {
			t.Fatal(err)
		}
		all[file] = append(all[file], read.Name)
		for _, word := range read.Meeting[lang] {
			all[file] = append(all[file], word)
		}
		for _, f := range read.Phase {
			all[file] = append(all[file], f.Name[lang], f.LedBy[lang])
		}
	}
	return all
}

// TestNoSentenceNamesTheMeeting holds that each département's word for it is said,
// except where people read what to type.
func TestNoSentenceNamesTheMeeting(t *testing.T) {
	typed := regexp.MustCompile(`/parcours commission\b`)
	for lang, name := range map[string]string{"fr": `(?i)commission|comité`, "en": `(?i)\bthe meetings?\b|commission|committee`} {
		named := regexp.MustCompile(name)
		for key, forms := range sentences(t, lang) {
			for _, form := range forms {
				if found := named.FindString(typed.ReplaceAllString(gap.ReplaceAllString(form, ""), "")); found != "" {
					t.Errorf("%s in %s says %q: write {{.theMeeting}} or the like", key, lang, found)
				}
			}
		}
	}
}

// TestWordsOfTheMeetingStandWell holds that a word with a capital begins a
// sentence, that one without does not, and that both forms of a counted sentence
// have the same words.
func TestWordsOfTheMeetingStandWell(t *testing.T) {
	begins := regexp.MustCompile(`(^|[.!?]\s)$`)
	for _, lang := range languages {
		for key, forms := range sentences(t, lang) {
			var words [][]string
			for _, form := range forms {
				var here []string
				for _, at := range gap.FindAllStringSubmatchIndex(form, -1) {
					word := form[at[2]:at[3]]
					if !slices.Contains(locales.Words(), word) {
						continue
					}
					here = append(here, word)
					upper := strings.ToUpper(word[:1]) == word[:1]
					if begins.MatchString(form[:at[0]]) && !upper || upper && !begins.MatchString(form[:at[0]]) {
						t.Errorf("%s in %s: {{.%s}} stands wrongly in %q", key, lang, word, form)
					}
				}
				words = append(words, here)
			}
			if len(words) == 2 && !slices.Equal(words[0], words[1]) {
				t.Errorf("%s in %s: the forms have other words, %q", key, lang, words)
			}
		}
	}
}

// TestNobodyFillsTheWords holds that no code gives what the printer gives.
func TestNobodyFillsTheWords(t *testing.T) {
	for _, file := range sources(t, folders(t)...) {
		ast.Inspect(file, func(n ast.Node) bool {
			args, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			if typ, ok := args.Type.(*ast.SelectorExpr); !ok || typ.Sel.Name != "Args" {
				return true
			}
			for _, element := range args.Elts {
				key, ok := element.(*ast.KeyValueExpr).Key.(*ast.BasicLit)
				if !ok {
					continue
				}
				if name, _ := strconv.Unquote(key.Value); slices.Contains(locales.Words(), name) {
					t.Errorf("%s is filled by the printer, and by %s too", name, file.Name)
				}
			}
			return true
		})
	}
}

func TestEveryDepartementIsWhole(t *testing.T) {
	var codes []string
	for _, say := range printers() {
		d := say.Place()
		if say.Lang() == "fr" {
			codes = append(codes, d.Code)
		}
		if d.Meetings != (len(d.Phases) > 0) {
			t.Errorf("%s has %d phases", d.Name, len(d.Phases))
		}
		for _, f := range d.Phases {
			if f.Name(say) == "" {
				t.Errorf("%s: phase %s has no name in %s", d.Name, f.ID, say.Lang())
			}
		}
		// Every sentence is whole in the words of every département.
		for key, forms := range sentences(t, say.Lang()) {
			args := locales.Args{}
			for _, g := range gaps(forms) {
				args[g] = 3
			}
			for _, n := range []int{1, 3} {
				if len(forms) == 2 {
					args["N"] = n
				}
				text := say.T(key, args)
				if strings.Contains(text, "<no value>") || strings.Contains(text, "{{") || strings.Contains(text, "  ") || text != strings.TrimSpace(text) {
					t.Errorf("%s in %s: %s reads %q", d.Name, say.Lang(), key, text)
				}
			}
		}
	}
	if want := []string{"", "09", "62", "67", "75"}; !slices.Equal(codes, want) {
		t.Errorf("départements %q, want %q", codes, want)
	}
	if locales.DepartementOf("75").Meetings || locales.DepartementOf("29").Code != "" || !locales.DepartementOf("29").Meetings {
		t.Error("the wrong département is found")
	}
}

func TestWordsOfADepartement(t *testing.T) {
	at := locales.Args{"Code": "P-7K3F", "Days": 15}
	for _, c := range []struct{ code, lang, key, want string }{
		{"", "fr", "commission.text", "Une date est fixée pour la commission de P-7K3F : serez-vous là ?"},
		{"62", "fr", "commission.text", "Une date est fixée pour la commission référent de parcours de P-7K3F : serez-vous là ?"},
		{"09", "fr", "commission.text", "Une date est fixée pour le comité de suivi de parcours de P-7K3F : serez-vous là ?"},
		{"09", "fr", "commission.present", "C’est noté : vous venez au comité de suivi de parcours de P-7K3F."},
		{"67", "fr", "commission.present", "C’est noté : vous venez à la commission « référent unique » de P-7K3F."},
		{"09", "fr", "run.commission", "Réunir le comité"},
		{"09", "fr", "remind.invitations.text", "P-7K3F : il est temps d’envoyer les invitations au comité de suivi de parcours."},
		{"09", "fr", "remind.invitations.ahead", "Le comité de suivi de parcours est dans 3 jours. Les invitations partent d’habitude au moins 15 jours avant."},
		{"09", "fr", "label.commission", "Prochain comité de suivi de parcours"},
		{"62", "fr", "hint.commission.chair", "Un pilote, tiers qui n’accompagne pas la personne."},
		{"09", "fr", "hint.commission.chair", "Phase d’accueil : chef de centre local ou conseillère insertion. Phase d’accompagnement : référent de parcours."},
		{"", "en", "commission.present", "Noted: you are coming to the meeting of P-7K3F."},
		{"09", "en", "commission.title", "Progress committee"},
		{"67", "en", "commission.text", "A date is set for the “single referent” commission of P-7K3F: will you be there?"},
		// Where none is held, one may have been before.
		{"75", "fr", "commission.title", "Commission"},
		{"75", "en", "commission.extraordinary", "Extraordinary meeting"},
	} {
		say := locales.For(c.lang).In(locales.DepartementOf(c.code))
		if strings.HasSuffix(c.key, ".ahead") {
			at["N"] = 3
		}
		for range 2 { // the second time from memory
			if got := strings.ReplaceAll(say.T(c.key, at), "\u00a0", " "); got != c.want {
				t.Errorf("%q in %s: got %q, want %q", c.code, c.lang, got, c.want)
			}
		}
	}
	// The zero printer and the zero département are neutral.
	var zero locales.Printer
	if got := zero.In(locales.Departement{}).T("run.commission"); got != "Réunir la commission" {
		t.Error(got)
	}
}

const own = `
name = "Finistère"
documents = ["record", "list"]
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

func TestADepartementOfOnesOwn(t *testing.T) {
	d, err := locales.ReadDepartement([]byte(own))
	if err != nil {
		t.Fatal(err)
	}
	say := locales.For("fr").In(d)
	if got := say.T("commission.present", locales.Args{"Code": "P-7K3F"}); !strings.Contains(got, "vous venez à l’instance partenariale de P-7K3F") {
		t.Error(got)
	}
	if got := say.Place(); got.Name != "Finistère" || got.Code != "" || got.Model != "62" || got.Phases[0].Chair != locales.ChairThird {
		t.Errorf("%+v", got)
	}
}

func TestFaultsOfADepartement(t *testing.T) {
	swap := func(old, new string) string { return strings.Replace(own, old, new, 1) }
	silent := "name = \"x\"\nmodel = \"75\"\nmeetings = false\n"
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"nothing wrong", own, nil},
		{"no meetings", silent + `documents = ["list"]`, nil},
		{"syntax", "name = \n", []string{"1 departement.syntax"}},
		{"a number", swap(`the = "l’instance partenariale"`, "the = 3"), []string{"8 departement.syntax"}},
		{"unknown", swap("name", "nom = 1\nname"), []string{"nom departement.unknown"}},
		{"unknown form", swap("the =", "le = \"x\"\nthe ="), []string{"meeting.fr.le departement.unknown"}},
		{"unknown language", own + "[meeting.br]\nname = \"x\"\n", []string{"meeting departement.not_one_of"}},
		{"unknown in a phase", own + "who = \"x\"\n", []string{"phase.who departement.unknown"}},
		{"missing form", swap(`to = "à l’instance partenariale"`, ""), []string{"meeting.fr.to departement.missing"}},
		{"long button", swap("Réunir l’instance", "Réunir l’instance partenariale"), []string{"meeting.fr.call departement.too_long"}},
		{"long leaders", swap("un tiers", strings.Repeat("é", 80)), []string{"phase.led_by.fr departement.too_long"}},
		{"chair", swap(`"third"`, `"pilote"`), []string{"phase[1].chair departement.not_one_of"}},
		{"phase id", swap(`"instance"`, `"Instance 1"`), []string{"phase[1].id departement.not_an_id"}},
		{"phase twice", own + own[strings.Index(own, "[[phase]]"):], []string{"phase[2].id departement.twice"}},
		{"no phase", own[:strings.Index(own, "[[phase]]")], []string{"phase departement.missing"}},
		{"document", swap(`"list"`, `"letter"`), []string{"documents[2] departement.not_one_of"}},
		{"document twice", swap(`"list"`, `"record"`), []string{"documents[2] departement.twice"}},
		{"cell", `crip = { phone = "01 23 45 67 89", email = "cellule@departement.fr", hours = "de 9 h à 17 h" }` + "\n" + own, nil},
		{"cell abroad", `crip = { phone = "+33123456789" }` + "\n" + own, nil},
		{"no phone", `crip = { phone = "appelez-nous" }` + "\n" + own, []string{"crip.phone departement.no_phone"}},
		{"no email", `crip = { email = "cellule" }` + "\n" + own, []string{"crip.email departement.no_email"}},
		{"model", swap(`model = "62"`, `model = "29"`), []string{"model departement.not_one_of"}},
		{"too much", silent + "documents = [\"record\"]\n[meeting.fr]\nname = \"x\"\n", []string{"documents[1] departement.too_much", "meeting departement.too_much"}},
		{"empty", "meetings = false", []string{"name departement.missing", "model departement.missing", "documents departement.missing"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := locales.ReadDepartement([]byte(c.text))
			var faults locales.Faults
			if err != nil && !errors.As(err, &faults) {
				t.Fatal(err)
			}
			var got []string
			for _, f := range faults {
				got = append(got, fmt.Sprintf("%s %s", f.Key, f.Kind))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestADepartementIsAFile holds that another département needs no code: only a
// file, under its official code.
func TestADepartementIsAFile(t *testing.T) {
	for _, d := range locales.Departements() {
		name := d.Code
		if name == "" {
			name = "neutral"
		}
		text, err := os.ReadFile("departements/" + name + ".toml")
		if err != nil {
			t.Fatal(err)
		}
		if read, err := locales.ReadDepartement(text); err != nil || read.Name != d.Name {
			t.Errorf("%s: %v", name, err)
		}
	}
}
