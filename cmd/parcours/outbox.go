package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"parcours/bot"
	"parcours/locales"
	"parcours/storage"
)

type outboxCmd struct {
	configFlag
	langFlag
	Retry []string `help:"Have this row tried again; may be repeated." placeholder:"KEY"`
}

// Run lists what could not be delivered and waits for somebody to look at it:
// where there is anything the exit code is 1.
func (c outboxCmd) Run(ctx context.Context, s streams) error { return atDesk(ctx, c, s) }

func (c outboxCmd) operate(ctx context.Context, d *desk, s streams) error {
	say := c.say(s)
	zone, err := d.config.Location()
	if err != nil {
		return err
	}
	for _, key := range c.Retry {
		if err := d.sealed.Unstick(ctx, key); errors.Is(err, storage.ErrUnknown) {
			return errors.New(say.T("outbox.unknown", locales.Args{"Key": key}))
		} else if err != nil {
			return err
		}
		fmt.Fprintln(s.out, say.T("outbox.retried", locales.Args{"Key": key}))
	}
	stuck, err := d.sealed.Stuck(ctx)
	if err != nil {
		return err
	}
	if len(stuck) == 0 {
		fmt.Fprintln(s.out, say.T("outbox.none"))
		return nil
	}
	table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, strings.Join([]string{
		say.T("outbox.key"), say.T("outbox.case"), say.T("outbox.kind"), say.T("outbox.since"), say.T("outbox.tries"), say.T("outbox.why"),
	}, "\t"))
	for _, row := range stuck {
		since := row.Since.In(zone).Format(time.DateTime)
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%s\n", row.Key, row.Case, bot.Kind(row.Row), since, row.Tries, row.Why)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return errors.New(say.T("outbox.stuck", locales.Args{"N": len(stuck)}))
}
