package commands

import (
	"cmp"
	"errors"
	"strings"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// onCommission is the kind of subject that commissions are: "c1", "c2".
const onCommission = "c"

// Bounds of the length asked for, in minutes (guide, annexe 2.1).
const minutesLeast, minutesMost = 15, 240

// commissionCommand calls the meeting of the person and the professionals
// (guide IV.B).
func commissionCommand() command.Command {
	return command.Command{
		Name: "commission", Twin: "commission",
		May:    command.Coordinators,
		Form:   "commission",
		Fields: commissionFields,
		Words:  []string{"at"},
		Do:     doCommission,
		Meets:  true,
		Buttons: []command.Button{
			{ID: "present", On: onCommission, May: command.Members, Do: answerAttendance(true)},
			{ID: "absent", On: onCommission, May: command.Members, Do: answerAttendance(false)},
			{ID: "cancel", On: onCommission, May: command.Coordinators, Form: "cancel", Fields: cancelFields, Do: cancelCommission},
		},
	}
}

func commissionFields(r command.Request) []chat.Field {
	q := asking(r, "commission")
	q.moment("at")
	q.naming("place", needed)
	q.user("chair", optional)
	if phases := phaseChoices(r.Say); len(phases) > 1 {
		q.one("phase", optional, phases)
	}
	q.number("length", minutesLeast, minutesMost)
	q.yes("extraordinary", optional)
	// The question is shown only to whom it is put; it can be typed by anyone.
	if r.Values == nil || r.Text("why") != "" {
		q.text("why", optional)
	}
	return q.fields
}

func phaseChoices(say locales.Printer) []chat.Option {
	var options []chat.Option
	for _, f := range say.Place().Phases {
		options = append(options, chat.Option{Value: f.ID, Label: capital(f.Name(say))})
	}
	return options
}

// phase gives the phase of a meeting: the one asked for, or else that of the
// meeting before, or the first; id is empty where there is one alone, as meetings
// are then of none.
func phase(r command.Request) (phase locales.Phase, id string) {
	phases := r.Say.Place().Phases
	if len(phases) == 0 {
		return phase, ""
	}
	phase = phases[0]
	if len(phases) == 1 {
		return phase, ""
	}
	for _, f := range phases {
		if f.ID == cmp.Or(r.Text("phase"), r.Case.Phase()) {
			phase = f
		}
	}
	return phase, phase.ID
}

// phase names the phase of this id; as it stands when the département knows it no
// more.
func (s *sheet) phase(id string) string {
	for _, f := range s.say.Place().Phases {
		if f.ID == id {
			return f.Name(s.say)
		}
	}
	return id
}

func doCommission(r command.Request) (command.Response, error) {
	phase, id := phase(r)
	facts, err := r.Case.PlanCommission(casework.Commission{
		At: r.Moment("at"), Place: r.Text("place"), Chair: r.User("chair"), Phase: id,
		Minutes: r.Number("length"), Extraordinary: r.Bool("extraordinary"), Why: r.Text("why"),
	}, r.Now)
	var refused *casework.Error
	if errors.As(err, &refused) && refused.Code == casework.WhyNeeded {
		q := asking(r, "commission")
		q.fields = commissionFields(r)
		q.text("why", needed)
		return command.Response{Ask: q.fields, FormError: r.Say.T("commission.short", locales.Args{"Days": casework.NoticeDays})}, nil
	}
	if err != nil {
		return command.Response{}, err
	}
	m := recorded[casework.CommissionPlanned](facts).Commission
	s := replying(r, r.Case)
	s.about("", m.ID, s.meeting(m))
	if m.Why != "" {
		s.plain("", s.t("commission.soon"))
	}
	if phase.Chair == locales.ChairThird && r.Case.Involved(m.Chair) {
		s.plain("", s.t("commission.involved"))
	}
	s.plain("", s.t("commission.next"))
	return command.Response{
		Record: facts, Reply: s.overview(s.t("commission.recorded")),
		Notices: append([]command.Notice{post(viewCommission, m.ID)}, tell("", m.Chair, viewChairing, m.ID)...),
	}, nil
}

func answerAttendance(present bool) func(command.Request) (command.Response, error) {
	return func(r command.Request) (command.Response, error) {
		facts, err := r.Case.AnswerAttendance(r.Subject, r.Asker.ID, present, r.Now)
		if err != nil {
			return command.Response{}, err
		}
		s := replying(r, r.Case)
		reply := s.t("commission.absent")
		if present {
			reply = s.t("commission.present")
		}
		return command.Response{Record: facts, Reply: chat.Message{Text: reply}}, nil
	}
}

func cancelFields(r command.Request) []chat.Field {
	q := asking(r, "cancel")
	q.text("why", needed)
	return q.fields
}

// cancelCommission tells everybody, each in private: somebody may be about to set
// out. What called them to the meeting says so too.
func cancelCommission(r command.Request) (command.Response, error) {
	facts, err := r.Case.CancelCommission(r.Subject, r.Text("why"), r.Asker.ID, r.Now)
	if err != nil {
		return command.Response{}, err
	}
	s := replying(r, r.Case)
	s.plain("", s.t("commission.off.next"))
	s.run("commission")
	response := command.Response{
		Record: facts, Reply: s.message(s.t("commission.off")), Notices: []command.Notice{refresh(viewCommission, r.Subject)},
	}
	for _, m := range r.Case.Members {
		if m.Joined {
			response.Notices = append(response.Notices, tell(r.Asker.ID, m.User, viewCancelled, r.Subject)...)
		}
	}
	return response, nil
}

// showCommission calls the circle to a meeting, naming everyone invited (guide
// IV.B.1).
func showCommission(v command.ViewRequest) (chat.Message, bool) {
	m, ok := v.Case.Commission(v.Subject)
	if m.Cancelled {
		return showCancelled(v)
	}
	s := showing(v)
	s.card.Title = s.t("commission.title")
	s.commission(m)
	s.plain("", s.t("commission.rules"))
	s.buttons(m.ID, "present", "absent", "cancel")
	return s.dated(s.whole(s.t("commission.text")), m), ok && m.At.After(v.Now) && v.Say.Place().Meetings
}

// showCancelled tells that a meeting will not be held.
func showCancelled(v command.ViewRequest) (chat.Message, bool) {
	m, ok := v.Case.Commission(v.Subject)
	s := showing(v)
	s.card.Title = s.t("cancelled.title")
	s.about("", s.t("label.at"), s.meeting(m))
	s.about("", s.t("label.why_off"), m.WhyOff)
	s.plain("", s.t("cancelled.next"))
	return s.dated(s.whole(s.t("cancelled.text")), m), ok && m.Cancelled && !v.Case.Ended()
}

// showChairing tells whoever leads a meeting what that means (guide IV.B.3), with
// the order of the day as it stands.
func showChairing(v command.ViewRequest) (chat.Message, bool) {
	m, ok := v.Case.Commission(v.Subject)
	s := showing(v)
	s.card.Title = s.t("chairing.title")
	s.commission(m)
	s.heading(s.t("chairing.role"))
	for _, sentence := range []string{
		s.t("chairing.welcome"), s.t("chairing.frame"), s.t("chairing.needed"), s.t("chairing.person"), s.t("chairing.time"),
	} {
		s.plain("", sentence)
	}
	s.order(m)
	s.run("séance")
	return s.overview(s.t("chairing.text")), ok && !m.Cancelled && m.Ends().After(v.Now) && v.Say.Place().Meetings
}

// commission adds when, where and with whom a meeting is held.
func (s *sheet) commission(m casework.Commission) {
	s.about("", s.t("label.at"), s.say.Moment(m.At.In(s.now.Location())))
	s.about("", s.t("label.place"), m.Place)
	s.about("", s.t("label.length"), s.t("line.minutes", locales.Args{"N": m.Minutes}))
	s.about("", s.t("label.phase"), s.phase(m.Phase))
	s.about("", s.t("label.chair"), s.user(m.Chair))
	if m.Extraordinary {
		s.about("", "", s.t("commission.extraordinary"))
	}
	s.about("", s.t("label.why"), m.Why)
	s.about("", s.t("label.called"), strings.Join(s.called(), ", "))
}

// called names the person and every professional she agreed to.
func (s *sheet) called() []string {
	names := []string{s.t("actor.person")}
	for _, p := range s.c.Professionals {
		if p.Agreed {
			names = append(names, signature(p))
		}
	}
	return names
}

// attendance adds what the members answered to a meeting.
func (s *sheet) attendance(m casework.Commission) {
	var yes, no, silent []string
	for _, member := range s.c.Members {
		present, said := m.Answers[member.User]
		switch {
		case !member.Joined:
		case !said:
			silent = append(silent, s.user(member.User))
		case present:
			yes = append(yes, s.user(member.User))
		default:
			no = append(no, s.user(member.User))
		}
	}
	s.about("", s.t("label.present"), strings.Join(yes, ", "))
	s.about("", s.t("label.absent"), strings.Join(no, ", "))
	s.about("", s.t("label.silent"), strings.Join(silent, ", "))
}
