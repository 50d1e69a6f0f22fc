package chat

import (
	"context"
	"slices"

	"parcours/bot/internal/clearance"
	"parcours/casework"
)

// Several is a Platform made of others, each with its own people and channels. A case
// lives on one of them.
type Several interface {
	Platform
	// On gives the chat that a user or a channel is on, by their id alone.
	On(id string) Surface
	// Near finds a user as Account does, by what somebody typed or chose: an id as their
	// own chat gives it, or a handle, looked for there first and then elsewhere.
	Near(ctx context.Context, asker casework.UserID, idOrHandle string) (Account, error)
}

// A Surface is a chat that people use the bot on.
type Surface struct {
	// Name is how it is known where things are recorded; Title is what people call it.
	Name, Title string
	// Discreet: it is to keep nothing that tells of a case but its code.
	Discreet bool
}

// Readdressed gives a cleared message by other names for its place, its reader and the
// message that it changes. What it says stays as it was cleared.
func Readdressed(m Cleared, channel func(casework.ChannelID) casework.ChannelID, user func(casework.UserID) casework.UserID, message func(casework.MessageRef) casework.MessageRef) Cleared {
	return clearance.Change(m, func(out *Outgoing) {
		out.Channel, out.User, out.Edit = channel(out.Channel), user(out.User), message(out.Edit)
	})
}

// ReaddressedForm gives a cleared form by other names for the users that its questions
// already have as their answer.
func ReaddressedForm(f ClearedForm, user func(casework.UserID) casework.UserID) ClearedForm {
	return clearance.Change(f, func(form *Form) {
		form.Fields = slices.Clone(form.Fields)
		for i, field := range form.Fields {
			asked, ok := field.(User)
			if !ok {
				continue
			}
			asked.Default = slices.Clone(asked.Default)
			for j, id := range asked.Default {
				asked.Default[j] = string(user(casework.UserID(id)))
			}
			form.Fields[i] = asked
		}
	})
}
