package commands

import (
	"strings"
	"testing"

	"parcours/bot/chat"
	"parcours/casework"
	"parcours/documents"
	"parcours/locales"
)

// page gives what the page of a reply or a view says.
func page(t *testing.T, files []chat.File) string {
	t.Helper()
	for _, f := range files {
		if strings.HasSuffix(f.Name, ".html") {
			return string(f.Body)
		}
	}
	t.Fatalf("no page among %d files", len(files))
	return ""
}

// Whatever is asked, in whatever form: two files, named by code and kind alone,
// that own to every topic they tell of.
func TestDocuments(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.rich()
		for i, kind := range documents.Kinds() {
			for j, model := range documents.Models() {
				if w.lang == "en" && j != i%len(documents.Models()) {
					continue // the forms are the same, and take their time
				}
				reply := w.do(claire, "document", c, "kind", string(kind), "model", model).Reply
				if len(reply.Files) != 2 {
					t.Fatalf("%s %s: %d files", kind, model, len(reply.Files))
				}
				for _, f := range reply.Files {
					if !strings.HasPrefix(f.Name, string(c.Code)+"-") || strings.Contains(f.Name, "MARK") {
						t.Errorf("%s %s is called %s", kind, model, f.Name)
					}
					for _, found := range marks.FindAllStringSubmatch(string(f.Body), -1) {
						owned := f.Case == c.Code && containsTopic(f.Topics, casework.Topic(found[2]))
						if !owned && strings.HasSuffix(f.Name, ".html") {
							t.Errorf("%s %s tells of %q and owns to %v of %s", kind, model, found[0], f.Topics, f.Case)
						}
					}
				}
			}
		}
	})
}

func containsTopic(topics []casework.Topic, topic casework.Topic) bool {
	for _, known := range topics {
		if known == topic {
			return true
		}
	}
	return false
}

// Each reads what the consent opens to them, and is told that there is more.
func TestDocumentsForPartOfTheTopics(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.rich()
		all := w.do(claire, "document", c, "kind", "project", "model", "67").Reply
		part := w.do(bilal, "document", c, "kind", "project", "model", "67").Reply
		if !strings.Contains(page(t, all.Files), "/sante/title]") || strings.Contains(page(t, part.Files), "/sante/") {
			t.Error("a partner reads of a topic that is not open to them")
		}
		says(t, part, map[string]string{"fr": "qui ne vous sont pas ouverts", "en": "not open to you"}[w.lang])
	})
}

// The form of the département is used where none is asked for, and its documents
// are offered first.
func TestDocumentsOfTheDepartement(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.rich()
	r := w.request(claire, c, values("kind", "list"))
	r.Say = r.Say.In(locales.DepartementOf("75"))
	options := documentFields(r)[0].(chat.Select).Options
	if options[0].Value != "list" || len(options) != len(documents.Kinds()) {
		t.Errorf("offered: %v", options)
	}
	response, err := doDocument(r)
	if err != nil || !strings.Contains(page(t, response.Reply.Files), "armoire numérique") {
		t.Errorf("%v: not the form of Paris", err)
	}
}

// The person has a copy of what is about her; without an account, whoever asked is
// told to hand one over.
func TestCopyForThePerson(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.rich()
		r := w.do(claire, "document", c, "kind", "synthesis", "model", "09")
		wantActs(t, r.Notices, "tell copy synthesis 09 u-sam")
		copied := w.see("copy", c, r.Notices[0].Subject, sam)
		if len(copied.Files) != 2 || !strings.Contains(page(t, copied.Files), "/sante/element]") {
			t.Errorf("the copy: %+v", copied.Text)
		}
		keeps(t, chat.Message{Text: copied.Text, Card: copied.Card}, "MARK")
		wantActs(t, w.do(sam, "document", c, "kind", "synthesis").Notices)
		wantActs(t, w.do(claire, "document", c, "kind", "attendance").Notices)

		alone := w.open("logement")
		says(t, w.do(claire, "document", alone, "kind", "leaflet").Reply, map[string]string{"fr": "Remettez-en une copie", "en": "Hand a copy"}[w.lang])
	})
}

func TestDocumentBadInput(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.rich()
	for name, test := range map[string]struct {
		pairs []string
		code  casework.ErrorCode
		field string
	}{
		"no such kind":     {[]string{"kind", "poem"}, casework.NotAChoice, "kind"},
		"no such model":    {[]string{"kind", "record", "model", "99"}, casework.NotAChoice, "model"},
		"no such meeting":  {[]string{"kind", "record", "meeting", "c9"}, casework.UnknownItem, "meeting"},
		"nobody to invite": {[]string{"kind", "invitation", "to", "p9"}, casework.UnknownItem, "to"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.try(claire, "document", c, values(test.pairs...))
			refusedFor(t, err, test.code, test.field)
		})
	}
	if _, ok := Views()["copy"](w.viewing(c, "poem 62 ", sam)); ok {
		t.Error("a copy of nothing")
	}
}

// Nothing is made of a case that may not be read any more.
func TestNoDocumentAfterTheConsent(t *testing.T) {
	w := newWorld(t, "fr")
	c := w.rich()
	w.do(bilal, "consentement", c, "action", "withdraw")
	_, err := w.try(claire, "document", c, values("kind", "record"))
	refusedFor(t, err, casework.CaseEnded, "")
}
