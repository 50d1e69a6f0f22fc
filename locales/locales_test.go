package locales_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/casework/figures"
	"parcours/commands"
	"parcours/documents"
	"parcours/documents/indicators"
	"parcours/locales"
)

var languages = []string{"fr", "en"}

// sentences reads every key of a language, with all the forms of its sentence.
func sentences(t *testing.T, lang string) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("*." + lang + ".toml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files for %s: %v", lang, err)
	}
	all := map[string][]string{}
	for _, file := range files {
		var read map[string]any
		if _, err := toml.DecodeFile(file, &read); err != nil {
			t.Fatal(err)
		}
		for key, value := range read {
			if _, twice := all[key]; twice {
				t.Errorf("%s is said twice in %s", key, lang)
			}
			switch v := value.(type) {
			case string:
				all[key] = []string{v}
			case map[string]any:
				all[key] = []string{fmt.Sprint(v["one"]), fmt.Sprint(v["other"])}
				if len(v) != 2 {
					t.Errorf("%s in %s: %d forms, want one and other", key, lang, len(v))
				}
			}
		}
	}
	return all
}

var gap = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

// gaps gives the arguments a sentence takes, those left out that fill themselves.
func gaps(forms []string) []string {
	found := map[string]bool{}
	for _, form := range forms {
		for _, g := range gap.FindAllStringSubmatch(form, -1) {
			if !slices.Contains(locales.Words(), g[1]) {
				found[g[1]] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func TestBothLanguagesSayTheSame(t *testing.T) {
	french, english := sentences(t, "fr"), sentences(t, "en")
	for key, forms := range french {
		other, ok := english[key]
		switch {
		case !ok:
			t.Errorf("%s is not in English", key)
		case !slices.Equal(gaps(forms), gaps(other)):
			t.Errorf("%s takes %q in French, %q in English", key, gaps(forms), gaps(other))
		case len(forms) != len(other):
			t.Errorf("%s has a plural in one language only", key)
		}
	}
	for key := range english {
		if _, ok := french[key]; !ok {
			t.Errorf("%s is not in French", key)
		}
	}
}

func TestFrenchTypography(t *testing.T) {
	breakable := regexp.MustCompile(`« | »| [:;?!](\s|$)|[\pL][;?!](\s|$)|'|\.\.\.|\pL·\pL`)
	said := sentences(t, "fr")
	maps.Copy(said, departementWords(t, "fr"))
	for key, forms := range said {
		for _, form := range forms {
			if found := breakable.FindString(form); found != "" {
				t.Errorf("%s: %q in %q", key, found, form)
			}
		}
	}
}

// Acronyms are banished from the démarche (guide IV.B.2).
func TestNoAcronyms(t *testing.T) {
	acronym := regexp.MustCompile(`\b\p{Lu}{2,}\b`)
	for _, lang := range languages {
		said := sentences(t, lang)
		maps.Copy(said, departementWords(t, lang))
		for key, forms := range said {
			for _, form := range forms {
				if found := acronym.FindString(gap.ReplaceAllString(form, "")); found != "" {
					t.Errorf("%s in %s: %q", key, lang, found)
				}
			}
		}
	}
}

// sources parses the Go files of packages, tests left out.
func sources(t *testing.T, folders ...string) []*ast.File {
	t.Helper()
	var parsed []*ast.File
	for _, folder := range folders {
		names, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(names) == 0 {
			t.Fatalf("no source in %s: %v", folder, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, src, 0)
			if err != nil {
				t.Fatal(err)
			}
			parsed = append(parsed, file)
		}
	}
	return parsed
}

// folders gives every folder of the project that holds Go sources: sentences
// are said in many places.
func folders(t *testing.T) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		if name := entry.Name(); name != ".." && strings.HasPrefix(name, ".") || name == "node_modules" {
			return fs.SkipDir
		}
		files, err := filepath.Glob(filepath.Join(path, "*.go"))
		if len(files) > 0 {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// used gives the keys that the code names: said are those handed to a printer,
// named any text that could be a key.
func used(t *testing.T) (said, named map[string]bool) {
	t.Helper()
	said, named = map[string]bool{}, map[string]bool{}
	for _, file := range sources(t, folders(t)...) {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
					named[text] = true
				}
			case *ast.CallExpr:
				fun, ok := n.Fun.(*ast.SelectorExpr)
				if !ok || len(n.Args) == 0 || fun.Sel.Name != "T" && fun.Sel.Name != "t" {
					return true
				}
				if key, ok := n.Args[0].(*ast.BasicLit); ok {
					text, _ := strconv.Unquote(key.Value)
					said[text] = true
				}
			}
			return true
		})
	}
	return said, named
}

// constants gives the values of the constants of a type in a package.
func constants(t *testing.T, folder, typeName string) []string {
	t.Helper()
	var values []string
	for _, file := range sources(t, folder) {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			name := ""
			switch typed := spec.Type.(type) {
			case *ast.Ident:
				name = typed.Name
			case *ast.SelectorExpr:
				name = typed.Sel.Name
			}
			if lit, ok := spec.Values[0].(*ast.BasicLit); ok && name == typeName {
				value, _ := strconv.Unquote(lit.Value)
				values = append(values, value)
			}
			return true
		})
	}
	if len(values) == 0 {
		t.Fatalf("no constants %s in %s", typeName, folder)
	}
	return values
}

