package commands

import (
	"slices"
	"strings"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/documents"
	"parcours/locales"
)

// onRecord is the kind of subject that decision records are: "r1", "r2".
const onRecord = "r"

// recordCommand freezes the decision record of a meeting, to be signed (guide,
// annexe 2.1).
func recordCommand() command.Command {
	return command.Command{
		Name: "relevé", Twin: "record",
		May:    command.Members,
		Form:   "record",
		Fields: recordFields,
		Words:  []string{"commission", "notes"},
		Do:     doRecord,
		Meets:  true,
		Buttons: []command.Button{
			{ID: "sign", On: onRecord, May: command.Members, Do: signRecord},
			{ID: "read", On: onRecord, May: command.Members, Do: readRecord},
			{ID: "correct", On: onRecord, May: command.Members, Form: "correct", Fields: correctFields, Do: correctRecord},
			{ID: "paper", On: onRecord, May: command.ConsentKeepers, Form: "paper", Fields: paperFields, Do: signOnPaper},
		},
	}
}

func recordFields(r command.Request) []chat.Field {
	c := known(r)
	q := asking(r, "record")
	commission := chat.Select{Base: q.base("commission", needed), Options: heldChoices(r, c)}
	if m, ok := c.Session(r.Now); ok {
		commission.Default = []string{m.ID}
	} else if len(commission.Options) > 0 {
		commission.Default = []string{commission.Options[0].Value}
	}
	q.add(commission)
	q.area("notes")
	q.day("next_on", optional)
	return q.fields
}

// heldChoices offers the meetings held or of today, the latest first; those to
// come when there is no other, to say that it is too early.
func heldChoices(r command.Request, c *casework.Case) []chat.Option {
	var held, ahead []chat.Option
	sorted := slices.SortedFunc(slices.Values(c.Commissions), func(a, b casework.Commission) int { return b.At.Compare(a.At) })
	for _, m := range sorted {
		option := chat.Option{Value: m.ID, Label: chat.Shorten(replying(r, c).meeting(m)), Case: c.Code}
		switch {
		case m.Cancelled:
		case casework.DayOf(m.At.In(r.Now.Location())) > casework.DayOf(r.Now):
			ahead = append(ahead, option)
		default:
			held = append(held, option)
		}
	}
	if len(held) == 0 {
		held = ahead
	}
	return held[:min(len(held), maxOptions)]
}

func doRecord(r command.Request) (command.Response, error) {
	return freeze(r, r.Text("commission"))
}

// freeze fixes the record of a meeting, asks for signatures, and tells those who
// signed a text that it took the place of.
func freeze(r command.Request, commission string) (command.Response, error) {
	facts, err := r.Case.FreezeRecord(commission, r.Text("notes"), r.Day("next_on"), r.Asker.ID, r.Now)
	if err != nil {
		return command.Response{}, err
	}
	s := replying(r, after(r, facts))
	record, _ := s.c.Record(recorded[casework.RecordFrozen](facts).Record.ID)
	s.card.Title = s.t("record.title")
	s.plain(s.t("label.version"), s.version(record))
	s.about("", s.t("label.unsigned"), s.names(s.c.Unsigned(record), s.actor))
	if record.Text.NextOn == "" {
		s.plain("", s.t("record.no_next"))
	}
	if len(record.Text.Attendance) == 0 {
		s.plain("", s.t("record.no_attendance"))
		s.buttons(commission, "attend")
	}
	person, has := personOf(s.c)
	if !has {
		s.plain("", s.t("record.paper"))
	}
	s.buttons(record.ID, "sign", "read", "correct", "paper")
	response := command.Response{Record: facts, Reply: s.overview(s.t("record.recorded"))}
	if last, ok := r.Case.RecordOf(commission); ok {
		response.Notices = refreshed(r.Case, last.ID)
	}
	response.Notices = append(response.Notices, post(viewRecord, record.ID))
	signed := signers(r.Case, commission)
	for _, user := range signed {
		response.Notices = append(response.Notices, tell(r.Asker.ID, user, viewResign, record.ID)...)
	}
	if has && !slices.Contains(signed, person) {
		response.Notices = append(response.Notices, tell(r.Asker.ID, person, viewRecord, record.ID)...)
	}
	return response, nil
}

