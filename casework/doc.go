// Package casework is the domain of the démarche « référent de parcours »: what
// a case is, what may be decided about it, and what follows from its history.
//
// A case is its journal. A decision is a method of Case that looks and returns
// the facts to append, or an *Error; Fold gives the case back from the facts.
// Nothing here reads a clock, draws chance or does I/O: the moment is an
// argument, expressed in the département's time zone.
//
// Rules name their source: « guide » is the national guide of the démarche
// (2018), with its chapter.
package casework
