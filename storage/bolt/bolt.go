// Package bolt keeps journals in one file, with bbolt.
//
// Everything is found by a cursor over sorted keys, so that neither opening the
// file nor asking who is in a case, what is due or what waits in the outbox
// grows with the number of cases. What each bucket holds is said in keys.go.
package bolt

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"parcours/casework"
	"parcours/storage"
)

// ErrClosed: the store was closed; nothing more can be read or written.
var ErrClosed = errors.New("bolt: the store is closed")

const defaultLockTimeout = 2 * time.Second

// Options of a Store. The zero value is right for everyday use.
type Options struct {
	// LockTimeout is how long Open waits for another process to let the file
	// go; 2 seconds when zero.
	LockTimeout time.Duration
	// Now says when a Once has run out; time.Now when nil.
	Now func() time.Time
	// Step, when set, is told the points that an Append or a Settle passes:
	// begin, checked, entries, indexes, rows, commit, committed; a Reseal: commit;
	// and a Scrub: scrub, copied, renamed, scrubbed. Crash tests stop the process there.
	Step func(point string)
	// Forgetting, when set, is told of every journal that is forgotten, after all
	// was checked and before anything is on the disk; perhaps more than once. An
	// error of it fails the whole transaction.
	Forgetting func(code casework.Code, why casework.Erasure) error
	// Narrowing, when set, is told in the same way of every change that narrows what
	// a journal allows: the number of its last entry, and when it was decided.
	Narrowing func(code casework.Code, entry uint64, at time.Time) error
	// GiveBack makes the rows of the outbox that were ever taken ready at once,
	// before all others: the program that had them in hand is gone, since the
	// file is nobody else's, and what stood in their way may be too.
	GiveBack bool
	// NoSync leaves writing to the disk to the system: a crash may then lose
	// or damage the file. Only for filling test files.
	NoSync bool
}

// Store is a storage.Store, storage.Scanner, storage.Inspector, storage.Keeper,
// storage.Overseer, storage.Destroyer and storage.Resealer in one file.
type Store struct {
	path       string
	db         *bbolt.DB
	now        func() time.Time
	step       func(string)
	forgetting func(casework.Code, casework.Erasure) error
	narrowing  func(casework.Code, uint64, time.Time) error
	turn       func([]byte, []storage.Moved) ([]byte, error)
	batches    batches
	// torn says whether the file was opened by the older of its two heads.
	torn bool

	// writers is held for reading by whatever writes, for writing by Scrub.
	writers sync.RWMutex
	// using is held for reading by every call under way, for writing by Close and
	// by Scrub while it changes files; taken after writers.
	using  sync.RWMutex
	closed bool
}

var (
	_ storage.Store   = (*Store)(nil)
	_ storage.Scanner = (*Store)(nil)
	_ storage.Keeper  = (*Store)(nil)

	_ storage.Inspector = (*Store)(nil)
	_ storage.Overseer  = (*Store)(nil)
	_ storage.Destroyer = (*Store)(nil)
	_ storage.Resealer  = (*Store)(nil)
)

// Open opens the file at path, or creates it, readable by its owner alone; a
// file that others could read is tightened. Errors: storage.ErrLocked,
// storage.ErrNewer, storage.ErrDamaged, or that of the file system, each in a
// sentence that names the file.
func Open(path string, opts Options) (*Store, error) {
	db, torn, err := openFile(path, opts)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, db: db, torn: torn, now: opts.Now, step: opts.Step, forgetting: opts.Forgetting, narrowing: opts.Narrowing, batches: batches{db: db}}
	if s.now == nil {
		s.now = time.Now
	}
	if s.step == nil {
		s.step = func(string) {}
	}
	if s.forgetting == nil {
		s.forgetting = func(casework.Code, casework.Erasure) error { return nil }
	}
	if s.narrowing == nil {
		s.narrowing = func(casework.Code, uint64, time.Time) error { return nil }
	}
	if opts.GiveBack {
		if err := guard(s.giveBack); err != nil {
			return nil, errors.Join(fmt.Errorf("open the store %s: %w", path, err), db.Close())
		}
	}
	return s, nil
}

// Close waits for the calls under way and releases the file. A second Close
// does nothing.
func (s *Store) Close() error {
	s.using.Lock()
	defer s.using.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("close the store: %w", err)
	}
	return nil
}

// begin lets a call start, unless its context is done or the store closed;
// then end must be called once it is over.
func (s *Store) begin(ctx context.Context) (end func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.using.RLock()
	if s.closed {
		s.using.RUnlock()
		return nil, ErrClosed
	}
	return s.using.RUnlock, nil
}

// beginWrite is begin for a call that writes.
func (s *Store) beginWrite(ctx context.Context) (end func(), err error) {
	s.writers.RLock()
	used, err := s.begin(ctx)
	if err != nil {
		s.writers.RUnlock()
		return nil, err
	}
	return func() {
		used()
		s.writers.RUnlock()
	}, nil
}

// view runs read in a transaction that sees one moment of the store.
func (s *Store) view(ctx context.Context, read func(*bbolt.Tx) error) error {
	end, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	return guard(func() error { return s.db.View(read) })
}

// guard turns what bbolt does before a torn file, a panic or a fault on the
// mapped pages, into an error.
func guard(work func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if torn := recover(); torn != nil {
			err = fmt.Errorf("%w: the file cannot be read: %v", storage.ErrDamaged, torn)
		}
	}()
	return work()
}
