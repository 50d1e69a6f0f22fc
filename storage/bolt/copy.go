package bolt

import (
	"context"
	"io"
	"time"

	"go.etcd.io/bbolt"
)

// Copy writes the file as it is at one moment, while others read and write. begin
// is told its size in bytes, and gives where to write it.
func (s *Store) Copy(ctx context.Context, begin func(size int64) (io.Writer, error)) error {
	return s.view(ctx, func(tx *bbolt.Tx) error {
		to, err := begin(tx.Size())
		if err == nil {
			_, err = tx.WriteTo(to)
		}
		return err
	})
}

// restoredKey holds when the file was put back from a copy.
var restoredKey = []byte("restored")

// MarkRestored notes that the file is a copy, put back at a moment: what was said
// between the copy and then was said by another.
func (s *Store) MarkRestored(ctx context.Context, at time.Time) error {
	end, err := s.beginWrite(ctx)
	if err != nil {
		return err
	}
	defer end()
	return s.batches.write(func(tx *transaction) error {
		return tx.Bucket(metaBucket).Put(restoredKey, appendTime(nil, at))
	})
}

// Restored gives when the file was last put back from a copy; the zero time if it
// never was.
func (s *Store) Restored(ctx context.Context) (at time.Time, err error) {
	err = s.view(ctx, func(tx *bbolt.Tx) error {
		if mark := tx.Bucket(metaBucket).Get(restoredKey); len(mark) == timeSize {
			at = readTime(mark)
		}
		return nil
	})
	return at, err
}
