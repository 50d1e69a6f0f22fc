package casework

import (
	"fmt"
	"maps"
)

// Error is a refusal with a reason that a person can act upon. Code chooses the
// sentence shown; Field, if any, is the form field at fault; Args fill the
// sentence and hold no case content.
type Error struct {
	Code  ErrorCode
	Field string
	Args  map[string]any
	Err   error
}

// ErrorCode names a kind of refusal; the sentences are in the locales, under
// "error." and the code.
type ErrorCode string

// The refusals of the domain.
const (
	Missing         ErrorCode = "missing"
	TooLong         ErrorCode = "too_long"
	NotAChoice      ErrorCode = "not_a_choice"
	NotADate        ErrorCode = "not_a_date"
	NotANumber      ErrorCode = "not_a_number"
	NotAUser        ErrorCode = "not_a_user"
	PastDate        ErrorCode = "past_date"
	FutureDate      ErrorCode = "future_date"
	Backwards       ErrorCode = "backwards"
	NoConsent       ErrorCode = "no_consent"
	ConsentGone     ErrorCode = "consent_gone"
	ConsentInDoubt  ErrorCode = "consent_in_doubt"
	NothingConsent  ErrorCode = "nothing_to_consent"
	WitnessNeeded   ErrorCode = "witness_needed"
	ConsentKept     ErrorCode = "consent_kept"
	TopicVetoed     ErrorCode = "topic_vetoed"
	TopicNotShared  ErrorCode = "topic_not_shared"
	NotListed       ErrorCode = "not_listed"
	NotAgreed       ErrorCode = "not_agreed"
	AlreadyMember   ErrorCode = "already_member"
	NotInvited      ErrorCode = "not_invited"
	NotAsked        ErrorCode = "not_asked"
	NotAMember      ErrorCode = "not_a_member"
	NotChosen       ErrorCode = "not_chosen"
	AuthorStays     ErrorCode = "author_stays"
	UnknownItem     ErrorCode = "unknown_item"
	AlreadyDone     ErrorCode = "already_done"
	SameAgain       ErrorCode = "same_again"
	WhyNeeded       ErrorCode = "why_needed"
	ReasonTooShort  ErrorCode = "reason_too_short"
	NotConfirmed    ErrorCode = "not_confirmed"
	CaseEnded       ErrorCode = "case_ended"
	ObjectiveOver   ErrorCode = "objective_over"
	TopicSetAside   ErrorCode = "topic_set_aside"
	NotHeldYet      ErrorCode = "not_held_yet"
	MeetingOff      ErrorCode = "meeting_off"
	NoSession       ErrorCode = "no_session"
	NoObjective     ErrorCode = "no_objective"
	LaterMeeting    ErrorCode = "later_meeting"
	StaleRecord     ErrorCode = "stale_record"
	AlreadySigned   ErrorCode = "already_signed"
	NotASigner      ErrorCode = "not_a_signer"
	NotATime        ErrorCode = "not_a_time"
	TooQuiet        ErrorCode = "too_quiet"
	Forbidden       ErrorCode = "forbidden"
	NoCase          ErrorCode = "no_case"
	NotAnIdentifier ErrorCode = "unreadable"
)

// Error says the code and the field, for logs: never a value.
func (e *Error) Error() string {
	text := "casework: " + string(e.Code)
	if e.Field != "" {
		text += " (" + e.Field + ")"
	}
	if e.Err != nil {
		text = fmt.Sprintf("%s: %v", text, e.Err)
	}
	return text
}

// Unwrap gives the cause, if any.
func (e *Error) Unwrap() error { return e.Err }

// Refuse makes the refusal of a field; field may be empty.
func Refuse(code ErrorCode, field string) *Error { return &Error{Code: code, Field: field} }

// With gives the same refusal with one more argument for its sentence.
func (e *Error) With(name string, value any) *Error {
	args := map[string]any{}
	maps.Copy(args, e.Args)
	args[name] = value
	return &Error{Code: e.Code, Field: e.Field, Args: args, Err: e.Err}
}
