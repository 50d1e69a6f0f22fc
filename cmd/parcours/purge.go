package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parcours/casework"
	"parcours/storage"
	"parcours/storage/erasure"
)

type purgeCmd struct {
	configFlag
	langFlag
	DryRun bool `help:"List the cases and destroy none."`
}

// Run destroys the cases that were kept long enough, as is done every night.
func (c purgeCmd) Run(ctx context.Context, s streams) error { return atDesk(ctx, c, s) }

func (c purgeCmd) operate(ctx context.Context, d *desk, s streams) error {
	zone, err := d.config.Location()
	if err != nil {
		return err
	}
	outlived, err := d.outlived(ctx, time.Now().In(zone))
	if err != nil {
		return err
	}
	for _, one := range outlived {
		fmt.Fprintln(s.out, one.Code, one.KeptUntil(zone))
	}
	if !c.DryRun {
		err = d.purge(ctx, s, outlived)
	}
	return err
}

// outlived gives the cases that were kept long enough at now, in the order of their
// codes. One that cannot be read is none: parcours verify tells of it. Neither is one
// that is still to be told of a change of the set-up: its end is to be announced anew.
// While a store put back from a copy is new, it tells of none: a case may have been
// taken up again since the copy, and whoever did has the time to see that it was not.
func (d *desk) outlived(ctx context.Context, now time.Time) ([]*casework.Case, error) {
	restored, err := d.file.Restored(ctx)
	if err != nil || now.Before(restored.AddDate(0, 0, casework.RetentionNotice)) {
		return nil, err
	}
	var all []*casework.Case
	err = d.cases(ctx, func(c *casework.Case) {
		if c.Outlived(now) && c.SetRetention(d.config.RetentionMonths) == nil {
			all = append(all, c)
		}
	})
	return all, err
}

// cases gives each every case that can be read, in the order of their codes.
func (d *desk) cases(ctx context.Context, each func(*casework.Case)) error {
	return d.sealed.Scan(ctx, func(code casework.Code, journal storage.Journal, err error) error {
		if _, ok := casework.ParseCode(string(code)); err != nil || !ok {
			return nil
		}
		if c, err := casework.Read(code, journal.Entries); err == nil {
			each(c)
		}
		return nil
	})
}

// purge destroys cases, since the time they are kept is over; but not one in which
// something was noted since it was read, as somebody may work on it again.
func (d *desk) purge(ctx context.Context, s streams, cases []*casework.Case) error {
	for _, c := range cases {
		rows, err := d.leftovers(ctx, s, c, casework.Expired)
		if err == nil {
			err = erasure.EraseAt(ctx, d.sealed, c.Code, c.Seq, casework.Expired, rows...)
		}
		if err != nil && !errors.Is(err, storage.ErrConflict) {
			return err
		}
	}
	return nil
}
