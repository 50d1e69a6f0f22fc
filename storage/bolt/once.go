package bolt

import (
	"bytes"
	"time"
)

// purgePerWrite bounds what one write spends on those that ran out, and is more
// than the one it adds, so that they do not pile up.
const purgePerWrite = 4

// knows says whether a Once was written and has not run out.
func (w *writing) knows(once string) bool {
	until := w.tx.Bucket(onceBucket).Get([]byte(once))
	return until != nil && (len(until) != timeSize || w.holds(readTime(until)))
}

// holds says whether a Once that is kept until a moment still counts.
func (w *writing) holds(until time.Time) bool { return until.IsZero() || until.After(w.now) }

func (w *writing) once(once string, until time.Time) error {
	known, ends := w.tx.Bucket(onceBucket), w.tx.Bucket(onceEndBucket)
	if old := known.Get([]byte(once)); len(old) == timeSize {
		if err := ends.Delete(timeKey(readTime(old), once)); err != nil {
			return err
		}
	}
	if err := w.purgeOnce(); err != nil {
		return err
	}
	if until.IsZero() {
		// Not nil: within one transaction bbolt gives a nil value back as no key.
		return known.Put([]byte(once), []byte{})
	}
	if err := ends.Put(timeKey(until, once), nil); err != nil {
		return err
	}
	return known.Put([]byte(once), appendTime(nil, until))
}

func (w *writing) purgeOnce() error {
	known, ends := w.tx.Bucket(onceBucket), w.tx.Bucket(onceEndBucket)
	for range purgePerWrite {
		key, _ := ends.Cursor().First()
		if len(key) < timeSize || readTime(key).After(w.now) {
			return nil
		}
		// Deleting may move what the cursor gave.
		key = bytes.Clone(key)
		if err := known.Delete(key[timeSize:]); err != nil {
			return err
		}
		if err := ends.Delete(key); err != nil {
			return err
		}
	}
	return nil
}
