package vault

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"sync"

	"parcours/casework"
	"parcours/storage"
)

// What a thing is sealed with begins with what kind of thing it is, so that one
// cannot be put in the place of another.
const (
	kindKey    = "journal key"
	kindHeader = "journal header"
	kindEntry  = "journal entry"
	kindRow    = "outbox row"
	kindTerm   = "term"
	kindEnd    = "journal end"
	kindTop    = "journal header seen"
	kindCheck  = "keyset check"
	kindSeal   = "seal"
)

// version of the format of everything sealed.
const version = 1

// bind joins parts so that no two lists of parts give the same bytes.
func bind[P ~string | ~[]byte](kind string, parts ...P) []byte {
	to := appendPart([]byte{version}, kind)
	for _, part := range parts {
		to = appendPart(to, part)
	}
	return to
}

func appendPart[P ~string | ~[]byte](to []byte, part P) []byte {
	return append(binary.BigEndian.AppendUint32(to, uint32(len(part))), part...)
}

func entryData(code casework.Code, number uint64, before [sha256.Size]byte) []byte {
	to := binary.BigEndian.AppendUint64(bind(kindEntry, code), number)
	return append(to, before[:]...)
}

func rowData(row storage.Row) []byte { return bind(kindRow, row.Key, string(row.Case)) }

// blinded replaces a term's value by a keyed hash of it.
func (v *Vault) blinded(term storage.Term) storage.Term {
	return storage.Term{Kind: term.Kind, Value: string(v.blind.sum(bind(kindTerm, string(term.Kind), term.Value)))}
}

// An authenticator makes HMAC-SHA256 of parts under one key. It keeps what it
// needs between calls, since preparing the key costs as much as using it.
type authenticator struct{ idle sync.Pool }

func newAuthenticator(key []byte) *authenticator {
	return &authenticator{idle: sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}}
}

func (a *authenticator) sum(parts ...[]byte) []byte {
	mac := a.idle.Get().(hash.Hash)
	defer a.idle.Put(mac)
	mac.Reset()
	for _, part := range parts {
		mac.Write(part)
	}
	return mac.Sum(nil)
}
