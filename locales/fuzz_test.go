package locales_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"parcours/locales"
)

// FuzzDepartement reads any text as a département's file: each of its faults has a
// sentence, or all that is said in its words is whole, and the same once the file is
// written again.
func FuzzDepartement(f *testing.F) {
	files, err := filepath.Glob("departements/*.toml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("name = \"x\"\nmodel = \"62\"\nmeetings = false\ndocuments = [\"list\"]\n[crip]\nphone = \"119\"\n")
	f.Add("name = 7\n[[phase]]\nid = \"a\"\nid = \"b\"\n")
	f.Add("meeting.fr.the = \"\"\nphase = [{}, {id = \"é\", name = {fr = \"{{.theMeeting}}\"}}]\n")
	said := []string{"cmd.session.summary", "doc.sign.67.chair", "doc.letter.person.why", "hint.commission.chair"}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := locales.ReadDepartement([]byte(text))
		if err != nil {
			var faults locales.Faults
			if !errors.As(err, &faults) || len(faults) == 0 {
				t.Fatalf("%T is no list of faults", err)
			}
			for _, fault := range faults {
				if fault.Key == "" && fault.Kind != locales.FaultUnknown || !locales.For("fr").Has(string(fault.Kind)) || !locales.For("en").Has(string(fault.Kind)) {
					t.Errorf("a fault that is not said: %+v", fault)
				}
			}
			return
		}
		var whole map[string]any
		if _, err := toml.Decode(text, &whole); err != nil {
			t.Fatal(err)
		}
		written, err := toml.Marshal(whole)
		if err != nil {
			t.Fatal(err)
		}
		again, err := locales.ReadDepartement(written)
		if err != nil {
			t.Fatalf("written again it is not understood: %v\n%s", err, written)
		}
		for _, lang := range languages {
			first, second := locales.For(lang).In(d), locales.For(lang).In(again)
			for _, key := range said {
				sentence := first.T(key)
				if sentence == "" || strings.Contains(sentence, "<no value>") || sentence != second.T(key) {
					t.Errorf("%s reads %q, then %q", key, sentence, second.T(key))
				}
			}
		}
		if !reflect.DeepEqual(d.Phases, again.Phases) || !reflect.DeepEqual(d.Documents, again.Documents) || d.Cell != again.Cell || d.Name != again.Name {
			t.Errorf("it reads as %+v, then as %+v", d, again)
		}
	})
}
