package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/robfig/cron/v3"

	"parcours/bot/command"
	"parcours/casework"
	"parcours/storage"
)

// Nudges reminds people in time. What is due is a function of the case; here it
// is written, with its outbox rows, in one transaction, so that a reminder is
// handed over once, however often the clock strikes or the program stops.
type Nudges struct {
	journals *journals
	policy   casework.Policy
	now      func() time.Time
	log      *slog.Logger
	changed  func()
	reminded func(n int)
}

// every is how often the clock is looked at.
const every = "@every 1m"

// start has Tick called at once and then every minute, never twice at a time. A
// tick that panics does not end the others. stop waits for the last one.
func (n *Nudges) start(ctx context.Context) (stop func()) {
	logger := cronLog{n.log}
	clock := cron.New(cron.WithChain(cron.Recover(logger), cron.SkipIfStillRunning(logger)))
	tick := cron.FuncJob(func() {
		if err := n.Tick(ctx); err != nil && ctx.Err() == nil {
			n.log.Error("nudges", "err", err)
		}
	})
	schedule, err := cron.ParseStandard(every)
	if err != nil {
		panic(err) // a constant
	}
	id := clock.Schedule(schedule, tick)
	clock.Entry(id).WrappedJob.Run()
	clock.Start()
	return func() { <-clock.Stop().Done() }
}

// cronLog gives the clock's complaints to the log.
type cronLog struct{ log *slog.Logger }

func (l cronLog) Info(string, ...any) {}

func (l cronLog) Error(err error, message string, _ ...any) {
	l.log.Error("nudges: "+message, "err", err)
}

// Tick hands over every reminder that is due now. The error is the store's.
func (n *Nudges) Tick(ctx context.Context) error {
	for {
		due, err := n.journals.store.Due(ctx, n.now(), lot)
		if err != nil {
			return fmt.Errorf("what is due: %w", err)
		}
		if len(due) == 0 {
			return nil
		}
		for _, code := range due {
			if err := n.remind(ctx, code); err != nil {
				return err
			}
		}
		n.changed()
	}
}

// remind hands over what is due in one case. A case that changes meanwhile is
// looked at again.
func (n *Nudges) remind(ctx context.Context, code casework.Code) error {
	for range attempts {
		c, err := n.journals.load(ctx, code)
		if err != nil {
			return err
		}
		change, reminders, err := n.change(c)
		if err != nil {
			return err
		}
		err = n.journals.store.Append(ctx, change)
		if err == nil {
			n.reminded(reminders)
		}
		if !errors.Is(err, storage.ErrConflict) {
			return err
		}
	}
	return storage.ErrConflict
}

// change gives what hands over the reminders that are due in a case, and how many
// they are.
func (n *Nudges) change(c *casework.Case) (change storage.Change, reminders int, err error) {
	now := n.now()
	give, record := c.Due(n.policy, now)
	d := decision{facts: record, quiet: true}
	for _, r := range give {
		for _, user := range r.To {
			in := intent{Notice: command.Notice{
				Act: command.Tell, View: command.ReminderView(r.Kind),
				Subject: r.Subject + " " + strconv.Itoa(r.Days), User: user,
			}}
			row, err := n.journals.row(in, string(c.Code)+"/"+n.journals.sign.tag(r.Key, string(user)), c.Code)
			if err != nil {
				return storage.Change{}, 0, err
			}
			d.extra = append(d.extra, row)
		}
	}
	change, err = n.journals.change(c, d)
	return change, len(d.extra), err
}
