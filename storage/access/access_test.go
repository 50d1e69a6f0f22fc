package access

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parcours/casework"
	"parcours/storage"
	"parcours/storage/bolt"
	"parcours/storage/vault"
)

// A desk is a log with its store, and the clock of both.
type desk struct {
	*testing.T
	*Log
	store  storage.Store
	folder string
	secret []byte
	now    time.Time
	said   bytes.Buffer
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	path := filepath.Join(t.TempDir(), "parcours.db")
	file, err := bolt.Open(path, bolt.Options{NoSync: true})
	must(t, err)
	keys, err := vault.LoadKeys(path+".keys", func(string) string { return "" })
	must(t, err)
	d := &desk{T: t, folder: Folder(path), secret: keys.Secret("access"), now: time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)}
	d.store, err = vault.Open(file, keys)
	must(t, err)
	t.Cleanup(func() { d.store.Close() })
	d.open()
	return d
}

func (d *desk) open() {
	d.Helper()
	log, err := Open(context.Background(), Options{
		Folder: d.folder, Secret: d.secret, Store: d.store, Now: func() time.Time { return d.now },
		Log: slog.New(slog.NewTextHandler(&d.said, nil)),
	})
	must(d.T, err)
	d.Log = log
}

func (d *desk) close() {
	d.Helper()
	must(d.T, d.Close(context.Background()))
}

// looks records that n people looked, a minute after the other.
func (d *desk) looks(n int) {
	d.Helper()
	for i := range n {
		must(d.T, d.Record(Record{At: d.now, Case: "P-7K3F", User: casework.UserID(fmt.Sprint("u", i)), Way: Answer, What: "status", Surface: "test"}))
		d.now = d.now.Add(time.Minute)
	}
}

// found gives what Verify says.
func (d *desk) found() (Summary, []Problem) {
	d.Helper()
	marks, err := LoadMarks(context.Background(), d.store)
	must(d.T, err)
	var all []Problem
	summary, err := d.Verify(marks, func(p Problem) { all = append(all, p) })
	must(d.T, err)
	if summary.Problems != len(all) {
		d.Errorf("%d problems are counted, of %v", summary.Problems, all)
	}
	return summary, all
}

// sound checks that nothing is wrong with a log of n records.
func (d *desk) sound(n int) {
	d.Helper()
	if summary, problems := d.found(); len(problems) > 0 || summary.Records != n || summary.Torn {
		d.Errorf("%+v, %v", summary, problems)
	}
}

func (d *desk) read() []Record {
	d.Helper()
	var all []Record
	must(d.T, d.Read(time.Time{}, d.now.AddDate(1, 0, 0), func(r Record) error {
		all = append(all, r)
		return nil
	}))
	return all
}

func (d *desk) files() []string {
	d.Helper()
	names, err := d.months()
	must(d.T, err)
	return names
}

func (d *desk) text(name string) []byte {
	d.Helper()
	text, err := os.ReadFile(filepath.Join(d.folder, name))
	must(d.T, err)
	return text
}

