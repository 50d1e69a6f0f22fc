package bolt

import (
	"bytes"
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
	for i := range 60 {
		must(t, write(db, func(tx *transaction) error {
			return tx.Bucket(entryBucket).Put(entryKey("P-7K3F", uint64(i)), make([]byte, 100))
		}))
	}
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

// FuzzPages has pages that say anything be read without end or harm.
func FuzzPages(f *testing.F) {
	whole, last := small(f)
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Fuzz(func(t *testing.T, raw []byte) {
		n := inspection{file: bytes.NewReader(raw), size: int64(len(whole)), meta: last, each: func(_, _, _ []byte) {}}
		if err := n.all(); err == nil && len(raw) < len(whole)/2 {
			t.Error("what is not there was read")
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
	// The entries, the format and the tally.
	if err := read(whole); err != nil || keys != 62 {
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
