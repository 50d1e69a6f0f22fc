package erasure

import (
	"slices"

	"parcours/casework"
)

// Widened gives, of the lines that were read now, whether a case as it is told by a
// copy allows more than it did: a decision that narrowed it is not there, and sharing
// was not suspended since. Error: that of Lines.
func (l *Ledger) Widened() (func(*casework.Case) bool, error) {
	lines, err := l.Lines()
	return func(c *casework.Case) bool {
		return slices.ContainsFunc(lines, func(line Line) bool {
			return line.Entry > 0 && line.Code == c.Code && !slices.ContainsFunc(c.History(), line.knownBy)
		})
	}, err
}

// knownBy reports whether an entry is the one the line tells of, or suspended sharing
// after it.
func (l Line) knownBy(e casework.Entry) bool {
	_, suspended := e.Fact.(casework.SharingSuspended)
	return suspended && e.At.After(l.At) || e.Seq == l.Entry && e.At.Equal(l.At)
}
