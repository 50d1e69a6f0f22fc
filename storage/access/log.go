package access

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"parcours/storage"
)

const (
	// within is how long a record may take to reach the disk, together with those
	// of the same moment.
	within = time.Second
	// markEvery is how many records may follow the last mark before there is a new one.
	markEvery = 64
	// keptMonths is how many whole months are kept besides the current one.
	keptMonths = 12
)

// A Log is a Book being written, by one process at a time: whoever has the store
// open. Its methods may be called from several goroutines.
type Log struct {
	*Book
	store storage.Store
	now   func() time.Time
	log   *slog.Logger

	// writing is held while the files and what follows change.
	writing sync.Mutex
	file    file
	name    string
	size    int64
	head    Mark
	// unsynced: something was written since the disk confirmed.
	unsynced bool
	timer    *time.Timer

	// marking is held while the marks change.
	marking sync.Mutex
	marks   Marks
}

// file is what is asked of the current file.
type file interface {
	Write([]byte) (int, error)
	Truncate(int64) error
	Sync() error
	Close() error
}

// Options are what a Log is made of.
type Options struct {
	// Folder is where the files stand; it is made if need be.
	Folder string
	// Secret is what the lines are sealed under: 32 bytes.
	Secret []byte
	// Store keeps the marks.
	Store storage.Store
	Now   func() time.Time
	// Log receives no more than counts.
	Log *slog.Logger
}

// Open opens a log to be written. What a power cut left of a last line is cut
// off. Where records are missing from the end, the chain goes on after the
// mark that tells of them, so that the gap stays to be seen.
func Open(ctx context.Context, o Options) (*Log, error) {
	book, err := NewBook(o.Folder, o.Secret)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return nil, fmt.Errorf("open the access log: %w", err)
	}
	l := &Log{Book: book, store: o.Store, now: o.Now, log: o.Log}
	if l.marks, err = LoadMarks(ctx, o.Store); err != nil {
		return nil, err
	}
	if err := l.find(); err != nil {
		return nil, err
	}
	if l.head.Number < l.marks.Head.Number {
		l.log.Error("access log: records are missing from its end; see parcours verify",
			"found", l.head.Number, "written", l.marks.Head.Number)
		l.head = l.marks.Head
	}
	return l, nil
}

// find looks where the log ends, and cuts off a last line that is torn.
func (l *Log) find() error {
	names, err := l.months()
	if err != nil {
		return err
	}
	l.head = l.marks.Start
	for i := len(names) - 1; i >= 0; i-- {
		var size int64
		found, torn := false, false
		err := l.lines(names[i], func(p piece) error {
			if torn = !p.whole; torn {
				return nil
			}
			size += int64(len(p.text)) + 1
			if line, err := parse(p.text); err == nil {
				l.head, found = line.mark(), true
			}
			return nil
		})
		if err != nil {
			return err
		}
		if i == len(names)-1 {
			if err := l.use(names[i], size, torn); err != nil {
				return err
			}
		}
		if found {
			return nil
		}
	}
	return nil
}

// use has a file written from now on, at this size.
func (l *Log) use(name string, size int64, torn bool) error {
	f, err := os.OpenFile(filepath.Join(l.folder, name), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("open the access log: %w", err)
	}
	if torn {
		l.log.Warn("access log: a last line that a power cut left unfinished is cut off")
		if err := errors.Join(f.Truncate(size), f.Sync()); err != nil {
			return fmt.Errorf("open the access log: %w", errors.Join(err, f.Close()))
		}
	}
	l.file, l.name, l.size = f, name, size
	return nil
}

// Record writes that something is about to be shown: it is on the disk within a
// second; at once, before Record returns, for all but what is said as people go along.
// On an error nothing is to be shown.
func (l *Log) Record(records ...Record) error {
	if len(records) == 0 {
		return nil
	}
	l.writing.Lock()
	defer l.writing.Unlock()
	if err := l.turn(); err != nil {
		return err
	}
	var text []byte
	head, lasting := l.head, false
	for _, r := range records {
		line, err := l.seal(r, head)
		if err != nil {
			return err
		}
		text, head = append(text, line.text()...), line.mark()
		lasting = lasting || r.lasting()
	}
	if _, err := l.file.Write(text); err != nil {
		// Half a line would make the next one unreadable.
		return fmt.Errorf("write the access log: %w", errors.Join(err, l.file.Truncate(l.size)))
	}
	l.head, l.size, l.unsynced = head, l.size+int64(len(text)), true
	if lasting {
		return l.sync()
	}
	if l.timer == nil {
		l.timer = time.AfterFunc(within, l.settle)
	}
	return nil
}

