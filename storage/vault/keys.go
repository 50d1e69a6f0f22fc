package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/tink"
)

const (
	secretSize             = 32
	ownerOnly  fs.FileMode = 0o600
)

// Keys are what opens a store: a Tink keyset that wraps the keys of journals,
// the master keys, and another from which every lasting secret is derived. The
// first may be rotated; the second stays as long as the store. Keys do not change:
// a rotation makes others.
type Keys struct {
	file   keyFile
	handle *keyset.Handle
	master tink.AEAD
	prf    *prf.Set
}

// keyFile is the form in which the keysets are kept. Made tells when a master key
// was drawn, by its name; none of those drawn before this was noted.
type keyFile struct {
	AEAD json.RawMessage      `json:"aead"`
	PRF  json.RawMessage      `json:"prf"`
	Made map[string]time.Time `json:"made,omitempty"`
}

// LoadKeys reads the keysets from where PlaceOf says, and draws them if that is a
// file which is missing, readable by its owner alone. Errors, each in a sentence
// that says what to do: a file that others can read, keysets that are not, or that
// of the file system.
func LoadKeys(path string, getenv func(string) string) (*Keys, error) {
	place := PlaceOf(path, getenv)
	text, err := place.read(getenv)
	if place.Kind == InFile && errors.Is(err, fs.ErrNotExist) {
		return createKeys(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the keyset: %w", err)
	}
	keys, err := ParseKeys(text)
	if err != nil {
		return nil, fmt.Errorf("read the keyset %s: %w", place.Name, err)
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

// checked is what only the right pair of keysets finds in the check of a seal.
func (k *Keys) checked() []byte { return k.derive("vault", "check") }

// ParseKeys reads keysets as they are kept. Its error quotes nothing of them.
func ParseKeys(text []byte) (*Keys, error) {
	var file keyFile
	if err := json.Unmarshal(text, &file); err != nil {
		// Not wrapped, since it may quote what it read.
		return nil, errors.New("it is not a JSON object with the keysets aead and prf")
	}
	handle, master, err := parseKeyset(file.AEAD, aead.New)
	if err != nil {
		return nil, errors.New("its keyset aead is missing or is not one")
	}
	_, secrets, err := parseKeyset(file.PRF, prf.NewPRFSet)
	if err != nil {
		return nil, errors.New("its keyset prf is missing or is not one")
	}
	keys := &Keys{file: file, handle: handle, master: master, prf: secrets}
	if _, err := secrets.ComputePrimaryPRF(nil, secretSize); err != nil {
		return nil, errors.New("its keyset prf does not give secrets of 32 bytes")
	}
	return keys, nil
}

func parseKeyset[P any](text []byte, primitive func(*keyset.Handle) (P, error)) (handle *keyset.Handle, p P, err error) {
	handle, err = insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(text)))
	if err == nil {
		p, err = primitive(handle)
	}
	return handle, p, err
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
	master, err := keyset.NewHandle(masterTemplate())
	if err != nil {
		return nil, err
	}
	secrets, err := keyset.NewHandle(prf.HKDFSHA256PRFKeyTemplate())
	if err != nil {
		return nil, err
	}
	file := keyFile{Made: map[string]time.Time{keyName(primaryOf(master)): time.Now().UTC().Truncate(time.Second)}}
	if file.AEAD, err = clearText(master); err != nil {
		return nil, err
	}
	if file.PRF, err = clearText(secrets); err != nil {
		return nil, err
	}
	return json.MarshalIndent(file, "", "  ")
}

// masterTemplate says what a master key is. What it wraps begins with its number.
var masterTemplate = aead.AES256GCMKeyTemplate

func clearText(handle *keyset.Handle) ([]byte, error) {
	var text bytes.Buffer
	err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&text))
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
