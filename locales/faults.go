package locales

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
)

// A Fault is one thing that is wrong in a département's file.
type Fault struct {
	// Key is the faulty key, as in "meeting.fr.the"; of a file that is not
	// understood, the line.
	Key  string
	Kind FaultKind
	// Given is what was found, and Want what could stand there.
	Given, Want string
}

// FaultKind says what is wrong; it is the key of the sentence that tells it, with
// the mend.
type FaultKind string

// The kinds.
const (
	FaultSyntax   FaultKind = "departement.syntax"
	FaultUnknown  FaultKind = "departement.unknown"
	FaultMissing  FaultKind = "departement.missing"
	FaultNotOneOf FaultKind = "departement.not_one_of"
	FaultTooLong  FaultKind = "departement.too_long"
	FaultTwice    FaultKind = "departement.twice"
	FaultNotAnID  FaultKind = "departement.not_an_id"
	FaultNoPhone  FaultKind = "departement.no_phone"
	FaultNoEmail  FaultKind = "departement.no_email"
	// FaultTooMuch: it is about meetings, where there are none.
	FaultTooMuch FaultKind = "departement.too_much"
)

// Faults are all that is wrong in a département's file.
type Faults []Fault

// Error names each fault in short.
func (f Faults) Error() string {
	all := make([]string, len(f))
	for i, fault := range f {
		all[i] = fmt.Sprintf("%s: %s %q", fault.Key, fault.Kind, fault.Given)
	}
	return strings.Join(all, "\n")
}

func (f *Faults) add(key string, kind FaultKind, given, want string) {
	*f = append(*f, Fault{Key: key, Kind: kind, Given: given, Want: want})
}

// unknownKeys finds what the file says and nobody reads.
func unknownKeys(read toml.MetaData) Faults {
	var found Faults
	for _, key := range read.Undecoded() {
		found.add(key.String(), FaultUnknown, "", "")
	}
	return found
}

var errorLine = regexp.MustCompile(`line (\d+)`)

// lineOf gives the line that the parser names: only some of its errors have a
// type that holds it.
func lineOf(err error) string {
	if found := errorLine.FindStringSubmatch(err.Error()); found != nil {
		return found[1]
	}
	return "1"
}

// phone is a number as people dial it in France, mail an address.
var (
	phone = regexp.MustCompile(`^(\+33 ?[1-9]|0[1-9]|[1-9])([ .]?\d){2,8}$`)
	mail  = regexp.MustCompile(`^[^\s@]+@[^\s@]+\.[^\s@]+$`)
)

var phaseID = regexp.MustCompile(`^[a-z]+$`)

// faults finds all that a file says wrongly, or does not say.
func (d Departement) faults(meeting map[string]map[string]string) Faults {
	var found Faults
	need := func(key, given string, choices ...string) {
		switch {
		case given == "":
			found.add(key, FaultMissing, "", "")
		case len(choices) > 0 && !slices.Contains(choices, given):
			found.add(key, FaultNotOneOf, given, strings.Join(choices, ", "))
		}
	}
	short := func(key, given string, most int) {
		if len(given) > most {
			found.add(key, FaultTooLong, strconv.Itoa(len(given)), strconv.Itoa(most))
		}
	}
	need("name", d.Name)
	need("model", d.Model, Models...)
	if len(d.Documents) == 0 {
		found.add("documents", FaultMissing, "", "")
	}
	for i, kind := range d.Documents {
		key := fmt.Sprintf("documents[%d]", i+1)
		need(key, kind, Kinds...)
		if slices.Contains(d.Documents[:i], kind) {
			found.add(key, FaultTwice, kind, "")
		}
		if !d.Meetings && slices.Contains(aboutMeetings, kind) {
			found.add(key, FaultTooMuch, kind, "")
		}
	}
	if d.Cell.Phone != "" && !phone.MatchString(d.Cell.Phone) {
		found.add("crip.phone", FaultNoPhone, d.Cell.Phone, "")
	}
	if d.Cell.Email != "" && !mail.MatchString(d.Cell.Email) {
		found.add("crip.email", FaultNoEmail, d.Cell.Email, "")
	}
	if !d.Meetings {
		if len(meeting) > 0 {
			found.add("meeting", FaultTooMuch, "", "")
		}
		if len(d.Phases) > 0 {
			found.add("phase", FaultTooMuch, "", "")
		}
		return found
	}
	for lang, words := range meeting {
		need("meeting", lang, languages...)
		for key := range words {
			if !slices.ContainsFunc(forms, func(f form) bool { return f.key == key }) {
				found.add("meeting."+lang+"."+key, FaultUnknown, "", "")
			}
		}
	}
	for _, lang := range languages {
		for _, f := range forms {
			need("meeting."+lang+"."+f.key, meeting[lang][f.key])
		}
		short("meeting."+lang+".call", meeting[lang]["call"], titleMost)
		short("phase.led_by."+lang, whoLeads(d.Phases, lang), hintMost)
	}
	if len(d.Phases) == 0 {
		found.add("phase", FaultMissing, "", "")
	}
	for n, f := range d.Phases {
		key := func(name string) string { return fmt.Sprintf("phase[%d].%s", n+1, name) }
		need(key("id"), f.ID)
		if f.ID != "" && !phaseID.MatchString(f.ID) {
			found.add(key("id"), FaultNotAnID, f.ID, "")
		}
		if f.ID != "" && slices.ContainsFunc(d.Phases[:n], func(other Phase) bool { return other.ID == f.ID }) {
			found.add(key("id"), FaultTwice, f.ID, "")
		}
		need(key("chair"), string(f.Chair), string(ChairThird), string(ChairReferent), string(ChairAny))
		for _, lang := range languages {
			need(key("name."+lang), f.name[lang])
			need(key("led_by."+lang), f.ledBy[lang])
		}
	}
	return found
}
