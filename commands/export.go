package commands

import (
	"bytes"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/documents"
	"parcours/documents/export"
)

// exportCommand gives whoever runs the service all that is recorded of a person, as
// one archive to hand over to her: her right of access. It is a consultation, with
// its reason, told to whoever coordinates the case.
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
	c, facts, err := consulted(r)
	if err != nil {
		return command.Response{}, err
	}
	id := recorded[casework.Consulted](facts).ID
	facts = append(facts, casework.DocumentMade{Kind: documents.Archive, Model: r.Say.Place().Model})
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
		Notices: tell(r.Asker.ID, c.Coordinator(), viewExported, id),
		Reply:   reply,
	}, nil
}

// showExported tells whoever coordinates a case that an archive of it was made, why,
// and by whom.
func showExported(v command.ViewRequest) (chat.Message, bool) {
	return showReading(v, "exported.text", "exported.title", "exported.what", "exported.footer")
}