func (d *desk) put(name string, text []byte) {
	d.Helper()
	must(d.T, os.WriteFile(filepath.Join(d.folder, name), text, 0o600))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsRecordedIsRead(t *testing.T) {
	d := newDesk(t)
	want := []Record{
		{At: d.now, Case: "P-7K3F", User: "u1", Way: Answer, What: "status", Surface: "mattermost"},
		{At: d.now, Case: "P-7K3F", Readers: 3, Way: Post, What: "action", Surface: "mattermost"},
		{At: d.now.AddDate(0, 1, 0), Case: "P-9ACD", User: "u2", Way: Override, What: "consult", Surface: "sandbox", Reason: "une plainte"},
	}
	must(t, d.Record(want[:2]...))
	d.now = want[2].At
	must(t, d.Record(want[2]))
	must(t, d.Record())
	if got := d.read(); !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
	if got := d.files(); !slices.Equal(got, []string{"2026-03.log", "2026-04.log"}) {
		t.Errorf("files %v", got)
	}
	for _, name := range d.files() {
		for _, told := range []string{"P-7K3F", "mattermost", "plainte"} {
			if bytes.Contains(d.text(name), []byte(told)) {
				t.Errorf("%s tells %s", name, told)
			}
		}
	}
	d.close()
	d.open()
	d.looks(2)
	d.close()
	d.sound(5)

	var some []Record
	must(t, d.Read(want[2].At, want[2].At.Add(time.Second), func(r Record) error {
		some = append(some, r)
		return nil
	}))
	if len(some) != 2 {
		t.Errorf("of one moment: %+v", some)
	}
	enough := errors.New("enough")
	if err := d.Read(time.Time{}, d.now, func(Record) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("got %v", err)
	}
}

// TestWhateverIsDoneToItIsFound alters each letter of a small log, takes away each
// line, each file and each end of it, and puts each line in the place of another.
func TestWhateverIsDoneToItIsFound(t *testing.T) {
	d := newDesk(t)
	d.looks(3)
	d.now = d.now.AddDate(0, 1, 0)
	d.looks(3)
	d.close()
	d.sound(6)
	marks, err := LoadMarks(t.Context(), d.store)
	must(t, err)
	found := func(what string) {
		t.Helper()
		summary, err := d.Verify(marks, func(Problem) {})
		if must(t, err); summary.Problems == 0 {
			t.Errorf("%s: nothing is found", what)
		}
	}
	for _, name := range d.files() {
		text := d.text(name)
		for i := range text {
			altered := bytes.Clone(text)
			altered[i] ^= 1 << (i % 8)
			d.put(name, altered)
			found(fmt.Sprintf("%s, letter %d", name, i))
		}
		lines := bytes.SplitAfter(text, []byte("\n"))[:3]
		for i := range lines {
			d.put(name, bytes.Join(slices.Delete(slices.Clone(lines), i, i+1), nil))
			found(fmt.Sprintf("%s without line %d", name, i+1))
			d.put(name, bytes.Join(lines[:i], nil))
			found(fmt.Sprintf("%s from line %d cut off", name, i+1))
			for j := range lines {
				swapped := slices.Clone(lines)
				if swapped[i], swapped[j] = lines[j], lines[i]; i != j {
					d.put(name, bytes.Join(swapped, nil))
					found(fmt.Sprintf("%s, lines %d and %d exchanged", name, i+1, j+1))
				}
				d.put(name, bytes.Join(slices.Insert(slices.Clone(lines), i, lines[j]), nil))
				found(fmt.Sprintf("%s, line %d once more at %d", name, j+1, i+1))
			}
		}
		must(t, os.Remove(filepath.Join(d.folder, name)))
		found(name + " removed")
		d.put(name, text)
	}
	must(t, os.RemoveAll(d.folder))
	found("all of it removed")
}

// Another log under the same keys is not taken for this one.
func TestAnotherLogIsFound(t *testing.T) {
	d := newDesk(t)
	d.looks(3)
	d.close()
	name := d.files()[0]
	must(t, os.Remove(filepath.Join(d.folder, name)))
	other := newDesk(t)
	other.secret = d.secret
	other.folder = d.folder
	other.open()
	other.looks(3)
	other.close()
	if _, problems := d.found(); len(problems) != 1 {
		t.Errorf("%v", problems)
	}
}

// A power cut leaves a part of the last line, or nothing of the last lines that
// were not on the disk yet: neither is a problem, and the log goes on.
func TestATornLastLine(t *testing.T) {
	d := newDesk(t)
	d.looks(3)
	d.close()
	d.open()
	d.looks(1)
	name := d.files()[0]
	whole := d.text(name)
	kept := bytes.LastIndexByte(whole[:len(whole)-1], '\n') + 1
	for size := kept; size < len(whole); size++ {
		d.put(name, whole[:size])
		summary, problems := d.found()
		if len(problems) > 0 || summary.Records != 3 || summary.Torn != (size > kept) {
			t.Fatalf("cut at %d of %d: %+v %v", size, len(whole), summary, problems)
		}
		if got := d.read(); len(got) != 3 {
			t.Fatalf("cut at %d: %d records are read", size, len(got))
		}
	}
	d.open()
	d.looks(2)
	d.close()
	d.sound(5)
	if !strings.Contains(d.said.String(), "power cut") {
		t.Errorf("it is not said: %s", d.said.String())
	}
}

// What is taken from the end while the program is stopped is found, and still
// found after the program has written more, and made marks.
func TestATailThatWasTakenAwayStaysFound(t *testing.T) {
	for _, left := range []int{0, 1, 3} {
		d := newDesk(t)
		d.looks(4)
		d.close()
		name := d.files()[0]
		lines := bytes.SplitAfter(d.text(name), []byte("\n"))
		d.put(name, bytes.Join(lines[:left], nil))
		d.open()
		d.looks(5)
		d.close()
		_, problems := d.found()
		if want := fmt.Sprintf("records %d to 4 are missing", left+1); len(problems) != 1 || problems[0].What != want {
			t.Errorf("%v, want %s", problems, want)
		}
		if !strings.Contains(d.said.String(), "missing") {
			t.Errorf("it is not said: %s", d.said.String())
		}
	}
}

func TestMarksAreMadeAsTheLogGrows(t *testing.T) {
	d := newDesk(t)
	d.looks(markEvery - 1)
	d.settle()
	if marks, err := LoadMarks(t.Context(), d.store); err != nil || marks.Head.Number != 0 {
		t.Errorf("%+v, %v", marks, err)
	}
	d.looks(1)
	d.settle()
	marks, err := LoadMarks(t.Context(), d.store)
	if err != nil || marks.Head.Number != markEvery {
		t.Errorf("%+v, %v", marks, err)
	}
	d.close()
}

// Months are let go twelve months after they ended, and the rest still stands.
func TestMonthsAreLetGo(t *testing.T) {
	d := newDesk(t)
	for range 16 {
		d.looks(2)
		d.now = d.now.AddDate(0, 0, 30)
	}
	d.now = time.Date(2027, 6, 30, 12, 0, 0, 0, time.UTC)
	all := d.files()
	first := d.text(all[0])
	must(t, d.Prune(t.Context()))
	if left := d.files(); left[0] != "2026-06.log" || len(left) >= len(all) {
		t.Errorf("left: %v of %v", left, all)
	}
	n := len(d.read())
	d.close()
	d.sound(n)

	// A file that outlived a power cut is no problem.
	d.put(all[0], first)
	d.sound(n)
	must(t, os.Remove(filepath.Join(d.folder, all[0])))

	// What is taken from the new beginning is found.
	text := d.text("2026-06.log")
	must(t, os.Remove(filepath.Join(d.folder, "2026-06.log")))
	if _, problems := d.found(); len(problems) != 1 {
		t.Errorf("%v", problems)
	}
	d.put("2026-06.log", text)

	// After years without anything, the last month stays, and the chain goes on.
	d.open()
	d.now = d.now.AddDate(5, 0, 0)
	must(t, d.Prune(t.Context()))
	if left := d.files(); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
	d.looks(1)
	must(t, d.Prune(t.Context()))
	d.close()
	d.sound(1)
	d.open()
	d.looks(1)
	d.close()
	d.sound(2)
}

// A clock that is put back over the end of a month does not put the files out of
// order.
func TestAClockPutBack(t *testing.T) {
	d := newDesk(t)
	d.looks(1)
	d.now = d.now.AddDate(0, 1, 0)
	d.looks(1)
	d.now = d.now.AddDate(0, -2, 0)
	d.looks(1)
	d.close()
	d.open()
	d.looks(1)
	d.close()
	d.sound(4)
	if len(d.files()) != 2 {
		t.Errorf("%v", d.files())
	}
}

// failing is a file on a disk that has no room left.
type failing struct {
	file
	write, sync error
}

func (f *failing) Write(p []byte) (int, error) {
	if f.write == nil {
		return f.file.Write(p)
	}
	n, _ := f.file.Write(p[:len(p)/2])
	return n, f.write
}

func (f *failing) Sync() error { return errors.Join(f.sync, f.file.Sync()) }

func TestADiskThatIsFull(t *testing.T) {
	d := newDesk(t)
	d.looks(2)
	full := errors.New("no space left on device")
	disk := &failing{file: d.file, write: full}
	d.file = disk
	if err := d.Record(Record{At: d.now, Way: Answer}); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	disk.write, disk.sync = nil, full
	for _, way := range []Way{Files, Override, Export, Audit} {
		if err := d.Record(Record{At: d.now, Way: way}); !errors.Is(err, full) {
			t.Errorf("%s: got %v", way, err)
		}
	}
	if err := d.Mark(t.Context()); !errors.Is(err, full) {
		t.Errorf("a mark is made of what is not on the disk: %v", err)
	}
	d.settle() // the disk is asked again later
	disk.sync = nil
	d.looks(1)
	d.close()
	d.sound(7)
}

func TestSeveralRecordAtOnce(t *testing.T) {
	d := newDesk(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				if err := d.Record(Record{At: d.now, Way: Answer}); err != nil {
					t.Error(err)
				}
			}
			d.settle()
		})
	}
	all.Wait()
	must(t, d.Prune(t.Context()))
	d.close()
	d.sound(400)
}

func TestProblemsAreSaid(t *testing.T) {
	for want, p := range map[string]Problem{
		"access log: x":                      {What: "x"},
		"access log, 2026-03.log, line 2: x": {File: "2026-03.log", Line: 2, What: "x"},
	} {
		if got := p.String(); got != want {
			t.Errorf("got %q", got)
		}
	}
}

func BenchmarkRecord(b *testing.B) {
	book, err := NewBook(b.TempDir(), make([]byte, 32))
	must(b, err)
	l := &Log{Book: book, now: time.Now, log: slog.New(slog.DiscardHandler)}
	l.timer = time.NewTimer(time.Hour) // the disk is not what is measured
	r := Record{At: time.Now(), Case: "P-7K3F", User: "u1", Way: Answer, What: "status", Surface: "mattermost"}
	for b.Loop() {
		must(b, l.Record(r))
	}
}
