package access

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"slices"
	"testing"
	"time"
)

func newKey(secret byte) (ed25519.PrivateKey, ed25519.PublicKey) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{secret}, ed25519.SeedSize))
	return key, key.Public().(ed25519.PublicKey)
}

func listOf(t testing.TB, key ed25519.PrivateKey, n int) []byte {
	t.Helper()
	var out bytes.Buffer
	list := NewSignedList(&out)
	now := time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)
	for range n {
		must(t, list.Add(Record{At: now, Case: "P-7K3F", User: "u1", Way: Answer, What: "status", Surface: "test"}))
		now = now.Add(time.Minute)
	}
	must(t, list.Sign(Statement{Made: now, From: "2026-03-01", To: "2026-03-31", Head: Mark{Number: 9, Link: []byte("link")}}, key))
	return out.Bytes()
}

func TestASignedListIsChecked(t *testing.T) {
	key, public := newKey(1)
	for _, n := range []int{0, 1, 4} {
		s, err := CheckSigned(listOf(t, key, n), public)
		if err != nil || s.Records != n || s.Head.Number != 9 || s.From != "2026-03-01" || s.Key != Fingerprint(public) {
			t.Errorf("%d records: %+v, %v", n, s, err)
		}
	}
	other, _ := newKey(2)
	if _, err := CheckSigned(listOf(t, other, 4), public); !errors.Is(err, ErrOthers) {
		t.Errorf("of another installation: %v", err)
	}
}

// Each letter altered, each line taken away, twice there or in the place of another,
// and each end cut off is found.
func TestWhateverIsDoneToASignedListIsFound(t *testing.T) {
	key, public := newKey(1)
	text := listOf(t, key, 4)
	found := func(what string, i int, altered []byte) {
		t.Helper()
		if _, err := CheckSigned(altered, public); err == nil {
			t.Errorf("%s %d: nothing is found", what, i)
		}
	}
	for i := range text {
		for bit := range 8 {
			altered := bytes.Clone(text)
			altered[i] ^= 1 << bit
			found("letter", i, altered)
		}
		found("cut at", i, text[:i])
	}
	found("more", 0, append(bytes.Clone(text), '\n'))
	lines := bytes.SplitAfter(text, []byte("\n"))
	lines = lines[:len(lines)-1]
	for i := range lines {
		found("without line", i, bytes.Join(slices.Delete(slices.Clone(lines), i, i+1), nil))
		found("twice line", i, bytes.Join(slices.Insert(slices.Clone(lines), i, lines[i]), nil))
		if i > 0 {
			swapped := slices.Clone(lines)
			swapped[i], swapped[i-1] = lines[i-1], lines[i]
			found("exchanged line", i, bytes.Join(swapped, nil))
		}
	}
}
