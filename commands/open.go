package commands

import (
	"errors"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// openCommand proposes the démarche to a person (guide IV.A.1).
func openCommand() command.Command {
	return command.Command{
		Name: "ouvrir", Twin: "open",
		May:    command.AnyProfessional,
		Opens:  true,
		Form:   "open",
		Fields: openFields,
		Words:  []string{"person"},
		Do:     doOpen,
	}
}

func openFields(r command.Request) []chat.Field {
	answer := casework.Answer(r.Text("answer"))
	accepted := answer == casework.Accepts
	q := asking(r, "open")
	// A refusal keeps no name, so none is asked for.
	q.naming("person", answer != casework.Refuses)
	q.one("household", needed, choices(r.Say, "household", casework.OnePerson, casework.Family))
	q.text("entry", optional)
	q.one("answer", needed, choices(r.Say, "answer", casework.Accepts, casework.Thinking, casework.Refuses))
	q.one("consent_form", accepted, choices(r.Say, "consent_form", casework.Written, casework.Oral))
	q.naming("witness", optional)
	q.day("consent_until", optional)
	q.several("topics", accepted, topicChoices(r.Say))
	q.several("veto", optional, topicChoices(r.Say))
	q.area("own_words")
	return q.fields
}

func doOpen(r command.Request) (command.Response, error) {
	household := casework.Household(r.Text("household"))
	s := replying(r, nil)
	answer := casework.Answer(r.Text("answer"))
	if answer == casework.Refuses {
		facts, err := casework.CountRefusal(household)
		return command.Response{Count: facts, Reply: chat.Message{Text: s.t("open.refused")}}, err
	}
	code, err := r.NewCode()
	if err != nil {
		return command.Response{}, err
	}
	facts, err := casework.Open(code, r.Asker.ID, casework.Proposal{
		Person: r.Text("person"), Household: household,
		EntryPath: r.Text("entry"), OwnWords: r.Text("own_words"),
		Answer: answer,
		Consent: casework.Consent{
			Form: casework.ConsentForm(r.Text("consent_form")), Witness: r.Text("witness"),
			Topics: r.Topics("topics"), Vetoes: r.Topics("veto"), Until: r.Day("consent_until"),
		},
		Author: casework.Professional{Name: r.Asker.Name}, Keep: r.Policy.Keep,
	}, r.Now)
	if err != nil {
		return command.Response{}, inField(err, map[string]string{"form": "consent_form", "until": "consent_until"})
	}
	s.c = &casework.Case{Code: code}
	s.card.Title = s.t("open.title")
	response := command.Response{Record: facts, Opens: code}
	if answer == casework.Thinking {
		s.plain("", s.t("open.thinking.next", locales.Args{"N": r.Policy.Thinking}))
		s.run("consentement")
		response.Reply = s.message(s.t("open.thinking"))
		return response, nil
	}
	s.plain("", s.t("open.channel"))
	s.plain(s.t("open.first"), s.t("open.list"))
	s.plain(s.t("open.second"), s.t("open.invite"))
	s.plain(s.t("open.third"), s.t("open.referent"))
	s.run("liste", "inviter", "référent")
	response.Reply = s.message(s.t("open.accepted"))
	response.Notices = []command.Notice{{Act: command.Open}}
	return response, nil
}

// inField gives a refusal of the domain with its field as the form calls it.
func inField(err error, names map[string]string) error {
	var refused *casework.Error
	if !errors.As(err, &refused) || names[refused.Field] == "" {
		return err
	}
	renamed := *refused
	renamed.Field = names[refused.Field]
	return &renamed
}
