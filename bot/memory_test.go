package bot

import (
	"testing"
	"time"

	"parcours/casework"
)

func TestMemory(t *testing.T) {
	entry := func(what string) []byte {
		raw, err := casework.Encode(casework.Entry{At: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), By: "u1", Fact: casework.AimStated{Aim: what}})
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	m := newMemory()
	for _, c := range []struct {
		what    string
		code    casework.Code
		journal [][]byte
	}{
		{"new", "P-A", [][]byte{entry("a"), entry("b")}},
		{"the same", "P-A", [][]byte{entry("a"), entry("b")}},
		{"grown", "P-A", [][]byte{entry("a"), entry("b"), entry("c")}},
		{"another", "P-B", [][]byte{entry("x")}},
		{"another that begins otherwise", "P-B", [][]byte{entry("y"), entry("z")}},
		{"a shorter one", "P-A", [][]byte{entry("a")}},
		{"none", "P-C", nil},
	} {
		got, err := m.entries(c.code, c.journal)
		if err != nil || len(got) != len(c.journal) {
			t.Fatalf("%s: %d entries, %v", c.what, len(got), err)
		}
		for i, e := range got {
			want, err := casework.Decode(uint64(i+1), c.journal[i])
			if err != nil || e.Fact != want.Fact || e.Seq != want.Seq {
				t.Errorf("%s: entry %d is %+v, want %+v", c.what, i, e, want)
			}
		}
	}
	if _, err := m.entries("P-A", [][]byte{entry("a"), []byte("{")}); err == nil {
		t.Error("what cannot be read is read")
	}
	if got, err := m.entries("P-A", [][]byte{entry("a"), entry("b")}); err != nil || len(got) != 2 {
		t.Errorf("after that: %d entries, %v", len(got), err)
	}
}
