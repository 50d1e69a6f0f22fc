package bolt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"go.etcd.io/bbolt"

	"parcours/casework"
	"parcours/storage"
)

// owedKey is there while the file holds bytes of what was forgotten: what bbolt
// deletes stays in pages that wait to be used again.
var owedKey = []byte("owed")

// draftSuffix ends the name of the file that is to take the place of another.
const draftSuffix = ".scrub"

// lotSize is how many bytes are copied in one transaction, which are all in memory.
const lotSize = 1 << 20

// Length gives how long a journal is as storage.Destroyer says.
func (s *Store) Length(ctx context.Context, code casework.Code) (uint64, error) {
	var found head
	err := s.view(ctx, func(tx *bbolt.Tx) error {
		var err error
		found, err = headIn(tx.Bucket(headBucket), code)
		return err
	})
	if err == nil && !found.forgotten && found.count == 0 {
		err = storage.ErrUnknown
	}
	return found.count, err
}

// Scrub leaves nothing of what was forgotten, as storage.Destroyer says: it copies
// what lives into a new file, which takes the place and the name of the old one.
// Writers wait meanwhile, readers do not. The old file is overwritten before it is
// let go, which on a disk that writes elsewhere than it is told, or on a file
// system that keeps copies, is no promise. A program that is killed leaves one
// whole file, the old one or the new one.
func (s *Store) Scrub(ctx context.Context) error {
	s.writers.Lock()
	defer s.writers.Unlock()
	owed := false
	err := s.view(ctx, func(tx *bbolt.Tx) error {
		owed = tx.Bucket(metaBucket).Get(owedKey) != nil
		return nil
	})
	if err != nil || !owed {
		return err
	}
	if err := s.scrub(ctx); err != nil {
		return fmt.Errorf("scrub the store: %w", err)
	}
	return nil
}

func (s *Store) scrub(ctx context.Context) error {
	s.step("scrub")
	fresh, err := s.copyOut(ctx)
	if err != nil {
		return errors.Join(err, shred(s.path+draftSuffix))
	}
	s.step("copied")
	last, err := s.goOn(fresh)
	if err != nil {
		return errors.Join(err, fresh.db.Close(), shred(s.path+draftSuffix))
	}
	s.step("renamed")
	if err := syncFolder(s.path); err != nil {
		// The old file may come back with its name, and must be whole then.
		return errors.Join(err, last.file.Close(), last.db.Close())
	}
	s.step("scrubbed")
	return last.end()
}

// A draft is a new file, and where it is at present: bbolt opens it again by its
// name when it is copied.
type draft struct {
	db *bbolt.DB
	at string
}

// copyOut gives a new file that holds what lives, on the disk.
func (s *Store) copyOut(ctx context.Context) (*draft, error) {
	fresh := &draft{at: s.path + draftSuffix}
	if err := shred(fresh.at); err != nil {
		return nil, err
	}
	end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	fresh.db, err = bbolt.Open(fresh.at, ownerOnly, &bbolt.Options{
		FreelistType: bbolt.FreelistMapType, NoSync: true,
		OpenFile: func(_ string, flag int, mode fs.FileMode) (*os.File, error) { return os.OpenFile(fresh.at, flag, mode) },
	})
	if err != nil {
		return nil, err
	}
	err = guard(func() error {
		err := bbolt.Compact(fresh.db, s.db, lotSize)
		if err == nil {
			err = write(fresh.db, func(tx *transaction) error { return tx.Bucket(metaBucket).Delete(owedKey) })
		}
		return errors.Join(err, fresh.db.Sync())
	})
	if err != nil {
		return nil, errors.Join(err, fresh.db.Close())
	}
	fresh.db.NoSync = s.db.NoSync
	return fresh, nil
}

// A former file is one that has no name any more.
type former struct {
	db   *bbolt.DB
	file *os.File
}

// goOn puts a file in the place of the one in use, and gives that.
func (s *Store) goOn(fresh *draft) (former, error) {
	s.using.Lock()
	defer s.using.Unlock()
	if s.closed {
		return former{}, ErrClosed
	}
	file, err := os.OpenFile(s.path, os.O_WRONLY, ownerOnly)
	if err != nil {
		return former{}, err
	}
	if err := os.Rename(fresh.at, s.path); err != nil {
		return former{}, errors.Join(err, file.Close())
	}
	last := former{s.db, file}
	s.db, s.batches.db, fresh.at = fresh.db, fresh.db, s.path
	return last, nil
}

// end overwrites what nobody can open any more, while its lock is still held.
func (f former) end() error {
	return errors.Join(overwrite(f.file), f.db.Close())
}

// shred overwrites and removes a file, if there is one.
func shred(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY, ownerOnly)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(overwrite(file), os.Remove(path))
}

// overwrite writes zeros over a file, in its place, and closes it.
func overwrite(file *os.File) error {
	info, err := file.Stat()
	if err == nil {
		_, err = io.CopyN(file, zeros{}, info.Size())
	}
	return errors.Join(err, file.Sync(), file.Close())
}

// zeros reads as zeros without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
