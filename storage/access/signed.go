package access

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"parcours/casework"
)

// A Statement says what a signed list of records holds, and what it was taken from.
type Statement struct {
	Format int `json:"format"`
	// Key is the fingerprint of the key that it is signed with.
	Key  string    `json:"key"`
	Made time.Time `json:"made"`
	// From and To are the first and the last day, Case and User what was asked for;
	// each is empty where there is no such bound.
	From casework.Day  `json:"from,omitempty"`
	To   casework.Day  `json:"to,omitempty"`
	Case casework.Code `json:"case,omitempty"`
	User string        `json:"user,omitempty"`
	// Records is how many records are listed.
	Records int `json:"records"`
	// Head is how far the chain of the whole log went, and Problems what was found
	// wrong with it.
	Head     Mark `json:"head"`
	Problems int  `json:"problems"`
}

// signedFormat is the present one.
const signedFormat = 1

var (
	// ErrForged: a signed list is not as it was written.
	ErrForged = errors.New("access: the list is not as it was signed")
	// ErrOthers: a signed list names another key than the one at hand.
	ErrOthers = errors.New("access: the list is signed with another key")
)

// The last two lines of a signed list.
type (
	stated struct {
		Statement Statement `json:"statement"`
	}
	signed struct {
		Signature string `json:"signature"`
	}
)

// A SignedList is being written: a record a line, as JSON, then a statement, and last
// the Ed25519 signature of the SHA-256 of all the lines before.
type SignedList struct {
	to  io.Writer
	sum hash.Hash
	n   int
}

// NewSignedList begins a list.
func NewSignedList(to io.Writer) *SignedList {
	l := &SignedList{sum: sha256.New()}
	l.to = io.MultiWriter(to, l.sum)
	return l
}

// Add lists one record more. Its error is that of writing.
func (l *SignedList) Add(r Record) error {
	l.n++
	return l.line(r)
}

// Sign ends the list. The format, the key and the number of records are put in the
// statement here. Its error is that of writing.
func (l *SignedList) Sign(s Statement, key ed25519.PrivateKey) error {
	s.Format, s.Records, s.Key = signedFormat, l.n, Fingerprint(key.Public().(ed25519.PublicKey))
	if err := l.line(stated{s}); err != nil {
		return err
	}
	return l.line(signed{base64.StdEncoding.EncodeToString(ed25519.Sign(key, l.sum.Sum(nil)))})
}

func (l *SignedList) line(v any) error {
	text, err := json.Marshal(v)
	if err == nil {
		_, err = l.to.Write(append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write a signed list: %w", err)
	}
	return nil
}

// CheckSigned gives the statement of a signed list, once it is found to be as it was
// signed with the other half of a key. Errors: ErrOthers, ErrForged.
func CheckSigned(text []byte, key ed25519.PublicKey) (Statement, error) {
	body, last := cutLine(text)
	_, before := cutLine(body)
	var s stated
	if json.Unmarshal(before, &s) != nil || s.Statement.Format != signedFormat {
		return Statement{}, ErrForged
	}
	if s.Statement.Key != Fingerprint(key) {
		return Statement{}, ErrOthers
	}
	var sig signed
	if json.Unmarshal(last, &sig) != nil {
		return Statement{}, ErrForged
	}
	sum := sha256.Sum256(body)
	raw, err := base64.StdEncoding.Strict().DecodeString(sig.Signature)
	if err != nil || !ed25519.Verify(key, sum[:], raw) {
		return Statement{}, ErrForged
	}
	// What says the same in other letters is not as it was written either.
	if again, err := json.Marshal(sig); err != nil || string(again)+"\n" != string(last) {
		return Statement{}, ErrForged
	}
	return s.Statement, nil
}

// cutLine cuts the last line off, its end included.
func cutLine(text []byte) (before, line []byte) {
	i := bytes.LastIndexByte(bytes.TrimSuffix(text, []byte("\n")), '\n') + 1
	return text[:i], text[i:]
}

// Fingerprint is the SHA-256, in hexadecimal, of a public key as DER.
func Fingerprint(key ed25519.PublicKey) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		panic(fmt.Errorf("encode a public key: %w", err)) // of another kind
	}
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}
