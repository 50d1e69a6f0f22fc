package commands

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

func TestIndicators(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		for range 7 {
			w.rich()
		}
		m := w.do(zoe, "indicateurs", nil).Reply
		masked := locales.For(w.lang).T("figure.masked")
		says(t, m, "01/01/2026", "02/03/2026", " : 7", " : "+masked)
		keeps(t, m, "MARK", "P-222")
		if len(m.Files) != 0 {
			t.Error("what is asked for on the screen has a file")
		}
		for _, row := range m.Card.Rows {
			if isTold(row) {
				t.Errorf("a figure tells of a case: %+v", row)
			}
		}

		for format, begins := range map[string]string{"pdf": "%PDF-", "html": "<!DOCTYPE html>", "csv": "\ufeff", "xlsx": "PK"} {
			files := w.do(zoe, "indicateurs", nil, "format", format, "from", "2026-02-01", "to", "2026-03-31").Reply.Files
			if len(files) != 1 || files[0].Case != "" || files[0].Name != "indicateurs-2026-02-01-2026-03-31."+format || files[0].Type == "" {
				t.Fatalf("%s: %+v", format, files)
			}
			if !bytes.HasPrefix(files[0].Body, []byte(begins)) {
				t.Errorf("%s begins with %q", format, files[0].Body[:8])
			}
			if bytes.Contains(files[0].Body, []byte("MARK")) {
				t.Errorf("%s tells of a case", format)
			}
		}

		// Nobody was met last year.
		m = w.do(zoe, "indicateurs", nil, "to", "2025-12-31").Reply
		says(t, m, "01/01/2025", "31/12/2025")
		keeps(t, m, " : 7")
	})
}

func TestIndicatorsOfNoPeriod(t *testing.T) {
	w := newWorld(t, "fr")
	_, err := w.try(zoe, "indicateurs", nil, values("from", "2026-03-02", "to", "2026-03-01"))
	refusedFor(t, err, casework.Backwards, "to")
	w.do(zoe, "indicateurs", nil, "from", "2026-03-01", "to", "2026-03-01")
}

func TestIndicatorsThatCannotBeCounted(t *testing.T) {
	w := newWorld(t, "fr")
	torn := errors.New("torn")
	r := w.request(zoe, nil, nil)
	r.All = func(func(*casework.Case) error) error { return torn }
	if _, err := doIndicators(r); !errors.Is(err, torn) {
		t.Errorf("got %v", err)
	}
}

func TestIndicatorsAreForPilots(t *testing.T) {
	c := verb(t, "indicateurs")
	if c.May != command.Pilots || !strings.HasPrefix(c.Twin, "indicators") {
		t.Errorf("%+v", c)
	}
}
