package storage

import (
	"fmt"
	"strings"

	"parcours/casework"
)

// MaxName is the longest code, term, row key or Once, in bytes.
const MaxName = 1024

// Check says whether the change makes sense by itself, whatever is stored.
// Error: ErrMalformed, with the reason. Every Store calls it before writing.
func (c Change) Check() error {
	names := []string{string(c.Case), c.Once}
	for _, term := range c.Terms {
		names = append(names, string(term.Kind), term.Value)
	}
	for _, row := range c.Rows {
		if row.Key == "" {
			return malformed("a row without a key")
		}
		if !plain(row.Case) {
			return malformed("a row whose case code holds a zero byte")
		}
		names = append(names, row.Key, string(row.Case))
	}
	for _, name := range names {
		if len(name) > MaxName {
			return malformed("a name is too long")
		}
	}
	bare := c.Header == nil && len(c.Entries) == 0 && c.Narrows.IsZero() && len(c.Terms) == 0 && c.Due.IsZero()
	switch {
	case !plain(c.Case):
		return malformed("the case code holds a zero byte")
	case c.Case == "" && (c.Base > 0 || c.Forget != "" || !bare):
		return malformed("a journal without a case code")
	case c.Forget != "" && !bare:
		return malformed("it both writes and forgets")
	case c.Forget != "" && c.Base == 0:
		return malformed("there is nothing to forget")
	case c.Base == 0 && len(c.Entries) == 0 && !bare:
		return malformed("a journal opened without an entry")
	}
	return nil
}

// Check says whether the outcome makes sense. Error: ErrMalformed.
func (o Outcome) Check() error {
	switch o.State {
	case Waiting, Done, Moot, Stuck:
	default:
		return malformed("an unknown state of a row")
	}
	if len(o.Why) > MaxName {
		return malformed("a reason is too long")
	}
	return nil
}

// plain says whether a code can be set apart from what follows it in a key.
func plain(code casework.Code) bool { return !strings.Contains(string(code), "\x00") }

func malformed(why string) error { return fmt.Errorf("%w: %s", ErrMalformed, why) }

// Damage tells where a store is not what was written to it. It wraps ErrDamaged.
type Damage struct {
	// Case is empty when it concerns the store as a whole.
	Case casework.Code
	// Entry is the number of the first entry concerned, 0 for the header or the
	// journal as a whole.
	Entry uint64
	// What is wrong, without any content.
	What string
}

// Error names the case, the entry and what is wrong.
func (d *Damage) Error() string {
	switch {
	case d.Case == "":
		return d.What
	case d.Entry == 0:
		return fmt.Sprintf("case %s: %s", d.Case, d.What)
	}
	return fmt.Sprintf("case %s, entry %d: %s", d.Case, d.Entry, d.What)
}

// Unwrap gives ErrDamaged.
func (d *Damage) Unwrap() error { return ErrDamaged }
