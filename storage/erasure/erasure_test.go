package erasure_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"parcours/casework"
	"parcours/storage"
	"parcours/storage/bolt"
	"parcours/storage/erasure"
	"parcours/storage/vault"
)

var (
	noon   = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	secret = []byte("the secret of the ledger")
)

func now() time.Time { return noon }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func three(t *testing.T) (path string, ledger *erasure.Ledger, lines []erasure.Line) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "x.erased")
	ledger = erasure.Open(path, secret, now)
	for _, line := range []erasure.Line{
		{Code: "P-AAAA", At: noon, Why: casework.OnRequest}, {Code: "P-BBBB", At: noon, Why: casework.Expired},
		{Code: "P-CCCC", At: noon.Add(time.Nanosecond), Entry: 12},
	} {
		must(t, ledger.Merge(line))
		lines = append(lines, line)
	}
	return path, ledger, lines
}

func TestLedgerKeepsLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.erased")
	ledger := erasure.Open(path, secret, now)
	if lines, err := ledger.Lines(); len(lines) != 0 || err != nil {
		t.Fatalf("before the first: %v, %v", lines, err)
	}
	path, ledger, want := three(t)
	must(t, ledger.Record("P-AAAA", casework.Expired))
	if got, err := ledger.Lines(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("lines: %v, %v, want %v", got, err, want)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode: %v, %v", info.Mode(), err)
	}
	text, err := os.ReadFile(path)
	must(t, err)
	if got, err := erasure.Read(text, secret); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("a copy: %v, %v", got, err)
	}
}

// Whatever of a line is changed, moved, taken or made up is found.
func TestLedgerIsAuthenticated(t *testing.T) {
	path, _, _ := three(t)
	text, err := os.ReadFile(path)
	must(t, err)
	rows := bytes.SplitAfter(text, []byte("\n"))
	join := func(rows ...[]byte) []byte { return bytes.Join(rows, nil) }
	wrong := map[string][]byte{
		"two lines changed places": join(rows[1], rows[0], rows[2]),
		"the first was taken":      join(rows[1], rows[2]),
		"a middle one was taken":   join(rows[0], rows[2]),
		"one comes twice":          join(rows[0], rows[1], rows[1]),
		"an empty line":            join(rows[0], []byte("\n"), rows[1]),
		"one was made up":          join(text, []byte("P-DDDD 2026-03-02T12:00:00Z request "+strings.Repeat("0", 64)+"\n")),
	}
	for i := range text {
		if text[i] != '\n' {
			wrong["byte "+string(text[:i])] = join(text[:i], []byte{text[i] ^ 1}, text[i+1:])
		}
	}
	for name, text := range wrong {
		if lines, err := erasure.Read(text, secret); !errors.Is(err, erasure.ErrDamaged) {
			t.Errorf("%s: %v, %v", name, lines, err)
		}
	}
	if _, err := erasure.Read(text, []byte("another")); !errors.Is(err, erasure.ErrDamaged) {
		t.Errorf("under another secret: %v", err)
	}
	must(t, os.WriteFile(path, wrong["the first was taken"], 0o600))
	if err := erasure.Open(path, secret, now).Record("P-EEEE", casework.OnRequest); !errors.Is(err, erasure.ErrDamaged) {
		t.Errorf("writing on: %v", err)
	}
}

// A line that was cut short was never told of, and the next takes its place.
func TestLedgerCutShort(t *testing.T) {
	path, ledger, want := three(t)
	text, err := os.ReadFile(path)
	must(t, err)
	last := bytes.LastIndexByte(text[:len(text)-1], '\n') + 1
	for size := last; size < len(text); size++ {
		must(t, os.WriteFile(path, text[:size], 0o600))
		if got, err := ledger.Lines(); err != nil || !reflect.DeepEqual(got, want[:2]) {
			t.Fatalf("cut after %d bytes: %v, %v", size, got, err)
		}
		must(t, ledger.Merge(want[2]))
		if again, err := os.ReadFile(path); err != nil || !bytes.Equal(again, text) {
			t.Fatalf("cut after %d bytes and written again: %q, %v", size, again, err)
		}
	}
}

// A place is where a store is, with its ledger.
type place struct {
	*vault.Vault
	*testing.T
	path   string
	ledger *erasure.Ledger
}

func openPlace(t *testing.T, path string) *place {
	t.Helper()
	keys, err := vault.LoadKeys(filepath.Join(filepath.Dir(path), "keys"), func(string) string { return "" })
	must(t, err)
	p := &place{T: t, path: path, ledger: erasure.Open(path+".erased", keys.Secret("erasures"), now)}
	file, err := bolt.Open(path, bolt.Options{Forgetting: p.ledger.Record, Narrowing: p.ledger.RecordNarrowed})
	must(t, err)
	p.Vault, err = vault.Open(file, keys)
	must(t, err)
	return p
}

