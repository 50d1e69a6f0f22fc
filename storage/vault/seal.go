package vault

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"sync/atomic"

	"parcours/casework"
	"parcours/storage"
)

// A seal makes and checks the value kept beside the journals: how many there
// are, and the exclusive or of a keyed hash of the end of each, which one
// append can bring up to date without reading the others; all of it
// authenticated. It also holds a check that tells a wrong keyset from damage.
type seal struct {
	keys *atomic.Pointer[Keys]
	mac  *authenticator
}

// A total is what the seal says of the journals.
type total struct {
	journals uint64
	sum      [sha256.Size]byte
}

func newSeal(keys *atomic.Pointer[Keys]) *seal {
	return &seal{keys: keys, mac: newAuthenticator(keys.Load().derive("vault", "seal"))}
}

// turn brings the seal up to date, as storage.Keeper asks. Error:
// storage.ErrDamaged when the value kept is not one the vault made: writing on
// would cover it up.
func (s *seal) turn(kept []byte, moved []storage.Moved) ([]byte, error) {
	check, t, err := s.begin(kept)
	if err != nil {
		return nil, err
	}
	for _, m := range moved {
		t.take(m.From, s.end(m.Case, m.From, m.Before))
		t.give(m.To, s.end(m.Case, m.To, m.After))
		if m.HeaderBefore != nil {
			t.mix(s.top(m.Case, m.HeaderBefore))
		}
		if m.HeaderAfter != nil {
			t.mix(s.top(m.Case, m.HeaderAfter))
		}
	}
	return s.close(check, t), nil
}

// begin reads what was kept, and makes the check if there is none of the master
// key yet.
func (s *seal) begin(kept []byte) (check []byte, t total, err error) {
	keys := s.keys.Load()
	if kept != nil {
		if check, t, err = s.read(kept); err != nil || keys.wrapped(check) {
			return check, t, err
		}
	}
	check, err = keys.master.Encrypt(keys.checked(), bind[string](kindCheck))
	return check, t, err
}

// opens says whether the keys are those under which the seal was made. Errors:
// ErrWrongKey, storage.ErrDamaged.
func (k *Keys) opens(kept []byte) error {
	check, _, _, err := split(kept)
	if err != nil {
		return err
	}
	found, err := k.master.Decrypt(check, bind[string](kindCheck))
	if err != nil || subtle.ConstantTimeCompare(found, k.checked()) != 1 {
		return ErrWrongKey
	}
	return nil
}

func (s *seal) close(check []byte, t total) []byte {
	body := appendPart([]byte{version}, check)
	body = binary.BigEndian.AppendUint64(body, t.journals)
	body = append(body, t.sum[:]...)
	return append(body, s.mac.sum(bind[string](kindSeal), body)...)
}

func (s *seal) read(kept []byte) (check []byte, t total, err error) {
	check, t, mac, err := split(kept)
	if err != nil {
		return nil, total{}, err
	}
	if !hmac.Equal(mac, s.mac.sum(bind[string](kindSeal), kept[:len(kept)-len(mac)])) {
		return nil, total{}, errBroken
	}
	return check, t, nil
}

var errBroken = fmt.Errorf("%w: the seal over the whole store is broken", storage.ErrDamaged)

// split takes the value kept apart without trusting it.
func split(kept []byte) (check []byte, t total, mac []byte, err error) {
	const head, tail = 1 + 4, 8 + sha256.Size + sha256.Size
	if len(kept) < head+tail || kept[0] != version {
		return nil, total{}, nil, errBroken
	}
	size, rest := binary.BigEndian.Uint32(kept[1:]), kept[head:]
	if uint64(len(rest)) != uint64(size)+tail {
		return nil, total{}, nil, errBroken
	}
	check, rest = rest[:size], rest[size:]
	t.journals = binary.BigEndian.Uint64(rest)
	copy(t.sum[:], rest[8:])
	return check, t, rest[8+sha256.Size:], nil
}

// end is the share of a journal's last entry in the sum.
func (s *seal) end(code casework.Code, count uint64, last []byte) []byte {
	return s.mac.sum(binary.BigEndian.AppendUint64(bind(kindEnd, code), count), last)
}

// top is the share of a journal's header in the sum.
func (s *seal) top(code casework.Code, header []byte) []byte {
	return s.mac.sum(bind(kindTop, code), header)
}

// give and take count a journal in and out; one without entries is not there.
func (t *total) give(count uint64, share []byte) {
	if count > 0 {
		t.journals++
		t.mix(share)
	}
}

func (t *total) take(count uint64, share []byte) {
	if count > 0 {
		t.journals--
		t.mix(share)
	}
}

func (t *total) mix(share []byte) { subtle.XORBytes(t.sum[:], t.sum[:], share) }
