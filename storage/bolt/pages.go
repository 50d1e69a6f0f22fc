package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"parcours/storage"
)

// What a page of bbolt looks like, in its format 2. bbolt's own check follows what the
// pages say wherever it leads, and ends the program if that is nowhere.
const (
	pageHeader    = 16 // id 8, kind 2, count 2, overflow 4
	branchElement = 16 // place of the key 4, its size 4, page 8
	leafElement   = 16 // kind 4, place of the key 4, its size 4, that of the value 4
	bucketHeader  = 16 // page 8, or 0 if it follows; sequence 8

	branchPage   = 0x01
	leafPage     = 0x02
	freelistPage = 0x10
	bucketLeaf   = 0x01

	deepest = 64 // levels, which no tree has
)

var word = binary.NativeEndian

// An inspection reads every page of a file by itself, and believes nothing that it reads.
type inspection struct {
	file io.ReaderAt
	size int64
	meta meta
	seen []bool // pages in use or free
	each func(bucket, key, value []byte)
}

// A wrong is what makes no sense in the pages of a file.
type wrong string

func (w wrong) Error() string { return "the pages of the file contradict one another: " + string(w) }
func (w wrong) Unwrap() error { return storage.ErrDamaged }

// all calls each for every key and its value. Error: a wrong, or that of the file.
func (n *inspection) all() error {
	if n.meta.pageSize < smallestPage || n.meta.pageSize > largestPage || n.meta.pages > uint64(n.size/n.meta.pageSize) {
		return wrong("a meta page")
	}
	n.seen = make([]bool, n.meta.pages)
	found := map[string]bool{}
	err := n.tree(n.meta.root, nil, nil, 0, func(kind uint32, name, value []byte) error {
		if kind != bucketLeaf || len(value) < bucketHeader || found[string(name)] {
			return wrong("a bucket")
		}
		found[string(name)] = true
		return n.bucket(name, value)
	})
	if err != nil {
		return err
	}
	for _, name := range buckets {
		if !found[string(name)] || len(found) != len(buckets) {
			return wrong("a bucket is missing, or one too many")
		}
	}
	return n.free()
}

func (n *inspection) bucket(name, value []byte) error {
	each := func(kind uint32, key, value []byte) error {
		if kind != 0 {
			return wrong("a bucket is where a value should be")
		}
		n.each(name, key, value)
		return nil
	}
	if root := word.Uint64(value); root != 0 {
		return n.tree(root, nil, nil, 0, each)
	}
	return n.leaf(value[bucketHeader:], nil, nil, each)
}

// page gives a page with those that follow it and belong to it, each of them seen once.
func (n *inspection) page(id uint64) ([]byte, error) {
	var header [pageHeader]byte
	if id < firstDataPage || id >= n.meta.pages {
		return nil, wrong("a page beyond the last")
	}
	if _, err := n.file.ReadAt(header[:], int64(id)*n.meta.pageSize); err != nil {
		return nil, err
	}
	more := uint64(word.Uint32(header[12:]))
	if word.Uint64(header[:]) != id || id+more >= n.meta.pages {
		return nil, wrong("a page that is not what it should be")
	}
	for i := id; i <= id+more; i++ {
		if n.seen[i] {
			return nil, wrong("a page is used twice")
		}
		n.seen[i] = true
	}
	page := make([]byte, int64(1+more)*n.meta.pageSize)
	_, err := n.file.ReadAt(page, int64(id)*n.meta.pageSize)
	return page, err
}

// tree visits the leaves under a page, whose keys are to be from least on and under
// most, where those are not nil.
func (n *inspection) tree(id uint64, least, most []byte, depth int, each func(kind uint32, key, value []byte) error) error {
	page, err := n.page(id)
	switch {
	case err != nil:
		return err
	case depth > deepest:
		return wrong("a page leads back")
	case word.Uint16(page[8:]) == leafPage:
		return n.leaf(page, least, most, each)
	case word.Uint16(page[8:]) != branchPage:
		return wrong("a page of another kind")
	}
	var next []byte
	for i := int(word.Uint16(page[10:])) - 1; i >= 0; i-- {
		at := pageHeader + i*branchElement
		if at+branchElement > len(page) {
			return wrong("a page too full")
		}
		key, _, err := cut(page, at, word.Uint32(page[at:]), word.Uint32(page[at+4:]), 0)
		if err != nil {
			return err
		}
		if !between(key, least, most) || next != nil && bytes.Compare(key, next) >= 0 {
			return wrong("keys out of order")
		}
		under := most
		if next != nil {
			under = next
		}
		if err := n.tree(word.Uint64(page[at+8:]), key, under, depth+1, each); err != nil {
			return err
		}
		next = key
	}
	if next == nil {
		return wrong("an empty page")
	}
	return nil
}

// leaf visits what stands on one page.
func (n *inspection) leaf(page, least, most []byte, each func(kind uint32, key, value []byte) error) error {
	if len(page) < pageHeader || word.Uint16(page[8:]) != leafPage {
		return wrong("a page of another kind")
	}
	var last []byte
	for i := range int(word.Uint16(page[10:])) {
		at := pageHeader + i*leafElement
		if at+leafElement > len(page) {
			return wrong("a page too full")
		}
		key, value, err := cut(page, at, word.Uint32(page[at+4:]), word.Uint32(page[at+8:]), word.Uint32(page[at+12:]))
		if err != nil {
			return err
		}
		if !between(key, least, most) || last != nil && bytes.Compare(last, key) >= 0 {
			return wrong("keys out of order")
		}
		if err := each(word.Uint32(page[at:]), key, value); err != nil {
			return err
		}
		last = key
	}
	return nil
}

func between(key, least, most []byte) bool {
	return bytes.Compare(key, least) >= 0 && (most == nil || bytes.Compare(key, most) < 0)
}

// cut gives a key and the value that follows it, which stand so far from their element.
func cut(page []byte, at int, place, keySize, valueSize uint32) (key, value []byte, err error) {
	from := uint64(at) + uint64(place)
	middle, end := from+uint64(keySize), from+uint64(keySize)+uint64(valueSize)
	if keySize == 0 || end > uint64(len(page)) {
		return nil, nil, wrong("a key beyond its page")
	}
	return page[from:middle], page[middle:end], nil
}

// free reads which pages are free: all those, and those alone, that are not in use.
func (n *inspection) free() error {
	if n.meta.freelist != noFreelist {
		page, err := n.page(n.meta.freelist)
		if err != nil {
			return err
		}
		if word.Uint16(page[8:]) != freelistPage {
			return wrong("a page of another kind")
		}
		ids, count := page[pageHeader:], uint64(word.Uint16(page[10:]))
		if count == 0xFFFF {
			count, ids = word.Uint64(ids), ids[8:]
		}
		if count > uint64(len(ids)/8) {
			return wrong("a page too full")
		}
		for i := range count {
			id := word.Uint64(ids[8*i:])
			if id < firstDataPage || id >= n.meta.pages || n.seen[id] {
				return wrong("a page is in use and free")
			}
			n.seen[id] = true
		}
		for id := firstDataPage; id < len(n.seen); id++ {
			if !n.seen[id] {
				return wrong(fmt.Sprintf("page %d is neither in use nor free", id))
			}
		}
	}
	return nil
}
