package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"parcours/casework"
	"parcours/storage"
)

// Nudges reminds people in time. What is due is a function of the case; here it
// is put in the mailboxes of those it is for, in one transaction, so that a
// reminder waits there once, however often the clock strikes or the program stops.
// What waits in a mailbox is then handed over for delivery as one bundle, when its
// owner may be nudged.
type Nudges struct {
	journals  *journals
	mailboxes *mailboxes
	surfaces  surfaces
	policy    casework.Policy
	now       func() time.Time
	log       *slog.Logger
	changed   func()
	reminded  func(n int)
	upkeep    upkeep
}

// every is how often the clock is looked at.
const every = "@every 1m"

// start has Tick and what is done by night called at once and then every minute,
// each never twice at a time. One that panics does not end the others. stop waits
// for the last ones.
func (n *Nudges) start(ctx context.Context) (stop func()) {
	logger := cronLog{n.log}
	clock := cron.New(cron.WithChain(cron.Recover(logger), cron.SkipIfStillRunning(logger)))
	schedule, err := cron.ParseStandard(every)
	if err != nil {
		panic(err) // a constant
	}
	var first sync.WaitGroup
	for name, job := range map[string]func(context.Context) error{"nudges": n.Tick, "upkeep": n.upkeep.tick} {
		id := clock.Schedule(schedule, cron.FuncJob(func() {
			if err := job(ctx); err != nil && ctx.Err() == nil {
				n.log.Error(name, "err", err)
			}
		}))
		first.Go(clock.Entry(id).WrappedJob.Run)
	}
	clock.Start()
	return func() {
		<-clock.Stop().Done()
		first.Wait()
	}
}

// cronLog gives the clock's complaints to the log.
type cronLog struct{ log *slog.Logger }

func (l cronLog) Info(string, ...any) {}

func (l cronLog) Error(err error, message string, _ ...any) {
	l.log.Error("nudges: "+message, "err", err)
}

// many is how many cases or mailboxes are planned in one transaction.
const many = 512

// A round is one look at the clock.
type round struct {
	*Nudges
	unread []error
	// silent are the chats that did not tell where their people are, by name.
	silent map[string]bool
}

// Tick puts every reminder that is due now in its mailboxes, and then hands over
// what every mailbox has to give. Each is looked at once; what cannot be read does
// not stand in the way of the rest. The errors are the store's.
func (n *Nudges) Tick(ctx context.Context) error {
	seen := map[casework.Code]bool{}
	var boxes []casework.Code
	r := &round{Nudges: n, silent: map[string]bool{}}
	for {
		due, err := n.journals.store.Due(ctx, n.now(), many+len(boxes)+len(r.unread))
		if err != nil {
			return fmt.Errorf("what is due: %w", err)
		}
		due = slices.DeleteFunc(due, func(code casework.Code) bool { return seen[code] })
		if len(due) == 0 {
			break
		}
		var cases []casework.Code
		for _, code := range due {
			seen[code] = true
			if code.IsMailbox() {
				// Cases may have more for it, which is to be in the same bundle.
				boxes = append(boxes, code)
			} else {
				cases = append(cases, code)
			}
		}
		if err := r.each(ctx, cases); err != nil {
			return err
		}
	}
	for some := range slices.Chunk(boxes, many) {
		if err := r.each(ctx, some); err != nil {
			return err
		}
	}
	if len(seen) > 0 {
		n.changed()
	}
	return errors.Join(r.unread...)
}

// each plans what is due under some codes in one transaction; when one of them
// changes meanwhile or cannot be read, the halves in two.
func (r *round) each(ctx context.Context, codes []casework.Code) error {
	if len(codes) == 0 {
		return nil
	}
	for range attempts {
		err := r.plan(ctx, codes)
		switch {
		case err == nil:
			return nil
		case len(codes) > 1 && ctx.Err() == nil:
			half := len(codes) / 2
			return errors.Join(r.each(ctx, codes[:half]), r.each(ctx, codes[half:]))
		case !errors.Is(err, storage.ErrConflict):
			return r.unless(err)
		}
	}
	return storage.ErrConflict
}

