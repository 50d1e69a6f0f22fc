package main

import (
	"encoding/json"
	"os"
	"time"

	"parcours/casework"
	"parcours/config"
	"parcours/locales"
	"parcours/storage/vault"
)

// A test of a copy of the keyset: when it was found to open the store, and the key
// that was then current.
type test struct {
	Tested time.Time `json:"tested"`
	Key    string    `json:"key"`
}

// testPath is the file where the last test is noted, beside the store.
func testPath(data string) string { return data + ".copy" }

// lastTest gives the last test, if there was one.
func lastTest(data string) (last test, ok bool) {
	text, err := os.ReadFile(testPath(data))
	ok = err == nil && json.Unmarshal(text, &last) == nil
	return last, ok
}

func noteTest(data string, keys *vault.Keys, now time.Time) error {
	text, err := json.Marshal(test{Tested: now.UTC().Truncate(time.Second), Key: keys.Current()})
	if err != nil {
		return err
	}
	return config.WriteFile(testPath(data), string(text)+"\n")
}

// goodFor is how many months a test of a copy is trusted.
const goodFor = 6

// copyState says what is known of a copy of the keyset, with its mend.
func copyState(say locales.Printer, data string, keys *vault.Keys, now time.Time) (mark, string) {
	last, ok := lastTest(data)
	args := locales.Args{"Day": say.Day(casework.DayOf(last.Tested))}
	switch {
	case !ok:
		return markWarning, say.T("doctor.copy_none")
	case last.Key != keys.Current():
		return markWarning, say.T("doctor.copy_older", args)
	case now.After(last.Tested.AddDate(0, goodFor, 0)):
		return markWarning, say.T("doctor.copy_long", args)
	}
	return markOK, say.T("doctor.copy", args)
}
