package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"parcours/storage"
)

// format is the version of what keys.go describes.
const format = 2

var formatKey = []byte("format")

// openFile gives the database at path, locked, sound and of our format. torn
// says whether it had to be gone by the older of its two meta pages.
func openFile(path string, opts Options) (db *bbolt.DB, torn bool, err error) {
	created, err := prepare(path)
	if err != nil {
		return nil, false, err
	}
	db, err = openLocked(path, opts)
	if err != nil {
		return nil, false, err
	}
	torn, err = tornMeta(path)
	if err == nil {
		err = guard(func() error { return checkFile(db, path) })
	}
	if err == nil && created {
		err = syncFolder(path)
	}
	if err == nil {
		err = shred(path + draftSuffix)
	}
	if err != nil {
		return nil, false, errors.Join(fmt.Errorf("open the store %s: %w", path, err), db.Close())
	}
	return db, torn, nil
}

// openLocked opens the file at path once nobody else has it.
func openLocked(path string, opts Options) (*bbolt.DB, error) {
	timeout := opts.LockTimeout
	if timeout == 0 {
		timeout = defaultLockTimeout
	}
	var db *bbolt.DB
	var opened fs.FileInfo
	err := guard(func() error {
		var err error
		db, err = bbolt.Open(path, ownerOnly, &bbolt.Options{
			Timeout:      timeout,
			FreelistType: bbolt.FreelistMapType,
			NoSync:       opts.NoSync,
			OpenFile: func(path string, flag int, mode fs.FileMode) (*os.File, error) {
				file, err := os.OpenFile(path, flag, mode)
				if err == nil {
					opened, err = file.Stat()
				}
				return file, err
			},
		})
		return err
	})
	if replaced(path, opened) {
		// It was let go by a program that went on with another in its place.
		err = errors.Join(bolterrors.ErrTimeout, closeDB(db))
	}
	if err != nil {
		return nil, explain(path, timeout, err)
	}
	return db, nil
}

// replaced says whether a path now leads to another file than was opened there.
func replaced(path string, opened fs.FileInfo) bool {
	now, err := os.Stat(path)
	return err == nil && opened != nil && !os.SameFile(now, opened)
}

func closeDB(db *bbolt.DB) error {
	if db == nil {
		return nil
	}
	return db.Close()
}

const ownerOnly fs.FileMode = 0o600

// prepare says whether the file is still to be created, and otherwise takes it
// away from the eyes of others.
func prepare(path string) (created bool, err error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return true, nil
	case err != nil:
		return false, fmt.Errorf("open the store: %w", err)
	case !info.Mode().IsRegular():
		return false, fmt.Errorf("open the store: %s is not a file", path)
	case info.Mode().Perm()&0o077 == 0:
		return false, nil
	}
	if err := os.Chmod(path, ownerOnly); err != nil {
		return false, fmt.Errorf("the store %s can be read by other users and this could not be mended; run: chmod 600 %s: %w", path, path, err)
	}
	return false, nil
}

func explain(path string, timeout time.Duration, err error) error {
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return fmt.Errorf("%w: %s was still held after %s; stop the other parcours that uses it, then start this one again",
			storage.ErrLocked, path, timeout)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("open the store: %w", err)
	default:
		return fmt.Errorf("%w: %s is not a store of parcours, or is torn; put a backup back in its place: %w",
			storage.ErrDamaged, path, err)
	}
}

// checkFile refuses a file that was cut short, or is not ours, or too new for
// us, and lays out an empty one.
func checkFile(db *bbolt.DB, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	var version []byte
	var empty bool
	err = db.View(func(tx *bbolt.Tx) error {
		if info.Size() < tx.Size() {
			return fmt.Errorf("%w: the file is shorter than what was written", storage.ErrDamaged)
		}
		if meta := tx.Bucket(metaBucket); meta != nil {
			version = append(version, meta.Get(formatKey)...)
		}
		first, _ := tx.Cursor().First()
		empty = first == nil
		return nil
	})
	switch {
	case err != nil:
		return err
	case empty:
		return layOut(db)
	case len(version) != 4:
		return fmt.Errorf("%w: this is not a store of parcours", storage.ErrDamaged)
	}
	switch got := binary.BigEndian.Uint32(version); {
	case got > format:
		return fmt.Errorf("%w: it is in format %d, this program knows up to %d; install the newer parcours again", storage.ErrNewer, got, format)
	case got == format:
		return nil
	case got > 0:
		// Written before there was a tally, and perhaps before rows that are stuck were listed.
		return layOut(db)
	default:
		return fmt.Errorf("%w: format %d was never used", storage.ErrDamaged, got)
	}
}

// layOut makes what is missing in a file that is empty or of an older format.
func layOut(db *bbolt.DB) error {
	return db.Update(func(tx *bbolt.Tx) error {
		for _, name := range buckets {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		if err := tx.Bucket(metaBucket).Put(formatKey, binary.BigEndian.AppendUint32(nil, format)); err != nil {
			return err
		}
		tally, err := count(tx)
		if err != nil {
			return err
		}
		return putTally(tx, tally)
	})
}

// syncFolder makes the name of a new file as lasting as its content.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
