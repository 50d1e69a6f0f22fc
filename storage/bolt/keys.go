package bolt

import (
	"encoding/binary"
	"time"

	"parcours/casework"
	"parcours/storage"
)

// The buckets. A code ends with a zero byte where something follows it, which
// no code holds; other names are preceded by their length.
var (
	metaBucket    = []byte("meta")     // format, kept
	headBucket    = []byte("heads")    // code → head
	headerBucket  = []byte("headers")  // code → header
	entryBucket   = []byte("entries")  // code 0 number → entry
	termBucket    = []byte("terms")    // kind value code →
	dueBucket     = []byte("due")      // time code →
	rowBucket     = []byte("rows")     // key → row
	waitingBucket = []byte("waiting")  // time key →
	caseRowBucket = []byte("caserows") // code 0 key →, for rows that have a body
	stuckBucket   = []byte("stuck")    // key → why, for rows that are stuck
	onceBucket    = []byte("once")     // once → time it runs out, or nothing
	onceEndBucket = []byte("onceend")  // time once →

	buckets = [][]byte{
		metaBucket, headBucket, headerBucket, entryBucket, termBucket, dueBucket,
		rowBucket, waitingBucket, caseRowBucket, stuckBucket, onceBucket, onceEndBucket,
	}
)

func codePrefix(code casework.Code) []byte { return append([]byte(code), 0) }

func entryKey(code casework.Code, number uint64) []byte {
	return binary.BigEndian.AppendUint64(codePrefix(code), number)
}

func caseRowKey(code casework.Code, key string) []byte { return append(codePrefix(code), key...) }

func termPrefix(term storage.Term) []byte {
	return appendName(appendName(nil, string(term.Kind)), term.Value)
}

func termKey(term storage.Term, code casework.Code) []byte {
	return append(termPrefix(term), code...)
}

func timeKey(at time.Time, name string) []byte { return append(appendTime(nil, at), name...) }

const timeSize = 12

// appendTime writes a moment so that the order of bytes is that of time, before
// 1970 too: flipping the sign bit puts the negative seconds first.
func appendTime(to []byte, at time.Time) []byte {
	to = binary.BigEndian.AppendUint64(to, uint64(at.Unix())^1<<63)
	return binary.BigEndian.AppendUint32(to, uint32(at.Nanosecond()))
}

func readTime(from []byte) time.Time {
	seconds := int64(binary.BigEndian.Uint64(from) ^ 1<<63)
	return time.Unix(seconds, int64(binary.BigEndian.Uint32(from[8:]))).UTC()
}

func appendName(to []byte, name string) []byte {
	return append(binary.AppendUvarint(to, uint64(len(name))), name...)
}
