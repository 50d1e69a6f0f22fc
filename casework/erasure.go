package casework

// An Erasure is why a case is destroyed. The empty one is none.
type Erasure string

// Why cases are destroyed: the person asked for it; the time it is kept is over; it
// should never have been opened; the person, who was thinking the démarche over,
// does not want it.
const (
	OnRequest Erasure = "request"
	Expired   Erasure = "retention"
	Mistaken  Erasure = "error"
	Declined  Erasure = "declined"
)

// Erasures are why somebody may have a case destroyed.
func Erasures() []Erasure { return []Erasure{OnRequest, Expired, Mistaken} }
