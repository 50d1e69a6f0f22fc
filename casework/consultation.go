package casework

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Accesses is the code of the journal beside which the marks of the access log
// are kept; no case can bear it.
const Accesses Code = "ACCES"

// AccessesMarked opens that journal; it tells nothing of any case.
type AccessesMarked struct{}

func (AccessesMarked) apply(*Case, Entry) {}

// A Consultation is one reading of a case by somebody who runs the service and
// has no place in it, with the reason they gave. On the command line By is nobody,
// and Operator is the account of the server.
type Consultation struct {
	ID       string
	By       UserID
	Operator string
	At       time.Time
	Reason   string
}

// Consulted: an administrator was shown the case, for a reason; or the Operator of
// that account of the server.
type Consulted struct {
	ID       string `json:"id"`
	Reason   string `json:"reason"`
	Operator string `json:"operator,omitempty"`
}

func (f Consulted) apply(c *Case, e Entry) {
	c.Consultations = append(c.Consultations, Consultation{ID: f.ID, By: e.By, Operator: f.Operator, At: e.At, Reason: f.Reason})
}

// Consultation gives the one of an id.
func (c *Case) Consultation(id string) (Consultation, bool) {
	i := slices.IndexFunc(c.Consultations, func(v Consultation) bool { return v.ID == id })
	if i < 0 {
		return Consultation{}, false
	}
	return c.Consultations[i], true
}

// reasonLeast is how many letters a reason has at least: a word is none.
const reasonLeast = 15

// Consult decides that an administrator is shown the case, which has ended or
// not, as long as it is kept; operator is the account of the server where it is that,
// and else empty. Errors: Missing, TooLong, ReasonTooShort, and NoCase
// after the last day on which it is kept.
func (c *Case) Consult(reason, operator string, now time.Time) ([]Fact, error) {
	if until := c.KeptUntil(now.Location()); until != "" && DayOf(now) > until {
		return nil, Refuse(NoCase, "")
	}
	if err := line("reason", reason, true); err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(strings.Join(strings.Fields(reason), " ")) < reasonLeast {
		return nil, Refuse(ReasonTooShort, "reason").With("Min", reasonLeast)
	}
	return []Fact{Consulted{ID: "k" + strconv.Itoa(len(c.Consultations)+1), Reason: reason, Operator: operator}}, nil
}
