// Package backup writes and reads backups: one file that holds a copy of the store,
// the ledger of erasures, the files of the access log and what is needed to check them,
// encrypted to the keys of those who may put it back. The keyset that opens the store is not in it.
package backup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"
)

var (
	// ErrDamaged: the file is not a backup, or not as it was written.
	ErrDamaged = errors.New("backup: the file is not a whole backup")
	// ErrWrongKey: the backup was made for others than the keys at hand.
	ErrWrongKey = errors.New("backup: it was made for another key")
	// ErrNewer: the backup was written by a newer version of its format.
	ErrNewer = errors.New("backup: its format is newer than this program")
)

// format is the version of what a backup holds.
// The first held no access log.
const format = 2

// The parts, in their order: the manifest comes last, since it tells of the others.
const (
	dataPart     = "parcours.db"
	ledgerPart   = "parcours.db.erased"
	accessPart   = "parcours.db.access/" // and a name
	manifestPart = "manifest.json"
)

// most is how large the ledger and the manifest may be, in bytes.
const most = 64 << 20

// A Manifest says what a backup holds.
type Manifest struct {
	Format int `json:"format"`
	// Version is that of the program which made it.
	Version string    `json:"version"`
	Made    time.Time `json:"made"`
	// Size is that of the store's file, in bytes.
	Size int64 `json:"size"`
	// SHA256 of each part, in hexadecimal.
	SHA256 map[string]string `json:"sha256"`
}

// A Source is a store that can be copied while it is used.
type Source interface {
	Copy(ctx context.Context, begin func(size int64) (io.Writer, error)) error
}

// Write writes a backup for recipients. ledger is asked after the store was copied,
// so that it tells of whatever is missing there; so are the files of accesses, which
// may be growing, and need not be there. version and made are those of the manifest.
func Write(ctx context.Context, to io.Writer, recipients []age.Recipient, version string, made time.Time, store Source, ledger func() ([]byte, error), accesses fs.FS) error {
	sealed, err := age.Encrypt(to, recipients...)
	if err != nil {
		return fmt.Errorf("encrypt the backup: %w", err)
	}
	p := packing{out: tar.NewWriter(sealed), manifest: Manifest{Format: format, Version: version, Made: made.UTC(), SHA256: map[string]string{}}}
	err = store.Copy(ctx, func(size int64) (io.Writer, error) {
		p.manifest.Size = size
		return p.part(dataPart, size)
	})
	if err != nil {
		return fmt.Errorf("copy the store: %w", err)
	}
	p.end(dataPart)
	lines, err := ledger()
	if err == nil {
		err = p.whole(ledgerPart, lines)
	}
	if err != nil {
		return fmt.Errorf("copy the ledger: %w", err)
	}
	p.end(ledgerPart)
	if err := p.accesses(accesses); err != nil {
		return fmt.Errorf("copy the access log: %w", err)
	}
	text, err := json.Marshal(p.manifest)
	if err == nil {
		err = p.whole(manifestPart, text)
	}
	if err := errors.Join(err, p.out.Close(), sealed.Close()); err != nil {
		return fmt.Errorf("end the backup: %w", err)
	}
	return nil
}

// A packing is a backup being written.
type packing struct {
	out      *tar.Writer
	sum      hash.Hash
	manifest Manifest
}

func (p *packing) part(name string, size int64) (io.Writer, error) {
	p.sum = sha256.New()
	err := p.out.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: p.manifest.Made})
	return io.MultiWriter(p.out, p.sum), err
}

func (p *packing) whole(name string, text []byte) error {
	to, err := p.part(name, int64(len(text)))
	if err == nil {
		_, err = to.Write(text)
	}
	return err
}

func (p *packing) end(name string) { p.manifest.SHA256[name] = hex.EncodeToString(p.sum.Sum(nil)) }

// accesses copies the files of the access log, each as long as it is now.
func (p *packing) accesses(from fs.FS) error {
	entries, err := fs.ReadDir(from, ".")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, entry := range entries {
		if !entry.Type().IsRegular() {
			continue
		}
		if err := p.file(from, entry.Name()); err != nil {
			return err
		}
	}
	return nil
}

func (p *packing) file(from fs.FS, name string) error {
	file, err := from.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	to, err := p.part(accessPart+name, info.Size())
	if err == nil {
		_, err = io.CopyN(to, file, info.Size())
	}
	p.end(accessPart + name)
	return err
}

