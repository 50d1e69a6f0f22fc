package commands

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// A sheet is a card about a case being written. Case is nil on a card that is
// about none, or about several.
type sheet struct {
	c       *casework.Case
	say     locales.Printer
	now     time.Time
	account func(casework.UserID) chat.Account
	// reader is who a reply is for; empty on what others will read.
	reader casework.UserID
	hidden bool
	// group is a heading that waits for its first row.
	group string
	card  chat.Card
}

func replying(r command.Request, c *casework.Case) *sheet {
	return &sheet{c: c, say: r.Say, now: r.Now, account: r.Account, reader: r.Asker.ID}
}

func showing(v command.ViewRequest) *sheet {
	return &sheet{c: v.Case, say: v.Say, now: v.Now, account: v.Account}
}

// t says a sentence; the case's code can be used in it as .Code.
func (s *sheet) t(key string, args ...locales.Args) string {
	all := locales.Args{}
	if s.c != nil {
		all["Code"] = string(s.c.Code)
	}
	for _, more := range args {
		for name, value := range more {
			all[name] = value
		}
	}
	return s.say.T(key, all)
}

// about adds a row that tells something of the case. An empty value adds
// nothing.
func (s *sheet) about(topic casework.Topic, label, value string) {
	switch {
	case value == "":
		return
	case s.reader != "" && !s.c.Covers(s.reader, topic, s.now):
		// The gate would refuse a reply none of whose rows is for the asker,
		// who would then not learn what became of the command.
		s.hidden = true
		return
	}
	s.row(chat.About(s.c.Code, topic, label, cut(value, valueMost)))
}

// plain adds a row that tells nothing of any case.
func (s *sheet) plain(label, value string) {
	if value != "" {
		s.row(chat.Plain(label, value))
	}
}

// heading starts a group; it is written with the first row of it.
func (s *sheet) heading(label string) { s.group = label }

func (s *sheet) row(r chat.Row) {
	if s.group != "" {
		s.card.Rows = append(s.card.Rows, chat.Heading(s.group))
		s.group = ""
	}
	s.card.Rows = append(s.card.Rows, r)
}

// run adds shortcuts to commands, by their French names, those left out that the
// département does without.
func (s *sheet) run(names ...string) {
	for _, name := range names {
		if !offered(s.say, name) {
			continue
		}
		typed := "/parcours " + verbOf(s.say, name)
		b := chat.Button{ID: "run", Subject: name, Label: s.say.T("run." + name)}
		if s.c != nil {
			b.Case = s.c.Code
			typed += " " + string(s.c.Code)
		}
		b.Command = typed
		s.card.Buttons = append(s.card.Buttons, b)
	}
}

// buttons adds buttons that act on a subject of the case; the first is the one
// expected.
func (s *sheet) buttons(subject string, ids ...string) {
	for i, id := range ids {
		style := chat.Ordinary
		if i == 0 {
			style = chat.Primary
		}
		s.card.Buttons = append(s.card.Buttons, chat.Button{
			ID: id, Label: s.say.T("button." + id), Style: style, Case: s.c.Code, Subject: subject,
			Command: s.t("button.typed", locales.Args{"Subject": subject, "ID": id}),
		})
	}
}

// whole gives the message of a card to be shown whole or not at all.
func (s *sheet) whole(text string) chat.Message {
	s.card.Whole = true
	return s.message(text)
}

// overview gives the message of a card that says so when rows are left out.
func (s *sheet) overview(text string) chat.Message {
	s.card.HiddenNote = s.say.T("note.hidden_rows")
	s.group = ""
	s.fit()
	if s.hidden {
		s.plain("", s.card.HiddenNote)
	}
	return s.message(text)
}

func (s *sheet) message(text string) chat.Message {
	card := s.card
	return chat.Message{Text: text, Card: &card}
}

// How much is shown: characters of a card's rows, of a value, and of a long text
// among others.
const (
	rowsMost  = 12000
	valueMost = casework.AreaMax + casework.LineMax
	shortMost = 300
)

// fit keeps the first rows of a card too long to be sent, and says how many are
// left out.
func (s *sheet) fit() { s.within(rowsMost, "note.too_long") }

// within keeps the first rows of a card, as many as most characters hold; the
// sentence under key says how many are left out.
func (s *sheet) within(most int, key string) {
	size := 0
	for i, r := range s.card.Rows {
		size += utf8.RuneCountInString(r.Label) + utf8.RuneCountInString(r.Value) + len("\n   : ")
		if size > most {
			left := len(s.card.Rows) - i
			if i > 0 && s.card.Rows[i-1].IsHeading() {
				i--
			}
			s.card.Rows, s.group = s.card.Rows[:i], ""
			s.plain("", s.t(key, locales.Args{"N": left}))
			return
		}
	}
}