// families gives the keys that the code puts together: needed are those that
// must be there, allowed those that may.
func families(t *testing.T) (needed, allowed map[string]bool) {
	t.Helper()
	needed, allowed = map[string]bool{}, map[string]bool{}
	need := func(prefix string, values ...string) {
		for _, v := range values {
			needed[prefix+v] = true
		}
	}
	for prefix, typeName := range map[string]string{
		"topic.": "Topic", "household.": "Household", "answer.": "Answer", "consent_form.": "ConsentForm",
		"role.": "Role", "kind.": "Kind", "horizon.": "Horizon", "state.": "State", "error.": "ErrorCode",
		"outcome.": "Outcome", "relative.": "RelativeKind", "title.": "Title", "family.": "FamilySituation",
		"yesno.": "YesNo", "presence.": "Presence", "degree.": "Degree", "change.": "Change",
	} {
		need(prefix, constants(t, "../casework", typeName)...)
	}
	need("error.", constants(t, "../bot", "ErrorCode")...)
	need("wording.kind.", constants(t, "../bot/wording", "Kind")...)
	for key := range maps.Clone(needed) {
		if strings.HasPrefix(key, "error.") {
			allowed[key+".hint"] = true
		}
	}
	for _, p := range casework.Professions() {
		need("profession.", string(p))
	}
	for _, w := range casework.Sectors() {
		need("sector.", string(w))
	}
	need("document.", append([]string{documents.Archive}, locales.Kinds...)...)
	for _, why := range casework.Erasures() {
		need("erasure.", string(why))
		need("erased.", string(why))
	}
	need("document.file.", locales.Kinds...)
	for _, format := range append([]indicators.Format{"screen"}, indicators.Files()...) {
		need("format.", string(format))
	}
	need("postpone.in.", "1", "3", "7", "14", "30")
	need("figure.column.", "department", "from", "to", "part", "table", "what", "value", "unit", "count", "share", "percent", "both")
	need("figure.part.", "entry", "profile", "professionals", "meetings", "work", "end")
	for _, length := range []string{"duration", "to_meeting", "to_review"} {
		need("figure.length."+length, ".mean", ".median")
	}
	for _, table := range figures.NewTally("", "", time.UTC, indicators.Paths()).Sheet().Tables {
		need("figure.table.", table.ID)
		need("figure.says.", table.ID)
		need("figure.total.", string(table.Total))
		for _, row := range table.Rows {
			allowed["figure.row."+string(row)] = true
		}
	}
	need("past.", "withdraw", "new_channel")
	need("consent_action.", "grant", "extend", "narrow", "withdraw")
	need("help.may.", "anyone", "professional", "members", "keepers", "coordinators", "pilots", "admins")
	need("history.", facts(t)...)
	need("access.", constants(t, "../storage/access", "Way")...)
	need("audit.way.", constants(t, "../storage/access", "Way")...)
	need("access.answer.", "status", "history", "mine", "agenda")
	need("language.", string(chat.French), string(chat.English))
	for _, kind := range casework.ReminderKinds() {
		if kind != casework.RemindAction && kind != casework.RemindCommission && kind != casework.RemindSignatures {
			need("bundle.kind.", string(kind))
		}
	}
	for i := range 7 {
		need("date.weekday.", strconv.Itoa(i))
	}
	for i := range 12 {
		need("date.month.", strconv.Itoa(i+1))
	}
	form := func(id string, fields func(command.Request) []chat.Field) {
		if fields == nil {
			return
		}
		need("form.", id+".title")
		for _, say := range printers() {
			for _, f := range fields(command.Request{Say: say, Case: casework.Fold("", nil)}) {
				need("field."+id+".", f.About().ID)
				allowed["hint."+id+"."+f.About().ID] = true
				if _, ok := f.(chat.Date); ok {
					allowed["example."+id+"."+f.About().ID] = true
				}
			}
		}
	}
	for _, c := range commands.All() {
		need("cmd."+c.Twin, ".summary", ".example")
		form(c.Form, c.Fields)
		allowed["run."+c.Name] = true
		for _, b := range c.Buttons {
			need("button.", b.ID)
			form(b.Form, b.Fields)
		}
	}
	return needed, allowed
}

