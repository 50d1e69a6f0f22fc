package commands

import (
	"bytes"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/casework/figures"
	"parcours/documents/indicators"
)

// onScreen is the format of figures that are shown in the answer itself.
const onScreen = "screen"

// indicatorsCommand counts what the State asks for (specification of 2016,
// section 8), without anything that tells of somebody.
func indicatorsCommand() command.Command {
	return command.Command{
		Name: "indicateurs", Twin: "indicators",
		May:    command.Pilots,
		Form:   "indicators",
		Fields: indicatorsFields,
		Words:  []string{"format"},
		Do:     doIndicators,
	}
}

func indicatorsFields(r command.Request) []chat.Field {
	q := asking(r, "indicators")
	q.day("from", optional)
	q.day("to", optional)
	q.one("format", optional, choices(r.Say, "format", append([]indicators.Format{onScreen}, indicators.Files()...)...))
	return q.fields
}

func doIndicators(r command.Request) (command.Response, error) {
	from, to := indicators.Period(r.Day("from"), r.Day("to"), r.Now)
	if from > to {
		return command.Response{}, casework.Refuse(casework.Backwards, "to")
	}
	tally := figures.NewTally(from, to, r.Now.Location(), indicators.Paths())
	err := r.All(func(c *casework.Case) error {
		tally.Add(c)
		return nil
	})
	if err != nil {
		return command.Response{}, err
	}
	report := indicators.Report{Figures: figures.Mask(tally.Sheet()), From: from, To: to, Made: r.Now, Say: r.Say}
	s := replying(r, nil)
	s.card.Title = s.t("indicators.title")
	s.plain("", report.Period())
	for _, line := range report.Main() {
		s.plain(line.Label, line.Value)
	}
	s.plain("", s.t("indicators.masked"))
	reply := s.overview(s.t("indicators.text"))
	if format := indicators.Format(r.Text("format")); format != "" && format != onScreen {
		var body bytes.Buffer
		if err := report.Write(&body, format); err != nil {
			return command.Response{}, err
		}
		reply.Files = []chat.File{{Name: report.FileName(format), Type: format.Media(), Body: body.Bytes()}}
	} else {
		reply.Card.Footer = s.t("indicators.more")
	}
	return command.Response{Reply: reply}, nil
}
