package documents_test

import (
	"bytes"
	"errors"
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
	s.by(karim).do(s.ListProfessional(casework.Professional{Name: "Refusé", Service: "Service"}, nil, s.now))
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
