package casework_test

import (
	"reflect"
	"testing"
	"time"

	"parcours/casework"

	"pgregory.net/rapid"
)

// The same text has the same fingerprint wherever it is computed, and after it
// was written and read.
func TestAFingerprintOutlivesTheJournal(t *testing.T) {
	s := corrected(t)
	var journal []casework.Entry
	for _, e := range s.History() {
		raw, err := casework.Encode(e)
		if err != nil {
			t.Fatal(err)
		}
		back, err := casework.Decode(e.Seq, raw)
		if err != nil {
			t.Fatal(err)
		}
		journal = append(journal, back)
	}
	again := casework.Fold(s.Code, journal)
	for i, r := range s.Records {
		if read := again.Records[i]; r.Hash != r.Text.Fingerprint() || read.Text.Fingerprint() != r.Hash {
			t.Errorf("%s: %s, read again %s", r.ID, r.Hash, read.Text.Fingerprint())
		}
	}
	then, _ := s.Commission("c1")
	now, _ := again.Commission("c1")
	if s.Minutes(then, "", "").Fingerprint() != again.Minutes(now, "", "").Fingerprint() {
		t.Error("composed from the journal read again, the text is another")
	}
	tokyo := time.FixedZone("Tokyo", 9*60*60)
	elsewhere := s.Records[0].Text
	elsewhere.At = elsewhere.At.In(tokyo)
	if elsewhere.Fingerprint() != s.Records[0].Hash {
		t.Error("the same moment said in another zone gives another fingerprint")
	}
	if h := s.Records[0].Hash; len(h) != 64 {
		t.Errorf("%q is no SHA-256", h)
	}
}

// The day of the meeting before is the département's, wherever its moment was
// said.
func TestThePreviousDayIsTheDepartments(t *testing.T) {
	s := working(t)
	late := casework.Commission{At: time.Date(2026, 10, 1, 22, 30, 0, 0, time.UTC), Place: "MDS"} // the 2nd in Paris
	s.do(s.PlanCommission(late, s.now)).do(s.PlanCommission(casework.Commission{At: late.At.AddDate(0, 2, 0), Place: "MDS"}, s.now))
	c2, _ := s.Commission("c2")
	if text := s.Minutes(c2, "", ""); text.Previous != "2026-10-02" {
		t.Errorf("%s", text.Previous)
	}
}

// Whatever is changed in a text, be it one letter of one field, its fingerprint
// is another.
func TestAnyChangeIsAnotherFingerprint(t *testing.T) {
	var text casework.Minutes
	for _, fact := range samples() {
		if f, ok := fact.(casework.RecordFrozen); ok {
			text = f.Record.Text
		}
	}
	hash := text.Fingerprint()
	fields := 0
	eachField(reflect.ValueOf(&text).Elem(), "text", func(path string, field reflect.Value) {
		fields++
		before := reflect.ValueOf(field.Interface())
		field.Set(changed(field))
		if text.Fingerprint() == hash {
			t.Errorf("%s is not in the fingerprint", path)
		}
		field.Set(before)
	})
	if text.Fingerprint() != hash || fields < 50 {
		t.Errorf("%d fields looked at", fields)
	}
}

func TestTextsThatDifferHaveOtherFingerprints(t *testing.T) {
	texts := rapid.Custom(func(t *rapid.T) casework.Minutes {
		text := rapid.StringOf(rapid.SampledFrom([]rune(`a"{}:, é`)))
		return casework.Minutes{
			View: text.Draw(t, "view"), Notes: text.Draw(t, "notes"), Place: text.Draw(t, "place"),
			Strengths: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) casework.Element {
				return casework.Element{Name: text.Draw(t, "name"), Objective: text.Draw(t, "objective")}
			}), 1, 3).Draw(t, "strengths"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := texts.Draw(t, "a"), texts.Draw(t, "b")
		if same := reflect.DeepEqual(a, b); same != (a.Fingerprint() == b.Fingerprint()) {
			t.Fatalf("%+v\n%+v", a, b)
		}
	})
}

// eachField visits every field that is written, those of lines included.
func eachField(v reflect.Value, path string, visit func(string, reflect.Value)) {
	switch {
	case v.Kind() == reflect.Slice:
		visit(path, v)
		for i := range v.Len() {
			eachField(v.Index(i), path+"[]", visit)
		}
	case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time]():
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.Tag.Get("json") != "-" {
				eachField(v.Field(i), path+"."+field.Name, visit)
			}
		}
	default:
		visit(path, v)
	}
}

// changed gives another value of the same type; of lines, the same ones twice.
func changed(v reflect.Value) reflect.Value {
	another := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Struct:
		return reflect.ValueOf(v.Interface().(time.Time).Add(time.Nanosecond))
	case reflect.Slice:
		return reflect.AppendSlice(v, v)
	case reflect.String:
		another.SetString(v.String() + "x")
	case reflect.Bool:
		another.SetBool(!v.Bool())
	case reflect.Int:
		another.SetInt(v.Int() + 1)
	}
	return another
}
