package bot

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/storage"
)

// may is command.May, as the router judges it.
type may command.May

func (m may) needsCase() bool {
	return command.May(m) != command.Anyone && command.May(m) != command.AnyProfessional && !m.wholeService()
}

// wholeService reports whether a part in the service is asked for, and none in a
// case.
func (m may) wholeService() bool {
	return command.May(m) == command.Pilots || command.May(m) == command.Admins
}

// allows refuses a user who may not use a command, or press a button.
func (r *Router) allows(ctx context.Context, u *use, c *casework.Case) error {
	if u.May.wholeService() {
		return r.staff.allows(ctx, u.asker, command.May(u.May))
	}
	err := u.May.allows(u.asker, c)
	if err != nil && u.Admins && c != nil && r.staff.allows(ctx, u.asker, command.Admins) == nil {
		return nil
	}
	return err
}

// allows refuses a user who has no such place in a case. Somebody outside the circle gets the very
// refusal that a code which does not exist gives.
func (m may) allows(user chat.Account, c *casework.Case) error {
	if c != nil {
		if member, ok := c.Member(user.ID); !ok || !member.Joined && !member.Asked {
			return casework.Refuse(casework.NoCase, "")
		}
	}
	switch command.May(m) {
	case command.Anyone:
		return nil
	case command.AnyProfessional:
		if !user.Active || user.Outsider || user.Bot {
			return casework.Refuse(outsider, "")
		}
		return nil
	case command.Concerned:
		return nil
	}
	member, _ := c.Member(user.ID)
	if !member.Joined {
		return casework.Refuse(casework.NoCase, "")
	}
	ok := true
	switch command.May(m) {
	case command.ConsentKeepers:
		ok = c.KeepsConsent(user.ID) || member.Role == casework.RolePerson
	case command.Coordinators:
		ok = c.Coordinates(user.ID)
	}
	if !ok {
		return casework.Refuse(casework.Forbidden, "")
	}
	return nil
}

// caseField is the field that chooses a case where none is implied.
const caseField = "case"

// caseFor gives the case concerned: the one named, or whose channel this is, or
// the only one the user has; nil when they have to say. A command for the whole
// service has none, but its buttons may be about one. Error: NoCase, in the
// same words for a case that does not exist and for one that is not theirs.
func (r *Router) caseFor(ctx context.Context, u *use) (*casework.Case, error) {
	pressed := u.May.wholeService() && u.ticket.Button != "" && u.ticket.Case != ""
	if !u.May.needsCase() && !pressed {
		return nil, nil
	}
	for _, w := range u.typed {
		if code, ok := casework.ParseCode(w.text); ok && w.name == caseField {
			u.ticket.Case = code
		}
	}
	if code := u.ticket.Case; code != "" {
		c, err := r.journals.load(ctx, code)
		if errors.Is(err, storage.ErrUnknown) {
			return nil, casework.Refuse(casework.NoCase, "")
		}
		return c, err
	}
	if c, err := r.journals.inChannel(ctx, u.channel); c != nil || err != nil {
		return c, err
	}
	mine, err := r.myCases(ctx, u)
	switch {
	case err != nil:
		return nil, err
	case len(mine) == 0:
		return nil, casework.Refuse(casework.NoCase, "")
	case len(mine) == 1:
		return mine[0], nil
	}
	return nil, nil
}

// myCases gives the cases the user may act in, the latest touched first.
func (r *Router) myCases(ctx context.Context, u *use) ([]*casework.Case, error) {
	all, err := r.journals.of(ctx, u.asker.ID)
	all = slices.DeleteFunc(all, func(c *casework.Case) bool { return c.Ended() || u.May.allows(u.asker, c) != nil })
	slices.SortStableFunc(all, func(a, b *casework.Case) int { return b.LastAt.Compare(a.LastAt) })
	return all, err
}

// choosable is how many cases a form offers; the others are named by code.
const choosable = 90

// askCase asks which case is meant; what was typed waits meanwhile.
func (r *Router) askCase(ctx context.Context, u *use) error {
	mine, err := r.myCases(ctx, u)
	if err != nil {
		return err
	}
	mine = mine[:min(choosable, len(mine))]
	say := r.say(u.asker.Lang)
	options := make([]chat.Option, len(mine))
	for i, c := range mine {
		options[i] = chat.Option{Value: string(c.Code), Label: string(c.Code)}
		if c.Covers(u.asker.ID, "", r.now()) {
			options[i] = chat.Option{Value: string(c.Code), Label: chat.Shorten(string(c.Code) + " · " + c.Person), Case: c.Code}
		}
	}
	form := chat.Form{
		ID: caseField, Title: say.T("form.case.title"), Submit: say.T("form.next"),
		Fields: []chat.Field{chat.Select{Base: chat.Base{ID: caseField, Label: say.T("form.case.field"), Required: true}, Options: options}},
	}
	if err := r.show(ctx, u, form, mine...); err != nil {
		return err
	}
	shown, _ := u.answer.Form.Value()
	t, err := r.sign.open(shown.Token)
	if err != nil {
		return err
	}
	r.kept.put(t.Once, u.typed, time.Unix(t.Until, 0), r.now())
	return nil
}

// kept holds what was typed while a form asks something first. It is not kept
// over a restart: it is asked again.
type kept struct {
	mu      sync.Mutex
	waiting map[string]keptWords
}

type keptWords struct {
	typed []word
	until time.Time
}

func (k *kept) put(once string, typed []word, until, now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.waiting == nil {
		k.waiting = map[string]keptWords{}
	}
	for old, w := range k.waiting {
		if w.until.Before(now) {
			delete(k.waiting, old)
		}
	}
	k.waiting[once] = keptWords{typed, until}
}

func (k *kept) take(once string) []word {
	k.mu.Lock()
	defer k.mu.Unlock()
	w := k.waiting[once]
	delete(k.waiting, once)
	return w.typed
}
