package commands

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/documents"
	"parcours/documents/paper"
	"parcours/locales"
)

// documentCommand makes a document of the case, in the form of a département, for
// the asker alone; the person is given a copy of what is about her.
func documentCommand() command.Command {
	return command.Command{
		Name: "document", Twin: "document",
		May:    command.Members,
		Form:   "document",
		Fields: documentFields,
		Words:  []string{"kind", "model"},
		Do:     doDocument,
	}
}

func documentFields(r command.Request) []chat.Field {
	c := known(r)
	q := asking(r, "document")
	q.one("kind", needed, kindChoices(r.Say))
	q.one("model", optional, modelChoices())
	q.one("to", optional, actorChoices(c, r.Say))
	if meetings := meetingChoices(c, r); len(meetings) > 0 || r.Values == nil {
		q.one("meeting", optional, meetings)
	}
	return q.fields
}

// kindChoices offers the documents of the département first, then the others.
func kindChoices(say locales.Printer) []chat.Option {
	kinds := say.Place().Documents
	for _, kind := range documents.Kinds() {
		if !slices.Contains(kinds, string(kind)) {
			kinds = append(slices.Clone(kinds), string(kind))
		}
	}
	return choices(say, "document", kinds...)
}

// modelChoices offers the départements whose forms are known.
func modelChoices() []chat.Option {
	var options []chat.Option
	for _, d := range locales.Departements() {
		if slices.Contains(documents.Models(), d.Code) {
			options = append(options, chat.Option{Value: d.Code, Label: d.Code + " " + d.Name})
		}
	}
	return options
}

// meetingChoices offers the meetings, the last first.
func meetingChoices(c *casework.Case, r command.Request) []chat.Option {
	var options []chat.Option
	for _, m := range slices.Backward(c.Commissions) {
		if !m.Cancelled && len(options) < maxOptions {
			options = append(options, chat.Option{Value: m.ID, Label: chat.Shorten(r.Say.Moment(m.At.In(r.Now.Location()))), Case: c.Code})
		}
	}
	return options
}

func doDocument(r command.Request) (command.Response, error) {
	if err := readable(r); err != nil {
		return command.Response{}, err
	}
	model := r.Text("model")
	if model == "" {
		model = r.Say.Place().Model
	}
	kind := documents.Kind(r.Text("kind"))
	subject := r.Text("meeting")
	if kind == documents.Invitation {
		subject = r.Text("to")
	}
	s := replying(r, r.Case)
	made, files, err := s.paper(kind, model, subject, r.Asker.ID)
	if err != nil {
		return command.Response{}, inDocument(err, kind)
	}
	s.card.Title = s.t("document.title", locales.Args{"Kind": capital(s.t("document." + string(kind)))})
	s.plain(s.t("document.missing"), strings.Join(made.Missing, "\n"))
	if made.Hidden > 0 {
		s.plain("", s.t("document.hidden", locales.Args{"N": made.Hidden}))
	}
	response := command.Response{Record: []casework.Fact{casework.DocumentMade{Kind: string(kind), Model: model, Subject: subject}}}
	if kind != documents.Attendance && kind != documents.Blank {
		if response.Notices = copies(r, kind, model, subject); len(response.Notices) == 0 && !isPerson(r.Case, r.Asker.ID) {
			s.plain("", s.t("document.hand_over"))
		}
	}
	response.Reply = s.message(s.t("document.ready"))
	response.Reply.Files = files
	return response, nil
}

// inDocument gives a refusal with the field that the form has for its subject.
func inDocument(err error, kind documents.Kind) error {
	field := "meeting"
	if kind == documents.Invitation {
		field = "to"
	}
	return inField(err, map[string]string{"subject": field})
}

// paper makes a document for a reader, as files to print and to read.
func (s *sheet) paper(kind documents.Kind, model, subject string, reader casework.UserID) (documents.Paper, []chat.File, error) {
	made, err := documents.Make(kind, model, documents.Request{
		Case: s.c, Subject: subject, Say: s.say, Now: s.now,
		Sees: func(t casework.Topic) bool { return s.c.Covers(reader, t, s.now) },
	})
	if err != nil {
		return documents.Paper{}, nil, err
	}
	name := string(s.c.Code) + "-" + s.t("document.file."+string(kind))
	var files []chat.File
	for _, form := range []struct {
		ending, kind string
		write        func(io.Writer, paper.Document) error
	}{{".pdf", "application/pdf", paper.PDF}, {".html", "text/html", paper.HTML}} {
		var body bytes.Buffer
		if err := form.write(&body, made.Document); err != nil {
			return documents.Paper{}, nil, errors.Join(errors.New("write a document"), err)
		}
		file := chat.File{Name: name + form.ending, Type: form.kind, Body: body.Bytes()}
		if len(made.Topics) > 0 {
			file.Case, file.Topics = s.c.Code, made.Topics
		}
		files = append(files, file)
	}
	return made, files, nil
}

// isPerson reports whether user is the person, in her own circle.
func isPerson(c *casework.Case, user casework.UserID) bool {
	person, ok := personOf(c)
	return ok && person == user
}

// copies gives the person, if she is in the circle, a copy of a document that
// somebody else had made.
func copies(r command.Request, kind documents.Kind, model, subject string) []command.Notice {
	person, _ := personOf(r.Case)
	return tell(r.Asker.ID, person, viewCopy, string(kind)+" "+model+" "+subject)
}

// showCopy gives the person her copy of a document.
func showCopy(v command.ViewRequest) (chat.Message, bool) {
	kind, rest, _ := strings.Cut(v.Subject, " ")
	model, subject, _ := strings.Cut(rest, " ")
	s := showing(v)
	_, files, err := s.paper(documents.Kind(kind), model, subject, v.Reader)
	if err != nil || !v.Case.Covers(v.Reader, "", v.Now) {
		return chat.Message{}, false
	}
	s.card.Title = s.t("document.title", locales.Args{"Kind": capital(s.t("document." + kind))})
	s.plain("", s.t("document.copy"))
	m := s.message(s.t("document.copied"))
	m.Files = files
	return m, true
}
