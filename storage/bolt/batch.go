package bolt

import (
	"runtime"
	"sync"

	"go.etcd.io/bbolt"
)

// batches lets writers share transactions, and so the wait for the disk. While
// one transaction is committed the next writers gather for the following one.
// bbolt's own Batch has a writer wait for company by the clock, which a writer
// alone would pay with every write.
type batches struct {
	db *bbolt.DB

	mu      sync.Mutex
	waiting []*pending
	running bool
	last    int // how many shared the last transaction
}

// patience is how often a batch lets others run before it leaves with fewer
// writers than the one before.
const patience = 100

type pending struct {
	part func(*transaction) error
	done chan error
}

// write runs one call's part of a transaction and returns once it is on disk.
// part may run again, so it must reset what it hands out; and since an error of
// it has the whole batch run again, expected refusals must not be errors.
func (b *batches) write(part func(*transaction) error) error {
	p := &pending{part: part, done: make(chan error, 1)}
	b.mu.Lock()
	b.waiting = append(b.waiting, p)
	lead := !b.running
	b.running = true
	b.mu.Unlock()
	if lead {
		b.lead()
	}
	return <-p.done
}

// lead commits one batch, then hands over to the next if some wait.
func (b *batches) lead() {
	batch := b.gather()
	commit(b.db, batch)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last = len(batch)
	if b.running = len(b.waiting) > 0; b.running {
		go b.lead()
	}
}

// gather takes those who wait. The writers of the last batch have just been let
// go, and those that come back at once should not miss this one.
func (b *batches) gather() []*pending {
	for range patience {
		b.mu.Lock()
		enough := len(b.waiting) >= b.last
		b.mu.Unlock()
		if enough {
			break
		}
		runtime.Gosched()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	batch := b.waiting
	b.waiting = nil
	return batch
}

// commit writes a batch in one transaction. If that fails, each is given one of
// its own, so that what is wrong with one is not wrong with the others.
func commit(db *bbolt.DB, batch []*pending) {
	parts := make([]func(*transaction) error, len(batch))
	for i, p := range batch {
		parts[i] = p.part
	}
	err := write(db, parts...)
	for _, p := range batch {
		if err != nil && len(batch) > 1 {
			p.done <- write(db, p.part)
		} else {
			p.done <- err
		}
	}
}
