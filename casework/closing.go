package casework

// Closing is how the démarche ended, with the person (specification of 2016,
// section 8).
type Closing struct {
	Reason   string `json:"reason"`
	Improved Change `json:"improved,omitempty"`
	// The three questions put to the person: is she satisfied, was she listened
	// to, did it help; and what she says, in her own words.
	Satisfied Degree `json:"satisfied,omitempty"`
	Heard     Degree `json:"heard,omitempty"`
	Helped    Degree `json:"helped,omitempty"`
	Words     string `json:"words,omitempty"`
	// Remains says what is left to do, Successor which line of the list goes on
	// with the person.
	Remains   string `json:"remains,omitempty"`
	Successor string `json:"successor,omitempty"`
}

// CaseClosed: the démarche ended, with the person.
type CaseClosed struct {
	Closing
}

func (f CaseClosed) apply(c *Case, e Entry) {
	c.Closing, c.ClosedAt = f.Closing, e.At
	c.end(Closed, e.At)
}

// Close decides the end of the démarche. A proposal is not closed: nothing is to
// be kept of somebody who never agreed (guide IV.A.1), so it is counted by
// CountRefusal and forgotten. Errors: Missing, TooLong, NotAChoice, NotListed,
// CaseEnded, NoConsent.
func (c *Case) Close(end Closing) ([]Fact, error) {
	switch c.State {
	case Closed, Withdrawn:
		return nil, Refuse(CaseEnded, "")
	case Consented, Followed:
	default:
		return nil, Refuse(NoConsent, "")
	}
	err := first(
		line("reason", end.Reason, true),
		oneOfOr("improved", end.Improved, Improved, InPart, Unimproved),
		oneOfOr("satisfaction", end.Satisfied, Degrees()...),
		oneOfOr("heard", end.Heard, Degrees()...), oneOfOr("helped", end.Helped, Degrees()...),
		area("words", end.Words, false), area("remains", end.Remains, false),
	)
	if err != nil {
		return nil, err
	}
	if p, ok := c.Professional(end.Successor); end.Successor != "" && (!ok || !p.Agreed) {
		return nil, Refuse(NotListed, "successor")
	}
	return []Fact{CaseClosed{Closing: end}}, nil
}
