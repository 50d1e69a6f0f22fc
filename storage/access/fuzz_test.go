package access

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"
)

// FuzzRecord reads any text as a line, and seals any text as what a line holds: it is
// altered, or reads the same once it is written again.
func FuzzRecord(f *testing.F) {
	s, err := newSealer(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		f.Fatal(err)
	}
	record := Record{At: time.Date(2026, 3, 20, 12, 0, 0, 5, time.UTC), Case: "P-7K3F", User: "u1", Way: Answer, What: "status", Surface: "test"}
	sound, err := s.seal(record, Mark{})
	if err != nil {
		f.Fatal(err)
	}
	whole := sound.text()
	whole = whole[:len(whole)-1]
	held, err := json.Marshal(record)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole, held)
	f.Add([]byte("18446744073709551615 AA AA"), []byte(`{"at":"2026-03-20T12:00:00+02:00","readers":-1}`))
	f.Add([]byte("01 AA  AA"), []byte(`{"at":"0000-01-01T00:00:00+23:59"}`))
	f.Add([]byte("1 A= \n"), []byte(`{"way":7}`))
	f.Fuzz(func(t *testing.T, text, held []byte) {
		l, err := parse(text)
		switch {
		case err != nil && !errors.Is(err, errAltered):
			t.Errorf("said to be %v", err)
		case err == nil && string(l.text()) != string(text)+"\n":
			t.Errorf("%q reads as %q", text, l.text())
		case err == nil:
			if r, err := s.open(l); err == nil && (r != record || l.number != sound.number) {
				t.Errorf("%q opens as %+v", text, r)
			}
		}
		l = line{number: 9, sealed: s.box.Seal(nil, nil, held, numbered(9))}
		r, err := s.open(l)
		if err != nil {
			if !errors.Is(err, errAltered) {
				t.Errorf("said to be %v", err)
			}
			return
		}
		again, err := s.seal(r, Mark{Number: 8})
		if year := r.At.UTC().Year(); year < 0 || year > 9999 {
			if err == nil {
				t.Errorf("the year %d is written", year)
			}
			return
		}
		if err != nil {
			t.Fatalf("%q cannot be written again: %v", held, err)
		}
		back, err := s.open(again)
		if r.At = r.At.UTC(); err != nil || back != r {
			t.Errorf("%q reads as %+v, then as %+v, %v", held, r, back, err)
		}
	})
}

// FuzzSignedList checks any text as a list: only those that were signed are sound, and
// it is said of the others whether they are forged or of another key.
func FuzzSignedList(f *testing.F) {
	key, public := newKey(1)
	other, _ := newKey(2)
	sound := map[string]bool{}
	for _, n := range []int{0, 1, 3} {
		text := listOf(f, key, n)
		sound[string(text)] = true
		f.Add(text)
		f.Add(listOf(f, other, n))
	}
	f.Add([]byte("{}\n{\"statement\":{\"format\":1,\"key\":\"" + Fingerprint(public) + "\"}}\n{\"signature\":\"AA==\"}\n"))
	f.Add([]byte("\n\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := CheckSigned(text, public)
		if err == nil != sound[string(text)] {
			t.Errorf("%q: %v", text, err)
		}
		if err == nil && s.Records != bytes.Count(text, []byte("\n"))-2 {
			t.Errorf("%d records in %q", s.Records, text)
		}
		if err != nil && (!errors.Is(err, ErrForged) && !errors.Is(err, ErrOthers)) {
			t.Errorf("%q: said to be %v", text, err)
		}
	})
}
