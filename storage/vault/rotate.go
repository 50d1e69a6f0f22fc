package vault

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// A Master tells of a master key without giving it away.
type Master struct {
	Name string
	// Made is when it was drawn; zero if that is not known.
	Made time.Time
	// Current says whether it is the one that wraps; the others only open.
	Current bool
}

// Masters gives the master keys, the current one first.
func (k *Keys) Masters() []Master {
	var all []Master
	for _, info := range k.handle.KeysetInfo().GetKeyInfo() {
		name := keyName(info.GetKeyId())
		one := Master{Name: name, Made: k.file.Made[name], Current: info.GetKeyId() == primaryOf(k.handle)}
		if one.Current {
			all = append([]Master{one}, all...)
		} else {
			all = append(all, one)
		}
	}
	return all
}

// Current is the name of the master key that wraps.
func (k *Keys) Current() string { return keyName(primaryOf(k.handle)) }

// Rotated gives keys with a new master key, drawn now; the others still open.
func (k *Keys) Rotated(now time.Time) (*Keys, error) {
	manager := keyset.NewManagerFromHandle(k.handle)
	id, err := manager.Add(masterTemplate())
	if err == nil {
		err = manager.SetPrimary(id)
	}
	if err != nil {
		return nil, fmt.Errorf("draw a master key: %w", err)
	}
	next, err := k.with(manager)
	if err != nil {
		return nil, err
	}
	next.file.Made[keyName(id)] = now.UTC().Truncate(time.Second)
	return next, nil
}

// Retired gives keys without any master key but the current one. In this process
// they still open what the others wrapped, for who has it in hand.
func (k *Keys) Retired() (*Keys, error) {
	manager := keyset.NewManagerFromHandle(k.handle)
	for _, info := range k.handle.KeysetInfo().GetKeyInfo() {
		if info.GetKeyId() == primaryOf(k.handle) {
			continue
		}
		if err := manager.Delete(info.GetKeyId()); err != nil {
			return nil, fmt.Errorf("retire a master key: %w", err)
		}
	}
	next, err := k.with(manager)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(next.file.Made, func(name string, _ time.Time) bool { return name != k.Current() })
	next.master = k.master
	return next, nil
}

// with gives the keys with the master keys of a manager.
func (k *Keys) with(manager *keyset.Manager) (*Keys, error) {
	next := &Keys{file: k.file, prf: k.prf}
	next.file.Made = map[string]time.Time{}
	maps.Copy(next.file.Made, k.file.Made)
	var err error
	if next.handle, err = manager.Handle(); err != nil {
		return nil, fmt.Errorf("make a keyset: %w", err)
	}
	if next.master, err = aead.New(next.handle); err != nil {
		return nil, fmt.Errorf("make a keyset: %w", err)
	}
	if next.file.AEAD, err = clearText(next.handle); err != nil {
		return nil, errors.New("a keyset cannot be written") // not wrapped, since it may quote it
	}
	return next, nil
}

// Text gives the keysets in clear, as they are to be kept.
func (k *Keys) Text() ([]byte, error) {
	text, err := json.MarshalIndent(k.file, "", "  ")
	if err != nil {
		return nil, errors.New("a keyset cannot be written")
	}
	return append(text, '\n'), nil
}

// wrapped says whether something was wrapped by the current master key.
func (k *Keys) wrapped(sealed []byte) bool { return keyOf(sealed) == k.Current() }

// prefix is what comes before whatever a master key wraps: a byte, and the number
// of the key.
const (
	prefixStart = 1
	prefixSize  = 1 + 4
)

// keyOf gives the name of the master key that wrapped something; empty when that
// cannot be told.
func keyOf(sealed []byte) string {
	if len(sealed) < prefixSize || sealed[0] != prefixStart {
		return ""
	}
	return keyName(binary.BigEndian.Uint32(sealed[1:]))
}

func keyName(id uint32) string { return fmt.Sprintf("%08x", id) }

func primaryOf(handle *keyset.Handle) uint32 { return handle.KeysetInfo().GetPrimaryKeyId() }