// Read opens a backup, writes the copy of the store to data and each file of the
// access log to what accesses gives for its name, which has no folder, and gives its
// ledger and its manifest, once all was found as the manifest says. Errors: ErrDamaged,
// ErrWrongKey, ErrNewer, or that of writing.
func Read(from io.Reader, identities []age.Identity, data io.Writer, accesses func(name string) (io.WriteCloser, error)) (Manifest, []byte, error) {
	opened, err := age.Decrypt(from, identities...)
	var unmatched *age.NoIdentityMatchError
	if errors.As(err, &unmatched) {
		return Manifest{}, nil, ErrWrongKey
	}
	if err != nil {
		return Manifest{}, nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return unpack(opened, data, accesses)
}

// unpack reads what was opened, to its end.
func unpack(opened io.Reader, data io.Writer, accesses func(name string) (io.WriteCloser, error)) (Manifest, []byte, error) {
	u := unpacking{in: tar.NewReader(opened), sums: map[string]string{}}
	var ledger, text limited
	err := errors.Join(u.part(dataPart, data), u.part(ledgerPart, &ledger), u.rest(accesses, &text))
	if u.unwritten != nil {
		return Manifest{}, nil, fmt.Errorf("write what the backup holds: %w", u.unwritten)
	}
	var m Manifest
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	switch {
	case err != nil:
		return Manifest{}, nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	case m.Format > format:
		return Manifest{}, nil, fmt.Errorf("%w: format %d", ErrNewer, m.Format)
	case !maps.Equal(m.SHA256, u.sums):
		return Manifest{}, nil, fmt.Errorf("%w: a part is not what the manifest says", ErrDamaged)
	}
	// The end is authenticated too.
	if _, err := io.Copy(io.Discard, opened); err != nil {
		return Manifest{}, nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return m, ledger, nil
}

// An unpacking is a backup being read.
type unpacking struct {
	in        *tar.Reader
	sums      map[string]string
	unwritten error
}

// part reads the next part, which must be the one named.
func (u *unpacking) part(name string, to io.Writer) error {
	header, err := u.in.Next()
	if err != nil {
		return err
	}
	if header.Name != name || !isFull(header) {
		return fmt.Errorf("%s stands in the place of %s", header.Name, name)
	}
	return u.copy(name, to)
}

// isFull says whether a file of the archive stands there byte by byte: one with holes
// may say it is of any size, and would fill the disk with nothing.
func isFull(header *tar.Header) bool {
	for name := range header.PAXRecords {
		if strings.HasPrefix(name, "GNU.sparse.") {
			return false
		}
	}
	return header.Typeflag == tar.TypeReg
}

func (u *unpacking) copy(name string, to io.Writer) error {
	sum := sha256.New()
	_, err := io.Copy(told{to, &u.unwritten}, io.TeeReader(u.in, sum))
	u.sums[name] = hex.EncodeToString(sum.Sum(nil))
	return err
}

// rest reads the files of the access log, and the manifest, which comes last and is no
// part of its own sums.
func (u *unpacking) rest(accesses func(string) (io.WriteCloser, error), manifest io.Writer) error {
	for {
		header, err := u.in.Next()
		if err != nil {
			return err
		}
		if !isFull(header) {
			return fmt.Errorf("%s is no whole file", header.Name)
		}
		if header.Name == manifestPart {
			_, err := io.Copy(manifest, u.in)
			return err
		}
		name, ok := strings.CutPrefix(header.Name, accessPart)
		if !ok || !fs.ValidPath(name) || name != filepath.Base(name) {
			return fmt.Errorf("%s has no place here", header.Name)
		}
		to, err := accesses(name)
		if err != nil {
			u.unwritten = err
			return err
		}
		err = u.copy(header.Name, to)
		if closed := to.Close(); closed != nil {
			u.unwritten = closed
		}
		if err != nil {
			return err
		}
	}
}

// A told writer keeps apart the errors of writing from those of reading.
type told struct {
	to  io.Writer
	err *error
}

func (t told) Write(p []byte) (int, error) {
	n, err := t.to.Write(p)
	if err != nil && !errors.Is(err, ErrDamaged) {
		*t.err = err
	}
	return n, err
}

// A limited text is kept in memory, and so cannot be of any size.
type limited []byte

func (l *limited) Write(p []byte) (int, error) {
	if len(*l)+len(p) > most {
		return 0, ErrDamaged
	}
	*l = append(*l, p...)
	return len(p), nil
}
