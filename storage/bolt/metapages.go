package bolt

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"io"
	"os"
)

// bbolt keeps two meta pages and writes them in turn, each with a checksum; if one is
// torn it goes by the other, which is older by one transaction, and says nothing. The
// second one stands at the second page.
const (
	metaAt        = pageHeader // from the start of its page
	metaPageSize  = 8
	metaRoot      = 16
	metaFreelist  = 32
	metaPages     = 40
	metaNumber    = 48
	metaSum       = 56
	metaSize      = metaSum + 8
	smallestPage  = 1 << 10
	largestPage   = 1 << 24
	noFreelist    = ^uint64(0)
	firstDataPage = 2
)

// A meta is what a meta page says.
type meta struct {
	pageSize                      int64
	root, freelist, pages, number uint64
}

// readMetas gives the meta by which bbolt goes, and whether the other is torn, as a disk
// leaves it that lost its power while the last write was under way, or that errs.
func readMetas(file io.ReaderAt) (last meta, torn bool, err error) {
	whole := 0
	for at := int64(0); at <= largestPage; at = max(2*at, smallestPage) {
		var raw [metaSize]byte
		_, err := file.ReadAt(raw[:], at+metaAt)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return meta{}, false, err
		}
		sum := fnv.New64a()
		_, _ = sum.Write(raw[:metaSum])
		word := binary.NativeEndian.Uint64
		if word(raw[metaSum:]) != sum.Sum64() {
			continue
		}
		found := meta{
			pageSize: int64(binary.NativeEndian.Uint32(raw[metaPageSize:])),
			root:     word(raw[metaRoot:]), freelist: word(raw[metaFreelist:]), pages: word(raw[metaPages:]), number: word(raw[metaNumber:]),
		}
		if whole++; whole == 1 || found.number > last.number {
			last = found
		}
	}
	return last, whole == 1, nil
}

// tornMeta says whether one of the meta pages of the file at path is torn.
func tornMeta(path string) (bool, error) {
	file, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer file.Close()
	_, torn, err := readMetas(file)
	return torn, err
}