// turn has the file of this month written; that of a later one, if the clock was
// put back.
func (l *Log) turn() error {
	name := max(l.now().UTC().Format(month)+ending, l.name)
	if l.file != nil && name == l.name {
		return nil
	}
	if l.file != nil {
		if err := l.sync(); err != nil {
			return err
		}
		if err := l.file.Close(); err != nil {
			return fmt.Errorf("close a month of the access log: %w", err)
		}
		l.file = nil
	}
	if err := l.use(name, 0, false); err != nil {
		return err
	}
	return syncFolder(l.folder)
}

// sync waits until the disk has all that was written.
func (l *Log) sync() error {
	if !l.unsynced {
		return nil
	}
	if err := l.file.Sync(); err != nil {
		return fmt.Errorf("write the access log: %w", err)
	}
	l.unsynced = false
	return nil
}

// settle brings to the disk what was written within the last second, and makes a
// mark when it is time for one.
func (l *Log) settle() {
	l.writing.Lock()
	l.timer = nil
	err := l.sync()
	head := l.head
	l.writing.Unlock()
	if err != nil {
		l.log.Error("access log", "err", err)
		return
	}
	l.marking.Lock()
	due := head.Number >= l.marks.Head.Number+markEvery
	l.marking.Unlock()
	if due {
		if err := l.Mark(context.Background()); err != nil {
			l.log.Error("access log", "err", err)
		}
	}
}

// Mark keeps in the store how far the chain goes now, all of it being on the
// disk. Errors: that of the disk, and of the store.
func (l *Log) Mark(ctx context.Context) error {
	l.marking.Lock()
	defer l.marking.Unlock()
	l.writing.Lock()
	err := l.sync()
	head := l.head
	l.writing.Unlock()
	if err != nil || head.Number == l.marks.Head.Number {
		return err
	}
	return l.keep(ctx, Marks{Start: l.marks.Start, Head: head})
}

func (l *Log) keep(ctx context.Context, marks Marks) error {
	if err := saveMarks(ctx, l.store, marks, l.now()); err != nil {
		return err
	}
	l.marks = marks
	return nil
}

// Prune lets go of the months that are more than twelve months old. The store
// keeps how the last of them ended, from which the chain then begins.
func (l *Log) Prune(ctx context.Context) error {
	if err := l.Mark(ctx); err != nil {
		return err
	}
	l.marking.Lock()
	defer l.marking.Unlock()
	names, err := l.months()
	if err != nil {
		return err
	}
	now := l.now().UTC()
	first := time.Date(now.Year(), now.Month()-keptMonths, 1, 0, 0, 0, 0, time.UTC).Format(month) + ending
	start := l.marks.Start
	var old []string
	for i, name := range names {
		if name >= first || i == len(names)-1 {
			break
		}
		old = append(old, name)
		err := l.lines(name, func(p piece) error {
			if line, err := parse(p.text); err == nil && p.whole {
				start = line.mark()
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if len(old) == 0 {
		return nil
	}
	if err := l.keep(ctx, Marks{Start: start, Head: l.marks.Head}); err != nil {
		return err
	}
	for _, name := range old {
		if err := os.Remove(filepath.Join(l.folder, name)); err != nil {
			return fmt.Errorf("let go of a month of the access log: %w", err)
		}
	}
	return syncFolder(l.folder)
}

// Close makes a last mark and closes the files. The store must still be open.
func (l *Log) Close(ctx context.Context) error {
	err := l.Mark(ctx)
	l.writing.Lock()
	defer l.writing.Unlock()
	if l.timer != nil {
		l.timer.Stop()
	}
	if l.file != nil {
		err = errors.Join(err, l.file.Close())
		l.file = nil
	}
	return err
}

// syncFolder makes the names of files as lasting as their content.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open the access log: %w", err)
	}
	return errors.Join(folder.Sync(), folder.Close())
}
