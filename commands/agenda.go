package commands

import (
	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/documents/calendar"
	"parcours/locales"
)

// How far ahead deadlines are shown, in days.
const (
	agendaDays = 30
	agendaMost = 366
)

// agendaCommand gives the asker their deadlines in all their cases.
func agendaCommand() command.Command {
	return command.Command{
		Name: "agenda", Twin: "agenda",
		May:  command.Anyone,
		Form: "agenda",
		Fields: func(r command.Request) []chat.Field {
			q := asking(r, "agenda")
			q.number("days", 1, agendaMost)
			return q.fields
		},
		Words: []string{"days"},
		Do:    doAgenda,
	}
}

func doAgenda(r command.Request) (command.Response, error) {
	cases, err := r.Mine()
	if err != nil {
		return command.Response{}, err
	}
	days := r.Number("days")
	if days == 0 {
		days = agendaDays
	}
	last := casework.DayOf(r.Now).Add(days)
	s := replying(r, nil)
	s.card.Title = s.t("agenda.title")
	byCode := map[casework.Code]*casework.Case{}
	var mine []deadline
	for _, c := range cases {
		if !c.IsMember(r.Asker.ID) {
			continue
		}
		s.c = c
		byCode[c.Code] = c
		for _, d := range append(s.deadlines(), s.thinking(r.Policy)...) {
			if d.day <= last && d.doer(r.Asker.ID) {
				mine = append(mine, d)
			}
		}
	}
	var events []calendar.Event
	for _, d := range sorted(mine) {
		s.c = byCode[d.code]
		if m, ok := s.c.Commission(d.id); ok {
			e := s.event(m)
			// The file is of several cases: where each meets is in the invitation.
			e.Place, e.Description = "", s.t("calendar.more")
			events = append(events, e)
		} else if d.day >= casework.DayOf(r.Now) {
			events = append(events, s.due(d))
		}
		s.about(d.topic, s.when(d.day), s.t("line.deadline", locales.Args{"Text": d.text}))
	}
	s.c = nil
	if len(mine) == 0 {
		s.plain("", s.t("agenda.none"))
	}
	s.run("mes-situations")
	reply := s.overview(s.t("agenda.text", locales.Args{"N": days}))
	reply.Files = s.calendar("agenda", events)
	return command.Response{Reply: reply}, nil
}

// thinking gives the day to come back to a person who is thinking it over.
func (s *sheet) thinking(p casework.Policy) []deadline {
	c := s.c
	if c.State != casework.Proposed {
		return nil
	}
	return []deadline{{
		id: "thinking", day: casework.DayOf(c.OpenedAt.In(s.now.Location())).Add(p.Thinking), code: c.Code,
		text: s.t("deadline.thinking"),
		doer: func(u casework.UserID) bool { return u == c.Author },
	}}
}
