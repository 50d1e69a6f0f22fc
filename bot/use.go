package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
	"parcours/storage"
	"parcours/storage/access"
)

// A use is one use of a command or of a button, by one user in one place.
type use struct {
	operation
	asker   chat.Account
	channel casework.ChannelID
	ticket  ticket
	// kept: the platform keeps the answer.
	kept bool
	// typed are words still to be given to fields, raw what fields were given.
	typed []word
	raw   chat.Values
	// submitted: from the form itself, so that errors go back to it.
	submitted bool
	once      string
	onceUntil time.Time

	fields []chat.Field
	answer chat.Answer
	// welcome is said once, to a newcomer.
	welcome func() string
}

// greeted gives a message with the welcome before it.
func (u *use) greeted(m chat.Message) chat.Message {
	if !u.Traceless && !u.kept {
		m.Text = strings.TrimSpace(u.welcome() + "\n" + m.Text)
	}
	return m
}

// outgoing gives a message as the answer.
func (u *use) outgoing(m chat.Message) chat.Outgoing {
	out := chat.Outgoing{User: u.asker.ID, Channel: u.channel, Message: m}
	if u.kept {
		out.Channel, out.Subject = "", u.ticket.Verb
	}
	return out
}

// An operation is what commands and buttons have in common.
type operation struct {
	// Name is how the access log calls it.
	Name string
	May  may
	// Admins: administrators may too, in any case.
	Admins bool
	// Traceless: nothing is noted of it.
	Traceless bool
	// Opens: it opens a case.
	Opens  bool
	Form   string
	Fields func(command.Request) []chat.Field
	Words  []string
	Do     func(command.Request) (command.Response, error)
}

func (u *use) verb(c command.Command) {
	u.operation = operation{Name: c.Twin, May: may(c.May), Admins: c.Admins, Traceless: c.Traceless, Opens: c.Opens, Form: c.Form, Fields: c.Fields, Words: c.Words, Do: c.Do}
	u.ticket = ticket{Verb: c.Name, Form: c.Form}
}

func (u *use) button(b command.Button, t ticket) {
	u.operation = operation{Name: b.ID, May: may(b.May), Form: b.Form, Fields: b.Fields, Do: b.Do}
	u.ticket = ticket{Button: b.ID, Subject: t.Subject, Form: b.Form, Case: t.Case, Entry: t.Entry, At: t.At}
}

// asks reports whether the form of the use has this field.
func (u *use) asks(id string) bool {
	return id != "" && slices.ContainsFunc(u.fields, func(f chat.Field) bool { return f.About().ID == id })
}

// attempts is how often a decision is taken again because the case changed
// meanwhile.
const attempts = 8

// run takes a use to its answer. When the case changes between the decision and
// its writing, the decision is taken anew on what the case has become.
func (r *Router) run(ctx context.Context, u *use) error {
	for range attempts {
		err := r.once(ctx, u)
		if !errors.Is(err, storage.ErrConflict) {
			return err
		}
	}
	return storage.ErrConflict
}

func (r *Router) once(ctx context.Context, u *use) error {
	if u.Opens && r.opens.Name != "" && r.opens.Name != r.surfaces.of(string(u.asker.ID)).Name {
		return casework.Refuse(opensElsewhere, "").With("There", r.opens.Title)
	}
	c, err := r.caseFor(ctx, u)
	if err != nil {
		return err
	}
	if c == nil && u.May.needsCase() {
		return r.askCase(ctx, u)
	}
	if err := r.allows(ctx, u, c); err != nil {
		return err
	}
	if c != nil && u.ticket.outlived(c) {
		return casework.Refuse(expiredForm, "")
	}
	request, mine := r.request(ctx, u, c)
	if u.Fields != nil {
		if asked, err := r.values(ctx, u, &request); asked || err != nil {
			return err
		}
	}
	response, err := u.Do(request)
	if err != nil {
		return r.refused(ctx, u, c, err)
	}
	if response.Ask != nil {
		u.fields = response.Ask
		return r.ask(ctx, u, c, response.FormError)
	}
	if asked, err := r.reread(ctx, u, request, response); asked || err != nil {
		return err
	}
	if response.Consults != nil {
		return r.consult(ctx, u, response)
	}
	if c, err = r.write(ctx, u, c, response); err != nil {
		return err
	}
	if len(response.Reply.Files) > 0 {
		u.Name = strings.TrimSpace(u.Name + " " + request.Text("kind"))
	}
	return r.reply(ctx, u, c, mine, response.Reply, r.decided(*u))
}

