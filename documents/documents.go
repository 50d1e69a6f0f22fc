// Package documents makes what a case gives on paper: for every kind of document,
// in the form of any of the four départements that tried the démarche (national
// guide, annexe 2). The content is always that of the case; the form, its order,
// its names for things and what it asks, is that of the model.
//
// A document is made for one reader. What they may not see is left out and
// counted; what the journal does not know is a blank to fill by hand, never a
// guess.
package documents

import (
	"slices"
	"time"

	"parcours/casework"
	"parcours/documents/paper"
	"parcours/locales"
)

// Kind says what a document is for. The values are a contract.
type Kind string

// The kinds: the decision record of a meeting; the project with the person; the
// list of those who accompany her; the synthesis of the assessment; a letter that
// invites to a meeting; the sheet to sign on arriving; a decision record to fill
// by hand; what the person is told of the démarche and of her rights.
const (
	Record     Kind = "record"
	Project    Kind = "project"
	List       Kind = "list"
	Synthesis  Kind = "synthesis"
	Invitation Kind = "invitation"
	Attendance Kind = "attendance"
	Blank      Kind = "blank"
	Leaflet    Kind = "leaflet"
)

// Archive is what a casework.DocumentMade calls the archive of all that is recorded of
// a person; it is none of Kinds.
const Archive = "export"

// Kinds are all of them, in order.
func Kinds() []Kind {
	return []Kind{Record, Project, List, Synthesis, Invitation, Attendance, Blank, Leaflet}
}

// Models are the départements whose forms are known, by their codes.
func Models() []string { return slices.Clone(locales.Models) }

// A Request says what a document is to tell, and to whom.
type Request struct {
	// Case may be nil for a Blank or a Leaflet, which then tell of nobody.
	Case *casework.Case
	// Sees says which topics the reader may know of. Nil allows none.
	Sees func(casework.Topic) bool
	// Subject is, for a Record, the id of a record or of a meeting; for an
	// Attendance, that of a meeting; for an Invitation, to whom it is addressed: a
	// line of the list, or casework.ThePerson. Empty is the latest record (before
	// there is any, a draft about the latest meeting), the next meeting, the person.
	Subject string
	// Say chooses the language. The words are those of the model.
	Say locales.Printer
	// Now is in the time zone in which days are told.
	Now time.Time
}

// A Paper is a document, and what is to be known of it before it is handed over.
type Paper struct {
	Document paper.Document
	// Topics are those that its lines tell of, "" being the general part of the case.
	// It has none when it tells of no case.
	Topics []casework.Topic
	// Missing names the blanks that somebody has to fill, in words, without any
	// content of the case.
	Missing []string
	// Hidden is how many lines are left out because the reader may not see them.
	Hidden int
}

// Make makes a document. Its title names neither person nor content. Errors:
// NotAChoice for a kind or a model that is none, UnknownItem for a subject that
// the case does not know, NotAgreed for a letter to somebody the person does not
// want contacted.
func Make(kind Kind, model string, r Request) (Paper, error) {
	prepare, ok := preparations[kind]
	if !ok {
		return Paper{}, casework.Refuse(casework.NotAChoice, "kind")
	}
	form, ok := forms[kind][model]
	if !ok {
		return Paper{}, casework.Refuse(casework.NotAChoice, "model")
	}
	c := newComposer(kind, model, r)
	if err := prepare(c); err != nil {
		return Paper{}, err
	}
	for _, part := range form.parts {
		part(c)
	}
	return c.paper(form), nil
}
