package bot

import (
	"context"

	"parcours/bot/chat"
	"parcours/casework"
)

// surfaces tell on which chat people are: one, or several joined as one platform.
type surfaces struct {
	platform chat.Platform
	// only is the chat where there is but one.
	only chat.Surface
}

// of gives the chat that a user or a channel is on.
func (s surfaces) of(id string) chat.Surface {
	if several, ok := s.platform.(chat.Several); ok {
		return several.On(id)
	}
	return s.only
}

// to gives the chat that a message goes to.
func (s surfaces) to(out chat.Outgoing) chat.Surface {
	if out.User != "" {
		return s.of(string(out.User))
	}
	return s.of(string(out.Channel))
}

// near finds a user by what asker typed or chose. Error: elsewhere for one who is on
// another chat, since a case lives on one; else those of the platform.
func (s surfaces) near(ctx context.Context, asker casework.UserID, idOrHandle string) (chat.Account, error) {
	several, ok := s.platform.(chat.Several)
	if !ok {
		return s.platform.Account(ctx, idOrHandle)
	}
	found, err := several.Near(ctx, asker, idOrHandle)
	if err != nil {
		return chat.Account{}, err
	}
	here, there := s.of(string(asker)), s.of(string(found.ID))
	if here.Name != there.Name {
		return chat.Account{}, casework.Refuse(elsewhere, "").With("Here", here.Title).With("There", there.Title)
	}
	return found, nil
}
