package casework

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"
)

// An Entry is a fact in its place in the journal: which, when, by whom.
type Entry struct {
	Seq  uint64
	At   time.Time
	By   UserID
	Fact Fact
}

// A Fact is something that happened in a case. The set of facts is closed: the
// types of this package that a journal knows by name.
type Fact interface {
	// apply changes c as the fact says. It cannot fail: what is in the journal
	// happened, and was judged before it was written.
	apply(c *Case, e Entry)
}

// factNames are the names facts bear in journals; a name is never given to
// another fact.
var factNames = map[string]Fact{
	"proposed":            Opened{},
	"consent_given":       ConsentGiven{},
	"consent_withdrawn":   ConsentWithdrawn{},
	"professional_listed": ProfessionalListed{},
	"member_invited":      MemberInvited{},
	"invitation_answered": InvitationAnswered{},
	"member_left":         MemberLeft{},
	"referent_asked":      ReferentAsked{},
	"referent_answered":   ReferentAnswered{},
	"aim_stated":          AimStated{},
	"element_assessed":    ElementAssessed{},
	"objective_set":       ObjectiveSet{},
	"action_assigned":     ActionAssigned{},
	"action_done":         ActionDone{},
	"action_postponed":    ActionPostponed{},
	"action_reassigned":   ActionReassigned{},
	"help_asked":          HelpAsked{},
	"commission_planned":  CommissionPlanned{},
	"attendance_answered": AttendanceAnswered{},
	"closed":              CaseClosed{},
	"channel_opened":      ChannelOpened{},
	"shown":               Shown{},
	"reminded":            Reminded{},
	"refusal_counted":     RefusalCounted{},
	"withheld":            Withheld{},
	"sharing_held":        SharingHeld{},
	"sharing_resumed":     SharingResumed{},
}

var namesOfFacts = func() map[reflect.Type]string {
	names := make(map[reflect.Type]string, len(factNames))
	for name, fact := range factNames {
		names[reflect.TypeOf(fact)] = name
	}
	return names
}()

// FactName gives the name the fact bears in journals.
func FactName(f Fact) string { return namesOfFacts[reflect.TypeOf(f)] }

type written struct {
	Name string          `json:"k"`
	At   time.Time       `json:"t"`
	By   UserID          `json:"u,omitempty"`
	Data json.RawMessage `json:"d"`
}

// Encode gives the entry as a journal keeps it. Seq is not written: it is the
// entry's place; nor are the author and the moment of a refusal, which is to be
// a count and nothing else. An unknown fact is a mistake of the program and an
// error.
func Encode(e Entry) ([]byte, error) {
	name := FactName(e.Fact)
	if name == "" {
		return nil, fmt.Errorf("casework: no journal name for fact %T", e.Fact)
	}
	if _, ok := e.Fact.(RefusalCounted); ok {
		e.At, e.By = time.Time{}, ""
	}
	data, err := json.Marshal(e.Fact)
	if err != nil {
		return nil, fmt.Errorf("casework: encode %s: %w", name, err)
	}
	return json.Marshal(written{Name: name, At: e.At.UTC(), By: e.By, Data: data})
}

// Decode reads what Encode wrote, at place seq of the journal, with its time in
// UTC. What cannot be read, and a fact this version does not know, is an *Error
// of code NotAnIdentifier that says which entry.
func Decode(seq uint64, raw []byte) (Entry, error) {
	var w written
	if err := json.Unmarshal(raw, &w); err != nil {
		return Entry{}, Refuse(NotAnIdentifier, "").because(fmt.Errorf("entry %d: %w", seq, err))
	}
	known, ok := factNames[w.Name]
	if !ok {
		return Entry{}, Refuse(NotAnIdentifier, "").because(fmt.Errorf("entry %d: unknown fact %q", seq, w.Name))
	}
	if string(w.Data) == "null" { // which json would take for an empty fact
		return Entry{}, Refuse(NotAnIdentifier, "").because(fmt.Errorf("entry %d: %s: no body", seq, w.Name))
	}
	fact := reflect.New(reflect.TypeOf(known))
	if err := json.Unmarshal(w.Data, fact.Interface()); err != nil {
		return Entry{}, Refuse(NotAnIdentifier, "").because(fmt.Errorf("entry %d: %s: %w", seq, w.Name, err))
	}
	return Entry{Seq: seq, At: w.At.UTC(), By: w.By, Fact: fact.Elem().Interface().(Fact)}, nil
}

func (e *Error) because(err error) *Error {
	e.Err = err
	return e
}
