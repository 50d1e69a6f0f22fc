package bot

import (
	"context"
	"errors"
	"sync"

	"parcours/casework"
	"parcours/storage"
)

// lanes carry rows out, each chat by hands of its own: one that does not answer keeps
// nobody waiting on another. The rows of one case are carried out in their order, by
// one hand at a time.
type lanes struct {
	hands int
	carry func(ctx context.Context, row storage.Row, later []storage.Row) error

	mu      sync.Mutex
	changed *sync.Cond
	// known are the keys of the rows that are here, and queues the rows themselves.
	known  map[string]bool
	queues map[queue][]storage.Row
	// free are the queues that nobody has in hand, by lane, and busy how many hands are
	// at work.
	free map[string][]queue
	busy map[string]int
	errs []error
}

// A queue is what waits of one case on one lane.
type queue struct {
	lane string
	code casework.Code
}

// room is how many rows are here at most. There must be enough for all that waits for a
// chat that does not answer, or the others would wait with it.
const room = 64 * lot

func newLanes(hands int, carry func(context.Context, storage.Row, []storage.Row) error) *lanes {
	l := &lanes{
		hands: hands, carry: carry,
		known: map[string]bool{}, queues: map[queue][]storage.Row{}, free: map[string][]queue{}, busy: map[string]int{},
	}
	l.changed = sync.NewCond(&l.mu)
	return l
}

// put hands rows over, all at once: whoever carries one out knows of those that follow.
// One that is here already, its lease being over, is left aside.
func (l *lanes) put(ctx context.Context, rows []storage.Row, laneOf func(storage.Row) string) {
	names := make([]string, len(rows))
	for i, row := range rows {
		names[i] = laneOf(row)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, row := range rows {
		if !l.known[row.Key] {
			l.known[row.Key] = true
			l.add(ctx, queue{names[i], row.Case}, row)
		}
	}
}

func (l *lanes) add(ctx context.Context, q queue, row storage.Row) {
	waiting, there := l.queues[q]
	l.queues[q] = append(waiting, row)
	if there {
		return // whoever has it in hand, or will, comes to it
	}
	l.free[q.lane] = append(l.free[q.lane], q)
	if l.busy[q.lane] < l.hands {
		l.busy[q.lane]++
		go l.work(ctx, q.lane)
	}
}

// work is one hand of a lane, until there is nothing left to do on it.
func (l *lanes) work(ctx context.Context, lane string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.free[lane]) > 0 {
		q := l.free[lane][0]
		l.free[lane] = l.free[lane][1:]
		for len(l.queues[q]) > 0 {
			l.one(ctx, q)
		}
		delete(l.queues, q)
	}
	l.busy[lane]--
	l.changed.Broadcast()
}

// one carries out the first row of a queue. When it could not be settled, the queue is
// let go: its rows come back when their leases are over. The lock is held before and
// after.
func (l *lanes) one(ctx context.Context, q queue) {
	row, later := l.queues[q][0], l.queues[q][1:]
	l.queues[q] = later
	l.mu.Unlock()
	err := ctx.Err()
	if err == nil {
		err = l.carry(ctx, row, later)
	}
	l.mu.Lock()
	delete(l.known, row.Key)
	if err != nil {
		l.errs = append(l.errs, err)
		for _, row := range l.queues[q] {
			delete(l.known, row.Key)
		}
		l.queues[q] = nil
	}
	l.changed.Broadcast()
}

// spare waits until there is room for some more.
func (l *lanes) spare() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.known) > room-lot {
		l.changed.Wait()
	}
}

// rest waits until every hand is free, and gives what went wrong.
func (l *lanes) rest() error {
	l.mu.Lock()
	for l.working() {
		l.changed.Wait()
	}
	l.mu.Unlock()
	return l.wrong()
}

// working reports whether a hand is at work on any lane.
func (l *lanes) working() bool {
	for _, hands := range l.busy {
		if hands > 0 {
			return true
		}
	}
	return false
}

// wrong gives what went wrong since it was last asked.
func (l *lanes) wrong() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	err := errors.Join(l.errs...)
	l.errs = nil
	return err
}