// refreshed brings a record up to date wherever it stands: in the channel, and in
// what the person was told.
func refreshed(c *casework.Case, record string) []command.Notice {
	notices := []command.Notice{refresh(viewRecord, record)}
	if person, ok := personOf(c); ok {
		notices = append(notices, command.Notice{Act: command.Update, View: viewRecord, Subject: record, User: person})
	}
	return notices
}

// signers gives the members who signed, with their own account, the version in
// use of a meeting's record.
func signers(c *casework.Case, commission string) []casework.UserID {
	last, _ := c.RecordOf(commission)
	var users []casework.UserID
	for _, signature := range last.Signatures {
		if !signature.OnPaper() && c.IsMember(signature.By) {
			users = append(users, signature.By)
		}
	}
	return users
}

// personOf gives the person's own account, if she has joined the circle.
func personOf(c *casework.Case) (casework.UserID, bool) {
	for _, m := range c.Members {
		if m.Role == casework.RolePerson && m.Joined {
			return m.User, true
		}
	}
	return "", false
}

// actorOf gives who a member is in what is done.
func actorOf(c *casework.Case, user casework.UserID) casework.Actor {
	m, _ := c.Member(user)
	return m.Actor()
}

func signRecord(r command.Request) (command.Response, error) {
	facts, err := r.Case.Sign(r.Subject, r.Asker.ID, r.Now)
	if err != nil {
		return command.Response{}, err
	}
	return signedRecord(r, facts, "record.signed"), nil
}

func paperFields(r command.Request) []chat.Field {
	q := asking(r, "paper")
	q.naming("name", needed)
	q.naming("witness", needed)
	return q.fields
}

func signOnPaper(r command.Request) (command.Response, error) {
	facts, err := r.Case.SignOnPaper(r.Subject, r.Text("name"), r.Text("witness"), r.Asker.ID, r.Now)
	if err != nil {
		return command.Response{}, err
	}
	return signedRecord(r, facts, "record.signed_on_paper"), nil
}

// signedRecord records a signature, and says who is still to sign.
func signedRecord(r command.Request, facts []casework.Fact, reply string) command.Response {
	s := replying(r, after(r, facts))
	record, _ := s.c.Record(r.Subject)
	s.plain(s.t("label.version"), s.version(record))
	if recorded[casework.RecordSigned](facts).Signature.Part {
		s.plain("", s.t("record.part"))
	}
	if unsigned := s.c.Unsigned(record); len(unsigned) > 0 {
		s.about("", s.t("label.unsigned"), s.names(unsigned, s.actor))
	} else {
		s.plain("", s.t("record.all_signed"))
	}
	return command.Response{Record: facts, Reply: s.overview(s.t(reply)), Notices: refreshed(r.Case, r.Subject)}
}

// readRecord shows a record to the asker alone: all of it that they may know.
func readRecord(r command.Request) (command.Response, error) {
	if err := readable(r); err != nil {
		return command.Response{}, err
	}
	record, ok := r.Case.Record(r.Subject)
	if !ok {
		return command.Response{}, casework.Refuse(casework.UnknownItem, "record")
	}
	s := replying(r, r.Case)
	s.record(record)
	return command.Response{Reply: s.overview(s.t("record.read"))}, nil
}

func correctFields(r command.Request) []chat.Field {
	q := asking(r, "correct")
	last := lastOf(r)
	notes, next := q.base("notes", optional), q.base("next_on", optional)
	if last.Text.Notes != "" {
		notes.Default = []string{last.Text.Notes}
	}
	if last.Text.NextOn != "" {
		next.Default = []string{string(last.Text.NextOn)}
	}
	q.add(chat.Area{Base: notes})
	q.date(next, false)
	return q.fields
}

// lastOf gives the version in use of the record a button is on, as far as its
// asker may correct it and know what it says: the form shows it.
func lastOf(r command.Request) casework.Record {
	c := known(r)
	record, _ := c.Record(r.Subject)
	m, _ := c.Commission(record.Commission)
	if !c.Leads(r.Asker.ID, m) || !c.Covers(r.Asker.ID, "", r.Now) {
		return casework.Record{}
	}
	last, _ := c.RecordOf(record.Commission)
	return last
}