// unless keeps for the end the error of one journal that cannot be read, and gives
// back any other.
func (r *round) unless(err error) error {
	var unreadable *casework.Error
	if errors.Is(err, storage.ErrDamaged) || errors.As(err, &unreadable) {
		r.unread = append(r.unread, err)
		return nil
	}
	return err
}

// plan writes, in one transaction, what follows from what is due under some codes.
func (r *round) plan(ctx context.Context, codes []casework.Code) error {
	p := planning{round: r, desks: map[casework.Code]*desk{}}
	for _, code := range codes {
		var err error
		if code.IsMailbox() {
			err = p.mailbox(ctx, code)
		} else {
			err = p.reminders(ctx, code)
		}
		if err != nil {
			return err
		}
	}
	for _, code := range slices.Sorted(maps.Keys(p.desks)) {
		d := p.desks[code]
		p.patiently(ctx, d.User, func(ctx context.Context) { p.changes = append(p.changes, r.mailboxes.change(ctx, d)) })
	}
	if err := r.journals.store.Append(ctx, p.changes...); err != nil {
		return err
	}
	r.reminded(p.queued)
	return nil
}

// A planning is what is to be written at once.
type planning struct {
	*round
	changes []storage.Change
	desks   map[casework.Code]*desk
	queued  int
}

// asked is how long a chat may take to tell where somebody is.
const asked = 5 * time.Second

// patiently has done what asks where somebody is. A chat that does not tell is not asked
// again in this round, or it would keep those of the others waiting: its people are
// taken to be where the département is, and whether they may be nudged is looked at
// again when they are, where nobody else waits.
func (r *round) patiently(ctx context.Context, user casework.UserID, do func(context.Context)) {
	name := r.surfaces.of(string(user)).Name
	ctx, stop := context.WithTimeout(ctx, asked)
	defer stop()
	if r.silent[name] {
		stop()
	}
	do(ctx)
	r.silent[name] = ctx.Err() != nil
}

// desk gives the desk of a mailbox: the same to whoever asks again.
func (p *planning) desk(code casework.Code, open func() (*desk, error)) (*desk, error) {
	if d, ok := p.desks[code]; ok {
		return d, nil
	}
	d, err := open()
	p.desks[code] = d
	return d, err
}

// reminders puts what is due in a case in the mailboxes of those it is for, and has
// done what follows from last days that have passed.
func (p *planning) reminders(ctx context.Context, code casework.Code) error {
	c, err := p.journals.load(ctx, code)
	if err != nil {
		return err
	}
	give, record := c.Due(p.policy, p.now())
	d := p.lapse(c)
	d.quiet, d.facts = len(d.facts) == 0, append(d.facts, record...)
	change, err := p.journals.change(c, d)
	if err != nil {
		return err
	}
	p.changes = append(p.changes, change)
	for _, r := range give {
		for _, user := range r.To {
			d, err := p.desk(mailboxOf(p.mailboxes.sign, user), func() (*desk, error) { return p.mailboxes.of(ctx, user) })
			if err != nil {
				return err
			}
			if err := p.mailboxes.write(d, d.Queue(p.mailboxes.nudge(r, code, user))...); err != nil {
				return err
			}
			p.queued++
		}
	}
	return nil
}

// mailbox hands over what a mailbox has to give.
func (p *planning) mailbox(ctx context.Context, code casework.Code) error {
	d, err := p.desk(code, func() (*desk, error) { return p.mailboxes.load(ctx, code) })
	if err != nil {
		return err
	}
	p.patiently(ctx, d.User, func(ctx context.Context) { err = p.mailboxes.hand(ctx, d) })
	return err
}
