package bot

import (
	"context"
	"errors"
	"fmt"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/storage"
)

// announce tells those who must hear of it, save whoever decided it and knows: the
// first who answers for the case and is there, and the person where she is in the
// circle. Where nobody is there, it stays for whoever runs the service.
func (o *Outbox) announce(ctx context.Context, c *casework.Case, row storage.Row, n intent) (result, error) {
	one, err := o.firstThere(ctx, c.Answering(), n.By)
	if err != nil {
		return result{}, err
	}
	person, err := o.firstThere(ctx, c.InRole(casework.RolePerson), n.By)
	if err != nil {
		return result{}, err
	}
	r := settled(storage.Done)
	r.c, r.quiet = c, true
	for _, user := range []casework.UserID{one, person} {
		if user == "" {
			continue
		}
		tell, err := o.telling(row, c, n, user)
		if err != nil {
			return result{}, err
		}
		r.extra = append(r.extra, tell)
	}
	if len(r.extra) == 0 {
		return stuck(whyGone), nil
	}
	return r, nil
}

// firstThere gives the first of users whose account is open, but for one of them;
// nobody when there is none. The error is the platform's.
func (o *Outbox) firstThere(ctx context.Context, users []casework.UserID, but casework.UserID) (casework.UserID, error) {
	for _, user := range users {
		if user == but {
			continue
		}
		account, err := o.platform.Account(ctx, string(user))
		if err != nil && !errors.Is(err, chat.ErrNotFound) {
			return "", fmt.Errorf("who is there: %w", err)
		}
		if err == nil && account.Active {
			return user, nil
		}
	}
	return "", nil
}

// telling gives the row that tells one user, in private, what another row was to show
// to several.
func (o *Outbox) telling(row storage.Row, c *casework.Case, n intent, user casework.UserID) (storage.Row, error) {
	n.Act, n.User = command.Tell, user
	tell, err := o.journals.row(n, row.Key, c.Code)
	// It is as old as what it follows from, and so perhaps sent before a copy of the
	// store was put back.
	tell.After = row.After
	return tell, err
}
