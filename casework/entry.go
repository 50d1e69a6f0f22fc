package casework

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"time"
	"unicode/utf8"
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
	"mission_ended":       MissionEnded{},
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
	"commission_off":      CommissionCancelled{},
	"session_opened":      SessionOpened{},
	"attendance_taken":    AttendanceTaken{},
	"topic_taken":         TopicTaken{},
	"view_given":          ViewGiven{},
	"session_ended":       SessionEnded{},
	"objective_reviewed":  ObjectiveReviewed{},
	"relative_stated":     RelativeStated{},
	"record_frozen":       RecordFrozen{},
	"record_signed":       RecordSigned{},
	"document_made":       DocumentMade{},
	"closed":              CaseClosed{},
	"channel_opened":      ChannelOpened{},
	"channel_moved":       ChannelMoved{},
	"channel_shut":        ChannelShut{},
	"past_chosen":         PastChosen{},
	"shown":               Shown{},
	"reminded":            Reminded{},
	"refusal_counted":     RefusalCounted{},
	"withheld":            Withheld{},
	"sharing_held":        SharingHeld{},
	"sharing_resumed":     SharingResumed{},
	"sharing_suspended":   SharingSuspended{},
	"retention_set":       RetentionSet{},
	"consulted":           Consulted{},
	"accesses_marked":     AccessesMarked{},
	"mailbox_opened":      MailboxOpened{},
	"settings_chosen":     SettingsChosen{},
	"nudge_queued":        NudgeQueued{},
	"bundle_handed":       BundleHanded{},
	"bundle_arrived":      BundleArrived{},
	"bundle_dropped":      BundleDropped{},
	"bundle_returned":     BundleReturned{},
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

// written is an entry as a journal keeps it. Its name comes first, so that it is
// known before the rest is read.
type written struct {
	Name string    `json:"k"`
	At   time.Time `json:"t"`
	By   UserID    `json:"u,omitempty"`
	Data any       `json:"d"`
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
	raw, err := json.Marshal(written{Name: name, At: e.At.UTC(), By: e.By, Data: e.Fact})
	if err != nil {
		return nil, fmt.Errorf("casework: encode %s: %w", name, err)
	}
	return raw, nil
}

// Decode reads what Encode wrote, at place seq of the journal, with its time in
// UTC. What cannot be read, and a fact this version does not know, is an *Error
// of code NotAnIdentifier that says which entry.
func Decode(seq uint64, raw []byte) (Entry, error) {
	unreadable := func(format string, args ...any) (Entry, error) {
		return Entry{}, Refuse(NotAnIdentifier, "").because(fmt.Errorf("entry %d: "+format, append([]any{seq}, args...)...))
	}
	name := nameOf(raw)
	known, ok := factNames[name]
	if !ok {
		return unreadable("unknown fact %q", name)
	}
	fact := reflect.New(reflect.TypeOf(known))
	if at, by, body, ok := parts(raw, name); ok && json.Unmarshal(body, fact.Interface()) == nil {
		return Entry{Seq: seq, At: at, By: by, Fact: fact.Elem().Interface().(Fact)}, nil
	}
	fact = reflect.New(reflect.TypeOf(known))
	w := written{Data: fact.Interface()}
	if err := json.Unmarshal(raw, &w); err != nil {
		return unreadable("%s: %w", name, err)
	}
	// A body of null, none at all (quotes in a text are escaped), a second name.
	if w.Data == nil || !bytes.Contains(raw, []byte(`,"d":`)) || w.Name != name {
		return unreadable("%s: no body", name)
	}
	return Entry{Seq: seq, At: w.At.UTC(), By: w.By, Fact: fact.Elem().Interface().(Fact)}, nil
}

// Read folds the case that a journal tells, as it is kept: its entries in order.
// Error: that of Decode, with the code.
func Read(code Code, journal [][]byte) (*Case, error) {
	c := &Case{Code: code, journal: make([]Entry, 0, len(journal))}
	for i, raw := range journal {
		e, err := Decode(uint64(i+1), raw)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", code, err)
		}
		c.Apply(e)
	}
	return c, nil
}

// parts cuts an entry of that name as Encode writes them all; ok is false for one
// that is written in any other way. It halves the time that a journal takes to
// read: most of it goes to finding out what stands where.
func parts(raw []byte, name string) (at time.Time, by UserID, body []byte, ok bool) {
	rest, found := bytes.CutPrefix(raw[len(`{"k":"`)+len(name):], []byte(`","t":"`))
	moment, rest, timed := bytes.Cut(rest, []byte(`"`))
	if !found || !timed || at.UnmarshalText(moment) != nil {
		return at, "", nil, false
	}
	if user, named := bytes.CutPrefix(rest, []byte(`,"u":"`)); named {
		user, rest, found = bytes.Cut(user, []byte(`"`))
		if !found || !plain(user) {
			return at, "", nil, false
		}
		by = UserID(user)
	}
	body, found = bytes.CutPrefix(rest, []byte(`,"d":`))
	body, closed := bytes.CutSuffix(body, []byte(`}`))
	return at.UTC(), by, body, found && closed && bytes.HasPrefix(body, []byte(`{`))
}

// plain reports whether a text stands in JSON as it is.
func plain(text []byte) bool {
	return utf8.Valid(text) && !bytes.ContainsFunc(text, func(r rune) bool { return r == '\\' || r < ' ' })
}

// nameOf gives the name of the fact in an entry: nothing when it is not where
// Encode writes it.
func nameOf(raw []byte) string {
	rest, ok := bytes.CutPrefix(raw, []byte(`{"k":"`))
	name, _, closed := bytes.Cut(rest, []byte(`"`))
	if !ok || !closed {
		return ""
	}
	return string(name)
}

func (e *Error) because(err error) *Error {
	e.Err = err
	return e
}
