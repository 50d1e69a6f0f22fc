// Package erasure remembers, in a file apart from the journals, what is not to come
// back with an older copy of them: which were destroyed, so that they are forgotten
// again, and which decisions narrowed what one allows, so that it is known that the
// copy allows too much.
package erasure

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"parcours/casework"
)

// ErrDamaged: the ledger is not as it was written.
var ErrDamaged = errors.New("erasure: the ledger is not as it was written")

// A Line says that a journal was destroyed, when and why; or that an entry of it
// narrowed what it allows, and when that was decided. It holds no name.
type Line struct {
	Code casework.Code
	At   time.Time
	// Why the journal was destroyed; empty when Entry narrowed it.
	Why casework.Erasure
	// Entry is the number of the last entry of the decision; 0 for a journal that
	// was destroyed.
	Entry uint64
}

// same reports whether two lines say the same. A journal is destroyed once.
func (l Line) same(other Line) bool {
	return l.Code == other.Code && l.Entry == other.Entry && (l.Entry == 0 || l.At.Equal(other.At))
}

// narrowed stands before the number of an entry, where a reason stands for a
// journal that was destroyed.
const narrowed = "narrowed-"

// what gives the third word of a line.
func (l Line) what() string {
	if l.Entry > 0 {
		return narrowed + strconv.FormatUint(l.Entry, 10)
	}
	return string(l.Why)
}

// readWhat reads what into the line.
func (l *Line) readWhat(word string) (err error) {
	if number, ok := strings.CutPrefix(word, narrowed); ok {
		l.Entry, err = strconv.ParseUint(number, 10, 64)
		return err
	}
	l.Why = casework.Erasure(word)
	return nil
}

// A Ledger is a file to which lines are only added, each authenticated together
// with all before it. Whoever uses it holds the store that it goes with; its
// methods may be called from several goroutines.
type Ledger struct {
	path string
	key  []byte
	now  func() time.Time
	mu   sync.Mutex
}

// Open gives the ledger at path, under a secret; it is made by its first line.
func Open(path string, secret []byte, now func() time.Time) *Ledger {
	return &Ledger{path: path, key: secret, now: now}
}

// Record adds that a journal is being destroyed, and returns once this is on the
// disk. A code that is there already is left as it is. Errors: ErrDamaged, or that
// of the file system; then the journal is not to be destroyed.
func (l *Ledger) Record(code casework.Code, why casework.Erasure) error {
	return l.Merge(Line{Code: code, At: l.now().Truncate(time.Second), Why: why})
}

// RecordNarrowed adds that an entry is being written that narrows what its journal
// allows, and when that was decided, as Record does. Error: that of Record; then the
// entry is not to be written.
func (l *Ledger) RecordNarrowed(code casework.Code, entry uint64, at time.Time) error {
	return l.Merge(Line{Code: code, At: at, Entry: entry})
}

// Merge adds the lines that are not there yet, with the errors of Record.
func (l *Ledger) Merge(lines ...Line) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	known, page, err := l.read()
	if err != nil {
		return err
	}
	end := len(page.text)
	for _, line := range lines {
		if !slices.ContainsFunc(known, line.same) {
			known = append(known, line)
			page.add(l.key, line)
		}
	}
	if len(page.text) == end {
		return nil
	}
	if err := l.write(int64(end), page.text[end:]); err != nil {
		return fmt.Errorf("write the ledger of erasures: %w", err)
	}
	return nil
}

// Lines gives all lines, oldest first. A last one that was cut short is none: what
// it told of had not begun. Errors: ErrDamaged, or that of the file system.
func (l *Ledger) Lines() ([]Line, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines, _, err := l.read()
	return lines, err
}

// Read gives the lines of a ledger that was copied elsewhere. Error: ErrDamaged.
func Read(text, secret []byte) ([]Line, error) {
	lines, _, err := parse(text, secret)
	return lines, err
}

func (l *Ledger) read() ([]Line, page, error) {
	text, err := os.ReadFile(l.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, page{}, fmt.Errorf("read the ledger of erasures: %w", err)
	}
	return parse(text, l.key)
}

// write puts text after the first bytes of the file, which are whole lines.
func (l *Ledger) write(after int64, text []byte) error {
	_, missing := os.Stat(l.path)
	file, err := os.OpenFile(l.path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	err = file.Truncate(after)
	if err == nil {
		_, err = file.WriteAt(text, after)
	}
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil && missing != nil {
		err = syncFolder(l.path)
	}
	return err
}

// A page is the text of whole lines, and what the last is authenticated by.
type page struct{ text, mac []byte }

// add writes a line below the others.
func (p *page) add(key []byte, line Line) {
	said := fmt.Sprintf("%s %s %s", line.Code, line.At.UTC().Format(time.RFC3339Nano), line.what())
	p.mac = sign(key, p.mac, said)
	p.text = fmt.Appendf(p.text, "%s %x\n", said, p.mac)
}

func sign(key, before []byte, said string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(before)
	mac.Write([]byte(said))
	return mac.Sum(nil)
}

// parse reads the whole lines of a text.
func parse(text, key []byte) ([]Line, page, error) {
	var lines []Line
	var read page
	for row := range bytes.Lines(text) {
		words := strings.Split(string(row), " ")
		if !bytes.HasSuffix(row, []byte("\n")) {
			break
		}
		if len(words) != 4 {
			return nil, page{}, torn(lines)
		}
		line := Line{Code: casework.Code(words[0])}
		var wrong error
		if line.At, wrong = time.Parse(time.RFC3339Nano, words[1]); wrong == nil {
			wrong = line.readWhat(words[2])
		}
		said := strings.Join(words[:3], " ")
		mac, notHex := hex.DecodeString(strings.TrimSuffix(words[3], "\n"))
		if wrong != nil || notHex != nil || !hmac.Equal(mac, sign(key, read.mac, said)) {
			return nil, page{}, torn(lines)
		}
		lines = append(lines, line)
		read.text, read.mac = append(read.text, row...), mac
	}
	return lines, read, nil
}

func torn(sound []Line) error { return fmt.Errorf("%w: line %d", ErrDamaged, len(sound)+1) }

// syncFolder makes the name of a new file as lasting as its content.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
