package export_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/casework"
	"parcours/casework/caseworktest"
	"parcours/documents"
	"parcours/documents/export"
	"parcours/documents/paper"
	"parcours/locales"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var now = time.Date(2026, 12, 1, 9, 30, 0, 0, caseworktest.Zone())

func asked(c *casework.Case) export.Request {
	return export.Request{Case: c, Say: locales.For("fr").In(locales.DepartementOf("62")), Now: now}
}

// written gives the archive of a request, by the names of its files.
func written(t *testing.T, r export.Request) map[string][]byte {
	t.Helper()
	var first, second bytes.Buffer
	for _, to := range []io.Writer{&first, &second} {
		if err := r.Write(to); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Fatal("the same request gives another archive")
	}
	archive, err := zip.NewReader(bytes.NewReader(first.Bytes()), int64(first.Len()))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range archive.File {
		from, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(from); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// dossier is what somebody else's program reads of dossier.json.
type dossier struct {
	Format    int               `json:"format"`
	Code      casework.Code     `json:"code"`
	MadeAt    time.Time         `json:"made_at"`
	Accounts  map[string]string `json:"accounts"`
	Situation map[string]any    `json:"situation"`
	Journal   []struct {
		Number uint64          `json:"number"`
		At     time.Time       `json:"at"`
		By     casework.UserID `json:"by"`
		Fact   string          `json:"fact"`
		Data   json.RawMessage `json:"data"`
	} `json:"journal"`
}

func read(t *testing.T, text []byte) dossier {
	t.Helper()
	var d dossier
	from := json.NewDecoder(bytes.NewReader(text))
	from.DisallowUnknownFields()
	if err := from.Decode(&d); err != nil {
		t.Fatal(err)
	}
	return d
}

// journal gives the journal of a dossier as a store keeps it.
func (d dossier) journal(t *testing.T) [][]byte {
	t.Helper()
	var all [][]byte
	for _, e := range d.Journal {
		entry := map[string]any{"t": e.At, "u": e.By, "d": e.Data}
		if e.By == "" {
			delete(entry, "u")
		}
		rest, err := json.Marshal(entry)
		if err != nil {
			t.Fatal(err)
		}
		// The name of a fact comes first in a journal.
		all = append(all, fmt.Appendf(nil, `{"k":%q,%s`, e.Fact, string(rest[1:])))
	}
	return all
}

var everything = cmp.Exporter(func(reflect.Type) bool { return true })

// lives gives cases with a history drawn at random, always the same.
func lives(t *testing.T, n int) []*casework.Case {
	t.Helper()
	drawn := rapid.Custom(func(t *rapid.T) [][]byte {
		_, entries := caseworktest.History(t, caseworktest.Users())
		raw := make([][]byte, len(entries))
		for i, e := range entries {
			var err error
			if raw[i], err = casework.Encode(e); err != nil {
				t.Fatal(err)
			}
		}
		return raw
	})
	cases := make([]*casework.Case, n)
	for seed := range cases {
		var err error
		if cases[seed], err = casework.Read("P-7K3F", drawn.Example(seed)); err != nil {
			t.Fatal(err)
		}
	}
	return cases
}

// Whatever happened in a case, the case that the archive tells is the very same.
func TestWhatIsExportedIsTheCase(t *testing.T) {
	for _, want := range lives(t, 6) {
		d := read(t, written(t, asked(want))["dossier.json"])
		got, err := casework.Read(d.Code, d.journal(t))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, everything); diff != "" {
			t.Fatalf("read again, the case is another (-was +is):\n%s", diff)
		}
	}
}

// everyFact is a journal with one fact of each kind at least, with all its fields.
func everyFact(t *testing.T) [][]byte {
	t.Helper()
	text, err := os.ReadFile("../../casework/testdata/entries.golden")
	if err != nil {
		t.Fatal(err)
	}
	// Those of a mailbox and of the register of refusals are in no case.
	elsewhere := regexp.MustCompile(`^{"k":"(mailbox|settings|nudge|bundle|refusal|accesses)_`)
	return slices.DeleteFunc(slices.Collect(bytes.Lines(text)), elsewhere.Match)
}

// Every kind of fact is there, word for word, and docs/export.md says what each is
// and what each of its fields means.
func TestEveryFactIsExportedAndExplained(t *testing.T) {
	journal := everyFact(t)
	c, err := casework.Read("P-7K3F", journal)
	if err != nil {
		t.Fatal(err)
	}
	explained, err := os.ReadFile("../../docs/export.md")
	if err != nil {
		t.Fatal(err)
	}
	var unexplained []string
	explain := func(name string) {
		if !strings.Contains(string(explained), "`"+name+"`") && !slices.Contains(unexplained, name) {
			unexplained = append(unexplained, name)
		}
	}
	text := written(t, asked(c))["dossier.json"]
	d := read(t, text)
	for i, e := range d.Journal {
		var was struct {
			Name string `json:"k"`
			Data any    `json:"d"`
		}
		var data any
		if json.Unmarshal(journal[i], &was) != nil || json.Unmarshal(e.Data, &data) != nil {
			t.Fatalf("line %d is no JSON", i+1)
		}
		if was.Name != e.Fact || !reflect.DeepEqual(was.Data, data) || e.Number != uint64(i+1) {
			t.Errorf("line %d: %s %s, want %s", i+1, e.Fact, e.Data, journal[i])
		}
		explain(e.Fact)
	}
	if len(d.Journal) != len(journal) {
		t.Errorf("%d entries, want %d", len(d.Journal), len(journal))
	}
	var fields func(any)
	fields = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, inner := range v {
				explain(name)
				if name != "accounts" && name != "answers" { // by account
					fields(inner)
				}
			}
		case []any:
			for _, inner := range v {
				fields(inner)
			}
		}
	}
	var whole any
	if err := json.Unmarshal(text, &whole); err != nil {
		t.Fatal(err)
	}
	fields(whole)
	if len(unexplained) > 0 {
		slices.Sort(unexplained)
		t.Errorf("docs/export.md does not explain %q", unexplained)
	}
}

