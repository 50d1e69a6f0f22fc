package bolt

import (
	"encoding/binary"
	"errors"
	"time"

	"parcours/casework"
	"parcours/storage"
)

// A head is what is known of a journal without reading it: enough to judge a
// change, and to take away the index entries that the next one replaces.
type head struct {
	forgotten bool
	count     uint64
	due       time.Time
	terms     []storage.Term // sorted, each once
}

const (
	headForgotten byte = 1 << iota
	headDue
)

func (h head) bytes() []byte {
	var flags byte
	if h.forgotten {
		flags |= headForgotten
	}
	if !h.due.IsZero() {
		flags |= headDue
	}
	to := binary.AppendUvarint([]byte{flags}, h.count)
	if !h.due.IsZero() {
		to = appendTime(to, h.due)
	}
	to = binary.AppendUvarint(to, uint64(len(h.terms)))
	for _, term := range h.terms {
		to = appendName(appendName(to, string(term.Kind)), term.Value)
	}
	return to
}

func parseHead(from []byte) (head, error) {
	r := reader{left: from}
	flags := r.byte()
	h := head{forgotten: flags&headForgotten != 0, count: r.number()}
	if flags&headDue != 0 {
		h.due = r.time()
	}
	for range min(r.number(), uint64(len(from))) {
		h.terms = append(h.terms, storage.Term{Kind: storage.TermKind(r.name()), Value: r.name()})
	}
	return h, r.end()
}

// A row as it is stored. A settled one has a state and, if it is stuck, still
// its case and its body.
type row struct {
	state storage.RowState
	after time.Time
	tries uint64
	code  casework.Code
	body  []byte
}

// whole says whether the row still has something to forget.
func (r row) whole() bool { return r.state == storage.Waiting || r.state == storage.Stuck }

func (r row) bytes() []byte {
	to := []byte{byte(r.state)}
	if !r.whole() {
		return to
	}
	to = binary.AppendUvarint(appendTime(to, r.after), r.tries)
	return append(appendName(to, string(r.code)), r.body...)
}

func parseRow(from []byte) (row, error) {
	r := reader{left: from}
	got := row{state: storage.RowState(r.byte())}
	if !got.whole() {
		return got, r.end()
	}
	got.after, got.tries, got.code = r.time(), r.number(), casework.Code(r.name())
	// Copied, since what bbolt hands out lives no longer than its transaction.
	got.body, r.left = append([]byte{}, r.left...), nil
	return got, r.end()
}

var errRecord = errors.New("a record has the wrong form")

// A reader takes a record apart; end tells whether all of it made sense.
type reader struct {
	left   []byte
	broken bool
}

func (r *reader) take(size uint64) []byte {
	if uint64(len(r.left)) < size {
		r.broken = true
		return make([]byte, min(size, timeSize))
	}
	taken := r.left[:size]
	r.left = r.left[size:]
	return taken
}

func (r *reader) byte() byte      { return r.take(1)[0] }
func (r *reader) time() time.Time { return readTime(r.take(timeSize)) }
func (r *reader) name() string    { return string(r.take(r.number())) }

func (r *reader) number() uint64 {
	n, size := binary.Uvarint(r.left)
	r.take(uint64(max(size, 0)))
	r.broken = r.broken || size <= 0
	return n
}

func (r *reader) end() error {
	if r.broken || len(r.left) > 0 {
		return errRecord
	}
	return nil
}
