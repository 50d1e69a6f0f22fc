package casework

import "slices"

// A Suspension is why sharing was suspended when an older copy of the journals was
// put back.
type Suspension string

// Since the copy, the consent allowed less; or nobody knows whether it did.
const (
	ConsentChanged Suspension = "changed"
	ConsentUnknown Suspension = "unknown"
)

// SharingSuspended: an older copy of the journals was put back, and what the consent
// allows is not known any more. Nothing is shared until it is given anew.
type SharingSuspended struct {
	Why Suspension `json:"why"`
}

func (SharingSuspended) apply(c *Case, _ Entry) {
	if n := len(c.Consents); n > 0 {
		c.Consents[n-1].Suspended = true
	}
}

// SuspendSharing decides that nothing is shared until the consent is given anew;
// nil when nothing would be anyway: there never was one, the case has ended, or it
// is suspended already.
func (c *Case) SuspendSharing(why Suspension) []Fact {
	if v := c.Consent(); v.Version == 0 || v.Suspended || c.Ended() {
		return nil
	}
	return []Fact{SharingSuspended{Why: why}}
}

// Narrows reports whether the case allows less than it did before: the consent was
// taken back, ends earlier, leaves out a topic or a partner or vetoes more; somebody
// has left the circle; or the case has ended.
func (c *Case) Narrows(before *Case) bool {
	return c.Ended() && !before.Ended() || c.Consent().narrows(before.Consent()) ||
		slices.ContainsFunc(before.joined(), func(user UserID) bool { return !c.IsMember(user) })
}

func (v Consent) narrows(before Consent) bool {
	if v.Version == 0 || before.Version == 0 {
		return false
	}
	closed := func(share Share) bool {
		return slices.ContainsFunc(share.Topics, func(t Topic) bool {
			return before.allows(share.Professional, t) && !v.allows(share.Professional, t)
		})
	}
	return v.Until < before.Until ||
		slices.ContainsFunc(before.Topics, func(t Topic) bool { return before.Shared(t) && !v.Shared(t) }) ||
		len(without(v.Vetoes, before.Vetoes)) > 0 ||
		slices.ContainsFunc(before.Shares, closed)
}
