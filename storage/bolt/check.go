package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"os"

	"parcours/storage"
)

// Check reads the whole file as storage.Inspector says, while writers wait.
func (s *Store) Check(ctx context.Context, each func(storage.Damage)) error {
	s.writers.Lock()
	defer s.writers.Unlock()
	end, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	file, err := os.Open(s.path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	meta, torn, err := readMetas(file)
	if err != nil {
		return err
	}
	if torn || s.torn {
		each(storage.Damage{What: "one of the two meta pages of the file is torn, or was when it was opened: what was written last may be missing"})
	}
	var tally uint64
	var kept []byte
	n := inspection{file: file, size: info.Size(), meta: meta, each: func(bucket, key, value []byte) {
		if isTally(bucket, key) {
			kept = value
			return
		}
		tally ^= share(bucket, key, value)
	}}
	if err := n.all(); err != nil {
		return err
	}
	if !bytes.Equal(kept, binary.BigEndian.AppendUint64(nil, tally)) {
		each(storage.Damage{What: "what the file holds is not what was written to it"})
	}
	return nil
}

// Torn says whether the file was opened by the older of its two meta pages: what was
// written last was not, as when the power is cut meanwhile, or cannot be read any more.
func (s *Store) Torn() bool { return s.torn }
