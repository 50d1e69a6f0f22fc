package casework_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"parcours/casework"

	"pgregory.net/rapid"
)

// Every letter is as likely as the others: of all the bytes there are, each
// letter is drawn by as many, and the rest are thrown away.
func TestCodesAreUniform(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	random := bytes.NewReader(all)
	count := map[rune]int{}
	for {
		code, err := casework.NewCode(random)
		if err != nil {
			break
		}
		for _, letter := range strings.TrimPrefix(string(code), "P-") {
			count[letter]++
		}
	}
	// 256 bytes are 9 for each of 26 letters and 22 to throw away: 234 letters,
	// the last two of which begin a code that has no end.
	drawn := 0
	for _, letter := range casework.CodeAlphabet {
		if count[letter] > 9 || count[letter] < 8 {
			t.Errorf("%c is drawn by %d bytes", letter, count[letter])
		}
		drawn += count[letter]
	}
	if drawn != 232 || len(count) != len(casework.CodeAlphabet) {
		t.Errorf("%d letters drawn, of %d kinds", drawn, len(count))
	}
}

// A code is read aloud and written by hand: no two letters of it look alike.
func TestCodeAlphabet(t *testing.T) {
	for _, pair := range []string{"0O", "1I", "1L", "IL", "5S", "8B", "UV"} {
		if strings.Contains(casework.CodeAlphabet, pair[:1]) && strings.Contains(casework.CodeAlphabet, pair[1:]) {
			t.Errorf("both of %s", pair)
		}
	}
	for i, letter := range casework.CodeAlphabet {
		if strings.IndexRune(casework.CodeAlphabet, letter) != i {
			t.Errorf("%c twice", letter)
		}
	}
}

func TestNewCodeNeedsRandomness(t *testing.T) {
	broken := errors.New("broken")
	if code, err := casework.NewCode(iotest.ErrReader(broken)); !errors.Is(err, broken) || code != "" {
		t.Errorf("%q, %v", code, err)
	}
	if code, err := casework.NewCode(strings.NewReader("ab")); !errors.Is(err, io.EOF) || code != "" {
		t.Errorf("%q, %v", code, err)
	}
}

func TestParseCode(t *testing.T) {
	for text, want := range map[string]casework.Code{
		"P-7K3F": "P-7K3F", "p-7k3f": "P-7K3F", "P7K3F": "P-7K3F", " p7k3f\n": "P-7K3F", "P-PPPP": "P-PPPP",
		"": "", "P": "", "P-": "", "7K3F": "", "P-7K3": "", "P-7K3FA": "", "P--7K3F": "", "Q-7K3F": "",
		"P-7O3F": "", "P-7K!F": "", "P-7K3é": "", "P- 7K3F": "", string(casework.Register): "",
	} {
		if got, ok := casework.ParseCode(text); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %t", text, got, ok)
		}
	}
}

func TestCodesParseAsThemselves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code, err := casework.NewCode(bytes.NewReader(rapid.SliceOfN(rapid.ByteMax(233), 4, 4).Draw(t, "random")))
		if err != nil {
			t.Fatal(err)
		}
		typed := strings.ToLower(strings.ReplaceAll(string(code), "-", rapid.SampledFrom([]string{"", "-"}).Draw(t, "dash")))
		if got, ok := casework.ParseCode(typed); !ok || got != code {
			t.Fatalf("%s typed as %q: %q", code, typed, got)
		}
	})
}
