package bot

import (
	"context"
	"strconv"
	"time"

	"parcours/casework"
)

// doubts reports whether something was due at a moment when another program may
// have done it: one whose store was lost, and put back since from an older copy.
func (o *Outbox) doubts(at time.Time) bool {
	return !o.restored.IsZero() && at.Before(o.restored.Add(doubt))
}

// digestOn gives when the digest of a bundle was due.
func (o *Outbox) digestOn(ctx context.Context, d *desk, b casework.Bundle) time.Time {
	if b.DigestOf == "" {
		return b.At // handed over by a program that did not note it
	}
	return d.Settings.Digest.At.On(b.DigestOf, o.boxes.hours(ctx, d.Mailbox).Zone)
}

// lineage names, in keys, what is decided since a store was put back from a copy:
// it takes up the numbers of decisions that were lost, and what those had sent is
// not to be taken for it.
func lineage(restored time.Time) string {
	if restored.IsZero() {
		return ""
	}
	return "." + strconv.FormatInt(restored.Unix(), 36)
}
