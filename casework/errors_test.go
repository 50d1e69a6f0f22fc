package casework_test

import (
	"errors"
	"io"
	"testing"

	"parcours/casework"

	"github.com/google/go-cmp/cmp"
)

func TestErrors(t *testing.T) {
	plain := casework.Refuse(casework.TooLong, "title").With("Max", 150)
	more := plain.With("Count", 151).With("Max", 3000)
	if diff := cmp.Diff(map[string]any{"Max": 3000, "Count": 151}, more.Args); diff != "" {
		t.Errorf("the last word counts: %s", diff)
	}
	if len(plain.Args) != 1 || plain.Args["Max"] != 150 {
		t.Errorf("a refusal changed: %v", plain.Args)
	}
	caused := &casework.Error{Code: casework.NotAnIdentifier, Err: io.ErrUnexpectedEOF}
	for text, err := range map[string]error{
		"casework: too_long (title)":           more,
		"casework: forbidden":                  casework.Refuse(casework.Forbidden, ""),
		"casework: unreadable: unexpected EOF": caused,
	} {
		if err.Error() != text {
			t.Errorf("%q, want %q", err, text)
		}
	}
	if !errors.Is(caused, io.ErrUnexpectedEOF) {
		t.Error("the cause is lost")
	}
}
