package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Variable is the name of the environment variable that may hold the keysets
// in the stead of a file.
const Variable = "PARCOURS_KEYSET"

const (
	secretSize             = 32
	ownerOnly  fs.FileMode = 0o600
)

// Keys are what opens a store: a Tink keyset that wraps the keys of journals,
// and another from which every lasting secret is derived. The first may be
// rotated; the second stays as long as the store.
type Keys struct {
	master tink.AEAD
	prf    *prf.Set
}

// keyFile is the form of both the file and the environment variable.
type keyFile struct {
	AEAD json.RawMessage `json:"aead"`
	PRF  json.RawMessage `json:"prf"`
}

// LoadKeys reads the keysets from the environment variable PARCOURS_KEYSET if
// it is set, else from the file at path, which it creates when it is missing,
// readable by its owner alone. Errors, each in a sentence that says what to do:
// a file that others can read, keysets that are not, or that of the file system.
func LoadKeys(path string, getenv func(string) string) (*Keys, error) {
	if text := getenv(Variable); text != "" {
		keys, err := parseKeys([]byte(text))
		if err != nil {
			return nil, fmt.Errorf("read the keyset in %s: %w", Variable, err)
		}
		return keys, nil
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return createKeys(path)
	case err != nil:
		return nil, fmt.Errorf("read the keyset: %w", err)
	case info.Mode().Perm()&0o077 != 0:
		return nil, fmt.Errorf("the keyset %s can be read by other users; run: chmod 600 %s", path, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the keyset: %w", err)
	}
	keys, err := parseKeys(text)
	if err != nil {
		return nil, fmt.Errorf("read the keyset %s: %w", path, err)
	}
	return keys, nil
}

// Secret gives 32 bytes that are always the same for a label and say nothing of
// those of another, for signing tokens. It survives a rotation of the master key.
func (k *Keys) Secret(label string) []byte { return k.derive("secret", label) }

// String keeps the keys out of logs.
func (k *Keys) String() string { return "vault keys" }

func (k *Keys) derive(purpose, label string) []byte {
	secret, err := k.prf.ComputePrimaryPRF(bind(purpose, label), secretSize)
	if err != nil {
		// Only a length beyond what the function gives can fail, and ours is fixed.
		panic(fmt.Errorf("derive a secret: %w", err))
	}
	return secret
}

func parseKeys(text []byte) (*Keys, error) {
	var file keyFile
	if err := json.Unmarshal(text, &file); err != nil {
		// Not wrapped, since it may quote what it read.
		return nil, errors.New("it is not a JSON object with the keysets aead and prf")
	}
	master, err := parseKeyset(file.AEAD, aead.New)
	if err != nil {
		return nil, errors.New("its keyset aead is missing or is not one")
	}
	secrets, err := parseKeyset(file.PRF, prf.NewPRFSet)
	if err != nil {
		return nil, errors.New("its keyset prf is missing or is not one")
	}
	keys := &Keys{master: master, prf: secrets}
	if _, err := secrets.ComputePrimaryPRF(nil, secretSize); err != nil {
		return nil, errors.New("its keyset prf does not give secrets of 32 bytes")
	}
	return keys, nil
}

func parseKeyset[P any](text []byte, primitive func(*keyset.Handle) (P, error)) (p P, err error) {
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(text)))
	if err != nil {
		return p, err
	}
	return primitive(handle)
}

// createKeys draws new keysets and puts them at path. The temporary name is
// taken exclusively and let go by the renaming, so that of two programs that
// start together one draws and the other reads.
func createKeys(path string) (*Keys, error) {
	text, err := newKeys()
	if err != nil {
		return nil, fmt.Errorf("draw a keyset: %w", err)
	}
	draft := path + ".new"
	file, err := os.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_EXCL, ownerOnly)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("create the keyset: another start is doing it, or was interrupted; if none is running, delete %s and start again", draft)
	}
	if err != nil {
		return nil, fmt.Errorf("create the keyset: %w", err)
	}
	_, err = file.Write(text)
	err = errors.Join(err, file.Sync(), file.Close())
	if _, found := os.Lstat(path); err == nil && found == nil {
		err = os.Remove(draft)
	} else if err == nil {
		err = os.Rename(draft, path)
	}
	if err == nil {
		err = syncFolder(path)
	}
	if err != nil {
		return nil, fmt.Errorf("create the keyset: %w", errors.Join(err, removeDraft(draft)))
	}
	return LoadKeys(path, func(string) string { return "" })
}

func newKeys() ([]byte, error) {
	master, err := drawKeyset(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, err
	}
	secrets, err := drawKeyset(prf.HKDFSHA256PRFKeyTemplate())
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(keyFile{AEAD: master, PRF: secrets}, "", "  ")
}

func drawKeyset(template *tinkpb.KeyTemplate) ([]byte, error) {
	handle, err := keyset.NewHandle(template)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&text))
	return text.Bytes(), err
}

func removeDraft(draft string) error {
	if err := os.Remove(draft); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// syncFolder makes the name of a new file as lasting as its content.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
