package bolt

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"io"
	"os"
)

// bbolt keeps two meta pages and writes them in turn, each with a checksum;
// if one is torn it goes by the other, which is older by one transaction, and says
// nothing. A meta follows the header of a page, and the second one stands at the
// second page.
const (
	pageHeaderSize = 16
	metaSummed     = 56
	metaSize       = metaSummed + 8
	smallestPage   = 1 << 10
	largestPage    = 1 << 24
)

// tornMeta says whether the file at path has one meta page that is whole and one that
// is not, as a disk leaves it that lost its power while the last write was under way,
// or that errs.
func tornMeta(path string) (bool, error) {
	file, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer file.Close()
	whole := 0
	for at := int64(0); at <= largestPage; at = max(2*at, smallestPage) {
		var meta [metaSize]byte
		_, err := file.ReadAt(meta[:], at+pageHeaderSize)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return false, err
		}
		sum := fnv.New64a()
		_, _ = sum.Write(meta[:metaSummed])
		if binary.NativeEndian.Uint64(meta[metaSummed:]) == sum.Sum64() {
			whole++
		}
	}
	return whole == 1, nil
}
