package casework

// SharingHeld: something of the case could not be shown in its channel, and the
// coordinator was told why. Reason names the kind of obstacle and who is
// concerned, by account.
type SharingHeld struct {
	Reason string `json:"reason"`
	User   UserID `json:"user,omitempty"`
}

func (f SharingHeld) apply(c *Case, _ Entry) { c.held = f }

// SharingResumed: the obstacle is gone.
type SharingResumed struct{}

func (SharingResumed) apply(c *Case, _ Entry) { c.held = SharingHeld{} }

// HoldSharing decides whether the obstacle is news; nil when it is known.
func (c *Case) HoldSharing(reason string, user UserID) []Fact {
	held := SharingHeld{Reason: reason, User: user}
	if c.held == held {
		return nil
	}
	return []Fact{held}
}

// ResumeSharing decides that nothing stands in the way any more; nil when
// nothing did.
func (c *Case) ResumeSharing() []Fact {
	if c.held == (SharingHeld{}) {
		return nil
	}
	return []Fact{SharingResumed{}}
}