// The situation says what the case holds; what it leaves out stands in the journal
// alone, or is about messages.
func TestTheSituationIsTheCase(t *testing.T) {
	left := []string{"Code", "Seq", "DecidedAt", "Channel", "Home", "Blank", "Posts", "Former", "Told", "Refusals", "Consultations"}
	names := map[string]string{"EntryPath": "entry", "OwnWords": "words"}
	c, err := casework.Read("P-7K3F", everyFact(t))
	if err != nil {
		t.Fatal(err)
	}
	d := read(t, written(t, asked(c))["dossier.json"])
	of := reflect.TypeFor[casework.Case]()
	for i := range of.NumField() {
		field := of.Field(i)
		name := names[field.Name]
		if name == "" {
			name = strings.ToLower(strings.ReplaceAll(field.Name, "At", "_at"))
		}
		if _, told := d.Situation[name]; field.IsExported() && told == slices.Contains(left, field.Name) {
			t.Errorf("%s: told is %v", field.Name, told)
		}
	}
}

// Every version of every record is there, and each document is the one that is
// handed to the person herself.
func TestTheDocumentsOfAnArchive(t *testing.T) {
	records := 0
	for _, c := range recorded(lives(t, 300), 12) {
		r, code := asked(c), c.Code
		records += len(c.Records)
		files := written(t, r)
		want := map[string]struct {
			kind    documents.Kind
			subject string
		}{
			string(code) + "-projet.pdf":   {documents.Project, ""},
			string(code) + "-liste.pdf":    {documents.List, ""},
			string(code) + "-synthese.pdf": {documents.Synthesis, ""},
		}
		for _, record := range c.Records {
			name := string(code) + "-releve-de-decisions-" + record.ID + ".pdf"
			want[name] = struct {
				kind    documents.Kind
				subject string
			}{documents.Record, record.ID}
		}
		if len(files) != len(want)+2 || r.FileName() != string(code)+"-dossier.zip" {
			t.Fatalf("%d files", len(files))
		}
		for name, one := range want {
			made, err := documents.Make(one.kind, "62", documents.Request{
				Case: c, Subject: one.subject, Say: r.Say, Now: now, Sees: func(casework.Topic) bool { return true },
			})
			var file bytes.Buffer
			if err == nil {
				err = paper.PDF(&file, made.Document)
			}
			if err != nil || !bytes.Equal(file.Bytes(), files[name]) {
				t.Fatalf("%s is another: %v", name, err)
			}
		}
	}
	if records < 6 {
		t.Errorf("only %d records were drawn", records)
	}
}

// recorded gives n of cases, those with records first.
func recorded(cases []*casework.Case, n int) []*casework.Case {
	slices.SortStableFunc(cases, func(a, b *casework.Case) int { return len(b.Records) - len(a.Records) })
	return cases[:n]
}

func TestTheReadMeSaysWhatIsWhat(t *testing.T) {
	c := casework.Fold("P-7K3F", []casework.Entry{{Seq: 1, At: now, By: "u-claire", Fact: casework.Opened{
		Person: "Madame Lopez", Household: casework.OnePerson, Author: casework.Professional{ID: "p1", Name: "Martin", FirstName: "Claire", User: "u-claire"},
	}}})
	c.Apply(casework.Entry{Seq: 2, At: now, By: "u-claire", Fact: casework.CaseClosed{}})
	for lang, says := range map[string][]string{
		"fr": {"lisez-moi.txt", "dossier P-7K3F", "2 lignes", "1er décembre 2028", "messagerie"},
		"en": {"read-me.txt", "file P-7K3F", "2 lines", "1 December 2028", "chat"},
	} {
		r := asked(c)
		r.Say = locales.For(lang)
		r.Name = func(casework.UserID) string { return "somebody else" }
		files := written(t, r)
		for _, text := range says[1:] {
			if got := strings.ReplaceAll(string(files[says[0]]), "\u00a0", " "); !strings.Contains(got, text) {
				t.Errorf("%q is not in:\n%s", text, got)
			}
		}
		if d := read(t, files["dossier.json"]); d.Accounts["u-claire"] != "Claire Martin" || d.Format != 1 {
			t.Errorf("%+v", d)
		}
	}
}
