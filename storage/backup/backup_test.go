package backup_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"testing"
	"testing/fstest"
	"time"

	"filippo.io/age"

	"parcours/storage/backup"
)

type source []byte

func (s source) Copy(_ context.Context, begin func(int64) (io.Writer, error)) error {
	to, err := begin(int64(len(s)))
	if err == nil {
		_, err = to.Write(s)
	}
	return err
}

var made = time.Date(2026, 3, 2, 2, 30, 0, 0, time.UTC)

func ledger() ([]byte, error) { return []byte("lines\n"), nil }

// logs are the files of an access log.
var logs = fstest.MapFS{"2026-02.log": {Data: []byte("february\n")}, "2026-03.log": {Data: []byte("march\n")}}

// closing is a writer that need not be closed.
type closing struct{ io.Writer }

func (closing) Close() error { return nil }

func discard(string) (io.WriteCloser, error) { return closing{io.Discard}, nil }

func key(t *testing.T) *age.X25519Identity {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return identity
}

// What was written is read by each of those it is for, and by nobody else.
func TestBackup(t *testing.T) {
	data := bytes.Repeat([]byte("data"), 100_000)
	first, second, third := key(t), key(t), key(t)
	var file bytes.Buffer
	err := backup.Write(t.Context(), &file, []age.Recipient{first.Recipient(), second.Recipient()}, "v1", made, source(data), ledger, logs)
	if err != nil {
		t.Fatal(err)
	}
	for _, identity := range []age.Identity{first, second} {
		var got bytes.Buffer
		kept := map[string]*bytes.Buffer{}
		keep := func(name string) (io.WriteCloser, error) {
			kept[name] = &bytes.Buffer{}
			return closing{kept[name]}, nil
		}
		m, lines, err := backup.Read(bytes.NewReader(file.Bytes()), []age.Identity{third, identity}, &got, keep)
		if err != nil || !bytes.Equal(got.Bytes(), data) || string(lines) != "lines\n" || m.Version != "v1" || !m.Made.Equal(made) || m.Size != int64(len(data)) {
			t.Errorf("read: %v, %v", m, err)
		}
		if len(kept) != 2 || kept["2026-02.log"].String() != "february\n" || kept["2026-03.log"].String() != "march\n" {
			t.Errorf("the access log: %v", kept)
		}
	}
	if _, _, err := backup.Read(bytes.NewReader(file.Bytes()), []age.Identity{third}, io.Discard, discard); !errors.Is(err, backup.ErrWrongKey) {
		t.Errorf("read by another: %v", err)
	}
	if bytes.Contains(file.Bytes(), []byte("datadata")) {
		t.Error("it is in clear")
	}
	for size := 0; size < file.Len(); size += 1 + file.Len()/50 {
		if _, _, err := backup.Read(bytes.NewReader(file.Bytes()[:size]), []age.Identity{first}, io.Discard, discard); !errors.Is(err, backup.ErrDamaged) {
			t.Errorf("cut after %d bytes: %v", size, err)
		}
	}
}

type broken struct{}

var errBroken = errors.New("broken")

func (broken) Write([]byte) (int, error) { return 0, errBroken }

// What stands in the way of writing is not taken for damage.
func TestBackupThatCannotBeWritten(t *testing.T) {
	identity := key(t)
	to := []age.Recipient{identity.Recipient()}
	if err := backup.Write(t.Context(), broken{}, to, "v1", made, source("data"), ledger, logs); !errors.Is(err, errBroken) {
		t.Errorf("write: %v", err)
	}
	var file bytes.Buffer
	if err := backup.Write(t.Context(), &file, to, "v1", made, source("data"), ledger, logs); err != nil {
		t.Fatal(err)
	}
	_, _, err := backup.Read(&file, []age.Identity{identity}, broken{}, discard)
	if !errors.Is(err, errBroken) || errors.Is(err, backup.ErrDamaged) {
		t.Errorf("read: %v", err)
	}
	err = backup.Write(t.Context(), io.Discard, to, "v1", made, source("data"), func() ([]byte, error) { return nil, errBroken }, logs)
	if !errors.Is(err, errBroken) {
		t.Errorf("a ledger that cannot be read: %v", err)
	}
	if err := backup.Write(t.Context(), &file, to, "v1", made, source("data"), ledger, logs); err != nil {
		t.Fatal(err)
	}
	_, _, err = backup.Read(&file, []age.Identity{identity}, io.Discard, func(string) (io.WriteCloser, error) { return nil, errBroken })
	if !errors.Is(err, errBroken) || errors.Is(err, backup.ErrDamaged) {
		t.Errorf("read the access log: %v", err)
	}
	if err := backup.Write(t.Context(), io.Discard, to, "v1", made, source("data"), ledger, os.DirFS(t.TempDir()+"/none")); err != nil {
		t.Errorf("without an access log: %v", err)
	}
}
