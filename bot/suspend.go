package bot

import (
	"context"
	"fmt"

	"parcours/bot/command"
	"parcours/casework"
	"parcours/storage"
)

// Suspend suspends the sharing of cases in a store that is being put back from a
// copy, and gives of how many: those of which why gives a reason, and that are open
// with a consent. Whoever coordinates each is told when the bot next runs. Of the
// options it needs Store, Secret, Now, Policy and Restored. Errors: those of reading
// and writing the store; then nothing was written.
func Suspend(ctx context.Context, o Options, why func(*casework.Case) casework.Suspension) (int, error) {
	j := &journals{store: o.Store, policy: o.Policy, now: o.Now, sign: signer{key: o.Secret}, since: lineage(o.Restored)}
	var changes []storage.Change
	err := j.scan(ctx, func(c *casework.Case) error {
		reason := why(c)
		facts := c.SuspendSharing(reason)
		if reason == "" || facts == nil {
			return nil
		}
		change, err := j.change(c, decision{facts: facts, quiet: true, notices: []command.Notice{{
			Act: command.Tell, View: command.SuspendedView, Subject: string(reason), User: c.Coordinator(),
		}}})
		changes = append(changes, change)
		return err
	})
	if err == nil && len(changes) > 0 {
		err = o.Store.Append(ctx, changes...)
	}
	if err != nil {
		return 0, fmt.Errorf("suspend sharing: %w", err)
	}
	return len(changes), nil
}