// cut gives the beginning of a text that is too long.
func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// capital gives text with a capital at its beginning.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return text
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

// user names an account of the circle: as the list does, the person by no name.
func (s *sheet) user(id casework.UserID) string {
	if id == "" {
		return ""
	}
	if m, ok := s.c.Member(id); ok && m.Role == casework.RolePerson {
		return s.t("actor.person")
	}
	if p, ok := s.c.ProfessionalOf(id); ok {
		return p.FullName()
	}
	return s.account(id).Name
}

// actor names who does an action.
func (s *sheet) actor(who casework.Actor) string {
	if who == casework.ThePerson {
		return s.t("actor.person")
	}
	p, _ := s.c.Professional(string(who))
	return p.FullName()
}

// signature names a professional with their service.
func signature(p casework.Professional) string { return joined(" — ", p.FullName(), p.Service) }

// joined puts parts together, the empty ones left out.
func joined(separator string, parts ...string) string {
	var some []string
	for _, part := range parts {
		if part != "" {
			some = append(some, part)
		}
	}
	return strings.Join(some, separator)
}

// topics names topics one after the other.
func (s *sheet) topics(topics []casework.Topic) string {
	names := make([]string, len(topics))
	for i, t := range topics {
		names[i] = s.t("topic." + string(t))
	}
	return strings.Join(names, ", ")
}

// when says the day something is due, and how far it is.
func (s *sheet) when(d casework.Day) string {
	return s.t("when", locales.Args{"Day": s.say.Day(d), "Far": s.far(d, "far.late")})
}

// ends says the day something ends, and how far it is.
func (s *sheet) ends(d casework.Day) string {
	return s.t("when", locales.Args{"Day": s.say.Day(d), "Far": s.far(d, "far.ago")})
}

// far says how far a day is from today, in the words of past when it is over.
func (s *sheet) far(d casework.Day, past string) string {
	switch n := d.Sub(casework.DayOf(s.now)); {
	case n < 0:
		return s.t(past, locales.Args{"N": -n})
	case n == 0:
		return s.t("far.today")
	default:
		return s.t("far.ahead", locales.Args{"N": n})
	}
}

// action says an action on one line: what, who, when, where it stands.
func (s *sheet) action(a casework.Action) string {
	state := s.when(a.Due)
	if a.Done {
		state = s.t("action.done")
	}
	help := ""
	if a.Help {
		help = s.t("action.help")
	}
	return joined(" — ", a.What, s.doer(a), state, help)
}

// doer names who does an action, or says that nobody does since they left.
func (s *sheet) doer(a casework.Action) string {
	if a.Left && !a.Done {
		return s.t("action.nobody", locales.Args{"Who": s.actor(a.Who)})
	}
	return s.actor(a.Who)
}

// nextMeeting gives the next commission, where the département holds some.
func (s *sheet) nextMeeting() (casework.Commission, bool) {
	m, ok := s.c.NextCommission(s.now)
	return m, ok && s.say.Place().Meetings
}

// meeting says when and where a commission is held.
func (s *sheet) meeting(m casework.Commission) string {
	return s.t("line.meeting", locales.Args{"At": s.say.Moment(m.At.In(s.now.Location())), "Place": m.Place})
}

// objectives adds the objectives worked on, by topic, with what the last review
// found and their actions; those still to be done alone when asked so. The id is
// what people type to name one.
func (s *sheet) objectives(openOnly bool) {
	for _, topic := range casework.Topics() {
		s.heading(capital(s.t("topic." + string(topic))))
		for _, o := range s.c.Objectives {
			if o.Topic != topic || o.Over() {
				continue
			}
			s.about(topic, o.ID, joined(" — ", s.quoted(cut(o.OwnWords, shortMost)), o.Title, s.horizon(o), s.outcome(o.Outcome)))
			for _, a := range s.c.Actions {
				if a.Objective == o.ID && !(a.Done && openOnly) {
					s.about(topic, a.ID, s.action(a))
				}
			}
		}
	}
	s.group = ""
}

// over adds the objectives that were reached or dropped, which the circle can be
// glad of, or take up again.
func (s *sheet) over() {
	s.heading(s.t("status.over"))
	for _, o := range s.c.Objectives {
		if o.Over() {
			s.about(o.Topic, o.ID, joined(" — ", o.Title, s.outcome(o.Outcome), cut(o.Why, shortMost)))
		}
	}
	s.group = ""
}

func (s *sheet) horizon(o casework.Objective) string {
	if o.Horizon == "" {
		return ""
	}
	return s.t("horizon." + string(o.Horizon))
}

// quoted says words as somebody's own.
func (s *sheet) quoted(words string) string {
	if words == "" {
		return ""
	}
	return s.t("line.quoted", locales.Args{"Words": words})
}
