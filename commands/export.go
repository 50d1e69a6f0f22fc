package commands

import (
	"bytes"
	"time"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/documents"
	"parcours/documents/export"
	"parcours/locales"
)

// exportCommand gives whoever runs the service all that is recorded of a person, as
// one archive to hand over to her: her right of access. It is a consultation, with
// its reason, which is kept and announced.
func exportCommand() command.Command {
	return command.Command{
		Name: "exporter", Twin: "export",
		May:    command.Admins,
		Form:   "export",
		Fields: whichAndWhy("export"),
		Words:  []string{"case", "reason"},
		Do:     doExport,
	}
}

func doExport(r command.Request) (command.Response, error) {
	c, err := r.Find(r.Text("case"))
	if err != nil {
		return command.Response{}, err
	}
	facts, notices, err := Exporting(c, r.Text("reason"), "", r.Say.Place(), r.Now)
	if err != nil {
		return command.Response{}, err
	}
	r.Case = c
	request := export.Request{
		Case: after(r, facts), Say: r.Say, Now: r.Now, Name: func(user casework.UserID) string { return r.Account(user).Name },
	}
	var body bytes.Buffer
	if err := request.Write(&body); err != nil {
		return command.Response{}, err
	}
	s := &sheet{c: c, say: r.Say, now: r.Now, account: r.Account}
	s.card.Title = s.t("export.title")
	for _, what := range []string{"export.what", "export.hand_over", "export.told", "export.delete"} {
		s.plain("", s.t(what))
	}
	reply := s.message(s.t("export.text"))
	reply.Files = []chat.File{{Name: request.FileName(), Type: export.Media, Case: c.Code, Topics: casework.Topics(), Body: body.Bytes()}}
	return command.Response{
		Consults: c, Record: facts,
		Notices: notices,
		Reply:   reply,
	}, nil
}

// Exporting decides that an archive of a case is made, in the forms of a département:
// a consultation, with its reason, and a document; and announces it. operator is the
// account of the server where it is made there, and else empty. Errors: those of
// Consult.
func Exporting(c *casework.Case, reason, operator string, place locales.Departement, now time.Time) ([]casework.Fact, []command.Notice, error) {
	facts, err := c.Consult(reason, operator, now)
	if err != nil {
		return nil, nil, err
	}
	id := recorded[casework.Consulted](facts).ID
	return append(facts, casework.DocumentMade{Kind: documents.Archive, Model: place.Model}), announce(viewExported, id), nil
}

// showExported tells that an archive of a case was made, why, and by whom.
func showExported(v command.ViewRequest) (chat.Message, bool) {
	keys := reading{"exported.text", "exported.title", "exported.what", "exported.footer", "exported.yours"}
	if one, _ := v.Case.Consultation(v.Subject); one.By == "" {
		keys.what = "exported.there"
	}
	return showReading(v, keys)
}
