package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parcours/config"
	"parcours/locales"
	"parcours/storage"
	"parcours/storage/bolt"
)

// patient is an answer that is waited for.
type patient struct{ *httptest.ResponseRecorder }

func (patient) SetReadDeadline(time.Time) error  { return nil }
func (patient) SetWriteDeadline(time.Time) error { return nil }

// FuzzOrder has the hatch given any text: it is no order, or it is carried out as far as
// an exit code, with a word on what is wrong; and an order reads the same once it is
// written again.
func FuzzOrder(f *testing.F) {
	cfg := config.Default()
	cfg.Data = filepath.Join(f.TempDir(), "parcours.db")
	getenv := func(string) string { return "" }
	store, _, err := openStore(cfg.Data, "", getenv, bolt.Options{NoSync: true})
	if err == nil {
		err = store.Append(f.Context(), storage.Change{Rows: []storage.Row{{Key: "P-7K3F/t1"}}})
	}
	if err == nil {
		err = store.Close()
	}
	if err != nil {
		f.Fatal(err)
	}
	d, err := openDesk(cfg, locales.Departement{}, streams{getenv: getenv})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { d.sealed.Close() })
	for _, o := range []order{
		{}, {Args: []string{"outbox", "--retry", "P-7K3F/t1"}, Lang: map[string]string{"LANG": "fr_FR.UTF-8"}},
		{Args: []string{"export", "P-7K3F", "--reason", asksAccess, "--out", "x"}}, {Args: []string{"erase", "x", "--reason", "request", "--yes"}},
		{Args: []string{"indicators", "--from", "2026-06-30", "--to", "2026-01-01"}}, {Args: []string{"audit", "--case", "é"}, Brought: []byte("{}")},
		{Args: []string{"backup", "x", "--recipient", "age1x"}}, {Args: []string{"verify", "--lang", "de"}}, {Args: []string{"serve"}},
	} {
		text, err := json.Marshal(o)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"args":["\u0000",""],"brought":"é"}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		h := &hatch{desk: d, log: slog.New(slog.DiscardHandler), turn: make(chan struct{}, 1)}
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		w := httptest.NewRecorder()
		h.ServeHTTP(patient{w}, r.WithContext(context.WithValue(r.Context(), asker{}, "jeanne (1000)")))

		var asked, again order
		if err := json.Unmarshal(body, &asked); err != nil {
			if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "not an order") {
				t.Errorf("%q is answered %d %q", body, w.Code, w.Body)
			}
			return
		}
		first, err := json.Marshal(asked)
		if err == nil {
			err = json.Unmarshal(first, &again)
		}
		if second, failed := json.Marshal(again); err != nil || failed != nil || !bytes.Equal(first, second) {
			t.Errorf("%q reads as %q, then as %q: %v, %v", body, first, second, err, failed)
		}
		said, exit := 0, -1
		for answer := json.NewDecoder(w.Body); exit < 0; {
			var p piece
			if err := answer.Decode(&p); err != nil {
				t.Fatalf("%q: the answer has no end: %v", body, err)
			}
			said += len(p.Out) + len(p.Err)
			if p.Exit != nil {
				exit = *p.Exit
			}
		}
		if exit != done && exit != failed && exit != misuse || exit != done && said == 0 && asks(asked) {
			t.Errorf("%q ends with %d after %d bytes", body, exit, said)
		}
	})
}

// asks says whether an order is one of those that the hatch takes: the others are
// refused where they are typed.
func asks(o order) bool {
	command, _ := parse(context.Background(), streams{args: o.Args, getenv: func(string) string { return "" }, out: &bytes.Buffer{}, err: &bytes.Buffer{}})
	if command == nil {
		return true
	}
	_, ok := command.Selected().Target.Addr().Interface().(operation)
	return ok
}
