//go:build unix

package storagetest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"parcours/casework"
	"parcours/storage"
)

// A Crashing opens the store kept at path and tells step the points that each
// write passes, by the names in Steps.
type Crashing func(path string, step func(point string)) (storage.Store, error)

// Steps are the points of one write at which RunCrash kills the process.
var Steps = []string{"begin", "checked", "entries", "indexes", "rows", "commit", "committed"}

// ChildPath is the variable that is set in a process which is to be killed: the
// store that it writes to.
const ChildPath = "STORAGETEST_CHILD"

// What else a child process is told by its environment.
const (
	childStep = "STORAGETEST_STEP" // the point at which to die, "full" for a full disk
)

const crashWriters = 4

// Main runs the tests of a package that calls RunCrash or RunFull, or, in the
// process that those start, writes to the store until it is killed. It gives
// the exit status.
func Main(m *testing.M, open Crashing) int {
	path, ok := os.LookupEnv(ChildPath)
	if !ok {
		return m.Run()
	}
	if err := child(path, os.Getenv(childStep), open); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// RunCrash kills a writing process at every step of a write and at random
// moments, and checks each time that what was acknowledged is there and whole,
// and that nothing is there by half. sound checks what else the store promises.
func RunCrash(t *testing.T, open Crashing, sound func(*testing.T, storage.Store)) {
	path := filepath.Join(t.TempDir(), "store")
	var acked [crashWriters]int
	killed := func(name, step string, enough int) {
		t.Run(name, func(t *testing.T) {
			for writer, number := range crash(t, path, step, enough) {
				acked[writer] = max(acked[writer], number)
			}
			afterCrash(t, path, acked, open, sound)
		})
	}
	for _, step := range Steps {
		for _, nth := range []int{1, 10} {
			killed(fmt.Sprintf("killed at %s %d", step, nth), fmt.Sprintf("%s %d", step, nth), -1)
		}
	}
	for i := range 10 {
		killed(fmt.Sprintf("killed at random %d", i), "none 0", rand.IntN(60))
	}
}

// RunFull makes a writing process run out of room, and checks that the write
// fails with an error, that what was there before stays, and that writing goes
// on once there is room again.
func RunFull(t *testing.T, open Crashing, sound func(*testing.T, storage.Store)) {
	path := filepath.Join(t.TempDir(), "store")
	command, out := startChild(t, path, "full 0")
	acked := readAcks(out, -1, command)
	if err := command.Wait(); err != nil {
		t.Fatalf("the process that ran out of room: %v", err)
	}
	if acked[0] < 2 {
		t.Fatalf("%d writes were acknowledged", acked[0])
	}
	afterCrash(t, path, acked, open, sound)
}

// crash starts a process, kills it once it has acknowledged enough writes unless
// it does so itself, and gives how many each writer had acknowledged.
func crash(t *testing.T, path, step string, enough int) (acked [crashWriters]int) {
	t.Helper()
	command, out := startChild(t, path, step)
	acked = readAcks(out, enough, command)
	err := command.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the process ended otherwise than killed: %v", err)
	}
	return acked
}

func startChild(t *testing.T, path, step string) (*exec.Cmd, io.Reader) {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), ChildPath+"="+path, childStep+"="+step)
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	return command, out
}

// readAcks counts the writes acknowledged by each writer, to the last that the
// process said, and kills it when enough were, unless enough is negative.
func readAcks(out io.Reader, enough int, command *exec.Cmd) (acked [crashWriters]int) {
	lines := bufio.NewScanner(out)
	for all := 0; lines.Scan(); all++ {
		var writer, number int
		if _, err := fmt.Sscan(lines.Text(), &writer, &number); err == nil {
			acked[writer] = number
		}
		if all == enough {
			// It may have ended by itself, which Wait will tell.
			_ = command.Process.Kill()
		}
	}
	return acked
}

// child writes with several goroutines and says what was acknowledged.
func child(path, step string, open Crashing) error {
	var point string
	var nth int32
	if _, err := fmt.Sscan(step, &point, &nth); err != nil {
		return err
	}
	var passed atomic.Int32
	store, err := open(path, func(at string) {
		if at == point && passed.Add(1) == nth {
			_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
			select {}
		}
	})
	if err != nil {
		return err
	}
	if point == "full" {
		return errors.Join(fillUp(store, path), store.Close())
	}
	var all sync.WaitGroup
	failed := make(chan error, crashWriters)
	for writer := range crashWriters {
		all.Go(func() { failed <- writeOn(store, writer, 1<<20) })
	}
	all.Wait()
	return <-failed
}