func correctRecord(r command.Request) (command.Response, error) {
	record, ok := r.Case.Record(r.Subject)
	m, _ := r.Case.Commission(record.Commission)
	switch {
	case !ok:
		return command.Response{}, casework.Refuse(casework.UnknownItem, "record")
	case !r.Case.Leads(r.Asker.ID, m):
		return command.Response{}, casework.Refuse(casework.Forbidden, "")
	case r.Text("notes") == "" && r.Text("next_on") == "":
		// A button that was only pressed is not to take the notes away.
		return command.Response{Ask: correctFields(r), FormError: r.Say.T("correct.ask")}, nil
	}
	return freeze(r, record.Commission)
}

// showRecord shows the decision record of a meeting, and who signed it; or, once
// it was corrected, that another took its place.
func showRecord(v command.ViewRequest) (chat.Message, bool) {
	record, ok := v.Case.Record(v.Subject)
	s := showing(v)
	s.record(record)
	if s.c.Stale(record) {
		return s.overview(s.t("record.replaced.text")), ok
	}
	m := s.overview(s.t("record.text"))
	if ok && isPerson(v.Case, v.Reader) {
		// She has a copy of every document that is about her.
		if _, files, err := s.paper(documents.Record, s.say.Place().Model, record.ID, v.Reader); err == nil {
			m.Files = files
		}
	}
	return m, ok && !v.Case.Ended()
}

// record adds a record whole, with who signed it.
func (s *sheet) record(r casework.Record) {
	s.card.Title = s.t("record.title")
	s.plain(s.t("label.version"), s.version(r))
	if s.c.Stale(r) {
		last, _ := s.c.RecordOf(r.Commission)
		s.plain("", s.t("record.replaced", locales.Args{"Version": last.Version}))
		return
	}
	s.minutes(r.Text)
	s.signatures(r)
	s.card.Footer = s.t("record.footer")
	s.buttons(r.ID, "sign", "read", "correct", "paper")
}

// version says which version of a record this is, with the beginning of its
// fingerprint.
func (s *sheet) version(r casework.Record) string {
	return s.t("line.version", locales.Args{"Version": r.Version, "Hash": r.Hash[:min(len(r.Hash), shortHash)]})
}

// shortHash is how many characters of a fingerprint people compare.
const shortHash = 12

// minutesMostRunes is how much of a card the text of a record takes, so that its
// signatures have room.
const minutesMostRunes = 8500

// minutes adds the text of a record: the person's own words come before what
// professionals say.
func (s *sheet) minutes(text casework.Minutes) {
	name := s.frozen(text)
	s.about("", s.t("label.at"), s.meeting(casework.Commission{At: text.At, Place: text.Place}))
	s.about("", s.t("label.phase"), s.phase(text.Phase))
	if text.Extraordinary {
		s.about("", "", s.t("commission.extraordinary"))
	}
	if text.Previous != "" {
		s.about("", s.t("label.previous"), s.say.Day(text.Previous))
	}
	s.words(text)
	s.heading(s.t("session.strengths"))
	s.strengths(text)
	s.heading(s.t("minutes.who"))
	s.about("", s.t("label.chair"), name(casework.Actor(text.Chair)))
	if len(text.Attendance) == 0 {
		s.about("", s.t("label.called"), s.names(everybody(text), name))
	}
	s.presences(text.Attendance, name)
	s.relatives(text.Relatives)
	s.reviews(text)
	s.decisions(text, name)
	s.heading(s.t("minutes.then"))
	s.about("", s.t("label.notes"), text.Notes)
	s.about("", s.t("label.referent"), name(casework.Actor(text.Referent)))
	if text.NextOn != "" {
		s.about("", s.t("label.next_on"), s.say.Day(text.NextOn))
	}
	s.group = ""
	s.within(minutesMostRunes, "note.record_long")
}

// frozen names people as the text of a record does.
func (s *sheet) frozen(text casework.Minutes) func(casework.Actor) string {
	names := map[casework.Actor]string{casework.ThePerson: s.t("actor.person")}
	for _, p := range text.Support {
		names[casework.Actor(p.ID)] = signature(p)
	}
	return func(who casework.Actor) string { return names[who] }
}

