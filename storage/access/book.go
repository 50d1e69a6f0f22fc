package access

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// A Book is the folder of an access log, to be read; also while it is written.
type Book struct {
	folder string
	*sealer
}

// NewBook gives the book in a folder, which need not be there yet, under a
// secret of 32 bytes.
func NewBook(folder string, secret []byte) (*Book, error) {
	s, err := newSealer(secret)
	if err != nil {
		return nil, err
	}
	return &Book{folder: folder, sealer: s}, nil
}

// Folder is where the log of the cases in a data file stands.
func Folder(data string) string { return data + ".access" }

// month is how the file of a moment is named.
const month = "2006-01"

const ending = ".log"

var isMonth = regexp.MustCompile(`^\d{4}-\d{2}\.log$`)

// months gives the names of the files, the oldest first.
func (b *Book) months() ([]string, error) {
	all, err := os.ReadDir(b.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the access log: %w", err)
	}
	var names []string
	for _, entry := range all {
		if isMonth.MatchString(entry.Name()) {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// A piece is a line of a file as it was found: not parsed yet, whole unless the
// end of the file came first.
type piece struct {
	text  []byte
	whole bool
}

// lines gives each line of a file in turn.
func (b *Book) lines(name string, each func(piece) error) error {
	file, err := os.Open(filepath.Join(b.folder, name))
	if err != nil {
		return fmt.Errorf("read the access log: %w", err)
	}
	defer file.Close()
	in := bufio.NewReader(file)
	for {
		text, err := in.ReadBytes('\n')
		if len(text) > 0 {
			found := piece{text: bytes.TrimSuffix(text, []byte("\n")), whole: err == nil}
			if failed := each(found); failed != nil {
				return failed
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the access log: %w", err)
		}
	}
}

// Read gives each record from one moment to another, the second left out, in the
// order of the log. A line that does not open is passed over: Verify tells of it.
// It stops at the first error, which it returns: that of each, or of the files.
func (b *Book) Read(from, to time.Time, each func(Record) error) error {
	names, err := b.months()
	if err != nil {
		return err
	}
	for _, name := range names {
		// A record may stand in the file of the month after its own, if the clock
		// was put back; never in one before.
		if name < from.UTC().Format(month)+ending {
			continue
		}
		err := b.lines(name, func(p piece) error {
			l, err := parse(p.text)
			if err != nil || !p.whole {
				return nil
			}
			r, err := b.open(l)
			if err != nil || r.At.Before(from) || !r.At.Before(to) {
				return nil
			}
			return each(r)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// A Problem is a damage that Verify found: in which file, at which of its lines.
// Both are empty when the log as a whole is concerned.
type Problem struct {
	File string
	Line int
	What string
}

// String says the problem, for whoever runs the service.
func (p Problem) String() string {
	if p.File == "" {
		return "access log: " + p.What
	}
	return fmt.Sprintf("access log, %s, line %d: %s", p.File, p.Line, p.What)
}

// Summary counts what Verify saw. Torn says that the last line is not whole,
// which is what a power cut leaves, and is no problem: what it was about was not
// shown. Head is how far the chain goes.
type Summary struct {
	Records  int
	Problems int
	Torn     bool
	Head     Mark
}

// Verify reads the whole log and reports each line that is not as it was
// written, and where lines are missing: in the middle, at the beginning or at the
// end, as the marks that were kept elsewhere tell. Its error is that of a file that cannot be
// read at all.
func (b *Book) Verify(kept Marks, each func(Problem)) (Summary, error) {
	v := &verifying{Book: b, Marks: kept, at: kept.Start, each: each}
	names, err := b.months()
	if err != nil {
		return Summary{}, err
	}
	for i, name := range names {
		v.file, v.line = name, 0
		err := b.lines(name, func(p piece) error {
			v.line++
			if !p.whole && i == len(names)-1 {
				v.done.Torn = true
				return nil
			}
			v.look(p)
			return nil
		})
		if err != nil {
			return v.done, err
		}
	}
	if v.at.Number < kept.Head.Number {
		v.file = ""
		v.missing(kept.Head.Number + 1)
	}
	v.done.Head = v.at
	return v.done, nil
}

// verifying is how far a verification is.
type verifying struct {
	*Book
	Marks
	at   Mark
	file string
	line int
	done Summary
	each func(Problem)
}

func (v *verifying) report(what string) {
	v.done.Problems++
	p := Problem{File: v.file, Line: v.line, What: what}
	if v.file == "" {
		p.Line = 0
	}
	v.each(p)
}

func (v *verifying) missing(next uint64) {
	v.report(fmt.Sprintf("records %d to %d are missing", v.at.Number+1, next-1))
}

func (v *verifying) look(p piece) {
	l, err := parse(p.text)
	if err != nil {
		v.report(whatAltered)
		// Its place is known all the same, if not how it ended.
		v.at = Mark{Number: v.at.Number + 1}
		return
	}
	if l.number <= v.Start.Number {
		return // of a month that was let go, whose file outlived a power cut
	}
	switch {
	case l.number <= v.at.Number:
		v.report("a record stands in the place of another")
		return
	case l.number > v.at.Number+1:
		v.missing(l.number)
	case v.at.Link == nil && v.at.Number > 0:
		// The line before cannot be read, which is said already.
	case !hmac.Equal(l.link, v.link(l, v.at.Link)):
		v.report(whatAltered)
		v.at = l.mark()
		return
	}
	v.at = l.mark()
	if _, err := v.open(l); err != nil {
		v.report(whatAltered)
		return
	}
	if l.number == v.Head.Number && !hmac.Equal(l.link, v.Head.Link) {
		v.report("this is not the record that was written here")
		return
	}
	v.done.Records++
}

const whatAltered = "the record is not as it was written, or not in its place"
