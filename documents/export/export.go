// Package export gives the person all that is recorded of her, as one archive: her
// whole journal and the situation it tells, to be read by people and by programs,
// her documents, and what is to be known of all this. docs/export.md says what
// stands where.
package export

import (
	"archive/zip"
	"fmt"
	"io"
	"time"

	"parcours/casework"
	"parcours/documents"
	"parcours/documents/paper"
	"parcours/locales"
)

// Media is the media type of an archive.
const Media = "application/zip"

// A Request says of whom an archive is made, and in what words.
type Request struct {
	Case *casework.Case
	// Say chooses the language, and the département whose forms the documents have.
	Say locales.Printer
	// Now is in the time zone in which days are told.
	Now time.Time
	// Name gives the name of an account that is not on the list; it may be nil.
	Name func(casework.UserID) string
}

// FileName is how the archive is called: by the code alone.
func (r Request) FileName() string { return string(r.Case.Code) + "-dossier.zip" }

// Write writes the archive: for the same request, the same bytes. Nothing is left
// out of it because of who asks, nor because the person does not want it shared: it
// is hers. The error is that of w.
func (r Request) Write(w io.Writer) error {
	archive := zip.NewWriter(w)
	add := func(name string, write func(io.Writer) error) error {
		to, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: r.Now})
		if err != nil {
			return err
		}
		return write(to)
	}
	parts := []part{{r.Say.T("export.readme.file"), r.readMe}, {"dossier.json", r.dossier}}
	papers, err := r.papers()
	if err != nil {
		return err
	}
	for _, p := range append(parts, papers...) {
		if err := add(p.name, p.write); err != nil {
			return fmt.Errorf("write %s of an archive: %w", p.name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("write an archive: %w", err)
	}
	return nil
}

// A part is a file of the archive.
type part struct {
	name  string
	write func(io.Writer) error
}

// readMe says what is what, and what there is elsewhere.
func (r Request) readMe(w io.Writer) error {
	args := locales.Args{
		"Code": r.Case.Code, "Made": r.Say.Moment(r.Now), "Entries": len(r.Case.History()), "Records": len(r.Case.Records),
	}
	text := r.Say.T("export.readme", args)
	if until := r.Case.KeptUntil(r.Now.Location()); until != "" {
		text += "\n\n" + r.Say.T("export.readme.until", locales.Args{"Day": r.Say.Day(until)})
	}
	_, err := io.WriteString(w, text+"\n")
	return err
}

// papers are the documents that speak of her: every record that was frozen, with
// its signatures, the later versions beside the earlier ones; and the others as
// they would be made now.
func (r Request) papers() ([]part, error) {
	var papers []part
	add := func(kind documents.Kind, subject string) error {
		made, err := documents.Make(kind, r.Say.Place().Model, documents.Request{
			Case: r.Case, Subject: subject, Say: r.Say, Now: r.Now, Sees: func(casework.Topic) bool { return true },
		})
		if err != nil {
			return fmt.Errorf("make a %s: %w", kind, err)
		}
		name := string(r.Case.Code) + "-" + r.Say.T("document.file."+string(kind))
		if subject != "" {
			name += "-" + subject
		}
		papers = append(papers, part{name + ".pdf", func(w io.Writer) error { return paper.PDF(w, made.Document) }})
		return nil
	}
	for _, record := range r.Case.Records {
		if err := add(documents.Record, record.ID); err != nil {
			return nil, err
		}
	}
	for _, kind := range []documents.Kind{documents.Project, documents.List, documents.Synthesis} {
		if err := add(kind, ""); err != nil {
			return nil, err
		}
	}
	return papers, nil
}
