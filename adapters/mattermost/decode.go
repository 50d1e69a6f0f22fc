package mattermost

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

var errTwice = errors.New("a key stands twice")

// decode reads one JSON object. Keys of a newer server are let pass; a key that
// stands twice is refused, since two readers could take two meanings from it,
// and so is anything after the object.
func decode(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := once(d, 0); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return json.Unmarshal(body, into)
}

// deepest is how many objects and lists may stand in one another.
const deepest = 16

// once walks over one value and refuses keys that stand twice in an object.
func once(d *json.Decoder, depth int) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	opened, ok := token.(json.Delim)
	if !ok {
		if depth == 0 {
			return fmt.Errorf("a %T, not an object", token)
		}
		return nil
	}
	if depth == 0 && opened != '{' || depth > deepest {
		return errors.New("not an object, or too deep")
	}
	seen := map[string]bool{}
	for d.More() {
		if opened == '{' {
			key, err := d.Token()
			if err != nil {
				return err
			}
			// A struct's field is matched whatever the case of its key.
			name := string(bytes.ToLower([]byte(key.(string))))
			if seen[name] {
				return errTwice
			}
			seen[name] = true
		}
		if err := once(d, depth+1); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}
