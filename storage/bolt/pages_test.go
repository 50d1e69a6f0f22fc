package bolt

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"
)

// small gives the bytes of a file of small pages, some of them branches and some free,
// and its meta.
func small(t testing.TB) ([]byte, meta) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store")
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{PageSize: smallestPage, FreelistType: bbolt.FreelistMapType})
	must(t, err)
	must(t, layOut(db))
	must(t, write(db, func(tx *transaction) error {
		for i := range 24 {
			if err := tx.Bucket(entryBucket).Put(entryKey("P-7K3F", uint64(i)), make([]byte, 100)); err != nil {
				return err
			}
		}
		return nil
	}))
	must(t, write(db, func(tx *transaction) error {
		return tx.Bucket(headBucket).Put([]byte("P-7K3F"), head{count: 24}.bytes())
	}))
	must(t, db.Close())
	whole, err := os.ReadFile(path)
	must(t, err)
	last, torn, err := readMetas(bytes.NewReader(whole))
	must(t, err)
	if torn {
		t.Fatal("a file just written is torn")
	}
	return whole[:int64(last.pages)*last.pageSize], last
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// FuzzPages has pages that say anything be read without end or harm: each three bytes
// turn some bits of one that stands at a place.
func FuzzPages(f *testing.F) {
	whole, last := small(f)
	f.Add([]byte{0x08, 0x08, 0x01})
	f.Add([]byte{0x0c, 0x0a, 0xff, 0x10, 0x14, 0x80})
	f.Fuzz(func(t *testing.T, turned []byte) {
		raw := bytes.Clone(whole)
		for ; len(turned) >= 3; turned = turned[3:] {
			raw[int(binary.BigEndian.Uint16(turned))%len(raw)] ^= turned[2]
		}
		read := 0
		n := inspection{file: bytes.NewReader(raw), size: int64(len(raw)), meta: last, each: func(_, key, value []byte) { read += len(key) + len(value) }}
		// Two elements may say that they stand in the same place, and a page holds 64 at most.
		if err := n.all(); err == nil && read > 64*len(raw) {
			t.Errorf("%d bytes were read from %d", read, len(raw))
		}
	})
}

// TestPages has every key of a file be read once, and each page that is used twice, or
// both used and free, be told.
func TestPages(t *testing.T) {
	whole, last := small(t)
	keys := 0
	read := func(raw []byte) error {
		keys = 0
		n := inspection{file: bytes.NewReader(raw), size: int64(len(raw)), meta: last, each: func(_, _, _ []byte) { keys++ }}
		return n.all()
	}
	// The entries, the head, the format and the tally.
	if err := read(whole); err != nil || keys != 27 {
		t.Fatalf("%d keys, %v", keys, err)
	}
	word.PutUint64(whole[last.freelist*uint64(last.pageSize)+pageHeader:], last.root)
	if err := read(whole); err == nil {
		t.Error("a page is in use and free, and it is not told")
	}
	if err := read(whole[:len(whole)-int(last.pageSize)]); err == nil {
		t.Error("a page is missing, and it is not told")
	}
}
