// Package access keeps who was shown what of the cases, when and where, without
// any of the content: an append-only file a month, apart from the cases, each
// line sealed and chained to the one before.
//
// What is altered, put in another order or taken away breaks the chain. Marks of
// the chain are kept elsewhere, beside the cases, so that the end of it, or all of
// it, cannot go unnoticed either.
package access

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"parcours/casework"
)

// A Record says that somebody was shown something of a case, took this very log
// away, or made a copy of everything or put one back; then there may be no case.
type Record struct {
	At   time.Time     `json:"at"`
	Case casework.Code `json:"case,omitempty"`
	// User is who was shown it; empty for a Post, which Readers people could read.
	User    casework.UserID `json:"user,omitempty"`
	Readers int             `json:"readers,omitempty"`
	// Operator is who it was on the command line: the system's account, since no
	// account of the chat is known there.
	Operator string `json:"operator,omitempty"`
	// Way is how it was shown, What the command, form, view or kind of document; of a
	// Backup, the public keys of those who can open it; of a Restore, when the copy was
	// made.
	Way  Way    `json:"way"`
	What string `json:"what,omitempty"`
	// Surface is where: the platform, or the command line.
	Surface string `json:"surface"`
	// Reason is what an Override was justified with.
	Reason string `json:"reason,omitempty"`
}

// Way is how something was shown.
type Way string

// The ways: at once, to whoever asked; as a form to fill in; as a message in
// private; as files; in the case's channel; to an administrator who has no place
// in the case, and said why; as the archive of all that is recorded of the person;
// as a list of these records; not at all any more, since it was erased; as a sealed
// copy of everything, made or put back.
const (
	Answer   Way = "answer"
	Form     Way = "form"
	Tell     Way = "tell"
	Files    Way = "files"
	Post     Way = "post"
	Override Way = "override"
	Export   Way = "export"
	Audit    Way = "audit"
	Erasure  Way = "erasure"
	Backup   Way = "backup"
	Restore  Way = "restore"
)

// lasting reports whether a record must be on the disk before anything is shown.
func (r Record) lasting() bool {
	switch r.Way {
	case Files, Override, Export, Audit, Erasure, Backup, Restore:
		return true
	}
	return false
}

// A Mark is a place in the chain: how many lines lead to it, and how the last of
// them ends. The zero Mark is the beginning.
type Mark struct {
	Number uint64 `json:"n"`
	Link   []byte `json:"link,omitempty"`
}

// A line is a record as it is kept: its number, the record sealed, and the link
// that binds both to the line before.
type line struct {
	number       uint64
	sealed, link []byte
}

func (l line) mark() Mark { return Mark{Number: l.number, Link: l.link} }

// A sealer makes and opens lines.
type sealer struct {
	box     cipher.AEAD
	linking []byte
}

// newSealer derives what is needed from a secret of 32 bytes.
func newSealer(secret []byte) (*sealer, error) {
	boxKey, err := hkdf.Key(sha256.New, secret, nil, "parcours access record", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("derive the keys of the access log: %w", err)
	}
	linking, err := hkdf.Key(sha256.New, secret, nil, "parcours access link", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("derive the keys of the access log: %w", err)
	}
	block, err := aes.NewCipher(boxKey)
	if err != nil {
		return nil, fmt.Errorf("use the keys of the access log: %w", err)
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("use the keys of the access log: %w", err)
	}
	return &sealer{box: box, linking: linking}, nil
}

// seal makes the line that follows a mark.
func (s *sealer) seal(r Record, before Mark) (line, error) {
	r.At = r.At.UTC()
	plain, err := json.Marshal(r)
	if err != nil {
		return line{}, fmt.Errorf("encode an access: %w", err)
	}
	l := line{number: before.Number + 1}
	l.sealed = s.box.Seal(nil, nil, plain, numbered(l.number))
	l.link = s.link(l, before.Link)
	return l, nil
}

// open gives what a line holds. Error: errAltered.
func (s *sealer) open(l line) (Record, error) {
	plain, err := s.box.Open(nil, nil, l.sealed, numbered(l.number))
	if err != nil {
		return Record{}, errAltered
	}
	var r Record
	if json.Unmarshal(plain, &r) != nil {
		return Record{}, errAltered
	}
	return r, nil
}

// link binds a line to the link of the one before.
func (s *sealer) link(l line, before []byte) []byte {
	mac := hmac.New(sha256.New, s.linking)
	mac.Write(numbered(uint64(len(before))))
	mac.Write(before)
	mac.Write(numbered(l.number))
	mac.Write(l.sealed)
	return mac.Sum(nil)
}

var errAltered = errors.New("access: a line is not as it was written")

func numbered(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// text is a line as it stands in its file.
func (l line) text() []byte {
	to := strconv.AppendUint(nil, l.number, 10)
	for _, part := range [][]byte{l.sealed, l.link} {
		to = append(to, ' ')
		to = base64.RawStdEncoding.AppendEncode(to, part)
	}
	return append(to, '\n')
}

// parse reads what text made, without its end. Error: errAltered, for whatever is
// written in any other way, were it of the same meaning.
func parse(text []byte) (line, error) {
	parts := bytes.Split(text, []byte(" "))
	if len(parts) != 3 {
		return line{}, errAltered
	}
	var l line
	var err error
	if l.number, err = strconv.ParseUint(string(parts[0]), 10, 64); err != nil {
		return line{}, errAltered
	}
	for i, to := range []*[]byte{&l.sealed, &l.link} {
		if *to, err = base64.RawStdEncoding.Strict().AppendDecode(nil, parts[i+1]); err != nil {
			return line{}, errAltered
		}
	}
	if string(l.text()) != string(text)+"\n" {
		return line{}, errAltered
	}
	return l, nil
}
