package bot

import (
	"context"
	"errors"
	"strconv"
	"time"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/storage"
)

// Moved takes note of who joined or left a case's channel. A member who left it
// has left the circle; somebody who should not be there stops all sharing in it,
// the pinned card says nothing any more, and the coordinator is told. The gate
// would have stopped it anyway: it asks at every message who is there.
func (r *Router) Moved(ctx context.Context, m chat.Move) {
	for range attempts {
		err := r.moved(ctx, m)
		if err == nil {
			return
		}
		if !errors.Is(err, storage.ErrConflict) {
			r.log.Error("a change of members could not be noted", "err", err)
			return
		}
	}
}

func (r *Router) moved(ctx context.Context, m chat.Move) error {
	c, err := r.journals.inChannel(ctx, m.Channel)
	if err != nil || c == nil || c.Ended() || m.Channel != c.Channel {
		// Whoever is taken out of a channel that the case has left stays.
		return err
	}
	d := decision{by: m.User}
	if m.Left && !c.PutOut(m.User) {
		if left, err := c.Leave(m.User); err == nil {
			d.facts = left
			d.notices = departure(c.After(left, m.User, r.now()), m.User, r.now())
		}
	} else if !m.Left {
		if d.extra, err = r.anew(c); err != nil {
			return err
		}
	}
	_, err = r.gate.circle(ctx, c)
	no, refused := refusal(err)
	switch {
	case refused && mendable(no):
		held := hold(c, no)
		d.facts, d.notices = append(d.facts, held.facts...), append(d.notices, held.notices...)
	case err == nil:
		d.facts = append(d.facts, c.ResumeSharing()...)
	case !refused:
		// The platform does not answer: what is known is written, and the gate
		// looks again at the next message.
		r.log.Warn("a channel could not be looked at", "err", err)
	}
	if len(d.facts)+len(d.extra) == 0 {
		return nil
	}
	change, err := r.journals.change(c, d)
	if err != nil {
		return err
	}
	if err := r.journals.store.Append(ctx, change); err != nil {
		return err
	}
	r.outbox.Wake()
	return nil
}

// anew has the pinned card say what all those may know who are in the channel now,
// or nothing.
func (r *Router) anew(c *casework.Case) ([]storage.Row, error) {
	key := refreshKey(c, "home/"+strconv.FormatInt(r.now().UnixNano(), 10))
	row, err := r.journals.row(intent{Notice: command.Notice{Act: command.Home}}, key, c.Code)
	return []storage.Row{row}, err
}

// departure gives what follows when somebody has left a circle and nobody decided it:
// they are told that they are out of it, and whoever takes over that they left.
func departure(after *casework.Case, user casework.UserID, now time.Time) []command.Notice {
	return []command.Notice{
		{Act: command.Tell, View: command.RemovedView, Subject: string(user), User: user},
		{Act: command.Tell, View: command.LeftView, Subject: string(user), User: after.Heir(now)},
	}
}
