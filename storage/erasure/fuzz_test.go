package erasure

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/casework"
)

// FuzzLedger reads any text as a ledger, and any words as a line that somebody with the
// secret wrote: it is damaged, or tells no line that was not written, and the same ones
// once they are written again.
func FuzzLedger(f *testing.F) {
	key := []byte("the secret of the ledger")
	at := time.Date(2026, 3, 2, 12, 0, 0, 7, time.UTC)
	var sound page
	for _, line := range []Line{{Code: "P-AAAA", At: at, Why: casework.OnRequest}, {Code: "P-BBBB", At: at, Entry: 12}} {
		sound.add(key, line)
	}
	whole, _, err := parse(sound.text, key)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sound.text, "P-AAAA 2026-03-02T12:00:00Z request")
	f.Add(sound.text[:len(sound.text)-1], "P-AAAA 2026-03-02T12:00:00+01:00 narrowed-007")
	f.Add(append(bytes.Clone(sound.text), sound.text...), "P-AAAA 0000-01-01T00:00:00+23:59 narrowed-")
	f.Add([]byte("a b c d\n"), " 2026-03-02T12:00:00Z narrowed-18446744073709551616")
	f.Fuzz(func(t *testing.T, text []byte, said string) {
		lines, err := Read(text, key)
		if err != nil && !errors.Is(err, ErrDamaged) || err != nil && lines != nil {
			t.Errorf("%d lines, said to be %v", len(lines), err)
		}
		if err == nil && (len(lines) > len(whole) || !slices.Equal(lines, whole[:len(lines)])) {
			t.Errorf("%q tells %+v", text, lines)
		}

		row := said + " " + hex.EncodeToString(sign(key, nil, said)) + "\n"
		lines, err = Read([]byte(row), key)
		switch {
		case err != nil:
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("%q: said to be %v", said, err)
			}
			return
		case len(lines) != 1:
			// What stands after the end of a line is another, which was cut short.
			if !strings.Contains(said, "\n") {
				t.Errorf("%q: %d lines", said, len(lines))
			}
			return
		}
		if year := lines[0].At.UTC().Year(); year < 0 || year > 9999 {
			return // never written
		}
		var again page
		again.add(key, lines[0])
		back, err := Read(again.text, key)
		if err != nil || len(back) != 1 || back[0].Code != lines[0].Code || back[0].what() != lines[0].what() || !back[0].At.Equal(lines[0].At) {
			t.Errorf("%q reads as %+v, then as %+v, %v", said, lines[0], back, err)
		}
	})
}