// everybody gives the person and those who support her, by the text of a record.
func everybody(text casework.Minutes) []casework.Actor {
	all := []casework.Actor{casework.ThePerson}
	for _, p := range text.Support {
		all = append(all, casework.Actor(p.ID))
	}
	return all
}

// names says who people are, one after the other.
func (s *sheet) names(actors []casework.Actor, name func(casework.Actor) string) string {
	all := make([]string, len(actors))
	for i, who := range actors {
		all[i] = name(who)
	}
	return strings.Join(all, ", ")
}

// words adds what the person says, in her own words.
func (s *sheet) words(text casework.Minutes) {
	s.heading(s.t("minutes.words"))
	s.about("", s.t("label.view"), s.quoted(text.View))
	s.about("", s.t("label.own_words"), s.quoted(text.OwnWords))
	for _, o := range text.Objectives {
		s.about(o.Topic, o.ID, s.quoted(cut(o.OwnWords, shortMost)))
	}
	s.group = ""
}

func (s *sheet) strengths(text casework.Minutes) {
	for _, e := range text.Strengths {
		s.about(e.Topic, capital(s.t("kind.strength")), e.Name)
	}
	s.group = ""
}

// relatives adds the household, by name.
func (s *sheet) relatives(all []casework.Relative) {
	s.heading(s.t("minutes.household"))
	for _, r := range all {
		s.about(r.Topic(), capital(s.t("relative."+string(r.Kind))), joined(" — ", joined(" ", r.FirstName, r.LastName), r.Situation))
	}
	s.group = ""
}

// reviews adds what became of earlier objectives.
func (s *sheet) reviews(text casework.Minutes) {
	s.heading(s.t("minutes.reviews"))
	for _, r := range text.Reviews {
		outcome := s.t("minutes.unreviewed")
		if r.Outcome != "" {
			outcome = s.outcome(r.Outcome)
		}
		s.about(r.Objective.Topic, r.Objective.ID, joined(" — ", r.Objective.Title, outcome, cut(r.Why, shortMost)))
	}
	s.group = ""
}

// decisions adds the objectives worked on by topic, with who does what.
func (s *sheet) decisions(text casework.Minutes, name func(casework.Actor) string) {
	for _, topic := range casework.Topics() {
		s.heading(capital(s.t("topic." + string(topic))))
		for _, o := range text.Objectives {
			if o.Topic != topic {
				continue
			}
			s.about(topic, o.ID, joined(" — ", o.Title, s.horizon(o)))
			for _, step := range text.Actions {
				if step.Action.Objective == o.ID {
					s.about(topic, step.Action.ID, s.step(step, name))
				}
			}
		}
	}
	s.group = ""
}

// step says an action as a record does.
func (s *sheet) step(step casework.Step, name func(casework.Actor) string) string {
	state := s.say.Day(step.Action.Due)
	if step.Done {
		state = s.t("action.done")
	}
	return joined(" — ", step.Action.What, name(step.Action.Who), state)
}

// signatures adds who signed a record, and who is still to.
func (s *sheet) signatures(r casework.Record) {
	name := s.frozen(r.Text)
	s.heading(s.t("minutes.signatures"))
	for _, signature := range r.Signatures {
		who, part := name(signature.Who), ""
		if signature.OnPaper() {
			who = s.t("line.paper", locales.Args{"Name": signature.Name, "Witness": signature.Witness})
		}
		if signature.Part {
			part = s.t("line.part")
		}
		day := s.say.Day(casework.DayOf(signature.At.In(s.now.Location())))
		s.about("", s.t("label.signed"), joined(" — ", who, day, part))
	}
	s.about("", s.t("label.unsigned"), s.names(s.c.Unsigned(r), name))
	s.group = ""
}

// showResign asks somebody who signed a record that was corrected to read and
// sign again. It holds nothing of the record.
func showResign(v command.ViewRequest) (chat.Message, bool) {
	record, ok := v.Case.Record(v.Subject)
	_, signed := record.SignedBy(actorOf(v.Case, v.Reader))
	s := showing(v)
	s.card.Title = s.t("record.title")
	s.plain(s.t("label.version"), s.version(record))
	s.plain("", s.t("resign.next"))
	s.buttons(record.ID, "read", "sign")
	return s.message(s.t("resign.text")), ok && !signed && !v.Case.Stale(record) && !v.Case.Ended()
}
