package bot

import (
	"bytes"
	"fmt"

	lru "github.com/hashicorp/golang-lru/v2"

	"parcours/casework"
)

// A memory keeps the entries of the journals that were read last: most of the time
// it takes to read one goes to making entries of bytes, and a journal only grows.
type memory struct {
	known *lru.Cache[casework.Code, recalled]
}

// recalled are the entries of a journal, and the last of them as it is kept.
type recalled struct {
	entries []casework.Entry
	last    []byte
}

// memorySize is how many journals are kept, in the order they were used.
const memorySize = 512

func newMemory() *memory {
	known, err := lru.New[casework.Code, recalled](memorySize)
	if err != nil {
		// Only a size that is not positive is refused, and ours is fixed.
		panic(err)
	}
	return &memory{known: known}
}

// entries gives those of a journal, which nobody changes. Error: that of
// casework.Decode, with the code.
func (m *memory) entries(code casework.Code, journal [][]byte) ([]casework.Entry, error) {
	known, _ := m.known.Get(code)
	n := len(known.entries)
	if n > len(journal) || n > 0 && !bytes.Equal(known.last, journal[n-1]) {
		known, n = recalled{}, 0
	}
	if n == len(journal) {
		return known.entries, nil
	}
	entries := make([]casework.Entry, n, len(journal))
	copy(entries, known.entries)
	for i, raw := range journal[n:] {
		e, err := casework.Decode(uint64(n+i+1), raw)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", code, err)
		}
		entries = append(entries, e)
	}
	m.known.Add(code, recalled{entries, journal[len(journal)-1]})
	return entries, nil
}

// forget lets go of a journal.
func (m *memory) forget(code casework.Code) { m.known.Remove(code) }
