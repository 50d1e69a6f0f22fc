package access

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Merge moves the files in another folder of the same disk, which are those of a
// backup, to where a log stands that nobody writes. Of a month that is in both places
// the file that goes on longer stays. Where the two do not tell the same, the folder
// that was there is first put aside, under the name that is given.
func Merge(folder, from string, now time.Time) (aside string, err error) {
	b := &Book{folder: from}
	names, err := b.months()
	if err != nil || len(names) == 0 {
		return "", err
	}
	moved := names[:0:0]
	for _, name := range names {
		here, err := os.ReadFile(filepath.Join(folder, name))
		if errors.Is(err, fs.ErrNotExist) {
			moved = append(moved, name)
			continue
		}
		there, err2 := os.ReadFile(filepath.Join(from, name))
		if err := errors.Join(err, err2); err != nil {
			return "", fmt.Errorf("put the access log back: %w", err)
		}
		switch {
		case bytes.HasPrefix(here, wholeLines(there)):
		case bytes.HasPrefix(there, wholeLines(here)):
			moved = append(moved, name)
		case aside == "":
			aside = folder + ".replaced-" + now.Format("20060102-150405")
		}
	}
	if aside != "" {
		moved = names
		if err := os.Rename(folder, aside); err != nil {
			return "", fmt.Errorf("put the access log back: %w", err)
		}
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return aside, fmt.Errorf("put the access log back: %w", err)
	}
	for _, name := range moved {
		if err := os.Rename(filepath.Join(from, name), filepath.Join(folder, name)); err != nil {
			return aside, fmt.Errorf("put the access log back: %w", err)
		}
	}
	return aside, errors.Join(syncFolder(folder), syncFolder(filepath.Dir(folder)))
}

// wholeLines leaves out what a power cut left of a last line.
func wholeLines(text []byte) []byte { return text[:bytes.LastIndexByte(text, '\n')+1] }
