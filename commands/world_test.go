package commands

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// The people of the tests. Claire proposes, Bilal and Dana are partners, Sam is
// the person, Zoe has no place anywhere.
const (
	claire casework.UserID = "u-claire"
	bilal  casework.UserID = "u-bilal"
	dana   casework.UserID = "u-dana"
	sam    casework.UserID = "u-sam"
	zoe    casework.UserID = "u-zoe"
)

// A world is what commands see, without a router: each use is decided, checked
// and folded into its case.
type world struct {
	t        *testing.T
	now      time.Time
	lang     string
	place    locales.Departement
	outsider bool
	codes    int
	cases    []*casework.Case
	// accesses are those that the log gives to whoever may read it.
	accesses []command.Access
	mayLook  []casework.UserID
	// written is what people wrote in the channel, by reference.
	written map[string]string
}

func (w *world) quote(link string) (string, error) {
	if text, ok := w.written[link]; ok {
		return text, nil
	}
	return "", casework.Refuse("no_quote", "")
}

func newWorld(t *testing.T, lang string) *world {
	t.Helper()
	return &world{t: t, lang: lang, now: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)}
}

func (w *world) say() locales.Printer { return locales.For(w.lang).In(w.place) }

// values are pairs of a field and its values, separated by "|".
func values(pairs ...string) chat.Values {
	v := chat.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v[pairs[i]] = strings.Split(pairs[i+1], "|")
	}
	return v
}

func account(id casework.UserID) chat.Account {
	return chat.Account{ID: id, Handle: string(id), Name: "Name of " + string(id), Active: true}
}

func (w *world) request(by casework.UserID, c *casework.Case, v chat.Values) command.Request {
	asker := account(by)
	asker.Outsider = w.outsider
	return command.Request{
		Asker: asker, Case: c, Values: v, Now: w.now, Say: w.say(),
		Policy: casework.DefaultPolicy(), Account: account, Quote: w.quote,
		Accesses: func(from, to time.Time) ([]command.Access, error) {
			if !slices.Contains(w.mayLook, by) {
				return nil, casework.Refuse(casework.Forbidden, "")
			}
			return slices.DeleteFunc(slices.Clone(w.accesses), func(a command.Access) bool { return a.At.Before(from) || !a.At.Before(to) }), nil
		},
		Find: func(code string) (*casework.Case, error) {
			i := slices.IndexFunc(w.cases, func(c *casework.Case) bool { return string(c.Code) == code })
			if i < 0 {
				return nil, casework.Refuse(casework.NoCase, "case")
			}
			return w.cases[i], nil
		},
		NewCode: func() (casework.Code, error) {
			w.codes++
			return casework.Code("P-222" + string("2346789"[w.codes%7])), nil
		},
		Mine: func() ([]*casework.Case, error) {
			var mine []*casework.Case
			for _, c := range w.cases {
				if _, ok := c.Member(by); ok {
					mine = append(mine, c)
				}
			}
			return mine, nil
		},
	}
}

// all gives each every case.
func (w *world) all(each func(*casework.Case) error) error {
	for _, c := range w.cases {
		if err := each(c); err != nil {
			return err
		}
	}
	return nil
}

