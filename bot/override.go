package bot

import (
	"context"
	"errors"
	"slices"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/bot/internal/clearance"
	"parcours/casework"
	"parcours/storage"
	"parcours/storage/access"
)

// An Override is the one exception to the gate: an administrator who has no place
// in a case reads it all the same. It is only had once the reason is in the journal
// of the case, from which its coordinator is told, and the access on the disk. The
// zero Override opens nothing.
type Override = clearance.Of[consultation]

// A consultation is of one case, by one administrator.
type consultation struct {
	admin casework.UserID
	code  casework.Code
}

// override gives the pass for a consultation that stands in the journal of a case;
// way is how it is shown then.
// Errors: notAdmin, NoCase when there is no such consultation of theirs,
// notRecorded, and that of the platform, which could not tell who is an
// administrator.
func (g *Gate) override(ctx context.Context, staff *staff, admin chat.Account, c *casework.Case, way access.Way, id string) (Override, error) {
	if err := staff.allows(ctx, admin, command.Admins); err != nil {
		return Override{}, err
	}
	consulted, ok := c.Consultation(id)
	if !ok || consulted.By != admin.ID {
		return Override{}, casework.Refuse(casework.NoCase, "")
	}
	err := g.accesses.write(access.Record{User: admin.ID, Way: way, Reason: consulted.Reason}, []casework.Code{c.Code})
	if err != nil {
		return Override{}, err
	}
	return clearance.Grant(consultation{admin: admin.ID, code: c.Code}), nil
}

// ClearOverride lets an answer out to the administrator whose pass this is. What
// the person did not agree to share is left out for them as for everybody. Errors:
// *Refusal when the answer is for somebody else, tells of another case, or gives
// files; and a message that breaks a limit.
func (g *Gate) ClearOverride(pass Override, out chat.Outgoing, c *casework.Case) (chat.Cleared, error) {
	allowed, ok := pass.Value()
	if !ok || out.User != allowed.admin || out.Channel == "" || c.Code != allowed.code || len(out.Message.Files) > 0 {
		return chat.Cleared{}, &Refusal{Why: NothingToSee, User: out.User}
	}
	if out.Message.Card != nil {
		card := *out.Message.Card
		card.Rows = nil
		for _, row := range out.Message.Card.Rows {
			if row.Case != "" && row.Case != c.Code {
				return chat.Cleared{}, &Refusal{Why: NothingToSee, User: out.User}
			}
			if row.Topic == "" || c.Consent().Shared(row.Topic) {
				card.Rows = append(card.Rows, row)
			}
		}
		card.Rows = withoutEmptyGroups(card.Rows)
		out.Message.Card = &card
	}
	if err := out.Message.Validate(); err != nil {
		return chat.Cleared{}, err
	}
	return clearance.Grant(out), nil
}

// ClearArchive lets a message with files out to the administrator whose pass this is,
// in private: all that is recorded of a person, which is for her. Errors: *Refusal
// when it is for somebody else, or tells of another case; and a message that breaks a
// limit.
func (g *Gate) ClearArchive(pass Override, out chat.Outgoing, c *casework.Case) (chat.Cleared, error) {
	allowed, ok := pass.Value()
	ok = ok && out.User == allowed.admin && out.Channel == "" && c.Code == allowed.code
	foreign := func(f chat.File) bool { return f.Case != c.Code }
	told := chat.Message{Card: out.Message.Card}
	if !ok || slices.ContainsFunc(out.Message.Files, foreign) || tells(told) {
		return chat.Cleared{}, &Refusal{Why: NothingToSee, User: out.User}
	}
	if err := out.Message.Validate(); err != nil {
		return chat.Cleared{}, err
	}
	return clearance.Grant(out), nil
}

// consult shows a case to an administrator: first the reason is written, with the
// notice that tells of it, then the access, and only then is anything shown.
//
// An archive of the case is handed over in private, which the platform keeps: where
// it is to keep nothing, none is made. Errors: archiveNotHere, filesNotSent, and those
// of override.
func (r *Router) consult(ctx context.Context, u *use, response command.Response) error {
	archive := len(response.Reply.Files) > 0
	if archive && r.discreet(u.asker.ID) {
		return casework.Refuse(archiveNotHere, "")
	}
	c, err := r.write(ctx, u, response.Consults, response)
	if err != nil {
		return err
	}
	var id string
	for _, fact := range response.Record {
		if consulted, ok := fact.(casework.Consulted); ok {
			id = consulted.ID
		}
	}
	way := access.Override
	if archive {
		way = access.Export
	}
	pass, err := r.gate.override(ctx, r.staff, u.asker, c, way, id)
	if err != nil {
		return err
	}
	if archive {
		return r.deliver(ctx, u, response.Reply, []*casework.Case{c}, func(out chat.Outgoing) (chat.Cleared, []casework.Topic, error) {
			cleared, err := r.gate.ClearArchive(pass, out, c)
			return cleared, append([]casework.Topic{""}, casework.Topics()...), err
		})
	}
	out := chat.Outgoing{User: u.asker.ID, Channel: u.channel, Message: u.greeted(response.Reply)}
	cleared, err := r.gate.ClearOverride(pass, out, c)
	if err != nil {
		return err
	}
	u.answer = chat.Answer{Say: cleared}
	return nil
}

// find gives any case by its code, for an administrator. Error: NoCase.
func (r *Router) find(ctx context.Context, typed string) (*casework.Case, error) {
	code, ok := casework.ParseCode(typed)
	if !ok {
		return nil, casework.Refuse(casework.NoCase, "case")
	}
	c, err := r.journals.load(ctx, code)
	if errors.Is(err, storage.ErrUnknown) {
		return nil, casework.Refuse(casework.NoCase, "case")
	}
	return c, err
}
