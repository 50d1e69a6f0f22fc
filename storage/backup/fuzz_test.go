package backup_test

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"filippo.io/age"

	"parcours/storage/backup"
)

// FuzzBackup reads any bytes as a backup, and any as what one holds, since whoever
// knows a public key can make one: it is said what it is not, or it reads the same once
// it is written again. Nothing goes where it does not belong, and no more than came.
func FuzzBackup(f *testing.F) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		f.Fatal(err)
	}
	var sound bytes.Buffer
	if err := backup.Write(f.Context(), &sound, []age.Recipient{identity.Recipient()}, "v1", made, source("data"), ledger, logs); err != nil {
		f.Fatal(err)
	}
	opened, err := age.Decrypt(bytes.NewReader(sound.Bytes()), identity)
	if err != nil {
		f.Fatal(err)
	}
	held, err := io.ReadAll(opened)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sound.Bytes(), held)
	f.Add(sound.Bytes()[:sound.Len()/2], held[:len(held)/2])
	f.Add([]byte("age-encryption.org/v1\n"), bytes.Replace(held, []byte("2026-02.log"), []byte("../../x.log"), 1))
	f.Add([]byte(nil), bytes.Replace(held, []byte(`"format":2`), []byte(`"format":9`), 1))
	f.Add([]byte(nil), hollow("parcours.db", 8<<30-1))
	f.Fuzz(func(t *testing.T, raw, inside []byte) {
		unpack(t, func(data io.Writer, accesses opener) (backup.Manifest, []byte, error) {
			return backup.Read(bytes.NewReader(raw), []age.Identity{identity}, data, accesses)
		})
		first, ok := unpack(t, func(data io.Writer, accesses opener) (backup.Manifest, []byte, error) {
			return backup.Unpack(bytes.NewReader(inside), data, accesses)
		})
		if !ok {
			return
		}
		var again bytes.Buffer
		err := backup.Write(t.Context(), &again, []age.Recipient{identity.Recipient()}, first.manifest.Version, first.manifest.Made,
			source(first.data.String()), func() ([]byte, error) { return first.ledger, nil }, first.logs)
		if err != nil {
			t.Fatal(err)
		}
		back, ok := unpack(t, func(data io.Writer, accesses opener) (backup.Manifest, []byte, error) {
			return backup.Read(&again, []age.Identity{identity}, data, accesses)
		})
		sameLogs := maps.EqualFunc(back.logs, first.logs, func(a, b *fstest.MapFile) bool { return bytes.Equal(a.Data, b.Data) })
		if !ok || back.data.String() != first.data.String() || !bytes.Equal(back.ledger, first.ledger) || !sameLogs {
			t.Error("written again it reads as another")
		}
	})
}

// An opener gives a file of a name.
type opener = func(name string) (io.WriteCloser, error)

// An unpacked backup.
type unpacked struct {
	manifest backup.Manifest
	data     few
	ledger   []byte
	logs     fstest.MapFS
}

// unpack reads a backup, and says whether it is one.
func unpack(t *testing.T, read func(io.Writer, opener) (backup.Manifest, []byte, error)) (unpacked, bool) {
	t.Helper()
	u := unpacked{logs: fstest.MapFS{}}
	var err error
	files := map[string]*few{}
	u.manifest, u.ledger, err = read(&u.data, func(name string) (io.WriteCloser, error) {
		if strings.ContainsAny(name, "/") || name == "." || name == ".." || name == "" {
			t.Errorf("a file is to be called %q", name)
		}
		files[name] = &few{}
		return closing{files[name]}, nil
	})
	for name, file := range files {
		u.logs[name] = &fstest.MapFile{Data: file.Bytes()}
	}
	if err != nil && !errors.Is(err, backup.ErrDamaged) && !errors.Is(err, backup.ErrWrongKey) && !errors.Is(err, backup.ErrNewer) {
		t.Errorf("said to be %v", err)
	}
	return u, err == nil
}

// few bytes are all that a text of a test holds.
type few struct{ bytes.Buffer }

func (f *few) Write(p []byte) (int, error) {
	if f.Len()+len(p) > 4<<20 {
		return 0, errors.New("more than came")
	}
	return f.Buffer.Write(p)
}

// hollow is an archive of one file with nothing in it, which says that it stands for as
// many bytes.
func hollow(name string, size int64) []byte {
	var out bytes.Buffer
	archive := tar.NewWriter(&out)
	_ = archive.WriteHeader(&tar.Header{Name: name, Mode: 0o600})
	_ = archive.Close()
	block := out.Bytes()[:512]
	block[156] = tar.TypeGNUSparse
	copy(block[257:], "ustar  \x00")
	clear(block[345:512])
	copy(block[386:], octal(size)) // one part,
	copy(block[398:], octal(0))    // of nothing, at the end
	copy(block[483:], octal(size))
	copy(block[148:], "        ")
	sum := 0
	for _, b := range block {
		sum += int(b)
	}
	copy(block[148:], fmt.Sprintf("%06o\x00 ", sum))
	return out.Bytes()
}

func octal(n int64) string { return fmt.Sprintf("%011o\x00", n) }

// A file that says it is larger than what it holds is not written to the disk, which
// it would fill.
func TestAHollowFileIsNoBackup(t *testing.T) {
	identity := key(t)
	text := hollow("parcours.db", 8<<30-1)
	if header, err := tar.NewReader(bytes.NewReader(text)).Next(); err != nil || header.Size != 8<<30-1 {
		t.Fatalf("the file is not hollow: %+v, %v", header, err)
	}
	var sealed bytes.Buffer
	to, err := age.Encrypt(&sealed, identity.Recipient())
	if err == nil {
		_, err = to.Write(text)
	}
	if err := errors.Join(err, to.Close()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := backup.Read(&sealed, []age.Identity{identity}, &few{}, discard); !errors.Is(err, backup.ErrDamaged) {
		t.Errorf("said to be %v", err)
	}
}
