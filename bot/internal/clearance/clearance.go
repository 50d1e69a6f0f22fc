// Package clearance makes the stamp that says: the gate let this through. Only
// the packages under bot can reach it, and only the gate uses it, so that an
// adapter, which sends stamped messages alone, cannot be handed anything else.
package clearance

// Of is a value that was let through. The zero Of holds nothing.
type Of[T any] struct {
	value T
	ok    bool
}

// Grant stamps a value.
func Grant[T any](value T) Of[T] { return Of[T]{value: value, ok: true} }

// Value gives what was stamped; ok is false for a zero Of, which nobody may
// show.
func (o Of[T]) Value() (value T, ok bool) { return o.value, o.ok }

// Change gives a stamped value with a change, stamped too: for the names of who and
// what it is for, never for what it says. A zero Of stays zero.
func Change[T any](o Of[T], change func(*T)) Of[T] {
	if o.ok {
		change(&o.value)
	}
	return o
}
