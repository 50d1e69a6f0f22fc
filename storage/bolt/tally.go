package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/cespare/xxhash/v2"
	"go.etcd.io/bbolt"

	"parcours/storage"
)

// tallyKey holds the tally: the exclusive or of a hash of every other key and its
// value, in whatever bucket, so that what changes on the disk by itself is seen. No
// secret goes into it: against a hand that means to deceive there is the vault's seal.
var tallyKey = []byte("tally")

// A transaction writes: all of it goes through its buckets, which keep the tally
// in step.
type transaction struct {
	*bbolt.Tx
	tally uint64
}

// write carries out parts in one transaction.
func write(db *bbolt.DB, parts ...func(*transaction) error) error {
	return guard(func() error {
		return db.Update(func(tx *bbolt.Tx) error {
			stored := tx.Bucket(metaBucket).Get(tallyKey)
			if len(stored) != 8 {
				return fmt.Errorf("%w: its tally is gone", storage.ErrDamaged)
			}
			t := &transaction{tx, binary.BigEndian.Uint64(stored)}
			for _, part := range parts {
				if err := part(t); err != nil {
					return err
				}
			}
			return putTally(tx, t.tally)
		})
	})
}

func putTally(tx *bbolt.Tx, tally uint64) error {
	return tx.Bucket(metaBucket).Put(tallyKey, binary.BigEndian.AppendUint64(nil, tally))
}

// Bucket gives a bucket to read, and to write with the tally in step.
func (t *transaction) Bucket(name []byte) bucket { return bucket{t.Tx.Bucket(name), name, t} }

type bucket struct {
	*bbolt.Bucket
	name []byte
	of   *transaction
}

// Put writes a value; nil is an empty one.
func (b bucket) Put(key, value []byte) error {
	if value == nil {
		// Within one transaction bbolt gives a nil value back as no key.
		value = []byte{}
	}
	b.takeOut(key)
	b.of.tally ^= share(b.name, key, value)
	return b.Bucket.Put(key, value)
}

// Delete removes a key, if it is there.
func (b bucket) Delete(key []byte) error {
	b.takeOut(key)
	return b.Bucket.Delete(key)
}

func (b bucket) takeOut(key []byte) {
	if value := b.Get(key); value != nil {
		b.of.tally ^= share(b.name, key, value)
	}
}

// share is what a key and its value are worth in the tally.
func share(name, key, value []byte) uint64 {
	var hash xxhash.Digest
	hash.Reset()
	var size [4]byte
	for _, part := range [][]byte{name, key} {
		binary.BigEndian.PutUint32(size[:], uint32(len(part)))
		_, _ = hash.Write(size[:])
		_, _ = hash.Write(part)
	}
	_, _ = hash.Write(value)
	return hash.Sum64()
}

func isTally(name, key []byte) bool {
	return bytes.Equal(name, metaBucket) && bytes.Equal(key, tallyKey)
}

// count makes the tally of a file that has none yet.
func count(tx *bbolt.Tx) (tally uint64, err error) {
	for _, name := range buckets {
		err := tx.Bucket(name).ForEach(func(key, value []byte) error {
			if !isTally(name, key) {
				tally ^= share(name, key, value)
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
	return tally, nil
}
