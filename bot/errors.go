package bot

import (
	"crypto/rand"
	"errors"
	"log/slog"

	"parcours/casework"
	"parcours/locales"
	"parcours/storage"
)

// Refusals of the router itself; their sentences stand beside the domain's.
const (
	unknownVerb    casework.ErrorCode = "unknown_verb"
	ambiguousVerb  casework.ErrorCode = "ambiguous_verb"
	unknownField   casework.ErrorCode = "unknown_field"
	unclosedQuote  casework.ErrorCode = "unclosed_quote"
	expiredForm    casework.ErrorCode = "expired_form"
	repeated       casework.ErrorCode = "repeated"
	busy           casework.ErrorCode = "busy"
	outsider       casework.ErrorCode = "outsider"
	noHour         casework.ErrorCode = "no_hour"
	noOption       casework.ErrorCode = "no_option"
	notPilot       casework.ErrorCode = "not_pilot"
	notAdmin       casework.ErrorCode = "not_admin"
	noMeetings     casework.ErrorCode = "no_meetings"
	noQuote        casework.ErrorCode = "no_quote"
	tooFast        casework.ErrorCode = "too_fast"
	tooMany        casework.ErrorCode = "too_many_cases"
	filesNotYours  casework.ErrorCode = "files_not_yours"
	filesNotSent   casework.ErrorCode = "files_not_sent"
	filesNoWay     casework.ErrorCode = "files_no_way"
	archiveNotHere casework.ErrorCode = "archive_not_here"
	notRecorded    casework.ErrorCode = "not_recorded"
	elsewhere      casework.ErrorCode = "elsewhere"
	opensElsewhere casework.ErrorCode = "opens_elsewhere"
	unexpected                        = "error.unexpected"
)

// A sentence is an error as a user reads it.
type sentence struct {
	Text string
	// Field is the form field at fault, if any.
	Field string
}

// present turns any error into what its user reads: what was refused, why, and
// what to do. An error that is nobody's refusal gets a reference, which is in
// the log too.
func present(err error, say locales.Printer, log *slog.Logger) sentence {
	var refused *casework.Error
	switch {
	case errors.As(err, &refused) && say.Has("error."+string(refused.Code)):
		if refused.Code == notRecorded {
			log.Error("nothing is shown: the access log cannot be written", "err", refused.Err)
		}
	case errors.Is(err, storage.ErrRepeated):
		refused = casework.Refuse(repeated, "")
	case errors.Is(err, storage.ErrConflict):
		refused = casework.Refuse(busy, "")
	case errors.Is(err, errForged):
		log.Warn("a form or button that was not ours came back")
		refused = casework.Refuse(expiredForm, "")
	default:
		ref := reference()
		log.Error("unexpected", "ref", ref, "err", err)
		return sentence{Text: say.T(unexpected, locales.Args{"Ref": ref})}
	}
	key := "error." + string(refused.Code)
	text := say.T(key, refused.Args)
	if say.Has(key + ".hint") {
		text += " " + say.T(key+".hint", refused.Args)
	}
	return sentence{Text: text, Field: refused.Field}
}

// reference names an incident, as a case code names a case.
func reference() string {
	code, err := casework.NewCode(rand.Reader)
	if err != nil {
		return "----"
	}
	return string(code)[2:]
}