// verb gives the command of this French name.
func verb(t *testing.T, name string) command.Command {
	t.Helper()
	for _, c := range All() {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no command %s", name)
	return command.Command{}
}

// try uses a command as the router would, and gives its refusal if any.
func (w *world) try(by casework.UserID, name string, c *casework.Case, v chat.Values) (command.Response, error) {
	w.t.Helper()
	cmd := verb(w.t, name)
	if slices.Contains([]command.May{command.Anyone, command.AnyProfessional, command.Pilots, command.Admins}, cmd.May) {
		c = nil
	}
	r := w.request(by, c, v)
	if cmd.May == command.Pilots || cmd.May == command.Admins {
		r.All = w.all
	}
	if cmd.Fields != nil {
		w.checkFields(cmd.Form, c, cmd.Fields(r), v)
	}
	response, err := cmd.Do(r)
	return w.settle(by, c, response, err)
}

// press uses a button, typed or pressed.
func (w *world) press(by casework.UserID, c *casework.Case, subject, id string, v chat.Values) (command.Response, error) {
	w.t.Helper()
	for _, cmd := range All() {
		for _, b := range cmd.Buttons {
			if b.ID != id || b.On != strings.TrimRight(subject, "0123456789") {
				continue
			}
			r := w.request(by, c, v)
			r.Subject = subject
			if b.Fields != nil {
				w.checkFields(b.Form, c, b.Fields(r), v)
			}
			response, err := b.Do(r)
			return w.settle(by, c, response, err)
		}
	}
	w.t.Fatalf("no button %s on %s", id, subject)
	return command.Response{}, nil
}

// settle records what was decided, and checks what is said.
func (w *world) settle(by casework.UserID, c *casework.Case, response command.Response, err error) (command.Response, error) {
	w.t.Helper()
	if err != nil {
		return response, err
	}
	if response.Consults != nil {
		c = response.Consults
	}
	if response.Opens != "" {
		c = casework.Fold(response.Opens, nil)
		w.cases = append(w.cases, c)
	}
	for _, fact := range response.Record {
		c.Apply(casework.Entry{Seq: c.Seq + 1, At: w.now, By: by, Fact: fact})
	}
	w.check(response.Reply)
	for _, n := range response.Notices {
		view, known := Views()[n.View]
		if n.Act != command.Post && n.Act != command.Tell && n.Act != command.Announce && n.Act != command.Update {
			continue
		}
		if !known {
			w.t.Fatalf("notice asks for unknown view %q", n.View)
		}
		if _, ok := view(w.viewing(c, n.Subject, n.User)); !ok {
			w.t.Errorf("view %s of %q says nothing right after its command", n.View, n.Subject)
		}
	}
	return response, nil
}

// do is try for what must succeed.
func (w *world) do(by casework.UserID, name string, c *casework.Case, pairs ...string) command.Response {
	w.t.Helper()
	response, err := w.try(by, name, c, values(pairs...))
	if err != nil {
		w.t.Fatalf("%s: %v", name, err)
	}
	return response
}

func (w *world) push(by casework.UserID, c *casework.Case, subject, id string, pairs ...string) command.Response {
	w.t.Helper()
	response, err := w.press(by, c, subject, id, values(pairs...))
	if err != nil {
		w.t.Fatalf("%s on %s: %v", id, subject, err)
	}
	return response
}

func (w *world) viewing(c *casework.Case, subject string, reader casework.UserID) command.ViewRequest {
	return command.ViewRequest{Case: c, Subject: subject, Reader: reader, Now: w.now, Say: w.say(), Account: account}
}

// see gives what a view shows; it must show something.
func (w *world) see(name string, c *casework.Case, subject string, reader casework.UserID) chat.Message {
	w.t.Helper()
	m, ok := Views()[name](w.viewing(c, subject, reader))
	if !ok {
		w.t.Fatalf("view %s of %q shows nothing", name, subject)
	}
	w.check(m)
	return m
}

// silent checks that a view has nothing to show any more.
func (w *world) silent(name string, c *casework.Case, subject string, reader casework.UserID) {
	w.t.Helper()
	if m, ok := Views()[name](w.viewing(c, subject, reader)); ok {
		w.t.Errorf("view %s of %q still says %q", name, subject, m.AsText())
	}
}

// open opens a case that Claire proposes, accepted for these topics.
func (w *world) open(topics string) *casework.Case {
	w.t.Helper()
	w.do(claire, "ouvrir", nil, "person", mark(w.next(), "", "person"), "household", "person", "answer", "accepts",
		"consent_form", "oral", "witness", mark(w.next(), "", "witness"), "topics", topics,
		"entry", mark(w.next(), "", "entry"), "own_words", mark(w.next(), "", "words"))
	return w.cases[len(w.cases)-1]
}

// next is the code the next case will have.
func (w *world) next() casework.Code {
	return casework.Code("P-222" + string("2346789"[(w.codes+1)%7]))
}

// join lists and invites somebody, who accepts.
func (w *world) join(c *casework.Case, user casework.UserID, role, topics string) {
	w.t.Helper()
	if role != "person" {
		pairs := []string{
			"name", mark(c.Code, "", "name"+string(user)), "service", mark(c.Code, "", "service"), "agreed", "true", "user", string(user),
			"purpose", mark(c.Code, "", "purpose"), "email", mark(c.Code, "", "email"), "phone", mark(c.Code, "", "phone"),
			"measure", mark(c.Code, "", "measure"), "beneficiary", mark(c.Code, "", "beneficiary"), "end", "2026-05-20",
		}
		if topics != "" {
			pairs = append(pairs, "topics", topics)
		}
		w.do(claire, "liste", c, pairs...)
	}
	w.do(claire, "inviter", c, "user", string(user), "role", role)
	w.push(user, c, "invitation", "accept")
}

// rich gives a case in which everything was said, each text marked with the case
// and the topic it tells of.
func (w *world) rich() *casework.Case {
	w.t.Helper()
	c := w.open("logement|sante|budget")
	w.join(c, bilal, "partner", "logement|budget")
	w.join(c, dana, "chair", "")
	w.join(c, sam, "person", "")
	w.do(claire, "liste", c, "name", mark(c.Code, "", "afar"), "service", mark(c.Code, "", "service"), "agreed", "true", "phone", mark(c.Code, "", "phone"))
	w.do(claire, "référent", c, "user", string(bilal), "until", "2026-06-30", "chosen_by_person", "true")
	w.push(bilal, c, "mission", "accept")
	for _, topic := range []casework.Topic{casework.Housing, casework.Health} {
		w.do(claire, "diagnostic", c, "element", mark(c.Code, topic, "element"), "kind", "obstacle", "priority", "2", "topic", string(topic),
			"objective", mark(c.Code, topic, "leads"), "aim", mark(c.Code, "", "aim"), "problem", mark(c.Code, "", "problem"))
		w.do(claire, "objectif", c, "topic", string(topic), "title", mark(c.Code, topic, "title"), "horizon", "short", "own_words", mark(c.Code, topic, "own"))
	}
	for i, who := range []string{"p2", "p4", "person"} {
		w.do(claire, "action", c, "objective", "o1", "what", mark(c.Code, casework.Housing, "what"), "who", who, "due", fmt.Sprintf("2026-03-1%d", i))
	}
	w.do(claire, "action", c, "objective", "o2", "what", mark(c.Code, casework.Health, "what"), "who", "p1", "due", "2026-03-09")
	w.do(bilal, "commission", c, "at", "2026-03-05T14:00:00Z", "place", mark(c.Code, "", "place"), "chair", string(dana),
		"why", mark(c.Code, "", "why"), "extraordinary", "true")
	w.push(dana, c, "c1", "present")
	w.push(sam, c, "c1", "absent")
	return c
}

// A mark is a word that tells of a case and a topic, and must stand nowhere but
// in a row that says so.
func mark(code casework.Code, topic casework.Topic, word string) string {
	return fmt.Sprintf("MARK[%s/%s/%s]", code, topic, word)
}

var marks = regexp.MustCompile(`MARK\[([^/\]]*)/([^/\]]*)/`)

// check checks that a message keeps the limits, is wholly said, and tells of
// cases only where it says so.
func (w *world) check(m chat.Message) {
	w.t.Helper()
	if err := m.Validate(); err != nil {
		w.t.Error(err)
	}
	text := m.AsText()
	for _, wrong := range []string{"<no value>", "%!", "[error.", "[label.", "<nil>"} {
		if strings.Contains(text, wrong) {
			w.t.Errorf("%q in a message:\n%s", wrong, text)
		}
	}
	w.clean("text", m.Text)
	if m.Card == nil {
		return
	}
	w.clean("title", m.Card.Title)
	w.clean("footer", m.Card.Footer)
	w.clean("note", m.Card.HiddenNote)
	for _, b := range m.Card.Buttons {
		w.clean("button", b.Label+b.Command+b.Subject)
	}
	headings := map[string]bool{}
	for i, row := range m.Card.Rows {
		if row.IsHeading() && (headings[row.Label] || i+1 == len(m.Card.Rows) || m.Card.Rows[i+1].Value == m.Card.HiddenNote) {
			w.t.Errorf("heading %q stands twice or over nothing", row.Label)
		}
		headings[row.Label] = headings[row.Label] || row.IsHeading()
		w.clean("label", row.Label)
		w.told(row.Value, row.Case, row.Topic)
	}
}

func (w *world) clean(where, text string) {
	w.t.Helper()
	if strings.Contains(text, "MARK[") {
		w.t.Errorf("%s tells something of a case: %q", where, text)
	}
}

// told checks that a text says nothing its row or option does not own to.
func (w *world) told(text string, code casework.Code, topic casework.Topic) {
	w.t.Helper()
	for _, found := range marks.FindAllStringSubmatch(text, -1) {
		if found[1] != string(code) || found[2] != "" && found[2] != string(topic) {
			w.t.Errorf("said of case %q and topic %q: %q", code, topic, text)
		}
	}
}

// checkFields checks a form in the language of the world.
func (w *world) checkFields(form string, c *casework.Case, fields []chat.Field, v chat.Values) {
	w.t.Helper()
	for _, f := range fields {
		var options []chat.Option
		switch f := f.(type) {
		case chat.Select:
			options = f.Options
		case chat.Choice:
			options = f.Options
		}
		w.clean("field", f.About().Label+f.About().Hint)
		if given := strings.Join(f.About().Default, ""); c != nil {
			w.told(given, c.Code, "")
		} else {
			w.clean("default", given)
		}
		for _, o := range options {
			w.clean("option", o.Value)
			w.told(o.Label, o.Case, o.Topic)
		}
	}
	for id := range v {
		if !slices.ContainsFunc(fields, func(f chat.Field) bool { return f.About().ID == id }) {
			w.t.Errorf("form %s has no field %s", form, id)
		}
	}
	full := c == nil || len(c.Objectives) > 0
	title := w.say().T("form." + form + ".title")
	if err := (chat.Form{ID: form, Title: title, Fields: fields}).Validate(); err != nil && full {
		w.t.Error(err)
	}
}

// refusedFor checks that err is a refusal of the domain.
func refusedFor(t *testing.T, err error, code casework.ErrorCode, field string) {
	t.Helper()
	refused, ok := err.(*casework.Error)
	if !ok || refused.Code != code || refused.Field != field {
		t.Errorf("got %v, want %s on %q", err, code, field)
	}
}

// acts gives notices as words: what, view, user.
func acts(notices []command.Notice) []string {
	var words []string
	for _, n := range notices {
		words = append(words, strings.TrimSpace(strings.Join([]string{string(n.Act), n.View, n.Subject, string(n.User)}, " ")))
	}
	return words
}

func wantActs(t *testing.T, got []command.Notice, want ...string) {
	t.Helper()
	for i, a := range acts(got) {
		if words := strings.Fields(a); i >= len(want) || strings.Join(words, " ") != want[i] {
			t.Fatalf("notices %q, want %q", acts(got), want)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("notices %q, want %q", acts(got), want)
	}
}

func wantFacts(t *testing.T, facts []casework.Fact, want ...string) {
	t.Helper()
	var got []string
	for _, f := range facts {
		got = append(got, casework.FactName(f))
	}
	if !slices.Equal(got, want) {
		t.Errorf("facts %q, want %q", got, want)
	}
}

// says checks that a message holds each text.
func says(t *testing.T, m chat.Message, texts ...string) {
	t.Helper()
	breakable := strings.NewReplacer("\u00a0", " ")
	all := breakable.Replace(m.AsText())
	for _, text := range texts {
		if !strings.Contains(all, breakable.Replace(text)) {
			t.Errorf("%q is not in:\n%s", text, all)
		}
	}
}

// keeps checks that a message holds none of the texts.
func keeps(t *testing.T, m chat.Message, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(m.AsText(), text) {
			t.Errorf("%q is in:\n%s", text, m.AsText())
		}
	}
}

// both runs a test in each language.
func both(t *testing.T, run func(t *testing.T, w *world)) {
	t.Helper()
	for _, lang := range []string{"fr", "en"} {
		t.Run(lang, func(t *testing.T) { run(t, newWorld(t, lang)) })
	}
}

func isTold(r chat.Row) bool { return r.Case != "" }
