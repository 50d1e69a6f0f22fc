package vault

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// FuzzKeys reads any text as a keyset: it is refused in a sentence that quotes nothing
// of it, or gives secrets, and the same ones once it is written again.
func FuzzKeys(f *testing.F) {
	sound, err := newKeys()
	if err != nil {
		f.Fatal(err)
	}
	var file keyFile
	if err := json.Unmarshal(sound, &file); err != nil {
		f.Fatal(err)
	}
	swapped, err := json.Marshal(keyFile{AEAD: file.PRF, PRF: file.AEAD})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sound)
	f.Add(swapped)
	f.Add(bytes.Replace(sound, []byte("ENABLED"), []byte("DISABLED"), 1))
	f.Add(bytes.Replace(sound, []byte("HkdfPrfKey"), []byte("AesCmacPrfKey"), 1))
	f.Add([]byte(`{"aead":{"primaryKeyId":1,"key":[null]},"prf":{},"made":{"x":"2026"}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		keys, err := ParseKeys(text)
		if err != nil {
			if keys != nil || !strings.HasPrefix(err.Error(), "its keyset ") && !strings.HasPrefix(err.Error(), "it is not a JSON object") {
				t.Errorf("said to be %v", err)
			}
			return
		}
		again, err := json.Marshal(keys.file)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseKeys(again)
		if err != nil || !bytes.Equal(back.Secret("x"), keys.Secret("x")) || len(keys.Secret("x")) != secretSize {
			t.Fatalf("written again it is another: %v", err)
		}
		sealed, err := keys.master.Encrypt([]byte("one"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if opened, err := back.master.Decrypt(sealed, nil); err != nil || string(opened) != "one" {
			t.Errorf("what one seals the other does not open: %v", err)
		}
	})
}
