package bot

import (
	"context"
	"errors"
	"fmt"

	"parcours/bot/command"
	"parcours/casework"
	"parcours/storage"
)

// Decide writes what is decided of a case beside the bot, and gives the case as it is
// then. What is to be said of it is said when the bot next runs, or soon if it does.
// decide is asked anew where the case changed meanwhile. Of the options it needs Store,
// Secret, Now, Policy and Restored. Errors: storage.ErrUnknown without such a case,
// that of decide, and those of reading and writing the store; then nothing was written.
func Decide(ctx context.Context, o Options, code casework.Code, decide func(*casework.Case) ([]casework.Fact, []command.Notice, error)) (*casework.Case, error) {
	j := &journals{store: o.Store, memory: newMemory(), policy: o.Policy, now: o.Now, sign: signer{key: o.Secret}, since: lineage(o.Restored)}
	for range attempts {
		c, err := j.load(ctx, code)
		if err != nil {
			return nil, err
		}
		facts, notices, err := decide(c)
		if err != nil {
			return nil, err
		}
		change, err := j.change(c, decision{facts: facts, notices: notices, quiet: true})
		if err != nil {
			return nil, err
		}
		err = o.Store.Append(ctx, change)
		if err == nil {
			return c.After(facts, "", o.Now()), nil
		}
		if !errors.Is(err, storage.ErrConflict) {
			return nil, fmt.Errorf("write a decision: %w", err)
		}
	}
	return nil, storage.ErrConflict
}
