package figures

import (
	"slices"

	"parcours/casework"
)

// A question is a table of a tally: by which choices which total is counted.
type question struct {
	id      string
	kind    Kind
	total   Quantity
	choices []string
}

// The closed choices that cases are counted by.
var (
	households  = words(casework.OnePerson, casework.Family)
	ages        = []string{"under_25", "25_34", "35_44", "45_54", "55_64", "over_64"}
	titles      = words(casework.Madam, casework.Mister)
	families    = words(casework.FamilySituations()...)
	topics      = words(casework.Topics()...)
	professions = words(casework.Professions()...)
	sectors     = words(casework.Sectors()...)
	presences   = words(casework.Present, casework.Excused, casework.Absent)
	outcomes    = words(casework.Reached, casework.Partly, casework.NotYet, casework.Dropped)
	changes     = words(casework.Improved, casework.InPart, casework.Unimproved)
	degrees     = words(casework.Degrees()...)
)

// questions are the tables of the tally, in order.
func (t *Tally) questions() []question {
	all := []question{
		{"answers", Parts, Proposed, []string{"accepted", "refused", "thinking"}},
		{"household", Parts, Accepted, orUnknown(households)},
		{"age", Parts, Accepted, orUnknown(ages)},
		{"sex", Parts, Accepted, orUnknown(titles)},
		{"family", Parts, Accepted, orUnknown(families)},
		{"entry", Parts, Accepted, orUnknown(append(slices.Clone(t.paths), "other"))},
		// A case counts once for each problem, so that they make no sum.
		{"problems", Among, Accepted, topics},
		{"steps", Among, Accepted, []string{"met"}},
		{"reviews", Among, MetOnce, []string{"reviewed"}},
		{"referents", Parts, Referents, orUnknown(professions)},
		{"partners", Parts, Partners, orUnknown(sectors)},
		{"meetings", Parts, Meetings, []string{"held", "cancelled", "unrecorded"}},
		{"called_as", Parts, Held, []string{"ordinary", "extraordinary"}},
		{"person", Parts, Held, orUnknown(presences)},
		{"presence", Parts, Called, orUnknown(presences)},
		{"objectives", Parts, Objectives, orUnknown(outcomes)},
		{"actions", Parts, Actions, []string{"done", "open"}},
		{"difficulties", Among, Actions, []string{"help"}},
		{"ended", Parts, Ended, []string{"closed", "withdrawn"}},
		{"improved", Parts, Closed, orUnknown(changes)},
	}
	for _, id := range []string{"satisfied", "heard", "helped"} {
		all = append(all, question{id, Parts, Closed, orUnknown(degrees)})
	}
	return all
}

func words[T ~string](choices ...T) []string {
	all := make([]string, len(choices))
	for i, c := range choices {
		all[i] = string(c)
	}
	return all
}

func orUnknown(choices []string) []string { return append(slices.Clone(choices), unknown) }
