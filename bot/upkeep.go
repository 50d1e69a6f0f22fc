package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parcours/casework"
	"parcours/storage"
)

// upkeep is what is done once a night. A night that was missed, since the program
// did not run or the clock was put forward, is made up as soon as it is seen.
type upkeep struct {
	store storage.Store
	now   func() time.Time
	do    func(context.Context) error
	// done is the last day it was done, or found to be.
	done casework.Day
}

// upkeepAt is when, in the département: nobody works, and no clock strikes.
const upkeepAt = casework.Clock(2*60 + 30)

// remembered is how long it is known that a night was done.
const remembered = 7 * 24 * time.Hour

// Retain has a case kept from now on as long as the policy says. Error: the store's.
func (n *Nudges) Retain(ctx context.Context, code casework.Code) error {
	_, err := n.journals.note(ctx, code, casework.RetentionSet{Months: n.policy.Keep})
	return err
}

// tick does what is to be done tonight, unless it was.
func (u *upkeep) tick(ctx context.Context) error {
	now := u.now()
	day := casework.DayOf(now)
	if u.do == nil || now.Before(upkeepAt.On(day, now.Location())) || u.done == day {
		return nil
	}
	u.done = day
	err := u.store.Append(ctx, storage.Change{Once: "upkeep/" + string(day), OnceUntil: now.Add(remembered)})
	if errors.Is(err, storage.ErrRepeated) {
		return nil
	}
	if err != nil {
		u.done = ""
		return fmt.Errorf("note the upkeep: %w", err)
	}
	return u.do(ctx)
}