func (p *place) add(code casework.Code) {
	p.Helper()
	must(p.T, p.Append(p.Context(), storage.Change{Case: code, Entries: [][]byte{[]byte("told")}, Rows: []storage.Row{{Key: string(code), Case: code, Body: []byte("say"), After: noon}}}))
}

func (p *place) gone(code casework.Code) bool {
	p.Helper()
	_, err := p.Load(p.Context(), code)
	if err != nil && !errors.Is(err, storage.ErrUnknown) {
		p.Fatal(err)
	}
	return err != nil
}

func (p *place) copyTo(path string) *place {
	p.Helper()
	must(p.T, p.Close())
	text, err := os.ReadFile(p.path)
	must(p.T, err)
	must(p.T, os.WriteFile(path, text, 0o600))
	return openPlace(p.T, p.path)
}

// What was erased after a copy was made is erased again when the copy is put back,
// and a code that is free in the copy is never given again.
func TestErasureOutlivesTheStore(t *testing.T) {
	folder := t.TempDir()
	p := openPlace(t, filepath.Join(folder, "x.db"))
	for _, code := range []casework.Code{"P-AAAA", "P-BBBB"} {
		p.add(code)
	}
	p = p.copyTo(filepath.Join(folder, "copy"))
	p.add("P-CCCC")
	for _, code := range []casework.Code{"P-AAAA", "P-CCCC"} {
		must(t, erasure.Erase(t.Context(), p, code, casework.OnRequest))
		if !p.gone(code) {
			t.Errorf("%s is there", code)
		}
	}
	if err := erasure.Erase(t.Context(), p, "P-AAAA", casework.OnRequest); !errors.Is(err, storage.ErrUnknown) {
		t.Errorf("erased twice: %v", err)
	}
	must(t, p.Close())
	must(t, os.Rename(filepath.Join(folder, "copy"), p.path))

	p = openPlace(t, p.path)
	defer func() { must(t, p.Close()) }()
	if p.gone("P-AAAA") {
		t.Fatal("the copy was made too late")
	}
	if again, err := erasure.Heal(t.Context(), p, p.ledger, nil); again != 1 || err != nil {
		t.Errorf("healed: %d, %v", again, err)
	}
	if !p.gone("P-AAAA") || p.gone("P-BBBB") {
		t.Error("not that was erased, and nothing else, is gone")
	}
	err := p.Append(t.Context(), storage.Change{Case: "P-CCCC", Entries: [][]byte{{1}}})
	if !errors.Is(err, storage.ErrConflict) {
		t.Errorf("the code of an erased case is given again: %v", err)
	}
	if rows, err := p.Take(t.Context(), noon, time.Minute, 9); err != nil || len(rows) != 1 || rows[0].Key != "P-BBBB" {
		t.Errorf("what waits: %v, %v", rows, err)
	}
	if again, err := erasure.Heal(t.Context(), p, p.ledger, nil); again != 0 || err != nil {
		t.Errorf("healed twice: %d, %v", again, err)
	}
	if _, err := p.Verify(t.Context(), func(problem storage.Damage) { t.Errorf("verify: %v", problem) }); err != nil {
		t.Error(err)
	}
}

// A journal that does not open any more can be erased all the same.
func TestEraseWhatIsDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	p := openPlace(t, path)
	p.add("P-AAAA")
	must(t, p.Close())
	file, err := bolt.Open(path, bolt.Options{})
	must(t, err)
	must(t, file.Append(t.Context(), storage.Change{Case: "P-AAAA", Base: 1, Entries: [][]byte{[]byte("not sealed")}}))
	must(t, file.Close())

	p = openPlace(t, path)
	defer func() { must(t, p.Close()) }()
	if _, err := p.Load(t.Context(), "P-AAAA"); !errors.Is(err, storage.ErrDamaged) {
		t.Fatalf("it opens: %v", err)
	}
	must(t, erasure.Erase(t.Context(), p, "P-AAAA", casework.OnRequest))
	if !p.gone("P-AAAA") {
		t.Error("it is there")
	}
}

// An erasure that could not be told to the ledger is not begun; one that was told
// and then cut short is made whole at the next opening.
func TestErasureIsToldFirst(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	p := openPlace(t, path)
	p.add("P-AAAA")
	must(t, os.Mkdir(path+".erased", 0o700))
	if err := erasure.Erase(t.Context(), p, "P-AAAA", casework.OnRequest); err == nil || p.gone("P-AAAA") {
		t.Errorf("erased without being told: %v", err)
	}
	must(t, os.Remove(path+".erased"))
	must(t, p.ledger.Record("P-AAAA", casework.OnRequest))
	must(t, p.Close())
	p = openPlace(t, path)
	defer func() { must(t, p.Close()) }()
	if again, err := erasure.Heal(t.Context(), p, p.ledger, nil); again != 1 || err != nil || !p.gone("P-AAAA") {
		t.Errorf("healed: %d, %v", again, err)
	}
}

