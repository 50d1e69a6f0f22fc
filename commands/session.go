package commands

import (
	"slices"
	"strings"
	"time"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// sessionCommand accompanies a meeting while it is held (guide IV.B).
func sessionCommand() command.Command {
	return command.Command{
		Name: "séance", Twin: "session",
		May:   command.Members,
		Do:    doSession,
		Meets: true,
		Buttons: []command.Button{
			{ID: "begin", On: onCommission, May: command.Members, Do: beginSession},
			{ID: "attend", On: onCommission, May: command.Members, Form: "attend", Fields: attendFields, Do: attendSession},
			{ID: "topic", On: onCommission, May: command.Members, Form: "topic", Fields: sessionTopicFields, Do: takeTopic},
			{ID: "view", On: onCommission, May: command.Members, Form: "view", Fields: personViewFields, Do: giveView},
			{ID: "end", On: onCommission, May: command.Members, Form: "end", Fields: endFields, Do: endSession},
			{ID: "draft", On: onCommission, May: command.Members, Do: draftRecord},
		},
	}
}

func doSession(r command.Request) (command.Response, error) {
	if err := readable(r); err != nil {
		return command.Response{}, err
	}
	m, ok := atHand(r.Case, r.Now)
	s := replying(r, r.Case)
	if !ok {
		s.plain("", s.t("session.none.next"))
		if r.Case.Coordinates(r.Asker.ID) {
			s.run("commission")
		}
		return command.Response{Reply: s.message(s.t("session.none"))}, nil
	}
	return command.Response{Reply: s.session(m, s.t("session.text"))}, nil
}

// atHand gives the meeting under way; or one of today, rather one that has no
// record yet; or else the next.
func atHand(c *casework.Case, now time.Time) (casework.Commission, bool) {
	if m, ok := c.Session(now); ok {
		return m, true
	}
	found, ok := c.NextCommission(now)
	for _, m := range slices.Backward(c.Commissions) {
		if m.Cancelled || casework.DayOf(m.At.In(now.Location())) != casework.DayOf(now) {
			continue
		}
		if _, recorded := c.RecordOf(m.ID); !recorded {
			return m, true
		}
		if !ok || casework.DayOf(found.At.In(now.Location())) > casework.DayOf(now) {
			found, ok = m, true
		}
	}
	return found, ok
}

// session shows a meeting to its reader, with what they can do in it.
func (s *sheet) session(m casework.Commission, text string) chat.Message {
	s.card.Title = s.t("session.title")
	s.about("", s.t("label.at"), s.meeting(m))
	s.plain(s.t("label.state"), s.elapsed(m))
	s.about("", s.t("label.chair"), s.user(m.Chair))
	s.presences(m.Attendance, s.actor)
	s.order(m)
	s.steps(m)
	return s.overview(text)
}

// steps adds the buttons of a meeting, the one expected first: for whoever leads
// it, and for the person to say what she thinks.
func (s *sheet) steps(m casework.Commission) {
	today := casework.DayOf(m.At.In(s.now.Location())) <= casework.DayOf(s.now)
	if !s.c.Leads(s.reader, m) {
		if who := actorOf(s.c, s.reader); who == casework.ThePerson {
			s.buttons(m.ID, "view")
		}
		return
	}
	switch {
	case !today:
		s.run("diagnostic", "bilan")
	case m.OpenedAt.IsZero():
		s.buttons(m.ID, "begin", "attend", "view", "draft")
		s.run("bilan", "relevé")
	case m.EndedAt.IsZero():
		s.buttons(m.ID, "attend", "topic", "view", "draft", "end")
		s.run("bilan", "objectif", "action", "relevé")
	default:
		s.buttons(m.ID, "draft", "attend", "view")
		s.run("relevé")
	}
}

// elapsed says how long a meeting has been open and what is left of it.
func (s *sheet) elapsed(m casework.Commission) string {
	minutes := func(d time.Duration) string { return s.t("line.minutes", locales.Args{"N": int(d.Minutes())}) }
	switch {
	case m.OpenedAt.IsZero():
		return s.t("session.waiting")
	case !m.EndedAt.IsZero():
		return s.t("session.over")
	}
	since, left := minutes(s.now.Sub(m.OpenedAt)), remaining(m, s.now)
	if left < 0 {
		return s.t("session.late", locales.Args{"Since": since, "Over": minutes(-left)})
	}
	return s.t("session.open", locales.Args{"Since": since, "Left": minutes(left)})
}

// remaining is what is left of the length of a meeting that was opened.
func remaining(m casework.Commission, now time.Time) time.Duration {
	return m.OpenedAt.Add(time.Duration(m.Minutes) * time.Minute).Sub(now)
}

// presences adds who is at a meeting, as far as it was written down.
func (s *sheet) presences(all []casework.Attendance, name func(casework.Actor) string) {
	for _, group := range []struct {
		presence casework.Presence
		label    string
	}{
		{casework.Present, s.t("label.were_present")}, {casework.Excused, s.t("label.were_excused")}, {casework.Absent, s.t("label.were_absent")},
	} {
		var names []string
		for _, a := range all {
			if a.Presence == group.presence {
				names = append(names, name(a.Who))
			}
		}
		s.about("", group.label, strings.Join(names, ", "))
	}
}

// order adds the order of the day, made from the case: the person's own words
// first, then what was agreed on before, what weighs and what helps, the topics
// she may open or not, and what is to be fixed before parting.
func (s *sheet) order(m casework.Commission) {
	text := s.c.Minutes(m, "", m.NextOn)
	s.words(text)
	s.heading(s.t("session.topics"))
	for _, topic := range s.c.Consent().Topics {
		if s.c.Consent().Shared(topic) {
			s.about(topic, "", s.t("line.share", locales.Args{"Name": capital(s.t("topic." + string(topic))), "Topics": s.taken(m, topic)}))
		}
	}
	s.reviews(text)
	s.weights(m, text)
	s.heading(s.t("session.close"))
	if r, ok := s.c.Referent(); ok {
		s.about("", s.t("label.referent"), s.user(r.User))
	} else {
		s.plain(s.t("label.referent"), s.t("homecard.no_referent"))
	}
	if m.NextOn != "" {
		s.about("", s.t("label.next_on"), s.when(m.NextOn))
	} else {
		s.plain(s.t("label.next_on"), s.t("session.no_next"))
	}
	s.group = ""
}

// weights adds the obstacles in the order of their priority, and the strengths.
func (s *sheet) weights(m casework.Commission, text casework.Minutes) {
	s.heading(s.t("session.obstacles"))
	for _, e := range s.c.ByPriority() {
		if e.Kind == casework.Obstacle && s.c.Consent().Shared(e.Topic) && !m.SetAside(e.Topic) {
			s.about(e.Topic, s.rank(e), joined(" → ", e.Name, e.Objective))
		}
	}
	s.heading(s.t("session.strengths"))
	s.strengths(text)
	s.group = ""
}

// taken says whether the person agreed to speak of a topic at a meeting.
func (s *sheet) taken(m casework.Commission, topic casework.Topic) string {
	asked := slices.ContainsFunc(m.Topics, func(t casework.TopicTaken) bool { return t.Topic == topic })
	switch {
	case m.SetAside(topic):
		return s.t("session.aside")
	case asked:
		return s.t("session.agreed")
	}
	return s.t("session.to_ask")
}

func beginSession(r command.Request) (command.Response, error) {
	facts, err := r.Case.OpenSession(r.Subject, r.Asker.ID, r.Now)
	if err != nil {
		return command.Response{}, err
	}
	response := moved(r, facts, "session.begun")
	response.Notices = []command.Notice{post(viewSession, r.Subject)}
	return response, nil
}

func attendFields(r command.Request) []chat.Field {
	c := known(r)
	m, _ := c.Commission(r.Subject)
	var present, excused []string
	for _, a := range m.Attendance {
		switch a.Presence {
		case casework.Present:
			present = append(present, string(a.Who))
		case casework.Excused:
			excused = append(excused, string(a.Who))
		}
	}
	q := asking(r, "attend")
	q.before("present", needed, actorChoices(c, r.Say), present)
	q.before("excused", optional, actorChoices(c, r.Say), excused)
	return q.fields
}

// before asks for several options, those given before chosen already.
func (q *questionnaire) before(id string, required bool, options []chat.Option, given []string) {
	b := q.base(id, required)
	b.Default = given
	q.add(chat.Choice{Base: b, Options: options})
}

func attendSession(r command.Request) (command.Response, error) {
	facts, err := r.Case.TakeAttendance(r.Subject, actors(r, "present"), actors(r, "excused"), r.Asker.ID, r.Now)
	if err != nil {
		return command.Response{}, err
	}
	return moved(r, facts, "session.attended"), nil
}

// actors gives all the values of a field as actors.
func actors(r command.Request, id string) []casework.Actor {
	var all []casework.Actor
	for _, who := range r.List(id) {
		all = append(all, casework.Actor(who))
	}
	return all
}

func sessionTopicFields(r command.Request) []chat.Field {
	q := asking(r, "topic")
	q.one("topic", needed, topicChoices(r.Say))
	q.yes("agreed", needed)
	return q.fields
}

func takeTopic(r command.Request) (command.Response, error) {
	facts, err := r.Case.TakeTopic(r.Subject, casework.Topic(r.Text("topic")), r.Bool("agreed"), r.Asker.ID, r.Now)
	if err != nil {
		return command.Response{}, err
	}
	return moved(r, facts, "session.topic_taken"), nil
}

func personViewFields(r command.Request) []chat.Field {
	q := asking(r, "view")
	q.add(chat.Area{Base: q.base("words", needed)})
	return q.fields
}

func giveView(r command.Request) (command.Response, error) {
	facts, err := r.Case.GiveView(r.Subject, r.Text("words"), r.Asker.ID, r.Now)
	if err != nil {
		return command.Response{}, err
	}
	return moved(r, facts, "session.view_given"), nil
}

func endFields(r command.Request) []chat.Field {
	q := asking(r, "end")
	q.day("next_on", needed)
	return q.fields
}

func endSession(r command.Request) (command.Response, error) {
	facts, err := r.Case.EndSession(r.Subject, r.Day("next_on"), r.Asker.ID, r.Now)
	if err != nil {
		return command.Response{}, err
	}
	return moved(r, facts, "session.ended"), nil
}

// moved records a step of a meeting, and shows it as it stands.
func moved(r command.Request, facts []casework.Fact, reply string) command.Response {
	s := replying(r, after(r, facts))
	m, _ := s.c.Commission(r.Subject)
	return command.Response{Record: facts, Reply: s.session(m, s.t(reply))}
}

// draftRecord shows whoever leads a meeting what its record would say now.
func draftRecord(r command.Request) (command.Response, error) {
	m, ok := r.Case.Commission(r.Subject)
	switch err := readable(r); {
	case err != nil:
		return command.Response{}, err
	case !ok:
		return command.Response{}, casework.Refuse(casework.UnknownItem, "commission")
	case !r.Case.Leads(r.Asker.ID, m):
		return command.Response{}, casework.Refuse(casework.Forbidden, "")
	case m.Cancelled:
		return command.Response{}, casework.Refuse(casework.MeetingOff, "")
	}
	s := replying(r, r.Case)
	s.card.Title = s.t("draft.title")
	s.plain("", s.t("draft.what"))
	s.minutes(r.Case.Minutes(m, "", m.NextOn))
	s.steps(m)
	return command.Response{Reply: s.overview(s.t("draft.text"))}, nil
}

// showSession opens a meeting in the channel: what it is for, and its rules
// (guide IV.B.3). It holds nothing of the case.
func showSession(v command.ViewRequest) (chat.Message, bool) {
	m, ok := v.Case.Commission(v.Subject)
	s := showing(v)
	s.card.Title = s.t("session.opened.title")
	for _, rule := range []struct{ label, text string }{
		{s.t("charter.aim"), s.t("session.aim")}, {s.t("charter.secret"), s.t("session.secret")},
		{s.t("charter.judgement"), s.t("session.judgement")}, {s.t("charter.plain"), s.t("session.plain")},
		{s.t("session.person"), s.t("session.free")},
	} {
		s.plain(rule.label, rule.text)
	}
	s.buttons(m.ID, "view")
	return s.message(s.t("session.opened.text")), ok && !m.OpenedAt.IsZero() && m.EndedAt.IsZero() && !v.Case.Ended()
}

// remindTime is the time-keeper of a meeting: how much is left of it, and what is
// left to do.
func remindTime(v command.ViewRequest) (chat.Message, bool) {
	_, ok := reminder(v, casework.RemindTime)
	m, _ := v.Case.Session(v.Now)
	s := showing(v)
	s.card.Title = s.t("remind.time.title")
	s.plain(s.t("label.state"), s.elapsed(m))
	s.heading(s.t("remind.time.left"))
	for _, topic := range v.Case.Consent().Topics {
		if s.c.Consent().Shared(topic) && !slices.ContainsFunc(m.Topics, func(t casework.TopicTaken) bool { return t.Topic == topic }) {
			s.about(topic, s.t("remind.time.topic"), s.t("topic."+string(topic)))
		}
	}
	if m.View == "" {
		s.plain("", s.t("remind.time.view"))
	}
	if len(m.Attendance) == 0 {
		s.plain("", s.t("remind.time.attendance"))
	}
	if m.NextOn == "" {
		s.plain("", s.t("remind.time.next"))
	}
	s.plain("", s.t("remind.time.record"))
	s.buttons(m.ID, "end")
	s.run("séance", "relevé")
	text := s.t("remind.time.ahead", locales.Args{"N": int(remaining(m, v.Now).Minutes())})
	if remaining(m, v.Now) < time.Minute {
		text = s.t("remind.time.over")
	}
	return s.overview(text), ok
}