// facts gives the names of the facts that a history tells.
func facts(t *testing.T) []string {
	t.Helper()
	quiet := []string{
		"shown", "withheld", "past_chosen", "reminded", "refusal_counted",
		"mailbox_opened", "settings_chosen", "nudge_queued", "bundle_handed", "bundle_arrived", "bundle_dropped", "bundle_returned", "accesses_marked",
	}
	var names []string
	for _, file := range sources(t, "../casework") {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || spec.Names[0].Name != "factNames" {
				return true
			}
			for _, element := range spec.Values[0].(*ast.CompositeLit).Elts {
				name, _ := strconv.Unquote(element.(*ast.KeyValueExpr).Key.(*ast.BasicLit).Value)
				if !slices.Contains(quiet, name) {
					names = append(names, name)
				}
			}
			return false
		})
	}
	if len(names) < 20 {
		t.Fatalf("only %d facts found", len(names))
	}
	return names
}

func TestEveryKeySaidExists(t *testing.T) {
	french := sentences(t, "fr")
	said, _ := used(t)
	needed, _ := families(t)
	maps.Copy(said, needed)
	for key := range said {
		if _, ok := french[key]; !ok && !strings.HasSuffix(key, ".") {
			t.Errorf("%s is said and does not exist", key)
		}
	}
}

func TestEveryKeyIsUsed(t *testing.T) {
	_, named := used(t)
	needed, allowed := families(t)
	for key := range sentences(t, "fr") {
		run, isRun := strings.CutPrefix(key, "run.")
		if isRun && named[run] {
			continue
		}
		if !named[key] && !needed[key] && !allowed[key] {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

func TestTitlesLabelsAndHintsKeepTheLimits(t *testing.T) {
	for _, say := range printers() {
		check := func(id string, fields func(command.Request) []chat.Field) {
			if fields == nil {
				return
			}
			form := chat.Form{ID: id, Title: say.T("form." + id + ".title")}
			for _, f := range fields(command.Request{Say: say, Case: casework.Fold("", nil)}) {
				// What may be chosen needs a case, and is checked with one.
				form.Fields = append(form.Fields, chat.Text{Base: f.About()})
			}
			if err := form.Validate(); err != nil {
				t.Errorf("%s in %s: %v", say.Place().Name, say.Lang(), err)
			}
		}
		for _, c := range commands.All() {
			check(c.Form, c.Fields)
			for _, b := range c.Buttons {
				check(b.Form, b.Fields)
			}
		}
		for _, key := range []string{"form.submit", "form.next", "form.case.title", "form.case.field"} {
			if text := say.T(key); len(text) > 24 {
				t.Errorf("%s: %s is %d bytes", say.Lang(), key, len(text))
			}
		}
	}
}

func TestPrinter(t *testing.T) {
	french, english := locales.For("fr"), locales.For("en")
	var zero locales.Printer
	day := casework.Day("2026-05-01")
	moment := time.Date(2026, 11, 20, 14, 5, 0, 0, time.UTC)
	for _, c := range []struct{ got, want string }{
		{french.Day(day), "vendredi 1er mai 2026"},
		{english.Day(day), "Friday 1 May 2026"},
		{zero.Day(day), "vendredi 1er mai 2026"},
		{locales.For("de").Lang(), "fr"},
		{french.Day(""), ""},
		{french.Moment(time.Time{}), ""},
		{english.Moment(moment), "Friday 20 November 2026 at 14:05"},
		{french.T("far.late", locales.Args{"N": 1}), "en retard d’un jour"},
		{french.T("far.late", locales.Args{"N": 3}), "en retard de 3 jours"},
		{english.T("far.ahead", locales.Args{"N": 1}), "tomorrow"},
		{french.T("no.such"), "[no.such]"},
		{french.T("line.quoted", locales.Args{"Words": "{{.Code}} <b>"}), "«\u00a0{{.Code}} <b>\u00a0»"},
	} {
		if strings.ReplaceAll(c.got, "\u00a0", " ") != strings.ReplaceAll(c.want, "\u00a0", " ") {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	if !english.Has("error.missing") || english.Has("error.no_such") || !zero.Has("error.missing") {
		t.Error("Has does not tell what there is")
	}
}
