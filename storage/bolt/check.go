package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"

	"parcours/storage"
)

// Check reads the whole file as storage.Inspector says, while writers wait.
func (s *Store) Check(ctx context.Context, each func(storage.Damage)) error {
	s.writers.Lock()
	defer s.writers.Unlock()
	torn, err := tornMeta(s.path)
	if err != nil {
		return err
	}
	if torn {
		each(storage.Damage{What: "one of the two meta pages of the file is torn: what was written last may be missing"})
	}
	return s.view(ctx, func(tx *bbolt.Tx) error {
		wrong, err := checkPairs(tx)
		if err == nil && wrong == "" {
			wrong, err = checkPages(tx)
		}
		if wrong != "" {
			each(storage.Damage{What: wrong})
		}
		return err
	})
}

// Torn says whether the file was opened by the older of its two meta pages: what was
// written last was not, as when the power is cut meanwhile, or cannot be read any more.
func (s *Store) Torn() bool { return s.torn }

// checkPairs says whether the file holds what was written, and each key is found
// where it is looked for.
func checkPairs(tx *bbolt.Tx) (wrong string, err error) {
	tally, lost, err := count(tx)
	switch stored := tx.Bucket(metaBucket).Get(tallyKey); {
	case err != nil:
		return "", err
	case lost > 0:
		return fmt.Sprintf("%d keys are not found where they are looked for", lost), nil
	case len(stored) != 8 || binary.BigEndian.Uint64(stored) != tally:
		return "what the file holds is not what was written to it", nil
	}
	return "", nil
}

// count makes the tally anew, and tells how many keys a search does not find.
func count(tx *bbolt.Tx) (tally uint64, lost int, err error) {
	for _, name := range buckets {
		bucket := tx.Bucket(name)
		if bucket == nil {
			return 0, 0, fmt.Errorf("%w: a bucket is missing", storage.ErrDamaged)
		}
		err := bucket.ForEach(func(key, value []byte) error {
			if value == nil {
				return fmt.Errorf("%w: a bucket is where a value should be", storage.ErrDamaged)
			}
			if !bytes.Equal(bucket.Get(key), value) {
				lost++
			}
			if !bytes.Equal(name, metaBucket) || !bytes.Equal(key, tallyKey) {
				tally ^= share(name, key, value)
			}
			return nil
		})
		if err != nil {
			return 0, 0, err
		}
	}
	return tally, lost, nil
}

// checkPages says whether each page is in use once or free, so that nothing that
// lives is written over. Only where the pairs are sound: bbolt follows what the
// pages say beyond what guard can hold.
func checkPages(tx *bbolt.Tx) (wrong string, err error) {
	const contradictory = "the pages of the file contradict one another: writing to it would lose something"
	last := int(tx.Size()) / tx.DB().Info().PageSize
	for id := 2; id < last; {
		info, err := tx.Page(id)
		if err != nil {
			return "", err
		}
		if info == nil || info.Type != "free" && info.OverflowCount >= last-id {
			return contradictory, nil
		}
		if info.Type == "free" {
			info.OverflowCount = 0
		}
		id += 1 + info.OverflowCount
	}
	for range tx.Check(bbolt.WithKVStringer(unsaid{})) {
		wrong = contradictory
	}
	return wrong, nil
}

// unsaid keeps keys and values out of what bbolt says of a page, and bbolt from
// following them to where there is nothing.
type unsaid struct{}

func (unsaid) KeyToString([]byte) string   { return "" }
func (unsaid) ValueToString([]byte) string { return "" }
