package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"parcours/config"
	"parcours/locales"
)

// What the disk did to the file, be it to a date by which reminders are found, is told
// the night after, though every journal is sound.
func TestTheFileIsReadWholeEachNight(t *testing.T) {
	for name, spoil := range map[string]func(*bbolt.Tx) error{
		"": func(*bbolt.Tx) error { return nil },
		"the file is not as it was written": func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte("due")).Put([]byte("a date and a code"), nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSaved(t)
			s.codes()
			db, err := bbolt.Open(s.data, 0o600, nil)
			must(t, err)
			must(t, errors.Join(db.Update(spoil), db.Close()))
			cfg, err := config.Load(s.config, func(string) string { return "" })
			must(t, err)
			var logged bytes.Buffer
			v, err := newService(cfg, locales.Departement{}, streams{err: &logged, getenv: func(string) string { return "" }})
			must(t, err)
			must(t, v.readAll(t.Context()))
			must(t, v.close())
			if told := strings.Contains(logged.String(), "level=ERROR"); told != (name != "") || !strings.Contains(logged.String(), name) {
				t.Errorf("logged:\n%s", &logged)
			}
		})
	}
}