// What was sealed is gone from the file, the key it was sealed under with it.
func TestErasureLeavesNothingSealed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	p := openPlace(t, path)
	p.add("P-AAAA")
	p.add("P-BBBB")
	must(t, p.Close())
	sealed := map[casework.Code][][]byte{}
	file, err := bolt.Open(path, bolt.Options{})
	must(t, err)
	for _, code := range []casework.Code{"P-AAAA", "P-BBBB"} {
		journal, err := file.Load(t.Context(), code)
		must(t, err)
		sealed[code] = append(journal.Entries, journal.Header)
	}
	must(t, file.Close())

	p = openPlace(t, path)
	defer func() { must(t, p.Close()) }()
	must(t, erasure.Erase(t.Context(), p, "P-AAAA", casework.OnRequest))
	text, err := os.ReadFile(path)
	must(t, err)
	for code, parts := range sealed {
		for i, part := range parts {
			if there := bytes.Contains(text, part); there != (code == "P-BBBB") {
				t.Errorf("%s, part %d: there is %v", code, i, there)
			}
		}
	}
}

// told is an entry as a case keeps it.
func told(t *testing.T, seq uint64, at time.Time, fact casework.Fact) []byte {
	t.Helper()
	raw, err := casework.Encode(casework.Entry{Seq: seq, At: at, Fact: fact})
	must(t, err)
	return raw
}

// A decision that narrowed a case is missed by a copy that was made before it, or
// that took another way since, until sharing is suspended there.
func TestANarrowingOutlivesTheStore(t *testing.T) {
	folder := t.TempDir()
	p := openPlace(t, filepath.Join(folder, "x.db"))
	later := func(minutes int) time.Time { return noon.Add(time.Duration(minutes)*time.Minute + 5) }
	write := func(base uint64, narrows bool, at time.Time, fact casework.Fact) {
		t.Helper()
		change := storage.Change{Case: "P-AAAA", Base: base, Entries: [][]byte{told(t, base+1, at, fact)}}
		if narrows {
			change.Narrows = at
		}
		must(t, p.Append(t.Context(), change))
	}
	widened := func(want bool) {
		t.Helper()
		journal, err := p.Load(t.Context(), "P-AAAA")
		must(t, err)
		c, err := casework.Read("P-AAAA", journal.Entries)
		must(t, err)
		is, err := p.ledger.Widened()
		must(t, err)
		if got := is(c); got != want {
			t.Errorf("after %d entries: %v", c.Seq, got)
		}
	}
	write(0, false, later(0), casework.Opened{})
	widened(false)
	p = p.copyTo(filepath.Join(folder, "copy"))
	write(1, true, later(1), casework.ConsentWithdrawn{})
	widened(false)
	if lines, err := p.ledger.Lines(); err != nil || !reflect.DeepEqual(lines, []erasure.Line{{Code: "P-AAAA", At: later(1), Entry: 2}}) {
		t.Errorf("lines: %v, %v", lines, err)
	}

	must(t, p.Close())
	must(t, os.Rename(filepath.Join(folder, "copy"), p.path))
	p = openPlace(t, p.path)
	defer func() { must(t, p.Close()) }()
	if again, err := erasure.Heal(t.Context(), p, p.ledger, nil); again != 0 || err != nil {
		t.Fatalf("what was narrowed is erased: %d, %v", again, err)
	}
	widened(true)
	write(1, false, later(2), casework.AimStated{Aim: "x"})
	widened(true)
	write(2, false, later(3), casework.SharingSuspended{})
	widened(false)
}

// A decision that could not be told to the ledger is not written.
func TestANarrowingIsToldFirst(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	p := openPlace(t, path)
	defer func() { must(t, p.Close()) }()
	p.add("P-AAAA")
	must(t, os.Mkdir(path+".erased", 0o700))
	change := storage.Change{Case: "P-AAAA", Base: 1, Entries: [][]byte{[]byte("less")}, Narrows: noon}
	if err := p.Append(t.Context(), change); err == nil {
		t.Error("written without being told")
	}
	if length, err := p.Length(t.Context(), "P-AAAA"); length != 1 || err != nil {
		t.Errorf("%d entries, %v", length, err)
	}
	must(t, os.Remove(path+".erased"))
	must(t, p.Append(t.Context(), change))
}