// decided gives the recipe of what a use answers: it decides again, and writes
// nothing.
func (r *Router) decided(u use) recipe {
	return func(ctx context.Context) (chat.Message, []*casework.Case, error) {
		c, err := r.caseFor(ctx, &u)
		if err != nil {
			return chat.Message{}, nil, err
		}
		if err := r.allows(ctx, &u, c); err != nil {
			return chat.Message{}, nil, err
		}
		request, mine := r.request(ctx, &u, c)
		if u.Fields != nil {
			if asked, err := r.values(ctx, &u, &request); asked || err != nil {
				return chat.Message{}, nil, err
			}
		}
		response, err := u.Do(request)
		return response.Reply, append(mine(), there(c)...), err
	}
}

// refused gives a decision's refusal back where it can be mended: a line that
// was typed becomes a form, with what was typed in it.
func (r *Router) refused(ctx context.Context, u *use, c *casework.Case, err error) error {
	var refusal *casework.Error
	if u.submitted || !errors.As(err, &refusal) || !u.asks(refusal.Field) {
		return err
	}
	return r.ask(ctx, u, c, present(err, r.say(u.asker.Lang), r.log).Text)
}

// request makes the request; mine gives the cases that its Mine has read.
func (r *Router) request(ctx context.Context, u *use, c *casework.Case) (command.Request, func() []*casework.Case) {
	var read []*casework.Case
	request := command.Request{
		Asker: u.asker, Case: c, Subject: u.ticket.Subject, Values: u.raw,
		Now: r.now(), Say: r.say(u.asker.Lang), Policy: r.policy,
		Account: r.people.lookup(ctx),
		Quote:   r.quote(ctx, u, c),
		Settings: func() (casework.Settings, error) {
			d, err := r.boxes.load(ctx, mailboxOf(r.sign, u.asker.ID))
			if err != nil {
				return casework.Settings{}, err
			}
			return d.Settings, nil
		},
		NewCode: func() (casework.Code, error) { return casework.NewCode(r.random) },
		Mine: func() ([]*casework.Case, error) {
			var err error
			read, err = r.journals.of(ctx, u.asker.ID)
			return read, err
		},
	}
	if c != nil {
		request.Accesses = func(from, to time.Time) ([]command.Access, error) { return r.accessesTo(ctx, u.asker, c, from, to) }
	}
	if command.May(u.May) == command.Admins {
		request.Find = func(code string) (*casework.Case, error) { return r.find(ctx, code) }
	}
	if u.May.wholeService() {
		request.All = func(each func(*casework.Case) error) error { return r.journals.all(ctx, each) }
	}
	return request, func() []*casework.Case { return read }
}

// values gives the request its values; asked is true when a form had to be shown
// instead, or field errors given back.
func (r *Router) values(ctx context.Context, u *use, request *command.Request) (asked bool, err error) {
	u.fields = u.Fields(*request)
	if err := u.giveWords(); err != nil {
		return false, err
	}
	request.Values = u.raw
	u.fields = u.Fields(*request)
	near := func(ctx context.Context, idOrHandle string) (chat.Account, error) {
		return r.surfaces.near(ctx, u.asker.ID, idOrHandle)
	}
	b := binder{near: near, now: request.Now, say: request.Say}
	values, wrong := b.bind(ctx, u.fields, u.raw)
	request.Values = values
	if len(wrong) == 0 {
		return false, nil
	}
	if u.Form == "" {
		for _, err := range wrong {
			return false, err
		}
	}
	said := map[string]string{}
	var given []string
	for id, err := range wrong {
		said[id] = present(err, request.Say, r.log).Text
		if len(u.raw[id]) > 0 {
			given = append(given, id)
		}
	}
	if u.submitted {
		u.answer = chat.Answer{FieldErrors: said}
		return true, nil
	}
	slices.Sort(given)
	var intro []string
	for _, id := range given {
		intro = append(intro, said[id])
	}
	return true, r.ask(ctx, u, request.Case, strings.Join(intro, " "))
}