// writeOn makes writes that each touch everything, in two journals at once.
func writeOn(store storage.Store, writer, count int) error {
	at, err := written(store, writer)
	if err != nil {
		return err
	}
	for number := at + 1; number <= at+count; number++ {
		if err := store.Append(context.Background(), crashChanges(writer, number)...); err != nil {
			return err
		}
		fmt.Println(writer, number)
	}
	return nil
}

func crashCodes(writer int) (first, second casework.Code) {
	return casework.Code(fmt.Sprint("A", writer)), casework.Code(fmt.Sprint("B", writer))
}

func crashChanges(writer, number int) []storage.Change {
	first, second := crashCodes(writer)
	text := fmt.Sprint(writer, "/", number)
	change := storage.Change{
		Case: first, Base: uint64(number - 1), Entries: blobs(text),
		Terms: []storage.Term{member(text)}, Due: crashDue(number),
		Rows: []storage.Row{row(text, first, noon)}, Once: text,
	}
	other := change
	other.Case, other.Once, other.Rows = second, "", nil
	return []storage.Change{change, other}
}

func crashDue(number int) time.Time { return noon.Add(time.Duration(number) * time.Second) }

// written gives how many writes of a writer the store holds.
func written(store storage.Store, writer int) (int, error) {
	first, _ := crashCodes(writer)
	journal, err := store.Load(context.Background(), first)
	if err != nil && !errors.Is(err, storage.ErrUnknown) {
		return 0, err
	}
	return len(journal.Entries), nil
}

// afterCrash checks what a killed process left.
func afterCrash(t *testing.T, path string, acked [crashWriters]int, open Crashing, sound func(*testing.T, storage.Store)) {
	t.Helper()
	store, err := open(path, func(string) {})
	if err != nil {
		t.Fatalf("open after a crash: %v", err)
	}
	defer store.Close()
	s := &subject{T: t, Store: store, ctx: t.Context()}
	want := map[string]bool{}
	for writer, least := range acked {
		count, err := written(store, writer)
		if err != nil || count < least {
			t.Fatalf("writer %d: %d writes, %v; %d were acknowledged", writer, count, err, least)
		}
		s.wholeWriter(writer, count)
		for number := range count {
			want[fmt.Sprint(writer, "/", number+1)] = true
		}
	}
	// A lease that ended lets the next crash find the rows waiting again.
	for _, key := range keysOf(s.take(noon, 0, 1<<20)) {
		if !want[key] {
			t.Errorf("the row %s has no entry", key)
		}
		delete(want, key)
	}
	if len(want) > 0 {
		t.Errorf("%d entries have no row", len(want))
	}
	sound(t, store)
}

// wholeWriter checks that the writes of a writer are all there in every place.
func (s *subject) wholeWriter(writer, count int) {
	s.Helper()
	first, second := crashCodes(writer)
	var entries []string
	for number := range count {
		entries = append(entries, fmt.Sprint(writer, "/", number+1))
	}
	s.holds(first, entries...)
	s.holds(second, entries...)
	s.finds(storage.ByMember, fmt.Sprint(writer, "/", count+1))
	if count == 0 {
		return
	}
	last := entries[count-1]
	s.finds(storage.ByMember, last, first, second)
	s.finds(storage.ByMember, fmt.Sprint(writer, "/", count-1))
	s.refuses(storage.ErrRepeated, storage.Change{Once: last})
	for _, code := range []casework.Code{first, second} {
		early, err := s.Due(s.ctx, crashDue(count).Add(-1), 1<<20)
		if err != nil || slices.Contains(early, code) {
			s.Fatalf("%s is due too early, %v", code, err)
		}
		late, err := s.Due(s.ctx, crashDue(count), 1<<20)
		if err != nil || !slices.Contains(late, code) {
			s.Fatalf("%s is not due, %v", code, err)
		}
	}
}

// fillUp writes until the file may not grow, and once more when it may again.
func fillUp(store storage.Store, path string) error {
	signal.Ignore(syscall.SIGXFSZ)
	if err := writeOn(store, 0, 3); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	full := syscall.Rlimit{Cur: uint64(info.Size()), Max: limit.Max}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &full); err != nil {
		return err
	}
	large := at("L", 0, string(make([]byte, 1<<20)))
	for range 2 {
		if err := store.Append(context.Background(), large); err == nil {
			return errors.New("a write that had no room succeeded")
		}
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	if err := store.Append(context.Background(), large); err != nil {
		return err
	}
	return writeOn(store, 0, 3)
}
