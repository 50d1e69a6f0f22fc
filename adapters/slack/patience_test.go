package slack

import (
	"errors"
	"testing"

	"parcours/bot/chat"
)

func TestPatiently(t *testing.T) {
	later := &chat.RetryError{Err: errors.New("too fast")}
	for name, c := range map[string]struct {
		faults []error // one each time
		tries  int
		ok     bool
	}{
		"at once":       {nil, 1, true},
		"after a while": {[]error{later, later}, 3, true},
		"never":         {[]error{later, chat.ErrRefused}, 2, false},
		"no more":       {[]error{later, later, later, later, later, later, later, later, later}, 8, false},
	} {
		t.Run(name, func(t *testing.T) {
			tries := 0
			got, err := patiently(t.Context(), func() (int, error) {
				tries++
				if tries <= len(c.faults) {
					return 0, c.faults[tries-1]
				}
				return 7, nil
			})
			if tries != c.tries || (err == nil) != c.ok || c.ok && got != 7 {
				t.Errorf("%d tries, %d, %v", tries, got, err)
			}
		})
	}
}