// giveWords gives the typed words to the fields: by name, or in the order the
// command says; the last field takes all the rest. Error: unknownField.
func (u *use) giveWords() error {
	if u.raw == nil {
		u.raw = chat.Values{}
	}
	ids := make([]string, len(u.fields))
	for i, f := range u.fields {
		ids[i] = f.About().ID
	}
	var free []string
	for _, w := range u.typed {
		switch {
		case w.name == "":
			free = append(free, w.text)
		case slices.Contains(ids, w.name):
			u.raw[w.name] = append(u.raw[w.name], w.text)
		case w.name == caseField:
		default:
			return casework.Refuse(unknownField, "").With("Field", w.name).With("Fields", strings.Join(ids, ", "))
		}
	}
	for i, id := range u.Words {
		if len(free) == 0 || len(u.raw[id]) > 0 {
			continue
		}
		if i == len(u.Words)-1 {
			u.raw[id], free = []string{strings.Join(free, " ")}, nil
			break
		}
		u.raw[id], free = free[:1], free[1:]
	}
	if len(free) > 0 {
		// What was typed is not to be lost without a word.
		return casework.Refuse(unknownField, "").With("Field", free[0]).With("Fields", strings.Join(ids, ", "))
	}
	u.typed = nil
	return nil
}

// ask shows the form of the use, with what is known already, and why, if there
// is a reason.
func (r *Router) ask(ctx context.Context, u *use, c *casework.Case, why string) error {
	say := r.say(u.asker.Lang)
	form := chat.Form{
		ID: u.Form, Title: say.T("form." + u.Form + ".title"), Intro: why,
		Submit: say.T("form.submit"), Fields: prefilled(u.fields, u.raw),
	}
	if c != nil {
		form.Intro = strings.TrimSpace(say.T("form.case", locales.Args{"Code": c.Code}) + " " + why)
		u.ticket.Case = c.Code
	}
	return r.show(ctx, u, form, c)
}

func (r *Router) show(_ context.Context, u *use, form chat.Form, cases ...*casework.Case) error {
	u.ticket.Form = form.ID
	form.Late = r.say(u.asker.Lang).T("form.late")
	form.Intro = strings.TrimSpace(u.welcome() + "\n" + form.Intro)
	token, err := r.sign.form(u.ticket, u.asker.ID, u.channel)
	if err != nil {
		return err
	}
	form.Token = token
	cleared, err := r.gate.ClearForm(u.asker.ID, form, there(cases...)...)
	if err != nil {
		return err
	}
	u.answer = chat.Answer{Form: cleared}
	return nil
}

// write appends what was decided, and gives the case as it is then.
func (r *Router) write(ctx context.Context, u *use, c *casework.Case, response command.Response) (*casework.Case, error) {
	var changes []storage.Change
	add := func(target *casework.Case, d decision) error {
		change, err := r.journals.change(target, d)
		changes = append(changes, change)
		return err
	}
	if response.Opens != "" {
		c = casework.Fold(response.Opens, nil)
	}
	var err error
	switch {
	case response.Forget != "":
		if err := r.gate.accesses.write(access.Record{User: u.asker.ID, Way: access.Erasure, Reason: string(response.Forget)}, []casework.Code{c.Code}); err != nil {
			return c, err
		}
		var rows []storage.Row
		rows, err = Leftovers(r.sign.key, c, response.Forget, u.asker.ID, r.now())
		changes = append(changes, storage.Change{Case: c.Code, Base: c.Seq, Forget: response.Forget, Rows: rows})
	case len(response.Record)+len(response.Notices) > 0:
		err = add(c, decision{by: u.asker.ID, facts: response.Record, notices: response.Notices})
	}
	if err == nil && len(response.Count) > 0 {
		var register *casework.Case
		if register, err = r.journals.loadOrNew(ctx, casework.Register); err == nil {
			err = add(register, decision{facts: response.Count, quiet: true, anonymous: true})
		}
	}
	if err == nil && len(response.Mailbox) > 0 {
		var d *desk
		if d, err = r.boxes.of(ctx, u.asker.ID); err == nil {
			err = r.boxes.write(d, response.Mailbox...)
			changes = append(changes, r.boxes.change(ctx, d))
			r.people.forget(u.asker.ID)
		}
	}
	if err != nil || len(changes) == 0 {
		return c, err
	}
	changes[0].Once, changes[0].OnceUntil = u.once, u.onceUntil
	if err := r.journals.store.Append(ctx, changes...); err != nil {
		return c, err
	}
	r.outbox.Wake()
	if response.Forget != "" || c == nil {
		return nil, nil
	}
	return r.journals.load(ctx, c.Code)
}

// there gives the cases that are not nil.
func there(cases ...*casework.Case) []*casework.Case {
	return slices.DeleteFunc(slices.Clone(cases), func(c *casework.Case) bool { return c == nil })
}
